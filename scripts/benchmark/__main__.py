"""The command line of the benchmark: `python -m benchmark COMMAND`."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from kinerja.core import paths
from kinerja.core.errors import BadInputError, KinerjaError
from rich.console import Console
from rich.progress import Progress

from . import engines, runner, runs, sources
from . import generate as generator
from . import latency as readers_of

_PROGRESS = Console(stderr=True)
_FOLDER = click.Path(path_type=Path)
_SCRATCH = Path(tempfile.gettempdir())


class _Count(click.ParamType):
    name = "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return int(float(value))
        except ValueError:
            self.fail(f"{value} is no number, such as 1e8", param, ctx)


class _Commands(click.Group):
    """Commands whose errors are one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KinerjaError as error:
            click.echo(" ".join(str(error).split()), err=True)
            ctx.exit(2)


_as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")
_memory = click.option("--memory", default="4GB", metavar="NGB", help="Limit of each engine (4GB).")
_seconds = click.option("--limit-seconds", default=1800.0, help="Of one run or build (1800).")
_seed = click.option("--seed", default=1, help="The same seed, the same bytes or questions.")


@click.group(cls=_Commands, epilog="docs/performance.md shows the last figures.")
def main() -> None:
    """Printed documents at scale: how fast do they become finals and verdicts?

    Exit codes: 0 done, 1 results differ, 2 bad input.
    """


@main.command()
@click.argument("folder", type=_FOLDER)
@click.option("--cells", type=_Count(), default=100_000, help="Printed scores, e.g. 1e8.")
@click.option("--lines", type=_Count(), default=100_000, help="Budget lines, e.g. 1e8.")
@_seed
@_as_json
def generate(folder: Path, cells: int, lines: int, seed: int, as_json: bool) -> None:
    """Write printed documents as Parquet into a new FOLDER."""
    with Progress(console=_PROGRESS, transient=True) as progress:
        task = progress.add_task("Generating …", total=1.0)
        shape = generator.generate(
            folder, cells, lines, seed,
            lambda step, share: progress.update(task, description=step, completed=share),
        )  # fmt: skip
    click.echo(
        json.dumps(shape)
        if as_json
        else f"{shape['cells']:,} printed scores and {shape['lines']:,} budget lines in "
        f"{shape['documents']:,} documents, {shape['misprints']:,} misprints, "
        f"{shape['bytes'] / 1e6:,.1f} MB: {folder}\n"
        f"Next: uv run dbt run --vars 'parquet_seeds: {folder}'"
    )


@main.command()
@click.argument("folder", type=_FOLDER)
def export(folder: Path) -> None:
    """Write the project's own seeds as Parquet into FOLDER."""
    sources.export(folder)
    click.echo(f"The project's own seeds as Parquet: {folder}")


@main.command()
@click.argument("folders", type=_FOLDER, nargs=-1, required=True)
@click.option("--repeat", type=click.IntRange(1), default=3, help="Runs of each (3): medians.")
@click.option("--only", multiple=True, type=click.Choice(list(engines.CONTENDERS)))
@click.option("--stream", "streams", multiple=True, type=click.Choice(["index", "budget"]))
@_memory
@click.option("--threads", type=click.IntRange(1), default=2)
@_seconds
@click.option("--scratch", type=_FOLDER, default=_SCRATCH / "kinerja_benchmark")
@click.option("--to", type=_FOLDER, help="For table, chart and JSON (target/benchmark).")
@_as_json
def run(
    folders: Sequence[Path],
    repeat: int,
    only: Sequence[str],
    streams: Sequence[str],
    memory: str,
    threads: int,
    limit_seconds: float,
    scratch: Path,
    to: Path | None,
    as_json: bool,
) -> None:
    """Measure contenders side by side on FOLDERS; their results must be equal."""
    place = to or paths.project() / "target" / "benchmark"
    with _PROGRESS.status("Measuring …") as status:
        outcomes = runner.run(
            folders, streams or ("index", "budget"), only or list(engines.CONTENDERS), repeat,
            runs.Means(memory, threads, limit_seconds), scratch,
            lambda step: status.update(f"{step} …"),
            lambda outcomes: runner.write(outcomes, place),
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(runner.as_data(outcomes)))
    else:
        click.echo(runner.table(outcomes))
        for name, exponent in runner.exponents(outcomes).items():
            click.echo(f"{name}: seconds grow with size^{exponent:.2f}")
        click.echo(f"Written: {place}")
    for one in outcomes:
        for line in (one.failure, *one.differences):
            if line:
                click.echo(f"{one.contender} on {one.folder}: {line}", err=True)
    if any(one.failure or one.differences for one in outcomes):
        raise SystemExit(1)


@main.command()
@click.argument("folder", type=_FOLDER)
@_memory
@_seconds
@click.option("--scratch", type=_FOLDER, default=_SCRATCH / "kinerja_edition")
@_as_json
def edition(folder: Path, memory: str, limit_seconds: float, scratch: Path, as_json: bool) -> None:
    """What one more edition of a generated FOLDER costs, beside a build anew."""
    with _PROGRESS.status("Building thrice …"):
        means = runs.Means(memory, seconds=limit_seconds)
        found = runs.one_more_edition(folder, scratch, means)
    share = found["edition"].work_seconds / found["anew"].work_seconds
    if as_json:
        click.echo(
            json.dumps({name: asdict(one) for name, one in found.items()} | {"share": share})
        )
        return
    for name, one in found.items():
        click.echo(
            f"{name}: {one.work_seconds:.1f} s of execution, {one.seconds:.1f} s in all, "
            f"{one.cpu_seconds:.1f} CPU s, {one.peak_mb:,.0f} MB"
        )
    click.echo(f"One more edition costs {share:.1%} of a build anew; the marts are equal.")


@main.command("lay-out")
@click.argument("build", type=_FOLDER)
@click.argument("file", type=_FOLDER)
@click.option("--manifest", type=_FOLDER, help="Of any build of this project.")
def lay_out(build: Path, file: Path, manifest: Path | None) -> None:
    """Lay the marts of a BUILD out in a new FILE as a release does, for latency; no gate is asked."""
    from kinerja.publish import candidate, dictionary

    if file.exists():
        raise BadInputError(f"{file} is there already; name a new file")
    try:
        with _PROGRESS.status("Sorting and writing the marts …"):
            known = dictionary.read(manifest or paths.manifest())
            rows = candidate.write_marts(build, file, known, readers_of.MARTS)
    except KinerjaError:
        file.unlink(missing_ok=True)
        raise
    for mart, count in rows.items():
        click.echo(f"{mart}: {count:,} rows")
    click.echo(f"Next: uv run python -m benchmark latency {file}")


@main.command()
@click.argument("file", type=_FOLDER)
@click.option("--readers", type=click.IntRange(1), default=8, help="Processes (8).")
@click.option("--seconds", default=20.0, help="For which they ask (20).")
@_seed
@_as_json
def latency(file: Path, readers: int, seconds: float, seed: int, as_json: bool) -> None:
    """How fast FILE, published or built or laid out, answers concurrent readers."""
    with _PROGRESS.status(f"{readers} readers are asking …"):
        found = readers_of.measure(file, readers, seconds, seed)
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo("| query | answers | median ms | 95th percentile ms | slowest ms | first ms |")
    click.echo("|---|---|---|---|---|---|")
    for name, one in found.items():
        times = " | ".join(f"{ms:.1f}" for what, ms in one.items() if what != "answers")
        click.echo(f"| {name} | {one['answers']} | {times} |")


if __name__ == "__main__":
    main(prog_name="python -m benchmark")
