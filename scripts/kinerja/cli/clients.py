"""Tools on top of the warehouse: MetricFlow's metrics, Superset's dashboard."""

from pathlib import Path

import click

from kinerja.core import console, paths

from . import options
from .answers import Answer, Session, verb


@verb(
    "metrics list metrics",
    "metrics query --metrics final_score --group-by region__province_name",
    "metrics --json query --metrics ipp,regions_evaluated --group-by region__region_type",
    context_settings={"allow_interspersed_args": False, "ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...", type=click.UNPROCESSED)
def metrics(session: Session, words: tuple[str, ...]) -> Answer | int:
    """Ask MetricFlow for metrics, read-only.

    WORDS are those of its command mf, and "kinerja metrics query --help" is mf's own help. The
    warehouse is that of KINERJA_DB.
    """
    from kinerja.clients import metrics as asked

    if session.as_json:
        return Answer("Answered.", asked.answer(words))
    return asked.ask(words)


@click.group()
def dashboard() -> None:
    """Show the published file in Apache Superset."""


@verb("dashboard start", of=dashboard)
@options.published_file
@click.option("--port", type=int, default=8088, show_default=True)
@click.option(
    "--home",
    type=options.PATH,
    default=lambda: paths.output("superset"),
    show_default="build/superset",
    metavar="FOLDER",
    help="For Superset's own environment, database and keys.",
)
def start(session: Session, database: Path, port: int, home: Path) -> None:
    """Install, prepare and serve it on 127.0.0.1 until it is interrupted.

    It says so when it answers; with --json, that is when the document is printed.
    """
    from kinerja.clients import superset

    def tell(step: str) -> None:
        console.progress().print(f"{step} …")

    with superset.served(database, home, port, tell) as (facts, wait):
        message = "{url} (user {user}, password in {password_file})".format_map(facts)
        session.tell(Answer(message, facts, next_step="stop it with Ctrl+C"))
        wait()


@verb("dashboard bundle kinerja.zip --database /srv/kinerja/kinerja.duckdb", of=dashboard)
@click.argument("target", type=options.PATH)
@options.published_file
def bundle(session: Session, target: Path, database: Path) -> Answer:
    """Write it as a ZIP for a Superset that runs already."""
    from kinerja.clients import superset

    superset.bundle(target, database)
    then = "import it in Superset under Dashboards > Import"
    return Answer(f"Written: {target}", {"file": target}, next_step=then)
