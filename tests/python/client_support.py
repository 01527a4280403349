"""What the tests of clients share: what may be missing, and how a file is replaced."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def unavailable(reason: str) -> NoReturn:
    """Skip where a person has no such client; fail in CI, which must have them all."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must have it", pytrace=False)
    pytest.skip(reason)


def replace_atomically(source: Path, published: Path) -> None:
    """Put a copy of `source` in the place of `published` in one step, as publishing does."""
    incoming = published.with_name(f".{published.name}.incoming")
    shutil.copyfile(source, incoming)
    incoming.replace(published)
