"""The folder of releases, and the one step that makes a release the published one.

    published/kinerja.duckdb            what readers open: the same file as that of its release
    published/releases/VERSION/         kept releases, each whole: kinerja.duckdb, release.json,
                                        exports/, SHA256SUMS
    published/releases/.next-VERSION/   a release that is being written
    published/pending                   the VERSION that waits for its place

A release is written beside the others and goes through to the disk. Then one rename puts its
file in the place of the published one; that is the moment of publication, and the only one.
What follows is tidying, which the next run finishes after a kill: `.next-VERSION` of the version
that is published becomes `VERSION`, any other `.next-…` is removed.

Windows refuses that rename while a reader holds the published file. The release then stands
complete beside it, and `pending` names it; whoever locks the folder next puts it in place. Until
then it counts as the last release, and readers have the one before.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kinerja.core import locks
from kinerja.core.database import attached
from kinerja.core.errors import BadInputError
from kinerja.core.files import protect, sha256, sync, write_whole

FILE = "kinerja.duckdb"
CHECKSUMS = "SHA256SUMS"
PENDING = "pending"
_LOCK = ".lock"
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
    """Let one publication at a time work in the folder, and finish what was left undone there.

    Raises BadInputError while another is at work.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder} is a file; name a folder with --to.")
    (folder / "releases").mkdir(parents=True, exist_ok=True)
    busy = f"Another publication is at work in {folder}; wait until it ends."
    with locks.locked(folder / _LOCK, busy):
        # Beside a damaged file nothing can be told apart: a rollback replaces it first.
        with suppress(BadInputError):
            _recover(folder)
        yield


def _recover(folder: Path) -> None:
    leftovers = list((folder / "releases").glob(_NEXT + "*"))
    for leftover in leftovers:
        version = leftover.name.removeprefix(_NEXT)
        if is_accepted(folder, version):
            leftover.rename(folder / "releases" / version)
            sync(folder / "releases")
        else:
            shutil.rmtree(leftover)
    if (release := pending(folder)) is not None:
        put(folder, release)
    else:
        _unmark(folder)


def is_accepted(folder: Path, version: str) -> bool:
    """Whether readers have this version, or will. Raises BadInputError as `published_version`."""
    return version in (_marked(folder), published_version(folder))


def pending(folder: Path) -> Kept | None:
    """The release that waits for its place; None where there is none."""
    version = _marked(folder)
    return next((release for release in kept(folder) if release.version == version), None)


def last(folder: Path) -> tuple[str, Path] | None:
    """Version and file of the last release: the one that waits for its place, or the published one.

    Raises BadInputError as `published_version` does.
    """
    published, waiting = published_version(folder), pending(folder)
    if waiting is not None:
        return waiting.version, waiting.file
    return None if published is None else (published, folder / FILE)


def _marked(folder: Path) -> str | None:
    try:
        return (folder / PENDING).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def _unmark(folder: Path) -> None:
    (folder / PENDING).unlink(missing_ok=True)


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


def before(folder: Path, version: str | None) -> Kept | None:
    """The newest kept release before the one of that name; the newest of all if it is not kept."""
    releases = kept(folder)
    number = next((one.release_no for one in releases if one.version == version), None)
    earlier = [one for one in releases if number is None or one.release_no < number]
    return earlier[-1] if earlier else None


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


def commit(folder: Path, staged: Path, version: str) -> bool:
    """Make a staged release the published one and give it its name; False if it has to wait."""
    for path in [*staged.rglob("*"), staged, folder / "releases"]:
        sync(path)
        if path.is_file():
            protect(path)
    is_in_place = _put(folder, staged / FILE, version)
    staged.rename(folder / "releases" / version)
    sync(folder / "releases")
    return is_in_place


def put(folder: Path, release: Kept) -> bool:
    """Publish a kept release, in one step; open readers keep the old one.

    False where the system refuses that while they read: it waits for its place.
    """
    return _put(folder, release.file, release.version)


def _put(folder: Path, file: Path, version: str) -> bool:
    incoming = folder / f".{FILE}.next"
    incoming.unlink(missing_ok=True)
    try:
        os.link(file, incoming)
    except OSError:
        # File systems without links: a copy, whole before it takes the place.
        shutil.copyfile(file, incoming)
        sync(incoming)
        protect(incoming)
    try:
        incoming.replace(folder / FILE)
    except PermissionError:
        with suppress(BadInputError):
            if published_version(folder) == version:
                _unmark(folder)
                return True
        write_whole(folder / PENDING, f"{version}\n")
        return False
    finally:
        incoming.unlink(missing_ok=True)
    _unmark(folder)
    sync(folder)
    return True


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases, never what readers have or will have."""
    removed = []
    for release in kept(folder)[:-keep]:
        if is_accepted(folder, release.version):
            continue
        # Renamed first: a kill in between leaves a leftover, not half a release.
        doomed = release.folder.with_name(f"{_NEXT}removed-{release.version}")
        try:
            release.folder.rename(doomed)
        except PermissionError:
            continue  # somebody has it open, on Windows: another run removes it
        shutil.rmtree(doomed)
        removed.append(release.version)
    return removed
