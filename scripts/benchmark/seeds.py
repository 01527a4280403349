"""Seeds as polars frames: FOLDER/<seed name>/<part>.parquet, with the columns that dbt expects."""

from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from . import sources

# Below DuckDB's row group (122,880) its threads find too little to share.
ROW_GROUP = 245_760


@cache
def schema(seed: str) -> pl.Schema:
    """Columns of a seed in their order, as polars types."""
    columns = sources.declared()[seed].items()
    blank = ", ".join(f"null::{kind} as {name}" for name, kind in columns)
    return duckdb.sql(f"select {blank} limit 0").pl().schema


@cache
def read(seed: str) -> pl.DataFrame:
    """The project's own rows of a seed, typed."""
    return duckdb.sql(f"from {sources.csv_scan(seed)}").pl()


def write(folder: Path, seed: str, part: str, frame: pl.DataFrame) -> None:
    """Write one part of a seed; columns that the frame lacks are blank."""
    file = folder / seed / f"{part}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    declared = (
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema(seed).items()
    )
    frame.select(declared).write_parquet(
        file, compression="zstd", compression_level=1, row_group_size=ROW_GROUP
    )


def export(folder: Path) -> None:
    """Write the project's own seeds as Parquet: the real documents for any contender."""
    for seed in sources.declared():
        write(folder, seed, "real", read(seed))
