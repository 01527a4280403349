"""What the tests of publishing share: copies of the real build to change, and the command."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import duckdb
from command import KINERJA
from kinerja.core import database
from kinerja.publish import audit, release
from warehouse import Warehouse

# The whole measure of the tests that repeat something: 50 releases, 200 kills.
FULL = os.environ.get("KINERJA_FULL") == "1"


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


def build_of(built: Warehouse) -> Build:
    """What dbt built in a project folder."""
    return Build(built.database, built.folder / "target" / "manifest.json")


def options(build: Build, folder: Path, **more: object) -> release.Options:
    """Options that publish a build, without exports and the slow gate unless asked."""
    given: dict[str, object] = {"with_exports": False, "gates": audit.CHEAP_GATES, **more}
    return release.Options(build.file, build.manifest, folder, **given)  # type: ignore[arg-type]


def command(build: Build, folder: Path, *words: str) -> list[str]:
    """The command line that publishes a build."""
    return [
        *(KINERJA, "publish", "--database", str(build.file)),
        *("--manifest", str(build.manifest), "--to", str(folder)),
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
