"""Documents into the seeds."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kinerja.core import console, paths
from kinerja.core.errors import BadInputError

from . import options
from .answers import Answer, Session, verb

_ACCEPTED = re.compile(r"(?P<name>.+)=(?P<code>\d\d(?:\.\d\d)?)(?::\s*(?P<reason>.+))?")
_FACTS = {"rows_by": "rows"}
_FORMS = {
    "year": re.compile(r"20\d\d"),
    "issued_on": re.compile(r"20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])"),
}
QUARTERS = ("I", "II", "III", "IV")
UNITS = ("rupiah", "thousand", "million", "billion")
_MANY = 5
"""From so many files on, each document gets one line."""


def _decides(
    name: str, metavar: str, text: str, values: Sequence[str] = ()
) -> Callable[[Any], Any]:
    """An option that decides a fact of a document."""
    of = click.Choice(values, case_sensitive=False) if values else str
    return click.option(f"--{name}", metavar="|".join(values) or metavar, type=of, help=text)


@verb(
    "ingest form.pdf --dry-run",
    "ingest form.pdf --unit thousand --cumulative --yes",
    'ingest form.pdf --accept "Kota Tidore=82.72:short form of Tidore Kepulauan"',
    stops="a person must decide first, or the raw gate refused",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=options.PATH)
@click.option("--document", metavar="ID", help="Take this document of the file, or set its id.")
@options.accept("Confirm that a printed name is the region of this code.", "NAME=CODE[:REASON]")
@click.option(
    "--names",
    type=options.PATH,
    metavar="FILE",
    help="Take names from this CSV; --dry-run writes it.",
)
@_decides("kind", "KIND", "Which evaluation it is.")
@_decides("year", "YEAR", "Of which year it is.")
@_decides("number", "NUMBER", "Its number.")
@_decides("issued-on", "DATE", "Its date of issue, as YYYY-MM-DD.")
@_decides("region", "CODE", "The government that it is about.")
@_decides("agency", "NAME", "The agency whose form it is.")
@_decides("quarter", "QUARTER", "The quarter of a form, I to IV.", list(QUARTERS))
@_decides("unit", "UNIT", "What its amounts count.", list(UNITS))
@_decides("rows-by", "WHAT", "What ties detail rows to results.", ["name", "number"])
@click.option(
    "--cumulative/--quarterly", "cumulative", default=None, help="What a realization covers."
)
@click.option(
    *("--total", "totals"),
    multiple=True,
    metavar="COLUMN=AMOUNT",
    help="A total as it stands on paper. May be repeated.",
)
@click.option("--replace", is_flag=True, help="Take a changed reprint of a stored document.")
@click.option("--without", multiple=True, metavar="TABLE", help="The document has no such table.")
@click.option(
    "--allow",
    multiple=True,
    metavar="RULE=REASON",
    help="Take what breaks this rule of the gate, or this kind of finding, and keep the reason.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be stored; write nothing.")
@click.option("--yes", is_flag=True, help="Store what leaves no doubt, without asking.")
@options.seeds
def ingest(
    session: Session,
    files: tuple[Path, ...],
    document: str | None,
    accepted: tuple[str, ...],
    names: Path | None,
    cumulative: bool | None,
    totals: tuple[str, ...],
    replace: bool,
    without: tuple[str, ...],
    allow: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    seeds: Path,
    **decisions: str | None,
) -> Answer:
    """Read printed evaluations into the seeds: all of them, or none.

    FILE is text, PDF, XLSX, Word (.docx) or CSV; or a folder of them, whose folders are read too.
    What was read is shown with the line that says it, and stored once you agree. What can be read
    in two ways stops, and names the option that decides.
    """
    from kinerja.gates.raw import before_storing
    from kinerja.ingest import screen
    from kinerja.ingest.engine import Options, run
    from kinerja.ingest.events import Event, FileOpened, PageRead, Summary, as_json

    if not dry_run:
        paths.to_change(seeds)
    decided = _decided(decisions, cumulative)
    decided |= {f"without.{name}": "said so" for name in without} | dict(map(_allowed, allow))
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

    def confirm() -> bool:
        progress.stop()
        return _agreed(session, "Store this?", yes=yes)

    given = Options(
        *(list(files), seeds, document, dict(map(_accepted, accepted)), replace, dry_run, decided),
        *(dict(map(_total, totals)), names),
    )
    with progress:
        code = run(given, tell, session.raw_gate or before_storing, confirm)
    return Answer(message, {"events": events}, code)


@verb(
    "documents",
    "documents --remove performance_jambi_setda_2024_q1",
    stops="nobody agreed, or the raw gate refused what is left",
)
@click.option("--remove", metavar="ID", help="Take this document out, with all rows about it.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@options.seeds
def documents(session: Session, remove: str | None, yes: bool, seeds: Path) -> Answer:
    """List the stored documents, or remove one.

    With it leaves what people wrote down about it: its findings, its figures on paper, its
    corrections. A reprint takes the place of a whole document with kinerja ingest --replace.
    """
    from kinerja.gates.raw import before_storing
    from kinerja.ingest import removal

    if remove is None:
        found = removal.stored(seeds)
        for row in found:
            of = f"{row['rows']:>6} rows  {row['file_name']}  {row['decisions']}"
            session.out.print(f"{row['document_id']:<48}  {row['added_on']}  {of}".rstrip())
        return Answer(f"{len(found)} documents are stored.", found)

    def confirm(counts: Mapping[str, int]) -> bool:
        for name, count in counts.items():
            session.out.print(f"{count:>6} rows of {name}")
        return _agreed(session, f"Remove {remove}?", yes=yes)

    paths.to_change(seeds)
    counts = removal.remove(seeds, remove, session.raw_gate or before_storing, confirm)
    message = f"Removed: {remove}, {sum(counts.values())} rows of {len(counts)} files."
    return Answer(message, counts, next_step="uv run dbt build")


def _agreed(session: Session, question: str, *, yes: bool) -> bool:
    """What a person answers; without a person to ask, what --yes says."""
    if yes or session.as_json or not sys.stdin.isatty():
        return yes
    return click.confirm(question, err=True)


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


def _decided(decisions: Mapping[str, str | None], cumulative: bool | None) -> dict[str, str]:
    """What a person decided, by the name of the fact."""
    from kinerja.ingest.facts import UNITS as RUPIAH

    found = {_FACTS.get(name, name): value for name, value in decisions.items() if value}
    if "unit" in found:
        found["unit"] = RUPIAH[found["unit"]]
    if cumulative is not None:
        found["covers"] = "cumulative" if cumulative else "quarter"
    for name, form in _FORMS.items():
        if name in found and not form.fullmatch(found[name]):
            raise BadInputError(
                f"--{name.replace('_', '-')} {found[name]} cannot be read; see --help."
            )
    return found


def _total(text: str) -> tuple[str, str]:
    column, equals, amount = text.partition("=")
    if not (column and equals and amount):
        raise BadInputError(f"--total {text} is not of the form COLUMN=AMOUNT.")
    return column, amount


def _allowed(text: str) -> tuple[str, str]:
    rule, _, reason = text.partition("=")
    if not (rule and reason.strip()):
        raise BadInputError(f"--allow {text} is not of the form RULE=REASON.")
    return f"allow.{rule}", " ".join(reason.replace(";", ",").split())


def _accepted(text: str) -> tuple[str, tuple[str, str]]:
    match = _ACCEPTED.fullmatch(text)
    if match is None:
        raise BadInputError(f"--accept {text} is not of the form NAME=CODE or NAME=CODE:REASON.")
    return match["name"], (match["code"], match["reason"] or "confirmed by an analyst")
