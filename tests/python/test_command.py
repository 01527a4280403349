"""The one command: its verbs, its one shape of JSON, its exit codes, where it looks for files."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import duckdb
import ingest_small as small
import pytest
from command import kinerja, started
from commands_page import PAGE, page
from kinerja.cli import kinerja as group
from kinerja.publish import audit
from warehouse import PROJECT, Warehouse, copy_warehouse

DOCS = [PROJECT / "README.md", PROJECT / "README.id.md", *(PROJECT / "docs").rglob("*.md")]


def verbs(command: click.Command = group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every verb that does something, like ("cluster", "start")."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from verbs(below, (*path, name))
    else:
        yield path


def leaf(words: Sequence[str]) -> tuple[click.Command, list[str]]:
    """The verb that a command line names, and the words after it."""
    command: click.Command = group
    left = list(words)
    while isinstance(command, click.Group):
        assert left, words
        assert left[0] in command.commands, words
        command = command.commands[left.pop(0)]
    return command, left


@pytest.mark.parametrize("words", list(verbs()), ids=" ".join)
def test_the_help_of_every_verb_has_examples_that_it_takes(words: tuple[str, ...]) -> None:
    shown = kinerja(*words, "--help")
    assert shown.code == 0
    assert "--json" in shown.out
    assert "Exit codes: 0 done; " in shown.out
    examples = re.findall(r"^    kinerja (.+)$", shown.out, flags=re.MULTILINE)
    assert examples
    for example in examples:
        command, left = leaf(as_words(example))
        assert command is leaf(words)[0]
        command.make_context("kinerja", left)


def as_words(line: str) -> list[str]:
    """The words of a command line as bash and PowerShell both split them."""
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)]


def test_the_page_of_commands_is_their_help() -> None:
    """After a change of the help: uv run python tests/python/commands_page.py"""
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(written)


def test_every_command_in_the_docs_is_one_that_the_command_takes() -> None:
    found = 0
    for file in DOCS:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"scripts/\w+\.py|uv run python scripts", text), file
        for line in re.findall(r"uv run (?:--extra spark )?kinerja ([^`#\n]+)", text):
            words = as_words(line.partition("   ")[0])
            if words[0].isupper() or words == ["--help"]:
                continue
            command, left = leaf(words)
            command.make_context("kinerja", [word for word in left if word != "…"])
            found += 1
    assert found > 20


WRONG = {
    "an unknown verb": (["publsih"], "No such command 'publsih'. Did you mean 'publish'?"),
    "an unknown option": (["releases", "--too", "x"], "No such option '--too'."),
    "nothing to do it with": (["ingest"], "Missing argument 'FILE...'."),
    "a number out of its range": (["publish", "--keep", "0"], "0 is not in the range x>=1."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_command_is_one_sentence_and_exit_code_2(name: str) -> None:
    words, message = WRONG[name]
    ended = kinerja(*words)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert ended.err.count("\n") == 1
    told = kinerja(*words, "--json")
    assert told.answer["message"] == ended.err.strip()
    assert told.result is None


def test_no_verb_shows_the_help() -> None:
    shown = kinerja()
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == kinerja("--help").out


def test_what_the_system_or_duckdb_refuses_is_one_sentence(
    built: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "blocked").write_text("a file")
    damaged = tmp_path / "damaged.duckdb"
    shutil.copy(built.database, damaged)
    with damaged.open("r+b") as handle:
        handle.truncate(500_000)
    for words in (
        ("report", "--database", built.database, "--out", tmp_path / "blocked" / "below"),
        ("report", "--database", damaged),
        ("publish", "--database", damaged, "--to", tmp_path / "published"),
        ("dashboard", "bundle", tmp_path / "none" / "a.zip", "--database", built.database),
    ):
        ended = kinerja(*words)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.count("\n") == 1
        assert str(tmp_path) in ended.err


def test_an_interrupt_changes_nothing_and_says_so(tmp_path: Path) -> None:
    seeds = small.small_seeds(tmp_path)
    before = small.state(seeds)
    file = tmp_path / "scores.txt"
    file.write_text(small.SCORES, encoding="utf-8")

    def interrupted(copy: Path, documents: Sequence[str]) -> None:
        assert documents == ["public_service_2031"]
        raise KeyboardInterrupt

    ended = kinerja("ingest", file, "--seeds", seeds, "--json", raw_gate=interrupted)
    assert (ended.code, ended.answer["status"]) == (130, "failed")
    assert ended.err == "Interrupted; nothing is half-written.\n"
    assert small.state(seeds) == before


# Where it looks for files


@pytest.fixture
def project(built: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A built project of its own, from one of whose folders the command is run."""
    project = copy_warehouse(built, tmp_path / "project")
    monkeypatch.chdir(project.folder / "models" / "marts")
    for variable in ("KINERJA_DB", "KINERJA_PROJECT", "KINERJA_PUBLISHED"):
        monkeypatch.delenv(variable, raising=False)
    return project


def leave_findings_of_one_document(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        for mart in ("repairs", "repair_searches", "findings"):
            connection.execute(
                f"delete from marts.{mart} where finding_id not in "
                "(select finding_id from marts.findings where document_id = 'smart_city_2021')"
            )


def test_from_a_folder_of_the_project_its_own_files_are_meant(project: Warehouse) -> None:
    leave_findings_of_one_document(project.database)
    report = kinerja("report", "--json")
    assert report.result["files"][0] == str(project.folder / "build" / "reports" / "findings.xlsx")
    assert {row["document_id"] for row in report.result["findings"]} == {"smart_city_2021"}
    # The register stands in its seeds; what the file no longer has, is gone.
    assert kinerja("register", "--json").result["gone"]
    kinerja("publish", "--without-exports", release_gates=audit.CHEAP_GATES)
    assert (project.folder / "published" / "kinerja.duckdb").is_file()


def test_every_verb_honours_the_variables(
    project: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.duckdb"
    shutil.copy(project.database, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("update marts.agencies set agency_name = 'another name'")
    leave_findings_of_one_document(other)
    monkeypatch.setenv("KINERJA_DB", str(other))
    monkeypatch.setenv("KINERJA_PUBLISHED", str(tmp_path / "elsewhere"))
    gate = kinerja("validate", "marts", "--json")
    assert gate.result["target"] == str(other)
    assert gate.result["page"] == str(project.folder / "build" / "gates" / "marts.html")
    findings = kinerja("report", "--json").result["findings"]
    assert {row["document_id"] for row in findings} == {"smart_city_2021"}
    assert kinerja("register", "--json").result["gone"]
    published = kinerja("publish", "--without-exports", release_gates=audit.CHEAP_GATES)
    assert published.code == 0, published
    with duckdb.connect(tmp_path / "elsewhere" / "kinerja.duckdb", read_only=True) as connection:
        names = connection.execute("select distinct agency_name from marts.agencies").fetchall()
    assert names == [("another name",)]
    assert not (project.folder / "published").exists()
    # A relative one is meant from the project, as dbt means it.
    shutil.move(other, project.folder / "other.duckdb")
    monkeypatch.setenv("KINERJA_DB", "other.duckdb")
    assert kinerja("report", "--json").result["findings"] == findings
    # From anywhere else, with the project named.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KINERJA_PROJECT", str(project.folder))
    assert kinerja("report", "--json").result["findings"] == findings
    monkeypatch.setenv("KINERJA_PROJECT", str(tmp_path))
    refused = kinerja("report")
    assert (refused.code, "is no project of Kinerja" in refused.err) == (2, True)


def test_results_in_a_pipe_are_plain_text(built: Warehouse, tmp_path: Path) -> None:
    environment = {**os.environ, "KINERJA_DB": str(built.database)}
    done = started("report", "--out", tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) > 80  # lines are not broken
    told = started("report", "--out", tmp_path, "--json", env=environment)
    assert json.loads(told.stdout)["command"] == "report"
