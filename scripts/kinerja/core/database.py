"""Opening DuckDB files, and the few things that more than one step asks of them.

Values go into statements as literals: a list of parameters makes DuckDB import pandas first, which
takes longer than publishing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from .errors import BadInputError

# The schema that readers see. Raw, staging and intermediate stay in dbt's own file.
PUBLIC = "marts"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | float | None) -> str:
    """A text, number or truth value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return str(value).lower()
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def attached(**files: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory with each file attached read-only under its name.

    Raises BadInputError with a message for people: missing, being written, not a database.
    """
    connection = duckdb.connect(":memory:", config={"threads": "2"})
    try:
        # Its bar goes to standard output, among what `--json` prints.
        connection.execute("set enable_progress_bar = false")
        # Rank and rounding never depend on it, but dates in exports do.
        connection.execute("set timezone = 'UTC'")
        for name, file in files.items():
            attach(connection, name, file)
        yield connection
    finally:
        connection.close()


def attach(connection: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
    """Attach a file read-only under a name; BadInputError says in one sentence why it cannot be."""
    built(file)
    try:
        connection.execute(f"attach {literal(str(file))} as {quoted(name)} (read_only)")
    except duckdb.Error as error:
        raise BadInputError(explained(error, file)) from None


def built(file: Path, first: str = "Build it first: uv run dbt build") -> Path:
    """The file, if it is there; else a BadInputError that says how to make it."""
    if not file.is_file():
        raise BadInputError(f"{file} is not there. {first}")
    return file


def explained(error: Exception, file: Path | None = None) -> str:
    """Say in one sentence why DuckDB or the system could not open, read or write a file."""
    if isinstance(error, OSError):
        place = error.filename or file
        return f"{place}: {error.strerror or error}." if place else f"{error.strerror or error}."
    text = str(error).strip() or type(error).__name__
    place = file or "The database"
    holder = re.search(r"\(PID (\d+)\)", text)
    if "Could not set lock" in text or "onflicting lock" in text:
        who = f" (process {holder[1]})" if holder else ""
        return (
            f"{place} is open for writing in another process{who}: wait until it ends, "
            "or close it there. Clients must open it read-only."
        )
    if "not a valid DuckDB database" in text:
        return f"{place} is not a DuckDB file, or is damaged."
    if "No space left" in text:
        return f"{place}: No space left on the disk. Make room, then do it again."
    if "File too large" in text:
        return f"{place}: the system allows no file of that size here. Raise the limit (ulimit -f)."
    return f"{place}: {text.splitlines()[0]}"


def records(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of what was asked, each as column → value."""
    names = [name for name, *_ in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def public_tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The tables and views that are public in an attached database, in the order of names."""
    found = connection.execute(
        "select table_name from information_schema.tables "
        f"where table_catalog = {literal(database)} and table_schema = '{PUBLIC}' order by all"
    ).fetchall()
    return [name for (name,) in found]


def public_views(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    """Names of the public relations that are views: those over Parquet."""
    found = connection.execute(
        "select view_name from duckdb_views() "
        f"where database_name = {literal(database)} and schema_name = '{PUBLIC}'"
    ).fetchall()
    return {name for (name,) in found}


def public(database: str, table: str) -> str:
    """A public table of an attached database, as SQL names it."""
    return f"{quoted(database)}.{PUBLIC}.{quoted(table)}"


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Column name → type of a relation, in its order."""
    found = connection.execute(f"describe from {relation}").fetchall()
    return {name: kind for name, kind, *_ in found}


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Rows and content of a relation as a short text; the order of rows does not matter.

    It compares files written by one version of DuckDB; it is no cryptographic hash.
    """
    [(rows, total, mixed)] = connection.execute(
        f"select count(*), coalesce(sum(hash(t)::hugeint), 0), coalesce(bit_xor(hash(t)), 0) "
        f"from {relation} as t"
    ).fetchall()
    return f"{rows}:{total:x}:{mixed:x}"
