"""What every sheet is made of: a book, columns with names, cells, formulas and formats."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from pathlib import Path
from textwrap import wrap
from typing import Any

import duckdb
import xlsxwriter
import yaml
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from kinerja.core.database import records
from kinerja.core.sql import macro

# More rows than this no person reads; the CSV and Parquet files have them all.
AT_MOST = 50_000

# Characters beside each other that A4 across holds at half of 11 points.
READABLE = 280

# Sheets begin with a title, a sentence, and two rows of headings.
FIRST = 4

_HERE = Path(__file__).parent
_DECLARED: dict[str, Any] = yaml.safe_load((_HERE / "sheets.yml").read_text(encoding="utf-8"))
VERDICTS: dict[str, str] = _DECLARED["verdicts"]
MEANINGS: dict[str, str] = _DECLARED["meanings"]
AUDITOR: dict[str, Any] = _DECLARED["auditor"]
QUERIES = _HERE / "queries" / "sheets.sql"

# A row of a query: column → value.
Values = dict[str, Any]


@dataclass(frozen=True)
class Formula:
    """A live cell, and its result."""

    text: str
    value: object


@dataclass(frozen=True)
class Column:
    """A column of a sheet: name of its values, headings in both languages, width in characters."""

    name: str
    indonesian: str
    english: str
    width: int
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A sheet with a row per value of a query, whose cells formulas can name."""

    name: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: list[Values]

    def cell(self, column: str, index: int) -> str:
        """The address of a cell of the row of that index."""
        return f"{self._letter(column)}{FIRST + 1 + index}"

    def lookup(self, column: str, row: str) -> str:
        """Formula of the value in the row whose number another formula gives."""
        return f"INDEX({self._range(column)},{row})"

    def row_of(self, column: str, value: str) -> str:
        """Formula of the number of the first row with that value."""
        return f"MATCH({value},{self._range(column)},0)"

    def _letter(self, column: str) -> str:
        return str(xl_col_to_name([one.name for one in self.columns].index(column)))

    def _range(self, column: str) -> str:
        """The cells of a column, as an absolute range."""
        letter, last = self._letter(column), FIRST + max(1, len(self.rows))
        return f"'{self.name}'!${letter}${FIRST + 1}:${letter}${last}"


@dataclass
class Book:
    """The workbook that is being written."""

    file: xlsxwriter.Workbook
    # Sheet → what it holds, for the first page.
    contents: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        formats = _DECLARED["formats"].items()
        self.formats = {name: self.file.add_format(given) for name, given in formats}

    def add(self, sheet: Sheet) -> None:
        """Write a sheet: title, sentence, headings in both languages, filters, fit for printing."""
        self.contents[sheet.name] = sheet.title
        page = self.file.add_worksheet(sheet.name)
        page.write_string(0, 0, sheet.title, self.formats["title"])
        note = sheet.note
        if len(sheet.rows) == AT_MOST:
            note += f" Hanya {AT_MOST} baris pertama; selebihnya di berkas CSV dan Parquet."
        page.write_string(1, 0, note, self.formats["note"])
        widths = [_width(column) for column in sheet.columns]
        for line, language, style in ((2, "indonesian", "head"), (3, "english", "head_en")):
            texts = [getattr(column, language) for column in sheet.columns]
            page.set_row(line, height(texts, widths))
            page.write_row(line, 0, texts, self.formats[style])
        pairs = zip(sheet.columns, widths, strict=True)
        wrapped = {column.name: width for column, width in pairs if column.kind == "wrap"}
        for number, row in enumerate(sheet.rows, start=FIRST):
            if wrapped:
                page.set_row(number, height([*map(row.get, wrapped)], [*wrapped.values()]))
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, widths[index])
            for number, row in enumerate(sheet.rows, start=FIRST):
                self.write(page, number, index, row.get(column.name), column.kind)
        area = (FIRST, 0, FIRST + max(0, len(sheet.rows) - 1), len(sheet.columns) - 1)
        printed = sum(column.kind != "aside" for column in sheet.columns)
        page.print_area(0, 0, area[2], printed - 1)
        page.autofilter(3, *area[1:])
        page.freeze_panes(FIRST, 1)
        page.repeat_rows(2, 3)
        page.repeat_columns(0)
        self.mark(page, area)
        fit(page, sum(widths[:printed]))

    def write(
        self, page: Worksheet, row: int, column: int, value: object, kind: str = "text"
    ) -> None:
        """Write one value; a missing one stays an empty cell."""
        style: Format = self.formats[kind]
        if isinstance(value, Formula):
            stored = float(value.value) if isinstance(value.value, Decimal) else value.value
            page.write_formula(row, column, value.text, style, "" if stored is None else stored)
        elif isinstance(value, bool):
            page.write_string(row, column, "ya" if value else "tidak", style)
        elif isinstance(value, Decimal | int | float):
            page.write_number(row, column, float(value), style)
        elif value is not None:
            page.write_string(row, column, str(value), style)

    def mark(self, page: Worksheet, area: tuple[int, int, int, int]) -> None:
        """Colour the verdicts that a reader looks for."""
        for verdict, style in (("exact", "good"), ("outside", "bad")):
            rule = {"type": "cell", "criteria": "==", "format": self.formats[style]}
            page.conditional_format(*area, {**rule, "value": f'"{VERDICTS[verdict]}"'})


def _width(column: Column) -> int:
    """As declared, or wider: no word of a heading is cut."""
    return max(
        column.width, *(len(word) + 2 for word in f"{column.indonesian} {column.english}".split())
    )


def height(texts: Sequence[object], widths: Sequence[int]) -> int:
    """Points that a row of wrapped texts needs: not every program works that out by itself."""
    pairs = zip(texts, widths, strict=True)
    return 15 * max(len(wrap(str(text or ""), width)) or 1 for text, width in pairs)


def columns_of(sheet: str, where: str = "columns") -> list[Column]:
    """The columns of a sheet, as declared."""
    return [Column(*column) for column in _DECLARED["sheets"][sheet][where]]


def declared(of: str, rows: list[Values], **given: Any) -> Sheet:
    """A sheet as declared, but for what is given; its formulas stand where the rows have values."""
    said = {"note": "", "formulas": {}, **_DECLARED["sheets"][of], **given}
    columns = given.get("columns") or columns_of(of)
    sheet = Sheet(said["name"], said["title"], said["note"], columns, rows)
    for index, row in enumerate(rows if said["formulas"] else ()):
        cells = {column.name: sheet.cell(column.name, index) for column in columns}
        for column, text in said["formulas"].items():
            if row[column] is not None:
                row[column] = Formula(text.format_map(cells), row[column])
    return sheet


def rows_of(release: duckdb.DuckDBPyConnection, query: str, *arguments: object) -> list[Values]:
    """The rows of a query of queries/sheets.sql, as many as a sheet shows."""
    return records(release.execute(f"{macro(QUERIES, query, *arguments)} limit {AT_MOST}"))


def fit(page: Worksheet, width: int = 0) -> None:
    """One page wide, on A4 across, with the name of the sheet and the page below.

    A sheet of more characters than can be read there goes on beside it.
    """
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&9Kinerja: &A&R&9&P / &N")
    page.fit_to_pages(ceil(width / READABLE) or 1, 0)
