"""Checks of what is declared, before anything is read or built."""

from pathlib import Path


def check(seeds: Path) -> None:
    """Raise BadInputError."""
