"""The command line of the reports."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kinerja.core.errors import BadInputError

from . import register
from .findings import findings, write

PROJECT = Path(__file__).resolve().parents[3]
_EPILOG = """\
exit codes: 0 every finding is registered, 1 some wait for a decision, 2 the command cannot be done
examples:
  %(prog)s
  %(prog)s --cause misprint smart_city.weighted_final:smart_city_2022
  %(prog)s --remove index.scale:smart_city_2021:results:12:final_score
"""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="report.py", description="Reports from the finished warehouse."
    )
    reports = options.add_subparsers(dest="report", required=True, metavar="findings|register")
    errata = reports.add_parser(
        "findings",
        help="the errata list, as a spreadsheet and as Markdown in two languages",
        epilog="exit codes: 0 written, 2 the report cannot be made",
    )
    open_findings = reports.add_parser(
        "register",
        help="findings that nobody has accepted yet, which fail the build; take them in by cause",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
    )
    for each in (errata, open_findings):
        each.add_argument(
            "--database",
            type=Path,
            default=PROJECT / "kinerja.duckdb",
            help="the warehouse file, also of a build that failed",
        )
        each.add_argument("--json", action="store_true", help="print the result as JSON")
    errata.add_argument("--document", metavar="ID", help="only the findings of this document")
    errata.add_argument(
        "--out",
        type=Path,
        default=PROJECT / "build" / "reports",
        help="folder for the files (default: build/reports)",
    )
    add = open_findings.add_argument
    add("--seeds", type=Path, default=PROJECT / "seeds", help="folder with reference/")
    what = open_findings.add_mutually_exclusive_group()
    what.add_argument("--cause", metavar="CODE", help="register the named findings with this cause")
    what.add_argument(
        "--remove", action="store_true", help="take the named findings out: they are gone"
    )
    add("names", nargs="*", metavar="FINDING", help="its id, or rule, or rule:document")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a report; give the exit code (0 done, 1 findings wait to be decided, 2 bad input)."""
    given = parser().parse_args(arguments)
    try:
        return _findings(given) if given.report == "findings" else _register(given)
    except BadInputError as error:
        return _fail(str(error), as_json=given.json)
    except OSError as error:
        place = given.out if given.report == "findings" else given.seeds
        return _fail(f"{place} cannot be written ({error.strerror}).", as_json=given.json)


def _findings(given: argparse.Namespace) -> int:
    rows = findings(given.database, given.document)
    paths = write(rows, given.out)
    if given.json:
        files = [str(path) for path in paths]
        print(json.dumps({"files": files, "findings": rows}, ensure_ascii=False, default=str))
        return 0
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("document", no_wrap=True)
    table.add_column("findings", justify="right")
    for document in dict.fromkeys(row["document_id"] for row in rows):
        count = sum(row["document_id"] == document for row in rows)
        table.add_row(document, str(count))
    console.print(table)
    for path in paths:
        console.print(f"Written: {path}")
    console.print("Next: check an entry against its document, then send the list to its issuer")
    return 0


def _register(given: argparse.Namespace) -> int:
    if bool(given.names) != bool(given.cause or given.remove):
        raise BadInputError(
            "Name the findings and say --cause CODE (or --remove); without both, they are listed."
        )
    found = register.compare(given.database, given.seeds)
    changed: list[str] = []
    if given.names:
        changed = (
            register.remove(given.seeds, found, given.names)
            if given.remove
            else register.add(given.seeds, found, given.names, given.cause)
        )
        found = register.compare(given.database, given.seeds)
    left = bool(found.open or found.gone)
    if given.json:
        print(json.dumps({**asdict(found), "changed": changed}, ensure_ascii=False))
    else:
        _show_register(found, changed, was_removed=given.remove)
    return int(left)


def _show_register(found: register.Register, changed: list[str], *, was_removed: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for name in changed:
        console.print(Text(f"{'Removed' if was_removed else 'Registered'}: {name}"))
    for one in found.open:
        console.print(Text(f"new: {one.finding_id}", style="bold"))
        console.print(Text(f"  {one.explanation}"))
        if one.causes_so_far:
            said = ", ".join(f"{code} {count}" for code, count in one.causes_so_far.items())
            console.print(Text(f"  causes of this rule so far: {said}", style="dim"))
    for name in found.gone:
        console.print(Text(f"gone, but registered: {name}", style="bold"))
    if found.open:
        console.print("Causes:")
        for code, text in found.causes.items():
            console.print(Text(f"  {code}: {text}"))
        console.print(
            "Next: look at each in its document, then: report.py register --cause CODE FINDING …"
        )
    elif found.gone:
        console.print("Next: report.py register --remove FINDING …")
    else:
        console.print("Every finding is registered. Next: uv run dbt build")


def _fail(message: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": message, "exit_code": 2}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return 2
