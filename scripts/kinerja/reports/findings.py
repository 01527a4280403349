"""The errata list: what is wrong in each document, for the office that issued it.

Every entry can be checked with the document in hand: it says in which table, row and column to
look, what is printed there and what would be right. `source_line` is the line of the extracted
text, for those who have that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kinerja.core.errors import BadInputError

LANGUAGES = ("id", "en")
_LINE_HEIGHT = 15
"""Points of one line of text."""
_LABELS = Path(__file__).with_name("labels.yml")

_QUERY = """
select
    findings.finding_id, findings.severity, findings.document_id, documents.instrument,
    documents.number, documents.title, documents.title_en, documents.issuer,
    cast(documents.issued_on as varchar) as issued_on,
    findings.table_id, findings.row_no, findings.column_name, findings.source_line,
    findings.subject_name, findings.printed, findings.expected,
    findings.explanation, findings.explanation_en,
    findings.likely_cause_id, findings.likely_cause_en,
    columns.label_id as column_id, columns.label_en as column_en
from marts.findings as findings
inner join marts.documents as documents on findings.document_id = documents.document_id
left join marts.score_components as columns
    on documents.instrument = columns.instrument
    and documents.edition_year = columns.edition_year
    and findings.column_name = columns.component_code
order by documents.issued_on nulls last, findings.document_id, findings.table_id,
    findings.row_no nulls last, findings.column_name, findings.finding_id
"""

_HEADINGS = {
    "no": ("No.", "No."),
    "document": ("Dokumen", "Document"),
    "table": ("Tabel", "Table"),
    "row": ("Baris", "Row"),
    "column": ("Kolom", "Column"),
    "subject": ("Perihal", "Subject"),
    "printed": ("Tercetak", "Printed"),
    "expected": ("Seharusnya", "Would be right"),
    "explanation": ("Penjelasan", "Explanation"),
    "cause": ("Kemungkinan sebab", "Likely cause"),
    "severity": ("Tingkat", "Severity"),
    "line": ("Baris naskah teks", "Line of the text"),
    "id": ("Kode temuan", "Finding"),
}
_WIDTHS = {
    "no": 6, "document": 26, "table": 30, "row": 8, "column": 26, "subject": 30, "printed": 24,
    "expected": 24, "explanation": 60, "cause": 46, "severity": 16, "line": 12, "id": 60,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One erratum in one language, as it is shown. `number` counts through the whole list."""

    number: int
    document_id: str
    heading: str
    cells: dict[str, str]


def findings(database: Path, document: str | None = None) -> list[dict[str, Any]]:
    """The findings of a warehouse file, of one document if named, by document, table and row."""
    if not database.is_file():
        raise BadInputError(f"{database} is not there; build it with: uv run dbt build")
    try:
        with duckdb.connect(database, read_only=True) as connection:
            result = connection.execute(_QUERY)
            names = [column[0] for column in result.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
            known = connection.execute("select document_id from marts.documents").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise BadInputError(f"{database} has no findings to report: {reason}") from None
    if document is None:
        return rows
    if (document,) not in known:
        names = sorted(name for (name,) in known)
        raise BadInputError(
            f"--document {document} is not in the warehouse; it has {', '.join(names)}."
        )
    return [row for row in rows if row["document_id"] == document]


def entries(rows: Sequence[dict[str, Any]], language: str) -> list[Entry]:
    """The findings as a list in one language."""
    return [_entry(number, row, language) for number, row in enumerate(rows, start=1)]


def write(rows: Sequence[dict[str, Any]], folder: Path) -> list[Path]:
    """Write the spreadsheet and a Markdown list for each language; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in LANGUAGES:
        path = folder / f"findings.{language}.md"
        draft = path.with_name(f".{path.name}.new")
        draft.write_text(markdown(rows, language), encoding="utf-8")
        draft.replace(path)
        paths.append(path)
    path = folder / "findings.xlsx"
    draft = path.with_name(f".{path.name}.new")
    spreadsheet(rows).save(draft)
    draft.replace(path)
    return [path, *paths]


def markdown(rows: Sequence[dict[str, Any]], language: str) -> str:
    """The errata list of one language as Markdown, one section for each document and table."""
    is_id = language == "id"
    lines = [f"# {'Daftar ralat' if is_id else 'Errata'}", ""]
    listed = entries(rows, language)
    if not listed:
        lines += ["Tidak ada temuan." if is_id else "There are no findings.", ""]
    shown = [name for name in _HEADINGS if name not in ("document", "table", "id", "cause")]
    for heading, members in groupby(listed, lambda entry: entry.heading):
        lines += [f"## {heading}", ""]
        for table, group in groupby(members, lambda entry: entry.cells["table"]):
            lines += [f"### {table}", "", _row(_HEADINGS[name][not is_id] for name in shown)]
            lines.append(_row("--:" if name in ("no", "row", "line") else "---" for name in shown))
            listing = list(group)
            lines += [_row(entry.cells[name] for name in shown) for entry in listing]
            lines.append("")
            causes = sorted({entry.cells["cause"] for entry in listing if entry.cells["cause"]})
            if causes:
                word = "Kemungkinan sebab" if is_id else "Likely cause"
                lines += [f"{word}: {'; '.join(causes)}.", ""]
    return "\n".join(lines)


def spreadsheet(rows: Sequence[dict[str, Any]]) -> Workbook:
    """The errata list as a workbook: a summary, then one sheet for each language."""
    book = Workbook()
    summary = book.active
    assert isinstance(summary, Worksheet)
    summary.title = "Ringkasan - Summary"
    _fill_summary(summary, rows)
    for language, title in zip(LANGUAGES, ("Daftar ralat", "Errata"), strict=True):
        _fill_list(book.create_sheet(title), entries(rows, language), language)
    return book


@cache
def _labels() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(_LABELS.read_text(encoding="utf-8"))
    return data


def _entry(number: int, row: dict[str, Any], language: str) -> Entry:
    labels, place = _labels(), LANGUAGES.index(language)
    tables = labels["tables"].get(row["instrument"], {})
    title = row["title"] if language == "id" else row["title_en"] or row["title"]
    printed, expected = (
        labels["words"].get(row[name], [row[name]] * 2)[place] for name in ("printed", "expected")
    )
    cells = {
        "no": str(number),
        "document": row["number"] or title,
        "table": tables.get(row["table_id"], [row["table_id"]] * 2)[place],
        "row": "" if row["row_no"] is None else str(row["row_no"]),
        "column": _column(row, language),
        "subject": row["subject_name"] or "",
        "printed": printed,
        "expected": expected,
        "explanation": row["explanation" if language == "id" else "explanation_en"],
        "cause": row[f"likely_cause_{language}"] or "",
        "severity": labels["severities"][row["severity"]][place],
        "line": row["source_line"] or "",
        "id": row["finding_id"],
    }
    parts = (row["number"], title, row["issuer"], row["issued_on"])
    heading = ", ".join(part for part in parts if part)
    return Entry(number, row["document_id"], heading, cells)


def _column(row: dict[str, Any], language: str) -> str:
    """The heading of a column as its reader knows it; a detail column by block and place."""
    name = str(row["column_name"])
    labels = _labels()["columns"]
    if name in labels:
        return str(labels[name][LANGUAGES.index(language)])
    block, _, column = name.partition(":")
    if column:
        words = ("blok halaman", "kolom") if language == "id" else ("page block", "column")
        return f"{words[0]} {block}, {words[1]} {column}"
    return str(row[f"column_{language}"] or name)


def _row(cells: Any) -> str:
    texts = (str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(texts)} |"


def _fill_summary(sheet: Worksheet, rows: Sequence[dict[str, Any]]) -> None:
    severities = _labels()["severities"]
    heads = ["Dokumen / Document", "Judul", "Title", "Penerbit / Issuer", "Tanggal / Date"]
    heads += [f"{name_id} / {name_en}" for name_id, name_en in severities.values()]
    _append(sheet, [*heads, "Jumlah / Total"])
    for _, group in groupby(rows, lambda row: row["document_id"]):
        members = list(group)
        first = members[0]
        counts = [sum(row["severity"] == severity for row in members) for severity in severities]
        texts = [first[name] for name in ("number", "title", "title_en", "issuer", "issued_on")]
        _append(sheet, [*texts, *counts, len(members)])
    _style(sheet, (28, 52, 52, 40, 16, 24, 28, 20, 16))


def _fill_list(sheet: Worksheet, listed: Sequence[Entry], language: str) -> None:
    _append(sheet, [names[LANGUAGES.index(language)] for names in _HEADINGS.values()])
    for entry in listed:
        cells = entry.cells
        _append(
            sheet,
            [
                entry.number if name == "no" else int(text) if name == "row" and text else text
                for name, text in ((name, cells[name]) for name in _HEADINGS)
            ],
        )
    _style(sheet, tuple(_WIDTHS.values()))


def _append(sheet: Worksheet, values: Sequence[Any]) -> None:
    """Append a row in which a text is a text, whatever sign it begins with."""
    number = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _style(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        lines = 1
        for cell, width in zip(cells, widths, strict=True):
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            # Wrapped at words, a line holds a little less than its column is wide.
            lines = max(lines, -(-len(str(cell.value or "")) * 6 // (5 * width)))
        # Without a height of its own, LibreOffice lets wrapped text run over the rows below.
        sheet.row_dimensions[number].height = _LINE_HEIGHT * lines
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE3EA")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
