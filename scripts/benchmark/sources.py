"""What every contender reads: Parquet where the folder has it, else the project's own seeds."""

from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import seeds

DIMENSIONS = ("baseline", "output", "quick_win", "impact", "outcome")
UNITS = ("social_service", "hospital", "third_unit")
_SQL = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "sql"),
    undefined=StrictUndefined,
    autoescape=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def sql(name: str, **words: Any) -> str:
    """One of the SQL files of this package; what repeats per column is a loop in it."""
    return _SQL.get_template(name).render(dimensions=DIMENSIONS, units=UNITS, **words)


def in_bytes(memory: str) -> int:
    """4GB as a number."""
    return int(memory.removesuffix("GB")) * 10**9


def connect(folder: Path, database: str, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A database with a temporary view per seed; it spills beside itself."""
    connection = duckdb.connect(database, config={"storage_compatibility_version": "v1.3.0"})
    connection.execute(f"set memory_limit = '{memory}'; set threads = {threads}")
    connection.execute("set preserve_insertion_order = false")
    for seed in seeds.names():
        parts = folder / seed
        source = f"read_parquet('{parts}/*.parquet')" if parts.is_dir() else seeds.csv_scan(seed)
        connection.execute(f"create temp view {seed} as from {source}")
    return connection
