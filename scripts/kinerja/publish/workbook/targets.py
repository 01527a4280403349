"""The sheet of targets and what was achieved."""

import duckdb

from ..sheets import Book, Column, Sheet, rows_of


def add(book: Book, release: duckdb.DuckDBPyConnection) -> None:
    """A row per indicator and quarter."""
    rows = rows_of(
        release,
        """
        from marts.target_achievement
        left join marts.agencies using (agency_code)
        order by agency_name, fiscal_year, indicator_name, quarter
        """,
    )
    columns = (
        Column("agency_name", "Perangkat daerah", "agency", 32),
        Column("fiscal_year", "Tahun", "year", 8, "count"),
        Column("quarter", "Triwulan", "quarter", 9, "count"),
        Column("indicator_name", "Indikator", "indicator", 52),
        Column("target", "Target", "target", 10, "score"),
        Column("realization", "Realisasi", "realization", 10, "score"),
        Column("achievement_pct_published", "Capaian %", "achievement, published", 12, "percent"),
        Column("achievement_pct", "Hitung ulang %", "achievement, recomputed", 12, "percent"),
        Column("is_capped", "Dibatasi", "capped", 9),
        Column("source_line", "Baris naskah", "line of the text", 9),
    )
    book.add(
        Sheet("Sasaran", columns, rows),
        "Target dan capaian / targets and achievement",
        "Capaian tercetak dapat dibatasi pada 100 %. / The printed achievement may be capped at "
        "100 %.",
    )
