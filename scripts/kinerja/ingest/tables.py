"""Numbered tables: headings to columns, rows to fields, with whatever the print got wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .layouts import Column
from .lines import Line, filled
from .outcome import Outcome

ROW_NUMBER = re.compile(r"(\d{1,5})[.)]?")
_GLUED_NUMBER = re.compile(r"(\d{1,5})[.)]?\s+(\D.*)")
_DIGIT = re.compile(r"\d")
_HEADING_CELLS = 4
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a table stand: field to position, and what else is headed."""

    positions: dict[str, int]
    extra: dict[int, str]
    missing: tuple[str, ...]
    unlabelled: tuple[str, ...]


def match_header(cells: Sequence[str], columns: Sequence[Column], least: int) -> Header | None:
    """Read a heading line, or return None if fewer than `least` headings are known.

    One blank heading between two known neighbours of consecutive columns is that column.
    """
    if not cells or cells[0][:1].isdigit():
        return None
    positions: dict[str, int] = {}
    extra: dict[int, str] = {}
    for position, cell in enumerate(cells):
        if not cell:
            continue
        for column in columns:
            if column.field not in positions and column.heading.fullmatch(cell):
                positions[column.field] = position
                break
        else:
            extra[position] = cell
    if len(positions) < least:
        return None
    unlabelled = []
    for before, column, after in zip(columns, columns[1:], columns[2:], strict=False):
        left, right = positions.get(before.field), positions.get(after.field)
        if column.field in positions or left is None or right != left + 2:
            continue
        if not cells[left + 1]:
            positions[column.field] = left + 1
            unlabelled.append(column.field)
    missing = tuple(column.field for column in columns if column.field not in positions)
    return Header(positions, extra, missing, tuple(unlabelled))


@dataclass
class NumberedRow:
    """A row as found: its printed number (or none), its name and its other fields."""

    index: int
    line: Line
    number: int | None
    name: str
    values: dict[str, str]


def is_strange_heading(cells: Sequence[str]) -> bool:
    """Whether a line looks like headings of some table: many cells and no figure in any."""
    return filled(cells) >= _HEADING_CELLS and not any(map(_DIGIT.search, cells))


def first_filled(cells: Sequence[str]) -> int:
    """Position of the first cell with something in it (the length if there is none)."""
    for position, cell in enumerate(cells):
        if cell:
            return position
    return len(cells)


def unglue(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Part "12. Kota Metro" into number and name where that alone makes the row whole."""
    at = first_filled(cells)
    if at < len(cells) and len(cells) == width - 1 and (m := _GLUED_NUMBER.fullmatch(cells[at])):
        return (*cells[:at], m[1], m[2], *cells[at + 1 :])
    return cells


@dataclass
class NumberedTable:
    """Collects the rows of one printed table over all its pages, then numbers them."""

    table_id: str
    columns: Sequence[Column]
    outcome: Outcome
    rows: list[NumberedRow] = field(default_factory=list)
    header: Header | None = None

    def open_page(self, index: int, line: Line, header: Header) -> None:
        """Take a heading line; say once what it lacks or adds."""
        out = self.outcome
        out.header(index, line)
        if self.header is None or self.header != header:
            for name in header.missing:
                out.find("missing_column", self.table_id, line.source, name)
            for name in header.unlabelled:
                out.find("unlabelled_column", self.table_id, line.source, name)
            for cell in header.extra.values():
                out.find("extra_column", self.table_id, line.source, cell)
        self.header = header

    def take(self, index: int, line: Line) -> bool:
        """Take a line as a row or as the rest of the last row; say whether it was either."""
        header = self.header
        if header is None or not line.cells:
            return False
        width = max((*header.positions.values(), *header.extra)) + 1
        cells = unglue(line.cells, width)
        at = first_filled(cells)
        number = ROW_NUMBER.fullmatch(cells[at])
        if number is None:
            return self._take_rest(index, line) or self._take_unnumbered(index, line)
        shift = at - header.positions.get("number", at)
        taken = self._place(index, line, cells, shift, int(number[1]))
        if taken and shift:
            self.outcome.find("shifted", self.table_id, line.source, f"{shift:+d}")
        return taken

    def _place(
        self,
        index: int,
        line: Line,
        cells: tuple[str, ...],
        shift: int,
        number: int | None,
    ) -> bool:
        header, out = self.header, self.outcome
        assert header is not None
        values = {}
        printed = 0
        for column in self.columns:
            place = header.positions.get(column.field, -1 - shift) + shift
            values[column.field] = cell = cells[place] if 0 <= place < len(cells) else ""
            printed += cell != ""
        in_place_of_number = values.pop("number")
        name = values.pop("region_name")
        if not _LETTERS.search(name):
            return False
        if number is None and not any(values.values()) and out.resolve(name) is None:
            return False
        out.seen.add(index)
        if number is None and in_place_of_number:
            out.find("extra_cell", self.table_id, line.source, in_place_of_number)
        if printed < filled(cells):
            used = {place + shift for place in header.positions.values()}
            for position, cell in enumerate(cells):
                if cell and position not in used:
                    out.find("extra_cell", self.table_id, line.source, cell)
        self.rows.append(NumberedRow(index, line, number, name, values))
        return True

    def _take_unnumbered(self, index: int, line: Line) -> bool:
        """A row that lost its number: a name that is known and at least one value."""
        header, cells = self.header, line.cells
        assert header is not None
        at = header.positions.get("region_name", 1)
        if at >= len(cells) or filled(cells) < 2 or self.outcome.resolve(cells[at]) is None:
            return False
        return self._place(index, line, cells, 0, None)

    def _take_rest(self, index: int, line: Line) -> bool:
        """The second line of a name: alone, or with the values that the first line lacks."""
        out = self.outcome
        if not self.rows:
            return False
        row = self.rows[-1]
        at = first_filled(line.cells)
        text = line.cells[at]
        if not _LETTERS.search(text) or out.resolve(f"{row.name} {text}") is None:
            return False
        alone = filled(line.cells) == 1
        bare = not any(row.values.values())
        if alone == bare:
            return False
        if out.resolve(row.name) is not None or out.resolve(text) is not None:
            # "Kabupaten Bandung" and "Barat": both readings are official names.
            out.seen.add(index)
            out.find("unclear_name", self.table_id, line.source, f"{row.name} | {text}")
            return True
        if not alone:
            header = self.header
            assert header is not None
            shift = at - header.positions["region_name"]
            places = {name: header.positions.get(name, -1 - shift) + shift for name in row.values}
            for position, cell in enumerate(line.cells):
                if cell and position != at and position not in places.values():
                    out.find("extra_cell", self.table_id, line.source, cell)
            for name, place in places.items():
                row.values[name] = line.cells[place] if 0 <= place < len(line.cells) else ""
        row.name = f"{row.name} {text}"
        out.seen.add(index)
        out.find("joined_name", self.table_id, line.source, row.name)
        return True

    def finish(self) -> list[tuple[int, NumberedRow]]:
        """Number the rows (see `number_rows`), check their cells, and drop rows without sense.

        A row of a number and a text that is neither a known name nor followed by values is a
        numbered sentence, not a row; it goes to the report.
        """
        out, header = self.outcome, self.header
        kept = []
        for row in self.rows:
            if any(row.values.values()) or out.resolve(row.name) is not None:
                kept.append(row)
            else:
                out.find(
                    "unplaced",
                    self.table_id,
                    row.line.source,
                    " | ".join(row.line.cells),
                )
        if kept:
            out.spans.append((kept[0].index, kept[-1].index))
        for row in kept:
            out.name(row.name, row.line.source)
            self._check(row, header)
        return number_rows(self.table_id, kept, out)

    def _check(self, row: NumberedRow, header: Header | None) -> None:
        out = self.outcome
        printed = [name for name, value in row.values.items() if value]
        remark = len(printed) == 1 and _LETTERS.search(row.values[printed[0]])
        headed = header.positions if header else {}
        expected = [c for c in self.columns if c.field in headed and c.field in row.values]
        blank = [c.field for c in expected if not row.values[c.field]]
        if blank and not remark:
            out.find("missing_cells", self.table_id, row.line.source, ", ".join(blank))
        for column in expected:
            value = row.values[column.field]
            if value and not column.value.fullmatch(value):
                out.find(
                    "odd_cell",
                    self.table_id,
                    row.line.source,
                    f"{column.field}: {value}",
                )


def number_rows(
    table_id: str, rows: list[NumberedRow], out: Outcome
) -> list[tuple[int, NumberedRow]]:
    """Give each row the number printed with it; report gaps, repetitions and clashes.

    A row without a number takes that of its place if no other row has it; a second, different
    row of one number goes after the last, so that nothing printed is lost.
    """
    taken: dict[int, NumberedRow] = {}
    late: list[NumberedRow] = []
    printed = {row.number for row in rows}
    before = 0
    for row in rows:
        number = row.number
        if number is None:
            number = before + 1 if before + 1 not in printed else None
            out.find("no_number", table_id, row.line.source, row.name)
        if number is None:
            late.append(row)
            continue
        other = taken.get(number)
        if other is None:
            taken[number] = row
        elif (other.name, other.values) == (row.name, row.values):
            out.find("repeated_row", table_id, row.line.source, f"{number} {row.name}")
        else:
            out.find("number_clash", table_id, row.line.source, f"{number} {row.name}")
            late.append(row)
        before = number
    last = max(taken, default=0)
    for gap in _gaps(sorted(taken)):
        out.find("number_gap", table_id, "", gap)
    taken.update(enumerate(late, start=last + 1))
    return sorted(taken.items(), key=lambda item: item[0])


def _gaps(numbers: list[int]) -> list[str]:
    found = []
    for before, after in zip([0, *numbers], numbers, strict=False):
        if after > before + 1:
            found.append(f"{before + 1}" if after == before + 2 else f"{before + 1}-{after - 1}")
    return found
