"""Cells and their places: each is stored as printed where it stands, or the document stops."""

import io
from collections.abc import Callable
from pathlib import Path

import ingest_rendering as rendering
import ingest_small as small
import openpyxl
import pytest
from command import Ended, kinerja
from kinerja.gates.raw import raw_gate

Ingest = Callable[..., Ended]
SCORES, BUDGET = "public_service__scores", "agency_performance__budget"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return small.small_seeds(tmp_path / "warehouse")


@pytest.fixture
def ingest(seeds: Path, tmp_path: Path) -> Ingest:
    """Ingests a file of that text or those bytes, with options, through the real gate if wanted."""

    def run(data: str | bytes, *words: object, name: str = "a.txt", gated: bool = False) -> Ended:
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        gate = None if gated else small.no_gate
        return kinerja("ingest", file, "--seeds", seeds, "--json", *words, raw_gate=gate)

    return run


def found(ended: Ended, kind: str) -> list[str]:
    """What the findings of a kind print."""
    findings = [f for event in ended.result["events"] for f in event.get("findings", ())]
    return [finding["printed"] for finding in findings if finding["kind"] == kind]


def spaced(text: str) -> str:
    """The text with blanks for borders; an empty cell leaves no trace."""
    lines = (line.split("\t") for line in text.split("\n"))
    return "\n".join("   ".join(filter(None, cells)) for cells in lines)


def lines_of(text: str) -> rendering.Lines:
    return {n: line.split("\t") for n, line in enumerate(text.split("\n"), 1) if line.strip()}


def workbook(text: str, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(rendering.as_xlsx(lines_of(text))))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# No position is guessed


def test_text_with_blanks_for_borders_is_stored_where_rows_are_whole(
    ingest: Ingest, seeds: Path
) -> None:
    assert ingest(spaced(small.SCORES)).code == 0
    rows = small.rows_of(seeds, SCORES)
    assert rows[2][4:] == ["Kota Ambon", "4,16", "*NA", "3,84", "4,00", "B"]


def test_a_blank_cell_without_borders_has_no_place(ingest: Ingest, seeds: Path) -> None:
    ended = ingest(spaced(small.SCORES.replace("*NA", "")))
    assert ended.code == 1
    [printed] = found(ended, "unplaced_row")
    assert "Kota Ambon" in printed
    assert "6 cells for 7 columns" in printed
    assert "hospital" in printed
    assert small.rows_of(seeds, SCORES) == []


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("blank", [2, 3, 4, 5])
def test_an_unruled_pdf_puts_no_cell_into_another_column(
    side: str, blank: int, ingest: Ingest, seeds: Path
) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(1200, 700), invariant=1)
    for number, line in enumerate(small.SCORES.split("\n")):
        cells = line.split("\t")
        if cells[0] == "2." and "Jambi" in line:
            cells[blank] = ""
        for column, cell in enumerate(cells):
            x, y = 30 + 160 * column, 650 - 15 * number
            if side == "right" and column > 1:
                canvas.drawRightString(x + 130, y, cell)
            else:
                canvas.drawString(x, y, cell)
    canvas.save()
    ended = ingest(out.getvalue(), name="a.pdf")
    wanted = ["Kota Jambi", "3,89", "3,45", "4,55", "3,96", "B"]
    wanted[blank - 1] = ""
    if ended.code == 0:
        assert small.rows_of(seeds, SCORES)[1][4:] == wanted
    else:
        assert found(ended, "unplaced_row")


@pytest.mark.parametrize(
    ("document", "row"),
    [
        (small.SCORES, "2.\tKabupaten Siak\t3,00\t3,00\t-\t3,00\tC"),
        (small.SCORES, "4,01-4,50\tA-"),
        (small.RESULTS, "2\tKOTA JAMBI\t3,54\t2,89\t3,30\t2,91\t3,50\t3,22\t-0,02"),
        (small.RESULTS, "3\tKOTA AMBON\tTidak mengikuti evaluasi"),
        (small.RESULTS, "2\tKota Jambi\t3,00\t4,00\t1,00"),
        (small.RESULTS, "2\tWalikota Jambi\t4\t"),
        (small.FORM, "\t\t\t\t\t\t\t\tReviu Laporan Kinerja\t2.000.000\t500.000\t25,00%"),
        (small.FORM, "Total Anggaran\t\t\t\t\t\t\t\t2.000.000\t500.000\t25,00%"),
        (small.LETTER, "Nilai Hasil Evaluasi\t\t60\t42,36\t42,60"),
        (small.LETTER, "Tingkat Akuntabilitas Kinerja\t\t\tC\tC"),
    ],
)
def test_a_row_with_single_blanks_is_no_prose(document: str, row: str, ingest: Ingest) -> None:
    assert row in document
    ended = ingest(document.replace(row, " ".join(row.split())))
    assert ended.code == 1
    assert found(ended, "unplaced_row")


def test_a_list_that_starts_over_without_headings_stops(ingest: Ingest) -> None:
    before, after = small.SCORES.split("No\tDAFTAR KABUPATEN")
    ended = ingest(before + after.split("\n", 1)[1])
    assert ended.code == 1
    assert found(ended, "unplaced_row") == ["2 Kabupaten Siak"]


@pytest.mark.parametrize(
    ("document", "heading", "table"),
    [
        (small.SCORES, "INDEKS\tKATEGORI", "bands"),
        (small.LETTER, "Komponen Yang Dinilai", "components"),
        (small.FORM, "PAGU", "budget"),
    ],
)
def test_a_table_that_is_not_found_stops_unless_it_is_said_to_be_absent(
    document: str, heading: str, table: str, ingest: Ingest, seeds: Path
) -> None:
    text = document.replace(heading, "LAIN" + heading.removeprefix("INDEKS"))
    assert ingest(text).code != 0
    without = ["--without", table, "--allow", "unplaced_row=a draft"]
    without += ["--allow", "unknown_heading=a draft"]
    document_id = next(name for name, one in small.DOCUMENTS.items() if one == document)
    ended = ingest(text, *without, "--document", document_id)
    if ended.code == 0:
        [row] = rendering.read(seeds / "reference" / "document_register.csv")
        assert f"without.{table}=said so" in row["decisions"]
        assert "allow.unplaced_row=a draft" in row["decisions"]
    else:
        assert table == "components"  # nothing else tells what the letter is


def test_without_a_table_that_nobody_knows_is_refused(ingest: Ingest) -> None:
    ended = ingest(small.SCORES, "--without", "nothing")
    assert (ended.code, "--without nothing" in ended.answer["message"]) == (2, True)


# Headings


@pytest.mark.parametrize(
    ("document", "old", "new"),
    [
        (small.RESULTS, "Kabupaten/Kota", "NAMA KABUPATEN/KOTA"),
        (small.RESULTS, "NAMA KAB KOTA", "NAMA KABUPATEN/KOTA"),
        (small.FORM, "\tPAGU\t", "\tP A G U\t"),
        (small.FORM, "\tPAGU\t", "\tPAGU (Rp)\t"),
        (small.FORM, "KETERANGAN\tPROGRAM", "KETERANGA N\tPROGRAM"),
    ],
)
def test_other_headings_give_the_same_rows(
    document: str, old: str, new: str, ingest: Ingest, seeds: Path
) -> None:
    assert ingest(document).code == 0
    wanted = small.state(seeds / "raw")
    assert ingest(document.replace(old, new)).code == 0
    assert small.state(seeds / "raw") == wanted


def test_a_heading_that_is_not_known_beside_a_missing_column_stops(ingest: Ingest) -> None:
    ended = ingest(small.SCORES.replace("IPP RSUD", "RUMAH SAKIT"))
    assert ended.code == 1
    assert found(ended, "unknown_heading") == ["RUMAH SAKIT"] * 2


# Numbers


@pytest.mark.parametrize(
    "written",
    ["Rp {},00", "Rp. {}", "{},-", "{},00", "Rp {},-"],
)
def test_amounts_are_read_as_documents_write_them(
    written: str, ingest: Ingest, seeds: Path
) -> None:
    text = small.FORM.replace("Kegiatan Reviu", "Kegiatan Reviu Kinerja")
    for amount in ("2.000.000", "500.000"):
        text = text.replace(f"\t{amount}", "\t" + written.format(amount))
    assert ingest(text, gated=True).code == 0
    assert small.rows_of(seeds, BUDGET)[0][9:11] == [
        *(written.format("2.000.000"), written.format("500.000"))
    ]
    totals = rendering.read(seeds / "reference" / "control_totals.csv")
    assert [t["total"] for t in totals if t["column_name"] == "ceiling"] == ["8000000"]


def test_the_style_of_a_document_is_kept_and_decides_its_numbers(
    ingest: Ingest, seeds: Path
) -> None:
    mirrored = str.maketrans(".,", ",.")
    head, tables = small.SCORES.split("\n\n", 1)
    lists, bands = tables.split("\nINDEKS")
    lists = lists.replace("1.\t", "1\t").replace("2.\t", "2\t").replace("3.\t", "3\t")
    text = f"{head}\n\n{lists.translate(mirrored)}\nINDEKS{bands}"
    assert ingest(text, gated=True).code == 0
    assert small.rows_of(seeds, SCORES)[0][5] == "4.32"
    [row] = rendering.read(seeds / "reference" / "document_register.csv")
    assert row["number_style"] == "1,234.5"
    totals = rendering.read(seeds / "reference" / "control_totals.csv")
    assert [t["total"] for t in totals if (t["column_name"], t["word"]) == ("index_score", "")] == [
        *("12.56", "7")
    ]


def test_amounts_without_dots_are_a_style_of_their_own(ingest: Ingest, seeds: Path) -> None:
    text = small.FORM.replace("2.000.000", "2000000").replace("500.000", "500000")
    assert ingest(text, gated=True).code == 0
    [row] = rendering.read(seeds / "reference" / "document_register.csv")
    assert row["number_style"] == "1234,5"


def test_one_number_in_another_style_is_refused(ingest: Ingest, seeds: Path) -> None:
    ended = ingest(small.SCORES.replace("4,32", "4.32"), gated=True)
    assert (ended.code, "decimal point" in ended.answer["message"]) == (1, True)
    assert small.rows_of(seeds, SCORES) == []


def test_a_target_that_can_be_read_in_two_ways_stops(ingest: Ingest) -> None:
    text = small.FORM.replace("\t70\t", "\t1.250\t").replace("68,64", "700")
    text = (
        text.replace("25,00%", "25%").replace("2.000.000", "2000000").replace("500.000", "500000")
    )
    ended = ingest(text)
    assert ended.code == 1
    assert found(ended, "two_readings") == ["target: 1.250"]


@pytest.mark.parametrize(
    ("target", "realization"),
    [("WTP", "WTP"), ("BB", "B"), ("12 Dokumen", "9 Dokumen"), ("95,3 %", "90 %"), ("0", "0")],
)
def test_targets_in_words_and_units_are_stored(
    target: str, realization: str, ingest: Ingest, seeds: Path
) -> None:
    text = small.FORM.replace("\t70\t", f"\t{target}\t").replace("68,64", realization)
    assert ingest(text, gated=True).code == 0
    [row, _] = small.rows_of(seeds, "agency_performance__targets")
    assert row[10:12] == [target, realization]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("98%", "250%", "achievement_pct.bounds"),
        ("2.000.000\t500.000\t25,00%", "2.000.000\t2.500.000\t125,00%", "document.spent_share"),
        ("Nilai SPIP", "Nilai SAKIP", "once"),
    ],
)
def test_what_breaks_a_bound_is_stored_with_the_reason(
    old: str, new: str, rule: str, ingest: Ingest, seeds: Path
) -> None:
    text = small.FORM.replace(old, new)
    ended = ingest(text, gated=True)
    assert (ended.code, rule in ended.answer["message"]) == (1, True)
    words = ["--allow", f"{rule}=printed so on paper"]
    words += ["--allow", "realization_pct.bounds=printed so on paper"] if "125" in new else []
    assert ingest(text, *words, gated=True).code == 0
    [row] = rendering.read(seeds / "reference" / "document_register.csv")
    assert f"allow.{rule}=printed so on paper" in row["decisions"]
    assert raw_gate(seeds).passed


def test_programs_in_capitals_and_account_codes_pass(ingest: Ingest) -> None:
    for name in ("PROGRAM PENGAWASAN", "6.01.02 Pengawasan"):
        text = small.FORM.replace("Program Pengawasan", name)
        assert ingest(text, "--replace", gated=True).code == 0


# Workbooks


def test_a_cell_is_stored_as_its_format_displays_it(ingest: Ingest, seeds: Path) -> None:
    def type_in(book: openpyxl.Workbook) -> None:
        sheet = book["Lembar"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "25,00%":
                    cell.value, cell.number_format = 25, '0.00"%"'
                elif cell.value == "500.000":
                    cell.value, cell.number_format = 500000, '"Rp"\\ #,##0.00'

    assert ingest(workbook(small.FORM, type_in), name="a.xlsx").code == 0
    assert small.rows_of(seeds, BUDGET)[0][9:] == ["2.000.000", "Rp 500.000,00", "25,00%"]


def test_hidden_columns_rows_and_sheets_are_never_read_and_told(
    ingest: Ingest, seeds: Path
) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        sheet = book["Lembar"]
        sheet.insert_cols(4)
        for row in sheet.iter_rows(min_row=5):
            row[3].value = "IPP RSUD" if row[2].value == "IPP DINAS SOSIAL" else "1,11"
        sheet.column_dimensions["D"].hidden = True
        sheet.insert_rows(7)
        for column, text in enumerate(
            ("9.", "Kota Bogor", "1,00", "", "1,00", "1,00", "1,00", "F"), 1
        ):
            sheet.cell(7, column, text)
        sheet.row_dimensions[7].hidden = True
        book.create_sheet("Lama").sheet_state = "hidden"

    ended = ingest(workbook(small.SCORES, hide), name="a.xlsx")
    assert ended.code == 0
    assert [row[4:7] for row in small.rows_of(seeds, SCORES)][:2] == [
        ["Kota Metro", "4,32", "4,70"],
        ["Kota Jambi", "3,89", "3,45"],
    ]
    told = " ".join(e["message"] for e in ended.result["events"] if e["event"] == "warning")
    for words in ("hidden column D", "hidden row 7", "hidden sheet Lama"):
        assert words in told


@pytest.mark.parametrize("title", ["Daftar", "Contoh"])
def test_a_visible_sheet_is_read_whatever_its_name(title: str, ingest: Ingest, seeds: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Lembar"].title = title

    assert ingest(workbook(small.SCORES, rename), name="a.xlsx").code == 0
    assert len(small.rows_of(seeds, SCORES)) == 5


@pytest.mark.parametrize(
    ("value", "number_format", "words"),
    [("=1+1", "0.00", "stored result"), (4321, "#,##0,", "may hide digits")],
)
def test_a_cell_that_does_not_say_its_value_is_refused(
    value: object, number_format: str, words: str, ingest: Ingest
) -> None:
    def put(book: openpyxl.Workbook) -> None:
        cell = book["Lembar"]["C6"]
        cell.value, cell.number_format = value, number_format

    ended = ingest(workbook(small.SCORES, put), name="a.xlsx")
    assert ended.code == 2
    for told in (words, "a.xlsx", "Lembar", "6"):
        assert told in ended.answer["message"]


# Other carriers


def test_a_word_document_gives_the_same_rows(ingest: Ingest, seeds: Path) -> None:
    import docx

    document = docx.Document()
    for block in small.SCORES.strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n")]
        if len(rows[0]) < 2:
            for row in rows:
                document.add_paragraph(row[0])
            continue
        table = document.add_table(len(rows), len(rows[0]))
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text
        mark = table.rows[1].cells[1].paragraphs[0].add_run("1")
        mark.font.superscript = True
    out = io.BytesIO()
    document.save(out)
    ended = ingest(out.getvalue(), name="a.docx")
    assert ended.code == 0
    given = [row[1:3] + row[4:] for row in small.rows_of(seeds, SCORES)]
    assert ingest(small.SCORES).code == 0
    assert [row[1:3] + row[4:] for row in small.rows_of(seeds, SCORES)] == given
    assert given[0][2:4] == ["Kota Metro", "4,32"]


def test_raised_digits_of_a_pdf_are_no_digits_of_a_figure(ingest: Ingest, seeds: Path) -> None:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    style = ParagraphStyle("cell", fontName="Helvetica", fontSize=8, leading=10)
    story: list[object] = []
    for block in small.SCORES.strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n")]
        marked = [[c.replace("4,70", "4,70<super>12</super>") for c in row] for row in rows]
        cells = [[Paragraph(text, style) for text in row] for row in marked]
        if len(rows[0]) > 1:
            story += [Table(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, 0)]), Spacer(1, 24)]
        else:
            story += [row[0] for row in cells] + [Spacer(1, 24)]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=(1200, 900), invariant=1).build(story)
    ended = ingest(out.getvalue(), name="a.pdf")
    assert ended.code == 0
    assert small.rows_of(seeds, SCORES)[0][4:7] == ["Kota Metro", "4,32", "4,70"]
    assert any(
        "footnote" in e["message"] for e in ended.result["events"] if e["event"] == "warning"
    )


def test_a_page_whose_table_is_a_picture_gets_the_sentence_about_ocr(ingest: Ingest) -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    bitmap = io.BytesIO(b"P6 2 2 255\n" + bytes(12))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800), invariant=1)
    canvas.drawString(50, 750, "Pelayanan Publik Tahun 2031")
    canvas.drawImage(ImageReader(bitmap), 50, 100, 500, 600)
    canvas.save()
    ended = ingest(out.getvalue(), name="a.pdf")
    assert (ended.code, "OCR" in ended.answer["message"]) == (2, True)


@pytest.mark.parametrize("kind", ["ods", "odt"])
def test_an_open_document_is_told_how_to_convert_it(kind: str, ingest: Ingest) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        what = {"ods": "spreadsheet", "odt": "text"}[kind]
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{what}")
        archive.writestr("content.xml", "<x/>")
    ended = ingest(out.getvalue(), name=f"a.{kind}")
    assert ended.code == 2
    wanted = {"ods": "xlsx", "odt": "docx"}[kind]
    assert f'soffice --headless --convert-to {wanted} "a.{kind}"' in ended.answer["message"]
