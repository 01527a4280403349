"""The raw gate: what is to become the seeds must pass it first."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from kinerja.core.errors import StoppedError

Gate = Callable[[Path, Sequence[str]], None]
"""Checks a staged copy of the seeds, in which it writes down the control totals of the documents
named; raises StoppedError with its breaches."""

_SCRIPT = Path(__file__).resolve().parents[2] / "validate.py"
_SHOWN = 5


def raw_gate(copy: Path, documents: Sequence[str]) -> None:
    """Let scripts/validate.py check the copy: a process of its own, as it is slow to start."""
    accept = [part for document_id in documents for part in ("--accept", document_id)]
    with tempfile.TemporaryDirectory() as page:
        done = subprocess.run(
            [
                *(sys.executable, str(_SCRIPT), "raw", "--json"),
                *("--seeds", str(copy), "--out", page, *accept),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode == 0:
        return
    try:
        verdict = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        verdict = {"error": done.stderr.strip().splitlines()[-1:] or "no answer"}
    if "breaches" not in verdict:
        raise StoppedError(f"Nothing was stored; the raw gate: {verdict.get('error')}")
    told = [
        f"{breach['file']} line {breach['line']}, {breach['column']}: {breach['message']}"
        for breach in verdict["breaches"][:_SHOWN]
    ]
    raise StoppedError(
        f"Nothing was stored; the raw gate found {verdict['breach_count']} breaches: "
        + "; ".join(told)
    )
