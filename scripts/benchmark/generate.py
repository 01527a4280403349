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
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from kinerja.core.errors import BadInputError

from . import budget, regions, scores, seeds, sources

# Printed scores of a row: details, results, units with their index.
_FIGURES = {"smart_city__details": 1, "smart_city__results": 7, "public_service__scores": 4}
# Of one region in one month.
_CELLS_PER_REGION = 62 + 7 + 4
_ALL_REGIONS = regions.GOVERNMENTS + regions.DISTRICTS
_LEAST_MONTHS = 3
# Bytes on disk, with room to spare.
_BYTES_PER_CELL = 3
_BYTES_PER_LINE = 40


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
    seeds.write(folder, "official_regions", "all", whole)
    seeds.write(folder, "region_names", "all", regions.printed_names(whole))
    planted: list[pl.DataFrame] = []
    counts = {"cells": 0, "lines": 0, "documents": 0}

    pages = scores.layout(scored.height)
    quality = scores.qualities(whole.height, seed)
    quality_of_scored = quality[-scored.height :]
    for number in range(months):
        year, month = divmod(number, 12)
        letter = f"smart_city_{2021 + year}_{month + 1:02d}"
        decision = f"public_service_{2024 + year}_{month + 1:02d}"
        rng = np.random.default_rng([seed, 3, number])
        tables, misprints = scores.smart_city(rng, scored, quality_of_scored, pages)
        planted.append(_write_document(folder, letter, 2021 + year, tables, misprints))
        counts["cells"] += _figures(tables)
        rng = np.random.default_rng([seed, 4, number])
        tables, misprints = scores.public_service(rng, whole, quality)
        planted.append(_write_document(folder, decision, 2024 + year, tables, misprints))
        counts["cells"] += _figures(tables)
        counts["documents"] += 2
        report(f"month {number + 1} of {months}", (number + 1) / months / 2)

    governments = scored.filter(pl.col("region_type") != "district")
    agencies = len(seeds.words()["agencies"]) * governments.height
    quarters = max(4, round(lines / (agencies * budget.LINES_PER_FORM)))
    agencies = min(agencies, max(1, round(lines / quarters / budget.LINES_PER_FORM)))
    laid = budget.forms(governments, agencies, seed)
    lost_pages = 0
    for number in range(quarters):
        year, quarter = 2024 + number // 4, number % 4 + 1
        if quarter == 1:
            shared = budget.Year(laid, year, seed)
        rows, gaps, misprints = budget.quarter(laid, shared, year, quarter, seed)
        documents = rows["document_id"].unique(maintain_order=True)
        register = _register(documents, "agency_performance", year, quarter, laid.agency)
        part = f"performance_{year}_q{quarter}"
        _write_part(folder, part, {"agency_performance__budget": rows}, register)
        seeds.write(folder, "source_gaps", part, gaps)
        planted.append(misprints)
        lost_pages += gaps.height
        counts["documents"] += documents.len()
        counts["lines"] += rows.height
        report(f"quarter {number + 1} of {quarters}", 0.5 + (number + 1) / quarters / 2)

    # What else the project says of documents.
    for name, columns in sources.declared().items():
        if not (folder / name).exists() and {"document_id", "finding_id"} & set(columns):
            seeds.write(folder, name, "none", pl.DataFrame(schema=seeds.schema(name)))
    all_planted = pl.concat(planted)
    all_planted.write_parquet(folder / "planted.parquet")
    shape = {
        "seed": seed,
        **counts,
        "regions": scored.height,
        "months": months,
        "quarters": quarters,
        "agencies": agencies,
        "forms_with_lost_pages": lost_pages,
        "misprints": all_planted.height,
        "bytes": sum(file.stat().st_size for file in folder.rglob("*.parquet")),
    }
    (folder / "shape.json").write_text(json.dumps(shape, indent=2) + "\n", encoding="utf-8")
    return shape


def _write_document(
    folder: Path, document: str, year: int, tables: scores.Tables, misprints: pl.DataFrame
) -> pl.DataFrame:
    """Write one letter or decision as a part of its own; give its misprints."""
    of_document = pl.lit(document).alias("document_id")
    tables = {seed: rows.with_columns(of_document) for seed, rows in tables.items()}
    register = _register(pl.Series([document]), document[: -len("_2021_01")], year)
    _write_part(folder, document, tables, register)
    return misprints.with_columns(of_document)


def _register(
    documents: pl.Series,
    instrument: str,
    year: int,
    quarter: int | None = None,
    subject: pl.Series | None = None,
) -> pl.DataFrame:
    """Rows of document_register."""
    return pl.DataFrame(
        {
            "document_id": documents,
            "instrument": instrument,
            "edition_year": year,
            "fiscal_quarter": quarter,
            "title": "Dokumen bangkitan untuk pengukuran",
            "title_en": "Generated for measuring",
            "issuer": "scripts/benchmark.py",
            "subject_name": subject,
            "file_name": "none",
            "added_on": date(2026, 1, 1),
        }
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
    """Printed scores."""
    return sum(count * tables[name].height for name, count in _FIGURES.items() if name in tables)
