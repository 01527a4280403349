"""
Printed documents at scale, as Parquet in place of seeds.

FOLDER/<seed name>/<part>.parquet has exactly the columns and types of that seed; a part is one
letter, one decision, or the forms of one quarter, so one more edition is one more file in each
folder. Rows stand in printed order. Rules (score trees, bands, rules, words, headings) stay the
project's own seeds; of its documents nothing is left. Beside them:

planted.parquet   one row per misprint (seeds.PLANTED): what was true, what is printed, and the rule
                  that it must break, where arithmetic has no choice
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
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from kinerja.core.errors import BadInputError

from . import budget, regions, scores, seeds, sources

# Printed scores of a row.
_FIGURES = {"smart_city__details": 1, "smart_city__results": 7, "public_service__scores": 4}
# Of one region in one month.
_CELLS_PER_REGION = 62 + 7 + 4
_ALL_REGIONS = regions.GOVERNMENTS + regions.DISTRICTS
_LEAST_MONTHS = 3
# Bytes on disk, with room to spare.
_BYTES_PER_CELL = 3
_BYTES_PER_LINE = 40


# What the register says of every generated document.
_REGISTER = {
    "title": "Dokumen bangkitan untuk pengukuran",
    "title_en": "Generated for measuring",
    "issuer": "python -m benchmark generate",
    "file_name": "none",
    "added_on": date(2026, 1, 1),
}


def generate(
    folder: Path, cells: int, lines: int, seed: int, report: Callable[[str, float], None]
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
    agencies = len(sources.data("words.yml")["agencies"]) * governments.height
    quarters = max(4, round(lines / (agencies * budget.LINES_PER_FORM)))
    agencies = min(agencies, max(1, round(lines / quarters / budget.LINES_PER_FORM)))
    shape = {
        "seed": seed,
        "cells": 0,
        "lines": 0,
        "documents": 0,
        "regions": scored.height,
        "months": months,
        "quarters": quarters,
        "agencies": agencies,
        "forms_with_lost_pages": 0,
    }
    planted: list[pl.DataFrame] = []
    seeds.write(folder, "official_regions", "all", whole)
    seeds.write(folder, "region_names", "all", regions.printed_names(whole))

    # What makes a region better than others, all its years.
    quality = np.random.default_rng([seed, 2]).normal(0.0, 0.35, whole.height)
    pages = scores.layout(scored.height)
    letter = partial(scores.smart_city, scored, quality[-scored.height :], pages)
    decision = partial(scores.public_service, whole, quality)
    for number in range(months):
        for instrument, year, stream, printed in (
            ("smart_city", 2021 + number // 12, 3, letter),
            ("public_service", 2024 + number // 12, 4, decision),
        ):
            document = f"{instrument}_{year}_{number % 12 + 1:02d}"
            of_document = pl.lit(document).alias("document_id")
            tables, misprints = printed(np.random.default_rng([seed, stream, number]))
            tables = {name: rows.with_columns(of_document) for name, rows in tables.items()}
            register = pl.select(of_document, instrument=pl.lit(instrument), edition_year=year)
            _write_part(folder, document, tables, register)
            planted.append(misprints.with_columns(of_document))
            shape["documents"] += 1
            for name, rows in tables.items():
                shape["cells"] += _FIGURES.get(name, 0) * rows.height
        report(f"month {number + 1} of {months}", (number + 1) / months / 2)

    laid = budget.forms(governments, agencies, seed)
    for number in range(quarters):
        year, quarter = 2024 + number // 4, number % 4 + 1
        if quarter == 1:
            shared = budget.Year(laid, year, seed)
        rows, gaps, misprints = budget.quarter(laid, shared, year, quarter, seed)
        register = pl.DataFrame(
            {
                "document_id": rows["document_id"].unique(maintain_order=True),
                "instrument": "agency_performance",
                "edition_year": year,
                "fiscal_quarter": quarter,
                "subject_name": laid.agency,
            }
        )
        part = f"performance_{year}_q{quarter}"
        _write_part(folder, part, {"agency_performance__budget": rows}, register)
        seeds.write(folder, "source_gaps", part, gaps)
        planted.append(misprints)
        shape["documents"] += register.height
        shape["lines"] += rows.height
        shape["forms_with_lost_pages"] += gaps.height
        report(f"quarter {number + 1} of {quarters}", 0.5 + (number + 1) / quarters / 2)

    # What else the project says of documents.
    for name, columns in sources.declared().items():
        if not (folder / name).exists() and {"document_id", "finding_id"} & set(columns):
            seeds.write(folder, name, "none", pl.DataFrame(schema=seeds.schema(name)))
    pl.concat(planted).write_parquet(folder / "planted.parquet")
    shape["misprints"] = sum(misprints.height for misprints in planted)
    shape["bytes"] = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    (folder / "shape.json").write_text(json.dumps(shape, indent=2) + "\n", encoding="utf-8")
    return shape


def _write_part(folder: Path, part: str, tables: scores.Tables, register: pl.DataFrame) -> None:
    for name, rows in tables.items():
        seeds.write(folder, name, part, rows)
    said = [pl.lit(text).alias(column) for column, text in _REGISTER.items()]
    seeds.write(folder, "document_register", part, register.with_columns(said))
    expected = [
        rows.group_by("document_id", "table_id")
        .agg(pl.len().alias("expected_rows"))
        .sort("document_id", "table_id")
        .with_columns(seed_name=pl.lit(name))
        for name, rows in tables.items()
    ]
    seeds.write(folder, "expected_rows", part, pl.concat(expected))
