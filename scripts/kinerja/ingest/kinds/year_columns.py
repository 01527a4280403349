"""A table with one column of values for each year, and weights before them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..lines import Line, filled
from .reader import Reader, cell_at, first_filled

_YEAR = re.compile(r"[12]\d{3}")
_LETTER = re.compile(r"([a-z])[.)]")


@dataclass
class _Row:
    """Letter, name, weight, a value for each year, and the cells left over."""

    letter: str
    name: str
    weight: str
    values: list[str]
    rest: list[str] = field(default_factory=list)


class YearColumns(Reader):
    """`state` is what may follow: the years, rows, or neither; `years` maps positions to years."""

    def prepare(self) -> None:
        """Begin with no headings."""
        self.weight_at = -1
        self.state = "before"
        self.years: dict[int, str] = {}
        self.places: list[int] = []

    def announces(self, cells: Sequence[str]) -> int:
        """The heading of the names in the first cell; the years are on the line below."""
        names = self.table.column(self.table.headed("text"))
        return int(names.is_announced_by(cell_at(cells, 0)))

    def open(self, index: int, line: Line) -> None:
        """Take the headings; the years are looked for below."""
        self.out.header(index, line)
        weight = self.table.column(self.table.headed("weight"))
        places = (at for at, cell in enumerate(line.cells) if weight.is_announced_by(cell))
        self.weight_at = next(places, -1)
        self.state = "years"

    def take(self, index: int, line: Line) -> None:
        """Take the line of years, then rows until a line of text."""
        cells = line.cells
        if not cells:
            return
        if self.state == "years" and all(not cell or _YEAR.fullmatch(cell) for cell in cells):
            self.out.header(index, line)
            self.years = self._years(line)
            self.state = "rows"
        elif self.state == "rows":
            row = self._loose_row(cells) if line.is_loose else self._row(cells)
            if row is None and line.is_loose:
                columns = ["letter", "name", "weight", *self.years.values()]
                self.unplaced(index, line, columns)
                return
            if row is not None:
                self.out.seen.add(index)
                self.places.append(index)
                self._add(line, row)
            elif filled(cells) == 1:
                self.state = "after"

    def _years(self, line: Line) -> dict[int, str]:
        """Position to year; a year that is printed twice is one column, the other is reported."""
        years: dict[int, str] = {}
        for position, cell in enumerate(line.cells):
            if cell in years.values():
                self.find("extra_column", line, cell)
            elif cell:
                years[position] = cell
        return years

    def _row(self, cells: Sequence[str]) -> _Row | None:
        first, at = min(self.years), first_filled(cells)
        letter = _LETTER.fullmatch(cells[at])
        name_at = next((i for i in range(at + 1, len(cells)) if cells[i]), at) if letter else at
        values = [cell_at(cells, position) for position in self.years]
        if name_at >= first or not any(values):
            return None
        # A weight that stands below a year is none; a cell that is used for nothing is left over.
        weight = cells[self.weight_at] if name_at < self.weight_at < first else ""
        used = {at, name_at, *self.years} | ({self.weight_at} if weight else set())
        rest = [cell for position, cell in enumerate(cells) if cell and position not in used]
        return _Row(letter[1] if letter else "", cells[name_at], weight, values, rest)

    def _loose_row(self, cells: Sequence[str]) -> _Row | None:
        """A row that only gaps part: a component, a total, or grades; else it has no place."""
        letter, years = _LETTER.fullmatch(cells[0]), len(self.years)
        name, *rest = cells[1:] if letter else cells
        grades = self.out.vocabulary.grades
        if len(rest) == years + 1:
            return _Row(letter[1] if letter else "", name, rest[0], rest[1:])
        if len(rest) == years and not letter and all(cell in grades for cell in rest):
            return _Row("", name, "", rest)
        return None

    def resembles(self, text: str) -> bool:
        """Whether it is a letter, a name and as many figures as a row has."""
        name, figures = self.figures_at_end(text)
        is_lettered = _LETTER.fullmatch(name.partition(" ")[0]) is not None
        count, grades = len(self.years), self.out.vocabulary.grades
        is_whole = len(figures) == count + 1 or (
            1 < count == len(figures) and all(figure in grades for figure in figures)
        )
        return count > 0 and (is_whole or (is_lettered and len(figures) > 1))

    def _add(self, line: Line, row: _Row) -> None:
        for cell in row.rest:
            self.find("extra_cell", line, cell)
        letter, year, value = (
            self.table.holding(kind)[0].name for kind in ("letter", "year", "score_or_grade")
        )
        same = {
            "row_no": str(len(self.places)),
            letter: row.letter,
            self.table.headed("text"): row.name,
            self.table.headed("weight"): row.weight,
        }
        self.out.check(self.table, self.table_id, line.source, same)
        for printed_year, printed in zip(self.years.values(), row.values, strict=True):
            about = f"{row.name}: {printed or printed_year}"
            if not printed:
                self.find("missing_cells", line, about)
            elif not self.out.knows(self.table.column(value).cell, printed):
                self.find("odd_cell", line, about)
            cells = {**same, year: printed_year, value: printed}
            self.out.add(self.table, self.table_id, line.source, cells)

    def finish(self) -> None:
        """All rows are handed over already."""
        self.out.span(self.places)
