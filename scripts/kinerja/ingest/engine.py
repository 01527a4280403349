"""One run of ingest: each file through the pipe, then all of them into the seeds, or none.

read file → lines → documents (facts, tables, names) → comparison with what is stored → gate → store
"""

import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from kinerja.core.errors import BadInputError, StoppedError
from kinerja.instruments import declarations
from kinerja.instruments.checks import check

from . import transaction
from .account import STOPPING
from .compare import Change, changes, only_moved
from .documents import Document, documents_of
from .events import (
    DocumentRead,
    Event,
    FileOpened,
    PageRead,
    Suggestion,
    Summary,
    TableRead,
    UnknownName,
    Warned,
)
from .files import input_files, load, read_lines
from .gate import Gate
from .known import Known, known_in
from .register import Register, register_in
from .store import Batch, Spool, index_seed

Tell = Callable[[Event], None]

_ID = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; `accept` maps printed names to a region code and the reason."""

    paths: list[Path]
    seeds: Path
    document: str | None = None
    accept: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    replace: bool = False
    dry_run: bool = False


@dataclass
class _Run:
    """What every step of a run stands on, and what the documents came to so far.

    `statuses` counts documents by what they are to the seeds; `unresolved` are unknown names,
    `accepted` the confirmed ones that were printed; `unclear` counts names that can be read in two
    ways.
    """

    options: Options
    known: Known
    batch: Batch
    register: Register
    statuses: Counter[str] = field(default_factory=Counter)
    unresolved: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    unclear: int = 0


def run(options: Options, tell: Tell, gate: Gate) -> int:
    """Ingest the files of `options`; give the exit code (0 done, 1 an analyst must decide).

    Raises BadInputError or StoppedError; whatever happens, the seeds are as they were or complete.
    """
    seeds = options.seeds.resolve()
    _refuse_unusable(options, seeds)
    with (
        tempfile.TemporaryFile() as file,
        nullcontext() if options.dry_run else transaction.locked(seeds),
    ):
        before = transaction.snapshot(seeds)
        this = _start(options, seeds, Spool(file))
        files = input_files(options.paths)
        if options.document and len(files) > 1:
            raise BadInputError("--document names one document; give one file with it.")
        for number, path in enumerate(files, start=1):
            tell(FileOpened(str(path), number, len(files)))
            for document in _read(path, this, tell):
                tell(document)
        for printed in (name for name in options.accept if name not in this.accepted):
            raise BadInputError(f"--accept {printed}: no document that was read prints this name.")
        code = 1 if this.unresolved or this.unclear or this.statuses["changed"] else 0
        changed = [] if code else _store(this, seeds, before, gate)
        tell(_summary(this, code, changed))
        return code


def _refuse_unusable(options: Options, seeds: Path) -> None:
    if options.document and not _ID.fullmatch(options.document):
        raise BadInputError(
            f"{options.document} cannot be a document id; use small letters, digits and _."
        )
    recoverable = transaction.cut_short(seeds) and not options.dry_run
    if not (seeds / "reference" / "official_regions.csv").exists() and not recoverable:
        raise BadInputError(f"{seeds} is not the folder of the seeds; give it with --seeds.")


def _start(options: Options, seeds: Path, spool: Spool) -> _Run:
    """Read what is known and what is stored; a declaration that contradicts itself ends here."""
    check(seeds)
    known = known_in(seeds)
    for printed, (code, _) in options.accept.items():
        if code not in known.gazetteer.codes:
            raise BadInputError(
                f"{code} is not the code of an official region; see official_regions.csv."
            )
        known.gazetteer.accept(printed, code)
    tables = declarations.tables(seeds)
    indices = {name: index_seed(seeds / "raw", table) for name, table in tables.items()}
    register = register_in(seeds, known.gazetteer, options.accept)
    return _Run(options, known, Batch(indices, spool), register)


def _read(path: Path, this: _Run, tell: Tell) -> Iterator[DocumentRead]:
    """Read a file's documents, compare each with what is stored, and keep what is to be stored."""
    data = load(path)
    digest = hashlib.sha256(data).hexdigest()
    reading = read_lines(
        path,
        data,
        lambda cells: bool(this.known.announced(cells)),
        lambda number, of: tell(PageRead(str(path), number, of)),
    )
    for warning in reading.warnings:
        tell(Warned(warning))
    wanted = this.options.document
    found = list(documents_of(reading.lines, this.known, wanted))
    if not found:
        labels = (instrument.label.en for instrument in this.known.instruments.values())
        raise BadInputError(
            f"{path} has none of the tables that are known ({', '.join(labels)}); "
            "see docs/adding-a-document.md."
        )
    ids = [document.document_id for document in found]
    if wanted and wanted not in ids:
        raise BadInputError(f"{path} has no document {wanted}; it has {', '.join(ids)}.")
    for document in found:
        if wanted in (None, document.document_id):
            _require_facts(document, path, wanted)
            status, differences = _compare(document, path, this)
            if status in ("new", "replaced"):
                this.register.remember(document, path.name, digest)
            elif status == "unchanged" and this.register.is_from(document.document_id, digest):
                this.register.refresh(document)
            yield _told(document, path, status, differences, this)


def _require_facts(document: Document, path: Path, wanted: str | None) -> None:
    for name in ("edition_year", *document.instrument.needed_facts):
        if not document.facts[name]:
            hint = "" if wanted else ", or give --document with an id that says it"
            raise BadInputError(
                f"{path} does not print its {name.replace('_', ' ')}; add the line{hint}."
            )


def _compare(document: Document, path: Path, this: _Run) -> tuple[str, list[Change]]:
    """What a document is to the seeds, and the cells that differ; new rows are kept."""
    document_id = document.document_id
    new = this.batch.as_bytes(document.rows)
    if this.batch.is_another(document_id, new):
        raise BadInputError(f"{path} is another document {document_id}; ingest it alone.")
    stored = this.batch.stored(document_id)
    tables = [index.table for index in this.batch.indices.values()]
    differences = changes(tables, stored, new) if any(stored.values()) else []
    if differences:
        status = "same_figures" if only_moved(differences) else "changed"
        status = "replaced" if this.options.replace else status
    else:
        is_stored = any(stored.values()) and document_id in this.register.documents
        status = "unchanged" if is_stored else "new"
    if status in ("new", "replaced"):
        this.batch.put(document_id, new)
    return status, differences


def _told(
    document: Document, path: Path, status: str, differences: Sequence[Change], this: _Run
) -> DocumentRead:
    """Count a document, and tell what it is."""
    gazetteer = this.known.gazetteer
    unknown = [
        UnknownName(
            printed,
            source,
            [Suggestion(region.code, region.name) for region in gazetteer.suggest(printed)],
        )
        for printed, source in document.names.items()
        if gazetteer.resolve(printed) is None
    ]
    this.statuses[status] += 1
    this.unresolved.update(name.printed for name in unknown)
    this.accepted.update(this.options.accept.keys() & document.names.keys())
    this.unclear += sum(1 for finding in document.findings if finding.kind in STOPPING)
    columns = {seed: len(index.table.columns) for seed, index in this.batch.indices.items()}
    return DocumentRead(
        file=str(path),
        document_id=document.document_id,
        instrument=document.instrument.name,
        status=status,
        facts=document.facts,
        tables=[
            TableRead(seed, table_id, count, columns[seed])
            for (seed, table_id), count in document.row_counts().items()
        ],
        heading_lines=document.headers,
        fact_lines=document.told,
        prose_lines=document.prose_lines,
        findings=document.findings,
        unresolved=unknown,
        changes=differences,
    )


def _store(this: _Run, seeds: Path, before: transaction.Snapshot, gate: Gate) -> list[str]:
    """Store everything that was kept, if the gate lets it pass; give the changed files."""
    wanted = this.register.files()
    changed_seeds = this.batch.changed_seeds()
    changed_references = [
        name for name, data in wanted.items() if _bytes_of(seeds / "reference" / name) != data
    ]
    changed = [f"raw/{seed}.csv" for seed in changed_seeds]
    changed += [f"reference/{name}" for name in changed_references]
    if this.options.dry_run or not changed:
        return changed
    copy = transaction.stage(seeds)
    try:
        (copy / "raw").mkdir(exist_ok=True)
        for seed in changed_seeds:
            this.batch.write(seed, copy / "raw" / f"{seed}.csv")
        for name in changed_references:
            target = copy / "reference" / name
            target.unlink(missing_ok=True)
            target.write_bytes(wanted[name])
        gate(copy, sorted(this.batch.documents))
        transaction.commit(seeds, copy, before)
    except StoppedError:
        transaction.discard(copy)
        raise
    return changed


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _summary(this: _Run, code: int, changed: Sequence[str]) -> Summary:
    return Summary(
        documents=dict(this.statuses),
        unresolved=len(this.unresolved),
        unclear=this.unclear,
        refused=this.statuses["changed"],
        dry_run=this.options.dry_run,
        changed_files=changed,
        exit_code=code,
    )
