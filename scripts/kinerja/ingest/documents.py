"""One document from its lines: its facts, its tables and notes, its names, its whole rows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from operator import itemgetter

from kinerja.instruments.declarations import Table
from kinerja.instruments.registry import Instrument

from . import facts, notes, numbers
from .account import STOPPING, Account, Finding, Printed
from .facts import Candidate, Fact, Facts
from .kinds import readers
from .known import Known
from .lines import Line, filled, prose
from .parts import Part, parts_of

Row = tuple[str, ...]

WITHOUT, ALLOW = "without.", "allow."
"""Before the name of a table that a person says is not there, and of a rule that may be broken."""

_DETAILS = ("page_blocks", "page_block_headings")
"""Kinds of tables that tell what others are made of; a document may be without them."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read: its facts, its rows (whole, sorted), and the reader's account.

    `facts` has the columns of the document register that the document itself gives, `told` says
    where each was read; `rows` are by raw seed; `names` maps printed region names to where they
    stand first; `counts` are the numbers of rows that its text says, with their lines.
    """

    document_id: str
    instrument: Instrument
    facts: Mapping[str, str]
    told: Sequence[Fact]
    rows: Mapping[str, Sequence[Row]]
    findings: Sequence[Finding]
    headers: Sequence[str]
    told_lines: Sequence[str]
    names: Mapping[str, str]
    prose_lines: int
    counts: Sequence[tuple[str, str]]

    @property
    def stopping(self) -> list[Finding]:
        """The findings that a person must decide on first, and did not allow."""
        decided = {one.partition("=")[0] for one in self.facts["decisions"].split("; ")}
        return [
            one for one in self.findings if one.kind in STOPPING and ALLOW + one.kind not in decided
        ]

    @property
    def questions(self) -> list[Fact]:
        """The facts that a person must decide first."""
        return [fact for fact in self.told if fact.question]

    def asking(self, fact: Fact) -> "Document":
        """The same document with one more fact, which takes the place of its namesake."""
        others = (one for one in self.told if one.name != fact.name)
        return replace(self, told=(*others, fact))

    def row_counts(self) -> Counter[tuple[str, str]]:
        """The number of rows in each (seed, table)."""
        return Counter((seed, row[1]) for seed, rows in self.rows.items() for row in rows)


def documents_of(
    lines: Sequence[Line], known: Known, wanted_id: str | None, decided: Mapping[str, str]
) -> Iterator[Document]:
    """Read every document of a file in order; an id that is wanted is set on a single one.

    `decided` are facts that a person decided, by name.
    """
    parts = parts_of(lines, known, decided.get("kind"))
    for part in parts:
        yield _read(part, known, wanted_id if len(parts) == 1 else None, decided)


def _read(part: Part, known: Known, wanted_id: str | None, decided: Mapping[str, str]) -> Document:
    """Read one document; `wanted_id` overrides the id that its facts give."""
    instrument, lines, out = part.instrument, part.lines, known.account(part.instrument.name)
    _read_tables(lines, instrument, known, out)
    decided = {**decided, "document": wanted_id or ""}
    found = facts.read(lines, instrument, known, out, decided)
    for index in found.lines:
        out.tell(index, lines[index])
    tables = known.tables[instrument.name]
    told = [*found.told, *_row_ties(tables, instrument, out, decided)]
    if part.or_else:
        told = [_kinds(part, fact) if fact.name == "kind" else fact for fact in told]
    said = {fact.name: fact.value for fact in told if fact.is_decided}
    said |= {name: value for name, value in decided.items() if name.startswith((WITHOUT, ALLOW))}
    register_row = {
        **found.register_row(instrument),
        "number_style": numbers.settle(tables, out),
        "rows_by": next((fact.value for fact in told if fact.name == "rows"), ""),
        "decisions": "; ".join(f"{name}={value}" for name, value in said.items()),
    }
    without = {n.removeprefix(WITHOUT) for n in decided if n.startswith(WITHOUT)}
    _report_missing(instrument, tables, register_row, out, lines[0].source, without)
    out.report_unplaced(lines)
    document_id = wanted_id or found.document_id(instrument)
    rows = {
        table.name: _whole(table, out.rows[table.name], document_id, found)
        for table in tables
        if table.name in out.rows
    }
    printed = sum(1 for line in lines if line.cells)
    return Document(
        *(document_id, instrument, register_row, told, rows, out.findings, out.headers, out.told),
        *(out.names, printed - len(out.seen), _counts(lines, known)),
    )


def _read_tables(lines: Sequence[Line], instrument: Instrument, known: Known, out: Account) -> None:
    """Let each line go to the table that its headings or those above announce.

    Notes that run on are taken out before, as their cells look like those of tables; sections of
    notes are what the tables leave.
    """
    noted = [table for table in known.tables[instrument.name] if table.kind == "notes"]
    for table in noted:
        notes.read_paragraphs(lines, table, table.parts_of(instrument.name), out)
    found = readers(known.tables[instrument.name], out)
    out.resembling += [reader.resembles for reader in found]
    now = next((reader for reader in found if reader.begins), None)
    for index, line in enumerate(lines):
        counts = [reader.announces(line.cells) if line.cells else 0 for reader in found]
        most = max(counts, default=0)
        if most:
            now = found[counts.index(most)]
            now.open(index, line)
        elif now:
            now.take(index, line)
    for reader in found:
        reader.finish()
    for table in noted:
        notes.read_sections(lines, table, table.parts_of(instrument.name), out)


def _counts(lines: Sequence[Line], known: Known) -> list[tuple[str, str]]:
    """The numbers of rows that the text says, each with its line."""
    return [
        (f"{match['count']} {match['what']}", line.source)
        for line in lines
        if 0 < filled(line.cells) <= 2
        for _, match in known.wordings.told("count", prose(line))
    ]


def _kinds(part: Part, fact: Fact) -> Fact:
    """The fact of a kind whose headings announce other kinds as well."""
    first = fact.candidates[0]
    others = [Candidate(one.name, first.source, first.printed, "heading") for one in part.or_else]
    names = " or ".join(one.name for one in (part.instrument, *part.or_else))
    return facts.asked(fact, f"kind is {names}, whose tables have the same headings", others)


def _row_ties(
    tables: Sequence[Table], instrument: Instrument, out: Account, decided: Mapping[str, str]
) -> list[Fact]:
    """Whether the rows of a wide table are those of the results by their number or their name.

    A name that stands once, on a row whose number is another government's, is a question. One
    that stands at its own number as well is a misprint: then the number tells.
    """
    wide = next((table for table in tables if table.kind == "page_blocks"), None)
    listed = next((t for t in tables if t.kind == "numbered_list" and t.evaluated_by), None)
    if wide is None or listed is None:
        return []
    name, number = listed.headed("region"), listed.headed("whole_number")
    results = {
        row.cells[number]: (code, row)
        for row in out.rows.get(listed.name, ())
        if (code := out.resolve(row.cells[name]))
    }
    details: dict[tuple[str, str], tuple[str, Printed]] = {}
    for row in out.rows.get(wide.name, ()):
        if code := out.resolve(row.cells[wide.headed("region")]):
            details.setdefault((row.cells["block_no"], row.cells["row_no"]), (code, row))
    at_home = {
        (block, code)
        for (block, no), (code, _) in details.items()
        if no in results and results[no][0] == code
    }
    listed_codes = {code for code, _ in results.values()}
    apart = [
        (row, results[no][1])
        for (block, no), (code, row) in details.items()
        if no in results and results[no][0] != code and (block, code) not in at_home
        if code in listed_codes
    ]
    if wanted := decided.get("rows"):
        return [Fact("rows", wanted, (Candidate(wanted, "", "", "decided"),))] if details else []
    if not apart:
        return []
    found, result = apart[0]
    number_printed = found.cells["row_no"]
    here, there = found.cells[wide.headed("region")], result.cells[name]
    shown = tuple(
        Candidate(by, row.source, f"{number_printed} {printed}", "figures")
        for by, row, printed in (("name", found, here), ("number", result, there))
    )
    question = (
        f"number {number_printed} is {here} (line {found.source}) in one table and {there} "
        f"(line {result.source}) in the other, and so in {len(apart)} of {len(details)} rows: "
        "which ties them"
    )
    return [Fact("rows", "", shown, f"{question}: {facts.OPTIONS['rows']}")]


def _report_missing(
    instrument: Instrument,
    tables: Sequence[Table],
    register_row: Mapping[str, str],
    out: Account,
    source: str,
    without: Set[str],
) -> None:
    """Report the facts that such a document should print, and the tables that it should have.

    A table of which no part is there is a doubt, unless a person said that it is without.
    """
    wanted = {
        "edition_year": True,
        "number": not instrument.is_titled,
        "issued_on": not instrument.is_titled,
        "fiscal_quarter": instrument.period is not None,
        "subject_name": instrument.subject != "none",
    }
    for name, is_wanted in wanted.items():
        if is_wanted and not register_row[name]:
            out.find("missing_fact", "", source, name)
    there = {row.table_id for rows in out.rows.values() for row in rows}
    for table in tables:
        ids = [part.table_id for part in table.parts if table.instrument]
        is_there = there.intersection(ids) or without & {table.name, *ids}
        kind = "missing_table" if is_there or table.kind in _DETAILS else "no_table"
        for table_id in ids:
            if table_id not in there:
                out.find(kind, table_id, source, table_id)


def _whole(table: Table, found: Sequence[Printed], document_id: str, told: Facts) -> list[Row]:
    """A table's rows with what the document as a whole says, in the order of the seed."""
    same = {"agency": told.subject, "region": told.subject, "year": told.year}
    same["quarter"] = told.quarter
    blank = {column.name: same.get(column.cell.name, "") for column in table.columns}
    rows, in_order = [], itemgetter(*table.names)
    for row in found:
        own = {"document_id": document_id, "table_id": row.table_id, "source_line": row.source}
        cells = {**blank, **own, **row.cells}
        order = (row.table_id, *(int(cells[name]) for name in table.order))
        rows.append((order, in_order(cells)))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]
