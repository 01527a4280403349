"""The printed table of grades: a range and its grade, two cells to a line."""

import re
from collections.abc import Sequence

from kinerja.instruments.headings import Header, header_of

from ..lines import Line, filled
from .reader import Reader, cell_at

_RANGE = re.compile(r"\d[\d.,]*[-\u2013\u2014]\d[\d.,]*")
_RANGE_SIGNS = ("-", "\N{EN DASH}", "\N{EM DASH}")


class Bands(Reader):
    """Two columns; their headings are too common to tell an instrument."""

    tells = False

    def prepare(self) -> None:
        """Begin with no grade."""
        self.header: Header | None = None
        self.rows: list[tuple[int, Line]] = []

    def announces(self, cells: Sequence[str]) -> int:
        """Both headings, and no other cell."""
        header = header_of(cells, self.table.headings) if filled(cells) == 2 else None
        return len(header.positions) if header else 0

    def open(self, index: int, line: Line) -> None:
        """Take the headings; what is below them are grades."""
        self.out.header(index, line)
        self.header = header_of(line.cells, self.table.headings)

    def take(self, index: int, line: Line) -> None:
        """Take a range with a sign between its ends, and its grade."""
        if filled(line.cells) != 2 or self.header is None:
            return
        limits = cell_at(line.cells, self.header.positions[self.table.headed("range")])
        if limits[:1].isdigit() and any(sign in limits for sign in _RANGE_SIGNS):
            self.out.seen.add(index)
            self.rows.append((index, line))

    def resembles(self, text: str) -> bool:
        """Whether it is a range and a grade, below the headings of such."""
        limits, _, grade = text.rpartition(" ")
        is_range = any(_RANGE.fullmatch("".join(limits.split())) for _ in self.rows[:1])
        return is_range and grade in self.out.vocabulary.grades

    def finish(self) -> None:
        """Hand over the grades in printed order."""
        for number, (_, line) in enumerate(self.rows, start=1):
            assert self.header is not None
            cells = {name: cell_at(line.cells, at) for name, at in self.header.positions.items()}
            self.out.check(self.table, self.table_id, line.source, cells)
            self.out.add(self.table, self.table_id, line.source, {"row_no": str(number), **cells})
        self.out.span(index for index, _ in self.rows)
