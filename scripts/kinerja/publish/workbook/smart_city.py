"""The sheet of the smart city evaluation."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from .cells import FIRST, VERDICTS, Column, Formula, Sheet, add_table, half_up, rows_of
from .weights import lines_of_editions


def add(book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection) -> Sheet:
    """A row per region and edition; the recomputed final is a formula over its dimensions."""
    rows = rows_of(
        connection,
        """
        select
            concat(regions.region_name, ' ', smart_city.edition_year) as choice,
            smart_city.edition_year, smart_city.rank, region_code, regions.region_name,
            regions.province_name, baseline, output, quick_win, impact, outcome,
            final_score, final_score_recomputed, verdicts.verdict, previous_score, improvement
        from marts.smart_city
        left join marts.regions using (region_code)
        left join marts.reconciliation as verdicts
            on verdicts.rule_id = 'smart_city.weighted_final'
            and verdicts.document_id = smart_city.document_id
            and verdicts.subject_code = smart_city.region_code
        order by smart_city.edition_year desc, smart_city.rank nulls last, regions.region_name
        """,
    )
    editions = lines_of_editions(connection)
    shown = []
    for number, row in enumerate(rows, start=FIRST + 1):
        *start, published, recomputed, verdict, previous, improvement = row
        line = editions.get(row[1])
        formula = (
            Formula(
                f"=ROUND(ROUND(SUMPRODUCT(G{number}:K{number},"
                f"Bobot!$B${line}:$F${line})*10000,0)/100,0)/100",
                half_up(recomputed),
            )
            if recomputed is not None and line is not None
            else None
        )
        shown.append(
            [*start, published, formula, VERDICTS.get(str(verdict)), previous, improvement]
        )
    add_table(
        book,
        formats,
        "Smart City",
        "Evaluasi smart city",
        "Nilai seperti tercetak; kolom hitung ulang adalah rumus. / Scores as printed; the "
        "recomputed column is a formula.",
        [
            Column("Daerah dan edisi", "region, edition", 30),
            Column("Edisi", "edition", 7, "count"),
            Column("Peringkat", "rank", 9, "count"),
            Column("Kode", "code", 8),
            Column("Daerah", "region", 27),
            Column("Provinsi", "province", 22),
            Column("Baseline", "baseline", 9, "score"),
            Column("Output", "output", 9, "score"),
            Column("Quick Win", "quick win", 9, "score"),
            Column("Impact", "impact", 9, "score"),
            Column("Outcome", "outcome", 9, "score"),
            Column("Nilai akhir", "final, published", 10, "score"),
            Column("Hitung ulang", "final, recomputed", 10, "score"),
            Column("Putusan", "verdict", 18),
            Column("Nilai tahun lalu", "previous year", 10, "score"),
            Column("Peningkatan", "improvement", 11, "change"),
        ],
        shown,
    )
    return Sheet("Smart City", rows)
