"""What reading a document gave: rows, findings, and an account of every line."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kinerja.instruments.declarations import Cell, Table
from kinerja.instruments.headings import Header

from .lines import Line, filled, prose
from .topics import Topic

KINDS = {
    "unplaced": "printed, but belongs to no table that is known; not stored",
    "unplaced_row": "looks like a row of a table, and where its cells belong cannot be told",
    "no_table": "a table that such documents always have was not found",
    "unknown_heading": "a heading that is not known, where a column of the table is missing",
    "two_readings": "a number that can be read in two ways",
    "extra_cell": "a cell beyond the columns of its table; not stored",
    "extra_column": "a column that the table does not have; its cells are not stored",
    "repeated_row": "the same row again, cell by cell; stored once",
    "joined_name": "a name over two lines, put together",
    "shifted": "a row printed beside its headings, read by its own shape",
    "unlabelled_column": "a heading is blank; the column was identified by its neighbours",
    "missing_column": "a column of the table is not printed; stored as blank",
    "missing_cells": "fewer cells than columns; stored as blank",
    "odd_cell": "not what the column usually prints; stored as printed",
    "no_number": "a row without its number; it took the number of its place",
    "number_clash": "another row with the same number; stored after the last one",
    "number_gap": "numbers that are not printed (a page may be missing)",
    "no_header": "rows that start over without headings; stored as a block of their own",
    "unclassified_note": "a note of no known topic; stored as not yet classified",
    "missing_table": "a table that such documents have is not here",
    "missing_fact": "not printed in the document; stored as blank",
    "unclear_name": "it cannot be told whether the next line belongs to this name",
}
"""Every kind of finding and what was done about it."""

STOPPING = frozenset(
    {"unclear_name", "unplaced_row", "no_table", "unknown_heading", "two_readings"}
)
"""Kinds of findings after which nothing may be stored until an analyst has decided."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the reader noticed.

    `kind` is a word of `KINDS`, `meaning` what that says; `source` says where; `printed` is the
    text concerned.
    """

    kind: str
    table_id: str
    source: str
    printed: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A row as it is printed: where it stands, and its cells by the name of their column."""

    table_id: str
    source: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may stand in place of a number, and the grades of the document's instrument."""

    words: frozenset[str]
    grades: frozenset[str]

    def knows(self, cell: Cell, text: str) -> bool:
        """Whether a text looks like what a kind of cell holds."""
        if cell.words and text in self.words:
            return True
        if cell.among == "grade_bands.grade" and text in self.grades:
            return True
        if cell.pattern is None:
            return not cell.words
        return re.fullmatch(cell.pattern, text) is not None


@dataclass
class Account:
    """Collects what one document gives while it is being read.

    `rows` maps a raw seed's name to its rows; `names` maps each printed region name to where it
    was printed first; `seen` holds the indices of accounted lines, `headers` and `told` the
    sources of headings and of lines that gave a fact or a note; `spans` the extents of tables;
    `resembling` asks each reader whether a text looks like one of its rows.
    """

    resolve: Callable[[str], str | None]
    vocabulary: Vocabulary
    topics: Sequence[Topic]
    rows: dict[str, list[Printed]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    resembling: list[Callable[[str], bool]] = field(default_factory=list)
    judged: dict[tuple[str, str], bool] = field(default_factory=dict)

    def add(self, table: Table, table_id: str, source: str, cells: Mapping[str, str]) -> None:
        """Keep one row; what it lacks is blank, or a fact of the document."""
        self.rows.setdefault(table.name, []).append(Printed(table_id, source, cells))

    def check(self, table: Table, table_id: str, source: str, cells: Mapping[str, str]) -> None:
        """Report the cells that do not look like what their columns hold."""
        for name, text in cells.items():
            if text and not self.knows(table.column(name).cell, text):
                self.find("odd_cell", table_id, source, f"{name}: {text}")

    def knows(self, cell: Cell, text: str) -> bool:
        """Whether a text looks like what a kind of cell holds; the same texts come again."""
        key = cell.name, text
        if key not in self.judged:
            self.judged[key] = self.vocabulary.knows(cell, text)
        return self.judged[key]

    def name(self, printed: str, source: str) -> None:
        """Remember a printed region name and where it stands first."""
        if printed:
            self.names.setdefault(printed, source)

    def find(self, kind: str, table_id: str, source: str, printed: str) -> None:
        """Record a finding of a known kind."""
        self.findings.append(Finding(kind, table_id, source, printed, KINDS[kind]))

    def tell(self, index: int, line: Line) -> None:
        """Account for a line that gave a fact of the document or a note."""
        if index not in self.seen:
            self.seen.add(index)
            self.told.append(line.source)

    def header(self, index: int, line: Line) -> None:
        """Account for a heading line."""
        self.seen.add(index)
        self.headers.append(line.source)

    def tell_header(self, header: Header, table_id: str, line: Line) -> None:
        """Report what a page's headings lack or add."""
        unknown = "unknown_heading" if header.missing else "extra_column"
        for kind, names in (
            ("missing_column", header.missing),
            ("unlabelled_column", header.unlabelled),
            (unknown, header.extra.values()),
        ):
            for name in names:
                self.find(kind, table_id, line.source, name)

    def span(self, indices: Iterable[int]) -> None:
        """Remember the first and the last line of a table; nothing if it has none."""
        places = sorted(indices)
        if places:
            self.spans.append((places[0], places[-1]))

    def report_unplaced(self, lines: Sequence[Line]) -> None:
        """Report each line that looks like part of a table and that no reader took.

        Such is a line that resembles a row of one of the tables, one of two or more filled cells
        anywhere, and any text between the first and the last row of a table; other single texts
        are the document's prose.
        """
        for index, line in enumerate(lines):
            if index in self.seen or not line.cells:
                continue
            is_row = any(resembles(prose(line)) for resembles in self.resembling)
            inside = any(first < index < last for first, last in self.spans)
            if is_row or inside or filled(line.cells) > 1:
                self.seen.add(index)
                kind = "unplaced_row" if is_row else "unplaced"
                self.find(kind, "", line.source, " | ".join(line.cells))
