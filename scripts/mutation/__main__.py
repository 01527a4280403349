"""The command line of the proofs: `python -m mutation digits`."""

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from kinerja.core.errors import KinerjaError
from rich.console import Console
from rich.progress import Progress

from .digits import KINDS, Kind, Result, campaign, mutations, to_verify, verify
from .world import build_project


@click.group()
def main() -> None:
    """Prove what the checks of the project notice."""


@main.command()
@click.option("--kind", "names", multiple=True, type=click.Choice([kind.name for kind in KINDS]))
@click.option("--sample", type=click.IntRange(1), help="So many mutations of each kind, not all.")
@click.option("--random-seed", default=1, help="Another sample.")
@click.option("--verify", "number", default=0, help="Repeat so many as a real dbt build.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
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
    start = time.monotonic()
    kinds = [kind for kind in KINDS if not names or kind.name in names]
    with (
        tempfile.TemporaryDirectory(prefix="kinerja-mutation-") as scratch,
        Progress(console=Console(stderr=True), transient=True) as progress,
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
        shown = [share(kind, len(mutations(project, kind)), results) for kind in kinds]
        chosen = to_verify(results, number, random_seed)
        verified = [(one, agrees) for one, agrees, _ in verify(chosen, project, Path(scratch))]
    if as_json:
        checked = [{**asdict(one), "agrees": agrees} for one, agrees in verified]
        click.echo(json.dumps({"kinds": shown, "verified": checked}, indent=1))
    else:
        click.echo("\n".join(tables(shown)))
        agree = sum(agrees for _, agrees in verified)
        click.echo(f"\nReal dbt builds that agree: {agree} of {len(verified)}.")
        click.echo(f"{len(results):,} mutations in {time.monotonic() - start:.0f} s.")
    if not all(agrees for _, agrees in verified):
        raise SystemExit(1)


def share(kind: Kind, cells: int, results: Sequence[Result]) -> dict[str, Any]:
    """The results of one kind of figure: what caught them, and why the rest is not seen by itself.

    The latter are those that only the control totals see or nothing, by how verdicts changed.
    """
    mine = [result for result in results if result.mutation.kind == kind.name]
    stages = Counter(result.stage for result in mine)
    unseen: dict[str, list[Result]] = {}
    for result in mine:
        if result.stage in ("totals", "nothing"):
            reason = "; ".join(result.verdicts) or "no verdict has other figures"
            unseen.setdefault(reason, []).append(result)
    return {
        "kind": kind.name,
        "label": kind.label,
        "cells": cells,
        "mutations": len(mine),
        "caught": len(mine) - stages["nothing"],
        **{stage: stages[stage] for stage in ("gate", "build", "totals")},
        "caught_by": dict(Counter(result.by for result in mine if result.by).most_common()),
        "not_seen_by_itself": {reason: len(found) for reason, found in unseen.items()},
        "examples": {reason: asdict(found[0].mutation) for reason, found in unseen.items()},
    }


def tables(shares: Sequence[dict[str, Any]]) -> Iterable[str]:
    """The table of docs/gates.md, and why the rest is seen by a control total alone."""
    yield "| figure | cells | mutations | caught | gate's checks of the cell " + (
        "| arithmetic and register | only a control total | caught without totals |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for one in shares:
        every, itself = one["mutations"], one["gate"] + one["build"]
        numbers = [f"{one['cells']:,}", f"{every:,}", f"{one['caught'] / every:.2%}"]
        numbers += [f"{one[stage]:,}" for stage in ("gate", "build", "totals")]
        yield f"| {' | '.join([one['label'], *numbers, f'{itself / every:.2%}'])} |"
    yield "\n| figure | verdicts | mutations | for example |\n|---|---|--:|---|"
    for one in shares:
        for reason, count in one["not_seen_by_itself"].items():
            cell = one["examples"][reason]
            place = f"{cell['seed']}.csv line {cell['row'] + 2}"
            example = f"{place}: {cell['before']} → {cell['after']}"
            yield f"| {one['label']} | {reason} | {count:,} | {example} |"


if __name__ == "__main__":
    main(prog_name="python -m mutation")
