"""A system that does not let go of a file that readers hold, as Windows: the release waits.

The refusal is simulated at the one place where the published file is replaced; all else is real.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb
import pytest
from command import Ended, kinerja
from kinerja.publish import audit, release, store
from publish_support import Build, build_of, options, tree, whole_release
from warehouse import Warehouse

pytestmark = pytest.mark.releases

Holds = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def build(editions: Warehouse, tmp_path: Path) -> Build:
    return build_of(editions).copy(tmp_path)


@pytest.fixture
def folder(build: Build, tmp_path: Path) -> Path:
    """A folder in which a release is published, of another content than the build."""
    folder = tmp_path / "published"
    release.publish(options(build, folder))
    build.change("update marts.agencies set agency_name = 'a second name'")
    return folder


@pytest.fixture
def held(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Holds:
    """While a reader has the published file open, the system refuses to replace it."""
    really = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(target) == folder / store.FILE:
            raise PermissionError(13, "The process cannot access the file", str(target))
        really(source, target)

    @contextmanager
    def hold() -> Iterator[None]:
        with monkeypatch.context() as patch, duckdb.connect(folder / store.FILE, read_only=True):
            patch.setattr(os, "replace", replace)
            yield

    return hold


def publish(build: Build, folder: Path) -> release.Published:
    return release.publish(options(build, folder))


def listed(folder: Path) -> Ended:
    ended = kinerja("releases", "--to", folder, "--json")
    assert ended.code == 0, ended
    return ended


def test_the_command_says_that_a_release_waits_and_the_next_one_puts_it_in_place(
    build: Build, folder: Path, held: Holds
) -> None:
    first = whole_release(folder / store.FILE)
    places = ("--database", build.file, "--manifest", build.manifest, "--to", folder)
    with held():
        ended = kinerja("publish", *places, "--without-exports", release_gates=audit.CHEAP_GATES)
        assert ended.code == 1
        [message] = [line for line in ended.out.splitlines() if "another program holds" in line]
        assert message.startswith("The release ")
        # Readers have the old one, and the new one stands complete beside it.
        assert whole_release(folder / store.FILE) == first
        assert (folder / store.PENDING).is_file()
        second = listed(folder).result["pending"]
        assert listed(folder).result["published"] == first
        assert whole_release(store.find(folder, second).file) == second
        assert store.damaged(store.find(folder, second).folder) == []
    assert whole_release(folder / store.FILE) == first
    now = listed(folder).result
    assert (now["published"], now["pending"]) == (second, None)
    assert whole_release(folder / store.FILE) == second
    names = {path.name for path in folder.iterdir()}
    assert names == {store.FILE, "releases", ".lock"}


def test_the_same_build_again_adds_nothing_and_another_follows_the_waiting_one(
    build: Build, folder: Path, held: Holds
) -> None:
    first = whole_release(folder / store.FILE)
    with held():
        second = publish(build, folder)
        assert (second.is_new, second.is_pending) == (True, True)
        before = tree(folder)
        again = publish(build, folder)
        assert (again.version, again.is_new, again.is_pending) == (second.version, False, True)
        assert tree(folder) == before
        build.change("update marts.agencies set agency_name = 'a third name'")
        third = publish(build, folder)
        assert third.changes is not None
        assert third.changes.before == second.version
        assert listed(folder).result["pending"] == third.version
        assert whole_release(folder / store.FILE) == first
    # Publishing again is enough, even though nothing is new.
    last = publish(build, folder)
    assert (last.version, last.is_new, last.is_pending) == (third.version, False, False)
    assert whole_release(folder / store.FILE) == third.version
    with duckdb.connect(folder / store.FILE, read_only=True) as connection:
        told = connection.execute("select version from marts.releases order by release_no")
        assert told.fetchall() == [(first,), (second.version,), (third.version,)]


def test_a_rollback_waits_too_and_takes_back_a_release_that_waits(
    build: Build, folder: Path, held: Holds
) -> None:
    first = whole_release(folder / store.FILE)
    with held():
        second = publish(build, folder).version
        # The one before is the published one, which readers hold: nothing waits any more.
        assert release.rollback(folder, None) == release.RolledBack(second, first, False)
        assert not (folder / store.PENDING).exists()
    assert release.rollback(folder, second) == release.RolledBack(first, second, False)
    with held():
        ended = kinerja("rollback", first, "--to", folder, "--json")
        assert (ended.code, ended.result["is_pending"]) == (1, True)
        assert whole_release(folder / store.FILE) == second
    assert listed(folder).result["published"] == first
    assert whole_release(folder / store.FILE) == first


def test_a_kill_while_a_release_comes_to_wait_loses_nothing(
    build: Build, folder: Path, held: Holds
) -> None:
    with held():
        version = publish(build, folder).version
    # Killed before the release got its name …
    place = folder / "releases" / version
    place.rename(folder / "releases" / f".next-{version}")
    assert listed(folder).result["published"] == version
    assert whole_release(folder / store.FILE) == version
    # … and after it took its place, before that was written down.
    (folder / store.PENDING).write_text(f"{version}\n", encoding="utf-8")
    with held():
        assert listed(folder).result["pending"] is None
    assert not (folder / store.PENDING).exists()


def test_a_waiting_release_that_somebody_removed_is_forgotten(
    build: Build, folder: Path, held: Holds
) -> None:
    first = whole_release(folder / store.FILE)
    with held():
        version = publish(build, folder).version
    store.discard(folder / "releases" / version)
    assert publish(build, folder).is_new
    assert whole_release(folder / store.FILE) != first
    assert not (folder / store.PENDING).exists()


def test_a_waiting_release_is_never_pruned(build: Build, folder: Path, held: Holds) -> None:
    with held():
        names = []
        for number in range(3):
            build.change(f"update marts.agencies set agency_name = 'agency {number}'")
            names.append(release.publish(options(build, folder, keep=1)).version)
        kept = [one.version for one in store.kept(folder)]
        assert kept == [whole_release(folder / store.FILE), names[-1]]
