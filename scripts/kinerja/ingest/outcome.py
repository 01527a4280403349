"""What reading a document gave: rows, findings, and an account of every line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .lines import Line, filled

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the reader noticed.

    `kind` is a word of `KINDS`; `source` says where; `printed` is the text concerned.
    """

    kind: str
    table_id: str
    source: str
    printed: str


KINDS = {
    "unplaced": "printed, but belongs to no table that is known; not stored",
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

STOPPING = frozenset({"unclear_name"})
"""Kinds of findings after which nothing may be stored until an analyst has decided."""


@dataclass
class Outcome:
    """Collects what one document gives while its layout is being read.

    `rows` maps a raw seed's name to rows without their document_id; `names` maps each printed
    region name to where it was printed first; `seen` holds the indices of accounted lines, and
    `told` the sources of lines that gave a fact or a note; `spans` the extents of tables.
    """

    resolve: Callable[[str], str | None]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def add(self, seed: str, row: Row) -> None:
        """Keep one row of a raw seed (every column but document_id)."""
        self.rows.setdefault(seed, []).append(row)

    def name(self, printed: str, source: str) -> None:
        """Remember a printed region name and where it stands first."""
        if printed:
            self.names.setdefault(printed, source)

    def find(self, kind: str, table_id: str, source: str, printed: str) -> None:
        """Record a finding of a known kind."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of finding: {kind}")
        self.findings.append(Finding(kind, table_id, source, printed))

    def tell(self, index: int, line: Line) -> None:
        """Account for a line that gave a fact of the document or a note."""
        if index not in self.seen:
            self.seen.add(index)
            self.told.append(line.source)

    def header(self, index: int, line: Line) -> None:
        """Account for a heading line."""
        self.seen.add(index)
        self.headers.append(line.source)


def report_unplaced(outcome: Outcome, lines: Sequence[Line]) -> None:
    """Report each line that looks like part of a table and that no reader took.

    Such is a line of two or more filled cells anywhere, and any text between the first and the
    last row of a table; other single texts are the document's prose.
    """
    for index, line in enumerate(lines):
        if index in outcome.seen or not line.cells:
            continue
        inside = any(first < index < last for first, last in outcome.spans)
        if inside or filled(line.cells) > 1:
            outcome.seen.add(index)
            outcome.find("unplaced", "", line.source, " | ".join(line.cells))
