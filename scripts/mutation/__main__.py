"""The command line of the proofs: `python -m mutation digits`, `python -m mutation models`."""

import json
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import duckdb
import polars as pl
from kinerja.core import paths
from kinerja.core.errors import KinerjaError
from rich.console import Console
from rich.progress import Progress

from . import assignment as assignments
from . import models as changed_models
from . import power
from . import slips as planted_slips
from .digits import KINDS, Result, campaign, mutations, open_trial, verify
from .world import build_project, sql


@click.group()
def main() -> None:
    """Prove what the checks of the project notice."""


@main.command()
@click.option("--kind", "names", multiple=True, type=click.Choice([kind.name for kind in KINDS]))
@click.option("--sample", type=click.IntRange(1), help="So many mutations of each kind, not all.")
@click.option("--random-seed", default=1, help="Another sample.")
@click.option("--verify", "number", default=0, help="Repeat so many as a real dbt build.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Every result, for machines.")
def digits(
    names: Sequence[str],
    sample: int | None,
    random_seed: int,
    number: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Change one digit of a published figure in the raw files; see what stops it.

    Exit codes: 0 run (and every verified result agrees), 1 a real build disagrees, 2 could not run.
    """
    kinds = [kind for kind in KINDS if not names or kind.name in names]
    with (
        tempfile.TemporaryDirectory(prefix="kinerja-mutation-") as scratch,
        Progress(console=Console(stderr=True)) as progress,
    ):
        task = progress.add_task("Mutations", total=None)
        project = built(Path(scratch))
        results = campaign(
            project, jobs, kinds, sample, random_seed,
            lambda done, total: progress.update(task, completed=done, total=total),
        )  # fmt: skip
        cells = {kind.name: len(mutations(project, kind)) for kind in kinds}
        chosen = some(results, number, random_seed)
        agrees = [agrees for _, agrees, _ in verify(chosen, project, Path(scratch))]
    if as_json:
        click.echo(json.dumps([asdict(result) for result in results]))
    else:
        for name in ("shares", "unseen"):
            click.echo(f"{table(name, results, cells)}\n")
        click.echo(f"Real dbt builds that agree: {sum(agrees)} of {len(agrees)}.")
    raise SystemExit(0 if all(agrees) else 1)


@main.command()
@click.option("--kind", "names", multiple=True, type=click.Choice(power.KINDS))
@click.option("--rows", default="", help="Only these lines of the raw file, from 0: 4,8,15.")
def detection(names: Sequence[str], rows: str) -> None:
    """Try every misprint of a digit; compare how many the rules notice with detection_power.

    Exit codes: 0 equal in every cell, 1 not, 2 could not run.
    """
    only = [int(row) for row in rows.split(",") if row] or None
    with tempfile.TemporaryDirectory(prefix="kinerja-mutation-") as scratch:
        project = built(Path(scratch))
        trial = open_trial(project)
        cells = [
            cell
            for kind in KINDS
            if kind.name in (names or power.KINDS)
            for cell in power.measure(trial, project, kind, only)
        ]
    click.echo(markdown("power", [asdict(cell) | {"agrees": cell.agrees} for cell in cells]))
    raise SystemExit(0 if all(cell.agrees for cell in cells) else 1)


def some(results: Sequence[Result], number: int, random_seed: int) -> list[Result]:
    """Some results to verify: half of them builds that should fail, half that should not."""
    judged = [result for result in results if result.stage != "gate"]
    random.Random(random_seed).shuffle(judged)
    fails = [result for result in judged if result.fails_build]
    passes = [result for result in judged if not result.fails_build][: number // 2]
    return passes + fails[: number - len(passes)]


def table(name: str, results: Sequence[Result], cells: dict[str, int]) -> str:
    """What sql/NAME.sql finds in results, as a Markdown table; `cells` there are of each kind."""
    labels = {kind.name: kind.label for kind in KINDS}
    return markdown(
        name,
        [
            asdict(result.mutation)
            | {"place": place, "stage": result.stage, "by": result.by}
            | {"verdicts": "; ".join(result.verdicts), "label": labels[result.mutation.kind]}
            | {"cells": cells[result.mutation.kind]}
            for place, result in enumerate(results)
        ],
    )


@main.command()
@click.option("--kind", "names", multiple=True, type=click.Choice(list(changed_models.KINDS)))
@click.option("--sample", type=click.IntRange(1), help="So many changes, not all.")
@click.option("--random-seed", default=1, help="Another sample.")
@click.option("--with-pytest", is_flag=True, help="Run pytest on each change that dbt lets pass.")
@click.option("--verify", "number", default=0, help="Repeat so many as a real dbt build.")
@click.option("--jobs", type=click.IntRange(1), default=1, help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Each result as it comes, for machines.")
def models(
    names: Sequence[str],
    sample: int | None,
    random_seed: int,
    with_pytest: bool,
    number: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Change the meaning of one line of a model or macro; see what stops it.

    Exit codes: 0 run (and every verified result agrees), 1 a real build disagrees, 2 could not run.
    """
    kinds = names or list(changed_models.KINDS)
    with tempfile.TemporaryDirectory(prefix="kinerja-mutation-") as scratch:
        project = built(Path(scratch))
        results = []
        for result in changed_models.campaign(project, jobs, kinds, sample, random_seed):
            if with_pytest and result.stage == "nothing":
                result = changed_models.by_pytest(result, Path(scratch))
            results.append(result)
            if as_json:
                click.echo(json.dumps(asdict(result)))
        chosen = changed_models.to_verify(results, number, random_seed)
        agrees = [agrees for _, agrees in changed_models.verify(chosen, project, Path(scratch))]
    if not as_json:
        rows = [
            asdict(result.change)
            | {"stage": result.stage, "by": result.by, "moved": "; ".join(result.moved)}
            for result in results
        ]
        for name in ("changes", "survivors"):
            click.echo(f"{markdown(name, rows)}\n")
        click.echo(f"Real dbt builds that agree: {sum(agrees)} of {len(agrees)}.")
    raise SystemExit(0 if all(agrees) else 1)


@main.command()
@click.option("--singles", default=5_000, help="So many documents with one slip.")
@click.option("--pairs", default=500, help="So many documents with two slips.")
@click.option("--random-seed", default=1, help="Other documents and slips.")
@click.option("--json", "as_json", is_flag=True, help="Every result, for machines.")
def slips(singles: int, pairs: int, random_seed: int, as_json: bool) -> None:
    """Plant slips in generated documents that satisfy every rule; see what the diagnosis says.

    Exit codes: 0 run, 1 one repair or more of a hundred that stand out is wrong, 2 could not run.
    """
    with tempfile.TemporaryDirectory(prefix="kinerja-mutation-") as scratch:
        try:
            results = planted_slips.campaign(Path(scratch), singles, pairs, random_seed)
        except KinerjaError as error:
            click.echo(str(error), err=True)
            raise SystemExit(error.exit_code) from None
    rows = [asdict(result) for result in results]
    click.echo(json.dumps(rows) if as_json else markdown("slips", rows))
    wrong, told = (sum(row[name] for row in rows) for name in ("is_wrong", "is_unique"))
    raise SystemExit(1 if 100 * wrong >= wrong + told > 0 else 0)


@main.command()
@click.argument("place", nargs=3, metavar="DOCUMENT TABLE COLUMN")
@click.option("--draws", type=click.IntRange(1), default=2_000, help="Columns drawn by chance.")
@click.option("--random-seed", default=1, help="Other draws.")
def assignment(place: tuple[str, str, str], draws: int, random_seed: int) -> None:
    """Give the cells of a column that break their rules each other's values, as many as fit.

    Reads the built warehouse. Exit codes: 0 run, 2 could not run.
    """
    try:
        found = assignments.assign(paths.database(), place, draws, random_seed)
    except KinerjaError as error:
        click.echo(str(error), err=True)
        raise SystemExit(error.exit_code) from None
    pairs = ", ".join(f"{row} from {other}" for row, other in found.values_from.items())
    click.echo(
        f"{len(found.values_from)} of {len(found.rows)} rows: {pairs}.\n"
        f"By chance {found.by_chance:.1f}, {found.most_by_chance} at most."
    )


def built(scratch: Path) -> Path:
    """The project, built in a folder; ends the command where it does not build."""
    try:
        return build_project(scratch / "project")
    except KinerjaError as error:
        click.echo(str(error), err=True)
        raise SystemExit(error.exit_code) from None


def markdown(name: str, rows: Sequence[dict[str, Any]]) -> str:
    """What sql/NAME.sql finds in rows, as a Markdown table."""
    with duckdb.connect() as connection:
        connection.register("results", pl.DataFrame(rows, infer_schema_length=None))
        found = connection.sql(sql(name))
        lines = [found.columns, ["---"] * len(found.columns), *found.fetchall()]
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


if __name__ == "__main__":
    main(prog_name="python -m mutation")
