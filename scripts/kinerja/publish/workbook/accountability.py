"""The sheet of the accountability evaluation."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from .cells import Column, Sheet, add_table, rows_of


def add(book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection) -> Sheet:
    """A row per component of a region and edition; a component is weighted already."""
    rows = rows_of(
        connection,
        """
        select
            concat(regions.region_name, ' ', accountability.edition_year) as choice,
            accountability.edition_year, regions.region_name, components.label_id,
            components.label_en, accountability.weight, score, total, predicate,
            predicate_recomputed
        from marts.accountability
        left join marts.regions using (region_code)
        left join marts.score_components as components
            on components.instrument = 'accountability'
            and components.edition_year = accountability.edition_year
            and components.component_code = accountability.component_code
        order by accountability.edition_year desc, regions.region_name, components.sort_order
        """,
    )
    add_table(
        book,
        formats,
        "Akuntabilitas",
        "Evaluasi akuntabilitas kinerja",
        "Nilai komponen sudah berbobot: nilai akhir adalah jumlahnya. / Components are weighted "
        "already: the total is their sum.",
        [
            Column("Daerah dan edisi", "region, edition", 26),
            Column("Edisi", "edition", 7, "count"),
            Column("Daerah", "region", 26),
            Column("Komponen", "component (id)", 34),
            Column("Komponen (Inggris)", "component", 30),
            Column("Bobot", "weight", 8, "weight"),
            Column("Nilai", "score", 9, "score"),
            Column("Nilai akhir", "total, published", 10, "score"),
            Column("Predikat", "predicate, published", 10),
            Column("Predikat menurut nilai", "predicate, by bands", 12),
        ],
        rows,
    )
    return Sheet("Akuntabilitas", rows)
