"""The command line of the proofs: `python -m mutation digits`."""

import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from kinerja.core.errors import KinerjaError
from rich.console import Console
from rich.progress import Progress

from .digits import KINDS, TOTALS, Result, Share, campaign, to_verify, verify
from .world import build_project


@click.group()
def main() -> None:
    """Prove what the checks of the project notice."""


@main.command()
@click.option(
    "--kind", "names", multiple=True, type=click.Choice([kind.name for kind in KINDS]),
    help="Only this kind of figure (may be repeated; default: all).",
)  # fmt: skip
@click.option("--sample", type=click.IntRange(1), help="So many mutations of each kind, not all.")
@click.option("--random-seed", type=int, default=1, help="Another sample.")
@click.option(
    "--verify", "verified", type=int, default=0, help="Repeat so many as a real dbt build."
)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print the shares as JSON.")
def digits(
    names: Sequence[str],
    sample: int | None,
    random_seed: int,
    verified: int,
    jobs: int,
    as_json: bool,
) -> None:
    """Change one digit of a published figure in the raw files; see what stops it.

    Exit codes: 0 run (and every verified result agrees), 1 a real build disagrees, 2 could not run.
    """
    kinds = [kind for kind in KINDS if not names or kind.name in names]
    start = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="kinerja-mutation-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("Building", total=None)
        try:
            project = build_project(Path(folder) / "project")
        except KinerjaError as error:
            click.echo(str(error), err=True)
            raise SystemExit(error.exit_code) from None
        shares = campaign(
            project, jobs, kinds, sample, random_seed,
            lambda done, total: progress.update(
                task, description="Mutations", completed=done, total=total
            ),
        )  # fmt: skip
        repeated = [
            (result, failed)
            for result, failed, _ in verify(
                to_verify(shares, verified, random_seed), project, Path(folder)
            )
        ]
    seconds = time.monotonic() - start
    if as_json:
        click.echo(json.dumps(as_data(shares, repeated, seconds), indent=1))
    else:
        click.echo(as_text(shares, repeated, seconds))
    raise SystemExit(0 if all(result.by_build == failed for result, failed in repeated) else 1)


def as_data(
    shares: Sequence[Share], repeated: Sequence[tuple[Result, bool]], seconds: float
) -> dict[str, Any]:
    """Everything found, for machines."""
    return {
        "seconds": seconds,
        "kinds": [
            {
                "kind": share.kind,
                "label": share.label,
                "cells": share.cells,
                "mutations": len(share.results),
                "caught": share.caught_by.total(),
                "caught_by": dict(share.caught_by.most_common()),
                "not_seen_by_itself": {
                    reason: {"mutations": len(results), "example": asdict(results[0].mutation)}
                    for reason, results in share.unseen.items()
                },
            }
            for share in shares
        ],
        "verified": [
            {
                "mutation": asdict(result.mutation),
                "by": result.by,
                "dbt_failed": failed,
                "agrees": result.by_build == failed,
            }
            for result, failed in repeated
        ],
    }


def as_text(
    shares: Sequence[Share], repeated: Sequence[tuple[Result, bool]], seconds: float
) -> str:
    """The table of docs/gates.md, and why the rest is seen by a control total alone."""
    lines = [
        "| figure | cells | mutations | caught | gate's checks of the cell "
        "| arithmetic and register | only a control total | caught without totals |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for share in shares:
        every, caught, totals = len(share.results), share.caught_by, share.caught_by[TOTALS]
        by_gate = sum(result.by_gate for result in share.results)
        itself = caught.total() - totals
        lines.append(
            f"| {share.label} | {share.cells:,} | {every:,} | {caught.total() / every:.2%} "
            f"| {by_gate:,} | {itself - by_gate:,} | {totals:,} | {itself / every:.2%} |"
        )
    lines += ["", "| reason | mutations | for example |", "|---|--:|---|"]
    for share in shares:
        for reason, results in sorted(share.unseen.items(), key=lambda found: -len(found[1])):
            one = results[0].mutation
            lines.append(
                f"| {share.label}: {reason} | {len(results):,} "
                f"| {one.seed}.csv line {one.row + 2}: {one.before} → {one.after} |"
            )
    if repeated:
        agree = sum(result.by_build == failed for result, failed in repeated)
        lines.append(f"\nReal dbt builds that agree: {agree} of {len(repeated)}.")
    every = sum(len(share.results) for share in shares)
    return "\n".join([*lines, f"\n{every:,} mutations in {seconds:.0f} s."])


if __name__ == "__main__":
    main()
