"""dbt talks to a person: what a build says at its end, and why one cannot begin."""

import subprocess
from pathlib import Path

import duckdb
import pytest
from kinerja.core.building import hold, why_not
from kinerja.core.errors import BadInputError
from warehouse import Warehouse, copy_project, copy_warehouse

pytestmark = pytest.mark.builds

ONE_MART = ("--select", "documents", "--exclude-resource-type", "test")


def refused(run: subprocess.CompletedProcess[str]) -> str:
    """The one sentence with which dbt ended before it did anything."""
    assert run.returncode == 2, run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    *_, head, kind, sentence = run.stdout.strip().splitlines()
    assert "Encountered an error" in head
    assert kind == "Runtime Error"
    return sentence.strip()


def test_a_whole_build_says_what_it_built_and_what_comes_next(built: Warehouse) -> None:
    said = (built.folder / "logs" / "dbt.log").read_text(encoding="utf-8")
    documents, evaluations = built.rows(
        "select count(*), count(distinct instrument) from marts.documents"
    )[0]
    assert f"{documents} documents of {evaluations} evaluations; " in said
    figures = built.value("select format('{:,}', count(*)) from marts.reconciliation")
    assert f"{figures} published figures checked: " in said
    for verdict, count in built.rows(
        "select verdict, format('{:,}', count(*)) from marts.reconciliation group by verdict"
    ):
        assert f"{count} {verdict.replace('_', ' ')}" in said
    findings = built.value("select format('{:,}', count(*)) from marts.findings")
    assert f"{findings} findings, all registered" in said
    assert "Built: kinerja.duckdb, whole; every test passed" in said
    assert "Next: uv run kinerja publish" in said


def test_a_part_is_called_a_part_and_a_quiet_build_says_nothing(
    built: Warehouse, tmp_path: Path
) -> None:
    copy = copy_warehouse(built, tmp_path / "project")
    said = copy.build(*ONE_MART)
    assert "Built in part: 1 step. The other tables in kinerja.duckdb stand as they were" in said
    assert "Next: uv run dbt build" in said
    assert "published figures" not in said
    assert copy.build("--quiet", *ONE_MART).strip() == ""


def test_of_two_builds_at_once_one_is_refused(built: Warehouse, tmp_path: Path) -> None:
    copy = copy_warehouse(built, tmp_path / "project")
    builds = [copy.start_dbt("build", *ONE_MART) for _ in range(2)]
    runs = [subprocess.CompletedProcess(b.args, b.wait(), *b.communicate()) for b in builds]
    done, other = sorted(runs, key=lambda run: run.returncode)
    assert done.returncode == 0, done.stdout
    assert f"{copy.database} is open in another process (" in refused(other)


def test_a_build_beside_an_open_reader_is_refused(built: Warehouse, tmp_path: Path) -> None:
    copy = copy_warehouse(built, tmp_path / "project")
    with duckdb.connect(str(copy.database), read_only=True):
        sentence = refused(copy.dbt("build"))
    assert f"{copy.database} is open in another process (" in sentence
    assert "close it there" in sentence


def test_tests_of_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    assert "is not there. Build it first: uv run dbt build" in refused(project.dbt("test"))
    assert not project.database.exists()


def test_a_database_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    text = tmp_path / "text.duckdb"
    text.write_text("not a database, whatever its name says", encoding="utf-8")
    for file, expected in {
        tmp_path: "is a folder: KINERJA_DB names the database file, as",
        tmp_path / "none" / "kinerja.duckdb": "none is not a folder: KINERJA_DB names a file",
        text: "text.duckdb is not a DuckDB file",
        # Nobody, not even root, makes a file there.
        Path("/sys/kinerja.duckdb"): "/sys/kinerja.duckdb cannot be written: Permission denied",
    }.items():
        with pytest.raises(BadInputError) as raised:
            hold(file, {})
        assert expected in str(raised.value)


def test_what_windows_says_of_an_open_file_is_understood() -> None:
    said = (
        'IO Error: Cannot open file "c:\\data\\kinerja.duckdb": The process cannot access the file '
        "because it is being used by another process.\r\n\nFile is already open in \n"
        "C:\\Python311\\python.exe (PID 4512)"
    )
    assert "is open in another process (4512)" in str(why_not(said, Path("kinerja.duckdb")))


def test_dbt_started_in_a_subfolder_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    project = copy_project(tmp_path / "project")
    run = Warehouse(project.folder / "models").dbt("build")
    assert run.returncode == 2
    assert "Traceback" not in run.stdout + run.stderr
    assert run.stderr.splitlines()[-1].startswith("Error: Invalid value for '--profiles-dir'")


def test_a_variable_that_nobody_knows_stops_the_build(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    run = project.dbt("build", "--vars", "parquet_seed: printed")
    assert run.returncode == 2
    assert '--vars: "parquet_seed" is unknown; known are parquet_seeds and documents' in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert project.rows("select * from information_schema.tables") == []
