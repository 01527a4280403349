"""One run of ingest: read documents, judge each, and store all of them or none."""

import hashlib
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja.core.errors import BadInputError, StoppedError

from . import gate, store, transaction
from .changes import Change, changes, only_moved
from .documents import Document, documents_of, kind_of_header
from .names import Gazetteer, Region
from .notes import Topic, topics_from
from .outcome import KINDS, STOPPING
from .readers import input_files, load, read_lines
from .schemas import (
    DOCUMENTS,
    DOCUMENTS_FILE,
    EXPECTED_ROWS,
    NOTE_TOPICS,
    RAW,
    REGION_NAMES,
    REGIONS,
    REGIONS_FILE,
)

Event = dict[str, Any]
"""What is told to the user: plain data, for the screen and for `--json` alike."""

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
class Run:
    """The state of one run: the references, where stored rows stand, and what is to change.

    `expected` maps a document to its rows' number in each (seed, table); `spooled` are the
    documents to be stored; `unresolved` are unknown names, `accepted` the confirmed ones that
    were printed; `unclear` counts names that can be read in two ways, `refused` changed reprints.
    """

    options: Options
    gazetteer: Gazetteer
    topics: list[Topic]
    indices: dict[str, store.SeedIndex]
    spool: store.Spool
    documents: dict[str, dict[str, str]]
    region_names: dict[str, dict[str, str]]
    expected: dict[str, dict[tuple[str, str], str]]
    spooled: set[str] = field(default_factory=set)
    unresolved: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    unclear: int = 0
    refused: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def run(options: Options, tell: Callable[[Event], None]) -> int:
    """Ingest the files of `options`; give the exit code (0 done, 1 an analyst must decide).

    Raises BadInputError or StoppedError; whatever happens, the seeds are as they were or complete.
    """
    seeds = options.seeds.resolve()
    if options.document and not _ID.fullmatch(options.document):
        raise BadInputError(
            f"{options.document} cannot be a document id; use small letters, digits and _."
        )
    recoverable = transaction.cut_short(seeds) and not options.dry_run
    if not (seeds / "reference" / REGIONS_FILE).exists() and not recoverable:
        raise BadInputError(f"{seeds} is not the folder of the seeds; give it with --seeds.")
    with (
        tempfile.TemporaryFile() as file,
        nullcontext() if options.dry_run else transaction.locked(seeds),
    ):
        before = transaction.snapshot(seeds)
        state = _start(options, seeds, store.Spool(file))
        files = input_files(options.paths)
        if options.document and len(files) > 1:
            raise BadInputError("--document names one document; give one file with it.")
        for number, path in enumerate(files, start=1):
            tell({"event": "file", "file": str(path), "number": number, "of": len(files)})
            _read_file(path, state, tell)
        for printed in options.accept:
            if printed not in state.accepted:
                raise BadInputError(
                    f"--accept {printed}: no document that was read prints this name."
                )
        code, changed = _conclude(state, seeds, before)
        tell(_summary(state, code, changed))
        return code


def _start(options: Options, seeds: Path, spool: store.Spool) -> Run:
    reference = seeds / "reference"
    regions = store.read_table(reference / REGIONS_FILE, REGIONS)
    named = store.read_table(reference / "region_names.csv", REGION_NAMES)
    expected: dict[str, dict[tuple[str, str], str]] = {}
    for row in store.read_table(reference / "expected_rows.csv", EXPECTED_ROWS):
        table = row["seed_name"], row["table_id"]
        expected.setdefault(row["document_id"], {})[table] = row["expected_rows"]
    gazetteer = Gazetteer(
        (Region(r["region_code"], r["region_type"], r["region_name"]) for r in regions),
        {row["printed_name"]: row["region_code"] for row in named},
    )
    for printed, (code, _) in options.accept.items():
        if code not in gazetteer.codes:
            raise BadInputError(
                f"{code} is not the code of an official region; see {REGIONS_FILE}."
            )
        gazetteer.accept(printed, code)
    return Run(
        options,
        gazetteer,
        topics_from(store.read_table(reference / "note_topics.csv", NOTE_TOPICS)),
        {name: store.index_seed(seeds / "raw", schema) for name, schema in RAW.items()},
        spool,
        {
            row["document_id"]: row
            for row in store.read_table(reference / DOCUMENTS_FILE, DOCUMENTS)
        },
        {row["printed_name"]: row for row in named},
        expected,
    )


def _read_file(path: Path, state: Run, tell: Callable[[Event], None]) -> None:
    """Read a file's documents, spool what is to be stored, and give an account of each."""

    def on_page(number: int, of: int) -> None:
        tell({"event": "page", "file": str(path), "number": number, "of": of})

    data = load(path)
    digest = hashlib.sha256(data).hexdigest()
    reading = read_lines(path, data, lambda cells: kind_of_header(cells) is not None, on_page)
    for warning in reading.warnings:
        tell({"event": "warning", "message": warning})
    wanted = state.options.document
    found = list(documents_of(reading.lines, state.gazetteer, state.topics, wanted))
    if not found:
        raise BadInputError(
            f"{path} has none of the tables that are known (smart city, public service, agency "
            "form, accountability); see docs/adding-a-document.md."
        )
    ids = [document.document_id for document in found]
    if wanted and wanted not in ids:
        raise BadInputError(f"{path} has no document {wanted}; it has {', '.join(ids)}.")
    for document in found:
        if wanted in (None, document.document_id):
            tell(_judge(document, path, digest, state))


def _judge(document: Document, path: Path, digest: str, state: Run) -> Event:
    """Compare a document with what is stored, and spool its rows if they are to be stored."""
    _require_facts(document, path, state.options.document)
    document_id = document.document_id
    new = store.seed_chunks(document_id, document.rows)
    if document_id in state.spooled and any(
        state.spool.get(seed, document_id) != data for seed, data in new.items()
    ):
        raise BadInputError(f"{path} is another document {document_id}; ingest it alone.")
    stored = {seed: index.rows_of(document_id) for seed, index in state.indices.items()}
    differences = changes(stored, new) if any(stored.values()) else []
    status = _status(document_id, any(stored.values()), differences, state)
    unresolved = _unresolved(document, state)
    state.unclear += sum(1 for finding in document.findings if finding.kind in STOPPING)
    state.refused += status == "changed"
    state.counts[status] = state.counts.get(status, 0) + 1
    if status in ("new", "replaced"):
        state.spool.put(document_id, new)
        state.spooled.add(document_id)
        row = {"file_name": path.name, "file_sha256": digest, "added_on": _today()}
        _remember(document, row, state)
    elif status == "unchanged" and state.documents[document_id]["file_sha256"] == digest:
        _remember(document, state.documents[document_id], state)
    return _event(document, path, status, unresolved, differences)


def _status(document_id: str, is_stored: bool, differences: list[Change], state: Run) -> str:
    """What the document is to the seeds; only "new" and "replaced" ones are stored."""
    if differences:
        if state.options.replace:
            return "replaced"
        return "same_figures" if only_moved(differences) else "changed"
    return "unchanged" if is_stored and document_id in state.documents else "new"


def _require_facts(document: Document, path: Path, wanted: str | None) -> None:
    needed = ["edition_year"]
    if document.kind == "agency_performance":
        needed += ["subject_name", "fiscal_quarter"]
    if document.kind == "accountability":
        needed.append("subject_name")
    for name in needed:
        if not document.facts[name]:
            hint = "" if wanted else ", or give --document with an id that says it"
            raise BadInputError(
                f"{path} does not print its {name.replace('_', ' ')}; add the line{hint}."
            )


def _unresolved(document: Document, state: Run) -> list[Event]:
    found = []
    state.accepted.update(state.options.accept.keys() & document.names.keys())
    for printed, source in document.names.items():
        if state.gazetteer.resolve(printed) is None:
            state.unresolved.add(printed)
            suggestions = state.gazetteer.suggest(printed)
            found.append(
                {
                    "printed": printed,
                    "source": source,
                    "suggestions": [{"code": r.code, "name": r.name} for r in suggestions],
                }
            )
    return found


def _remember(document: Document, file: Mapping[str, str], state: Run) -> None:
    """Bring the reference seeds up to date with a document; `file` says where it came from."""
    document_id = document.document_id
    state.documents[document_id] = {
        "document_id": document_id,
        **document.facts,
        "file_name": file["file_name"],
        "file_sha256": file["file_sha256"],
        "added_on": file["added_on"],
    }
    state.expected[document_id] = {
        table: str(count) for table, count in _table_rows(document).items()
    }
    for printed in document.names:
        code = state.gazetteer.resolve(printed)
        accepted = state.options.accept.get(printed)
        if code is not None and (accepted or printed not in state.region_names):
            reason = accepted[1] if accepted else ""
            state.region_names[printed] = {
                "printed_name": printed,
                "region_code": code,
                "reason": reason,
            }


def _table_rows(document: Document) -> dict[tuple[str, str], int]:
    """The number of a document's rows in each (seed, table)."""
    return Counter((seed, row[1]) for seed, rows in document.rows.items() for row in rows)


def _today() -> str:
    """Today in UTC, or the day of SOURCE_DATE_EPOCH for a reproducible run."""
    now = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return time.strftime("%Y-%m-%d", time.gmtime(now))


def _event(
    document: Document,
    path: Path,
    status: str,
    unresolved: list[Event],
    differences: list[Change],
) -> Event:
    return {
        "event": "document",
        "file": str(path),
        "document_id": document.document_id,
        "instrument": document.kind,
        "status": status,
        "facts": document.facts,
        "tables": [
            {
                "seed": seed,
                "table_id": table,
                "rows": count,
                "columns": len(RAW[seed].columns),
            }
            for (seed, table), count in _table_rows(document).items()
        ],
        "heading_lines": document.headers,
        "fact_lines": document.told,
        "prose_lines": document.prose_lines,
        "findings": [
            {
                "kind": finding.kind,
                "table_id": finding.table_id,
                "source": finding.source,
                "printed": finding.printed,
                "meaning": KINDS[finding.kind],
            }
            for finding in document.findings
        ],
        "unresolved": unresolved,
        "changes": [
            {
                "seed": change.seed,
                "key": change.key,
                "column": change.column,
                "before": change.before,
                "after": change.after,
            }
            for change in differences
        ],
    }


def _conclude(state: Run, seeds: Path, before: transaction.Snapshot) -> tuple[int, list[str]]:
    """Store everything if nothing stands against it; give the exit code and the changed files."""
    if state.unresolved or state.unclear or state.refused:
        return 1, []
    wanted = _reference_files(state)
    changed_seeds = [
        seed
        for seed, index in state.indices.items()
        if not index.path.exists()
        or any(
            state.spool.get(seed, document_id) != index.rows_of(document_id)
            for document_id in state.spool.places.get(seed, ())
        )
    ]
    changed_references = [
        name for name, data in wanted.items() if _bytes_of(seeds / "reference" / name) != data
    ]
    changed = [f"raw/{seed}.csv" for seed in changed_seeds]
    changed += [f"reference/{name}" for name in changed_references]
    if state.options.dry_run or not changed:
        return 0, changed
    copy = transaction.stage(seeds)
    try:
        (copy / "raw").mkdir(exist_ok=True)
        for seed in changed_seeds:
            store.write_seed(state.indices[seed], state.spool, copy / "raw" / f"{seed}.csv")
        for name in changed_references:
            target = copy / "reference" / name
            target.unlink(missing_ok=True)
            target.write_bytes(wanted[name])
        gate.check(copy, sorted(state.spooled))
        transaction.commit(seeds, copy, before)
    except StoppedError:
        transaction.discard(copy)
        raise
    return 0, changed


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _reference_files(state: Run) -> dict[str, bytes]:
    """The reference seeds that ingest keeps, as they should be."""
    documents = sorted(state.documents.values(), key=lambda row: row["document_id"])
    names = sorted(state.region_names.values(), key=lambda row: row["printed_name"])
    counted = (
        (seed, document_id, table, count)
        for document_id, tables in state.expected.items()
        for (seed, table), count in tables.items()
    )
    expected = [dict(zip(EXPECTED_ROWS, row, strict=True)) for row in sorted(counted)]
    return {
        DOCUMENTS_FILE: store.table_bytes(DOCUMENTS, documents),
        "region_names.csv": store.table_bytes(REGION_NAMES, names),
        "expected_rows.csv": store.table_bytes(EXPECTED_ROWS, expected),
    }


def _summary(state: Run, code: int, changed: Sequence[str]) -> Event:
    return {
        "event": "summary",
        "documents": state.counts,
        "unresolved": len(state.unresolved),
        "unclear": state.unclear,
        "refused": state.refused,
        "dry_run": state.options.dry_run,
        "changed_files": list(changed),
        "exit_code": code,
    }
