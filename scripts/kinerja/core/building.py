"""What must hold before an engine builds: each engine would end with words that name no cause."""

import re
from pathlib import Path
from typing import Any

import duckdb

from .database import explained
from .errors import BadInputError

# What the systems say; Windows has its own words.
_IS_HELD = ("Could not set lock", "onflicting lock", "being used by another process")
_REASONS = ("Permission denied", "Read-only file system", "Not a directory", "Access is denied")


def check_encoding(project: Path) -> None:
    """Look at every line of the seeds; BadInputError names the first that is not UTF-8."""
    for path in sorted((project / "seeds").rglob("*.csv")):
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    shown = line.rstrip(b"\r\n").decode("latin-1")
                    raise BadInputError(
                        f'{path.relative_to(project)}, line {number}: "{shown}" is '
                        "not UTF-8; save the file as UTF-8"
                    ) from None


def hold(
    file: Path, options: dict[str, Any], *, may_be_new: bool = True
) -> duckdb.DuckDBPyConnection:
    """A connection to the file, with the options that dbt gives: dbt then shares what is open.

    Raises BadInputError, one sentence: a folder, not there, held by another process, not to be
    written, not DuckDB's.
    """
    if file.is_dir():
        raise BadInputError(
            f"{file} is a folder: KINERJA_DB names the database file, as {file / 'kinerja.duckdb'}"
        )
    if not file.parent.is_dir():
        raise BadInputError(
            f"{file.parent} is not a folder: KINERJA_DB names a file in one that is there"
        )
    if not may_be_new and not file.exists():
        raise BadInputError(f"{file} is not there. Build it first: uv run dbt build")
    try:
        return duckdb.connect(str(file), config=options)
    except duckdb.Error as error:
        raise BadInputError(why_not(str(error), file) or explained(error, file)) from None


def why_not(message: str, file: Path) -> str | None:
    """The sentence for what a person can change; None for what is the file's own fault."""
    if any(words in message for words in _IS_HELD):
        holder = re.search(r"\(PID (\d+)\)", message)
        return (
            f"{file} is open in another process{f' ({holder[1]})' if holder else ''}, a client or "
            "another build: close it there, or wait until it ends, then start again"
        )
    reason = next((reason for reason in _REASONS if reason in message), None)
    return f"{file} cannot be written: {reason}" if reason else None
