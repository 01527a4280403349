"""One publication from beginning to end, and the way back."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from kinerja.core import paths
from kinerja.core.database import attached
from kinerja.core.errors import BadInputError, StoppedError
from kinerja.gates import contracts

from . import audit, candidate, changes, datapackage, exports, store, workbook
from .candidate import Stamp

_SAME = Path(__file__).parent / "queries" / "same_release.sql"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What to publish and where to."""

    build: Path
    manifest: Path
    folder: Path
    keep: int = 5
    with_exports: bool = True
    accepted: tuple[str, ...] = ()
    # Makes pages of a released file in a folder; handed in, as pages stand above releases.
    site: Callable[[Path, Path], object] | None = None
    gates: Mapping[str, audit.Gate] = field(default_factory=lambda: audit.GATES)


@dataclass(frozen=True)
class Published:
    """What was done: the release, the changes since the last one (None for the first).

    `is_pending`: it is complete, but the system did not let it take the place of the file that
    readers hold; the next command on the folder does that.
    """

    version: str
    is_new: bool
    changes: changes.Changes | None
    seconds: dict[str, float]
    is_pending: bool


def publish(options: Options, tell: Tell = lambda step: None) -> Published:
    """Write, audit and publish; the old release stays until the last step, which is one rename.

    Raises StoppedError or BadInputError, and then nothing has changed for readers.
    """
    seconds: dict[str, float] = {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        tell(name)
        begun = time.perf_counter()
        yield
        seconds[name] = round(time.perf_counter() - begun, 3)

    # Before anything is created: a missing build is the commonest mistake.
    with attached(build=options.build):
        tables = contracts.read(options.manifest)
    # Nothing is created either in a folder that holds something else.
    store.published_version(options.folder)
    with _failures_explained(options.folder), store.locked(options.folder):
        last_version, history = store.last(options.folder) or (None, None)
        stamp = _next(options.folder, history)
        staged = store.stage(options.folder, stamp.version)
        try:
            file = staged / store.FILE
            with step("write"):
                written = candidate.write(options.build, file, tables, stamp, history)
            judged = audit.Candidate(file, options.manifest, history, options.accepted)
            for name, gate in options.gates.items():
                with step(f"audit: {name}"):
                    gate(judged)
            if last_version is not None and history is not None and _is_same(history, file):
                store.discard(staged)
                is_pending = store.pending(options.folder) is not None
                return Published(last_version, False, None, seconds, is_pending)
            everything = {**tables, **candidate.OWN_TABLES}
            when = stamp.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            if options.with_exports:
                with step("export"):
                    folder = staged / "exports"
                    exports.write(file, folder, everything)
                    workbook.write(file, folder / "kinerja.xlsx")
                    datapackage.write(file, folder, everything, stamp.version, when)
            if options.with_exports and options.site is not None:
                with step("site"):
                    options.site(file, staged / "site")
            with step("compare"):
                changed = (
                    None
                    if last_version is None or history is None
                    else changes.between(history, file, (last_version, stamp.version))
                )
            with step("publish"):
                _write_card(staged, stamp, when, written.rows)
                store.write_checksums(staged)
                is_in_place = store.commit(options.folder, staged, stamp.version)
                store.prune(options.folder, options.keep)
        except BaseException:
            # Whatever it was, an unpublished release leaves nothing behind.
            with suppress(BadInputError):
                if not store.is_accepted(options.folder, stamp.version):
                    store.discard(staged)
            raise
    return Published(stamp.version, True, changed, seconds, not is_in_place)


@dataclass(frozen=True)
class RolledBack:
    """The version before (None for a damaged file) and the one that takes its place."""

    before: str | None
    version: str
    is_pending: bool


def rollback(folder: Path, version: str | None) -> RolledBack:
    """Publish a kept release again, by default the one before.

    A published file that cannot be read is replaced by the newest kept release that is whole.
    """
    with _failures_explained(folder), store.locked(folder):
        try:
            now, _ = store.last(folder) or (None, None)
        except BadInputError:
            now = None
        if version is not None:
            wanted = store.find(folder, version)
        elif (earlier := store.before(folder, now)) is not None:
            wanted = earlier
        else:
            raise BadInputError(f"No earlier release is kept in {folder / 'releases'}.")
        if wrong := store.damaged(wanted.folder):
            raise BadInputError(
                f"Release {wanted.version} is damaged ({', '.join(wrong)}) and was not published."
            )
        is_in_place = store.put(folder, wanted)
    return RolledBack(now, wanted.version, not is_in_place)


def compare(options: Options, versions: str | None) -> changes.Changes:
    """What changed: A..B between two kept releases; else from the published one to the build.

    When the build holds nothing new, from the release before to the published one.
    """
    folder = options.folder
    if versions and ".." in versions:
        first, last = versions.split("..", 1)
        return changes.between(
            store.find(folder, first).file, store.find(folder, last).file, (first, last)
        )
    now = store.published_version(folder)
    if now is None:
        raise BadInputError(f"Nothing is published in {folder} yet; nothing to compare with.")
    before = store.find(folder, versions).file if versions else folder / store.FILE
    name = versions or now
    if options.build.is_file():
        found = changes.between(before, options.build, (name, f"build {options.build.name}"))
        if versions or found.changes or found.moved:
            return found
    earlier = store.before(folder, now)
    if earlier is None:
        return changes.Changes(now, now)
    return changes.between(earlier.file, folder / store.FILE, (earlier.version, now))


@contextmanager
def _failures_explained(folder: Path) -> Iterator[None]:
    """A full disk, a target that must not be written: one sentence in place of a traceback."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise BadInputError(
            f"{place}: {error.strerror or error}. Nothing was published; make room or allow "
            "writing there, then publish again."
        ) from None
    except FileCreateError as error:
        # The library of the workbook wraps what the system said.
        raise BadInputError(f"{folder}: {error}. Nothing was published; make room there.") from None


def _next(folder: Path, history: Path | None) -> Stamp:
    """Number and name of the next release; names of withdrawn releases are not used again."""
    taken = [(release.release_no, release.version) for release in store.kept(folder)]
    if history is not None:
        with attached(history=history) as connection:
            taken += connection.execute(
                "select release_no, version from history.marts.releases"
            ).fetchall()
    today = datetime.now(UTC).date().isoformat()
    of_today = [
        int(version.removeprefix(f"{today}."))
        for _, version in taken
        if version.startswith(f"{today}.")
    ]
    revision, is_clean = _git()
    return Stamp(
        release_no=max((number for number, _ in taken), default=0) + 1,
        version=f"{today}.{max(of_today, default=0) + 1}",
        git_revision=revision,
        is_clean_revision=is_clean,
    )


def _git() -> tuple[str | None, bool | None]:
    def ask(*words: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *words],
                cwd=paths.project(),
                capture_output=True,
                text=True,
                check=False,
                timeout=20,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    revision = ask("rev-parse", "HEAD")
    if revision is None:
        return None, None
    return revision, ask("status", "--porcelain", "--untracked-files=no") == ""


def _is_same(published: Path, file: Path) -> bool:
    """Whether two releases hold the same tables, texts, keys and macros, releases aside."""
    with attached(one=published, other=file) as connection:
        return connection.execute(_SAME.read_text(encoding="utf-8")).fetchall() == [(True,)]


def _write_card(staged: Path, stamp: Stamp, when: str, rows: dict[str, int]) -> None:
    card = {**asdict(stamp), "published_at": when, "row_counts": rows}
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (staged / "release.json").write_text(text + "\n", encoding="utf-8")


__all__ = ["Options", "Published", "StoppedError", "compare", "publish", "rollback"]
