"""The command line of ingest."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kinerja.core.errors import BadInputError, StoppedError
from kinerja.gates.raw import before_storing

from .engine import Gate, Options, run
from .events import Event, Failed, FileOpened, PageRead, as_json
from .screen import show

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
_ACCEPTED = re.compile(r"(?P<name>.+)=(?P<code>\d\d(?:\.\d\d)?)(?::\s*(?P<reason>.+))?")
_MANY = 5
"""From so many files on, each document gets one line."""

_EPILOG = """\
exit codes: 0 stored (or nothing to do), 1 an analyst must decide, 2 the input cannot be used
examples:
  %(prog)s form_q1.pdf --dry-run
  %(prog)s form_q1.pdf --accept "Kota Tidore=82.72:short form of Tidore Kepulauan"
  %(prog)s --template agency_performance form.xlsx
"""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="ingest.py",
        description="Read printed evaluations into the seeds: all of them, or none.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = options.add_argument
    add("files", nargs="*", type=Path, metavar="FILE", help="text, PDF, XLSX or CSV; or a folder")
    add("--document", metavar="ID", help="take this document of the file, or set its id")
    add(
        "--accept",
        action="append",
        default=[],
        metavar="NAME=CODE[:REASON]",
        help="confirm that a printed name is the region of this code (may be repeated)",
    )
    add("--replace", action="store_true", help="take a changed reprint of a stored document")
    add("--dry-run", action="store_true", help="show what was found; write nothing")
    add("--json", action="store_true", help="print events as JSON lines")
    add("--template", metavar="KIND", help="write an XLSX to fill in (to FILE)")
    add("--seeds", type=Path, default=SEEDS, help="folder of the seeds (default: the project's)")
    return options


def main(arguments: list[str] | None = None, gate: Gate = before_storing) -> int:
    """Run the command; give its exit code (0 done, 1 an analyst must decide, 2 bad input)."""
    given = parser().parse_args(arguments)
    try:
        if given.template is not None:
            return _template(given)
        options = _options(given)
        return _run_json(options, gate) if given.json else _run_screen(options, gate)
    except (BadInputError, StoppedError) as error:
        code = 2 if isinstance(error, BadInputError) else 1
        return _fail(str(error), code, as_json=given.json)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror}; nothing was stored.", 2, as_json=given.json)
    except KeyboardInterrupt:
        return _fail("Interrupted; nothing was stored.", 130, as_json=given.json)


def _fail(message: str, code: int, *, as_json: bool) -> int:
    if as_json:
        _print_json(Failed(message, code))
    print(message, file=sys.stderr)
    return code


def _options(given: argparse.Namespace) -> Options:
    if not given.files:
        raise BadInputError("No file is named; name a document (see --help).")
    accept = dict(_accepted(text) for text in given.accept)
    return Options(given.files, given.seeds, given.document, accept, given.replace, given.dry_run)


def _accepted(text: str) -> tuple[str, tuple[str, str]]:
    match = _ACCEPTED.fullmatch(text)
    if match is None:
        raise BadInputError(f"--accept {text} is not of the form NAME=CODE or NAME=CODE:REASON.")
    return match["name"], (match["code"], match["reason"] or "confirmed by an analyst")


def _template(given: argparse.Namespace) -> int:
    from .template import write_template  # openpyxl takes a fifth of a second to import

    target = given.files[0] if given.files else Path(f"{given.template}.xlsx")
    write_template(given.template, target, given.seeds)
    print(f"{target} written; fill in its first sheet, then: ingest.py {target}")
    return 0


def _print_json(event: Event) -> None:
    print(json.dumps(as_json(event), ensure_ascii=False), flush=True)


def _run_json(options: Options, gate: Gate) -> int:
    return run(options, _print_json, gate)


def _run_screen(options: Options, gate: Gate) -> int:
    console = Console(highlight=False)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        # Sharing the console keeps the bar below what is printed.
        console=console if console.is_terminal else Console(stderr=True),
        transient=True,
    )
    with progress if progress.console.is_terminal else nullcontext():
        return run(options, _teller(console, progress), gate)


def _teller(console: Console, progress: Progress) -> Callable[[Event], None]:
    task = progress.add_task("Reading", total=None)
    pages = progress.add_task("pages", total=None, visible=False)
    files = 1

    def tell(event: Event) -> None:
        nonlocal files
        if isinstance(event, FileOpened):
            files = event.of
            name, done = Path(event.file).name, event.number - 1
            progress.update(task, total=files, completed=done, description=name)
            progress.update(pages, visible=False)
        elif isinstance(event, PageRead):
            progress.update(pages, total=event.of, completed=event.number, visible=True)
        else:
            show(console, event, brief=files >= _MANY)

    return tell
