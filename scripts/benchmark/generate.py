"""
Printed documents at scale, as Parquet in place of seeds.

FOLDER/<seed name>/<part>.parquet has exactly the columns and types of that seed; a part is one
letter, one decision, or the forms of one quarter, so one more edition is one more file in each
folder. Rows stand in printed order. Rules (score trees, bands, rules, words, headings) stay the
project's own seeds; of its documents nothing is left. Beside them:

planted.parquet   one row per misprint: what was true, what is printed, and the rule that it must
                  break, where arithmetic has no choice
shape.json        what was asked for and what there is

Shape: a smart city letter per month from January 2021 on, and a public service decision per month
from January 2024 on, both for all 514 governments and 7,280 districts (fewer below 10^6 cells);
quarterly forms of up to 20,560 agencies from 2024 on. The same seed gives the same bytes; memory is
that of one part. What is printed is drawn by sql/generate/.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from kinerja.core.errors import BadInputError

from . import seeds, sources

GOVERNMENTS = 514
DISTRICTS = 7_280
# Printed scores of a row.
_FIGURES = {"smart_city__details": 1, "smart_city__results": 7, "public_service__scores": 4}
# Of one region in one month.
_CELLS_PER_REGION = 62 + 7 + 4
_LINES_PER_FORM = 60
_LEAST_MONTHS = 3
# Bytes on disk, with room to spare.
_BYTES_PER_CELL = 3
_BYTES_PER_LINE = 40
# Shares of a table's cells or rows.
SHARES = {
    "misprinted": 0.001,
    "missing": 0.004,
    "dash": 0.002,
    "took_no_part": 0.005,
    "no_unit": 0.02,
    "lost_pages": 0.005,
}


def generate(
    folder: Path,
    cells: int,
    lines: int,
    seed: int,
    report: Callable[[str, float], None],
    shares: Mapping[str, float] = SHARES,
    most_regions: int = GOVERNMENTS + DISTRICTS,
) -> dict[str, Any]:
    """Write about so many printed scores and budget lines, whole or not at all; give the shape."""
    if folder.exists() and any(folder.iterdir()):
        raise BadInputError(f"{folder} is not empty; name a new folder, or remove it first")
    if cells < 10_000 or lines < 1_000:
        raise BadInputError("at least 10,000 cells and 1,000 lines, or a document would be empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    needed = cells * _BYTES_PER_CELL + lines * _BYTES_PER_LINE
    free = shutil.disk_usage(folder.parent).free
    if needed > free:
        raise BadInputError(
            f"{folder.parent} has {free / 1e9:.1f} GB free; "
            f"so many cells and lines take about {needed / 1e9:.1f} GB"
        )
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        shape = _write(unfinished, cells, lines, seed, report, shares, most_regions)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as error:
        raise BadInputError(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return shape


def _write(
    folder: Path,
    cells: int,
    lines: int,
    seed: int,
    report: Callable[[str, float], None],
    shares: Mapping[str, float],
    most_regions: int,
) -> dict[str, Any]:
    months = max(_LEAST_MONTHS, round(cells / (most_regions * _CELLS_PER_REGION)))
    regions = min(most_regions, max(100, round(cells / months / _CELLS_PER_REGION)))
    governments = min(regions, GOVERNMENTS)
    words = sources.data("words.yml")
    agencies = len(words["agencies"]) * governments
    quarters = max(4, round(lines / (agencies * _LINES_PER_FORM)))
    agencies = min(agencies, max(1, round(lines / quarters / _LINES_PER_FORM)))
    asked = {"seed": seed, "regions": regions, "months": months}
    asked |= {"quarters": quarters, "agencies": agencies}
    given = {**words, **shares, "regions": regions, "governments": governments}
    given |= {"wanted": agencies, "all_governments": GOVERNMENTS, "all_districts": DISTRICTS}
    with sources.connect(Path(), ":memory:", "4GB", 2) as database:
        database.execute("set preserve_insertion_order = true")
        database.execute(sources.sql("small_tables.sql"))

        def draw(part: str, *scripts: str, **words: Any) -> None:
            """Run scripts, which draw by the name of the part, and write what they print."""
            database.execute("drop schema if exists printed cascade; create schema printed")
            database.execute(f"set variable part = '{seed} {part}'")
            for script in scripts:
                says = {**given, **words, "document": part, "printed": _printed(database)}
                database.execute(sources.sql(f"generate/{script}.sql", **says))
            for name in _printed(database):
                seeds.write(folder, name, part, database.table(f"printed.{name}").pl())

        draw("all", "regions", "letters", "agencies")
        for number in range(months):
            for instrument, script, first in (
                ("smart_city", "letter", 2021),
                ("public_service", "decision", 2024),
            ):
                year = first + number // 12
                part = f"{instrument}_{year}_{number % 12 + 1:02d}"
                draw(part, script, "documents", instrument=instrument, year=year)
            report(f"month {number + 1} of {months}", (number + 1) / months / 2)
        for number in range(quarters):
            when = {"year": 2024 + number // 4, "quarter": number % 4 + 1}
            part = "performance_{year}_q{quarter}".format(**when)
            draw(part, "forms", "documents", instrument="agency_performance", **when)
            report(f"quarter {number + 1} of {quarters}", 0.5 + (number + 1) / quarters / 2)
        database.table("planted").pl().write_parquet(folder / "planted.parquet")
    # What else the project says of documents.
    for name, columns in sources.declared().items():
        if not (folder / name).exists() and {"document_id", "finding_id"} & set(columns):
            seeds.write(folder, name, "none", pl.DataFrame(schema=seeds.schema(name)))
    shape = asked | _found(folder)
    (folder / "shape.json").write_text(json.dumps(shape, indent=2) + "\n", encoding="utf-8")
    return shape


def _printed(database: duckdb.DuckDBPyConnection) -> list[str]:
    tables = database.execute(
        "select table_name from duckdb_tables() where schema_name = 'printed' order by all"
    ).fetchall()
    return [name for (name,) in tables]


def _found(folder: Path) -> dict[str, int]:
    """What there is in a generated folder."""

    def rows(files: str) -> int:
        return int(pl.scan_parquet(folder / files).select(pl.len()).collect().item())

    return {
        "cells": sum(each * rows(f"{seed}/*.parquet") for seed, each in _FIGURES.items()),
        "lines": rows("agency_performance__budget/*.parquet"),
        "documents": rows("document_register/*.parquet"),
        "forms_with_lost_pages": rows("source_gaps/*.parquet"),
        "misprints": rows("planted.parquet"),
        "bytes": sum(file.stat().st_size for file in folder.rglob("*.parquet")),
    }
