"""The package as others install it: a wheel in an empty environment, no checkout around.

Takes half a minute and asks PyPI for what is not in uv's cache: `uv run pytest -m wheel`.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import ingest_small as small
import pytest
from client_support import unavailable
from publish_support import tree
from warehouse import PARTS, PROJECT

pytestmark = pytest.mark.wheel


@dataclass(frozen=True)
class Installed:
    """An environment with the package alone, and an empty folder to work in."""

    python: Path
    package: Path
    folder: Path

    def kinerja(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("KINERJA_")
        }
        return subprocess.run(
            [self.python.with_name("kinerja"), *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    uv = shutil.which("uv")
    if uv is None:
        unavailable("uv is not on the PATH")
    folder = tmp_path_factory.mktemp("wheel")
    python = folder / "environment" / ("Scripts" if os.name == "nt" else "bin") / "python"

    def run(*words: str | Path) -> None:
        done = subprocess.run([uv, *words, "--quiet"], cwd=PROJECT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    run("build", "--wheel", "--out-dir", folder)
    run("venv", folder / "environment")
    locked = folder / "locked.txt"
    run("export", "--frozen", "--no-default-groups", "--no-emit-project", "-o", locked)
    [wheel] = folder.glob("*.whl")
    run("pip", "install", "--python", python, "--requirements", locked)
    run("pip", "install", "--python", python, "--no-deps", wheel)
    [package] = (folder / "environment").glob("**/site-packages/kinerja")
    empty = folder / "empty"
    empty.mkdir()
    return Installed(python, package, empty)


def test_the_wheel_holds_the_whole_package_and_the_whole_project(installed: Installed) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True)
    files = [Path(line) for line in listed.stdout.splitlines()]
    project = ("tests/python", "tests/fixtures", "tests/editions")
    for file in files:
        if file.is_relative_to("scripts/kinerja"):
            place = installed.package / file.relative_to("scripts/kinerja")
        elif file.parts[0] in PARTS and not any(map(file.is_relative_to, project)):
            place = installed.package / "_project" / file
        else:
            continue
        assert place.read_bytes() == (PROJECT / file).read_bytes(), file


def test_the_command_reads_a_document_where_no_project_is(installed: Installed) -> None:
    help_page = installed.kinerja("--help")
    assert help_page.returncode == 0
    assert "ingest" in help_page.stdout
    before = tree(installed.package / "_project")
    document = installed.folder / "scores.txt"
    document.write_text(small.SCORES, encoding="utf-8")
    done = installed.kinerja("ingest", document, "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    [read, summary] = json.loads(done.stdout)["result"]["events"]
    assert (read["document_id"], read["status"]) == ("public_service_2031", "new")
    assert summary["changed_files"]
    # What would write into the copy of the project stops with one sentence.
    for words in (("ingest", document), ("validate", "raw", "--accept", "public_service_2024")):
        stopped = installed.kinerja(*words)
        assert (stopped.returncode, stopped.stdout) == (2, "")
        assert stopped.stderr.startswith("No project is here, and the installed copy is only")
        assert stopped.stderr.count("\n") == 1
    assert tree(installed.package / "_project") == before


def test_what_needs_no_project_works_beside_the_files_of_others(installed: Installed) -> None:
    assert installed.kinerja("template", "public_service", "form.xlsx").returncode == 0
    checked = installed.kinerja("validate", "raw")
    assert checked.returncode == 0, checked.stderr + checked.stdout
    made = {path.relative_to(installed.folder).as_posix() for path in installed.folder.rglob("*.*")}
    assert {"form.xlsx", "build/gates/raw.html", "build/gates/raw.json"} <= made
    missing = installed.kinerja("report")
    assert missing.returncode == 2
    assert missing.stderr.startswith(str(installed.folder / "kinerja.duckdb"))
