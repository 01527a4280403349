"""Whatever goes wrong while publishing: one message, and the old release is untouched."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from kinerja.publish import release, store
from publish_support import Build, build_of, command, options, tree, whole_release
from warehouse import Warehouse

_CAP_DAC_OVERRIDE, _PR_CAPBSET_DROP = 1, 24


@pytest.fixture
def build(editions: Warehouse, tmp_path: Path) -> Build:
    """A build that differs from the release that is published."""
    return build_of(editions).copy(tmp_path)


@pytest.fixture
def folder(build: Build, tmp_path: Path) -> Path:
    """A folder in which a release is published, of another content than the build."""
    folder = tmp_path / "published"
    release.publish(options(build, folder))
    build.change("update marts.agencies set agency_name = 'a new name'")
    return folder


def refused(arguments: list[str], prepare: Callable[[], None] | None = None, code: int = 2) -> str:
    """Run the command, which must fail with one line; give the line."""
    done = subprocess.run(arguments, capture_output=True, text=True, preexec_fn=prepare)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in lines[0]
    return lines[0]


@pytest.fixture
def untouched(folder: Path) -> Iterator[None]:
    """The published folder is the same to the byte after the test."""
    before = tree(folder)
    yield
    assert tree(folder) == before
    whole_release(folder / store.FILE)


pytestmark = [pytest.mark.load, pytest.mark.usefixtures("untouched")]


def test_a_missing_build(build: Build, folder: Path) -> None:
    build.file.unlink()
    assert "uv run dbt build" in refused(command(build, folder))


def test_a_build_that_is_no_database(build: Build, folder: Path) -> None:
    build.file.write_text("region;score\n", encoding="utf-8")
    assert "not a DuckDB file" in refused(command(build, folder))


def test_a_truncated_build(build: Build, folder: Path) -> None:
    with build.file.open("r+b") as handle:
        handle.truncate(build.file.stat().st_size // 2)
    assert str(build.file) in refused(command(build, folder))


def test_a_missing_manifest(build: Build, folder: Path, tmp_path: Path) -> None:
    nowhere = Build(build.file, tmp_path / "nowhere" / "manifest.json")
    assert "uv run dbt build" in refused(command(nowhere, folder))


def test_a_failed_build(build: Build, folder: Path) -> None:
    build.change("update build.state set state = 'failed'")
    assert "a test failed" in refused(command(build, folder), code=1)


def test_a_refusing_gate(build: Build, folder: Path) -> None:
    build.change("update marts.agencies set agency_name = 'NIP 19700101 199503 1 001'")
    assert "agency_name" in refused(command(build, folder), code=1)


def test_a_build_that_is_being_written(build: Build, folder: Path) -> None:
    with _held(build.file, read_only=False):
        assert "open for writing in another process" in refused(command(build, folder))


def test_a_published_file_held_open_for_writing(build: Build, folder: Path) -> None:
    published = folder / store.FILE
    before = published.read_bytes()
    published.chmod(0o644)
    with _held(published, read_only=False):
        assert "open for writing in another process" in refused(command(build, folder))
    assert published.read_bytes() == before


def test_a_log_beside_the_published_file(build: Build, folder: Path) -> None:
    log = folder / f"{store.FILE}.wal"
    log.write_bytes(b"written by somebody")
    assert log.name in refused(command(build, folder))
    log.unlink()


def test_another_publication_at_work(build: Build, folder: Path) -> None:
    with store.locked(folder):
        assert "Another publication" in refused(command(build, folder))


def test_something_else_in_the_place_of_the_published_file(build: Build, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    duckdb.connect(str(other / store.FILE)).close()
    before = tree(other)
    assert "not a published Kinerja file" in refused(command(build, other))
    assert tree(other) == before


def test_a_target_that_is_a_file(build: Build, tmp_path: Path) -> None:
    target = tmp_path / "target.txt"
    target.write_text("mine", encoding="utf-8")
    assert "is a file" in refused(command(build, target))
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_target_that_must_not_be_written(build: Build, folder: Path) -> None:
    places = [folder, folder / "releases"]
    for place in places:
        place.chmod(0o555)
    try:
        assert "Permission denied" in refused(command(build, folder), _without_root)
    finally:
        for place in places:
            place.chmod(0o755)


@pytest.mark.parametrize("size", [100_000, 2_000_000])
def test_no_room_for_a_file(build: Build, folder: Path, size: int) -> None:
    """A limit on the size of files: the system refuses the write, as a full disk does."""

    if sys.platform == "win32":
        pytest.skip("Windows has no such limit")
    import resource

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    refused(command(build, folder), limit)


@pytest.mark.parametrize("free", [500_000, 5_000_000])
def test_a_full_disk(build: Build, tmp_path: Path, free: int) -> None:
    """A disk with so many bytes left: it is full while the database is written."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting needs root")
    try:
        folder = disk / "published"
        release.publish(options(build, folder))
        before = tree(folder)
        build.change("update marts.agencies set agency_name = 'a third name'")
        (disk / "ballast").write_bytes(b"x" * (shutil.disk_usage(disk).free - free))
        assert "No space left" in refused(command(build, folder))
        assert tree(folder) == before
        whole_release(folder / store.FILE)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _without_root() -> None:
    """In the child: the right of root to write where nobody may is given up before it starts."""
    if sys.platform != "win32" and os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0) == 0


class _held:  # noqa: N801
    """Another process that holds a database open until the block ends."""

    def __init__(self, file: Path, *, read_only: bool) -> None:
        self._program = (
            f"import duckdb; c = duckdb.connect({str(file)!r}, read_only={read_only}); "
            "print('open', flush=True); input()"
        )

    def __enter__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "open\n"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
