"""The two gates: what they let through, and how they name what they do not."""

# ruff: noqa: E501 - tables of faults

import csv
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from command import kinerja, started
from gates_seeds import change, made_seeds
from kinerja.core.errors import BadInputError
from kinerja.core.files import write_whole
from kinerja.gates import Breach, contracts, gx, marts_gate, raw_gate
from kinerja.gates.marts import suite
from kinerja.publish import release
from publish_support import build_of, options
from warehouse import PROJECT, Warehouse

RESULTS, SCORES = "smart_city__results", "public_service__scores"
BUDGET, DETAILS, NOTES = "agency_performance__budget", "smart_city__details", "notes"
COMPONENTS, TARGETS = "accountability__components", "agency_performance__targets"

Fault = tuple[str, int, str, str, str, str | None, str]
"""File, line, text on it, what it becomes, column, value as reported, expectation."""

FAULTS: list[Fault] = [
    (RESULTS, 2, '"3,66"', "3.66", "baseline", "3.66", "decimal_point"),
    (RESULTS, 3, '"-0,02"', "-.02", "improvement", "-.02", "decimal_point"),
    (RESULTS, 3, '"3,30"', '"4,30"', "quick_win", "4,30", "scale"),
    (RESULTS, 5, "KAB. ", "KAB.  ", "region_name", None, "vocabulary"),
    (RESULTS, 5, '"-0,54"', '"-3,54"', "improvement", "-3,54", "scale"),
    (RESULTS, 6, "smart_city_2031,", "smart_city_2030,", "document_id", "smart_city_2030", "vocabulary"),
    (BUDGET, 2, "20.000.000.000", "2.0000.000.000", "ceiling", "2.0000.000.000", "thousands_separator"),
    (BUDGET, 2, "4.500.000.000", '"4,500,000,000"', "realization", "4,500,000,000", "thousands_separator"),
    (BUDGET, 3, "6.639.931.839", "6639931839", "ceiling", "6639931839", "thousands_separator"),
    (BUDGET, 4, ",I,1,", ",1,1,", "quarter", "1", "format"),
    (BUDGET, 5, ",2031,I", ",31,I", "fiscal_year", "31", "format"),
    (BUDGET, 3, '"7,22%"', '"1,007,22%"', "realization_pct", "1,007,22%", "number_format"),
    (BUDGET, 4, '"20,78%"', '"120,78%"', "realization_pct", "120,78%", "bounds"),
    (SCORES, 2, '"4,76"', '"4,7O"', "index_score", "4,7O", "text_in_number"),
    (SCORES, 2, '"4,63"', '"4, 63"', "social_service", "4, 63", "text_in_number"),
    (SCORES, 3, '"4,63"', '"5,63"', "index_score", "5,63", "scale"),
    (SCORES, 4, '"4,64"', "N/A", "hospital", "N/A", "text_in_number"),
    (SCORES, 4, '"4,59"', '"1,004.59"', "third_unit", "1,004.59", "thousands_separator"),
    (SCORES, 4, ",A\n", ",G\n", "grade", "G", "vocabulary"),
    (SCORES, 5, ",B\n", ",BB\n", "grade", "BB", "vocabulary"),  # another instrument's grade
    (SCORES, 6, "Kab. Badung", "Kab. Badunk", "region_name", None, "vocabulary"),
    (DETAILS, 2, '"2,97"', '"0,97"', "value", "0,97", "scale"),
    (DETAILS, 3, '"4,00"', "", "value", None, "filled"),
    (COMPONENTS, 2, '"43,01"', '"63,01"', "value", "63,01", "scale"),
    (COMPONENTS, 3, '"29,35"', '"49,35"', "value", "49,35", "scale"),
    (COMPONENTS, 4, '"72,36"', '"172,36"', "value", "172,36", "scale"),
    (COMPONENTS, 5, "BB", "A", "value", "A", "text_in_number"),  # another instrument's grade
    (TARGETS, 2, '"98,06%"', '"298,06%"', "achievement_pct", "298,06%", "bounds"),
    (TARGETS, 3, "not_issued", "Not issued", "remark", "Not issued", "format"),
    (NOTES, 2, "planning", "planing", "topic_code", "planing", "vocabulary"),
]  # fmt: skip


def damage(seeds: Path, fault: Fault) -> None:
    """Plant one of the faults."""
    name, line, before, after, *_ = fault
    path = seeds / "raw" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[line - 1].count(before) == 1, (lines[line - 1], before)
    lines[line - 1] = lines[line - 1].replace(before, after)
    path.write_text("".join(lines), encoding="utf-8")


def found_at(breaches: list[Breach], fault: Fault) -> list[Breach]:
    name, line, _, _, column, value, expectation = fault
    return [
        breach
        for breach in breaches
        if (breach.file, breach.line, breach.column) == (f"raw/{name}.csv", line, column)
        and breach.expectation == expectation
        and (value is None or breach.value == value)
    ]


def test_the_project_passes_its_own_gate() -> None:
    assert raw_gate(PROJECT / "seeds").breaches == []


def test_all_faults_are_named_at_once_and_nothing_else(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    assert raw_gate(seeds).breaches == []
    for fault in FAULTS:
        damage(seeds, fault)
    breaches = raw_gate(seeds).breaches
    assert [fault for fault in FAULTS if not found_at(breaches, fault)] == []
    assert len(breaches) == len(FAULTS)


def rewrite(name: str, how: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(seeds: Path) -> None:
        path = seeds / "raw" / f"{name}.csv"
        path.write_bytes(how(path.read_bytes()))

    return write


def replaced(before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    def replace(data: bytes) -> bytes:
        assert before in data
        return data.replace(before, after, 1)

    return replace


def without_column(number: int) -> Callable[[bytes], bytes]:
    def drop(data: bytes) -> bytes:
        rows = list(csv.reader(data.decode().splitlines()))
        text = "\n".join(
            ",".join(f'"{cell}"' for place, cell in enumerate(row) if place != number)
            for row in rows
        )
        return text.encode() + b"\n"

    return drop


Form = tuple[Callable[[Path], object], list[tuple[str, int | None, str | None, str]]]

FORMS: dict[str, Form] = {
    "missing column": (
        rewrite(SCORES, without_column(8)),
        [(SCORES, 1, "index_score", "columns")],
    ),
    "renamed column": (
        rewrite(SCORES, replaced(b"index_score", b"nilai")),
        [(SCORES, 1, "index_score", "columns"), (SCORES, 1, "nilai", "columns")],
    ),
    "columns in another order": (
        rewrite(SCORES, replaced(b"social_service,hospital", b"hospital,social_service")),
        [(SCORES, 1, None, "columns")],
    ),
    "column twice": (
        rewrite(NOTES, replaced(b"letter", b"note_no")),
        [(NOTES, 1, "letter", "columns"), (NOTES, 1, "note_no", "columns")],
    ),
    "latin-1": (
        rewrite(RESULTS, replaced(b"KAB. BADUNG", b"KAB. B\xc0DUNG")),
        [(RESULTS, 2, "region_name", "encoding"), (RESULTS, 2, "region_name", "vocabulary")],
    ),
    "utf-8 read as latin-1": (
        rewrite(BUDGET, replaced(b"Reviu Laporan", "ReviÃ©u Laporan".encode())),
        [(BUDGET, 4, "line_name", "encoding")],
    ),
    "utf-16": (
        rewrite(RESULTS, lambda data: data.decode().encode("utf-16")),
        [(RESULTS, None, None, "encoding")],
    ),
    "byte order mark": (
        rewrite(RESULTS, lambda data: b"\xef\xbb\xbf" + data),
        [(RESULTS, 1, None, "encoding")],
    ),
    "semicolons": (
        rewrite(NOTES, lambda data: data.replace(b",", b";")),
        [(NOTES, 1, None, "separator")],
    ),
    "decimal comma without quotes": (
        rewrite(RESULTS, replaced(b'"3,66"', b"3,66")),
        [(RESULTS, 2, None, "row_length")],
    ),
    "cells lost": (
        rewrite(RESULTS, replaced(b',"3,19","0,22"', b"")),
        [(RESULTS, 2, None, "row_length")],
    ),
    "blank line": (
        rewrite(RESULTS, replaced(b"\nsmart_city_2031,results,3,", b"\n\nsmart_city_2031,results,3,")),
        [(RESULTS, 4, None, "row_length")],
    ),
    "line break in a cell": (
        rewrite(BUDGET, replaced(b"Reviu Laporan", b'"Reviu\nLaporan"')),
        [(BUDGET, 4, "line_name", "control_character")],
    ),
    "open quotation mark": (
        rewrite(NOTES, lambda data: data.rstrip(b"\n") + b'"\n'),
        [],
    ),
    "outer blank": (
        rewrite(BUDGET, replaced(b"Reviu Laporan", b" Reviu Laporan")),
        [(BUDGET, 4, "line_name", "outer_blank")],
    ),
    "row twice": (
        rewrite(RESULTS, lambda data: data + data.splitlines(keepends=True)[1]),
        [
            (RESULTS, 7, "document_id | row_no", "repeated_row"),
            (RESULTS, 7, "document_id | region_name", "repeated_row"),
        ],
    ),
    "region twice under two names": (
        rewrite(RESULTS, replaced(b"KOTA JAMBI", b"Bupati Badung")),
        [(RESULTS, 3, "document_id | region_name", "repeated_row")],
    ),
    "empty file": (rewrite(NOTES, lambda _: b""), [(NOTES, None, None, "file")]),
    "file missing": (
        lambda seeds: (seeds / "raw" / "notes.csv").unlink(),
        [(NOTES, None, None, "file")],
    ),
    "file unknown": (
        lambda seeds: (seeds / "raw" / "nilai.csv").write_text("a\n1\n"),
        [("nilai", None, None, "file")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_fault_of_form_is_named(form: str, tmp_path: Path) -> None:
    plant, expected = FORMS[form]
    seeds = made_seeds(tmp_path)
    plant(seeds)
    breaches = raw_gate(seeds).breaches
    found = [(breach.file, breach.line, breach.column, breach.expectation) for breach in breaches]
    for name, line, column, expectation in expected:
        assert (f"raw/{name}.csv", line, column, expectation) in found, breaches
    if form != "open quotation mark":
        assert len(found) == len(expected), breaches
    else:
        assert found  # what it is called depends on where the mark stands


def test_lines_stay_right_below_a_broken_one(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    path = seeds / "raw" / f"{BUDGET}.csv"
    data = path.read_bytes().replace(b"Reviu Laporan Kinerja", b'"Reviu\n\nLaporan Kinerja"', 1)
    lines = data.split(b"\n")
    # Two lines more since line 4: what stood on line 10 stands on line 12 now.
    assert b"Pendampingan Desa" in lines[11]
    lines[11] = lines[11].replace(b",9.000.000,", b",12.34,", 1)
    path.write_bytes(b"\n".join(lines))
    found = {(breach.line, breach.expectation) for breach in raw_gate(seeds).breaches}
    assert found == {(4, "control_character"), (12, "thousands_separator")}


def test_a_registered_score_outside_its_scale_passes_and_the_next_cell_does_not(
    tmp_path: Path,
) -> None:
    seeds = made_seeds(tmp_path)
    change(seeds / "raw" / f"{DETAILS}.csv", 4, '"3,24"', '"0,00"')
    found = [(breach.line, breach.expectation) for breach in raw_gate(seeds).breaches]
    assert found == [(4, "scale")]
    register = seeds / "reference" / "known_discrepancies.csv"
    register.write_text(register.read_text().splitlines()[0] + "\n")
    found = [(breach.line, breach.expectation) for breach in raw_gate(seeds).breaches]
    assert found == [(4, "scale"), (5, "scale")]


def test_a_scale_is_that_of_the_edition(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    register = seeds / "reference" / "document_register.csv"
    register.write_text(register.read_text().replace("public_service,2031", "public_service,2030"))
    found = [(breach.line, breach.column, breach.value) for breach in raw_gate(seeds).breaches]
    # The total went up to 4 in that year, the parts to 5.
    assert found == [
        (n, "index_score", value) for n, value in ((2, "4,76"), (3, "4,63"), (4, "4,60"))
    ]


# A table of an evaluation that nothing else knows.
DECLARED = """
  - name: library__lists
    config:
      meta:
        instrument: library
        kind: numbered_list
        tables: {lists: {label_id: Daftar, label_en: List}}
        order: [row_no]
        once: [document_id, region_name]
        plausible:
          mean: {value: avg(total_number), between: [2, null], rows: 2, label_id: rata-rata, label_en: the mean}
    data_tests: [{key: {arguments: {columns: [document_id, row_no]}}}]
    columns:
      - {name: document_id, data_type: string, config: {meta: {holds: document}}}
      - {name: table_id, data_type: string, config: {meta: {holds: text}}}
      - {name: row_no, data_type: integer, config: {meta: {holds: whole_number, headings: ['no']}}}
      - {name: source_line, data_type: string, config: {meta: {holds: place}}}
      - {name: region_name, data_type: string, config: {meta: {holds: region, headings: [perpustakaan]}}}
      - {name: shelves, data_type: string, config: {meta: {holds: score, component: shelves}}}
      - {name: total, data_type: string, config: {meta: {holds: score, component: library, required: true}}}
      - {name: grade, data_type: string, config: {meta: {holds: grade, of: library}}}
"""


def test_a_new_table_is_gated_by_its_declaration_alone(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    with (seeds / "raw" / "_raw__seeds.yml").open("a", encoding="utf-8") as file:
        file.write(DECLARED)
    for name, rows in {
        "instruments": "library,Perpustakaan,Libraries,letter,tahun (?P<year>\\d+),none,,,"
        "library_{year},Perpustakaan,Libraries,Dinas",
        "document_register": "library_2031,library,2031,,",
        "grade_bands": "library,Ramai",
        "score_trees": "library,2031,,library,,index,mean,,0,0,10\nlibrary,2031,,shelves,library,shelf,,,1,0,4",
    }.items():
        with (seeds / "reference" / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(rows + "\n")
    path = seeds / "raw" / "library__lists.csv"
    header = "document_id,table_id,row_no,source_line,region_name,shelves,total,grade\n"
    good = 'library_2031,lists,1,9,KOTA JAMBI,"4,00","9,50",Ramai\n'
    path.write_text(header + good, encoding="utf-8")
    assert raw_gate(seeds).breaches == []
    path.write_text(
        header
        + 'library_2031,lists,1,9,KOTA JAMBI,"4,50","0,10",A\n'
        + "library_2031,lists,1,9,Kota Jambi,3.5,,Ramai\n",
        encoding="utf-8",
    )
    found = [(b.line, b.column, b.expectation) for b in raw_gate(seeds).breaches]
    assert found == [
        (None, None, "mean"),
        (2, "grade", "vocabulary"),
        (2, "shelves", "scale"),
        (3, "document_id | region_name", "repeated_row"),
        (3, "document_id | row_no", "repeated_row"),
        (3, "shelves", "decimal_point"),
        (3, "total", "filled"),
    ]


def test_a_declaration_that_does_not_say_whose_scores_stops_the_gate(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    declared = seeds / "raw" / "_raw__seeds.yml"
    text = declared.read_text(encoding="utf-8")
    assert ", of: accountability" in text
    declared.write_text(text.replace(", of: accountability", ""), encoding="utf-8")
    with pytest.raises(BadInputError, match="column value: component_by letter needs `of`"):
        raw_gate(seeds)


def test_a_heading_that_yaml_takes_for_a_truth_value_stops_the_gate(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    with (seeds / "raw" / "_raw__seeds.yml").open("a", encoding="utf-8") as file:
        file.write(DECLARED.replace("'no'", "no"))
    with pytest.raises(BadInputError, match=r"library__lists, column row_no: YAML reads False"):
        raw_gate(seeds)


# (file, line, text on it, what it becomes, the figure of the document that is not plausible then)
IMPLAUSIBLE = [
    (BUDGET, 6, "400.000.000,0,", "400.000.000,500.000.000,", "spent_share"),
    (BUDGET, 2, "Program ", "Pokok ", "program_lines"),
    (COMPONENTS, 3, ",40,", ",41,", "weights_sum"),
    (RESULTS, 2, '"3,17"', "", "dimensions_filled"),
]


@pytest.mark.parametrize(("name", "line", "before", "after", "figure"), IMPLAUSIBLE)
def test_a_document_that_is_not_plausible_is_named(
    name: str, line: int, before: str, after: str, figure: str, tmp_path: Path
) -> None:
    seeds = made_seeds(tmp_path)
    change(seeds / "raw" / f"{name}.csv", line, before, after)
    [breach] = raw_gate(seeds).breaches
    assert (breach.file, breach.expectation) == (f"raw/{name}.csv", figure)
    assert breach.value is not None
    assert "_2031" in breach.value


FORM = "performance_made_up_2031_q1"


def test_control_totals_find_a_digit_that_arithmetic_cannot(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    totals = seeds / "reference" / "control_totals.csv"
    other = "notes,gone_2030,plan,mark,,1,2,person"
    totals.write_text(
        f"seed_name,document_id,table_id,column_name,word,cells,total,basis\n{other}\n"
    )
    assert raw_gate(seeds, [FORM]).passed
    written = totals.read_text().splitlines()
    assert f"{BUDGET},{FORM},budget,realization,,10,5290210788,read" in written
    assert f"{TARGETS},{FORM},targets,realization,-,1,,read" in written
    assert other in written
    change(seeds / "raw" / f"{BUDGET}.csv", 9, "54.351.269", "54.351.569")
    verdict = raw_gate(seeds)
    assert [(breach.file, breach.column, breach.expectation) for breach in verdict.breaches] == [
        (f"raw/{BUDGET}.csv", "realization", "control_total")
    ]
    assert "5290211088" in verdict.breaches[0].message  # the sum with 300 rupiah more
    assert raw_gate(seeds, [FORM]).passed
    assert raw_gate(seeds).passed


def test_totals_of_a_document_that_breaks_the_suite_are_not_accepted(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    damage(seeds, FAULTS[0])
    [breach] = raw_gate(seeds, [FORM]).breaches
    assert (breach.line, breach.column) == (2, "baseline")
    with pytest.raises(BadInputError, match=r"no raw file has rows of it"):
        raw_gate(seeds, ["smart_city_1921"])
    assert not (seeds / "reference" / "control_totals.csv").exists()


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    (seeds / "reference" / "control_totals.csv").mkdir()
    before = sorted(seeds.rglob("*"))
    with pytest.raises(OSError, match="control_totals"):
        raw_gate(seeds, [FORM])
    assert sorted(seeds.rglob("*")) == before
    file = tmp_path / "file"
    write_whole(file, "Nilai – ×\n")
    write_whole(file, file.read_bytes() * 2)
    assert file.read_bytes() == "Nilai – ×\n".encode() * 2
    assert file.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["file"]


def test_great_expectations_finds_what_duckdb_finds_alone(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    assert raw_gate(seeds, [FORM]).passed
    for fault in FAULTS:
        damage(seeds, fault)
    (seeds / "raw" / "nilai.csv").write_text("a\n1\n", encoding="utf-8")
    quick, whole = raw_gate(seeds), raw_gate(seeds, run=gx.run)
    assert quick.outcomes == whole.outcomes
    assert {"control_total", "file", "scale"} <= {breach.expectation for breach in quick.breaches}
    for outcome in quick.outcomes:
        assert outcome.breaches == len(outcome.listed), outcome


def test_the_raw_gate_alone_does_not_import_great_expectations(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kinerja.gates import raw_gate; "
        f"assert raw_gate(Path({str(made_seeds(tmp_path))!r})).passed; "
        "assert 'great_expectations' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_command_says_it_shortly_and_writes_page_and_json(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    change(seeds / "raw" / f"{SCORES}.csv", 2, '"4,76"', '"4,7O"')
    done = started("validate", "raw", "--seeds", seeds, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr == ""  # no progress bars, no warnings
    assert "4,7O" in done.stdout
    assert "text in a number" in done.stdout
    result = json.loads((tmp_path / "out" / "raw.json").read_text(encoding="utf-8"))
    breach = next(b for b in result["breaches"] if b["expectation"] == "text_in_number")
    assert (breach["file"], breach["line"]) == (f"raw/{SCORES}.csv", 2)
    assert (breach["column"], breach["value"]) == ("index_score", "4,7O")
    page = (tmp_path / "out" / "raw.html").read_text(encoding="utf-8")
    assert "4,7O" in page
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)


def test_bad_input_is_one_message_and_exit_code_two(tmp_path: Path, built: Warehouse) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("no database")
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(empty).close()
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    marts = ["marts", "--manifest", manifest_of(built)]
    undeclared = made_seeds(tmp_path / "undeclared")
    (undeclared / "raw" / "_raw__seeds.yml").unlink()
    without_words = made_seeds(tmp_path / "without_words")
    (without_words / "reference" / "printed_words.csv").unlink()
    for arguments, message in (
        (["raw", "--seeds", tmp_path], "has no folder raw/"),
        (["raw", "--seeds", undeclared], "declares the printed tables"),
        (["raw", "--seeds", without_words], "printed_words.csv is not there"),
        ([*marts, "--database", tmp_path / "none"], "is not there"),
        ([*marts, "--database", text], "is not a DuckDB file"),
        ([*marts, "--database", empty], "has no marts"),
        ([*marts, "--database", empty, "--accept", "x"], "--accept needs --previous"),
        ([*marts, "--database", built.database, "--previous", empty], "has no marts"),
        (["raw", "--seeds", without_words.parent / "none"], "has no folder raw/"),
        (["raw", "--out", blocked / "folder"], "cannot be written"),
    ):
        ended = kinerja("validate", *arguments)
        assert ended.code == 2
        assert message in ended.err
        assert ended.err.count("\n") == 1


def manifest_of(built: Warehouse) -> Path:
    return built.folder / "target" / "manifest.json"


def changed_warehouse(built: Warehouse, folder: Path, *statements: str) -> Path:
    database = folder / "changed.duckdb"
    shutil.copy(built.database, database)
    with duckdb.connect(database) as connection:
        for statement in statements:
            connection.execute(statement)
    return database


def test_the_finished_warehouse_passes_alone_and_against_itself(built: Warehouse) -> None:
    verdict = marts_gate(built.database, built.database, manifest=manifest_of(built))
    assert verdict.breaches == []
    assert verdict.rows["regions"] == built.value("select count(*) from marts.regions")


def test_a_build_is_judged_against_a_release(built: Warehouse, tmp_path: Path) -> None:
    release.publish(options(build_of(built), tmp_path / "published"))
    published = tmp_path / "published" / "kinerja.duckdb"
    for file, previous in ((built.database, published), (published, built.database)):
        verdict = marts_gate(file, previous, manifest=manifest_of(built))
        assert verdict.breaches == []


def test_the_suite_names_what_dbt_promises(built: Warehouse) -> None:
    promised = contracts.read(manifest_of(built))
    assert set(promised) == {
        name
        for (name,) in built.rows(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        )
    }
    assert set(suite()["marts"]) <= set(promised)
    for mart, rules in suite()["marts"].items():
        assert set(rules.get("never_blank", ())) <= set(promised[mart].columns), mart
        # What dbt proves is said once.
        assert not set(rules.get("never_blank", ())) & {
            *promised[mart].key,
            *promised[mart].not_null,
        }
        for rule in rules.get("expect", ()):
            for name, arguments in rule.items():
                if name.startswith("ExpectColumnDistinct"):
                    assert arguments["column"] not in promised[mart].values, mart
    columns = [column for contract in promised.values() for column in contract.columns]
    for pattern in suite()["figures"]:
        assert fnmatch.filter(columns, pattern), pattern


# (what happens to the file, the marts and expectations that must then be breached)
SPOILT = {
    "update marts.smart_city set final_score = final_score * 10": {
        ("smart_city", "final_score.expect_column_mean_to_be_between")
    },
    "update marts.index_rankings set rank = rank_worst + 1 where rank = 1": {
        ("index_rankings", "rank_in_its_range"),
        ("index_rankings", "every_group_has_a_first"),
    },
    "update marts.regions set region_code = replace(region_code, '.', '')": {
        ("regions", "region_code_is_text"),
        ("agencies", "region_code.references"),
        ("index_scores", "region_code.references"),
        ("smart_city", "region_code.references"),
    },
    "update marts.findings set is_registered = false": {("findings", "registered")},
    "alter table marts.public_service drop column grade_published": {("public_service", "columns")},
    "drop table marts.accountability": {("accountability", "columns")},
    "update marts.reconciliation set verdict = 'fine' where verdict = 'exact'": {
        ("reconciliation", "verdict.expect_column_distinct_values_to_be_in_set")
    },
    "delete from marts.source_coverage where document_id = (select min(document_id) from marts.documents)": {
        ("documents", "every_document_is_covered")
    },
    "update marts.budget_realization set realization_rupiah = -1 where quarter = 4": {
        ("budget_realization", "only_reversals_are_negative")
    },
    "update marts.score_components set label_en = null": {("score_components", "never_blank")},
    "update marts.time_spine set date_day = null": {("time_spine", "never_blank")},
}


def test_a_spoilt_warehouse_is_stopped(built: Warehouse, tmp_path: Path) -> None:
    changed = changed_warehouse(built, tmp_path, *SPOILT)
    verdict = marts_gate(changed, manifest=manifest_of(built))
    failed = [outcome for outcome in verdict.outcomes if not outcome.passed]
    breached = {(outcome.subject, outcome.expectation) for outcome in failed}
    for statement, expected in SPOILT.items():
        assert expected <= breached, statement
    assert breached == set().union(*SPOILT.values())
    assert all(outcome.listed for outcome in failed)
    assert not any("could not be evaluated" in breach.message for breach in verdict.breaches)


def test_a_release_may_not_lose_or_change_what_was_released(
    built: Warehouse, tmp_path: Path
) -> None:
    before, manifest = built.database, manifest_of(built)
    documents = [
        str(built.value(f"select min(document_id) from marts.{mart}"))
        for mart in ("index_scores", "public_service", "budget_realization")
    ]
    lost, graded, spent = documents
    after = changed_warehouse(
        built,
        tmp_path,
        f"delete from marts.index_scores where document_id = '{lost}'",
        "update marts.public_service set grade_published = 'never printed' "
        f"where document_id = '{graded}'",
        "update marts.budget_realization set realization_rupiah = realization_rupiah + 1 "
        f"where document_id = '{spent}' and line_code = '0'",
        "drop table marts.recommendations",
    )
    verdict = marts_gate(after, before, manifest=manifest)
    found = {(breach.file, breach.expectation) for breach in verdict.breaches}
    gone = {("recommendations", "lost_mart"), ("recommendations", "columns")}
    grades = {("public_service", "grade_published.expect_column_distinct_values_to_be_in_set")}
    assert found == gone | grades | {
        ("index_scores", "rows_lost"),
        ("budget_realization", "figure_changed"),
        ("public_service", "figure_changed"),
    }
    verdict = marts_gate(after, before, documents, manifest=manifest)
    assert {(breach.file, breach.expectation) for breach in verdict.breaches} == gone | grades
    with pytest.raises(BadInputError, match="no document of this id"):
        marts_gate(after, before, ["none"], manifest=manifest)


@pytest.mark.on_demand
def test_millions_of_rows_need_no_more_memory(tmp_path: Path) -> None:
    seeds = made_seeds(tmp_path)
    millions = int(os.environ.get("KINERJA_MILLIONS", "10"))
    register = seeds / "reference" / "document_register.csv"
    body = "".join(
        f'@,details,{block},{row},{column},9,Kab. Badung,"{1 + (row + column) % 4},00"\n'
        for block in range(1, 16)
        for row in range(1, 101)
        for column in range(1, 5)
    )
    with (
        (seeds / "raw" / f"{DETAILS}.csv").open("a", encoding="utf-8") as file,
        register.open("a", encoding="utf-8") as names,
    ):
        for number in range(millions * 1_000_000 // body.count("\n") + 1):
            file.write(body.replace("@", f"smart_city_x{number}"))
            names.write(f"smart_city_x{number},smart_city,2031,,\n")
    process = started("validate", "raw", "--json", "--seeds", seeds, "--out", tmp_path / "out")
    result = json.loads(process.stdout)["result"]
    peak = 0
    if sys.platform == "linux":
        import resource

        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{sum(result['rows'].values()):,} rows, {result['seconds']} s, {peak} MiB")
    assert process.returncode == 0, result["breaches"][:3]
    assert peak < 2500
