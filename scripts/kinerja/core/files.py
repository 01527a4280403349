"""Files that are written whole or not at all, on every system."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IS_WINDOWS = os.name == "nt"


def write_whole(path: Path, data: bytes | str) -> None:
    """Put a file in its place in one step; a text is written as UTF-8, line ends as they are."""
    with whole(path) as draft:
        draft.write_bytes(data.encode() if isinstance(data, str) else data)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A draft beside the file, which takes its place when the block ends well.

    The draft goes through to the disk first; after a failure nothing of it is left.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
    try:
        yield draft
        sync(draft)
        draft.replace(path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if IS_WINDOWS and path.is_dir():
        return  # Windows opens no folders, and keeps their names in its own journal
    # Windows writes through only what may be written; elsewhere reading is enough.
    handle = os.open(path, os.O_RDWR if IS_WINDOWS else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def protect(path: Path) -> None:
    """Take away the right to write, so that a careless client is refused by the system.

    Not on Windows, which neither replaces nor removes such a file.
    """
    if not IS_WINDOWS:
        path.chmod(0o444)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
