"""The seeds change as one: a complete sibling copy is built, then exchanged in one step.

`seeds/` is a folder of many files that belong together, so no file is ever replaced alone. The
next state is built beside it (large unchanged files are hard links), written through to disk, and
exchanged with `seeds/` by one rename of the operating system. Whatever kills the process, the
folder is the old one or the new one. Where the system cannot exchange two folders, two renames
do it, and the next run finishes or undoes what a kill left between them.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kinerja.core import locks
from kinerja.core.errors import StoppedError
from kinerja.core.files import sync

STAGING = ".seeds-ingest"
_NEXT, _OLD, _COMPLETE = "next", "old", "complete"
_LINKED_FROM = 1024 * 1024
"""Bytes from which on a file is linked; only raw seeds are so large, and the gate reads them."""
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

Snapshot = dict[str, tuple[int, int]]


@contextmanager
def locked(seeds: Path) -> Iterator[None]:
    """Let one ingest at a time work on the seeds, and clear what a killed one left behind.

    Raises BadInputError while another is at work.
    """
    file = seeds.with_name(f".{seeds.name}.lock")
    with locks.locked(file, "Another ingest is working on these seeds; wait until it ends."):
        recover(seeds)
        yield


def cut_short(seeds: Path) -> bool:
    """Whether a kill between the two renames left the seeds in the staging folder."""
    return not seeds.exists() and (seeds.parent / STAGING / _OLD).exists()


def recover(seeds: Path) -> None:
    """Finish or undo an exchange by two renames that was cut short; remove leftovers."""
    staging = seeds.parent / STAGING
    if cut_short(seeds):
        whole = (staging / _COMPLETE).exists() and (staging / _NEXT).exists()
        (staging / (_NEXT if whole else _OLD)).rename(seeds)
    if staging.exists():
        shutil.rmtree(staging)


def snapshot(seeds: Path) -> Snapshot:
    """Every file of the seeds with its time of change and size, to notice other writers."""
    return {
        str(path.relative_to(seeds)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in sorted(seeds.rglob("*"))
        if path.is_file()
    }


def stage(seeds: Path, folder: Path) -> Path:
    """Make a copy of the seeds to be changed; large unchanged files are hard links.

    In the folder of the seeds it can take their place.
    """
    staging = folder / STAGING
    staging.mkdir()
    (staging / ".gitignore").write_text("*\n", encoding="utf-8")
    copy = staging / _NEXT
    shutil.copytree(seeds, copy, copy_function=_link)
    return copy


def _link(source: str, target: str) -> None:
    """Copy small files, so that what the gate writes into the copy reaches no stored file."""
    if Path(source).stat().st_size < _LINKED_FROM:
        shutil.copy2(source, target)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def commit(seeds: Path, copy: Path, before: Snapshot) -> None:
    """Put the complete copy in the place of the seeds; refuse if they changed meanwhile."""
    _write_through(copy)
    (copy.parent / _COMPLETE).touch()
    if snapshot(seeds) != before:
        raise StoppedError(
            "The seeds were changed by someone else during the ingest; run it again."
        )
    if not exchange(seeds, copy):
        seeds.rename(copy.parent / _OLD)
        copy.rename(seeds)
    sync(seeds.parent)
    shutil.rmtree(copy.parent)


def discard(copy: Path) -> None:
    """Remove a copy that will not be used."""
    shutil.rmtree(copy.parent)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)


def _write_through(folder: Path) -> None:
    for path in folder.rglob("*"):
        # Hard links of unchanged files are on disk already.
        if path.is_dir() or path.stat().st_nlink == 1:
            sync(path)
    sync(folder)
