"""The errata list as files: a spreadsheet, and Markdown in two languages."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from kinerja.core.database import built
from kinerja.core.errors import BadInputError
from kinerja.core.files import whole, write_whole
from kinerja.publish import errata, labels
from kinerja.publish.errata import COLUMNS, LANGUAGES, TITLES, Findings
from kinerja.publish.sheets import Book, Column, columns_of, declared

_BAR, _LINE = "\\|", "\n"


def findings(database: Path, document: str | None = None) -> Findings:
    """The findings of a warehouse file, of one document if named, by document, table and row."""
    try:
        with duckdb.connect(built(database), read_only=True) as connection:
            rows = errata.findings(connection)
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


def write(rows: Findings, folder: Path) -> list[Path]:
    """Write the spreadsheet and a Markdown list for each language; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    spreadsheet = folder / "findings.xlsx"
    with whole(spreadsheet) as draft:
        _write_spreadsheet(rows, draft)
    lists = {language: folder / f"findings.{language}.md" for language in LANGUAGES}
    for language, path in lists.items():
        write_whole(path, markdown(rows, language))
    return [spreadsheet, *lists.values()]


def markdown(rows: Findings, language: str) -> str:
    """The errata list of one language as Markdown, one section for each document and table."""
    heads = {one.name: one.indonesian if language == "id" else one.english for one in COLUMNS}
    shown = [name for name in heads if name not in ("document", "table", "id", "cause")]
    lines = [f"# {TITLES[language]}", ""]
    if not rows:
        lines += ["Tidak ada temuan." if language == "id" else "There are no findings.", ""]
    listed = errata.entries(rows, language)
    for heading, of_document in groupby(listed, lambda entry: entry["heading"]):
        lines += [f"## {heading}", ""]
        for table, of_table in groupby(of_document, lambda entry: entry["table"]):
            lines += [f"### {table}", "", _row(heads[name] for name in shown)]
            lines.append(_row("--:" if name in ("no", "row", "line") else "---" for name in shown))
            group = list(of_table)
            lines += [_row(entry[name] for name in shown) for entry in group]
            lines.append("")
            if causes := sorted({entry["cause"] for entry in group if entry["cause"]}):
                lines += [f"{heads['cause']}: {'; '.join(causes)}.", ""]
    return "\n".join(lines)


def _row(cells: Iterable[Any]) -> str:
    texts = ("" if cell is None else str(cell) for cell in cells)
    return f"| {' | '.join(text.replace('|', _BAR).replace(_LINE, ' ') for text in texts)} |"


def _write_spreadsheet(rows: Findings, file: Path) -> None:
    """A summary by document, then a sheet for each language."""
    book = Book(xlsxwriter.Workbook(str(file)))
    severities = (
        Column(code, indonesian, english, 16, "count")
        for code, (indonesian, english) in labels.words()["severities"].items()
    )
    columns = [*columns_of("summary"), *severities, *columns_of("summary", "totals")]
    book.add(declared("summary", errata.count(rows), columns=columns))
    for language, title in TITLES.items():
        book.add(errata.sheet(rows, language, title))
    book.file.close()
