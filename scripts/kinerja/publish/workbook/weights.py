"""The sheet of weights, which the formulas of smart city multiply with."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from kinerja.core.database import Row

from .cells import FIRST, Column, Sheet, add_table, rows_of

DIMENSIONS = ("baseline", "output", "quick_win", "impact", "outcome")


def add(book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection) -> Sheet:
    """A row per edition of smart city, a column per dimension."""
    rows = _weight_rows(connection)
    add_table(
        book,
        formats,
        "Bobot",
        "Bobot dimensi smart city",
        "Bobot setiap edisi berjumlah 100 %. / The weights of an edition add up to 100 %.",
        [
            Column("Edisi", "edition", 9, "count"),
            *(Column(name, name, 11, "weight") for name in DIMENSIONS),
        ],
        rows,
    )
    return Sheet("Bobot", rows)


def lines_of_editions(connection: duckdb.DuckDBPyConnection) -> dict[object, int]:
    """Edition → its line in the sheet of weights, as a spreadsheet counts."""
    rows = _weight_rows(connection)
    return {row[0]: number for number, row in enumerate(rows, start=FIRST + 1)}


def _weight_rows(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    return rows_of(
        connection,
        "select edition_year, "
        + ", ".join(
            f"any_value(weight) filter (where component_code = '{name}')" for name in DIMENSIONS
        )
        + " from marts.score_components where instrument = 'smart_city' "
        "and component_level = 'dimension' group by edition_year order by edition_year desc",
    )
