"""The sheet of targets and what was achieved."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from .cells import Column, add_table, rows_of


def add(book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection) -> None:
    """A row per indicator and quarter."""
    rows = rows_of(
        connection,
        """
        select
            agency_name, fiscal_year, quarter, indicator_name, target, realization,
            achievement_pct_published, achievement_pct, is_capped
        from marts.target_achievement
        left join marts.agencies using (agency_code)
        order by agency_name, fiscal_year, indicator_name, quarter
        """,
    )
    add_table(
        book,
        formats,
        "Sasaran",
        "Target dan capaian",
        "Capaian tercetak dapat dibatasi pada 100 %. / The printed achievement may be capped at "
        "100 %.",
        [
            Column("Perangkat daerah", "agency", 32),
            Column("Tahun", "year", 7, "count"),
            Column("Triwulan", "quarter", 9, "count"),
            Column("Indikator", "indicator", 52),
            Column("Target", "target", 10, "score"),
            Column("Realisasi", "realization", 10, "score"),
            Column("Capaian tercetak %", "achievement, published", 12, "percent"),
            Column("Capaian hitung ulang %", "achievement, recomputed", 12, "percent"),
            Column("Dibatasi", "capped", 9),
        ],
        rows,
    )
