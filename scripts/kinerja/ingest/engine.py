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
from .events import DocumentRead, Event, FileOpened, PageRead, Summary, UnknownName, Warned
from .files import input_files, load, read_lines
from .known import Known, known_in
from .store import RawSeed, Register, csv_bytes, raw_seed, register_in

Tell = Callable[[Event], None]

_ID = re.compile(r"[a-z0-9_]+")

Gate = Callable[[Path, Sequence[str]], None]
"""Checks a staged copy of the seeds, in which it writes down the control totals of the documents
named; raises StoppedError with its breaches."""


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
    raw: Mapping[str, RawSeed]
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
        tempfile.TemporaryDirectory() as scratch,
        nullcontext() if options.dry_run else transaction.locked(seeds),
    ):
        before = transaction.snapshot(seeds)
        this = _start(options, seeds, Path(scratch))
        files = input_files(options.paths)
        if options.document and len(files) > 1:
            raise BadInputError("--document names one document; give one file with it.")
        for number, path in enumerate(files, start=1):
            tell(FileOpened(str(path), number, len(files)))
            for document in _read(path, this, tell):
                tell(document)
        for printed in (name for name in options.accept if name not in this.accepted):
            raise BadInputError(f"--accept {printed}: no document that was read prints this name.")
        refused = this.statuses["changed"]
        code = 1 if this.unresolved or this.unclear or refused else 0
        changed = [] if code else _store(this, seeds, before, gate)
        counts = (len(this.unresolved), this.unclear, refused)
        tell(Summary(dict(this.statuses), *counts, options.dry_run, changed, code))
        return code


def _refuse_unusable(options: Options, seeds: Path) -> None:
    if options.document and not _ID.fullmatch(options.document):
        raise BadInputError(
            f"{options.document} cannot be a document id; use small letters, digits and _."
        )
    recoverable = transaction.cut_short(seeds) and not options.dry_run
    if not (seeds / "reference" / "official_regions.csv").exists() and not recoverable:
        raise BadInputError(f"{seeds} is not the folder of the seeds; give it with --seeds.")


def _start(options: Options, seeds: Path, scratch: Path) -> _Run:
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
    raw = {name: raw_seed(seeds, table, scratch) for name, table in tables.items()}
    return _Run(options, known, raw, register_in(seeds, known.gazetteer, options.accept))


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
            if status in ("new", "replaced", "unchanged"):
                is_new = status != "unchanged"
                this.register.remember(document, path.name, digest, is_new=is_new)
            unknown = _unknown(document, this)
            _count(document, status, unknown, this)
            yield DocumentRead(str(path), document, status, unknown, differences)


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
    new = {seed: csv_bytes(document.rows.get(seed, ())) for seed in this.raw}
    if any(
        document_id in raw.new and raw.kept(document_id) != new[n] for n, raw in this.raw.items()
    ):
        raise BadInputError(f"{path} is another document {document_id}; ingest it alone.")
    stored = {seed: raw.stored.get(document_id, b"") for seed, raw in this.raw.items()}
    tables = [raw.table for raw in this.raw.values()]
    differences = list(changes(tables, stored, new)) if any(stored.values()) else []
    if differences:
        status = "same_figures" if only_moved(differences) else "changed"
        status = "replaced" if this.options.replace else status
    else:
        is_stored = any(stored.values()) and document_id in this.register.documents
        status = "unchanged" if is_stored else "new"
    if status in ("new", "replaced"):
        for seed, rows in new.items():
            this.raw[seed].put(document_id, rows)
    return status, differences


def _unknown(document: Document, this: _Run) -> list[UnknownName]:
    gazetteer = this.known.gazetteer
    return [
        UnknownName(printed, source, gazetteer.suggest(printed))
        for printed, source in document.names.items()
        if gazetteer.resolve(printed) is None
    ]


def _count(document: Document, status: str, unknown: list[UnknownName], this: _Run) -> None:
    this.statuses[status] += 1
    this.unresolved.update(name.printed for name in unknown)
    this.accepted.update(this.options.accept.keys() & document.names.keys())
    this.unclear += sum(1 for finding in document.findings if finding.kind in STOPPING)


def _store(this: _Run, seeds: Path, before: transaction.Snapshot, gate: Gate) -> list[str]:
    """Store everything that was kept, if the gate lets it pass; give the changed files."""
    raw = {f"raw/{seed}.csv": raw for seed, raw in this.raw.items() if raw.is_changed()}
    wanted = {f"reference/{name}": data for name, data in this.register.files().items()}
    references = {name: data for name, data in wanted.items() if _bytes_of(seeds / name) != data}
    changed = [*raw, *references]
    if this.options.dry_run or not changed:
        return changed
    copy = transaction.stage(seeds)
    try:
        (copy / "raw").mkdir(exist_ok=True)
        for name, seed in raw.items():
            seed.write(copy / name)
        for name, data in references.items():
            (copy / name).unlink(missing_ok=True)
            (copy / name).write_bytes(data)
        gate(copy, sorted(set().union(*(seed.new for seed in this.raw.values()))))
        transaction.commit(seeds, copy, before)
    except StoppedError:
        transaction.discard(copy)
        raise
    return changed


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
