"""One very wide table of scores, cut into page blocks: headings over several lines, rows below.

What a column means is not told here: blocks, headings and cells are kept as they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kinerja.instruments.declarations import Table

from ..account import Account
from ..lines import Line, filled
from .layout import LETTERS, ROW_NUMBER, Layout, cell_at, first_filled


def layout(headings: Table, cells: Table) -> Layout:
    """A block begins with the headings of the number and of the name, side by side."""
    number, name = (cells.column(cells.headed(kind)) for kind in ("whole_number", "region"))

    def announces(printed: Sequence[str]) -> int:
        at = first_filled(printed)
        told = (number.is_announced_by(cell_at(printed, at)), len(printed) > at + 1)
        return 2 if all(told) and name.is_announced_by(printed[at + 1]) else 0

    return Layout(announces, lambda out: _Reader(headings, cells, out))


@dataclass
class _Row:
    index: int
    number: int
    line: Line
    name: str
    values: tuple[str, ...]


@dataclass
class _Block:
    """A page block: where its number column stands, its heading lines, its rows."""

    at: int
    headings: list[Line] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)

    def headings_of(self) -> list[tuple[str, ...]]:
        """The heading lines without the columns of number and name."""
        return [line.cells[self.at + 2 :] for line in self.headings]


class _Reader:
    def __init__(self, headings: Table, cells: Table, out: Account) -> None:
        self.headings, self.cells, self.out = headings, cells, out
        self.table_id = cells.parts[0].table_id
        self.name, self.value = cells.headed("region"), cells.holding("score")[0].name
        self.blocks: list[_Block] = []

    def open(self, index: int, line: Line) -> None:
        """Begin a block."""
        self.out.header(index, line)
        self.blocks.append(_Block(first_filled(line.cells), [line]))

    def take(self, index: int, line: Line) -> None:
        """Take headings, a row or the rest of a name; numbers that start over begin a block."""
        cells, block = line.cells, self.blocks[-1]
        if not cells:
            return
        at = first_filled(cells)
        number = ROW_NUMBER.fullmatch(cells[at])
        if number is None:
            if not block.rows and at > block.at + 1:
                self.out.header(index, line)
                block.headings.append(line)
            elif block.rows and filled(cells) == 1:
                self._rest_of_name(index, line, block.rows[-1])
            return
        if len(cells) < at + 3 or not LETTERS.search(cells[at + 1]):
            return
        if block.rows and int(number[1]) <= block.rows[-1].number:
            self.out.find("no_header", self.table_id, line.source, cells[at + 1])
            block = _Block(at)
            self.blocks.append(block)
        if at != block.at:
            self.out.find("shifted", self.table_id, line.source, f"{at - block.at:+d}")
        self.out.seen.add(index)
        block.rows.append(_Row(index, int(number[1]), line, cells[at + 1], cells[at + 2 :]))

    def _rest_of_name(self, index: int, line: Line, row: _Row) -> None:
        text = line.cells[-1]
        if self.out.resolve(f"{row.name} {text}") is None:
            return
        self.out.seen.add(index)
        if self.out.resolve(row.name) is not None:
            self.out.find("unclear_name", self.table_id, line.source, f"{row.name} | {text}")
            return
        row.name = f"{row.name} {text}"
        self.out.find("joined_name", self.table_id, line.source, row.name)

    def finish(self) -> None:
        """Hand over the headings and the cells of each block."""
        for block_no, block in enumerate(self.blocks, start=1):
            headings = block.headings_of()
            width = max(map(len, (*headings, *(row.values for row in block.rows))), default=0)
            line = block.headings[0] if block.headings else block.rows[0].line
            for column_no in range(1, width + 1):
                self._add_heading(block_no, column_no, line, headings)
            for row in block.rows:
                self._add_cells(block_no, row, width)
            self.out.span(row.index for row in block.rows)

    def _add_heading(
        self, block_no: int, column_no: int, line: Line, headings: Sequence[tuple[str, ...]]
    ) -> None:
        *group, last = [c for cells in headings if (c := cell_at(cells, column_no - 1))] or [""]
        cells = {
            "block_no": str(block_no),
            "column_no": str(column_no),
            "group_heading": " / ".join(group),
            "heading": last,
        }
        self.out.add(self.headings, self.headings.parts[0].table_id, line.source, cells)

    def _add_cells(self, block_no: int, row: _Row, width: int) -> None:
        source = row.line.source
        self.out.name(row.name, source)
        printed = [value for value in row.values if value]
        remark = len(printed) == 1 and LETTERS.search(row.values[0])
        blank = [str(n) for n in range(1, width + 1) if not cell_at(row.values, n - 1)]
        if blank and not remark:
            columns = f"{row.name}: column {', '.join(blank)}"
            self.out.find("missing_cells", self.table_id, source, columns)
        holds = self.cells.column(self.value).cell
        for column_no, value in enumerate(row.values, start=1):
            if not value:
                continue
            if not self.out.vocabulary.knows(holds, value):
                self.out.find("odd_cell", self.table_id, source, f"column {column_no}: {value}")
            cells = {
                "block_no": str(block_no),
                "row_no": str(row.number),
                "column_no": str(column_no),
                self.name: row.name,
                self.value: value,
            }
            self.out.add(self.cells, self.table_id, source, cells)
