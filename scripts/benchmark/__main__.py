"""The command line of the benchmark: `python -m benchmark COMMAND`."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from kinerja.core import paths
from kinerja.core.errors import BadInputError, KinerjaError
from rich.console import Console
from rich.progress import Progress

from . import engines, runner, runs, seeds
from . import generate as generator
from . import latency as readers_of

_SCRATCH = Path(tempfile.gettempdir())
_PROGRESS = Console(stderr=True)


class _Commands(click.Group):
    """Commands whose errors are one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KinerjaError as error:
            click.echo(" ".join(str(error).split()), err=True)
            ctx.exit(2)


def _path(name: str, **settings: Any) -> Callable[[Any], Any]:
    made = click.option if name.startswith("--") else click.argument
    return made(name, type=click.Path(path_type=Path, resolve_path=True), **settings)


_as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")
_memory = click.option("--memory", default="4GB", metavar="NGB", help="Limit of each engine (4GB).")
_seconds = click.option("--limit-seconds", "seconds", default=1800.0, help="Of one run (1800).")
_seed = click.option("--seed", default=1, help="The same seed, the same bytes or questions.")


@click.group(cls=_Commands, epilog="docs/performance.md shows the last figures.")
def main() -> None:
    """Printed documents at scale: how fast do they become finals and verdicts?

    Exit codes: 0 done, 1 results differ, 2 bad input.
    """


@main.command()
@_path("folder")
@click.option("--cells", default=1e5, help="Printed scores, e.g. 1e8.")
@click.option("--lines", default=1e5, help="Budget lines, e.g. 1e8.")
@click.option("--misprinted", default=0.001, help="Share of all figures (0.001).")
@click.option("--regions", type=click.IntRange(100), default=7_794, help="At most, in a list.")
@_seed
def generate(
    folder: Path, cells: float, lines: float, misprinted: float, regions: int, seed: int
) -> None:
    """Write printed documents as Parquet into a new FOLDER."""
    with Progress(console=_PROGRESS, transient=True) as progress:
        task = progress.add_task("Generating …", total=1.0)
        shape = generator.generate(
            folder, int(cells), int(lines), seed,
            lambda step, share: progress.update(task, description=step, completed=share),
            {**generator.SHARES, "misprinted": misprinted}, regions,
        )  # fmt: skip
    click.echo(
        f"{shape['cells']:,} printed scores and {shape['lines']:,} budget lines in "
        f"{shape['documents']:,} documents, {shape['misprints']:,} misprints, "
        f"{shape['bytes'] / 1e6:,.1f} MB: {folder}\n"
        f"Next: uv run dbt run --vars 'parquet_seeds: {folder}'"
    )


@main.command()
@_path("folder")
def export(folder: Path) -> None:
    """Write the project's own seeds as Parquet into FOLDER."""
    seeds.export(folder)
    click.echo(f"The project's own seeds as Parquet: {folder}")


@main.command()
@_path("folders", nargs=-1, required=True)
@click.option("--repeat", type=click.IntRange(1), default=3, help="Runs of each (3): medians.")
@click.option("--only", multiple=True, type=click.Choice(list(engines.CONTENDERS)))
@click.option("--stream", multiple=True, type=click.Choice(["index", "budget"]))
@_memory
@click.option("--threads", type=click.IntRange(1), default=2)
@_seconds
@_path("--scratch", default=_SCRATCH / "kinerja_benchmark")
@_path("--to", default=paths.project() / "target" / "benchmark", help="For table, chart and JSON.")
def run(
    folders: Sequence[Path],
    repeat: int,
    only: Sequence[str],
    stream: Sequence[str],
    scratch: Path,
    to: Path,
    **means: Any,
) -> None:
    """Measure contenders side by side on FOLDERS; their results must be equal."""
    with _PROGRESS.status("Measuring …") as status:
        outcomes = runner.run(
            folders, stream or ("index", "budget"), only or tuple(engines.CONTENDERS), repeat,
            runs.Means(**means), scratch, lambda step: status.update(f"{step} …"),
            lambda outcomes: runner.write(outcomes, to),
        )  # fmt: skip
    click.echo(f"{runner.write(outcomes, to)}\n\nWritten: {to}")
    wrong = [(one, line) for one in outcomes for line in (one.failure, *one.differences) if line]
    for one, line in wrong:
        click.echo(f"{one.contender} on {one.folder}: {line}", err=True)
    raise SystemExit(1 if wrong else 0)


@main.command()
@_path("folder")
@_memory
@_seconds
@_path("--scratch", default=_SCRATCH / "kinerja_edition")
@_as_json
def edition(folder: Path, scratch: Path, as_json: bool, **means: Any) -> None:
    """What one more edition of a generated FOLDER costs, beside a build anew."""
    with _PROGRESS.status("Building thrice …"):
        found = runs.one_more_edition(folder, scratch, runs.Means(**means))
    _say({name: asdict(one) for name, one in found.items()}, as_json)
    share = found["edition"].work_seconds / found["anew"].work_seconds
    click.echo(f"One more edition is {share:.1%} of a build anew, the marts are equal.", err=True)


@main.command("lay-out")
@_path("build")
@_path("file")
@_path("--manifest", help="Of any build of this project (target/manifest.json).")
def lay_out(build: Path, file: Path, manifest: Path | None) -> None:
    """A BUILD's marts in a new FILE as a release lays them out, for latency; no gate is asked."""
    from kinerja.gates import contracts
    from kinerja.publish import candidate

    if file.exists():
        raise BadInputError(f"{file} is there already; name a new file")
    try:
        with _PROGRESS.status("Sorting and writing the marts …"):
            known = contracts.read(manifest or paths.manifest())
            rows = candidate.write_marts(build, file, known, readers_of.MARTS)
    except KinerjaError:
        file.unlink(missing_ok=True)
        raise
    for mart, count in rows.items():
        click.echo(f"{mart}: {count:,} rows")
    click.echo(f"Next: uv run python -m benchmark latency {file}")


@main.command()
@_path("file")
@click.option("--readers", type=click.IntRange(1), default=8, help="Processes (8).")
@click.option("--seconds", default=20.0, help="For which they ask (20).")
@_seed
@_as_json
def latency(file: Path, readers: int, seconds: float, seed: int, as_json: bool) -> None:
    """How fast FILE, published or built or laid out, answers concurrent readers."""
    with _PROGRESS.status(f"{readers} readers are asking …"):
        found = readers_of.measure(file, readers, seconds, seed)
    _say(found, as_json)


def _say(found: dict[str, dict[str, float]], as_json: bool) -> None:
    columns = ["", *next(iter(found.values()))]
    rows = [[name, *(round(one, 1) for one in figures.values())] for name, figures in found.items()]
    click.echo(json.dumps(found) if as_json else runner.markdown(columns, rows))


if __name__ == "__main__":
    main(prog_name="python -m benchmark")
