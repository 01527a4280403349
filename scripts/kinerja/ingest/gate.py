"""The raw gate: what is to become the seeds must pass it first."""

from collections.abc import Sequence
from pathlib import Path

from kinerja.core.errors import StoppedError
from kinerja.gates import raw_gate

_SHOWN = 5


def check(copy: Path, documents: Sequence[str]) -> None:
    """Let the raw gate check a staged copy of the seeds; raise StoppedError with its breaches.

    The control totals of the documents that are being stored are written down in the copy.
    """
    verdict = raw_gate(copy, documents)
    if not verdict.passed:
        raise StoppedError(
            f"Nothing was stored; the raw gate found {verdict.breach_count} breaches: "
            f"{verdict.told(_SHOWN)}"
        )
