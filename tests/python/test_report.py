"""The errata list, as the office that gets it opens it."""

import csv
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import unseen
import yaml
from command import kinerja
from kinerja.publish import labels
from kinerja.publish.errata import COLUMNS, LANGUAGES, entries
from kinerja.publish.sheets import FIRST
from kinerja.reports.findings import findings, letter, markdown, write
from publish_support import build_of
from warehouse import PROJECT, Warehouse, copy_warehouse

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def rows(editions: Warehouse) -> Rows:
    """The findings of the project."""
    return findings(editions.database)


def test_every_finding_of_the_warehouse_is_listed_once(rows: Rows, editions: Warehouse) -> None:
    with duckdb.connect(editions.database, read_only=True) as connection:
        known = connection.execute("select finding_id from marts.findings").fetchall()
    assert sorted(row["finding_id"] for row in rows) == sorted(name for (name,) in known)
    assert known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_says_where_to_look_and_what_would_be_right(language: str, rows: Rows) -> None:
    plain = re.compile(r"[a-z]+(_[a-z]+)+|\d+:\d+|[A-Z]-[A-Z]")
    for entry in entries(rows, language):
        for name in ("document", "table", "column", "printed", "expected", "explanation"):
            assert entry[name], (entry["id"], name)
        # Words that the reader of the document knows, not the names of our columns.
        for name in ("table", "column", "severity"):
            assert not plain.fullmatch(entry[name]), entry
    english = re.compile(r"\b(not listed|reported|without|one row|for each|a name)\b")
    for entry in entries(rows, "id"):
        assert not english.search(entry["printed"] + entry["expected"]), entry


def test_a_new_evaluation_is_named_by_its_declaration(
    editions: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its findings read well without a word about it in the reports."""
    build = build_of(editions).copy(tmp_path)
    unseen.add_to(build)
    project = tmp_path / "project"
    (project / "seeds" / "raw").mkdir(parents=True)
    (project / "dbt_project.yml").touch()
    (project / "seeds" / "raw" / "_raw__seeds.yml").write_text(
        yaml.safe_dump({"seeds": [unseen.DECLARATION]}), encoding="utf-8"
    )
    monkeypatch.setenv("KINERJA_PROJECT", str(project))
    rows = findings(build.file, unseen.DOCUMENT)
    assert len(rows) == len(unseen.PLANTED) * len(unseen.EDITIONS)
    for language, table, column, explanation in (
        ("id", "Tabel hasil", "Indeks kematangan", "Tercetak lain"),
        ("en", "Table of results", "Maturity index", "It differs"),
    ):
        for entry in entries(rows, language):
            assert (entry["table"], entry["column"]) == (table, column)
            assert entry["explanation"].startswith(explanation)
        assert f"### {table}" in markdown(rows, language)


def test_what_is_called_printed_stands_in_the_raw_file_on_that_row(
    rows: Rows, editions: Warehouse
) -> None:
    checked = 0
    for path in (editions.folder / "seeds" / "raw").glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            cells = {
                (raw["document_id"], raw["table_id"], int(raw["row_no"])): raw
                for raw in csv.DictReader(file)
                if "row_no" in raw
            }
        for row in rows:
            raw = cells.get((row["document_id"], row["table_id"], row["row_no"]))
            is_figure = re.fullmatch(r"-?\d+,\d+|[A-F]-?", row["printed"])
            if raw is not None and is_figure and row["column_name"] in raw:
                assert raw[row["column_name"]] == row["printed"], row["finding_id"]
                assert raw["source_line"] == row["source_line"]
                checked += 1
    assert checked


def test_the_spreadsheet_opens_and_holds_both_languages(tmp_path: Path, rows: Rows) -> None:
    path, *_ = write(rows, tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Ringkasan - Summary", "Daftar ralat", "Errata"]
    for sheet, language in zip(book.worksheets[1:], LANGUAGES, strict=True):
        heads = [
            getattr(column, {"id": "indonesian", "en": "english"}[language]) for column in COLUMNS
        ]
        assert heads in [[cell.value for cell in sheet[line]] for line in (FIRST - 1, FIRST)]
        listed = list(sheet.iter_rows(min_row=FIRST + 1, values_only=True))
        assert listed == [
            tuple(entry[column.name] or None for column in COLUMNS)
            for entry in entries(rows, language)
        ]
        assert sheet.freeze_panes == f"B{FIRST + 1}"
        assert sheet.auto_filter.ref == f"A{FIRST}:{sheet.dimensions.split(':')[1]}"
    counts = list(book.worksheets[0].iter_rows(min_row=FIRST + 1, values_only=True))
    assert sum(row[-1] for row in counts) == len(rows)
    documents = [row["document_id"] for row in rows]
    changes = sum(a != b for a, b in pairwise(documents))
    assert len(counts) == changes + 1 == len(set(documents))  # grouped by document


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path: Path, rows: Rows) -> None:
    spoilt = [{**rows[0], "printed": "=1+1", "subject_name": "a | b"}]
    path, markdown_id, *_ = write(spoilt, tmp_path)
    [cells] = openpyxl.load_workbook(path)["Errata"].iter_rows(min_row=FIRST + 1)
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)
    assert "a \\| b" in markdown_id.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_markdown_has_a_row_for_each_finding(language: str, rows: Rows) -> None:
    text = markdown(rows, language)
    numbers = re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(rows) + 1)]
    widths = {row.count(" | ") for row in text.splitlines() if row.startswith("| ")}
    assert len(widths) == 1
    assert ("Seharusnya" in text) == (language == "id")


def test_the_command_writes_one_document(tmp_path: Path, editions: Warehouse, rows: Rows) -> None:
    places = ("--database", editions.database, "--out", tmp_path)
    document = rows[0]["document_id"]
    ended = kinerja("report", *places, "--document", document, "--json")
    assert ended.code == 0, ended
    assert ended.result["findings"] == [row for row in rows if row["document_id"] == document]
    letters = [f"letter.{document}.{language}.md" for language in ("en", "id")]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "findings.en.md", "findings.id.md", "findings.xlsx", *letters,
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_asks_for_each_error_what_can_be_asked(language: str, rows: Rows) -> None:
    place = LANGUAGES.index(language)
    [document, *_] = {row["document_id"] for row in rows if row["search_outcome"]}
    about = [row for row in rows if row["document_id"] == document]
    text = letter(about, language)
    assert about[0]["issuer"] in text.splitlines()[2]
    asked = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(asked) == sum(row["severity"] != "note" for row in about)
    assert all(line.split(" | ")[-1].rstrip(" |") for line in asked), "nothing is left open"
    for note in (row for row in about if row["severity"] == "note"):
        assert note["subject_name"] in text.split(labels.words()["letter"]["notes"][place])[1]


@pytest.mark.parametrize(
    ("outcome", "proposed", "left_open"),
    [
        ("unique", "Final score, row 9: 3,15", "Please confirm the proposal."),
        ("unproven", None, "it may be an accident: Final score, row 9: 3,15."),
        ("several", None, "2 repairs explain it alike, such as: Final score, row 9: 3,15."),
        ("none", None, "No single slip explains it."),
        (None, None, "Please look at the original."),
    ],
)
def test_what_is_proposed_and_what_is_left_open(
    rows: Rows, outcome: str | None, proposed: str | None, left_open: str
) -> None:
    change = {"repair_no": 1, "table_id": "results", "row_no": 9, "column_name": "final_score"}
    change |= {"proposed": "3,15", "column_label_en": "Final score"}
    one = rows[0] | {"search_outcome": outcome, "repairs_found": 2, "proposals": [change]}
    [entry] = entries([one | {"proposed_slip_en": "One digit replaced", "evidence": 3}], "en")
    assert entry["proposed"] == proposed
    assert left_open in entry["open"]
    witnesses = "One digit replaced; rules that witness it: 3"
    assert entry["evidence"] == (witnesses if outcome == "unique" else None)


def test_bad_input_is_one_message(tmp_path: Path, editions: Warehouse) -> None:
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(empty).close()
    copy = tmp_path / "copy.duckdb"
    shutil.copy(editions.database, copy)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    for arguments, message in (
        (["--database", tmp_path / "none"], "is not there"),
        (["--database", empty], "has no findings to report"),
        (["--database", blocked], "has no findings to report"),
        (["--database", copy, "--document", "none"], "is not in the warehouse"),
        (["--database", copy, "--out", blocked / "out"], "blocked/out: "),
    ):
        ended = kinerja("report", *arguments)
        assert ended.code == 2
        assert message in ended.err
        assert ended.err.count("\n") == 1


# --- the register ---


def _say(project: Warehouse, *words: str) -> tuple[int, Any]:
    """Exit code and result of `kinerja register` on a project, or what it complains of."""
    given = ("--database", project.database, "--seeds", project.folder / "seeds")
    ended = kinerja("register", "--json", *given, *words)
    return ended.code, ended.result or ended.answer["message"]


@pytest.mark.builds
def test_new_findings_are_registered_with_a_cause_or_not_at_all(
    editions: Warehouse, tmp_path: Path
) -> None:
    """From a build that fails for findings that nobody has accepted to one that passes."""
    project = copy_warehouse(editions, tmp_path / "project")
    register = project.folder / "seeds" / "reference" / "known_discrepancies.csv"
    accepted = register.read_text(encoding="utf-8").splitlines()
    new = [row for row in accepted if row.startswith(("index.scale:", "cross.invitation_list:"))]
    ghost = "index.scale:smart_city_2021:results:1:final_score"
    assert len(new) == 2
    left = [row for row in accepted if row not in new]
    register.write_text("\n".join([*left, f"{ghost},misprint,2026-01-01", ""]), encoding="utf-8")
    failed = project.dbt("build", "--select", "known_discrepancies+")
    assert failed.returncode == 1
    assert "new finding, not in seeds/reference/known_discrepancies.csv" in failed.stdout

    before = register.read_bytes()
    code, found = _say(project)
    assert code == 1
    assert [one["finding_id"] for one in found["open"]] == [row.split(",")[0] for row in new]
    assert all(one["explanation"] for one in found["open"])
    assert found["gone"] == [ghost]
    # Neither without a cause, nor with one that does not exist, nor what is not found.
    for words, message in (
        (["index.scale"], "say --cause CODE"),
        (["--cause", "misprint"], "Name the findings"),
        (["--cause", "whatever", "index.scale"], "it has other_inputs"),
        (["--cause", "misprint", "index.scale", "index.sca"], "index.sca: no finding"),
        (["--cause", "misprint", left[1].split(",")[0]], "no finding of this name waits"),
        (["--remove", left[1].split(",")[0]], "not a registered finding that is gone"),
    ):
        code, said = _say(project, *words)
        assert code == 2
        assert message in said
        assert register.read_bytes() == before

    code, found = _say(project, "--cause", "drafting", "cross.invitation_list")
    assert (code, len(found["changed"]), len(found["open"])) == (1, 1, 1)
    code, found = _say(project, "--cause", "no_response", "index.scale:smart_city_2021")
    assert (code, len(found["changed"]), found["open"]) == (1, 1, [])
    code, found = _say(project, "--remove", ghost)
    assert (code, found["open"], found["gone"]) == (0, [], [])
    # The same rows in the same order, but for the day and the cause that were given.
    rows = [row.rsplit(",", 2) for row in register.read_text(encoding="utf-8").splitlines()]
    assert [row[0] for row in rows] == [row.rsplit(",", 2)[0] for row in accepted]
    assert {row[1] for row in rows if row[0].startswith("index.scale:")} == {"no_response"}
    project.build("--select", "known_discrepancies+")


def test_a_register_that_cannot_be_read_is_one_message(editions: Warehouse, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    (seeds / "reference").mkdir(parents=True)
    shutil.copy(PROJECT / "seeds" / "reference" / "discrepancy_causes.csv", seeds / "reference")
    register = seeds / "reference" / "known_discrepancies.csv"
    for content, message in (
        (None, "cannot be read"),
        (b"finding_id;cause_code\n", "must begin with the line"),
        (b"finding_id,cause_code,accepted_on\na,b\n", "not of 3 cells"),
        (b"finding_id,cause_code,accepted_on\n\xff,b,c\n", "not UTF-8"),
    ):
        if content is not None:
            register.write_bytes(content)
        ended = kinerja("register", "--database", editions.database, "--seeds", seeds)
        assert ended.code == 2
        assert message in ended.err
        assert ended.err.count("\n") == 1
