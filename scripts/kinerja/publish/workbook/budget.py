"""The sheet of ceilings and realization, quarter by quarter."""

import duckdb

from kinerja.core.database import literal

from ..sheets import Book, Column, Formula, Sheet, Values, rows_of

_COLUMNS = (
    Column("agency_name", "Perangkat daerah", "agency", 32),
    Column("fiscal_year", "Tahun", "year", 8, "count"),
    Column("line_code", "Kode", "line", 8),
    Column("line", "Uraian", "program, activity, sub-activity", 66),
    Column("ceiling_rupiah", "Pagu", "ceiling", 17, "rupiah"),
    Column("q1_rupiah", "Triwulan I", "quarter 1", 16, "rupiah"),
    Column("q2_rupiah", "Triwulan II", "quarter 2", 16, "rupiah"),
    Column("q3_rupiah", "Triwulan III", "quarter 3", 16, "rupiah"),
    Column("q4_rupiah", "Triwulan IV", "quarter 4", 16, "rupiah"),
    Column("realized_rupiah", "Jumlah", "realized", 17, "rupiah"),
    Column("realized_pct", "%", "% of ceiling", 9, "percent"),
    Column("remaining_rupiah", "Sisa", "remaining", 17, "rupiah"),
)


def add(book: Book, release: duckdb.DuckDBPyConnection) -> None:
    """A row per budget line of a form; sum, share and remainder are formulas."""
    forms = rows_of(
        release,
        """
        select distinct agency_code, agency_name, fiscal_year
        from marts.budget_realization left join marts.agencies using (agency_code)
        order by all
        """,
    )
    rows: list[Values] = []
    for form in forms:
        tree = f"from budget_tree({literal(form['agency_code'])}, {form['fiscal_year']})"
        rows += [{**form, **row} for row in rows_of(release, tree)]
    sheet = Sheet("Anggaran", _COLUMNS, rows)
    for index, row in enumerate(rows):
        if row["realized_rupiah"] is None:
            row["remaining_rupiah"] = row["realized_pct"] = None
            continue
        first, last, ceiling, realized = (
            sheet.cell(name, index)
            for name in ("q1_rupiah", "q4_rupiah", "ceiling_rupiah", "realized_rupiah")
        )
        for name, text in {
            "realized_rupiah": f"=SUM({first}:{last})",
            "realized_pct": f'=IF({ceiling}=0,"",ROUND(100*{realized}/{ceiling},2))',
            "remaining_rupiah": f"={ceiling}-{realized}",
        }.items():
            row[name] = Formula(text, row[name])
    book.add(
        sheet,
        "Pagu dan realisasi anggaran / ceilings and realization",
        "Rupiah. Realisasi per triwulan; jumlah, persentase dan sisa adalah rumus, kosong bila ada "
        "triwulan yang hilang. / Rupiah, by quarter; empty where a quarter is lost.",
    )
