"""One very wide table of scores, cut into page blocks: headings over several lines, rows below.

What a column means is not told here: blocks, headings and cells are kept as they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..lines import Line, filled
from .reader import LETTERS, ROW_NUMBER, Reader, cell_at, first_filled


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


class PageBlocks(Reader):
    """Reads the cells, and beside them the table of headings."""

    def prepare(self) -> None:
        """Begin with no block."""
        self.name, self.value = self.table.headed("region"), self.table.holding("score")[0]
        self.blocks: list[_Block] = []

    def announces(self, cells: Sequence[str]) -> int:
        """The headings of the number and of the name, side by side."""
        at = first_filled(cells)
        number, name = map(self.table.column, (self.table.headed("whole_number"), self.name))
        is_number = number.is_announced_by(cell_at(cells, at))
        return 2 if is_number and name.is_announced_by(cell_at(cells, at + 1)) else 0

    def open(self, index: int, line: Line) -> None:
        """Begin a block."""
        self.out.header(index, line)
        self.blocks.append(_Block(first_filled(line.cells), [line]))

    def take(self, index: int, line: Line) -> None:
        """Take headings, a row or the rest of a name; numbers that start over begin a block."""
        cells, block = line.cells, self.blocks[-1]
        if not cells:
            return
        if self._is_out_of_place(line, block):
            self.unplaced(index, line, block.headings[0].cells if block.headings else ())
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
            self.find("no_header", line, cells[at + 1])
            block = _Block(at)
            self.blocks.append(block)
        if at != block.at:
            self.find("shifted", line, f"{at - block.at:+d}")
        self.out.seen.add(index)
        block.rows.append(_Row(index, int(number[1]), line, cells[at + 1], cells[at + 2 :]))

    def _is_out_of_place(self, line: Line, block: _Block) -> bool:
        """Whether it cannot be told which headings its cells stand below, as only gaps part them.

        So it is with headings over several lines, and with rows of another length than these.
        """
        headed = block.headings[0] if block.headings else line
        if not (line.is_loose or headed.is_loose):
            return False
        if ROW_NUMBER.fullmatch(line.cells[0]):
            return len(line.cells) != len(headed.cells) and len(line.cells) > 1
        return not block.rows

    def resembles(self, text: str) -> bool:
        """Whether it is a number, a name and scores."""
        return self.is_row_of_a_list(text)

    def _rest_of_name(self, index: int, line: Line, row: _Row) -> None:
        text = line.cells[-1]
        if self.out.resolve(f"{row.name} {text}") is None:
            return
        self.out.seen.add(index)
        if self.out.resolve(row.name) is not None:
            self.find("unclear_name", line, f"{row.name} | {text}")
            return
        row.name = f"{row.name} {text}"
        self.find("joined_name", line, row.name)

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
        self.out.add(self.beside, self.beside.parts[0].table_id, line.source, cells)

    def _add_cells(self, block_no: int, row: _Row, width: int) -> None:
        self.out.name(row.name, row.line.source)
        printed = [value for value in row.values if value]
        remark = len(printed) == 1 and LETTERS.search(row.values[0])
        blank = [str(n) for n in range(1, width + 1) if not cell_at(row.values, n - 1)]
        if blank and not remark:
            columns = f"{row.name}: column {', '.join(blank)}"
            self.find("missing_cells", row.line, columns)
        for column_no, value in enumerate(row.values, start=1):
            if not value:
                continue
            if not self.out.knows(self.value.cell, value):
                self.find("odd_cell", row.line, f"column {column_no}: {value}")
            cells = {
                "block_no": str(block_no),
                "row_no": str(row.number),
                "column_no": str(column_no),
                self.name: row.name,
                self.value.name: value,
            }
            self.out.add(self.table, self.table_id, row.line.source, cells)
