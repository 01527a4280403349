"""The workbook for officials: one readable sheet per evaluation, and a sheet that recomputes.

Figures stand as the documents print them; what is recomputed is a formula over the cells beside
it. A spreadsheet counts in binary, so formulas round to whole hundredths before they divide: half
a hundredth then rounds up, as in the warehouse. Every formula is stored with its result, for
programs that show a workbook without calculating it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from .database import Row, explained, literal
from .errors import CannotPublishError

# More rows than this no person reads; the CSV and Parquet files have them all.
AT_MOST = 50_000

DIMENSIONS = ("baseline", "output", "quick_win", "impact", "outcome")
UNITS = ("Dinas sosial", "RSUD", "Samsat (provinsi) / Disdukcapil (kabupaten, kota)")

VERDICTS = {
    "exact": "tepat",
    "within_rounding": "dalam pembulatan",
    "within_bounds": "mungkin",
    "outside": "TIDAK COCOK",
    "not_computable": "tidak dapat dihitung",
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet: headings in both languages, width in characters, kind of format."""

    indonesian: str
    english: str
    width: int
    kind: str = "text"


@dataclass(frozen=True)
class Formula:
    """A live cell, and its result."""

    text: str
    value: object


# Sheets begin with a title, a sentence, and two rows of headings.
_FIRST = 4


def write(database: Path, file: Path) -> None:
    """Write the workbook of a release. Raises CannotPublishError when it cannot be written."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        book = xlsxwriter.Workbook(str(file), {"in_memory": False})
        book.set_calc_mode("auto")
        formats = _formats(book)
        release = _one(
            connection,
            "select version, strftime(published_at, '%Y-%m-%d %H:%M') from marts.releases "
            "order by release_no desc limit 1",
        )
        book.set_properties(
            {
                "title": f"Kinerja {release[0]}",
                "subject": "Evaluasi kinerja pemerintahan / performance evaluations",
                "comments": "Recomputed cells are formulas; see the sheet Pemeriksa.",
            }
        )
        _read_me(book, formats, connection, release)
        auditor = book.add_worksheet("Pemeriksa")
        smart_city = _smart_city(book, formats, connection)
        public_service = _public_service(book, formats, connection)
        accountability = _accountability(book, formats, connection)
        _budget(book, formats, connection)
        _targets(book, formats, connection)
        weights = _weights(book, formats, connection)
        _auditor(auditor, book, formats, smart_city, public_service, accountability, weights)
        book.close()
    except duckdb.Error as error:
        raise CannotPublishError(explained(error, database)) from None
    finally:
        connection.close()


def _formats(book: Workbook) -> dict[str, Format]:
    made = {
        "title": {"bold": True, "font_size": 14},
        "note": {"italic": True, "font_color": "#555555"},
        "head": {
            "bold": True,
            "bg_color": "#1F4E5F",
            "font_color": "white",
            "text_wrap": True,
            "valign": "top",
            "border": 1,
            "border_color": "#FFFFFF",
        },
        "head_en": {"italic": True, "bg_color": "#DCE8EC", "text_wrap": True, "valign": "top"},
        "text": {},
        "score": {"num_format": "0.00"},
        "weight": {"num_format": "0%"},
        "percent": {"num_format": "0.00"},
        "count": {"num_format": "0"},
        "rupiah": {"num_format": "#,##0"},
        "change": {"num_format": "+0.00;-0.00;0.00"},
        "product": {"num_format": "0.0000"},
        "label": {"bold": True},
        "choose": {"bold": True, "bg_color": "#FFF2CC", "border": 2},
        "total": {"bold": True, "num_format": "0.00", "top": 1},
        "total_text": {"bold": True, "top": 1},
        "bad": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
        "good": {"font_color": "#1E6B2B", "bg_color": "#D5EEDA"},
        "wrap": {"text_wrap": True, "valign": "top"},
    }
    return {name: book.add_format(properties) for name, properties in made.items()}


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    return connection.execute(f"{query} limit {AT_MOST}").fetchall()


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Row:
    row: Row | None = connection.execute(query).fetchone()
    assert row is not None
    return row


def _cell(
    sheet: Worksheet, row: int, column: int, value: object, style: Format | None = None
) -> None:
    """Write one value; a missing one stays an empty cell."""
    if value is None:
        return
    if isinstance(value, Formula):
        result = value.value
        stored = float(result) if isinstance(result, Decimal) else result
        sheet.write_formula(row, column, value.text, style, "" if stored is None else stored)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "ya" if value else "tidak", style)
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(row, column, float(value), style)
    else:
        sheet.write_string(row, column, str(value), style)


def _table(
    book: Workbook,
    formats: dict[str, Format],
    name: str,
    title: str,
    note: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
) -> Worksheet:
    """A sheet with a title, a sentence, headings in both languages, filters, fit for printing."""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, title, formats["title"])
    if len(rows) == AT_MOST:
        note += f" Hanya {AT_MOST} baris pertama; selebihnya di berkas CSV dan Parquet."
    sheet.write_string(1, 0, note, formats["note"])
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(2, index, column.indonesian, formats["head"])
        sheet.write_string(3, index, column.english, formats["head_en"])
    for number, row in enumerate(rows, start=_FIRST):
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            _cell(sheet, number, index, value, formats[column.kind])
    last = max(_FIRST, _FIRST + len(rows) - 1)
    sheet.autofilter(3, 0, last, len(columns) - 1)
    sheet.freeze_panes(_FIRST, 1)
    _fit(sheet)
    sheet.repeat_rows(2, 3)
    sheet.conditional_format(
        _FIRST,
        0,
        last,
        len(columns) - 1,
        {
            "type": "cell",
            "criteria": "==",
            "value": f'"{VERDICTS["outside"]}"',
            "format": formats["bad"],
        },
    )
    return sheet


def _half_up(value: object) -> Decimal | None:
    """A recomputed score at two decimals, for the stored result of a formula."""
    if not isinstance(value, Decimal):
        return None
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _read_me(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection, release: Row
) -> None:
    sheet = book.add_worksheet("Baca dahulu")
    _fit(sheet)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 78)
    sheet.set_column(2, 2, 34)
    sheet.set_column(3, 3, 14)
    sheet.write_string(0, 0, f"Kinerja, rilis {release[0]}", formats["title"])
    sheet.write_string(1, 0, f"Terbit / published {release[1]} UTC", formats["note"])
    lines = [
        (
            "Pemeriksa",
            "Pilih daerah; nilai akhirnya dihitung ulang dari nilai dimensinya. / "
            "Choose a region; its final is recomputed from its dimensions.",
        ),
        ("Smart City", "Hasil evaluasi smart city. / Smart city results."),
        ("Pelayanan publik", "Indeks pelayanan publik. / Public service index."),
        ("Akuntabilitas", "Evaluasi akuntabilitas kinerja (AKIP). / Performance accountability."),
        ("Anggaran", "Pagu dan realisasi per triwulan, rupiah. / Ceilings and realization."),
        ("Sasaran", "Target dan capaian. / Targets and achievement."),
        ("Bobot", "Bobot dimensi per edisi. / Weights of the dimensions by edition."),
        (
            "tepat / exact",
            "Hasil hitung ulang, dibulatkan, sama dengan angka terbitan. / "
            "The recomputed figure, rounded, is the published one.",
        ),
        (
            "dalam pembulatan / within rounding",
            "Berbeda, tetapi pembulatan masukannya dapat menjelaskannya. / "
            "It differs, but rounding of its inputs can explain it.",
        ),
        (
            "mungkin / within bounds",
            "Masukan tidak lengkap; angka terbitan masih mungkin. / "
            "Inputs are missing; the published figure is possible.",
        ),
        (
            "TIDAK COCOK / outside",
            "Tidak mungkin dari masukan yang tercetak. / Impossible from the printed inputs.",
        ),
    ]
    for number, (name, text) in enumerate(lines, start=3):
        sheet.write_string(number, 0, name, formats["label"])
        sheet.write_string(number, 1, text, formats["wrap"])
    start = len(lines) + 4
    for index, heading in enumerate(("Dokumen / document", "Judul", "Penerbit / issuer", "Tahun")):
        sheet.write_string(start, index, heading, formats["head"])
    documents = _rows(
        connection,
        "select coalesce(number, document_id), title, issuer, edition_year "
        "from marts.documents order by document_id",
    )
    for number, row in enumerate(documents, start=start + 1):
        for index, value in enumerate(row):
            _cell(sheet, number, index, value, formats["count" if index == 3 else "wrap"])


@dataclass(frozen=True)
class Sheet:
    """A written sheet that the auditor's sheet looks up: its rows, as they were queried."""

    name: str
    rows: list[Row]

    def column(self, letter: str) -> str:
        """The cells of a column, as an absolute range."""
        last = _FIRST + max(1, len(self.rows))
        return f"'{self.name}'!${letter}${_FIRST + 1}:${letter}${last}"


def _smart_city(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection
) -> Sheet:
    rows = _rows(
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
    editions = _editions(connection)
    shown = []
    for number, row in enumerate(rows, start=_FIRST + 1):
        *start, published, recomputed, verdict, previous, improvement = row
        line = editions.get(row[1])
        formula = (
            Formula(
                f"=ROUND(ROUND(SUMPRODUCT(G{number}:K{number},"
                f"Bobot!$B${line}:$F${line})*10000,0)/100,0)/100",
                _half_up(recomputed),
            )
            if recomputed is not None and line is not None
            else None
        )
        shown.append(
            [*start, published, formula, VERDICTS.get(str(verdict)), previous, improvement]
        )
    _table(
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


def _public_service(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection
) -> Sheet:
    rows = _rows(
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
    for number, row in enumerate(rows, start=_FIRST + 1):
        *start, recomputed, verdict, published_grade, recomputed_grade = row
        cells = f"H{number}:J{number}"
        formula = (
            Formula(f"=ROUND(ROUND(SUM({cells})*100,0)/COUNT({cells}),0)/100", _half_up(recomputed))
            if recomputed is not None
            else None
        )
        shown.append(
            [*start, formula, VERDICTS.get(str(verdict)), published_grade, recomputed_grade]
        )
    _table(
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


def _accountability(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection
) -> Sheet:
    rows = _rows(
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
    _table(
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


def _budget(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection
) -> None:
    forms = _rows(
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
            number = _FIRST + 1 + len(shown)
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
    _table(
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


def _targets(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection
) -> None:
    rows = _rows(
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
    _table(
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


def _weight_rows(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    return _rows(
        connection,
        "select edition_year, "
        + ", ".join(
            f"any_value(weight) filter (where component_code = '{name}')" for name in DIMENSIONS
        )
        + " from marts.score_components where instrument = 'smart_city' "
        "and component_level = 'dimension' group by edition_year order by edition_year desc",
    )


def _editions(connection: duckdb.DuckDBPyConnection) -> dict[object, int]:
    """Edition → its line in the sheet of weights, as a spreadsheet counts."""
    rows = _weight_rows(connection)
    return {row[0]: number for number, row in enumerate(rows, start=_FIRST + 1)}


def _weights(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection
) -> Sheet:
    rows = _weight_rows(connection)
    _table(
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


# (sheet, formats, source, first line) → the line behind the block
_Block = Callable[[Worksheet, dict[str, Format], Sheet, int], int]


def _preferred(sheet: Sheet, needed: slice) -> Row | None:
    """The row that the auditor's sheet opens with: Kota Jambi where it is, else the first whole."""
    whole = [row for row in sheet.rows if any(value is not None for value in row[needed])]
    jambi = [row for row in whole if str(row[0]).startswith("Kota Jambi ")]
    return next(iter(jambi or whole), None)


def _auditor(
    sheet: Worksheet,
    book: Workbook,
    formats: dict[str, Format],
    smart_city: Sheet,
    public_service: Sheet,
    accountability: Sheet,
    weights: Sheet,
) -> None:
    """Three blocks, each with a drop-down: choose, look up, multiply, add, round, compare."""
    lists = book.add_worksheet("Daftar")
    lists.hide()
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, 3, 18)
    sheet.write_string(0, 0, "Lembar pemeriksa / auditor's sheet", formats["title"])
    sheet.write_string(
        1,
        0,
        "Pilih di sel kuning; semua angka lain adalah rumus. / Choose in a yellow cell; every "
        "other figure is a formula.",
        formats["note"],
    )
    _fit(sheet)
    sheet.fit_to_pages(1, 1)
    line = 3
    blocks: tuple[tuple[Sheet, _Block], ...] = (
        (smart_city, partial(_smart_city_block, weights=weights)),
        (public_service, _public_service_block),
        (accountability, _accountability_block),
    )
    for index, (source, block) in enumerate(blocks):
        choices = sorted({str(row[0]) for row in source.rows})
        if not choices:
            continue
        for number, choice in enumerate(choices):
            lists.write_string(number, index, choice)
        letter = "ABC"[index]
        sheet.data_validation(
            line + 1,
            1,
            line + 1,
            1,
            {
                "validate": "list",
                "source": f"=Daftar!${letter}$1:${letter}${len(choices)}",
                "error_title": "Kinerja",
                "error_message": "Pilih dari daftar. / Choose from the list.",
            },
        )
        line = block(sheet, formats, source, line)


def _fit(sheet: Worksheet) -> None:
    """One page wide, on A4 across."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _begin(
    sheet: Worksheet,
    formats: dict[str, Format],
    title: str,
    line: int,
    choice: object,
    headings: Sequence[str],
) -> None:
    sheet.write_string(line, 0, title, formats["label"])
    sheet.write_string(line + 1, 0, "Pilih daerah / choose a region", formats["text"])
    sheet.write_string(line + 1, 1, str(choice), formats["choose"])
    for index, heading in enumerate(headings):
        sheet.write_string(line + 2, index, heading, formats["head"])


def _lookup(source: Sheet, letter: str, choice: str) -> str:
    return f"INDEX({source.column(letter)},MATCH({choice},{source.column('A')},0))"


def _verdict(
    sheet: Worksheet,
    formats: dict[str, Format],
    line: int,
    exact: str,
    rounded: str,
    published: str,
    result: object,
) -> None:
    """The verdict of the method, in whole units of the exact figure, so that nothing is binary."""
    texts = [VERDICTS[name] for name in ("exact", "within_rounding", "outside")]
    sheet.write_string(line, 0, "Putusan / verdict", formats["total_text"])
    sheet.write_formula(
        line,
        3,
        f'=IF({published}="","",IF(ROUND(({rounded}-{published})*100,0)=0,"{texts[0]}",'
        f'IF(ROUND(ABS({exact}-{published})*10000,2)<=100,"{texts[1]}","{texts[2]}")))',
        formats["total_text"],
        str(result or ""),
    )
    for text, style in ((texts[0], "good"), (texts[2], "bad")):
        sheet.conditional_format(
            line,
            3,
            line,
            3,
            {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": formats[style]},
        )


def _smart_city_block(
    sheet: Worksheet, formats: dict[str, Format], source: Sheet, line: int, weights: Sheet
) -> int:
    row = _preferred(source, slice(6, 11))
    values: dict[int, Any] = dict(enumerate(row or [None] * 16))
    by_edition = {weight[0]: weight[1:] for weight in weights.rows}
    own: Sequence[Any] = by_edition.get(values[1], [None] * 5)
    _begin(
        sheet,
        formats,
        "Smart City",
        line,
        values[0],
        ("Dimensi / dimension", "Bobot / weight", "Nilai / score", "Bobot × nilai"),
    )
    choice, first = f"$B${line + 2}", line + 4
    edition = _lookup(source, "B", choice)
    for index, name in enumerate(DIMENSIONS):
        at, here = line + 3 + index, line + 4 + index
        sheet.write_string(at, 0, name.replace("_", " ").title())
        weight = (
            f"=INDEX({weights.column('BCDEF'[index])},MATCH({edition},{weights.column('A')},0))"
        )
        cell = _lookup(source, "GHIJK"[index], choice)
        score, share = values[6 + index], own[index]
        _cell(sheet, at, 1, Formula(weight, share), formats["weight"])
        _cell(sheet, at, 2, Formula(f'=IF({cell}="","",{cell})', score), formats["score"])
        product = None if score is None or share is None else score * share
        _cell(
            sheet,
            at,
            3,
            Formula(f'=IF(C{here}="","",ROUND(B{here}*C{here}*10000,0)/10000)', product),
            formats["product"],
        )
    last = first + 4
    return _end(
        sheet,
        formats,
        last,
        exact=f'=IF(COUNT(D{first}:D{last})=5,ROUND(SUM(D{first}:D{last})*10000,0)/10000,"")',
        exact_value=values[12],
        published=_lookup(source, "L", choice),
        published_value=values[11],
        verdict=VERDICTS.get(str(values[13])),
    )


def _public_service_block(
    sheet: Worksheet, formats: dict[str, Format], source: Sheet, line: int
) -> int:
    row = _preferred(source, slice(7, 10))
    values: dict[int, Any] = dict(enumerate(row or [None] * 15))
    _begin(
        sheet,
        formats,
        "Indeks pelayanan publik / public service index",
        line,
        values[0],
        ("Unit", "", "Nilai / score", "Perseratus"),
    )
    choice, first = f"$B${line + 2}", line + 4
    for index, name in enumerate(UNITS):
        at, here = line + 3 + index, line + 4 + index
        sheet.write_string(at, 0, name)
        cell = _lookup(source, "HIJ"[index], choice)
        score = values[7 + index]
        _cell(sheet, at, 2, Formula(f'=IF({cell}="","",{cell})', score), formats["score"])
        _cell(
            sheet,
            at,
            3,
            Formula(
                f'=IF(C{here}="","",ROUND(C{here}*100,0))', None if score is None else 100 * score
            ),
            formats["count"],
        )
    last = first + 2
    return _end(
        sheet,
        formats,
        last,
        exact=f'=IF(COUNT(D{first}:D{last})=0,"",SUM(D{first}:D{last})/COUNT(D{first}:D{last})/100)',
        exact_value=values[11],
        published=_lookup(source, "K", choice),
        published_value=values[10],
        verdict=VERDICTS.get(str(values[12])),
    )


def _accountability_block(
    sheet: Worksheet, formats: dict[str, Format], source: Sheet, line: int
) -> int:
    row = _preferred(source, slice(6, 7))
    own = [found for found in source.rows if row is not None and found[0] == row[0]]
    _begin(
        sheet,
        formats,
        "Akuntabilitas kinerja / performance accountability",
        line,
        row[0] if row else "",
        ("Komponen / component", "", "Nilai / score", "Perseratus"),
    )
    choice, first = f"$B${line + 2}", line + 4
    # The components of a region stand below each other: the first is looked up, the rest follow.
    count = len(own)
    match = f"MATCH({choice},{source.column('A')},0)"
    for index, found in enumerate(own):
        at, here = line + 3 + index, line + 4 + index
        name = f"INDEX({source.column('D')},{match}+{index})"
        score = f"INDEX({source.column('G')},{match}+{index})"
        value: Any = found[6]
        _cell(sheet, at, 0, Formula(f"={name}", found[3]), formats["text"])
        _cell(sheet, at, 2, Formula(f"={score}", value), formats["score"])
        _cell(sheet, at, 3, Formula(f"=ROUND(C{here}*100,0)", 100 * value), formats["count"])
    last = first + count - 1
    total: Any = own[0][7] if own else None
    summed = sum((Decimal(str(found[6])) for found in own), Decimal(0))
    return _end(
        sheet,
        formats,
        last,
        exact=f"=SUM(D{first}:D{last})/100",
        exact_value=summed,
        published=_lookup(source, "H", choice),
        published_value=total,
        verdict=VERDICTS["exact"] if _half_up(summed) == total else None,
    )


def _end(
    sheet: Worksheet,
    formats: dict[str, Format],
    last: int,
    *,
    exact: str,
    exact_value: Any,
    published: str,
    published_value: Any,
    verdict: str | None,
) -> int:
    """The four closing lines of a block; gives the line where the next block begins."""
    exact_at, rounded_at, published_at = (f"D{last + number}" for number in (1, 2, 3))
    sheet.write_string(last, 0, "Hitung ulang / recomputed", formats["total_text"])
    _cell(sheet, last, 3, Formula(exact, exact_value), formats["product"])
    sheet.write_string(last + 1, 0, "Dibulatkan / rounded half up", formats["total_text"])
    # Hundredths of hundredths are whole before they are halved: a tie is a tie.
    rounded = f'=IF({exact_at}="","",ROUND(ROUND({exact_at}*10000,4)/100,0)/100)'
    _cell(sheet, last + 1, 3, Formula(rounded, _half_up(exact_value)), formats["total"])
    sheet.write_string(last + 2, 0, "Terbitan / published", formats["total_text"])
    _cell(
        sheet,
        last + 2,
        3,
        Formula(f'=IF({published}="","",{published})', published_value),
        formats["total"],
    )
    _verdict(sheet, formats, last + 3, exact_at, rounded_at, published_at, verdict)
    return last + 5
