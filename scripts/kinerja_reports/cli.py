"""The command line of the reports."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .errors import BadInput
from .findings import findings, write

PROJECT = Path(__file__).resolve().parents[2]


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="report.py",
        description="Reports from the finished warehouse.",
        epilog="exit codes: 0 written, 2 the report cannot be made",
    )
    reports = options.add_subparsers(dest="report", required=True, metavar="findings")
    errata = reports.add_parser(
        "findings", help="the errata list, as a spreadsheet and as Markdown in two languages"
    )
    add = errata.add_argument
    add("--database", type=Path, default=PROJECT / "kinerja.duckdb", help="the warehouse file")
    add("--document", metavar="ID", help="only the findings of this document")
    add(
        "--out",
        type=Path,
        default=PROJECT / "build" / "reports",
        help="folder for the files (default: build/reports)",
    )
    add("--json", action="store_true", help="print the findings as JSON")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a report; give the exit code (0 written, 2 it cannot be made)."""
    given = parser().parse_args(arguments)
    try:
        rows = findings(given.database, given.document)
        paths = write(rows, given.out)
    except BadInput as error:
        return _fail(str(error), as_json=given.json)
    except OSError as error:
        return _fail(f"{given.out} cannot be written ({error.strerror}).", as_json=given.json)
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


def _fail(message: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": message, "exit_code": 2}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return 2
