"""The project built once for all tests that need a finished warehouse, never over the user's."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from kinerja_mutations.campaign import PROJECT, base_build

SEEDS = PROJECT / "seeds"


@cache
def built() -> tuple[Path, Path]:
    """The warehouse file and dbt's manifest, in a temporary folder until the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="kinerja-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return base_build(folder)


def copied_seeds(folder: Path) -> Path:
    """A copy of the seeds to be damaged."""
    target = folder / "seeds"
    shutil.copytree(SEEDS, target)
    return target


def change(path: Path, line: int, before: str, after: str) -> None:
    """Replace a text that stands once on a line of a file (1 is the header)."""
    lines = path.read_bytes().split(b"\n")
    old, new = before.encode(), after.encode()
    assert lines[line - 1].count(old) == 1, lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    path.write_bytes(b"\n".join(lines))
