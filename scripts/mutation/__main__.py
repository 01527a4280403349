"""The command line of the proofs: `python -m mutation digits`."""

import json
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
import duckdb
import polars as pl
from kinerja.core.errors import KinerjaError
from rich.console import Console
from rich.progress import Progress

from .digits import KINDS, Result, campaign, mutations, verify
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
        try:
            project = build_project(Path(scratch) / "project")
        except KinerjaError as error:
            click.echo(str(error), err=True)
            raise SystemExit(error.exit_code) from None
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
    rows = [
        asdict(result.mutation)
        | {"place": place, "stage": result.stage, "by": result.by}
        | {"verdicts": "; ".join(result.verdicts), "label": labels[result.mutation.kind]}
        | {"cells": cells[result.mutation.kind]}
        for place, result in enumerate(results)
    ]
    with duckdb.connect() as connection:
        connection.register("results", pl.DataFrame(rows, infer_schema_length=None))
        found = connection.sql(sql(name))
        lines = [found.columns, ["---"] * len(found.columns), *found.fetchall()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    main(prog_name="python -m mutation")
