"""The command line of ingest."""

import argparse
import json
import re
import sys
from pathlib import Path

from .engine import Event, Options, run
from .errors import BadInput, Stopped

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

_ACCEPTED = re.compile(r"(?P<name>.+)=(?P<code>\d\d(?:\.\d\d)?)(?::\s*(?P<reason>.+))?")


def _accepted(text: str) -> tuple[str, tuple[str, str]]:
    match = _ACCEPTED.fullmatch(text)
    if match is None:
        raise BadInput(f"--accept {text} is not NAME=CODE or NAME=CODE:REASON.")
    return match["name"], (match["code"], match["reason"] or "confirmed by an analyst")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; give its exit code (0 done, 1 an analyst must decide, 2 bad input)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seeds", type=Path, default=SEEDS)
    parser.add_argument("--document")
    parser.add_argument("--accept", action="append", default=[])
    parser.add_argument("--replace", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    accept = dict(_accepted(text) for text in given.accept)

    def tell(event: Event) -> None:
        print(json.dumps(event, ensure_ascii=False))

    try:
        return run(
            Options(
                given.files,
                given.seeds,
                given.document,
                accept,
                given.replace,
                given.dry_run,
            ),
            tell,
        )
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except Stopped as error:
        print(error, file=sys.stderr)
        return 1
