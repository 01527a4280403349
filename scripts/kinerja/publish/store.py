"""The folder of releases, and the one step that makes a release the published one.

    published/kinerja.duckdb            what readers open: the same file as that of its release
    published/releases/VERSION/         kept releases, each whole: kinerja.duckdb, release.json,
                                        exports/, SHA256SUMS
    published/releases/.next-VERSION/   a release that is being written

A release is written beside the others and goes through to the disk. Then one rename puts its
file in the place of the published one; that is the moment of publication, and the only one.
What follows is tidying, which the next run finishes after a kill: `.next-VERSION` of the version
that is published becomes `VERSION`, any other `.next-…` is removed.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kinerja.core.database import attached
from kinerja.core.errors import BadInputError

FILE = "kinerja.duckdb"
CHECKSUMS = "SHA256SUMS"
_NEXT = ".next-"


@dataclass(frozen=True)
class Kept:
    """A kept release: where it stands, its number and name, when it was published (UTC)."""

    folder: Path
    release_no: int
    version: str
    published_at: str

    @property
    def file(self) -> Path:
        """Its database."""
        return self.folder / FILE


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one publication at a time work in the folder, and finish what a killed one left.

    The lock ends with the process.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder} is a file; name a folder with --to.")
    (folder / "releases").mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInputError(
                f"Another publication is at work in {folder}; wait until it ends."
            ) from None
        _recover(folder)
        yield
    finally:
        os.close(handle)


def _recover(folder: Path) -> None:
    leftovers = list((folder / "releases").glob(_NEXT + "*"))
    if not leftovers:
        return
    version = published_version(folder)
    for leftover in leftovers:
        if version is not None and leftover.name == f"{_NEXT}{version}":
            leftover.rename(folder / "releases" / version)
            sync(folder / "releases")
        else:
            shutil.rmtree(leftover)


def published_version(folder: Path) -> str | None:
    """The version of the published file, by what it says itself; None where there is none.

    Raises BadInputError when something else stands in its place, or somebody writes to it.
    """
    file = folder / FILE
    log = file.with_name(FILE + ".wal")
    if log.exists():
        raise BadInputError(
            f"{log} is there: somebody opened the published file for writing. "
            "Close that program and delete the .wal; clients must open the file read-only."
        )
    if not file.exists():
        return None
    with attached(published=file) as connection:
        try:
            row = connection.execute(
                "select arg_max(version, release_no) from published.marts.releases"
            ).fetchone()
        except duckdb.CatalogException:
            row = None
    if row is None or row[0] is None:
        raise BadInputError(f"{file} is not a published Kinerja file; move it away first.")
    return str(row[0])


def kept(folder: Path) -> list[Kept]:
    """Every kept release, oldest first."""
    found = []
    for path in (folder / "releases").glob("*/release.json"):
        if path.parent.name.startswith(_NEXT):
            continue
        said = json.loads(path.read_text(encoding="utf-8"))
        found.append(Kept(path.parent, said["release_no"], said["version"], said["published_at"]))
    return sorted(found, key=lambda release: release.release_no)


def find(folder: Path, version: str) -> Kept:
    """The kept release of that name. Raises BadInputError when there is none."""
    releases = kept(folder)
    for release in releases:
        if release.version == version:
            return release
    names = ", ".join(release.version for release in releases) or "none"
    raise BadInputError(f"Release {version} is not kept in {folder / 'releases'}; kept: {names}.")


def stage(folder: Path, version: str) -> Path:
    """A new empty folder for a release that is being written."""
    staged = folder / "releases" / f"{_NEXT}{version}"
    staged.mkdir()
    return staged


def discard(staged: Path) -> None:
    """Remove a release that will not be published."""
    shutil.rmtree(staged, ignore_errors=True)


def write_checksums(staged: Path) -> None:
    """Write SHA256SUMS over every file of a release, in the format of `sha256sum --check`."""
    lines = [
        f"{sha256(path)}  {path.relative_to(staged).as_posix()}\n"
        for path in sorted(staged.rglob("*"))
        if path.is_file()
    ]
    (staged / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def damaged(release: Path) -> list[str]:
    """The files of a release that are gone or differ from its checksums."""
    lines = (release / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    wrong = []
    for line in lines:
        expected, name = line.split("  ", 1)
        path = release / name
        if not path.is_file() or sha256(path) != expected:
            wrong.append(name)
    return wrong


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def commit(folder: Path, staged: Path, version: str) -> Kept:
    """Make a staged release the published one, then give it its name."""
    for path in [*staged.rglob("*"), staged, folder / "releases"]:
        if path.is_file():
            # A client that forgets to open it read-only is refused by the system.
            path.chmod(0o444)
        sync(path)
    put(folder, staged / FILE)
    staged.rename(folder / "releases" / version)
    sync(folder / "releases")
    return find(folder, version)


def put(folder: Path, file: Path) -> None:
    """Put a file in the place of the published one, in one step; open readers keep the old."""
    incoming = folder / f".{FILE}.next"
    incoming.unlink(missing_ok=True)
    try:
        os.link(file, incoming)
    except OSError:
        # File systems without links: a copy, whole before it takes the place.
        shutil.copyfile(file, incoming)
        incoming.chmod(0o444)
        sync(incoming)
    try:
        incoming.replace(folder / FILE)
    except PermissionError:
        with contextlib.suppress(OSError):
            incoming.unlink()
        raise BadInputError(
            f"{folder / FILE} cannot be replaced: another program holds it open, "
            "or it must not be written. Close that program, then publish again."
        ) from None
    sync(folder)


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases, never the published one; give their names."""
    version = published_version(folder)
    old = [release for release in kept(folder)[:-keep] if release.version != version]
    for release in old:
        # Renamed first: a kill in between leaves a leftover, not half a release.
        doomed = release.folder.with_name(f"{_NEXT}removed-{release.version}")
        release.folder.rename(doomed)
        shutil.rmtree(doomed)
    return [release.version for release in old]


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
