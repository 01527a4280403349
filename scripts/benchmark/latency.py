"""How fast the published file answers when several readers ask at once (readers.yml)."""

import contextlib
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

from . import sources

# Query → {ask, arguments}.
_QUERIES: dict[str, dict[str, str]] = sources.data("readers.yml")
_MACROS = ("ranking", "region_scorecard", "budget_tree")
# The marts that the queries read.
MARTS = (
    *("budget_realization", "index_rankings", "index_scores", "reconciliation"),
    *("regions", "score_components", "agencies"),
)


def measure(file: Path, readers: int, seconds: float, seed: int) -> dict[str, dict[str, float]]:
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
            name: database.execute(query["arguments"]).fetchall()
            for name, query in _QUERIES.items()
        }
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(readers, context) as pool:
        together = manager.Barrier(readers)
        seeds = range(seed, seed + readers)
        reading = [pool.submit(_read, file, arguments, seconds, one, together) for one in seeds]
        answers = [reader.result() for reader in reading]
    found = {}
    for name in _QUERIES:
        first = [one[name][0] for one in answers if one[name]]
        rest = sorted(spent for one in answers for spent in one[name][1:])
        if len(rest) < 20:
            raise BadInputError(f"{name}: only {len(rest)} answers in {seconds:.0f} s; ask longer")
        found[name] = {
            "answers": len(rest),
            "median_ms": 1000 * statistics.median(rest),
            "p95_ms": 1000 * rest[int(0.95 * len(rest))],
            "slowest_ms": 1000 * rest[-1],
            "first_ms": 1000 * max(first),
        }
    return found


def _open(file: Path) -> duckdb.DuckDBPyConnection:
    """The file, with the macros that it has once it is published."""
    from kinerja.publish import candidate

    try:
        database = duckdb.connect(str(file), read_only=True, config={"threads": 1})
        database.execute("set enable_progress_bar = false")
        for check in candidate.argument_checks():
            # Of marts that are not here nothing is asked.
            with contextlib.suppress(duckdb.CatalogException):
                database.execute(check.replace("create macro", "create temp macro", 1))
        for name in _MACROS:
            _, macro = candidate.macros()[name]
            database.execute(macro.replace("create macro", "create temp macro", 1))
    except duckdb.CatalogException as error:
        raise BadInputError(f"{file} lacks a mart: {error}") from None
    except duckdb.Error as error:
        raise BadInputError(f"{file} is no file that dbt built: {error}") from None
    return database


def _read(
    file: Path, arguments: dict[str, Any], seconds: float, seed: int, together: Barrier
) -> dict[str, list[float]]:
    rng = random.Random(seed)
    spent: dict[str, list[float]] = {name: [] for name in arguments}
    with _open(file) as database:
        # The client's first parameter makes it import numpy and pandas: seconds that are not the
        # file's.
        database.execute("select $1", [1])
        together.wait(timeout=120)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            name = rng.choice([name for name in arguments if arguments[name]])
            begun = time.perf_counter()
            # As drivers for analysis take it; Python objects for a ranking of thousands take longer
            # than the file does.
            chosen = list(rng.choice(arguments[name]))
            database.execute(_QUERIES[name]["ask"], chosen).to_arrow_table()
            spent[name].append(time.perf_counter() - begun)
    return spent
