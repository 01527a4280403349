"""What every contender reads: Parquet where a folder has it, else the project's own seeds."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml
from kinerja.core import paths
from kinerja.core.sql import templates

DIMENSIONS = ("baseline", "output", "quick_win", "impact", "outcome")
UNITS = ("social_service", "hospital", "third_unit")
_HERE = Path(__file__).parent


@cache
def data(name: str) -> Any:
    """What a YAML file beside this one holds."""
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


@cache
def declared() -> dict[str, dict[str, str]]:
    """Seed → column → type, as the project's properties files declare them."""
    return {
        seed["name"]: {column["name"]: column["data_type"] for column in seed["columns"]}
        for file in sorted(paths.seeds().glob("*/_*__seeds.yml"))
        for seed in yaml.safe_load(file.read_text(encoding="utf-8"))["seeds"]
    }


def csv_scan(seed: str) -> str:
    """DuckDB's expression that reads the project's own file of a seed."""
    file = next(paths.seeds().glob(f"*/{seed}.csv"))
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in declared()[seed].items())
    return (
        f"read_csv('{file}', auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{types}}})"
    )


def sql(name: str, **words: Any) -> str:
    """One of the SQL files of this package; what repeats per column is a loop in it."""
    template = templates(_HERE / "sql").get_template(name)
    return template.render(dimensions=DIMENSIONS, units=UNITS, **words)


def connect(folder: Path, database: str, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A database with a temporary view per seed; it spills beside itself."""
    connection = duckdb.connect(database, config={"storage_compatibility_version": "v1.3.0"})
    connection.execute(f"set memory_limit = '{memory}'; set threads = {threads}")
    connection.execute("set preserve_insertion_order = false")
    for seed in declared():
        parts = folder / seed
        source = f"read_parquet('{parts}/*.parquet')" if parts.is_dir() else csv_scan(seed)
        connection.execute(f"create temp view {seed} as from {source}")
    return connection
