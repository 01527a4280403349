"""The Spark cluster on this machine."""

import os
from dataclasses import asdict
from pathlib import Path

import click

from kinerja.core import console

from . import options
from .answers import Answer, Session, verb

_BUILD = "uv run --extra spark dbt build --target spark"


@click.group()
def cluster() -> None:
    """Run a Spark cluster on this machine."""


@verb("cluster start --workers 2 --cores 1 --memory 1g", of=cluster)
@options.cluster
@click.option("--workers", type=int, default=2, show_default=True, help="How many workers.")
@click.option("--cores", type=int, default=1, show_default=True, help="Cores of each worker.")
@click.option(
    "--memory",
    default="1g",
    envvar="KINERJA_SPARK_MEMORY",
    show_default="KINERJA_SPARK_MEMORY, or 1g",
    help="Memory of each worker, like 2g.",
)
@click.option("--port", type=int, default=7077, show_default=True, help="Of the master.")
def start(
    session: Session, folder: Path, workers: int, cores: int, memory: str, port: int
) -> Answer:
    """Start a master and workers, and wait for them."""
    from kinerja.cluster import cluster as spark

    with console.progress().status("Starting the master and its workers …"):
        started = spark.start(folder, spark.Size(workers, cores, memory), port)
    for name, value, default in (
        ("KINERJA_SPARK_MASTER", started.master, spark.DEFAULT_MASTER),
        ("KINERJA_SPARK_MEMORY", started.memory, spark.DEFAULT_MEMORY),
    ):
        if value != os.environ.get(name, default):
            session.out.print(f"For the build, set {name} to {value}")
    message = f"{workers} workers at {started.master}; its page: {started.web}"
    return Answer(message, asdict(started), next_step=_BUILD)


@verb("cluster stop", of=cluster)
@options.cluster
def stop(session: Session, folder: Path) -> Answer:
    """End all its processes."""
    from kinerja.cluster import cluster as spark

    ended = spark.stop(folder)
    message = f"{ended} processes stopped." if ended else "No cluster runs."
    return Answer(message, {"stopped": ended})


@verb("cluster status --json", stops="no cluster runs", of=cluster)
@options.cluster
def status(session: Session, folder: Path) -> Answer:
    """Say what runs."""
    from kinerja.cluster import cluster as spark

    found = spark.status(folder)
    if found is None:
        then = "uv run --extra spark kinerja cluster start"
        return Answer("No cluster runs.", None, 1, then)
    for process in found["processes"]:
        state = "runs" if process["is_running"] else "has ended"
        session.out.print(f"  {process['role']}, process {process['pid']}, {state}")
    alive = found["workers_alive"]
    told = "the master does not answer" if alive is None else f"{alive} workers alive"
    return Answer(f"{found['master']}: {told}", found, int(not alive))


@verb("cluster compare", stops="marts differ", of=cluster)
@options.cluster
@options.database
def compare(session: Session, folder: Path, database: Path) -> Answer:
    """Compare its marts with those of DuckDB, row by row."""
    from kinerja.cluster.compare import compare as compare_marts

    found = compare_marts(database, folder / "warehouse")
    differing = [table for table in found if not table.is_equal]
    for table in differing:
        session.out.print(f"{table.name}: {table.difference}")
    rows, equal = sum(table.rows for table in found), len(found) - len(differing)
    message = f"{equal} of {len(found)} marts are equal; {rows} rows compared."
    return Answer(message, {"marts": [asdict(table) for table in found]}, int(bool(differing)))
