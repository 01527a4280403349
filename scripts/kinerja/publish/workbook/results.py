"""The results of one evaluation, whichever it is: a row per region and edition, recomputed."""

from dataclasses import dataclass
from math import lcm

import duckdb

from kinerja.core.database import literal
from kinerja.core.sql import macro

from .. import labels
from ..changes import QUERIES
from ..sheets import VERDICTS, Book, Column, Formula, Sheet, Values, rows_of
from .trees import UNITS_OF_FACTORS, Trees, half_up, whole

_KINDS = {"province": "provinsi", "regency": "kabupaten", "city": "kota"}


@dataclass(frozen=True)
class Results:
    """The sheet of an evaluation, its components, and those of them that follow from others."""

    sheet: Sheet
    shown: list[Values]
    parents: list[Values]


def add(book: Book, release: duckdb.DuckDBPyConnection, trees: Trees, instrument: str) -> Results:
    """Scores of the total and the levels below as printed, ranks, doubt, and where it is printed.

    What follows from scores beside it is a formula.
    """
    shown = trees.shown(instrument)
    above = {row["counted_into"] for row in shown}
    parents = [row for row in shown if row["component_code"] in above]
    rows = _regions(release, instrument, [row["component_code"] for row in shown])
    beside = _beside_the_tree(release, instrument, rows)
    sheet = Sheet(_name(instrument), [*_WHO, *_scores(shown, parents), *beside, *_WHERE], rows)
    for index, row in enumerate(rows):
        for code, score in row["scores"].items():
            row[f"{code} printed"] = score["printed"]
        for parent in parents:
            score = row["scores"].get(parent["component_code"])
            if score is not None:
                row[f"{parent['component_code']} verdict"] = VERDICTS.get(score["verdict"])
                if score["recomputed"] is not None:
                    formula = _recomputed(trees, sheet, index, parent)
                    value = half_up(score["recomputed"], parent["printed_step"])
                    row[f"{parent['component_code']} recomputed"] = Formula(formula, value)
    book.add(
        sheet,
        f"{shown[0]['label_id']} / {shown[0]['label_en']}",
        "Nilai seperti tercetak; kolom hitung ulang adalah rumus. / Scores as printed; the "
        "recomputed columns are formulas.",
    )
    return Results(sheet, shown, parents)


_WHO = (
    Column("choice", "Daerah dan edisi", "region, edition", 32),
    Column("edition_year", "Edisi", "edition", 8, "count"),
    Column("kind", "Kelompok", "group", 11),
    Column("rank_among_all", "Peringkat di antara semua", "rank among all", 10, "count"),
    Column("rank", "Peringkat dalam kelompok", "rank in its group", 10, "count"),
    Column("rank_best", "Paling baik karena pembulatan", "best by rounding", 11, "count"),
    Column("rank_worst", "Paling buruk karena pembulatan", "worst by rounding", 11, "count"),
    Column("region_code", "Kode", "code", 8),
    Column("province_name", "Provinsi", "province", 22),
)
_WHERE = (
    Column("document_id", "Dokumen", "document", 24),
    Column("row_no", "Baris tabel", "row of the table", 8, "count"),
    Column("source_line", "Baris naskah", "line of the text", 9),
)


def _scores(shown: list[Values], parents: list[Values]) -> list[Column]:
    """The components below each parent, then what the parent itself is and should be."""
    columns = []
    for parent in parents:
        code, label_id, label_en = parent["component_code"], parent["label_id"], parent["label_en"]
        below = [row for row in shown if row["counted_into"] == code]
        own = [parent] if parent is shown[0] else []
        columns += [
            Column(
                f"{row['component_code']} printed", row["label_id"], row["label_en"], 12, "score"
            )
            for row in (*below, *own)
        ]
        again_id, again_en = f"{label_id}, hitung ulang", f"{label_en}, recomputed"
        columns.append(Column(f"{code} recomputed", again_id, again_en, 12, "score"))
        columns.append(Column(f"{code} verdict", "Putusan", "verdict", 18))
    return columns


def _regions(release: duckdb.DuckDBPyConnection, instrument: str, shown: list[str]) -> list[Values]:
    """A row per region and edition of a document, with `scores` by component."""
    rows = rows_of(
        release,
        f"""
        with results as (
            select
                document_id, edition_year, region_code,
                map_from_entries(list((component_code, {{
                    'printed': score_published, 'recomputed': score_recomputed, 'verdict': verdict
                }}))) as scores,
                -- Where the total is printed, else the first of its parts.
                arg_min(row_no, (component_depth, row_no)) as row_no,
                arg_min(source_line, (component_depth, row_no)) as source_line
            from marts.index_scores
            inner join marts.score_components using (instrument, edition_year, component_code)
            where
                instrument = {literal(instrument)}
                and component_code in ({", ".join(map(literal, shown))})
            group by document_id, edition_year, region_code
        )

        select
            concat_ws(
                ' ', region_name, edition_year,
                if(count(*) over (partition by region_code, edition_year) > 1, document_id, null)
            ) as choice,
            results.*, region_type, region_name, province_name,
            of_all.rank as rank_among_all, of_kind.rank, of_kind.rank_best, of_kind.rank_worst
        from results
        left join marts.regions using (region_code)
        left join (from marts.index_rankings where peer_group = 'all') as of_all
            using (document_id, edition_year, region_code)
        left join (select * rename (peer_group as region_type) from marts.index_rankings) as of_kind
            using (document_id, edition_year, region_code, region_type)
        order by results.edition_year desc, of_all.rank nulls last, region_name, document_id
        """,
    )
    return [{**row, "kind": _KINDS.get(row["region_type"])} for row in rows]


def _beside_the_tree(
    release: duckdb.DuckDBPyConnection, instrument: str, rows: list[Values]
) -> list[Column]:
    """Put the grades and differences of each region into its row; give their columns."""
    found = rows_of(
        release,
        f"""
        select
            document_id, edition_year, region_code, table_id, column_name, component_code,
            published, recomputed, published_text, recomputed_text
        from ({macro(QUERIES, "beside_the_tree", "release")})
        where instrument = {literal(instrument)}
        order by component_code
        """,
    )
    by_region: dict[tuple[object, ...], Values] = {_region(row): row for row in rows}
    columns: dict[str, Column] = {}
    for figure in found:
        code, row = figure["component_code"], by_region.get(_region(figure))
        if row is None:
            continue
        is_grade = figure["recomputed_text"] is not None
        pair = ("published_text", "recomputed_text") if is_grade else ("published", "recomputed")
        row[f"{code} figure"], row[f"{code} checked"] = (figure[name] for name in pair)
        if code not in columns:
            place = (instrument, figure["table_id"], figure["column_name"])
            label = labels.of_column(*place, {})
            kind = "text" if is_grade else "score"
            for name, indonesian, english in (
                ("figure", label.id, label.en),
                ("checked", f"{label.id}, menurut nilai", f"{label.en}, by the scores"),
            ):
                column = Column(f"{code} {name}", indonesian, english, 11, kind)
                columns[column.name] = column
    return list(columns.values())


def _region(row: Values) -> tuple[object, ...]:
    return row["document_id"], row["edition_year"], row["region_code"]


def _recomputed(trees: Trees, sheet: Sheet, index: int, parent: Values) -> str:
    """What follows from the printed scores beside it, half up.

    In whole numbers before they are divided: half a step is then exactly half.
    """
    steps = units = whole(parent["printed_step"])
    total, divisor = [], []
    for place, row in trees.below(parent, sheet.rows[index]["edition_year"]):
        if row["is_printed"]:
            score = sheet.cell(f"{row['component_code']} printed", index)
            factor = f"{trees.sheet.name}!{trees.sheet.cell('counted_with', place)}"
            total.append(f"{score}*{factor}")
            divisor.append(f"ISNUMBER({score})*{factor}")
            units = lcm(units, whole(row["printed_step"]))
    by = "1" if parent["aggregation"] == "sum" else "+".join(divisor)
    return (
        f"=ROUND(ROUND(({'+'.join(total)})*{UNITS_OF_FACTORS * units},0)"
        f"/(ROUND(({by})*{UNITS_OF_FACTORS},0)*{units // steps}),0)/{steps}"
    )


def _name(instrument: str) -> str:
    """A name that spreadsheets allow."""
    return instrument.replace("_", " ").title()[:31]
