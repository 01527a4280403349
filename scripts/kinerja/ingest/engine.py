"""One run of ingest: each file through the pipe, then all of them into the seeds, or none.

read file → lines → documents (facts, tables, names) → comparison with what is stored → gate → store
"""

import csv
import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from kinerja.core.errors import BadInputError, StoppedError
from kinerja.core.files import write_whole
from kinerja.instruments import declarations, references
from kinerja.instruments.checks import check

from . import earlier, facts, transaction
from .compare import Change, changes, only_moved
from .documents import WITHOUT, Document, documents_of
from .events import DocumentRead, Event, FileOpened, PageRead, Summary, UnknownName, Warned
from .files import UnreadableError, input_files, load, read_lines
from .known import Known, known_in
from .sheet import TableSheet, mark_totals, sheets, untouched
from .store import RawSeed, Register, csv_bytes, raw_seed, register_in

Tell = Callable[[Event], None]

NAME_COLUMNS = ("printed_name", "region_code", "reason", "offered", "line")
"""The file of names: the first three are read, the rest help to fill them in."""
_ID = re.compile(r"[a-z0-9_]+")

Confirm = Callable[[], bool]
"""Asks the person who saw the documents whether they are to be stored."""

Gate = Callable[[Path, Sequence[str]], None]
"""Checks a staged copy of the seeds, in which it writes down the control totals of the documents
named; raises StoppedError with its breaches."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for.

    `accept` maps printed names to a region code and the reason; `decided` are facts by name,
    `totals` those of columns as a person read them on paper; `names` is a file of names to accept.
    """

    paths: list[Path]
    seeds: Path
    document: str | None = None
    accept: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    replace: bool = False
    dry_run: bool = False
    decided: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, str] = field(default_factory=dict)
    names: Path | None = None


@dataclass
class _Run:
    """What every step of a run stands on, and what the documents came to so far.

    `statuses` counts documents by what they are to the seeds; `unknown` are names of no region,
    `accepted` the confirmed ones that were printed; `unclear` counts names that can be read in two
    ways, `asked` facts that a person must decide; `levels` are those of budget lines by how their
    names begin; `checked` says whose the control totals are that somebody else added up.
    """

    options: Options
    known: Known
    raw: Mapping[str, RawSeed]
    register: Register
    statuses: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, UnknownName] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    unclear: int = 0
    asked: int = 0
    levels: Mapping[str, str] = field(default_factory=dict)
    checked: dict[tuple[str, str, str, str], str] = field(default_factory=dict)


def run(options: Options, tell: Tell, gate: Gate, confirm: Confirm) -> int:
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
        files, left = input_files(options.paths)
        for path in left:
            tell(Warned(f"{path} was left: not a kind of file that holds documents"))
        if options.document and len(files) > 1:
            raise BadInputError("--document names one document; give one file with it.")
        for number, path in enumerate(files, start=1):
            tell(FileOpened(str(path), number, len(files)))
            try:
                for document in _read(path, this, tell):
                    tell(document)
            except UnreadableError as error:
                if path in options.paths:
                    raise
                tell(Warned(f"left: {error}"))
        if not this.statuses:
            raise BadInputError("None of the files of the folder holds a table that is known.")
        _write_names(this)
        for printed in (name for name in options.accept if name not in this.accepted):
            raise BadInputError(f"--accept {printed}: no document that was read prints this name.")
        refused = this.statuses["changed"]
        code = 1 if this.unknown or this.unclear or this.asked or refused else 0
        changed = [] if code else _store(this, seeds, before, gate, confirm, Path(scratch))
        counts = (len(this.unknown), this.unclear, this.asked, refused)
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
    accept = {**_names_from(options), **options.accept}
    for printed, (code, _) in accept.items():
        if code not in known.gazetteer.codes:
            raise BadInputError(
                f"{code} is not the code of an official region; see official_regions.csv."
            )
        if misfit := known.gazetteer.misfit(code, printed):
            raise BadInputError(f"--accept {printed}={code}: {misfit}.")
        known.gazetteer.accept(printed, code)
    tables = declarations.tables(seeds)
    raw = {name: raw_seed(seeds, table, scratch) for name, table in tables.items()}
    names = {table.name for table in tables.values()}
    names |= {part.table_id for table in tables.values() for part in table.parts}
    for name in (n.removeprefix(WITHOUT) for n in options.decided if n.startswith(WITHOUT)):
        if name not in names:
            raise BadInputError(
                f"--without {name}: no table is called so; {', '.join(sorted(names))} are."
            )
    levels = references.rows(seeds, "budget_levels", ("printed_prefix", "budget_level"))
    return _Run(
        *(options, known, raw, register_in(seeds, known.gazetteer, accept)),
        levels={row["printed_prefix"]: row["budget_level"] for row in levels},
    )


def _names_from(options: Options) -> dict[str, tuple[str, str]]:
    """The filled rows of the file of names: printed name to code and reason."""
    path = options.names
    if path is None or not path.exists():
        if path is not None and not options.dry_run:
            raise BadInputError(f"{path} does not exist; a run with --dry-run writes it.")
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        filled = [row for row in rows if row["region_code"]]
        return {
            row["printed_name"]: (row["region_code"], row["reason"] or "confirmed by an analyst")
            for row in filled
        }
    except (KeyError, UnicodeDecodeError, csv.Error):
        raise BadInputError(
            f"{path} is not a CSV file with the columns {', '.join(NAME_COLUMNS)}."
        ) from None


def _write_names(this: _Run) -> None:
    """Write the unknown names to be filled in, after those that are."""
    path = this.options.names
    if path is None or not (this.options.dry_run and this.unknown):
        return
    filled = _names_from(this.options)
    rows = [(name, code, reason, "", "") for name, (code, reason) in filled.items()]
    for name in this.unknown.values():
        offered = "; ".join(f"{region.code} {region.name}" for region in name.suggestions)
        rows.append((name.printed, "", "", offered, name.source))
    write_whole(path, csv_bytes([NAME_COLUMNS, *rows]).decode("utf-8"))


def _read(path: Path, this: _Run, tell: Tell) -> Iterator[DocumentRead]:
    """Read a file's documents, compare each with what is stored, and keep what is to be stored."""
    try:
        data = load(path)
        digest = hashlib.sha256(data).hexdigest()
        reading = read_lines(
            path,
            data,
            lambda cells: bool(this.known.announced(cells)),
            lambda number, of: tell(PageRead(str(path), number, of)),
        )
    except BadInputError as error:
        raise UnreadableError(str(error)) from error
    for warning in reading.warnings:
        tell(Warned(warning))
    wanted, decided = this.options.document, this.options.decided
    found = list(
        documents_of(
            reading.lines, this.known, wanted, {**this.register.decided(digest), **decided}
        )
    )
    alone = [name for name in facts.OF_ONE_DOCUMENT if name in decided]
    if alone and len(found) > 1:
        raise BadInputError(
            f"{path} holds {len(found)} documents; {facts.OPTIONS[alone[0]]} decides on one. "
            "Put it into a file of its own."
        )
    if not found:
        labels = (instrument.label.en for instrument in this.known.instruments.values())
        raise UnreadableError(
            f"{path} has none of the tables that are known ({', '.join(labels)}); "
            f"see docs/adding-a-document.md.{''.join(f' {words}.' for words in reading.warnings)}"
        )
    ids = [document.document_id for document in found]
    if wanted and wanted not in ids:
        raise BadInputError(f"{path} has no document {wanted}; it has {', '.join(ids)}.")
    for document in found:
        if wanted in (None, document.document_id):
            document = _beside_earlier(document, this)
            unknown = _unknown(document, this)
            found_sheets, doubts = _sheets(document, this)
            if document.questions:
                status, differences = "undecided", list[Change]()
            else:
                _require_facts(document, path, wanted)
                status, differences = _compare(document, path, this)
            if status in ("new", "replaced", "unchanged"):
                is_new = status != "unchanged"
                this.register.remember(document, path.name, digest, is_new=is_new)
            _count(document, status, unknown, this)
            this.asked += len(doubts)
            yield DocumentRead(
                *(str(path), document, status, unknown, differences, found_sheets),
                [*(fact.question for fact in document.questions), *doubts],
            )


def _sheets(document: Document, this: _Run) -> tuple[list[TableSheet], list[str]]:
    """The sheet of a document's tables, and the typed totals that nothing read agrees with."""
    tables, typed = {name: raw.table for name, raw in this.raw.items()}, this.options.totals
    found = sheets(document, tables, this.levels, typed)
    for sheet in found:
        for one in sheet.sums:
            if one.basis != "read":
                key = (sheet.seed, document.document_id, sheet.table_id, one.column)
                this.checked[key] = one.basis
    return found, list(untouched(found, typed))


def _beside_earlier(document: Document, this: _Run) -> Document:
    """The document, asking whether it cumulates where the quarter before speaks for it."""
    told = {fact.name: fact for fact in document.told}
    covers, unit, now = told.get("covers"), told.get("unit"), document.facts
    quarter = int(now["fiscal_quarter"] or 0)
    if covers is None or unit is None or covers.is_decided or quarter < 2:
        return document
    tables = [raw for raw in this.raw.values() if raw.table.kind == "form_budget"]
    for row in this.register.documents.values():
        same = all(
            row[name] == now[name] for name in ("instrument", "edition_year", "subject_name")
        )
        for raw in tables if same and row["fiscal_quarter"] == str(quarter - 1) else ():
            before = raw.of(row["document_id"])
            units = (int(unit.value), int(row["rupiah_per_unit"] or 1))
            found = earlier.growth(raw.table, document.rows.get(raw.table.name, ()), before, units)
            is_cumulative = covers.value == "cumulative"
            question = ""
            if is_cumulative and found.fell:
                question = f"its realizations are said to cumulate, but {found.fell} lines fell"
            elif not is_cumulative and found.looks_cumulative:
                question = (
                    f"no line fell, {found.grew} lines grew and {found.over} are together above "
                    "their ceiling"
                )
            elif quarter > 2 and is_cumulative != (row["is_cumulative"] == "true"):
                question = "one of the two forms is cumulative, the other is not"
            if question:
                question = f"{question} since {row['document_id']}: does it cumulate"
                return document.asking(facts.asked(covers, question))
    return document


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
    """The names of no region, or of one that is not of the kind of its name or list."""
    gazetteer, kinds = this.known.gazetteer, _kinds_of_names(document, this)
    found = []
    for printed, source in document.names.items():
        code, allowed = gazetteer.resolve(printed), kinds.get(printed, ())
        misfit = gazetteer.misfit(code, printed, allowed) if code else ""
        if code is None or misfit:
            offered = gazetteer.suggest(printed, allowed)
            found.append(UnknownName(printed, source, offered, misfit))
    return found


def _kinds_of_names(document: Document, this: _Run) -> dict[str, tuple[str, ...]]:
    """The types of governments of the list in which a name stands, where the list has some."""
    found: dict[str, tuple[str, ...]] = {}
    for seed, rows in document.rows.items():
        table = this.raw[seed].table
        regions = {part.table_id: part.regions for part in table.parts if part.regions}
        if regions and table.region:
            at = table.names.index(table.region.name)
            found.update((row[at], regions[row[1]]) for row in rows if row[1] in regions)
    return found


def _count(document: Document, status: str, unknown: list[UnknownName], this: _Run) -> None:
    this.statuses[status] += 1
    this.unknown.update((name.printed, name) for name in unknown)
    this.accepted.update(this.options.accept.keys() & document.names.keys())
    this.unclear += len(document.stopping)
    this.asked += len(document.questions)


def _store(
    this: _Run,
    seeds: Path,
    before: transaction.Snapshot,
    gate: Gate,
    confirm: Confirm,
    scratch: Path,
) -> list[str]:
    """Store everything that was kept, if the gate lets it pass and a person agrees.

    Give the changed files; a dry run goes as far as the gate, in a folder of its own.
    """
    raw = {f"raw/{seed}.csv": raw for seed, raw in this.raw.items() if raw.is_changed()}
    wanted = {f"reference/{name}": data for name, data in this.register.files().items()}
    references = {name: data for name, data in wanted.items() if _bytes_of(seeds / name) != data}
    changed = [*raw, *references]
    if not changed:
        return changed
    is_dry = this.options.dry_run
    copy = transaction.stage(seeds, scratch if is_dry else seeds.parent)
    try:
        (copy / "raw").mkdir(exist_ok=True)
        for name, seed in raw.items():
            seed.write(copy / name)
        for name, data in references.items():
            (copy / name).unlink(missing_ok=True)
            (copy / name).write_bytes(data)
        documents = sorted(set().union(*(seed.new for seed in this.raw.values())))
        gate(copy, documents)
        mark_totals(
            copy, {key: basis for key, basis in this.checked.items() if key[1] in documents}
        )
        if not is_dry:
            _require(confirm())
            transaction.commit(seeds, copy, before)
    except StoppedError:
        transaction.discard(copy)
        raise
    return changed


def _require(agreed: bool) -> None:
    if not agreed:
        raise StoppedError("Nothing was stored, as nobody agreed. Look at it, then add --yes.")


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
