"""The first sheet: what the others are, what the verdicts mean, which documents are in."""

import duckdb
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from kinerja.core.database import Row

from .cells import fit, rows_of, write_cell


def add(
    book: Workbook, formats: dict[str, Format], connection: duckdb.DuckDBPyConnection, release: Row
) -> None:
    """Names of the sheets, meanings of the verdicts, then a row per document."""
    sheet = book.add_worksheet("Baca dahulu")
    fit(sheet)
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
    documents = rows_of(
        connection,
        "select coalesce(number, document_id), title, issuer, edition_year "
        "from marts.documents order by document_id",
    )
    for number, row in enumerate(documents, start=start + 1):
        for index, value in enumerate(row):
            write_cell(sheet, number, index, value, formats["count" if index == 3 else "wrap"])
