"""Are all results equal (results.yml)? By counts and hashes; on a difference, the rows."""

from pathlib import Path
from typing import Any

import duckdb

from . import sources

TABLES: dict[str, dict[str, Any]] = sources.data("results.yml")


def fingerprints(stream: str, output: Path) -> dict[str, tuple[int, str]]:
    """Table → number of rows, and the sum of their hashes."""
    with _open(output) as database:
        return {
            name: database.execute(
                f"select count(*), cast(sum(hash({', '.join(table['columns'])})) as varchar) "
                f"from ({_rows(name, table, output)})"
            ).fetchall()[0]
            for name, table in TABLES[stream].items()
        }


def differences(stream: str, output: Path, reference: Path) -> list[str]:
    """The first rows that only one of the two has, as sentences."""
    found = []
    for name, table in TABLES[stream].items():
        sides = {}
        for place in (output, reference):
            with _open(place) as database:
                sides[place.name] = database.sql(_rows(name, table, place)).to_arrow_table()
        for side, other in ((output.name, reference.name), (reference.name, output.name)):
            with duckdb.connect() as database:
                database.register("here", sides[side])
                database.register("there", sides[other])
                rows = database.execute(
                    "(from here) except all (from there) order by all limit 5"
                ).fetchall()
            for row in rows:
                cells = map(" = ".join, zip(table["columns"], map(str, row), strict=True))
                found.append(f"{name}, only in {side}: {', '.join(cells)}")
    return found


def _database(output: Path) -> Path | None:
    """The contender's database; dbt's views only work under the name with which they were made."""
    return next(iter(output.glob("*.duckdb")), None)


def _open(output: Path) -> duckdb.DuckDBPyConnection:
    file = _database(output)
    database = duckdb.connect(str(file), read_only=True) if file else duckdb.connect()
    database.execute("set memory_limit = '4GB'")
    return database


def _rows(name: str, table: dict[str, Any], output: Path) -> str:
    """The query that gives a contender's rows: dbt's mart, a table of its database, or Parquet."""
    if (output / "is_dbt").exists():
        source = f"({table['mart']})"
    elif _database(output):
        source = name
    else:
        is_folder = (output / name).is_dir()
        source = f"'{output / name}{'/*' if is_folder else ''}.parquet'"
    columns = (f"cast({column} as {kind}) as {column}" for column, kind in table["columns"].items())
    return f"select {', '.join(columns)} from {source}"
