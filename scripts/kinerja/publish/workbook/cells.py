"""What every sheet is made of: cells, formulas, formats, and a table with two rows of headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kinerja.core.database import Row

# More rows than this no person reads; the CSV and Parquet files have them all.
AT_MOST = 50_000

# Sheets begin with a title, a sentence, and two rows of headings.
FIRST = 4

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


@dataclass(frozen=True)
class Sheet:
    """A written sheet that the auditor's sheet looks up: its rows, as they were queried."""

    name: str
    rows: list[Row]

    def column(self, letter: str) -> str:
        """The cells of a column, as an absolute range."""
        last = FIRST + max(1, len(self.rows))
        return f"'{self.name}'!${letter}${FIRST + 1}:${letter}${last}"


def add_formats(book: Workbook) -> dict[str, Format]:
    """Make the formats of the workbook, by the kinds that columns name."""
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


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """The rows of a query, as many as a sheet shows."""
    return connection.execute(f"{query} limit {AT_MOST}").fetchall()


def row_of(connection: duckdb.DuckDBPyConnection, query: str) -> Row:
    """The only row of a query."""
    row: Row | None = connection.execute(query).fetchone()
    assert row is not None
    return row


def write_cell(
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


def add_table(
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
    for number, row in enumerate(rows, start=FIRST):
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            write_cell(sheet, number, index, value, formats[column.kind])
    last = max(FIRST, FIRST + len(rows) - 1)
    sheet.autofilter(3, 0, last, len(columns) - 1)
    sheet.freeze_panes(FIRST, 1)
    fit(sheet)
    sheet.repeat_rows(2, 3)
    sheet.conditional_format(
        FIRST,
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


def fit(sheet: Worksheet) -> None:
    """One page wide, on A4 across."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def half_up(value: object) -> Decimal | None:
    """A recomputed score at two decimals, for the stored result of a formula."""
    if not isinstance(value, Decimal):
        return None
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
