"""Numbered lists of governments: headings to columns, rows to cells, whatever the print got wrong.

A list may run over many pages, each with its headings, and have parts that these tell apart.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kinerja.instruments.declarations import Part, Table
from kinerja.instruments.headings import Header, header_of

from ..account import Account
from ..lines import Line, filled
from .layout import LETTERS, ROW_NUMBER, Layout, cell_at, first_filled, is_strange_heading

_GLUED_NUMBER = re.compile(r"(\d{1,5})[.)]?\s+(\D.*)")


def layout(table: Table) -> Layout:
    """A list is announced by more than half of its headings, that of the names among them."""

    def announces(cells: Sequence[str]) -> int:
        header = _header(table, cells)
        return len(header.positions) if header else 0

    return Layout(announces, lambda out: _Reader(table, out))


def _header(table: Table, cells: Sequence[str]) -> Header | None:
    header = header_of(cells, table.headings) if len(cells) > 2 else None
    return header if header and table.headed("region") in header.positions else None


def _part(table: Table, cells: Sequence[str]) -> Part | None:
    """The part that a heading line belongs to: the one that its first telling heading names."""
    if len(table.parts) == 1:
        return table.parts[0]
    for cell in cells:
        for part in table.parts:
            if part.heading and part.heading.fullmatch(cell):
                return part
    return None


@dataclass
class _Row:
    """A row as found: its printed number (or none), its name and its other cells."""

    index: int
    line: Line
    number: int | None
    name: str
    values: dict[str, str]


class _Reader:
    """Sends each page to the part of the list that it belongs to; `now` is the one that is open."""

    def __init__(self, table: Table, out: Account) -> None:
        self.table, self.out = table, out
        self.parts: dict[str, _List] = {}
        self.now: _List | None = None

    def open(self, index: int, line: Line) -> None:
        """Begin a page; where it cannot be told of which part, its rows are left alone."""
        header, part = _header(self.table, line.cells), _part(self.table, line.cells)
        self.now = None
        if header and part:
            new = _List(self.table, part.table_id, self.out)
            self.now = self.parts.setdefault(part.table_id, new)
            self.now.open_page(index, line, header)

    def take(self, index: int, line: Line) -> None:
        """Take a row, or the rest of one; strange headings end the page."""
        taken = self.now is None or not line.cells or self.now.take(index, line)
        if not taken and is_strange_heading(line.cells):
            self.now = None

    def finish(self) -> None:
        """Number the rows of each part and hand them over."""
        number_column, name_column = self.table.headed("whole_number"), self.table.headed("region")
        for table_id, part in self.parts.items():
            for number, row in part.finish():
                cells = {number_column: str(number), name_column: row.name, **row.values}
                self.out.add(self.table, table_id, row.line.source, cells)


class _List:
    """Collects the rows of one part over all its pages, then numbers them."""

    def __init__(self, table: Table, table_id: str, out: Account) -> None:
        self.table, self.table_id, self.out = table, table_id, out
        self.number, self.name = table.headed("whole_number"), table.headed("region")
        self.columns = [name for name, _ in table.headings]
        self.rows: list[_Row] = []
        self.header = Header({}, {}, (), ())

    def open_page(self, index: int, line: Line, header: Header) -> None:
        """Take a heading line; say once what it lacks or adds."""
        self.out.header(index, line)
        if self.header != header:
            for kind, names in (
                ("missing_column", header.missing),
                ("unlabelled_column", header.unlabelled),
                ("extra_column", header.extra.values()),
            ):
                for name in names:
                    self.out.find(kind, self.table_id, line.source, name)
        self.header = header

    def take(self, index: int, line: Line) -> bool:
        """Take a line as a row or as the rest of the last row; say whether it was either."""
        width = max((*self.header.positions.values(), *self.header.extra)) + 1
        cells = _unglued(line.cells, width)
        at = first_filled(cells)
        number = ROW_NUMBER.fullmatch(cells[at])
        if number is None:
            return self._take_rest(index, line) or self._take_unnumbered(index, line)
        shift = at - self.header.positions.get(self.number, at)
        taken = self._place(index, line, cells, shift, int(number[1]))
        if taken and shift:
            self.out.find("shifted", self.table_id, line.source, f"{shift:+d}")
        return taken

    def _place(
        self, index: int, line: Line, cells: Sequence[str], shift: int, number: int | None
    ) -> bool:
        places = {name: at + shift for name, at in self.header.positions.items()}
        values = {name: cell_at(cells, places.get(name, -1)) for name in self.columns}
        printed = filled(list(values.values()))
        in_place_of_number, name = values.pop(self.number), values.pop(self.name)
        if not LETTERS.search(name):
            return False
        if number is None and not any(values.values()) and self.out.resolve(name) is None:
            return False
        self.out.seen.add(index)
        if number is None and in_place_of_number:
            self.out.find("extra_cell", self.table_id, line.source, in_place_of_number)
        if printed < filled(cells):
            self._report_beyond(line, cells, places.values())
        self.rows.append(_Row(index, line, number, name, values))
        return True

    def _report_beyond(self, line: Line, cells: Sequence[str], used: Collection[int]) -> None:
        for position, cell in enumerate(cells):
            if cell and position not in used:
                self.out.find("extra_cell", self.table_id, line.source, cell)

    def _take_unnumbered(self, index: int, line: Line) -> bool:
        """A row that lost its number: a name that is known and at least one value."""
        name = cell_at(line.cells, self.header.positions[self.name])
        if filled(line.cells) < 2 or self.out.resolve(name) is None:
            return False
        return self._place(index, line, line.cells, 0, None)

    def _take_rest(self, index: int, line: Line) -> bool:
        """The second line of a name: alone, or with the values that the first line lacks."""
        if not self.rows:
            return False
        row, at = self.rows[-1], first_filled(line.cells)
        text, joined = line.cells[at], f"{self.rows[-1].name} {line.cells[at]}"
        if not LETTERS.search(text) or self.out.resolve(joined) is None:
            return False
        alone, bare = filled(line.cells) == 1, not any(row.values.values())
        if alone == bare:
            return False
        self.out.seen.add(index)
        if self.out.resolve(row.name) is not None or self.out.resolve(text) is not None:
            # "Kabupaten Bandung" and "Barat": both readings are official names.
            self.out.find("unclear_name", self.table_id, line.source, f"{row.name} | {text}")
            return True
        if not alone:
            shift = at - self.header.positions[self.name]
            places = {
                name: self.header.positions.get(name, -1 - shift) + shift for name in row.values
            }
            self._report_beyond(line, line.cells, [at, *places.values()])
            row.values = {name: cell_at(line.cells, place) for name, place in places.items()}
        row.name = joined
        self.out.find("joined_name", self.table_id, line.source, row.name)
        return True

    def finish(self) -> list[tuple[int, _Row]]:
        """Number the rows, check their cells, and drop rows without sense.

        A row of a number and a text that is neither a known name nor followed by values is a
        numbered sentence, not a row; it goes to the report.
        """
        kept = []
        for row in self.rows:
            if any(row.values.values()) or self.out.resolve(row.name) is not None:
                kept.append(row)
                self.out.name(row.name, row.line.source)
                self._check(row)
            else:
                printed = " | ".join(row.line.cells)
                self.out.find("unplaced", self.table_id, row.line.source, printed)
        self.out.span(row.index for row in kept)
        return self._numbered(kept)

    def _check(self, row: _Row) -> None:
        printed = [value for value in row.values.values() if value]
        remark = len(printed) == 1 and LETTERS.search(printed[0])
        blank = [
            name
            for name, value in row.values.items()
            if not value and name in self.header.positions
        ]
        if blank and not remark:
            self.out.find("missing_cells", self.table_id, row.line.source, ", ".join(blank))
        self.out.check(self.table, self.table_id, row.line.source, row.values)

    def _numbered(self, rows: list[_Row]) -> list[tuple[int, _Row]]:
        """Give each row the number printed with it; report gaps, repetitions and clashes.

        A row without a number takes that of its place if no other row has it; a second, different
        row of one number goes after the last, so that nothing printed is lost.
        """
        taken: dict[int, _Row] = {}
        late: list[_Row] = []
        printed = {row.number for row in rows}
        before = 0
        for row in rows:
            number = row.number
            if number is None:
                self.out.find("no_number", self.table_id, row.line.source, row.name)
                number = before + 1
                if number in printed:
                    late.append(row)
                    continue
            other = taken.setdefault(number, row)
            if other is not row:
                same = (other.name, other.values) == (row.name, row.values)
                kind = "repeated_row" if same else "number_clash"
                self.out.find(kind, self.table_id, row.line.source, f"{number} {row.name}")
                if not same:
                    late.append(row)
            before = number
        for gap in _gaps(sorted(taken)):
            self.out.find("number_gap", self.table_id, "", gap)
        taken.update(enumerate(late, start=max(taken, default=0) + 1))
        return sorted(taken.items(), key=lambda item: item[0])


def _unglued(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Part "12. Kota Metro" into number and name where that alone makes the row whole."""
    at = first_filled(cells)
    if at < len(cells) and len(cells) == width - 1 and (m := _GLUED_NUMBER.fullmatch(cells[at])):
        return (*cells[:at], m[1], m[2], *cells[at + 1 :])
    return cells


def _gaps(numbers: list[int]) -> list[str]:
    found = []
    for before, after in zip([0, *numbers], numbers, strict=False):
        if after > before + 1:
            found.append(f"{before + 1}" if after == before + 2 else f"{before + 1}-{after - 1}")
    return found
