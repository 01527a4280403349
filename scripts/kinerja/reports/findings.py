"""The errata list as files: a spreadsheet, and Markdown in two languages."""

from collections import Counter
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

_ASKED = (
    "no", "table", "row", "column", "subject", "printed", "possible", "proposed", "evidence",
    "open",
)  # fmt: skip
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
    letters = []
    for document, of_document in groupby(rows, lambda row: row["document_id"]):
        found = list(of_document)
        for language in LANGUAGES:
            letters.append(folder / f"letter.{document}.{language}.md")
            write_whole(letters[-1], letter(found, language))
    return [spreadsheet, *lists.values(), *letters]


def letter(rows: Findings, language: str) -> str:
    """The findings of one document as a letter to its issuer: a page that can be sent."""
    place, words = LANGUAGES.index(language), labels.words()["letter"]
    heads = {one.name: one.indonesian if language == "id" else one.english for one in COLUMNS}
    listed = errata.entries(rows, language)
    counted = Counter(entry["severity"] for entry in listed)
    said = {
        "document": listed[0]["heading"],
        "issuer": rows[0]["issuer"],
        "total": len(rows),
        "severities": ", ".join(f"{name.lower()} {count}" for name, count in counted.items()),
    }
    lines = [f"# {words['title'][place].format(**said)}", ""]
    for name in ("to", "opening"):
        lines += [words[name][place].format(**said), ""]
    lines += [_row(heads[name] for name in _ASKED), _row("---" for _ in _ASKED)]
    # Notes ask for no figure: one line for all of a kind.
    notes: dict[tuple[str, str], list[str]] = {}
    for row, entry in zip(rows, listed, strict=True):
        if row["severity"] == "note":
            notes.setdefault((entry["table"], entry["printed"]), []).append(entry["subject"])
        else:
            lines.append(_row(entry[name] for name in _ASKED))
    if notes:
        lines += ["", f"{words['notes'][place]}:", ""]
        lines += [
            f"- {table}, {printed}: {', '.join(names)}."
            for (table, printed), names in notes.items()
        ]
    return "\n".join([*lines, "", words["closing"][place], ""])


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
