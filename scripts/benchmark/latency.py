"""How fast the published file answers when several readers ask at once."""

import multiprocessing
import random
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import duckdb
from kinerja.core.errors import BadInputError
from kinerja.publish import candidate

# Query → its table macro, and where its arguments come from. Each reader takes other arguments
# each time.
_QUERIES = {
    "ranking": (
        # Generated letters are monthly: one list of the year.
        "from ranking($1, $2, $3) where document_id = $4",
        "select distinct instrument, edition_year, peer_group, document_id "
        "from marts.index_rankings limit 5000",
    ),
    "scorecard": (
        "from region_scorecard($1)",
        "select region_code from marts.regions where region_type != 'province' limit 5000",
    ),
    "budget tree": (
        "from budget_tree($1, $2)",
        "select distinct agency_code, fiscal_year from (from marts.budget_realization limit 5e5)",
    ),
}
# The marts that the queries read.
MARTS = (
    *("budget_realization", "index_rankings", "index_scores", "reconciliation"),
    *("regions", "score_components"),
)

Arguments = dict[str, list[tuple[Any, ...]]]


def measure(file: Path, readers: int, seconds: float, seed: int) -> dict[str, Any]:
    """
    Query → number of answers and milliseconds: median, 95th percentile, slowest.

    Each reader is a process with its own connection and one thread; they start together, and each
    asks again as soon as it has its answer as an Arrow table. A reader's first answer to each
    query, which opens the file, is told apart (`first_ms`: the slowest of them).
    """
    if not file.is_file():
        raise BadInputError(f"there is no {file}; publish one: uv run kinerja publish")
    with _open(file) as database:
        arguments = {
            name: database.execute(from_).fetchall() for name, (_, from_) in _QUERIES.items()
        }
    arguments = {name: rows for name, rows in arguments.items() if rows}
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(readers, context) as pool:
        together = manager.Barrier(readers)
        asked = [
            pool.submit(_read, file, arguments, seconds, seed + number, together)
            for number in range(readers)
        ]
        answers = [reader.result() for reader in asked]
    found = {}
    for name in arguments:
        first = [one[name][0] for one in answers if one[name]]
        rest = sorted(spent for one in answers for spent in one[name][1:])
        if len(rest) < 20:
            raise BadInputError(
                f"{name}: only {len(rest)} answers in {seconds:.0f} s; give it longer"
            )
        found[name] = {
            "answers": len(rest),
            "median_ms": 1000 * statistics.median(rest),
            "p95_ms": 1000 * rest[int(0.95 * len(rest))],
            "slowest_ms": 1000 * rest[-1],
            "first_ms": 1000 * max(first),
        }
    return found


def _open(file: Path) -> duckdb.DuckDBPyConnection:
    """The file, with the macros that a file has once it is published."""
    try:
        database = duckdb.connect(str(file), read_only=True, config={"threads": 1})
    except duckdb.Error as error:
        raise BadInputError(f"{file} is no file that dbt built: {error}") from error
    macros = candidate.macros()
    try:
        for name in ("ranking", "region_scorecard", "budget_tree"):
            database.execute(macros[name][1].replace("create macro", "create temp macro", 1))
    except duckdb.CatalogException as error:
        raise BadInputError(f"{file} lacks a mart: {error}") from None
    return database


def _read(
    file: Path, arguments: Arguments, seconds: float, seed: int, together: Barrier
) -> dict[str, list[float]]:
    """Ask for so many seconds; the seconds of each answer."""
    rng = random.Random(seed)
    spent: dict[str, list[float]] = {name: [] for name in arguments}
    with _open(file) as database:
        # The client's first parameter makes it import numpy and pandas: seconds that are not the
        # file's.
        database.execute("select $1", [1])
        together.wait(timeout=120)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            name = rng.choice(list(arguments))
            begun = time.perf_counter()
            # As drivers for analysis take it; Python objects for a ranking of thousands take longer
            # than the file does.
            database.execute(_QUERIES[name][0], list(rng.choice(arguments[name]))).to_arrow_table()
            spent[name].append(time.perf_counter() - begun)
    return spent
