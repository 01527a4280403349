"""Workbooks for agencies that hand in figures: the printed layout, drop-downs, an example."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kinerja.core.errors import BadInputError

from . import store
from .schemas import NOTE_TOPICS, REGIONS, REGIONS_FILE
from .xlsx import CHOICES_SHEET, EXAMPLE_SHEET

SHEET = "Isian"
_BLANK_ROWS = 40
"""Empty rows with drop-downs under each table; more can be added by copying one."""

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a template: fixed rows, then rows to fill in.

    `example` holds filled rows; `fixed` columns (by position) keep their example text in the
    empty sheet too; `lists` maps a column's position to the name of its drop-down; a section
    that `grows` gets empty rows; after one that is `joined` the next follows without a gap.
    """

    heading: Sequence[Cells]
    example: Sequence[Cells] = ()
    fixed: frozenset[int] = frozenset()
    lists: Mapping[int, str] = field(default_factory=dict)
    grows: bool = False
    joined: bool = False


def _head(*rows: tuple[str, str]) -> Section:
    return Section((), rows, frozenset({0}))


def _units(kind: str, third: str) -> tuple[Cells, ...]:
    title = kind.upper()
    return (
        (
            "No",
            f"DAFTAR {title}",
            "IPP DINAS SOSIAL",
            "IPP RSUD",
            f"IPP {third}",
            f"IPP {title}",
            "KATEGORI",
        ),
    )


_FORM_HEADINGS = (
    (
        "NO.",
        "SASARAN STRATEGIS",
        "INDIKATOR SASARAN",
        "TARGET",
        "CARA PENGUKURAN INDIKATOR SASARAN",
        "TRIWULAN I",
        "",
        "KETERANGAN",
        "PROGRAM/KEGIATAN/SUB KEGIATAN",
        "PAGU",
        "TRIWULAN I",
        "",
        "KETERANGAN",
    ),
    ("", "", "", "", "", "REALISASI", "%", "", "", "", "REALISASI", "%", ""),
)

_UNIT_LISTS = {2: "score_words", 3: "score_words", 4: "score_words", 6: "grades"}

TEMPLATES: dict[str, tuple[Section, ...]] = {
    "agency_performance": (
        _head(
            ("FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN", "2030"),
            ("Perangkat Daerah :", "Dinas Kesehatan Kota Jambi"),
        ),
        Section(
            (),
            _FORM_HEADINGS[:1],
            frozenset(set(range(13)) - {5, 10}),
            {5: "quarters", 10: "quarters"},
            joined=True,
        ),
        Section(
            _FORM_HEADINGS[1:],
            (
                (
                    "1",
                    "Sasaran contoh",
                    "Indikator contoh",
                    "80%",
                    "",
                    "40%",
                    "50%",
                    "",
                    "Program Contoh",
                    "3.000.000",
                    "1.500.000",
                    "50,00%",
                ),
                (
                    "",
                    "",
                    "Nilai contoh",
                    "70",
                    "",
                    "-",
                    "",
                    "Nilai belum dikeluarkan",
                    "Kegiatan Contoh",
                    "3.000.000",
                    "1.500.000",
                    "50,00%",
                ),
                (
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "Pengadaan Barang Contoh",
                    "1.000.000",
                    "250.000",
                    "25,00%",
                ),
                (
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "Pelatihan Contoh",
                    "2.000.000",
                    "1.250.000",
                    "62,50%",
                ),
            ),
            lists={7: "remarks"},
            grows=True,
        ),
        *(
            Section(
                (),
                ((label, "1.", topic), ("", "2.", other)),
                frozenset({0, 1}),
                {2: "form_topics"},
            )
            for label, topic, other in (
                ("Faktor Pendorong :", "Komitmen pimpinan", "Sumber daya manusia"),
                ("Uraian Permasalahan :", "Teknologi informasi", "Sumber daya manusia"),
                ("Rencana Tindak Lanjut :", "Pelatihan pegawai", "Pembinaan internal"),
            )
        ),
    ),
    "public_service": (
        _head(("NOMOR", "1 TAHUN 2030"), ("PELAYANAN PUBLIK", "TAHUN 2030")),
        _head(("Pada tanggal", "31 Desember 2030")),
        Section(
            _units("provinsi", "SAMSAT/BAPPENDA"),
            (("1.", "Provinsi Bali", "4,51", "4,60", "4,40", "4,50", "A-"),),
            lists={1: "province", **_UNIT_LISTS},
            grows=True,
        ),
        Section(
            _units("kota", "DISDUKCAPIL"),
            (
                ("1.", "Kota Jambi", "4,00", "*NA", "4,20", "4,10", "A-"),
                ("2.", "Kota Padang", "3,00", "3,10", "3,20", "3,10", "B-"),
            ),
            lists={1: "city", **_UNIT_LISTS},
            grows=True,
        ),
        Section(
            _units("kabupaten", "DISDUKCAPIL"),
            (("1.", "Kabupaten Kerinci", "4,00", "4,10", "4,20", "4,10", "A-"),),
            lists={1: "regency", **_UNIT_LISTS},
            grows=True,
        ),
        Section(
            (("INDEKS", "KATEGORI"),),
            (("4,51-5,00", "A"), ("4,01-4,50", "A-"), ("3,51-4,00", "B"), ("3,01-3,50", "B-")),
            lists={1: "grades"},
            grows=True,
        ),
    ),
    "smart_city": (
        _head(
            ("Nomor :", "B-1/CONTOH/01/2031"),
            ("Tanggal", "3 Januari 2031"),
            ("Hal :", "Hasil Evaluasi"),
        ),
        Section((), (("1", "Walikota Jambi"), ("2", "Bupati Badung")), grows=True),
        _head(("Hasil Evaluasi Smart City", "Tahun 2030")),
        Section(
            (
                (
                    "No.",
                    "Kabupaten/Kota",
                    "Baseline (10%)",
                    "Output (20%)",
                    "Quick Win (20%)",
                    "Impact (20%)",
                    "Outcome (30%)",
                    "Nilai Final",
                    "Tingkat Improvement",
                ),
            ),
            (
                ("1", "KOTA JAMBI", "3,00", "3,00", "3,00", "3,00", "3,00", "3,00", "0,10"),
                ("2", "KABUPATEN BADUNG", "Tidak mengikuti evaluasi"),
            ),
            lists={1: "regency_or_city"},
            grows=True,
        ),
    ),
    "accountability": (
        _head(
            ("Nomor :", "B/1/CONTOH/2030"),
            ("Hal :", "Hasil Evaluasi (AKIP) Tahun 2030"),
            ("Tanggal", "3 September 2030"),
        ),
        Section((), (("Instansi : Pemerintah", "Kota Jambi"),), frozenset({0}), {1: "region"}),
        Section(
            (("Komponen Yang Dinilai", "", "Bobot", "Nilai", ""),),
            (
                ("", "", "", "2029", "2030"),
                ("a.", "Perencanaan Kinerja", "30", "20,00", "21,00"),
                ("b.", "Pengukuran Kinerja", "30", "20,00", "21,00"),
                ("c.", "Pelaporan Kinerja", "15", "10,00", "10,50"),
                ("d.", "Evaluasi Akuntabilitas Kinerja Internal", "25", "15,00", "15,50"),
                ("Nilai Hasil Evaluasi", "", "100", "65,00", "68,00"),
                ("Tingkat Akuntabilitas Kinerja", "", "", "B", "B"),
            ),
            frozenset({0, 1, 2}),
            {4: "predicates"},
        ),
        Section(
            (("2. Tindak Lanjut Hasil Evaluasi Tahun Sebelumnya",),),
            (("a.", "Aplikasi manajemen kinerja"), ("b.", "Definisi operasional indikator")),
            frozenset({0}),
            {1: "letter_topics"},
        ),
        Section(
            (("3. Hasil Evaluasi",), ("1) Perencanaan Kinerja",)),
            (("a.", "Penjenjangan (cascading) kinerja"),),
            frozenset({0}),
            {1: "letter_topics"},
        ),
        *(
            Section(((heading,),), (("a.", topic),), frozenset({0}), {1: "letter_topics"})
            for heading, topic in (
                ("2) Pengukuran Kinerja", "Pengukuran kinerja berjenjang"),
                ("3) Pelaporan Kinerja", "Pembandingan (benchmark) kinerja"),
                ("4) Evaluasi Akuntabilitas Kinerja Internal", "Tindak lanjut evaluasi internal"),
            )
        ),
        Section(
            (("4. Rekomendasi",),),
            (("1)", "Pembandingan (benchmark) kinerja"), ("2)", "Aplikasi manajemen kinerja")),
            frozenset({0}),
            {1: "letter_topics"},
        ),
    ),
}
"""What each template holds, in the printed order. The example figures are invented."""


def write_template(kind: str, target: Path, seeds: Path) -> None:
    """Write the template of an instrument; raise BadInputError if it cannot be written there."""
    if kind not in TEMPLATES:
        raise BadInputError(
            f"There is no template {kind}; there are {', '.join(sorted(TEMPLATES))}."
        )
    book = Workbook()
    book.remove(book.active)
    options = _options(seeds)
    lists = book.create_sheet(CHOICES_SHEET)
    ranges = _write_lists(lists, options)
    for title, with_example in ((SHEET, False), (EXAMPLE_SHEET, True)):
        _write_sheet(book.create_sheet(title), TEMPLATES[kind], ranges, with_example)
    book.move_sheet(lists, offset=2)
    lists.sheet_state = "hidden"
    book.active = 0
    buffer = io.BytesIO()
    book.save(buffer)
    try:
        with target.open("xb") as file:
            file.write(buffer.getvalue())
    except FileExistsError:
        raise BadInputError(f"{target} exists already; name another file or remove it.") from None
    except OSError as error:
        raise BadInputError(f"{target} cannot be written ({error.strerror}).") from error


def _options(seeds: Path) -> dict[str, list[str]]:
    """The choices of every drop-down."""
    regions = store.read_table(seeds / "reference" / REGIONS_FILE, REGIONS)
    topics = store.read_table(seeds / "reference" / "note_topics.csv", NOTE_TOPICS)
    names: dict[str, list[str]] = {"province": [], "city": [], "regency": []}
    for row in regions:
        prefix = "Provinsi " if row["region_type"] == "province" else ""
        names[row["region_type"]].append(prefix + row["region_name"])
    patterned = [row for row in topics if row["pattern"]]
    form_topics = [row["label_id"] for row in patterned if not row["note_component"]]
    return {
        **names,
        "region": names["province"] + names["city"] + names["regency"],
        "regency_or_city": [name.upper() for name in names["city"] + names["regency"]],
        "letter_topics": [row["label_id"] for row in patterned if row["note_component"]],
        "form_topics": form_topics,
        "remarks": form_topics,
        "quarters": [f"TRIWULAN {roman}" for roman in ("I", "II", "III", "IV")],
        "grades": ["A", "A-", "B", "B-", "C", "C-", "D", "E", "F", "NA"],
        "predicates": ["AA", "A", "BB", "B", "CC", "C", "D"],
        "score_words": ["NA", "*NA", "-"],
    }


def _write_lists(sheet: Worksheet, options: Mapping[str, Sequence[str]]) -> dict[str, str]:
    ranges = {}
    for column, (name, values) in enumerate(options.items(), start=1):
        for row, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
        letter = get_column_letter(column)
        ranges[name] = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(values)}"
    return ranges


def _write_sheet(
    sheet: Worksheet, sections: Sequence[Section], ranges: Mapping[str, str], with_example: bool
) -> None:
    row_no = 1
    for section in sections:
        for heading in section.heading:
            _write_row(sheet, row_no, heading, bold=True)
            row_no += 1
        first = row_no
        for cells in section.example:
            kept = [c if with_example or i in section.fixed else "" for i, c in enumerate(cells)]
            _write_row(sheet, row_no, kept, bold=False)
            row_no += 1
        if section.grows and not with_example:
            row_no = first + _BLANK_ROWS
            for blank in range(first, row_no):
                _write_row(sheet, blank, [""] * len(section.example[0]), bold=False)
        for column, name in section.lists.items():
            letter = get_column_letter(column + 1)
            # Scores are typed; their drop-down only offers the words for a missing one.
            choice = DataValidation("list", formula1=ranges[name], allow_blank=True)
            choice.showErrorMessage = name != "score_words"
            choice.add(f"{letter}{first}:{letter}{max(row_no - 1, first)}")
            sheet.add_data_validation(choice)
        row_no += not section.joined
    for column in range(1, 14):
        sheet.column_dimensions[get_column_letter(column)].width = 24


def _write_row(sheet: Worksheet, row_no: int, cells: Cells, *, bold: bool) -> None:
    for column, text in enumerate(cells, start=1):
        cell = sheet.cell(row_no, column, text or None)
        # Text keeps "4,50" and "2.000" as they are typed.
        cell.number_format = "@"
        if bold:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6F0")
