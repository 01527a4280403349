"""The raw gate: what is to become the seeds must pass it first."""

from collections.abc import Sequence
from pathlib import Path

from kinerja.gates.raw import before_storing


def check(copy: Path, documents: Sequence[str]) -> None:
    """Let the raw gate check a staged copy of the seeds; raise StoppedError with its breaches."""
    before_storing(copy, documents)
