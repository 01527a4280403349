"""The command line of the cluster."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from kinerja.core.errors import BadInputError

from . import cluster, compare

PROJECT = Path(__file__).resolve().parents[3]
_EPILOG = """\
exit codes: 0 done, 1 marts differ or no cluster runs, 2 the command could not do its work
examples:
  %(prog)s start --workers 2 --cores 1 --memory 1g
  %(prog)s status --json
  %(prog)s compare
  %(prog)s stop
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; gives its exit code."""
    given = _parser().parse_args(arguments)
    out = Console(highlight=False, soft_wrap=True)
    try:
        code: int = given.run(given, out)
    except BadInputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cluster.py",
        description="A Spark cluster on this machine: a master and workers, each a process.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(os.environ.get("KINERJA_SPARK_DIR", PROJECT / "target" / "spark")),
        help="where its files are (KINERJA_SPARK_DIR, or target/spark)",
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    commands = parser.add_subparsers(required=True, metavar="start|stop|status|compare")

    start = commands.add_parser("start", help="start it and wait until all workers are there")
    start.add_argument("--workers", type=int, default=2, help="how many workers (2)")
    start.add_argument("--cores", type=int, default=1, help="cores of each worker (1)")
    start.add_argument(
        "--memory",
        default=os.environ.get("KINERJA_SPARK_MEMORY", cluster.DEFAULT_MEMORY),
        help="memory of each worker, like 2g (KINERJA_SPARK_MEMORY, or 1g)",
    )
    start.add_argument(
        "--port", type=int, default=cluster.DEFAULT_PORT, help="of the master (7077)"
    )
    start.set_defaults(run=_start)

    commands.add_parser("stop", help="end all its processes").set_defaults(run=_stop)
    commands.add_parser("status", help="say what runs").set_defaults(run=_status)

    compared = commands.add_parser("compare", help="compare its marts with DuckDB's, row by row")
    compared.add_argument(
        "--database",
        type=Path,
        default=Path(os.environ.get("KINERJA_DB", PROJECT / "kinerja.duckdb")),
        help="the file that dbt built with DuckDB (KINERJA_DB, or kinerja.duckdb)",
    )
    compared.set_defaults(run=_compare)
    return parser


def _start(given: argparse.Namespace, out: Console) -> int:
    size = cluster.Size(given.workers, given.cores, given.memory)
    with Console(stderr=True).status("Starting the master and its workers …"):
        started = cluster.start(given.folder, size, given.port)
    if given.json:
        print(json.dumps(asdict(started)))
        return 0
    settings = {
        "KINERJA_SPARK_MASTER": (started.master, cluster.DEFAULT_MASTER),
        "KINERJA_SPARK_MEMORY": (started.memory, cluster.DEFAULT_MEMORY),
    }
    variables = "".join(
        f"{name}={value} "
        for name, (value, default) in settings.items()
        if value != os.environ.get(name, default)
    )
    out.print(f"{given.workers} workers at {started.master}; its page: {started.web}")
    out.print(f"Next: {variables}uv run --extra spark dbt build --target spark")
    return 0


def _stop(given: argparse.Namespace, out: Console) -> int:
    stopped = cluster.stop(given.folder)
    if given.json:
        print(json.dumps({"stopped": stopped}))
    else:
        out.print(f"{stopped} processes stopped." if stopped else "No cluster runs.")
    return 0


def _status(given: argparse.Namespace, out: Console) -> int:
    found = cluster.status(given.folder)
    if given.json:
        print(json.dumps(found))
    elif found is None:
        out.print("No cluster runs. Start one: scripts/cluster.py start")
    else:
        alive = found["workers_alive"]
        out.print(
            f"{found['master']}: "
            + ("the master does not answer" if alive is None else f"{alive} workers alive")
        )
        for process in found["processes"]:
            state = "runs" if process["is_running"] else "has ended"
            out.print(f"  {process['role']}, process {process['pid']}, {state}")
    return 0 if found is not None and found["workers_alive"] else 1


def _compare(given: argparse.Namespace, out: Console) -> int:
    found = compare.compare(given.database, given.folder / "warehouse")
    differing = [table for table in found if not table.is_equal]
    if given.json:
        print(json.dumps([asdict(table) for table in found], ensure_ascii=False))
    else:
        for table in differing:
            out.print(f"{table.name}: {table.difference}")
        rows = sum(table.rows for table in found)
        equal = len(found) - len(differing)
        out.print(f"{equal} of {len(found)} marts are equal; {rows} rows compared.")
    return 1 if differing else 0
