"""The two gates: what they let through, and how they name what they do not."""

# ruff: noqa: E501 - tables of faults

import csv
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
import yaml
from gates_seeds import change, copied_seeds
from kinerja.core.errors import BadInputError
from kinerja.gates import Breach, check_raw
from kinerja.gates.cli import main
from kinerja.gates.marts import validate_marts
from kinerja.gates.raw import accept_totals, suite, validate_raw
from warehouse import PROJECT, Warehouse

RESULTS, SCORES = "smart_city__results", "public_service__scores"
BUDGET, DETAILS, NOTES = "agency_performance__budget", "smart_city__details", "notes"

Fault = tuple[str, int, str, str, str, str | None, str]
"""File, line, text on it, what it becomes, column, value as reported, expectation."""

FAULTS: list[Fault] = [
    (RESULTS, 2, '"3,66"', "3.66", "baseline", "3.66", "decimal_point"),
    (RESULTS, 3, '"-0,02"', "-.02", "improvement", "-.02", "decimal_point"),
    (RESULTS, 5, "KAB. ", "KAB.  ", "region_name", None, "vocabulary"),
    (RESULTS, 6, "smart_city_2021,", "smart_city_2020,", "document_id", "smart_city_2020", "vocabulary"),
    (BUDGET, 2, "25.338.739.129", "2.5338.739.129", "ceiling", "2.5338.739.129", "thousands_separator"),
    (BUDGET, 2, "4.497.357.736", '"4,497,357,736"', "realization", "4,497,357,736", "thousands_separator"),
    (BUDGET, 3, "6.639.931.839", "6639931839", "ceiling", "6639931839", "thousands_separator"),
    (BUDGET, 4, ",I,1,", ",1,1,", "quarter", "1", "format"),
    (BUDGET, 5, ",2024,", ",24,", "fiscal_year", "24", "format"),
    (BUDGET, 3, '"7,22%"', '"1,007,22%"', "realization_pct", "1,007,22%", "number_format"),
    (BUDGET, 4, '"20,78%"', '"120,78%"', "realization_pct", "120,78%", "bounds"),
    (SCORES, 2, '"4,76"', '"4,7O"', "index_score", "4,7O", "text_in_number"),
    (SCORES, 2, '"4,63"', '"4, 63"', "social_service", "4, 63", "text_in_number"),
    (SCORES, 3, '"4,63"', '"5,63"', "index_score", "5,63", "scale"),
    (SCORES, 4, '"4,64"', "N/A", "hospital", "N/A", "text_in_number"),
    (SCORES, 4, '"4,59"', '"1,004.59"', "third_unit", "1,004.59", "thousands_separator"),
    (SCORES, 4, ",A\n", ",G\n", "grade", "G", "vocabulary"),
    (SCORES, 5, "Provinsi", "Propinsi", "region_name", None, "vocabulary"),
    (DETAILS, 2, '"2,97"', '"0,97"', "value", "0,97", "scale"),
    (DETAILS, 3, '"4,00"', "", "value", None, "filled"),
    (NOTES, 2, "planning_document_review", "planing", "topic_code", "planing", "vocabulary"),
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
    assert check_raw(PROJECT / "seeds") == []


def test_all_faults_are_named_at_once_and_nothing_else(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    for fault in FAULTS:
        damage(seeds, fault)
    breaches = check_raw(seeds)
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
        rewrite(BUDGET, replaced(b"Penataan", "PenataÃ©n".encode())),
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
        rewrite(RESULTS, replaced(b"\nsmart_city_2021,results,3,", b"\n\nsmart_city_2021,results,3,")),
        [(RESULTS, 4, None, "row_length")],
    ),
    "line break in a cell": (
        rewrite(BUDGET, replaced(b"Penataan Administrasi", b'"Penataan\nAdministrasi"')),
        [(BUDGET, 4, "line_name", "control_character")],
    ),
    "open quotation mark": (
        rewrite(NOTES, lambda data: data.rstrip(b"\n") + b'"\n'),
        [],
    ),
    "outer blank": (
        rewrite(BUDGET, replaced(b"Penataan Administrasi", b" Penataan Administrasi")),
        [(BUDGET, 4, "line_name", "outer_blank")],
    ),
    "row twice": (
        rewrite(RESULTS, lambda data: data + data.splitlines(keepends=True)[1]),
        [
            (RESULTS, 102, "document_id | table_id | row_no", "repeated_row"),
            (RESULTS, 102, "document_id | region_name", "repeated_row"),
        ],
    ),
    "region twice under two names": (
        rewrite(RESULTS, replaced(b"KAB. BANDUNG", b"Bupati Badung")),
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
    seeds = copied_seeds(tmp_path)
    plant(seeds)
    breaches = check_raw(seeds)
    found = [(breach.file, breach.line, breach.column, breach.expectation) for breach in breaches]
    for name, line, column, expectation in expected:
        assert (f"raw/{name}.csv", line, column, expectation) in found, breaches
    if form != "open quotation mark":
        assert len(found) == len(expected), breaches
    else:
        assert found  # what it is called depends on where the mark stands


def test_lines_stay_right_below_a_broken_one(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    path = seeds / "raw" / f"{BUDGET}.csv"
    data = path.read_bytes().replace(b"Penataan Administrasi", b'"Penataan\n\nAdministrasi"', 1)
    lines = data.split(b"\n")
    # Two lines more since line 4: what stood on line 10 stands on line 12 now.
    old = lines[11].split(b",")[-3]
    lines[11] = lines[11].replace(old, b"12.34", 1)
    path.write_bytes(b"\n".join(lines))
    found = {(breach.line, breach.expectation) for breach in check_raw(seeds)}
    assert found == {(4, "control_character"), (12, "thousands_separator")}


def test_a_registered_score_outside_its_scale_passes_and_the_next_cell_does_not(
    tmp_path: Path,
) -> None:
    seeds = copied_seeds(tmp_path)
    rows = (seeds / "raw" / f"{DETAILS}.csv").read_text(encoding="utf-8").splitlines()
    registered = [number for number, row in enumerate(rows, 1) if row.endswith('"0,00"')]
    assert len(registered) == 3  # three answers that the document prints as 0,00
    assert check_raw(seeds) == []
    register = seeds / "reference" / "known_discrepancies.csv"
    kept = [row for row in register.read_text().splitlines() if "index.scale" not in row]
    register.write_text("\n".join(kept) + "\n")
    assert [(breach.line, breach.expectation) for breach in check_raw(seeds)] == [
        (number, "scale") for number in registered
    ]


def test_the_suite_knows_the_columns_that_dbt_and_ingest_know() -> None:
    declared = yaml.safe_load((PROJECT / "seeds/raw/_raw__seeds.yml").read_text(encoding="utf-8"))
    columns = {seed["name"]: list(seed["config"]["column_types"]) for seed in declared["seeds"]}
    assert {name: list(file["columns"]) for name, file in suite().files.items()} == columns


def test_control_totals_find_a_digit_that_arithmetic_cannot(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    change(seeds / "raw" / f"{BUDGET}.csv", 139, "54.351.269", "54.351.569")
    assert check_raw(seeds) == []
    verdict = validate_raw(seeds)
    assert [(breach.file, breach.column, breach.expectation) for breach in verdict.breaches] == [
        (f"raw/{BUDGET}.csv", "realization", "control_total")
    ]
    assert "52884444832" in verdict.breaches[0].message  # the sum with 300 rupiah more
    accept_totals(seeds, ["performance_jambi_setda_2024_q4"])
    assert validate_raw(seeds).passed


def test_totals_of_a_document_that_breaks_the_suite_are_not_accepted(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    totals = (seeds / "reference" / "control_totals.csv").read_bytes()
    damage(seeds, FAULTS[0])
    with pytest.raises(BadInputError, match=r"line 2, column baseline"):
        accept_totals(seeds, ["smart_city_2021"])
    with pytest.raises(BadInputError, match=r"no raw file has figures of it"):
        accept_totals(PROJECT / "seeds", ["smart_city_1921"])
    assert (seeds / "reference" / "control_totals.csv").read_bytes() == totals


def test_great_expectations_finds_what_the_quick_check_finds(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    for fault in FAULTS:
        damage(seeds, fault)
    verdict = validate_raw(seeds)
    quick = check_raw(seeds)
    assert {str(breach) for breach in quick} <= {str(breach) for breach in verdict.breaches}
    more = {breach.expectation for breach in verdict.breaches} - {b.expectation for b in quick}
    assert "control_total" in more
    # Great Expectations counted in SQL what the gate listed.
    for outcome in verdict.outcomes:
        assert outcome.breaches == len(outcome.listed), outcome


def run(*arguments: object, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "scripts" / "validate.py"), *map(str, arguments)]
    return subprocess.run(
        [*command, "--out", str(out)], capture_output=True, text=True, check=False
    )


def test_the_command_says_it_shortly_and_writes_page_and_json(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    damage(seeds, FAULTS[11])
    done = run("raw", "--seeds", seeds, out=tmp_path / "out")
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


def test_bad_input_is_one_message_and_exit_code_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("no database")
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(empty).close()
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    for arguments, message in (
        (["raw", "--seeds", tmp_path], "has no folder raw/"),
        (["marts", "--database", tmp_path / "none"], "is not there"),
        (["marts", "--database", text], "cannot be opened as a DuckDB file"),
        (["marts", "--database", empty], "has no marts"),
        (["marts", "--database", empty, "--accept", "x"], "--accept needs --previous"),
        (["raw", "--out", blocked / "folder"], "cannot be written"),
    ):
        assert main([str(argument) for argument in arguments]) == 2
        told = capsys.readouterr().err
        assert message in told
        assert told.count("\n") == 1


def changed_warehouse(built: Warehouse, folder: Path, *statements: str) -> Path:
    database = folder / "changed.duckdb"
    shutil.copy(built.database, database)
    with duckdb.connect(database) as connection:
        for statement in statements:
            connection.execute(statement)
    return database


def test_the_finished_warehouse_passes_alone_and_against_itself(built: Warehouse) -> None:
    verdict = validate_marts(built.database, built.database)
    assert verdict.passed, verdict.breaches
    assert verdict.rows["regions"] == 552


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
        ("index_scores", "regions_are_official"),
    },
    "update marts.findings set is_registered = false": {("findings", "registered")},
    "alter table marts.public_service drop column grade_published": {("public_service", "columns")},
    "drop table marts.accountability": {("accountability", "columns")},
    "update marts.reconciliation set verdict = 'fine' where verdict = 'exact'": {
        ("reconciliation", "verdict.expect_column_distinct_values_to_be_in_set")
    },
    "delete from marts.source_coverage where document_id = 'smart_city_2021'": {
        ("documents", "every_document_is_covered")
    },
    "update marts.budget_realization set realization_rupiah = -1 where quarter = 4": {
        ("budget_realization", "only_reversals_are_negative")
    },
}


def test_a_spoilt_warehouse_is_stopped(built: Warehouse, tmp_path: Path) -> None:
    verdict = validate_marts(changed_warehouse(built, tmp_path, *SPOILT))
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
    before = built.database
    after = changed_warehouse(
        built,
        tmp_path,
        "delete from marts.index_scores where document_id = 'accountability_jambi_2024'",
        "update marts.public_service set grade_published = 'B' where region_code = '15.71'",
        "update marts.budget_realization set realization_rupiah = realization_rupiah + 1 "
        "where document_id = 'performance_jambi_setda_2024_q4' and line_code = '0'",
        "drop table marts.recommendations",
    )
    with duckdb.connect(before, read_only=True) as connection:
        grade = connection.execute(
            "select grade_published from marts.public_service where region_code = '15.71'"
        ).fetchone()
    found = {(breach.file, breach.expectation) for breach in validate_marts(after, before).breaches}
    expected = {
        ("index_scores", "rows_lost"),
        ("budget_realization", "figure_changed"),
        ("recommendations", "lost_mart"),
        ("recommendations", "columns"),
    }
    if grade != ("B",):
        expected.add(("public_service", "figure_changed"))
    assert found == expected
    accepted = [
        "accountability_jambi_2024",
        "public_service_2024",
        "performance_jambi_setda_2024_q4",
    ]
    left = {(b.file, b.expectation) for b in validate_marts(after, before, accepted).breaches}
    assert left == {("recommendations", "lost_mart"), ("recommendations", "columns")}
    with pytest.raises(BadInputError, match="no document of this id"):
        validate_marts(after, before, ["none"])


@pytest.mark.on_demand
def test_millions_of_rows_need_no_more_memory(tmp_path: Path) -> None:
    seeds = copied_seeds(tmp_path)
    millions = int(os.environ.get("KINERJA_MILLIONS", "10"))
    path = seeds / "raw" / f"{DETAILS}.csv"
    header, body = path.read_bytes().split(b"\n", 1)
    register = seeds / "reference" / "document_register.csv"
    known = register.read_text(encoding="utf-8").splitlines()
    known_row = next(row for row in known if row.startswith("smart_city_2021,"))
    copies = millions * 1_000_000 // body.count(b"\n") + 1
    with path.open("wb") as file, register.open("a", encoding="utf-8") as names:
        file.write(header + b"\n" + body)
        for number in range(copies):
            name = f"smart_city_x{number}"
            # The registered zeros are those of one document.
            rows = body.replace(b"smart_city_2021", name.encode()).replace(b'"0,00"', b'"1,00"')
            file.write(rows)
            names.write(known_row.replace("smart_city_2021,", f"{name},", 1) + "\n")
    (seeds / "reference" / "control_totals.csv").unlink()
    command = [sys.executable, str(PROJECT / "scripts" / "validate.py"), "raw", "--json"]
    command += ["--seeds", str(seeds), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output, _ = process.communicate()
    result = json.loads(output)
    peak = 0
    if sys.platform == "linux":
        import resource

        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{sum(result['rows'].values()):,} rows, {result['seconds']} s, {peak} MiB")
    assert process.returncode == 0, result["breaches"][:3]
    assert peak < 2500
