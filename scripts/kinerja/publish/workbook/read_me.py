"""The first page: what the others are, what the verdicts mean, which documents are in."""

import duckdb
from xlsxwriter.worksheet import Worksheet

from ..sheets import MEANINGS, VERDICTS, Book, fit, height, rows_of


def fill(book: Book, page: Worksheet, release: duckdb.DuckDBPyConnection) -> None:
    """Names of the sheets, meanings of the verdicts, then a row per document."""
    (of_release,) = rows_of(release, "of_release")
    book.file.set_properties(
        {
            "title": f"Kinerja {of_release['version']}",
            "subject": "Evaluasi kinerja pemerintahan / performance evaluations",
            "comments": "Recomputed cells are formulas; see the sheet Pemeriksa.",
        }
    )
    fit(page)
    widths = (36, 78, 34, 14)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    book.write(page, 0, 0, f"Kinerja, rilis {of_release['version']}", "title")
    book.write(page, 1, 0, f"Terbit / published {of_release['published']} UTC", "note")
    lines = {
        "Pemeriksa": "Pilih daerah; nilainya dihitung ulang dari nilai di bawahnya. / "
        "Choose a region; its score is recomputed from those below it.",
        **book.contents,
        **{
            f"{word} / {verdict.replace('_', ' ')}": MEANINGS[verdict]
            for verdict, word in VERDICTS.items()
        },
    }
    for line, (name, text) in enumerate(lines.items(), start=3):
        page.set_row(line, height([text], widths[1:2]))
        book.write(page, line, 0, name, "label")
        book.write(page, line, 1, text, "wrap")
    start = len(lines) + 4
    for column, heading in enumerate(("Dokumen / document", "Judul", "Penerbit / issuer", "Tahun")):
        book.write(page, start, column, heading, "head")
    documents = rows_of(release, "documents")
    for line, document in enumerate(documents, start=start + 1):
        page.set_row(line, height([*document.values()], widths))
        for column, value in enumerate(document.values()):
            book.write(page, line, column, value, "count" if column == 3 else "wrap")
