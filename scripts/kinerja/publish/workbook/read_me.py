"""The first page: what the others are, what the verdicts mean, which documents are in."""

import duckdb
from xlsxwriter.worksheet import Worksheet

from ..sheets import VERDICTS, Book, fit, rows_of

_RELEASE = """
    select
        arg_max(version, release_no) as version,
        strftime(max(published_at), '%Y-%m-%d %H:%M') as published
    from marts.releases
"""
_MEANINGS = {
    "exact": "Hasil hitung ulang, dibulatkan, sama dengan angka terbitan. / "
    "The recomputed figure, rounded, is the published one.",
    "within_rounding": "Berbeda, tetapi pembulatan masukannya dapat menjelaskannya. / "
    "It differs, but rounding of its inputs can explain it.",
    "within_bounds": "Masukan tidak lengkap; angka terbitan masih mungkin. / "
    "Inputs are missing; the published figure is possible.",
    "outside": "Tidak mungkin dari masukan yang tercetak. / Impossible from the printed inputs.",
    "not_computable": "Tidak ada masukan yang tercetak. / No input is printed.",
}


def fill(book: Book, page: Worksheet, release: duckdb.DuckDBPyConnection) -> None:
    """Names of the sheets, meanings of the verdicts, then a row per document."""
    (of_release,) = rows_of(release, _RELEASE)
    book.file.set_properties(
        {
            "title": f"Kinerja {of_release['version']}",
            "subject": "Evaluasi kinerja pemerintahan / performance evaluations",
            "comments": "Recomputed cells are formulas; see the sheet Pemeriksa.",
        }
    )
    fit(page)
    for column, width in enumerate((36, 78, 34, 14)):
        page.set_column(column, column, width)
    book.write(page, 0, 0, f"Kinerja, rilis {of_release['version']}", "title")
    book.write(page, 1, 0, f"Terbit / published {of_release['published']} UTC", "note")
    lines = {
        "Pemeriksa": "Pilih daerah; nilainya dihitung ulang dari nilai di bawahnya. / "
        "Choose a region; its score is recomputed from those below it.",
        **book.contents,
        **{
            f"{word} / {verdict.replace('_', ' ')}": _MEANINGS[verdict]
            for verdict, word in VERDICTS.items()
        },
    }
    for line, (name, text) in enumerate(lines.items(), start=3):
        book.write(page, line, 0, name, "label")
        book.write(page, line, 1, text, "wrap")
    start = len(lines) + 4
    for column, heading in enumerate(("Dokumen / document", "Judul", "Penerbit / issuer", "Tahun")):
        book.write(page, start, column, heading, "head")
    documents = rows_of(
        release,
        "select coalesce(number, document_id) as name, title_id, issuer, edition_year "
        "from marts.documents order by document_id",
    )
    for line, document in enumerate(documents, start=start + 1):
        for column, value in enumerate(document.values()):
            book.write(page, line, column, value, "count" if column == 3 else "wrap")
