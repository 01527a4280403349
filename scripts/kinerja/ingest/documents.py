"""One document from its lines: its facts, its tables and notes, its names, its whole rows."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kinerja.instruments.declarations import Table
from kinerja.instruments.registry import Instrument

from . import facts, notes
from .account import Account, Finding, Printed
from .facts import Facts
from .kinds import readers
from .known import Known
from .lines import Line
from .parts import Part, parts_of

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read: its facts, its rows (whole, sorted), and the reader's account.

    `facts` has the columns of the document register that the document itself gives; `rows` are by
    raw seed; `names` maps printed region names to where they stand first.
    """

    document_id: str
    instrument: Instrument
    facts: Mapping[str, str]
    rows: Mapping[str, Sequence[Row]]
    findings: Sequence[Finding]
    headers: Sequence[str]
    told: Sequence[str]
    names: Mapping[str, str]
    prose_lines: int

    def row_counts(self) -> Counter[tuple[str, str]]:
        """The number of rows in each (seed, table)."""
        return Counter((seed, row[1]) for seed, rows in self.rows.items() for row in rows)


def documents_of(lines: Sequence[Line], known: Known, wanted_id: str | None) -> Iterator[Document]:
    """Read every document of a file in order; an id that is wanted is set on a single one."""
    parts = parts_of(lines, known)
    for part in parts:
        yield _read(part, known, wanted_id if len(parts) == 1 else None)


def _read(part: Part, known: Known, wanted_id: str | None) -> Document:
    """Read one document; `wanted_id` overrides the id that its facts give."""
    instrument, lines, out = part.instrument, part.lines, known.account(part.instrument.name)
    found = facts.read(lines, instrument, known, out)
    _read_tables(lines, instrument, known, out)
    for index in found.lines:
        out.tell(index, lines[index])
    tables = known.tables[instrument.name]
    found = _dated(found, tables, out, wanted_id)
    register_row = found.register_row(instrument)
    _report_missing(instrument, tables, register_row, out, lines[0].source)
    out.report_unplaced(lines)
    document_id = wanted_id or found.document_id(instrument)
    rows = {
        table.name: _whole(table, out.rows[table.name], document_id, found)
        for table in tables
        if table.name in out.rows
    }
    printed = sum(1 for line in lines if line.cells)
    return Document(
        *(document_id, instrument, register_row, rows, out.findings, out.headers, out.told),
        *(out.names, printed - len(out.seen)),
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


def _dated(found: Facts, tables: Sequence[Table], out: Account, wanted_id: str | None) -> Facts:
    """A year that the text does not give is the latest of a table's columns, or that of the id."""
    years = [
        row.cells[column.name]
        for table in tables
        for column in table.holding("year")
        for row in out.rows.get(table.name, ())
        if column.name in row.cells
    ]
    told = re.search(r"(?<!\d)[12]\d{3}(?!\d)", wanted_id or "")
    return replace(found, year=found.year or max(years, default="") or (told[0] if told else ""))


def _report_missing(
    instrument: Instrument,
    tables: Sequence[Table],
    register_row: Mapping[str, str],
    out: Account,
    source: str,
) -> None:
    """Report the facts that such a document should print, and the tables that it should have."""
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
        for part in table.parts if table.instrument else ():
            if part.table_id not in there:
                out.find("missing_table", part.table_id, source, part.table_id)


def _whole(table: Table, found: Sequence[Printed], document_id: str, told: Facts) -> list[Row]:
    """A table's rows with what the document as a whole says, in the order of the seed."""
    same = {"agency": told.subject, "region": told.subject, "year": told.year}
    same["quarter"] = told.quarter
    blank = {column.name: same.get(column.cell.name, "") for column in table.columns}
    rows = []
    for row in found:
        own = {"document_id": document_id, "table_id": row.table_id, "source_line": row.source}
        cells = {**blank, **own, **row.cells}
        order = (row.table_id, *(int(cells[name]) for name in table.order))
        rows.append((order, tuple(cells[name] for name in table.names)))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]
