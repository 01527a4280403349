"""The two gates, run by hand."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kinerja.core import paths

from . import options
from .answers import Answer, Session, verb

if TYPE_CHECKING:
    from kinerja.gates.results import Verdict

_SHOWN = 20
_STOPS = "an expectation is breached"


@click.group()
def validate() -> None:
    """Run a gate: on the raw files, or on the warehouse."""


@verb("validate raw", "validate raw --accept public_service_2024", stops=_STOPS, of=validate)
@options.seeds
@options.accept("Write down the control totals of this document as they are now.")
@options.out("gates")
def raw(session: Session, seeds: Path, accepted: tuple[str, ...], out: Path) -> Answer:
    """Check the raw files, before dbt loads them."""
    from kinerja.gates import gx, raw_gate

    if accepted:
        paths.to_change(seeds)
    verdict = raw_gate(seeds, accepted, gx.run)
    return _answer(session, verdict, out, "uv run dbt build", "correct these cells")


@verb(
    "validate marts --previous published/kinerja.duckdb",
    stops=_STOPS,
    of=validate,
)
@options.database
@options.manifest
@click.option(
    "--previous",
    type=options.PATH,
    metavar="FILE",
    help="The last accepted release: nothing of it may be lost.",
)
@options.accept("Rows and figures of this document may differ from --previous.")
@options.out("gates")
def marts(
    session: Session,
    database: Path,
    manifest: Path,
    previous: Path | None,
    accepted: tuple[str, ...],
    out: Path,
) -> Answer:
    """Check the finished warehouse, before it is published."""
    from kinerja.gates import marts_gate

    verdict = marts_gate(database, previous, accepted, manifest=manifest)
    return _answer(
        session, verdict, out, "uv run kinerja publish", "find the cause in seeds or models"
    )


def _answer(session: Session, verdict: "Verdict", out: Path, then: str, instead: str) -> Answer:
    from kinerja.gates.page import write

    page, json_file = write(verdict, out)
    for breach in verdict.breaches[:_SHOWN]:
        session.out.print(f"  {breach}")
    if verdict.breach_count > _SHOWN:
        broken = Counter(breach.file for breach in verdict.breaches).most_common(5)
        files = ", ".join(f"{name} {number:,}" for name, number in broken)
        session.out.print(f"… and {verdict.breach_count - _SHOWN:,} more ({files})")
    session.out.print(f"Page: {page}\nJSON: {json_file}")
    found = "holds" if verdict.passed else f"{verdict.breach_count:,} breaches"
    rows = sum(verdict.rows.values())
    told = f"{len(verdict.outcomes)} expectations, {rows:,} rows, {verdict.seconds:.1f} s"
    return Answer(
        f"{verdict.gate}: {found} ({told})",
        {**verdict.as_json(), "page": page},
        int(not verdict.passed),
        then if verdict.passed else instead,
    )
