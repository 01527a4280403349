"""The site; and findings, written for their issuer and taken into the register."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import Progress

from kinerja.core import console, paths
from kinerja.core.errors import BadInputError

from . import options
from .answers import Answer, Session, verb

if TYPE_CHECKING:
    from kinerja.reports.register import Register


@verb("report", "report --document smart_city_2021")
@options.database
@click.option("--document", metavar="ID", help="Only the findings of this document.")
@options.out("reports")
def report(session: Session, database: Path, document: str | None, out: Path) -> Answer:
    """Write the errata list: what cannot be right.

    As a spreadsheet, and as Markdown in two languages.
    """
    from kinerja.reports.findings import findings, write

    rows = findings(database, document)
    files = write(rows, out)
    for name, count in Counter(row["document_id"] for row in rows).items():
        session.out.print(f"{count:>6}  {name}")
    return Answer(
        f"{len(rows)} findings written: {', '.join(map(str, files))}",
        {"files": files, "findings": rows},
        next_step="check an entry against its document, then send the list to its issuer",
    )


@verb("site", "site --out /media/stick/kinerja")
@options.published_file
@options.out("site")
def site(session: Session, database: Path, out: Path) -> Answer:
    """Write the published file as pages that open by double click.

    In Indonesian and English, without a server or the internet; the old site stays until the new
    one is whole.
    """
    from kinerja.site.write import write

    with Progress(console=console.progress(), disable=session.as_json) as bar:
        task = bar.add_task("Pages", total=None)
        done = write(database, out, lambda page, of: bar.update(task, completed=page, total=of))
    first = out / "index.html"
    result = {"folder": out, "pages": done.pages, "bytes": done.size}
    message = f"{done.pages} pages, {done.size / 1e6:.1f} MB: {first}"
    return Answer(message, result, next_step=f"open {first} with a browser")


@verb(
    "register",
    "register --cause misprint smart_city.weighted_final:smart_city_2022",
    "register --remove index.scale:smart_city_2021:results:12:final_score",
    stops="findings wait for a decision",
)
@click.argument("names", nargs=-1, metavar="[FINDING]...")
@click.option("--cause", metavar="CODE", help="Register the named findings with this cause.")
@click.option("--remove", is_flag=True, help="Take the named findings out: they are gone.")
@options.database
@options.seeds
def register(
    session: Session,
    names: tuple[str, ...],
    cause: str | None,
    remove: bool,
    database: Path,
    seeds: Path,
) -> Answer:
    """List findings that nobody accepted yet; accept them.

    Errors and warnings fail the build until somebody has looked at each and named its cause; notes
    may wait. FINDING is its id, or a rule, or rule:document. The database may be that of a failed
    build.
    """
    from kinerja.reports import register as kept

    if bool(names) != bool(cause or remove) or (cause and remove):
        raise BadInputError(
            "Name the findings and say --cause CODE or --remove; without any, they are listed."
        )
    found = kept.compare(database, seeds)
    changed: list[str] = []
    if names:
        paths.to_change(seeds)
        changed = (
            kept.add(seeds, found, names, cause) if cause else kept.remove(seeds, found, names)
        )
        found = kept.compare(database, seeds)
    for name in changed:
        session.out.print(f"{'Removed' if remove else 'Registered'}: {name}")
    _show(session, found)
    notes = sum(1 for one in found.open if one.severity == "note")
    waiting, gone = len(found.open) - notes, len(found.gone)
    said = f" but {notes} notes, which may wait" if notes else ""
    message, then = f"Every finding is registered{said}.", "uv run dbt build"
    if waiting or gone:
        message = f"{waiting} findings are not registered; {gone} registered ones are gone."
        then = (
            "look at each in its document, then: uv run kinerja register --cause CODE FINDING …"
            if waiting
            else "uv run kinerja register --remove FINDING …"
        )
    return Answer(message, {**asdict(found), "changed": changed}, int(bool(waiting or gone)), then)


def _show(session: Session, found: "Register") -> None:
    show = session.out.print
    for one in found.open:
        show(f"new {one.severity}: {one.finding_id}", style="bold")
        show(f"  {one.explanation}")
        if one.proposed:
            show(f"  its one repair proposes: {one.proposed}", style="dim")
        if one.causes_so_far:
            said = ", ".join(f"{code} {count}" for code, count in one.causes_so_far.items())
            show(f"  causes of this rule so far: {said}", style="dim")
    for name in found.gone:
        show(f"gone, but registered: {name}", style="bold")
    if found.open:
        show("Causes:")
        for code, text in found.causes.items():
            show(f"  {code}: {text}")
