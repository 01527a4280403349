"""Building with the fast engine."""

from pathlib import Path

import click

from kinerja.core import console, paths

from . import options
from .answers import Answer, Session, verb


@verb("build", "build --database /tmp/trial.duckdb --json", stops="a model or a test failed")
@click.option(
    "--database",
    type=options.PATH,
    default=paths.database,
    show_default="KINERJA_DB, or kinerja.duckdb",
    metavar="FILE",
    help="The warehouse to build.",
)
def build(session: Session, database: Path) -> Answer:
    """Build and test the warehouse with dbt 2, which is fetched the first time."""
    from kinerja.build import fast

    with console.progress().status("Building …") as status:
        done = fast.build(database, status.update)
    session.out.print("\n".join([*done.lines[:-2], *done.errors]).strip())
    told = f"{done.outcome} ({done.steps} steps, {done.seconds:.1f} s, dbt {fast.VERSION})"
    result = {
        "database": database,
        "engine": fast.VERSION,
        "steps": done.steps,
        "seconds": round(done.seconds, 1),
        "lines": done.lines,
        "errors": done.errors,
    }
    next_step = done.lines[-1].removeprefix("Next: ").replace("dbt build", "kinerja build")
    return Answer(told, result, int(bool(done.code)), next_step)
