"""Documents into the seeds."""

import re
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kinerja.core import console, paths
from kinerja.core.errors import BadInputError

from . import options
from .answers import Answer, Session, verb

_ACCEPTED = re.compile(r"(?P<name>.+)=(?P<code>\d\d(?:\.\d\d)?)(?::\s*(?P<reason>.+))?")
_MANY = 5
"""From so many files on, each document gets one line."""


@verb(
    "ingest form.pdf --dry-run",
    'ingest form.pdf --accept "Kota Tidore=82.72:short form of Tidore Kepulauan"',
    stops="a person must decide first, or the raw gate refused",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=options.PATH)
@click.option("--document", metavar="ID", help="Take this document of the file, or set its id.")
@options.accept("Confirm that a printed name is the region of this code.", "NAME=CODE[:REASON]")
@click.option("--replace", is_flag=True, help="Take a changed reprint of a stored document.")
@click.option("--dry-run", is_flag=True, help="Show what was found; write nothing.")
@options.seeds
def ingest(
    session: Session,
    files: tuple[Path, ...],
    document: str | None,
    accepted: tuple[str, ...],
    replace: bool,
    dry_run: bool,
    seeds: Path,
) -> Answer:
    """Read printed evaluations into the seeds: all of them, or none.

    FILE is text, PDF, XLSX or CSV; or a folder of them.
    """
    from kinerja.gates.raw import before_storing
    from kinerja.ingest import screen
    from kinerja.ingest.engine import Options, run
    from kinerja.ingest.events import Event, FileOpened, PageRead, Summary, as_json

    if not dry_run:
        paths.to_change(seeds)
    names = dict(map(_accepted, accepted))
    shared = session.out if session.out.is_terminal else console.progress()
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        # Sharing the console keeps the bar below what is printed.
        console=shared,
        transient=True,
        disable=not shared.is_terminal,
    )
    bar = progress.add_task("Reading", total=None)
    pages = progress.add_task("pages", total=None, visible=False)
    events: list[dict[str, Any]] = []
    message, of = "", 1

    def tell(event: Event) -> None:
        nonlocal message, of
        if isinstance(event, FileOpened):
            of = event.of
            done, name = event.number - 1, Path(event.file).name
            progress.update(bar, total=event.of, completed=done, description=name)
            progress.update(pages, visible=False)
        elif isinstance(event, PageRead):
            progress.update(pages, total=event.of, completed=event.number, visible=True)
        else:
            # What people read is not kept: a folder may hold thousands of documents.
            events.extend([as_json(event)] if session.as_json else [])
            screen.show(session.out, event, brief=of >= _MANY)
        if isinstance(event, Summary):
            message = screen.told(event)

    given = Options(list(files), seeds, document, names, replace, dry_run)
    with progress:
        code = run(given, tell, session.raw_gate or before_storing)
    return Answer(message, {"events": events}, code)


@verb("template agency_performance form.xlsx")
@click.argument("kind")
@click.argument("file", required=False, type=options.PATH)
@options.seeds
def template(session: Session, kind: str, file: Path | None, seeds: Path) -> Answer:
    """Write a workbook for people who hand figures in.

    KIND is the kind of document; FILE is KIND.xlsx unless it is named.
    """
    from kinerja.ingest.template import write_template

    target = file or Path(f"{kind}.xlsx")
    write_template(kind, target, seeds)
    then = f"fill in its first sheet, then: uv run kinerja ingest {target}"
    return Answer(f"Written: {target}", {"file": target}, next_step=then)


def _accepted(text: str) -> tuple[str, tuple[str, str]]:
    match = _ACCEPTED.fullmatch(text)
    if match is None:
        raise BadInputError(f"--accept {text} is not of the form NAME=CODE or NAME=CODE:REASON.")
    return match["name"], (match["code"], match["reason"] or "confirmed by an analyst")
