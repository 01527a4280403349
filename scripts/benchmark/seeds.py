"""
Seeds as Parquet: FOLDER/<seed name>/<part>.parquet, with the columns and types of the project's
seeds.
"""

import re
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import yaml

PROJECT = Path(__file__).resolve().parents[2]

# Below DuckDB's row group (122,880) its threads find too little to share.
ROW_GROUP = 245_760

_TYPES: dict[str, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int32(),
    "bigint": pl.Int64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}


@cache
def _declared() -> dict[str, dict[str, str]]:
    """Seed name → column → type as in the project's properties files."""
    seeds = {}
    for file in sorted((PROJECT / "seeds").glob("*/_*__seeds.yml")):
        for seed in yaml.safe_load(file.read_text(encoding="utf-8"))["seeds"]:
            seeds[seed["name"]] = seed["config"]["column_types"]
    return seeds


def schema(seed: str) -> pl.Schema:
    """Columns of a seed in their order, as polars types."""
    return pl.Schema({name: _as_polars(kind) for name, kind in _declared()[seed].items()})


def _as_polars(kind: str) -> pl.DataType:
    decimal = re.fullmatch(r"decimal\((\d+), ?(\d+)\)", kind)
    if decimal:
        return pl.Decimal(int(decimal[1]), int(decimal[2]))
    return _TYPES[kind]


def csv_of(seed: str) -> Path:
    """The project's own file of a seed."""
    return next((PROJECT / "seeds").glob(f"*/{seed}.csv"))


def read(seed: str) -> pl.DataFrame:
    """The project's own rows of a seed, typed."""
    return pl.read_csv(csv_of(seed), schema=schema(seed))


def write(folder: Path, seed: str, part: str, frame: pl.DataFrame) -> None:
    """Write one part of a seed; columns that the frame lacks are blank."""
    columns = schema(seed)
    whole = frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in columns.items()
    )
    file = folder / seed / f"{part}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    whole.write_parquet(file, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)


def names() -> list[str]:
    """All seeds of the project."""
    return list(_declared())


def csv_scan(seed: str) -> str:
    """DuckDB's expression that reads the project's own file of a seed."""
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in _declared()[seed].items())
    return (
        f"read_csv('{csv_of(seed)}', auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{types}}})"
    )


def export(folder: Path) -> None:
    """Write the project's own seeds as Parquet: the real documents for any contender."""
    with duckdb.connect() as database:
        for seed in names():
            (folder / seed).mkdir(parents=True, exist_ok=True)
            database.execute(
                f"copy (from {csv_scan(seed)}) to '{folder}/{seed}/real.parquet' (format parquet)"
            )
