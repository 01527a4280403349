"""Whether the marts that Spark wrote equal those in DuckDB's file: names, types and every row."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from kinerja.core.database import (
    PUBLIC,
    attached,
    columns_of,
    literal,
    public,
    public_tables,
    public_views,
)
from kinerja.core.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Compared:
    """One mart. `rows` counts DuckDB's; `difference` is one sentence, blank when there is none."""

    name: str
    rows: int
    difference: str

    @property
    def is_equal(self) -> bool:
        return not self.difference


def compare(database: Path, warehouse: Path) -> list[Compared]:
    """Every mart of either side, by name. Rows are compared as a bag, decimals exactly.

    Raises BadInputError when one side is not there, or is not what its engine writes.
    """
    folder = warehouse / f"{PUBLIC}.db"
    if not folder.is_dir():
        raise BadInputError(
            f"{folder} is not there. Build it first: uv run --extra spark dbt build --target spark"
        )
    with attached(built=database) as connection:
        try:
            ours = set(public_tables(connection, "built"))
            ours -= public_views(connection, "built")
            if not ours:
                raise BadInputError(f"{database} holds no marts. Build it first: uv run dbt build")
            theirs = {path.name for path in folder.iterdir() if path.is_dir()}
            return [
                _compare(connection, name, folder, ours, theirs) for name in sorted(ours | theirs)
            ]
        except duckdb.Error as error:
            raise BadInputError(f"{database} and {folder} cannot be compared: {error}") from None


def _compare(
    connection: duckdb.DuckDBPyConnection, name: str, folder: Path, ours: set[str], theirs: set[str]
) -> Compared:
    if name not in ours:
        return Compared(name, 0, "only Spark has it")
    table, files = public("built", name), folder / name
    [(rows,)] = connection.execute(f"select count(*) from {table}").fetchall()
    if name not in theirs or not list(files.glob("*.parquet")):
        return Compared(name, rows, "only DuckDB has it")
    parquet = f"read_parquet({literal(str(files / '*.parquet'))})"
    columns, their_columns = (
        [f"{column} {kind}" for column, kind in columns_of(connection, relation).items()]
        for relation in (table, parquet)
    )
    if columns != their_columns:
        differing = sorted(set(columns) ^ set(their_columns)) or ["their order"]
        return Compared(name, rows, f"the columns differ: {', '.join(differing)}")
    missing, one = _only_in(connection, table, parquet)
    surplus, other = _only_in(connection, parquet, table)
    if not missing and not surplus:
        return Compared(name, rows, "")
    told = f"{missing} rows only in DuckDB, {surplus} only in Spark"
    examples = (f"{side}: {row}" for side, row in (("DuckDB", one), ("Spark", other)) if row)
    return Compared(name, rows, f"{told}; {'; '.join(examples)}")


def _only_in(connection: duckdb.DuckDBPyConnection, first: str, second: str) -> tuple[int, str]:
    """How many rows only the first has, and one of them."""
    found = connection.execute(
        f"select count(*) over (), * from (from {first} except all from {second}) limit 1"
    ).fetchone()
    count, *row = found or (0,)
    return int(count), ", ".join("" if value is None else str(value) for value in row)
