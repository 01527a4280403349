"""The score trees of a release, as a sheet that formulas look weights, scales and steps up in."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from ..sheets import Book, Column, Sheet, Values, rows_of

# A sheet as wide as this can still be read on paper: levels below the first are left out beyond.
MOST_SCORES = 24
# Factors are whole numbers of these: two weights of four decimals.
UNITS_OF_FACTORS = 100_000_000

_COLUMNS = (
    Column("key", "Kunci", "key", 40),
    Column("instrument", "Evaluasi", "evaluation", 20),
    Column("edition_year", "Edisi", "edition", 8, "count"),
    Column("component_code", "Kode", "code", 34),
    Column("label_id", "Komponen", "component (id)", 44),
    Column("label_en", "Komponen (Inggris)", "component", 44),
    Column("parent_code", "Induk", "parent", 22),
    Column("counted_into", "Dihitung ke dalam", "counted into", 22),
    Column("aggregation", "Cara hitung", "computed as", 15),
    Column("weight", "Bobot", "weight", 8, "weight"),
    Column("counted_with", "Pengali", "counts with", 9, "factor"),
    Column("score_min", "Terendah", "lowest", 10, "score"),
    Column("score_max", "Tertinggi", "highest", 10, "score"),
    Column("printed_step", "Langkah cetak", "printed step", 9, "score"),
    Column("effective_step", "Langkah hitung", "step computed with", 10, "score"),
)


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
    rows = rows_of(
        release,
        """
        with printed as (
            select distinct instrument, component_code, true as is_printed
            from marts.index_scores
            where score_printed is not null
        )

        select
            concat_ws(' ', instrument, edition_year, component_code) as key,
            components.*,
            is_printed
        from marts.score_components as components
        left join printed using (instrument, component_code)
        order by instrument, edition_year desc, sort_order, component_code
        """,
    )
    return Trees(Sheet("Komponen", _COLUMNS, rows))


def add(book: Book, trees: Trees) -> None:
    """Write their sheet."""
    book.add(
        trees.sheet,
        "Komponen penilaian / components of the evaluations",
        "Suatu nilai adalah jumlah nilai di bawahnya kali pengali, dibagi jumlah pengali kecuali "
        "pada penjumlahan. / A score is the sum of those below it times what they count with, "
        "divided by the sum of these unless it only adds up.",
    )


def whole(step: Decimal) -> int:
    """How many steps make 1: scores times this are whole numbers."""
    return int(1 / step)


def half_up(value: Decimal | None, step: Decimal) -> Decimal | None:
    """A recomputed score at its printed step, for the stored result of a formula."""
    if value is None:
        return None
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
