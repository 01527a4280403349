"""What the tests of publishing share: one real build, changed copies of it, and the command."""

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "scripts"))

from kinerja_publish import database, release  # noqa: E402

# The whole measure of the tests that repeat something: 50 releases, 200 kills, 98 regions.
FULL = os.environ.get("KINERJA_FULL") == "1"

_PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests")


class Build:
    """A database that dbt built, and the manifest of that build."""

    def __init__(self, file: Path, manifest: Path) -> None:
        self.file = file
        self.manifest = manifest

    def copy(self, folder: Path, name: str = "copy.duckdb") -> "Build":
        """The same build in a file of its own."""
        target = folder / name
        shutil.copyfile(self.file, target)
        return Build(target, self.manifest)

    def change(self, *statements: str) -> None:
        """Run SQL on the file, as another version of the documents would have it."""
        with duckdb.connect(str(self.file)) as connection:
            for statement in statements:
                connection.execute(statement)


def dbt(project: Path, work: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run dbt on a project, with database and target in `work`."""
    return subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *words, *dbt_options(project, work)],
        env=dbt_environment(work),
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def dbt_options(project: Path, work: Path) -> list[str]:
    return [
        *("--project-dir", str(project), "--profiles-dir", str(project)),
        *("--target-path", str(work / "target"), "--log-path", str(work / "logs")),
    ]


def dbt_environment(work: Path) -> dict[str, str]:
    return {**os.environ, "KINERJA_DB": str(work / "kinerja.duckdb"), "NO_COLOR": "1"}


def project_copy(folder: Path) -> Path:
    """The parts of the project that dbt reads, to be changed."""
    for part in _PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("python"))
        else:
            shutil.copyfile(source, folder / part)
    return folder


def built(project: Path, work: Path) -> Build:
    """A whole build of a project."""
    done = dbt(project, work, "build")
    assert done.returncode == 0, done.stdout[-3000:]
    return Build(work / "kinerja.duckdb", work / "target" / "manifest.json")


@functools.cache
def real_build() -> Build:
    """The build of this project's own seeds, made once per run of the tests."""
    work = Path(tempfile.mkdtemp(prefix="kinerja-"))
    return built(PROJECT, work)


def options(build: Build, folder: Path, **more: object) -> release.Options:
    """Options that publish a build, without exports unless asked."""
    given: dict[str, object] = {"with_exports": False, **more}
    return release.Options(build.file, build.manifest, folder, **given)  # type: ignore[arg-type]


def command(build: Build, folder: Path, *words: str) -> list[str]:
    """The command line that publishes a build."""
    return [
        *(sys.executable, str(PROJECT / "scripts" / "publish.py")),
        *("--build", str(build.file), "--manifest", str(build.manifest), "--to", str(folder)),
        *words,
    ]


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with a hash of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def whole_release(file: Path) -> str:
    """The version of a published file, after proving that it is one whole release.

    Every table has the fingerprint that the release itself recorded.
    """
    with database.attached(release=file) as connection:
        version, prints = connection.execute(
            "select version, fingerprints from release.marts.releases order by release_no desc"
        ).fetchall()[0]
        for table, recorded in json.loads(prints).items():
            found = database.fingerprint(connection, f'release.marts."{table}"')
            assert found == recorded, f"{version}: {table} is not that of the release"
    return str(version)
