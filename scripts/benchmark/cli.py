"""The command line of the benchmark."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from kinerja.core.errors import BadInputError, StoppedError
from kinerja.publish import candidate, dictionary
from rich.console import Console
from rich.progress import Progress

from . import contenders, latency, runner, seeds
from .generate import generate


def main(arguments: list[str] | None = None) -> int:
    """Run the command; give its exit code (0 done, 1 results differ, 2 bad input)."""
    given = _parser().parse_args(arguments)
    out = Console(highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        return int(given.command(given, out, errors))
    except BadInputError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing half-written is left.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmark.py",
        description="Printed documents at scale: how fast do they become finals and verdicts?",
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

    one = commands.add_parser("export", help="write the project's own seeds as Parquet")
    one.add_argument("folder", type=Path, metavar="FOLDER")
    one.set_defaults(command=_export)

    one = commands.add_parser(
        "run", help="measure contenders side by side; their results must be equal"
    )
    one.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="made by generate")
    one.add_argument(
        "--repeat",
        type=_at_least_one,
        default=3,
        metavar="N",
        help="runs of each; medians are shown",
    )
    one.add_argument(
        "--only",
        nargs="+",
        choices=sorted(contenders.CONTENDERS),
        metavar="NAME",
        default=list(contenders.CONTENDERS),
        help="of " + ", ".join(contenders.CONTENDERS),
    )
    one.add_argument(
        "--stream", nargs="+", choices=["index", "budget"], default=["index", "budget"]
    )
    one.add_argument("--memory", default="4GB", metavar="NGB", help="limit of each engine (4GB)")
    one.add_argument("--threads", type=_at_least_one, default=2, metavar="N")
    one.add_argument("--limit-seconds", type=float, default=1800, metavar="S", help="of one run")
    one.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "benchmark",
        metavar="FOLDER",
        help="for databases and results while it runs",
    )
    one.add_argument(
        "--to",
        type=Path,
        default=seeds.PROJECT / "target" / "benchmark",
        metavar="FOLDER",
        help="for benchmark.md, benchmark.json and benchmark.svg",
    )
    one.add_argument("--json", action="store_true", help="for machines")
    one.set_defaults(command=_run)

    one = commands.add_parser(
        "lay-out", help="a build's marts as a release lays them out, for latency; no gate is asked"
    )
    one.add_argument("build", type=Path, metavar="BUILD", help="what dbt built")
    one.add_argument("file", type=Path, metavar="FILE", help="a new file")
    one.add_argument(
        "--manifest",
        type=Path,
        default=seeds.PROJECT / "target" / "manifest.json",
        help="of any build of this project (target/manifest.json)",
    )
    one.set_defaults(command=_lay_out)

    one = commands.add_parser(
        "latency", help="how fast a published file answers concurrent readers"
    )
    one.add_argument(
        "file", type=Path, metavar="FILE", help="published/kinerja.duckdb, or what dbt built"
    )
    one.add_argument("--readers", type=_at_least_one, default=8, metavar="N", help="processes (8)")
    one.add_argument(
        "--seconds", type=float, default=20, metavar="S", help="for which they ask (20)"
    )
    one.add_argument("--seed", type=int, default=1, metavar="N")
    one.add_argument("--json", action="store_true", help="for machines")
    one.set_defaults(command=_latency)

    one = commands.add_parser("edition", help="what one more edition costs, beside a build anew")
    one.add_argument("folder", type=Path, metavar="FOLDER", help="made by generate")
    one.add_argument("--memory", default="4GB", metavar="NGB", help="limit of DuckDB (4GB)")
    one.add_argument("--limit-seconds", type=float, default=1800, metavar="S", help="of one build")
    one.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "kinerja_edition",
        metavar="FOLDER",
    )
    one.add_argument("--json", action="store_true", help="for machines")
    one.set_defaults(command=_edition)

    # What `run` starts for each contender.
    one = commands.add_parser("work")
    one.add_argument("name")
    one.add_argument("stream")
    one.add_argument("folder", type=Path)
    one.add_argument("output", type=Path)
    one.add_argument("--memory", required=True)
    one.add_argument("--threads", type=int, required=True)
    one.set_defaults(command=_work)
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _export(given: argparse.Namespace, out: Console, errors: Console) -> int:
    seeds.export(given.folder)
    out.print(f"The project's own seeds as Parquet: {given.folder}")
    return 0


def _run(given: argparse.Namespace, out: Console, errors: Console) -> int:
    with errors.status("Measuring …") as status:
        outcomes = runner.run(
            given.folders,
            given.stream,
            given.only,
            given.repeat,
            given.memory,
            given.threads,
            given.limit_seconds,
            given.scratch,
            lambda step: status.update(f"{step} …"),
            lambda outcomes: runner.write(outcomes, given.to),
        )
    written = runner.write(outcomes, given.to)
    if given.json:
        print(json.dumps(runner.as_json(outcomes)))
    else:
        print(runner.table(outcomes))
        for name, exponent in runner.exponents(outcomes).items():
            out.print(f"{name}: seconds grow with size^{exponent:.2f}")
        out.print("  written: " + ", ".join(str(file) for file in written))
    different = [one for one in outcomes if one.differences]
    for one in different:
        errors.print(
            f"{one.contender} differs from the limit on {one.folder}:", *one.differences, sep="\n  "
        )
    failed = [one for one in outcomes if one.failure]
    for one in failed:
        errors.print(f"{one.contender} on {one.folder}: {one.failure}")
    return 1 if different or failed else 0


def _edition(given: argparse.Namespace, out: Console, errors: Console) -> int:
    with errors.status("Building thrice …"):
        found = contenders.one_more_edition(
            given.folder, given.scratch, given.memory, given.limit_seconds
        )
    share = found["edition"].work_seconds / found["anew"].work_seconds
    if given.json:
        print(json.dumps({name: asdict(one) for name, one in found.items()} | {"share": share}))
        return 0
    for name, one in found.items():
        out.print(
            f"{name}: {one.work_seconds:.1f} s of execution, {one.seconds:.1f} s in all, "
            f"{one.cpu_seconds:.1f} CPU s, {one.peak_mb:,.0f} MB"
        )
    out.print(f"One more edition costs {share:.1%} of a build anew; the marts are equal.")
    return 0


def _lay_out(given: argparse.Namespace, out: Console, errors: Console) -> int:
    if given.file.exists():
        raise BadInputError(f"{given.file} is there already; name a new file")
    with errors.status("Sorting and writing the marts …"):
        try:
            rows = candidate.write_marts(
                given.build, given.file, dictionary.read(given.manifest), latency.MARTS
            )
        except (BadInputError, StoppedError) as error:
            given.file.unlink(missing_ok=True)
            raise BadInputError(str(error)) from None
    for mart, count in rows.items():
        out.print(f"{mart}: {count:,} rows")
    out.print(f"  next: uv run python scripts/benchmark.py latency {given.file}")
    return 0


def _latency(given: argparse.Namespace, out: Console, errors: Console) -> int:
    with errors.status(f"{given.readers} readers are asking …"):
        found = latency.measure(given.file, given.readers, given.seconds, given.seed)
    if given.json:
        print(json.dumps(found))
        return 0
    print("| query | answers | median ms | 95th percentile ms | slowest ms | first ms |")
    print("|---|---|---|---|---|---|")
    for name, one in found.items():
        print(
            f"| {name} | {one['answers']} | {one['median_ms']:.1f} | {one['p95_ms']:.1f} "
            f"| {one['slowest_ms']:.1f} | {one['first_ms']:.1f} |"
        )
    return 0


def _work(given: argparse.Namespace, out: Console, errors: Console) -> int:
    done = contenders.work(
        given.name, given.stream, given.folder, given.output, given.memory, given.threads
    )
    print(json.dumps(done))
    return 0


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
        f"{shape['cells']:,} printed scores and {shape['lines']:,} budget lines "
        f"in {shape['documents']:,} documents, "
        f"{shape['misprints']:,} misprints, {shape['bytes'] / 1e6:,.1f} MB: {given.folder}"
    )
    out.print(f"  next: uv run dbt run --vars 'parquet_seeds: {given.folder}'")
    return 0
