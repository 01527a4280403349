"""The printed table of grades: a range and its grade, two cells to a line."""

from collections.abc import Sequence

from kinerja.instruments.headings import Header, header_of

from ..lines import Line
from .reader import Reader

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
        header = header_of(cells, self.table.headings) if len(cells) == 2 else None
        return len(header.positions) if header else 0

    def open(self, index: int, line: Line) -> None:
        """Take the headings; what is below them are grades."""
        self.out.header(index, line)
        self.header = header_of(line.cells, self.table.headings)

    def take(self, index: int, line: Line) -> None:
        """Take a range with a sign between its ends, and its grade."""
        if len(line.cells) != 2 or self.header is None:
            return
        limits = line.cells[self.header.positions[self.table.headed("range")]]
        if limits[:1].isdigit() and any(sign in limits for sign in _RANGE_SIGNS):
            self.out.seen.add(index)
            self.rows.append((index, line))

    def finish(self) -> None:
        """Hand over the grades in printed order."""
        for number, (_, line) in enumerate(self.rows, start=1):
            assert self.header is not None
            cells = {name: line.cells[at] for name, at in self.header.positions.items()}
            self.out.check(self.table, self.table_id, line.source, cells)
            self.out.add(self.table, self.table_id, line.source, {"row_no": str(number), **cells})
        self.out.span(index for index, _ in self.rows)
