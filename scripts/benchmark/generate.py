"""
Printed documents at scale, as Parquet in place of seeds.

FOLDER/<seed name>/<part>.parquet has exactly the columns and types of that seed; a part is one
letter, one decision, or the forms of one quarter, so one more edition is one more file in each
folder. Rows stand in printed order. Rules (score trees, bands, rules, words, headings) stay the
project's own seeds. Beside them:

planted.parquet   one row per misprint (PLANTED): what was true, what is printed, and the rule that
                  it must break, where arithmetic has no choice
shape.json        what was asked for and what there is

Shape: a smart city letter per month from January 2021 on, and a public service decision per month
from January 2024 on, both for all 514 governments and 7,280 districts (fewer below 10^6 cells);
quarterly forms of up to 20,560 agencies from 2024 on. The same seed gives the same bytes; memory is
that of one part.
"""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from kinerja.core.errors import BadInputError

from . import budget, regions, scores, seeds

# Columns of planted.parquet.
PLANTED = {
    "document_id": pl.String,
    "seed_name": pl.String,
    "table_id": pl.String,
    "row_no": pl.Int32,
    "column_name": pl.String,
    "true_text": pl.String,
    "printed_text": pl.String,
    "must_break": pl.String,
}

# Figures of one region in one month: details, results, units and index.
_CELLS_PER_REGION = 62 + 7 + 4
_ALL_REGIONS = regions.GOVERNMENTS + regions.DISTRICTS
_LEAST_MONTHS = 3
# Bytes on disk, with room to spare.
_BYTES_PER_CELL = 3
_BYTES_PER_LINE = 40
_INDEX_TABLES = (
    "smart_city__invitations",
    "smart_city__results",
    "smart_city__detail_columns",
    "smart_city__details",
    "public_service__scores",
    "public_service__bands",
)
# Replaced by no rows, so that nothing of the real documents is left.
_EMPTY = (
    "agency_performance__targets",
    "accountability__components",
    "notes",
    "control_totals",
    "known_discrepancies",
)


def generate(
    folder: Path, cells: int, lines: int, seed: int, report: Callable[[str, float], None]
) -> dict[str, Any]:
    """
    Write `cells` printed scores and `lines` budget lines (about); give the shape. Nothing half-
    written stays.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadInputError(f"{folder} is not empty; name a new folder, or remove it first")
    if cells < 10_000 or lines < 1_000:
        raise BadInputError(
            "at least 10,000 cells and 1,000 budget lines, or a document would be empty"
        )
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
        shape = _write(unfinished, cells, lines, seed, report)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as error:
        raise BadInputError(f"{folder} cannot be written: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return shape


def _write(
    folder: Path, cells: int, lines: int, seed: int, report: Callable[[str, float], None]
) -> dict[str, Any]:
    months = max(_LEAST_MONTHS, round(cells / (_ALL_REGIONS * _CELLS_PER_REGION)))
    wanted = min(_ALL_REGIONS, max(100, round(cells / months / _CELLS_PER_REGION)))
    whole = regions.regions(wanted, seed)
    scored = whole.filter(pl.col("region_type") != "province")
    governments = scored.filter(pl.col("region_type") != "district")
    seeds.write(folder, "official_regions", "all", whole)
    seeds.write(folder, "region_names", "all", regions.printed_names(whole))
    for name in _EMPTY:
        seeds.write(folder, name, "none", pl.DataFrame(schema=seeds.schema(name)))
    planted: list[pl.DataFrame] = []
    shape: dict[str, Any] = {
        "seed": seed,
        "cells": 0,
        "lines": 0,
        "documents": 0,
        "regions": scored.height,
    }

    pages = scores.layout(scored.height)
    quality = scores.qualities(whole.height, seed)
    for number in range(months):
        year, month = divmod(number, 12)
        for document, tables, misprints in (
            scores.smart_city(
                number, 2021 + year, month + 1, scored, quality[-scored.height :], pages, seed
            ),
            scores.public_service(number, 2024 + year, month + 1, whole, quality, seed),
        ):
            instrument = document[: -len("_2021_01")]
            _write_part(
                folder, document, tables, _register([document], instrument, year_of(document), None)
            )
            planted.append(misprints)
            shape["documents"] += 1
            shape["cells"] += _figures(tables)
        report(f"month {number + 1} of {months}", (number + 1) / months / 2)

    agencies = len(budget.KINDS) * governments.height
    quarters = max(4, round(lines / (agencies * budget.LINES_PER_FORM)))
    agencies = min(agencies, max(1, round(lines / quarters / budget.LINES_PER_FORM)))
    laid = budget.forms(governments, agencies, seed)
    gaps = []
    for number in range(quarters):
        year, quarter = 2024 + number // 4, number % 4 + 1
        if quarter == 1:
            shared = budget.Year(laid, year, seed)
        rows, lost, misprints = budget.quarter(laid, shared, year, quarter, seed)
        documents = rows["document_id"].unique(maintain_order=True).to_list()
        register = _register(documents, "agency_performance", year, quarter)
        register = register.with_columns(subject_name=laid.agency)
        part = f"performance_{year}_q{quarter}"
        _write_part(folder, part, {"agency_performance__budget": rows}, register)
        seeds.write(folder, "source_gaps", part, lost)
        planted.append(misprints)
        gaps.append(lost.height)
        shape["documents"] += len(documents)
        shape["lines"] += rows.height
        report(f"quarter {number + 1} of {quarters}", 0.5 + (number + 1) / quarters / 2)

    misprints = pl.concat(planted, how="diagonal").select(
        pl.col(name).cast(kind()) for name, kind in PLANTED.items()
    )
    misprints.write_parquet(folder / "planted.parquet")
    shape |= {
        "months": months,
        "quarters": quarters,
        "agencies": agencies,
        "forms_with_lost_pages": int(np.sum(gaps)),
        "misprints": misprints.height,
        "bytes": sum(file.stat().st_size for file in folder.rglob("*.parquet")),
    }
    (folder / "shape.json").write_text(json.dumps(shape, indent=2) + "\n", encoding="utf-8")
    return shape


def year_of(document: str) -> int:
    """The edition year of an index document, which its id names."""
    return int(document.split("_")[2])


def _register(
    documents: list[str], instrument: str, year: int, quarter: int | None
) -> pl.DataFrame:
    """Rows of document_register."""
    return pl.DataFrame({"document_id": documents}).with_columns(
        instrument=pl.lit(instrument),
        edition_year=pl.lit(year),
        fiscal_quarter=pl.lit(quarter, pl.Int32),
        title=pl.lit("Dokumen bangkitan untuk pengukuran"),
        title_en=pl.lit("Generated for measuring"),
        issuer=pl.lit("scripts/benchmark.py"),
        file_name=pl.lit("none"),
        added_on=pl.lit(date(2026, 1, 1)),
    )


def _write_part(folder: Path, part: str, tables: scores.Tables, register: pl.DataFrame) -> None:
    for name, rows in tables.items():
        seeds.write(folder, name, part, rows)
    seeds.write(folder, "document_register", part, register)
    expected = [
        rows.group_by("document_id", "table_id")
        .agg(pl.len().alias("expected_rows"))
        .sort("document_id", "table_id")
        .with_columns(seed_name=pl.lit(name))
        for name, rows in tables.items()
    ]
    seeds.write(folder, "expected_rows", part, pl.concat(expected))


def _figures(tables: scores.Tables) -> int:
    """Printed scores: details, results and units with their indices."""
    counts = {"smart_city__details": 1, "smart_city__results": 7, "public_service__scores": 4}
    return sum(count * tables[name].height for name, count in counts.items() if name in tables)
