"""Seeds as polars frames: FOLDER/<seed name>/<part>.parquet, with the columns that dbt expects."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from . import sources

# Below DuckDB's row group (122,880) its threads find too little to share.
ROW_GROUP = 245_760
# Columns of planted.parquet.
PLANTED = pl.Schema(
    dict.fromkeys(("document_id", "seed_name", "table_id", "row_no", "column_name"), pl.String())
    | dict.fromkeys(("true_text", "printed_text", "must_break"), pl.String())
    | {"row_no": pl.Int32()}
)


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
    as_declared(frame, schema(seed)).write_parquet(
        file, compression="zstd", compression_level=1, row_group_size=ROW_GROUP
    )


def planted(seed: str, **columns: Any) -> pl.DataFrame:
    """Misprints of one seed: some of the columns PLANTED, each one value or one per misprint."""
    return as_declared(pl.DataFrame({"seed_name": seed, **columns}), PLANTED)


def export(folder: Path) -> None:
    """Write the project's own seeds as Parquet: the real documents for any contender."""
    for seed in sources.declared():
        write(folder, seed, "real", read(seed))


def as_declared(frame: pl.DataFrame, columns: pl.Schema) -> pl.DataFrame:
    """The frame with exactly these columns; those that it lacks are blank."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in columns.items()
    )
