"""
The engines that do the same work: each reads FOLDER and leaves its results in OUTPUT.

`limit` is the shortest SQL written by hand for DuckDB. Its peers share one text (peer_index.sql) in
the words of each engine, and write finals, ranks and verdicts as Parquet. A process of this module
is one run, and prints its seconds of work: what execution is to dbt.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from kinerja.core.errors import BadInputError

from . import sources

RESULTS = ("finals", "ranks", "verdicts")
CELLS = ("smart_city__details", "smart_city__results", "public_service__scores")
# Made by small_tables.sql for all of them: what differs is the work on the cells.
_SMALL = (
    *("letters", "known_columns", "slots", "parents", "steps", "words", "names", "regions"),
    *("smart_city_kinds", "public_service_kinds"),
)


@dataclass(frozen=True)
class Contender:
    """Who is compared; dbt, which is a command of its own, does no `work` here."""

    label: str
    streams: tuple[str, ...] = ("index",)
    work: Callable[[str, Path, Path, str, int], None] | None = None
    needs: tuple[str, ...] = ()  # packages


def limit(stream: str, folder: Path, output: Path, memory: str, threads: int) -> None:
    """Hand-written SQL in one DuckDB process."""
    with sources.connect(folder, str(output / "results.duckdb"), memory, threads) as database:
        years = database.execute(
            "select distinct edition_year from document_register "
            "where instrument = 'agency_performance' order by all"
        ).fetchall()
        database.execute(sources.sql(f"limit_{stream}.sql", years=[year for (year,) in years]))


def peers_sql(stream: str, folder: Path, output: Path, memory: str, threads: int) -> None:
    """The peers' text in DuckDB: what the limit gains by being written for it."""
    with sources.connect(folder, str(output / "work.db"), memory, threads) as database:
        database.execute(sources.sql("small_tables.sql"))
        for name, query in _statements(folder, output, "duckdb"):
            if name in RESULTS:
                database.execute(f"copy ({query}) to '{output}/{name}.parquet'")
            else:
                database.execute(f"create temp table {name} as {query}")


def clickhouse(stream: str, folder: Path, output: Path, memory: str, threads: int) -> None:
    """chdb: ClickHouse in this process, each step a table of its own."""
    from chdb import session

    statements = _statements(folder, output, "clickhouse")
    database = session.Session(str(output / "chdb"))
    limit_bytes = int(memory.removesuffix("GB")) * 10**9
    prepared = sources.sql("clickhouse_settings.sql", threads=threads, memory=limit_bytes)
    for statement in filter(str.strip, prepared.split(";")):
        database.query(statement)
    for name in _SMALL:
        database.query(
            f"create table {name} engine = Memory as "
            f"select * from file('{output}/{name}.parquet', Parquet)"
        )
    for name in CELLS:
        database.query(
            f"create view {name} as select * from file('{folder}/{name}/*.parquet', Parquet)"
        )
    for name, query in statements:
        if name in RESULTS:
            database.query(f"insert into function file('{output}/{name}.parquet', Parquet) {query}")
        else:
            database.query(f"create table {name} engine = Memory as {query}")
    database.close()


def spark(stream: str, folder: Path, output: Path, memory: str, threads: int) -> None:
    """Spark in local mode."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(f"local[{threads}]")
        .config("spark.driver.memory", memory.replace("GB", "g"))
        .config("spark.sql.shuffle.partitions", 4 * threads)
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.local.dir", str(output / "spill"))
        .getOrCreate()
    )
    _in_spark(session, folder, output)


def sail(stream: str, folder: Path, output: Path, memory: str, threads: int) -> None:
    """Sail: Spark's protocol and SQL on DataFusion, in this process."""
    os.environ.setdefault("SAIL_EXECUTION__DEFAULT_PARALLELISM", str(threads))
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
    _in_spark(session, folder, output)
    server.stop()


def _in_spark(session: Any, folder: Path, output: Path) -> None:
    statements = _statements(folder, output, "spark")
    for name in _SMALL:
        session.read.parquet(str(output / f"{name}.parquet")).createOrReplaceTempView(name)
    for name in CELLS:
        session.read.parquet(str(folder / name)).createOrReplaceTempView(name)
    for name, query in statements:
        frame = session.sql(query)
        # What is read more than once is written once; the others are views.
        if name in {"sums", "lines", "decisions", "claims", *RESULTS}:
            frame.write.mode("overwrite").parquet(str(output / name))
            frame = session.read.parquet(str(output / name))
        frame.createOrReplaceTempView(name)
    session.stop()


def _statements(folder: Path, output: Path, dialect: str) -> list[tuple[str, str]]:
    """Name and query of each step, in order; the small tables are in OUTPUT as Parquet."""
    with sources.connect(folder, ":memory:", "1GB", 2) as database:
        database.execute(sources.sql("small_tables.sql"))
        for name in _SMALL:
            database.execute(f"copy {name} to '{output}/{name}.parquet'")
        words = database.execute("from words").fetchall()
    listed = ", ".join(f"'{word}'" for (word,) in words)
    text = sources.sql("peer_index.sql", words=listed, dialect=f"in_{dialect}.sql")
    text = re.sub(r"^\s*--[^-].*$", "", text, flags=re.MULTILINE)
    steps = (step.strip().partition(":") for step in re.split(r"^----$", text, flags=re.MULTILINE))
    return [(name, query) for name, _, query in steps]


CONTENDERS = {
    "limit": Contender(
        f"hand-written SQL, DuckDB {duckdb.__version__}", ("index", "budget"), limit
    ),
    "dbt": Contender(f"dbt build, DuckDB {duckdb.__version__}", ("index", "budget")),
    "duckdb": Contender(f"the peers' SQL, DuckDB {duckdb.__version__}", work=peers_sql),
    "clickhouse": Contender("ClickHouse, chdb 4.4.0", work=clickhouse, needs=("chdb==4.4.0",)),
    "sail": Contender(
        "Sail, pysail 0.7.2", work=sail, needs=("pysail==0.7.2", "pyspark[connect]==4.1.4")
    ),
    "spark": Contender("Spark 4.1.4, local", work=spark, needs=("pyspark==4.1.4",)),
}


def work(name: str, stream: str, folder: Path, output: Path, memory: str, threads: int) -> float:
    """Do a contender's work in this process; give its seconds."""
    start = time.monotonic()
    does = CONTENDERS[name].work
    if does is None:
        raise BadInputError(f"{name} is a command of its own")
    does(stream, folder, output, memory, threads)
    return time.monotonic() - start


if __name__ == "__main__":
    _name, _stream, _folder, _output, _memory, _threads = sys.argv[1:]
    print(work(_name, _stream, Path(_folder), Path(_output), _memory, int(_threads)))
