"""The command line of the gates."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console
from rich.text import Text

from kinerja.core.errors import BadInputError

from .marts import marts_gate
from .page import write
from .raw import raw_gate
from .results import Verdict

PROJECT = Path(__file__).resolve().parents[3]
_SHOWN = 20
_EPILOG = """\
exit codes: 0 every expectation holds, 1 at least one is breached, 2 the gate could not run
examples:
  %(prog)s raw
  %(prog)s raw --seeds /tmp/candidate/seeds --out /tmp/report
  %(prog)s raw --accept public_service_2024
  %(prog)s marts --database kinerja.duckdb --previous published/kinerja.duckdb
"""


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="validate.py",
        description="The two gates: raw files before a load, the warehouse before it is published.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    gates = options.add_subparsers(dest="gate", required=True, metavar="raw|marts")
    raw = gates.add_parser("raw", help="check the raw files, before dbt loads them")
    raw.add_argument(
        "--seeds", type=Path, default=PROJECT / "seeds", help="folder with raw/ and reference/"
    )
    raw.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="DOCUMENT",
        help="write down the control totals of this document as they are now (may be repeated)",
    )
    marts = gates.add_parser("marts", help="check the finished warehouse, before it is published")
    marts.add_argument(
        "--database", type=Path, default=PROJECT / "kinerja.duckdb", help="the warehouse file"
    )
    marts.add_argument(
        "--previous", type=Path, help="the last accepted release: nothing of it may be lost"
    )
    marts.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="DOCUMENT",
        help="rows and figures of this document may differ from --previous (may be repeated)",
    )
    for gate in (raw, marts):
        gate.add_argument(
            "--out",
            type=Path,
            default=PROJECT / "build" / "gates",
            help="folder for the page and the JSON (default: build/gates)",
        )
        gate.add_argument("--json", action="store_true", help="print the result as JSON")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a gate; give its exit code (0 holds, 1 breached, 2 could not run)."""
    given = parser().parse_args(arguments)
    try:
        if given.gate == "raw":
            from .gx import run  # Great Expectations takes seconds to import

            verdict = raw_gate(given.seeds, given.accept, run)
        else:
            verdict = marts_gate(given.database, given.previous, given.accept)
        html, json_file = write(verdict, given.out)
    except (BadInputError, OSError, duckdb.Error) as error:
        message = str(error).splitlines()[0]
        if given.json:
            print(json.dumps({"error": message, "exit_code": 2}, ensure_ascii=False))
        print(message, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    if given.json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False, default=str))
    else:
        _show(verdict, html, json_file)
    return 0 if verdict.passed else 1


def _show(verdict: Verdict, html: Path, json_file: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    rows = sum(verdict.rows.values())
    told = f"{len(verdict.outcomes)} expectations, {rows:,} rows, {verdict.seconds:.1f} s"
    if verdict.passed:
        console.print(Text.assemble((f"{verdict.gate}: holds", "bold green"), f"  {told}"))
    else:
        broken = Counter(breach.file for breach in verdict.breaches)
        count = f"{verdict.gate}: {verdict.breach_count:,} breaches"
        console.print(Text.assemble((count, "bold red"), f"  {told}"))
        for breach in verdict.breaches[:_SHOWN]:
            console.print(Text(f"  {breach}"))
        if verdict.breach_count > _SHOWN:
            files = ", ".join(f"{name} {number:,}" for name, number in broken.most_common(5))
            console.print(f"… and {verdict.breach_count - _SHOWN:,} more ({files})")
    console.print(f"Page: {html}\nJSON: {json_file}")
    console.print(f"Next: {_next(verdict)}")


def _next(verdict: Verdict) -> str:
    if verdict.gate == "raw":
        return "uv run dbt build" if verdict.passed else "correct these cells and run it again"
    return "publish the file" if verdict.passed else "find the cause in the seeds or the models"
