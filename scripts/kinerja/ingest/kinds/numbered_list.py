"""Numbered lists of governments: headings to columns, rows to cells, whatever the print got wrong.

A list may run over many pages, each with its headings, and have parts that these tell apart.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kinerja.instruments.headings import Header, header_of

from ..lines import Line, filled, prose
from .reader import LETTERS, ROW_NUMBER, Reader, cell_at, first_filled, is_strange_heading

_GOVERNMENT = re.compile(r"(kab|kabupaten|kota|prov|provinsi)\b\.? ", re.IGNORECASE)
_GLUED_NUMBER = re.compile(r"(\d{1,5})[.)]?\s+(\D.*)")


@dataclass
class _Row:
    """A row as found: its printed number (or none), its name and its other cells."""

    index: int
    line: Line
    number: int | None
    name: str
    values: dict[str, str]


class NumberedList(Reader):
    """`table_id` is the part whose page is open, if any; rows and headings are kept by part."""

    def prepare(self) -> None:
        """Begin with no row."""
        self.number, self.name = self.table.headed("whole_number"), self.table.headed("region")
        self.headings = self.table.headings
        self.rows: dict[str, list[_Row]] = {}
        self.headers: dict[str, Header] = {}
        self.widths: dict[str, int] = {}
        self.table_id = ""

    def announces(self, cells: Sequence[str]) -> int:
        """More than half of the headings, that of the names among them, and that of the total.

        (A wide table may have the headings of the parts as well, over several columns each.)
        """
        header = header_of(cells, self.headings) if len(cells) > 2 else None
        if header is None or self.name not in header.positions:
            return 0
        is_part = len(header.missing) > 1 and self.table.evaluated_by in header.missing
        return 0 if is_part else len(header.positions)

    def open(self, index: int, line: Line) -> None:
        """Begin a page; where it cannot be told of which part, its rows are left alone."""
        header = header_of(line.cells, self.headings)
        self.table_id = self._part_of(line.cells)
        if header is None or not self.table_id:
            return
        if self.headers.get(self.table_id) != header:
            self.out.tell_header(header, self.table_id, line)
        self.out.header(index, line)
        self.headers[self.table_id], self.widths[self.table_id] = header, len(line.cells)
        self.rows.setdefault(self.table_id, [])

    def _part_of(self, cells: Sequence[str]) -> str:
        """The part that headings belong to: the one that the first of them that tells names."""
        parts = self.table.parts
        if len(parts) == 1:
            return parts[0].table_id
        told = (p.table_id for c in cells for p in parts if p.heading and p.heading.fullmatch(c))
        return next(told, "")

    def take(self, index: int, line: Line) -> None:
        """Take a row or the rest of one; strange headings end the page."""
        if not self.table_id or not line.cells:
            return
        header = self.headers[self.table_id]
        width = max((*header.positions.values(), *header.extra)) + 1
        cells = _unglued(line.cells, width)
        at = first_filled(cells)
        number = ROW_NUMBER.fullmatch(cells[at])
        if line.is_loose and not self._fits(cells):
            if number or self.resembles(prose(line)):
                self.unplaced(index, line, [name for name, _ in self.headings])
            elif is_strange_heading(cells):
                self.table_id = ""
        elif number:
            shift = at - header.positions.get(self.number, at)
            taken = self._place(index, line, cells, shift, int(number[1]))
            if taken and shift:
                self.find("shifted", line, f"{shift:+d}")
        elif not (self._take_rest(index, line) or self._take_unnumbered(index, line)):
            self.table_id = "" if is_strange_heading(line.cells) else self.table_id

    def _fits(self, cells: Sequence[str]) -> bool:
        """Whether the cells of a line that only gaps part have their places all the same.

        So have those of a whole row, of the rest of one, of a number and a name alone, and beside
        these a word that stands for the whole row.
        """
        width, number = self.widths[self.table_id], ROW_NUMBER.fullmatch(cells[0])
        if not number:
            return len(cells) == width - 1 and self.out.resolve(cells[0]) is None
        is_word = len(cells) == 3 and " " in cells[2] and cells[2] in self.out.vocabulary.words
        return len(cells) in (2, width) or is_word

    def resembles(self, text: str) -> bool:
        """Whether it is a number, a name and figures."""
        return self.is_row_of_a_list(text)

    def _places(self, shift: int) -> dict[str, int]:
        return {name: at + shift for name, at in self.headers[self.table_id].positions.items()}

    def _place(
        self, index: int, line: Line, cells: Sequence[str], shift: int, number: int | None
    ) -> bool:
        """Keep a line as a row if it has a name."""
        places = self._places(shift)
        values = {name: cell_at(cells, places.get(name, -1)) for name, _ in self.headings}
        in_place_of_number, name = values.pop(self.number), values.pop(self.name)
        if not LETTERS.search(name):
            return False
        if number is None and not any(values.values()) and self.out.resolve(name) is None:
            return False
        self.out.seen.add(index)
        if number is None and in_place_of_number:
            self.find("extra_cell", line, in_place_of_number)
        self._find_beyond(line, cells, places.values())
        self.rows[self.table_id].append(_Row(index, line, number, name, values))
        return True

    def _find_beyond(self, line: Line, cells: Sequence[str], used: Collection[int]) -> None:
        for position, cell in enumerate(cells):
            if cell and position not in used:
                self.find("extra_cell", line, cell)

    def _take_unnumbered(self, index: int, line: Line) -> bool:
        """A row that lost its number: a name that is known and at least one value."""
        name = cell_at(line.cells, self._places(0)[self.name])
        if filled(line.cells) < 2 or self.out.resolve(name) is None:
            return False
        return self._place(index, line, line.cells, 0, None)

    def _take_rest(self, index: int, line: Line) -> bool:
        """The second line of a name: alone, or with the values that the first line lacks."""
        rows = self.rows[self.table_id]
        if not rows:
            return False
        row, at = rows[-1], first_filled(line.cells)
        text, joined = line.cells[at], f"{row.name} {line.cells[at]}"
        if not LETTERS.search(text) or self.out.resolve(joined) is None:
            return False
        alone, bare = filled(line.cells) == 1, not any(row.values.values())
        if alone == bare:
            return False
        self.out.seen.add(index)
        if self.out.resolve(row.name) is not None or self.out.resolve(text) is not None:
            # "Kabupaten Bandung" and "Barat": both readings are official names.
            self.find("unclear_name", line, f"{row.name} | {text}")
            return True
        if not alone:
            places = self._places(at - self._places(0)[self.name])
            self._find_beyond(
                line, line.cells, [at, *(places.get(name, -1) for name in row.values)]
            )
            row.values = {name: cell_at(line.cells, places.get(name, -1)) for name in row.values}
        row.name = joined
        self.find("joined_name", line, row.name)
        return True

    def finish(self) -> None:
        """Number the rows of each part, check their cells, and hand them over.

        A row of a number and a text that is neither a known name nor followed by values is a
        numbered sentence, not a row; it goes to the report.
        """
        for part, rows in self.rows.items():
            self.table_id = part
            kept = []
            for row in rows:
                if any(row.values.values()) or self.out.resolve(row.name) is not None:
                    kept.append(row)
                    self._check(row)
                else:
                    kind = "unplaced_row" if _GOVERNMENT.match(row.name) else "unplaced"
                    self.find(kind, row.line, " | ".join(row.line.cells))
            self.out.span(row.index for row in kept)
            for number, row in self._numbered(kept):
                cells = {self.number: str(number), self.name: row.name, **row.values}
                self.out.add(self.table, part, row.line.source, cells)

    def _check(self, row: _Row) -> None:
        self.out.name(row.name, row.line.source)
        printed = [value for value in row.values.values() if value]
        remark = len(printed) == 1 and LETTERS.search(printed[0])
        headed = self._places(0)
        blank = [name for name, value in row.values.items() if not value and name in headed]
        if blank and not remark:
            self.find("missing_cells", row.line, ", ".join(blank))
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
                others = [*(one for one in rows if one.number is not None), *taken.values(), *late]
                if any((one.name, one.values) == (row.name, row.values) for one in others):
                    self.find("repeated_row", row.line, row.name)
                    continue
                self.find("no_number", row.line, row.name)
                number = before + 1
                if number in printed:
                    late.append(row)
                    continue
            other = taken.setdefault(number, row)
            if other is not row:
                same = (other.name, other.values) == (row.name, row.values)
                # One number may be misprinted; where more are, another list begins here.
                kind = "repeated_row" if same else "unplaced_row" if late else "number_clash"
                self.find(kind, row.line, f"{number} {row.name}")
                late += [] if same else [row]
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
