"""A dbt plugin with one task: to say which seed is not UTF-8.

dbt reads every seed before any of the project's own SQL can run, and ends with a traceback that
does not name the file. dbt loads modules whose name starts with `dbt_` (its plugins, an interface
that it calls experimental; the version of dbt is pinned) before it reads the first file.
"""

from pathlib import Path

from dbt.plugins.manager import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError


def first_undecodable_line(path: Path) -> tuple[int, bytes] | None:
    """Number and bytes of the first line that is not UTF-8; None where all are."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number, line.rstrip(b"\r\n")
    return None


class SeedEncoding(dbtPlugin):
    """Looks at the seeds of the project that dbt was started in."""

    def initialize(self) -> None:
        for path in sorted(Path("seeds").rglob("*.csv")):
            found = first_undecodable_line(path)
            if found is not None:
                number, line = found
                raise DbtRuntimeError(
                    f'{path}, line {number}: "{line.decode("latin-1")}" is not UTF-8; '
                    "save the file as UTF-8"
                )


plugins = [SeedEncoding]
