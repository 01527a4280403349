"""The command line of the benchmark."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from .errors import BenchmarkError
from .generate import generate


def main(arguments: list[str] | None = None) -> int:
    """Run the command; give its exit code (0 done, 1 results differ, 2 bad input)."""
    given = _parser().parse_args(arguments)
    out = Console(highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        return int(given.command(given, out, errors))
    except BenchmarkError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing half-written is left.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmark.py",
        description="Printed documents at scale, and how fast they become finals, ranks and verdicts.",
        epilog="docs/performance.md shows the last figures and how to repeat them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("generate", help="write printed documents as Parquet")
    one.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder")
    one.add_argument(
        "--cells", type=_count, default=100_000, metavar="N", help="printed scores, e.g. 1e8"
    )
    one.add_argument(
        "--lines", type=_count, default=100_000, metavar="N", help="budget lines, e.g. 1e8"
    )
    one.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same seed, the same bytes"
    )
    one.add_argument("--json", action="store_true", help="for machines")
    one.set_defaults(command=_generate)
    return parser


def _count(text: str) -> int:
    return int(float(text))


def _generate(given: argparse.Namespace, out: Console, errors: Console) -> int:
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Generating …", total=1.0)
        shape = generate(
            given.folder,
            given.cells,
            given.lines,
            given.seed,
            lambda step, share: progress.update(task, description=step, completed=share),
        )
    if given.json:
        print(json.dumps(shape))
        return 0
    out.print(
        f"{shape['cells']:,} printed scores and {shape['lines']:,} budget lines in {shape['documents']:,} documents, "
        f"{shape['misprints']:,} misprints, {shape['bytes'] / 1e6:,.1f} MB: {given.folder}"
    )
    out.print(f"  next: uv run dbt run --vars 'parquet_seeds: {given.folder}'")
    return 0
