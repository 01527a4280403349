"""The sheet of the public service index."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from .cells import FIRST, VERDICTS, Column, Formula, Sheet, add_table, half_up, rows_of


def add(book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection) -> Sheet:
    """A row per region and edition; the recomputed index is a formula over its units."""
    rows = rows_of(
        connection,
        """
        select
            concat(regions.region_name, ' ', public_service.edition_year) as choice,
            public_service.edition_year,
            case public_service.peer_group
                when 'province' then 'provinsi'
                when 'city' then 'kota'
                when 'regency' then 'kabupaten'
                else 'tidak dievaluasi'
            end as kind,
            public_service.rank, region_code, regions.region_name, regions.province_name,
            social_service, hospital, third_unit, index_published, index_recomputed,
            verdicts.verdict, grade_published, grade_recomputed
        from marts.public_service
        left join marts.regions using (region_code)
        left join marts.reconciliation as verdicts
            on verdicts.rule_id = 'public_service.unit_mean'
            and verdicts.document_id = public_service.document_id
            and verdicts.subject_code = public_service.region_code
        order by
            public_service.edition_year desc, public_service.peer_group nulls last,
            public_service.rank nulls last, regions.region_name
        """,
    )
    shown = []
    for number, row in enumerate(rows, start=FIRST + 1):
        *start, recomputed, verdict, published_grade, recomputed_grade = row
        cells = f"H{number}:J{number}"
        formula = (
            Formula(f"=ROUND(ROUND(SUM({cells})*100,0)/COUNT({cells}),0)/100", half_up(recomputed))
            if recomputed is not None
            else None
        )
        shown.append(
            [*start, formula, VERDICTS.get(str(verdict)), published_grade, recomputed_grade]
        )
    add_table(
        book,
        formats,
        "Pelayanan publik",
        "Indeks pelayanan publik",
        "Indeks adalah rata-rata unit yang dievaluasi. / The index is the mean of the units that "
        "were evaluated.",
        [
            Column("Daerah dan edisi", "region, edition", 32),
            Column("Edisi", "edition", 7, "count"),
            Column("Kelompok", "group", 15),
            Column("Peringkat", "rank", 9, "count"),
            Column("Kode", "code", 8),
            Column("Daerah", "region", 30),
            Column("Provinsi", "province", 24),
            Column("Dinas sosial", "social service", 9, "score"),
            Column("RSUD", "hospital", 9, "score"),
            Column("Samsat / Disdukcapil", "third unit", 11, "score"),
            Column("Indeks", "index, published", 10, "score"),
            Column("Hitung ulang", "index, recomputed", 11, "score"),
            Column("Putusan", "verdict", 18),
            Column("Mutu", "grade, published", 9),
            Column("Mutu menurut indeks", "grade, by bands", 11),
        ],
        shown,
    )
    return Sheet("Pelayanan publik", rows)
