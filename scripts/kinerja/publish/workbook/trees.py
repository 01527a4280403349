"""The score trees of a release, as a sheet that formulas look weights, scales and steps up in."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from ..sheets import Sheet, Values, declared, rows_of

# A sheet as wide as this can still be read on paper: levels below the first are left out beyond.
MOST_SCORES = 24
# Factors are whole numbers of these: two weights of four decimals.
UNITS_OF_FACTORS = 100_000_000


@dataclass(frozen=True)
class Trees:
    """Every component of every edition. A key is "instrument edition component"."""

    sheet: Sheet

    def shown(self, instrument: str) -> list[Values]:
        """The printed components of a sheet, level by level from the total down, the last first."""
        last: dict[str, Values] = {}
        for row in self.sheet.rows:
            if row["instrument"] == instrument and row["is_printed"]:
                last.setdefault(row["component_code"], row)
        shown: list[Values] = []
        for depth in sorted({row["component_depth"] for row in last.values()}):
            level = [row for row in last.values() if row["component_depth"] == depth]
            if depth > 1 and len(shown) + len(level) > MOST_SCORES:
                break
            shown += level
        return shown

    def below(self, parent: Values, edition: int) -> list[tuple[int, Values]]:
        """The components that one is computed from in an edition, with the index of their rows."""
        wanted = (parent["instrument"], edition, parent["component_code"])
        return [
            (index, row)
            for index, row in enumerate(self.sheet.rows)
            if (row["instrument"], row["edition_year"], row["counted_into"]) == wanted
        ]

    def place(self, component: Values, edition: int) -> int | None:
        """The number of a component's row in an edition, as formulas count."""
        key = f"{component['instrument']} {edition} {component['component_code']}"
        return next((at for at, row in enumerate(self.sheet.rows, 1) if row["key"] == key), None)


def read(release: duckdb.DuckDBPyConnection) -> Trees:
    """A row per component and edition."""
    return Trees(declared("trees", rows_of(release, "trees")))


def whole(step: Decimal) -> int:
    """How many steps make 1: scores times this are whole numbers."""
    return int(1 / step)


def half_up(value: Decimal | None, step: Decimal) -> Decimal | None:
    """A recomputed score at its printed step, for the stored result of a formula."""
    if value is None:
        return None
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
