"""What a document is, of when, of whom and in which unit: right, or stopped with a question."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ingest_rendering as rendering
import ingest_small as small
import openpyxl
import pytest
from command import Ended, kinerja

Read = Callable[..., Ended]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return small.small_seeds(tmp_path / "warehouse")


@pytest.fixture
def read(seeds: Path, tmp_path: Path) -> Read:
    """Ingests a text under a name, with options; nothing but the reading is judged."""

    def run(text: str | bytes, *words: object, name: str = "document.txt") -> Ended:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return kinerja("ingest", file, "--seeds", seeds, "--json", *words, raw_gate=small.no_gate)

    return run


def register(seeds: Path) -> list[dict[str, str]]:
    return rendering.read(seeds / "reference" / "document_register.csv")


def document(ended: Ended) -> dict[str, Any]:
    """The one document that was read."""
    found: dict[str, Any]
    [found] = [event for event in ended.result["events"] if event["event"] == "document"]
    return found


def asked(ended: Ended) -> str:
    """What a person is asked; nothing else stopped the run, and nothing was stored."""
    assert ended.code == 1, ended
    [doubt] = document(ended)["doubts"]
    return str(doubt)


# The year

DECISION = """KEPUTUSAN MENTERI
NOMOR 9 TAHUN 2031
TENTANG
HASIL EVALUASI PELAYANAN
PUBLIK TAHUN 2031

Mengingat : 1. Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik (Lembaran Negara
Republik Indonesia Tahun 2009 Nomor 112);

Ditetapkan di Jakarta
Pada tanggal 31 Desember 2031
"""
LISTS = small.SCORES.split("\n\n", 1)[1]


def test_a_title_over_two_lines_is_the_year_and_a_cited_law_is_not(read: Read, seeds: Path) -> None:
    assert read(f"{DECISION}\n{LISTS}").code == 0
    [row] = register(seeds)
    told = (row["document_id"], row["edition_year"], row["number"], row["issued_on"])
    assert told == ("public_service_2031", "2031", "9 Tahun 2031", "2031-12-31")


@pytest.mark.parametrize(
    "title",
    [
        "HASIL EVALUASI PELAYANAN\n\nPUBLIK TAHUN\n2031",
        "HASIL EVALUASI PELAYANAN PUBLIK\nPADA LINGKUP\nPEMERINTAH DAERAH TAHUN 2031",
        "Hasil Evaluasi Pelayanan Publik Tahun 2031",
    ],
)
def test_a_title_may_break_anywhere(title: str, read: Read, seeds: Path) -> None:
    text = DECISION.replace("HASIL EVALUASI PELAYANAN\nPUBLIK TAHUN 2031", title)
    assert read(f"{text}\n{LISTS}").code == 0
    assert register(seeds)[0]["edition_year"] == "2031"


def test_a_law_cited_over_several_lines_is_no_document(read: Read, seeds: Path) -> None:
    cited = "Undang-Undang\nNOMOR 25 TAHUN 2009\ntentang Pelayanan Publik\n"
    text = DECISION.replace("Ditetapkan di", f"{cited}\nDitetapkan di")
    assert read(f"{text}\n{LISTS}").code == 0
    told = {name: register(seeds)[0][name] for name in ("edition_year", "issued_on")}
    assert told == {"edition_year": "2031", "issued_on": "2031-12-31"}


def test_without_a_title_the_year_is_a_question(read: Read, seeds: Path) -> None:
    text = DECISION.replace("PUBLIK TAHUN 2031", "PUBLIK")
    question = asked(read(f"{text}\n{LISTS}"))
    assert "--year YEAR" in question
    assert "2031" in question
    assert register(seeds) == []
    assert read(f"{text}\n{LISTS}", "--year", "2031").code == 0
    assert register(seeds)[0]["decisions"] == "year=2031"
    # The decision is kept with the file: nobody is asked again.
    assert read(f"{text}\n{LISTS}").code == 0


def test_a_title_of_another_year_than_the_number_is_a_question(read: Read) -> None:
    question = asked(read(f"{DECISION}\n{LISTS}".replace("PUBLIK TAHUN 2031", "PUBLIK TAHUN 2013")))
    assert '2013 (4: "HASIL EVALUASI PELAYANAN PUBLIK TAHUN 2013")' in question
    assert '2031 (2: "NOMOR 9 TAHUN 2031")' in question


def test_a_letter_that_cites_the_results_of_the_year_before(read: Read, seeds: Path) -> None:
    cites = "Menindaklanjuti hasil evaluasi smart city tahun 2030, bersama ini disampaikan:\n"
    text = small.RESULTS.replace("1\tBupati", f"{cites}\n1\tBupati")
    assert read(text).code == 0
    assert register(seeds)[0]["document_id"] == "smart_city_2031"


def test_a_letter_whose_only_year_is_that_of_cited_results_asks(read: Read) -> None:
    text = small.RESULTS.replace(
        "Hasil Evaluasi Smart City Tahun 2031:",
        "Sesuai penyampaian kami tentang hasil evaluasi smart city tahun 2030 yang lalu kami\n"
        "sampaikan daftar berikut.",
    )
    question = asked(read(text))
    assert "--year YEAR" in question
    assert "2030" in question
    assert "2031" in question or "2032" in question


def test_two_editions_in_one_workbook_are_not_merged(read: Read, seeds: Path) -> None:
    book = openpyxl.Workbook()
    sheets = {"Hasil": f"{DECISION}\n{LISTS}", "Lama": f"HASIL TAHUN 2030\n\n{LISTS}"}
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for line in text.split("\n"):
            sheet.append([*line.split("\t")])
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    question = asked(read(out.getvalue(), name="both.xlsx"))
    assert question.startswith("two editions in one document, 2031 (Hasil:")
    assert "2030 (Lama:1:" in question
    assert register(seeds) == []


def test_a_number_and_a_date_of_different_years_are_a_question(read: Read) -> None:
    question = asked(read(small.RESULTS.replace("3 Januari 2032", "3 Januari 2031")))
    assert "2031-01-03" in question
    assert "--issued-on" in question


# Whose it is


EARLIER = """Menindaklanjuti surat kami tahun lalu perihal evaluasi AKIP tahun 2030 pada Pemerintah
Provinsi Jambi, hasil berikut disampaikan.
"""


def test_a_letter_that_first_cites_the_letter_of_last_year(read: Read, seeds: Path) -> None:
    text = small.LETTER.replace("Disampaikan kepada", f"{EARLIER}\nDisampaikan kepada")
    assert read(text).code == 0
    row = register(seeds)[0]
    assert (row["document_id"], row["subject_name"]) == ("accountability_jambi_2031", "Kota Jambi")


def test_two_governments_without_an_addressee_are_a_question(read: Read, seeds: Path) -> None:
    text = small.LETTER.replace(
        "Disampaikan kepada", "Pemerintah Provinsi Jambi telah dievaluasi.\n\nDisampaikan kepada"
    )
    question = asked(read(text))
    assert "Provinsi Jambi (8:" in question
    assert "Kota Jambi (10:" in question
    assert "--region CODE" in question
    assert read(text, "--region", "15.71").code == 0
    assert register(seeds)[0]["document_id"] == "accountability_jambi_2031"
    assert small.rows_of(seeds, "accountability__components")[0][4] == "Kota Jambi"


def test_the_addressee_decides_and_another_one_is_a_question(read: Read) -> None:
    text = small.LETTER.replace(
        "3 September 2031", "3 September 2031\n\nYth. Wali Kota Jambi\ndi Jambi"
    )
    found = document(read(text.replace("kepada Pemerintah Kota Jambi", "kepada")))
    assert (found["document_id"], found["doubts"]) == ("accountability_jambi_2031", [])
    question = asked(read(text.replace("Yth. Wali Kota Jambi", "Yth. Bupati Siak")))
    assert "Bupati Siak" in question
    assert "Kota Jambi" in question


def test_an_agency_of_another_government_than_the_title_is_a_question(read: Read) -> None:
    question = asked(read(f"PEMERINTAH KOTA AMBON\n\n{small.FORM}"))
    assert "Inspektorat Kota Jambi" in question
    assert "PEMERINTAH KOTA AMBON" in question


def test_two_quarters_in_the_headings_are_a_question(read: Read) -> None:
    text = small.FORM.replace("PAGU\tTRIWULAN II", "PAGU\tTRIWULAN III")
    assert "quarter is II" in asked(read(text))
    assert document(read(text, "--quarter", "II"))["doubts"] == []


# The unit of the amounts, and what a realization covers


@pytest.mark.parametrize(
    ("words", "rupiah"),
    [
        ("(dalam ribuan rupiah)", 1000),
        ("(Dalam Jutaan Rupiah)", 1000000),
        ("Satuan: Rp Ribu", 1000),
        ("(Rp juta)", 1000000),
        ("(dalam miliar rupiah)", 1000000000),
        ("(Rp.000)", 1000),
        ("(dalam rupiah)", 1),
        ("", 1),
    ],
)
def test_the_unit_that_a_form_prints_is_kept_with_it(
    words: str, rupiah: int, read: Read, seeds: Path
) -> None:
    printed = "2.000.000" if rupiah == 1 else "2.000"
    text = small.FORM.replace("2.000.000", printed).replace("\n\nNO.", f"\n{words}\n\nNO.")
    text = text if rupiah == 1 else text.replace("500.000", "500")
    assert read(text).code == 0
    assert register(seeds)[0]["rupiah_per_unit"] == str(rupiah)
    # Raw stays as printed.
    assert small.rows_of(seeds, "agency_performance__budget")[0][9] == printed


def test_two_units_are_a_question(read: Read, seeds: Path) -> None:
    text = small.FORM.replace("\n\nNO.", "\n(dalam ribuan rupiah)\n(dalam jutaan rupiah)\n\nNO.")
    question = asked(read(text))
    assert "1000 (4:" in question
    assert "1000000 (5:" in question
    assert read(text, "--unit", "thousand").code == 0
    assert register(seeds)[0]["decisions"] == "unit=1000"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2.000.000", "2.000", "no unit is printed"),
        ("2.000.000", "25.338.739.129", "the largest amount printed is 25.338.739.129"),
    ],
)
def test_amounts_that_no_agency_has_are_a_question(
    old: str, new: str, words: str, read: Read
) -> None:
    text = small.FORM.replace(old, new)
    if new != "2.000":
        text = text.replace("\n\nNO.", "\n(dalam jutaan rupiah)\n\nNO.")
    else:
        text = text.replace("500.000", "500")
    assert words in asked(read(text))


@pytest.mark.parametrize(
    "heading", ["S.D. TRIWULAN II", "S/D TRIWULAN II", "REALISASI SAMPAI DENGAN TRIWULAN II"]
)
def test_a_heading_says_that_a_form_cumulates(heading: str, read: Read, seeds: Path) -> None:
    assert read(small.FORM.replace("TRIWULAN II\t", f"{heading}\t")).code == 0
    row = register(seeds)[0]
    assert (row["fiscal_quarter"], row["is_cumulative"]) == ("2", "true")


def test_one_heading_that_cumulates_and_one_that_does_not_are_a_question(
    read: Read, seeds: Path
) -> None:
    text = small.FORM.replace("PAGU\tTRIWULAN II", "PAGU\tS.D. TRIWULAN II")
    assert "--quarterly or --cumulative" in asked(read(text))
    assert read(text, "--quarterly").code == 0
    assert register(seeds)[0]["is_cumulative"] == "false"


def test_a_form_that_cumulates_without_saying_so_is_found_by_the_quarter_before(
    read: Read, seeds: Path
) -> None:
    before = small.FORM.replace("TRIWULAN II", "TRIWULAN I")
    assert read(before, name="first.txt").code == 0
    # Together more than the ceiling: 1.600.000 and 500.000 of 2.000.000.
    text = small.FORM.replace("500.000\t25,00%", "1.600.000\t80,00%")
    question = asked(read(text))
    assert "performance_jambi_inspektorat_2031_q1" in question
    assert "--quarterly or --cumulative" in question
    assert read(text, "--cumulative").code == 0
    assert [row["is_cumulative"] for row in register(seeds)] == ["false", "true"]


def test_a_form_that_is_said_to_cumulate_and_falls_is_a_question(read: Read) -> None:
    assert read(small.FORM.replace("TRIWULAN II", "TRIWULAN I"), name="first.txt").code == 0
    text = small.FORM.replace("TRIWULAN II\t", "S.D. TRIWULAN II\t")
    assert "4 lines fell" in asked(read(text.replace("500.000\t25,00%", "400.000\t20,00%")))


# Rows tied by name and number


def test_ranked_results_and_alphabetical_details_are_a_question(read: Read, seeds: Path) -> None:
    swapped = small.RESULTS
    for one, other in (
        ("1\tKab. Badung\t", "2\tKab. Badung\t"),
        ("2\tKota Jambi\t", "1\tKota Jambi\t"),
    ):
        swapped = swapped.replace(one, other)
    lines = swapped.split("\n")
    at = [n for n, line in enumerate(lines) if line.startswith(("1\tKota Jambi", "2\tKab. Badung"))]
    for second, first in (at[0:2], at[2:4]):
        lines[second], lines[first] = lines[first], lines[second]
    text = "\n".join(lines)
    question = asked(read(text))
    assert "Kota Jambi" in question
    assert "KAB. BADUNG" in question
    assert "4 of 4 rows" in question
    assert read(text, "--rows-by", "name").code == 0
    assert register(seeds)[0]["rows_by"] == "name"


def test_a_name_that_stands_at_its_own_number_too_is_a_misprint(read: Read, seeds: Path) -> None:
    text = small.RESULTS.replace("1\tKab. Badung\t2,97", "1\tKota Jambi\t2,97")
    assert read(text).code == 0
    assert register(seeds)[0]["rows_by"] == ""


# The sheet, and who agrees


def test_the_sheet_says_where_each_fact_was_read_and_what_the_columns_add_up_to(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As wide as a file; tests that run side by side have a width.
    monkeypatch.delenv("COLUMNS", raising=False)
    file = tmp_path / "form.txt"
    file.write_text(small.FORM, encoding="utf-8")
    ended = kinerja("ingest", file, "--seeds", seeds, "--dry-run", raw_gate=small.no_gate)
    for words in (
        'line 1: "FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN 2031"',
        "budget of agency_performance__budget: 4 rows, numbered to 4",
        "Program Pengawasan",
        "Total Anggaran",
        "ceiling: 4 figures that add up to 8.000.000, 2.000.000 over its programs; "
        "the printed total 2.000.000 agrees",
        "target: 2 figures that add up to 73; worked out from what was read",
    ):
        assert words in ended.out, ended.out
    assert register(seeds) == []


def test_nothing_is_stored_that_nobody_agreed_to(seeds: Path, tmp_path: Path) -> None:
    from kinerja.cli import main
    from kinerja.cli.answers import Session

    file = tmp_path / "form.txt"
    file.write_text(small.FORM, encoding="utf-8")
    before = small.state(seeds)
    session = Session(raw_gate=small.no_gate)
    assert main(["ingest", str(file), "--seeds", str(seeds)], session) == 1
    assert small.state(seeds) == before
    assert main(["ingest", str(file), "--seeds", str(seeds), "--yes"], session) == 0


def test_a_dry_run_is_refused_by_the_gate_that_would_refuse_the_run(
    seeds: Path, tmp_path: Path
) -> None:
    file = tmp_path / "letter.txt"
    # Its weights add up to 60.
    file.write_text(small.LETTER, encoding="utf-8")
    before = small.state(seeds)
    ended = kinerja("ingest", file, "--seeds", seeds, "--dry-run")
    assert ended.code == 1
    assert "the weights of the components add up to 100" in ended.err
    assert small.state(seeds) == before


# Names


def test_a_list_offers_its_own_kind_and_an_abbreviation_its_province(read: Read) -> None:
    text = small.SCORES.replace("Kota Metro", "Mettro")
    [unknown] = document(read(text))["unresolved"]
    assert {region["kind"] for region in unknown["suggestions"]} == {"city"}
    assert unknown["suggestions"][0]["name"] == "Kota Metro"
    provinces = LISTS.split("\n\n")[0].replace("DAFTAR KOTA", "DAFTAR PROVINSI")
    provinces = provinces.replace("IPP KOTA", "IPP PROVINSI").replace("DISDUKCAPIL", "SAMSAT")
    for printed, name in (("Provinsi D.K.I. Jakarta", "Jakarta"), ("NTB", "Nusa Tenggara Barat")):
        text = f"{DECISION}\n{provinces}".replace("Kota Metro", printed)
        names = {one["printed"]: one for one in document(read(text))["unresolved"]}
        assert name in names[printed]["suggestions"][0]["name"]


def test_a_name_of_another_kind_than_its_own_words_or_its_list_stops(
    read: Read, seeds: Path
) -> None:
    text = small.SCORES.replace("Kota Metro", "Provinsi D.K.I. Jakarta")
    ended = read(text, "--accept", "Provinsi D.K.I. Jakarta=31.01:wrong")
    assert ended.code == 2
    assert "is a regency, the name says province" in ended.answer["message"]
    ended = read(small.SCORES.replace("Kota Metro", "Kabupaten Bantul"))
    assert ended.code == 1
    [wrong] = document(ended)["unresolved"]
    assert "is a regency, its list has city" in wrong["misfit"]
    assert register(seeds) == []


def test_names_are_decided_in_a_file_that_the_dry_run_writes(
    read: Read, seeds: Path, tmp_path: Path
) -> None:
    text = small.SCORES.replace("Kota Metro", "Kota Mettro").replace("Kota Ambon", "Kota Ammbon")
    file = tmp_path / "decisions.csv"
    assert read(text, "--names", file).code == 2
    assert read(text, "--names", file, "--dry-run").code == 1
    rows = rendering.read(file)
    assert [row["printed_name"] for row in rows] == ["Kota Mettro", "Kota Ammbon"]
    assert all(row["offered"].split("; ")[0].split()[0] in ("18.72", "81.71") for row in rows)
    for row in rows:
        row["region_code"], row["reason"] = row["offered"].split()[0], "misprint"
    rendering.write(file, rows[0], rows)
    assert read(text, "--names", file).code == 0
    names = {
        row["printed_name"]: row for row in rendering.read(seeds / "reference/region_names.csv")
    }
    assert names["Kota Mettro"]["region_code"] == "18.72"
    assert names["Kota Mettro"]["reason"] == "misprint"


# Control totals


def bases(seeds: Path) -> dict[str, str]:
    rows = rendering.read(seeds / "reference" / "control_totals.csv")
    return {
        row["column_name"]: row["basis"]
        for row in rows
        if row["seed_name"] == "agency_performance__budget"
    }


def test_a_total_says_whether_the_document_or_a_person_printed_it(
    seeds: Path, tmp_path: Path
) -> None:
    file = tmp_path / "form.txt"
    file.write_text(small.FORM.replace("Total Anggaran", "Kegiatan lain"), encoding="utf-8")
    words = ("ingest", file, "--seeds", seeds)
    wrong = kinerja(*words, "--total", "ceiling=2.000.100", "--json")
    assert wrong.code == 1
    assert "ceiling is 2.000.100 on paper, and 2.000.000 or 8.000.000 as read" in asked(wrong)
    assert kinerja(*words, "--total", "nothing=1").code == 2
    assert kinerja(*words, "--total", "ceiling=2.000.000").code == 0
    found = bases(seeds)
    assert (found["ceiling"], found["realization"]) == ("person", "read")
    file.write_text(small.FORM, encoding="utf-8")
    assert kinerja(*words, "--replace").code == 0
    found = bases(seeds)
    figures = ("ceiling", "realization", "realization_pct")
    assert [found[name] for name in figures] == ["document", "document", "read"]


# What is stored


def test_a_document_is_listed_and_removed_with_all_that_is_about_it(
    read: Read, seeds: Path
) -> None:
    assert read(small.SCORES).code == 0
    before = small.state(seeds)
    assert read(small.FORM, name="form.txt").code == 0
    paper = seeds / "reference" / "known_discrepancies.csv"
    text = paper.read_text(encoding="utf-8")
    row = "budget.rollup:performance_jambi_inspektorat_2031_q2:1:x,misprint,2031-01-01\n"
    paper.write_text(text + row, encoding="utf-8")
    listed = kinerja("documents", "--seeds", seeds, "--json").result
    wanted = ["performance_jambi_inspektorat_2031_q2", "public_service_2031"]
    assert [one["document_id"] for one in listed] == wanted
    words = ("documents", "--seeds", seeds, "--remove")
    assert kinerja(*words, "nobody", "--yes").code == 2
    assert kinerja(*words, wanted[0], raw_gate=small.no_gate).code == 1
    assert kinerja(*words, wanted[0], "--yes", raw_gate=small.no_gate).code == 0
    after = small.state(seeds)
    # A confirmed name of a region is known for good.
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed <= {"reference/region_names.csv"}
    header, *_ = csv.reader(io.StringIO(paper.read_text(encoding="utf-8")))
    assert header == ["finding_id", "cause_code", "accepted_on"]
