"""One process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import BadInputError


@contextmanager
def locked(file: Path, busy: str) -> Iterator[None]:
    """Hold the lock that this empty file stands for; it ends with the block, or the process.

    Raises BadInputError with the sentence `busy` while another holds it.
    """
    lock = FileLock(file)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise BadInputError(busy) from None
    try:
        yield
    finally:
        lock.release()
