"""A form beside that of the quarter before: whether its realizations are the quarter's own.

A form that cumulates without saying so would be summed up again. Its figures tell: no line falls,
or a line and its quarter before are more than its ceiling.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kinerja.instruments.declarations import Table

_ENOUGH = 3
"""So many lines that all grow may be chance; a question costs less than sums that are wrong."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How many lines of two quarters grew, fell, and are together above their ceiling."""

    grew: int
    fell: int
    over: int

    @property
    def looks_cumulative(self) -> bool:
        """Whether the later form's realizations contain the earlier's."""
        return not self.fell and (self.over > 0 or self.grew >= _ENOUGH)


def growth(
    table: Table, rows: Iterable[Sequence[str]], before: bytes, units: tuple[int, int]
) -> Growth:
    """Compare the lines that both forms print once; `units` are rupiah per unit, now and before."""
    now = _by_name([dict(zip(table.names, row, strict=True)) for row in rows])
    text = io.StringIO(before.decode("utf-8"), newline="")
    then = _by_name(list(csv.DictReader(text, table.names)))
    grew = fell = over = 0
    for name in now.keys() & then.keys():
        (ceiling, realized), (_, realized_before) = now[name], then[name]
        ceiling, realized = ceiling * units[0], realized * units[0]
        realized_before *= units[1]
        grew += realized > realized_before
        fell += realized < realized_before
        over += realized_before > 0 and realized + realized_before > ceiling > 0
    return Growth(grew, fell, over)


def _by_name(rows: Sequence[Mapping[str, str]]) -> dict[str, tuple[int, int]]:
    """Ceiling and realization of each line whose name stands once."""
    names = [row["line_name"] for row in rows]
    return {
        row["line_name"]: (_amount(row["ceiling"]), _amount(row["realization"]))
        for row in rows
        if names.count(row["line_name"]) == 1
    }


def _amount(printed: str) -> int:
    digits = "".join(filter(str.isdigit, printed.partition(",")[0]))
    return int(digits or 0)
