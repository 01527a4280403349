"""The command line of the proof by mutation."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from .campaign import (
    TOTALS,
    Share,
    all_mutations,
    base_build,
    build_fails,
    campaign,
    chosen,
    shares,
    some,
    verify,
)
from .cells import KINDS

_EPILOG = """\
exit codes: 0 run (and every verified result agrees), 1 a real build disagrees, 2 could not run
examples:
  %(prog)s --sample 20
  %(prog)s --kind final --kind index
  %(prog)s --verify 6
"""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="mutate.py",
        description="Change one digit of a published figure in the raw files; see what stops it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = options.add_argument
    add(
        "--kind", action="append", default=[], choices=[kind.name for kind in KINDS],
        help="only this kind of figure (may be repeated; default: all)",
    )  # fmt: skip
    add("--sample", type=int, metavar="N", help="N mutations of each kind instead of all")
    add("--random-seed", type=int, default=1, help="another sample")
    add("--verify", type=int, default=0, metavar="N", help="repeat N as a real dbt build")
    add("--jobs", type=int, default=2, help="processes (default: 2)")
    add("--json", action="store_true", help="print the shares as JSON")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof; give the exit code."""
    given = parser().parse_args(arguments)
    kinds = chosen(given.kind)
    start = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="kinerja-mutate-") as folder:
            database, manifest = base_build(Path(folder))
            progress = Progress(
                TextColumn("Mutations"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            with progress:
                task = progress.add_task("mutations", total=None)
                results = campaign(
                    database, manifest, given.jobs, kinds, given.sample, given.random_seed,
                    lambda done, total: progress.update(task, completed=done, total=total),
                )  # fmt: skip
            cells = all_mutations(database, kinds)
            found = shares(results, {name: len(members) for name, members in cells.items()})
            verified = [
                (result, failed, build_fails(result) == failed)
                for result, failed, _ in verify(
                    some(results, given.verify, given.random_seed), Path(folder)
                )
            ]
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    seconds = time.monotonic() - start
    if given.json:
        print_json(found, verified, seconds)
    else:
        _show(found, verified, seconds)
    return 0 if all(agrees for _, _, agrees in verified) else 1


def print_json(found: list[Share], verified: list, seconds: float) -> None:  # type: ignore[type-arg]
    shown = [
        {name: getattr(share, name) for name in ("kind", "label", "cells", "mutations")}
        | {
            "caught_by": dict(share.caught_by.most_common()),
            "not_seen_by_itself": dict(share.unseen.most_common()),
            "examples": share.examples,
            "caught": share.caught,
            "caught_without_totals": share.caught_without_totals,
            "share": share.share,
        }
        for share in found
    ]
    checked = [
        {"mutation": asdict(result.mutation), "by": result.by, "dbt_failed": failed, "agrees": ok}
        for result, failed, ok in verified
    ]
    print(json.dumps({"seconds": seconds, "kinds": shown, "verified": checked}, indent=1))


def _show(found: list[Share], verified: list, seconds: float) -> None:  # type: ignore[type-arg]
    # The numbers are the result: a narrow terminal wraps the lines rather than cutting them off.
    console = Console(highlight=False, soft_wrap=True, width=max(Console().width, 110))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("figure", no_wrap=True)
    for name in ("cells", "mutations", "gate", "build", "seen", "totals", "missed", "caught"):
        table.add_column(name, justify="right", no_wrap=True)
    for share in found:
        seen, totals = share.caught_without_totals, share.caught_by[TOTALS]
        by_gate = sum(n for by, n in share.caught_by.items() if by.startswith("gate:")) - totals
        table.add_row(
            share.label,
            *(f"{number:,}" for number in (share.cells, share.mutations, by_gate, seen - by_gate)),
            f"{100 * seen / share.mutations:.2f} %" if share.mutations else "–",
            f"{totals:,}",
            f"{share.mutations - share.caught:,}",
            f"{100 * share.share:.2f} %",
        )
    console.print(table)
    for share in found:
        for reason, count in share.unseen.most_common():
            console.print(f"Not seen by itself, {share.label} ({count:,}): {reason}")
            console.print(f"    for example {share.examples[reason]}")
    if verified:
        agree = sum(agrees for _, _, agrees in verified)
        console.print(f"Real dbt builds that agree: {agree} of {len(verified)}")
    total = sum(share.mutations for share in found)
    console.print(f"{total:,} mutations in {seconds:.0f} s")
