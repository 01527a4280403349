"""Seeds to be damaged."""

import shutil
from pathlib import Path

from warehouse import PROJECT


def copied_seeds(folder: Path) -> Path:
    """A copy of the seeds to be damaged."""
    target = folder / "seeds"
    shutil.copytree(PROJECT / "seeds", target)
    return target


def change(path: Path, line: int, before: str, after: str) -> None:
    """Replace a text that stands once on a line of a file (1 is the header)."""
    lines = path.read_bytes().split(b"\n")
    old, new = before.encode(), after.encode()
    assert lines[line - 1].count(old) == 1, lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    path.write_bytes(b"\n".join(lines))
