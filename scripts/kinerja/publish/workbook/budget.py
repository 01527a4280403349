"""The sheet of ceilings and realization, quarter by quarter."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from kinerja.core.database import literal

from .cells import AT_MOST, FIRST, Column, Formula, add_table, rows_of


def add(book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection) -> None:
    """A row per budget line of a form; sum, share and remainder are formulas."""
    forms = rows_of(
        connection,
        "select distinct agency_code, agency_name, fiscal_year "
        "from marts.budget_realization left join marts.agencies using (agency_code) order by all",
    )
    shown: list[list[object]] = []
    for agency, name, year in forms:
        for row in connection.execute(
            "select line_code, line, ceiling_rupiah, q1_rupiah, q2_rupiah, q3_rupiah, q4_rupiah, "
            f"realized_rupiah, realized_pct, remaining_rupiah "
            f"from budget_tree({literal(str(agency))}, {int(str(year))})"
        ).fetchall()[: AT_MOST - len(shown)]:
            number = FIRST + 1 + len(shown)
            code, line, ceiling, *quarters, realized, share, remaining = row
            live: list[Formula | None] = (
                [
                    Formula(f"=SUM(F{number}:I{number})", realized),
                    Formula(f'=IF(E{number}=0,"",ROUND(100*J{number}/E{number},2))', share),
                    Formula(f"=E{number}-J{number}", remaining),
                ]
                if realized is not None
                else [None, None, None]
            )
            shown.append([name, year, code, line, ceiling, *quarters, *live])
    add_table(
        book,
        formats,
        "Anggaran",
        "Pagu dan realisasi anggaran",
        "Rupiah. Realisasi per triwulan; jumlah, persentase dan sisa adalah rumus, kosong bila ada "
        "triwulan yang hilang. / Rupiah, by quarter; empty where a quarter is lost.",
        [
            Column("Perangkat daerah", "agency", 32),
            Column("Tahun", "year", 7, "count"),
            Column("Kode", "line", 8),
            Column("Uraian", "program, activity, sub-activity", 66),
            Column("Pagu", "ceiling", 17, "rupiah"),
            Column("Triwulan I", "quarter 1", 16, "rupiah"),
            Column("Triwulan II", "quarter 2", 16, "rupiah"),
            Column("Triwulan III", "quarter 3", 16, "rupiah"),
            Column("Triwulan IV", "quarter 4", 16, "rupiah"),
            Column("Jumlah", "realized", 17, "rupiah"),
            Column("%", "% of ceiling", 8, "percent"),
            Column("Sisa", "remaining", 17, "rupiah"),
        ],
        shown,
    )
