"""
Smart city letters and public service decisions as their tables would print them, one of each a
month.

A letter has a results line per region and the detail table in the page blocks of a real one, also
those with one value more than headings: 62 cells of a region on average. True indicators are whole
numbers, skewed, with many at the ends of the scale; averages and finals are exact quotients of all
of them, printed half-up; some cells are missing, some hold a word. Scores are hundredths.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from . import seeds, sources

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
# Seed name → its rows for one document.
Tables = dict[str, pl.DataFrame]

# Shares of a table's cells or rows.
MISPRINTED = 0.001
_MISSING = 0.004
_DASH = 0.002
_TOOK_NO_PART = 0.005
_NO_UNIT = 0.02

# The results' columns, in the order of the table, with their weights in tenths.
_DIMENSIONS = {"baseline": 1, "output": 2, "quick_win": 2, "impact": 2, "outcome": 3}
_LOW, _HIGH = 100, 400

# What a cell may hold, by code: hundredths as printed (0 to 999, -1 to -999), words, nothing.
_NUMBERS = [f"{number // 100},{number % 100:02d}" for number in range(1000)]
_WORDS = ["-", "NA", "*NA", "Tidak mengikuti evaluasi", None]
_CELLS = pl.Series([*_NUMBERS, *(f"-{text}" for text in _NUMBERS), *_WORDS])
_DASH_CODE, _NA, _NO_UNIT_CODE, _ABSENT, _BLANK = range(2000, 2005)


@dataclass(frozen=True)
class Layout:
    """Where the cells of every letter's detail table stand: one entry per cell, as printed."""

    rows: int
    block: Ints  # from 1, and so its columns
    column: Ints
    row: Ints  # of the results, from 0, and so the indicators
    indicator: Ints
    line: pl.Series
    first_cell: Ints  # of each results line
    columns: pl.DataFrame  # as detail_columns has them
    dimension: Ints  # of each indicator, as an index into _DIMENSIONS


def layout(rows: int) -> Layout:
    """The page blocks of a real letter, stretched to so many results lines."""
    with sources.connect(Path(), ":memory:", "1GB", 1) as database:
        database.execute(sources.sql("small_tables.sql"))
        blocks = database.execute(
            "select block_no, width, columns_before, min(row_no), max(row_no) from blocks "
            "inner join smart_city__details using (document_id, block_no) "
            "where letter = (select min(letter) from blocks) group by all order by block_no"
        ).fetchall()
    parts = []
    for number, width, before, first, last in blocks:
        start, end = round((first - 1) / 100 * rows), round(last / 100 * rows)
        row, column = np.divmod(np.arange((end - start) * width), width)
        parts.append((np.full(row.size, number), column + 1, row + start, before + column))
    block, column, row, indicator = (np.concatenate(cells) for cells in zip(*parts, strict=True))
    new_line = np.r_[True, (np.diff(row) != 0) | (np.diff(block) != 0)]
    headed = seeds.read("smart_city__detail_columns")
    components = _in_force("detail_headings", "smart_city")["component_code"]
    named = components.str.extract(f"^({'|'.join(_DIMENSIONS)})_")
    return Layout(
        rows,
        block,
        column,
        row,
        # A value without a heading is one more of its block's kind.
        np.minimum(indicator, components.len() - 1),
        line=pl.Series(np.cumsum(new_line) + rows + 200).cast(pl.String),
        first_cell=np.unique(row, return_index=True)[1],
        columns=headed.filter(pl.col("document_id") == headed["document_id"].min()),
        dimension=np.array([list(_DIMENSIONS).index(name) for name in named]),
    )


def _in_force(seed: str, instrument: str) -> pl.DataFrame:
    return seeds.read(seed).filter(pl.col("instrument") == instrument, pl.col("valid_to").is_null())


def half_up(numerator: Ints, denominator: Ints | int) -> Ints:
    """The quotient of non-negative integers, rounded half-up; 0 for a denominator of 0."""
    rounded: Ints = (2 * numerator + denominator) // (2 * np.maximum(denominator, 1))
    return rounded


def _text(codes: Ints) -> pl.Series:
    return _CELLS.gather(np.where(codes < 0, 1000 - codes, codes))


def _moved(
    rng: np.random.Generator, true: Ints, least: int, most: int, low: int, high: int
) -> Ints:
    """A misprint of each figure: at least `least` off, towards the farther end of the scale."""
    by = rng.integers(least, most, true.size, endpoint=True)
    return np.where(true - low > high - true, true - by, true + by)


def smart_city(
    whole: pl.DataFrame, quality: Floats, pages: Layout, rng: np.random.Generator
) -> tuple[Tables, pl.DataFrame]:
    """One letter: its rows by seed, and its misprints (seeds.PLANTED)."""
    rows = pages.rows
    absent = rng.random(rows) < _TOOK_NO_PART
    # Who took no part stands at the end of the list.
    order = np.r_[np.flatnonzero(~absent), np.flatnonzero(absent)]
    took_part = np.arange(rows) < rows - absent.sum()
    # Lines × indicators: whole scores but for the first, which is that of the year before.
    better = quality[order]
    drawn = rng.normal(2.9, 0.8, (rows, pages.dimension.size)) + better[:, None]
    true = np.clip(np.rint(drawn), 1, 4).astype(np.int64) * 100
    previous = 290 + 100 * better + rng.normal(0.0, 20.0, rows)
    true[:, 0] = np.clip(np.rint(previous), _LOW, _HIGH).astype(np.int64)
    results, planted_results = _results(rng, true, pages, took_part)
    details, planted_details = _details(rng, true, pages, took_part)
    line = pl.Series(np.arange(rows))
    names = whole.select("results", "details", "invitations")[order]
    tables = {
        "smart_city__invitations": pl.DataFrame(
            {
                "table_id": "invitations",
                "row_no": line + 1,
                "source_line": (line + 61).cast(pl.String),
                "addressee": names["invitations"],
            }
        ),
        "smart_city__results": results.with_columns(
            table_id=pl.lit("results"),
            row_no=line + 1,
            source_line=(line + rows + 122).cast(pl.String),
            region_name=names["results"],
        ),
        "smart_city__detail_columns": pages.columns,
        "smart_city__details": details.with_columns(
            table_id=pl.lit("details"),
            region_name=names["details"].gather(details["row_no"] - 1),
        ),
    }
    return tables, pl.concat([planted_results, planted_details])


def _results(
    rng: np.random.Generator, true: Ints, pages: Layout, took_part: Bools
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The seven figures of each line, and those that are misprinted."""
    counts = np.bincount(pages.dimension)
    sums = np.stack(
        [true[:, pages.dimension == place].sum(axis=1) for place in range(len(_DIMENSIONS))], axis=1
    )
    # The final comes from averages before rounding: all over one denominator.
    common = int(np.lcm.reduce(counts))
    weights = np.array(list(_DIMENSIONS.values())) * (common // counts)
    final = half_up((weights * sums).sum(axis=1), 10 * common)
    figures = np.column_stack([half_up(sums, counts), final, final - true[:, 0]])
    figures[~took_part] = _BLANK
    figures[~took_part, 0] = _ABSENT

    # At most one misprint in a line, so that nothing can undo it.
    column = rng.integers(0, figures.shape[1], pages.rows)
    line = np.flatnonzero(rng.random(pages.rows) < MISPRINTED * figures.shape[1])
    line = line[np.abs(figures[line, column[line]]) < 1000]
    column = column[line]
    right = figures[line, column]
    wrong = np.select(
        [column < 5, column == 5],
        # An average weighs a tenth at least, so that the final shows it.
        [_moved(rng, right, 110, 150, _LOW, _HIGH), _moved(rng, right, 3, 100, _LOW, _HIGH)],
        _moved(rng, right, 3, 100, _LOW - _HIGH, _HIGH - _LOW),
    )
    figures[line, column] = wrong
    names = [*_DIMENSIONS, "final_score", "improvement"]
    planted = seeds.planted(
        "smart_city__results",
        table_id="results",
        row_no=line + 1,
        column_name=pl.Series(names).gather(column),
        true_text=_text(right),
        printed_text=_text(wrong),
        must_break=np.where(column == 6, "smart_city.improvement", "smart_city.weighted_final"),
    )
    return pl.DataFrame(dict(zip(names, map(_text, figures.T), strict=True))), planted


def _details(
    rng: np.random.Generator, true: Ints, pages: Layout, took_part: Bools
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cells that are printed, in printed order, and those that are misprinted."""
    right = true[pages.row, pages.indicator]
    chance = rng.random(right.size)
    takes_part = took_part[pages.row]
    is_wrong = takes_part & (chance < MISPRINTED)
    cells = np.where(is_wrong, right % 400 // 100 * 100 + 100, right)
    # Now and then a misprint leaves the scale.
    cells[is_wrong & (rng.random(right.size) < 0.02)] = 0
    cells[takes_part & (chance > 1 - _DASH)] = _DASH_CODE
    missing = (chance > 1 - _DASH - _MISSING) & (chance <= 1 - _DASH)
    first_cells = np.zeros(right.size, dtype=bool)
    first_cells[pages.first_cell] = True
    cells[first_cells & ~takes_part] = _ABSENT
    kept = np.where(takes_part, ~missing, first_cells)
    block, column = pl.Series(pages.block[is_wrong]), pl.Series(pages.column[is_wrong])
    planted = seeds.planted(
        "smart_city__details",
        table_id="details",
        row_no=pages.row[is_wrong] + 1,
        column_name=pl.select(pl.format("{}:{}", block, column)).to_series(),
        true_text=_text(right[is_wrong]),
        printed_text=_text(cells[is_wrong]),
        # An indicator is one of many in an average of rounded scores: arithmetic need not show it.
        must_break=pl.Series([None, "index.scale"]).gather(cells[is_wrong] == 0),
    )
    details = pl.DataFrame(
        {
            "block_no": pages.block[kept],
            "row_no": pages.row[kept] + 1,
            "column_no": pages.column[kept],
            "source_line": pages.line.filter(pl.Series(kept)),
            "value": _text(cells[kept]),
        }
    )
    return details, planted


def public_service(
    whole: pl.DataFrame, quality: Floats, rng: np.random.Generator
) -> tuple[Tables, pl.DataFrame]:
    """One decision: lists A to D and its bands; its rows by seed, its misprints (seeds.PLANTED)."""
    rows = whole.height
    units = 370 + 100 * quality[:, None] + rng.normal(0.0, 60.0, (rows, 3))
    units = np.clip(np.rint(units), 0, 500).astype(np.int64)
    units[rng.random((rows, 3)) < _NO_UNIT] = _NO_UNIT_CODE
    units[rng.random(rows) < _NO_UNIT] = _NA
    evaluated = units < 1000
    count = evaluated.sum(axis=1)
    index = half_up((units * evaluated).sum(axis=1), count)
    index[count == 0] = _NA

    bands = _in_force("grade_bands", "public_service").sort("lower_bound")
    bounds = (bands["lower_bound"] * 100).cast(pl.Int64).to_numpy()
    place = np.searchsorted(bounds, index, side="right") - 1
    grade = bands["grade"].gather(np.maximum(place, 0))
    lists = {"province": 0, "city": 1, "regency": 2, "district": 2}
    list_no = whole["region_type"].replace_strict(lists, return_dtype=pl.Int64).to_numpy().copy()
    list_no[count == 0] = 3
    # Each list runs from the best index down.
    order = np.lexsort((np.arange(rows), -np.where(count == 0, 0, index), list_no))
    figures = np.column_stack([units, index])[order]
    list_no, graded = list_no[order], (count > 0)[order]
    line_no = np.arange(rows) - np.searchsorted(list_no, list_no) + 1

    column = rng.integers(0, 4, rows)
    line = np.flatnonzero(rng.random(rows) < MISPRINTED * 4)
    line = line[figures[line, column[line]] < 1000]
    column = column[line]
    right = figures[line, column]
    wrong = np.where(
        column == 3, _moved(rng, right, 3, 100, 0, 500), _moved(rng, right, 30, 200, 0, 500)
    )
    figures[line, column] = wrong
    names = ["social_service", "hospital", "third_unit", "index_score"]
    printed = dict(zip(names, map(_text, figures.T), strict=True))
    # Some lists drop a last zero.
    is_short = (rng.random(rows) < 0.3) & (figures[:, 0] < 1000)
    is_short[line] = False
    whole_text = printed["social_service"]
    printed["social_service"] = whole_text.str.replace("0$", "").zip_with(
        pl.Series(is_short), whole_text
    )
    table_id = pl.Series(["A", "B", "C", "D"]).gather(list_no)
    tables = {
        "public_service__scores": pl.DataFrame(
            {
                "table_id": table_id,
                "row_no": line_no,
                "source_line": pl.Series(np.arange(rows) + 290).cast(pl.String),
                "region_name": whole["scores"].gather(order),
                **printed,
                "grade": grade.gather(order).scatter(np.flatnonzero(~graded), "NA"),
            }
        ),
        "public_service__bands": seeds.read("public_service__bands").filter(
            pl.col("document_id") == pl.col("document_id").min()
        ),
    }
    return tables, seeds.planted(
        "public_service__scores",
        table_id=table_id.gather(line),
        row_no=line_no[line],
        column_name=pl.Series(names).gather(column),
        true_text=_text(right),
        printed_text=_text(wrong),
        must_break="public_service.unit_mean",
    )
