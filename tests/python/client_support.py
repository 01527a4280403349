"""What the tests of clients share: a warehouse built once, and what may be missing."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def unavailable(reason: str) -> NoReturn:
    """Skip where a person has no such client; fail in CI, which must have them all."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must have it", pytrace=False)
    pytest.skip(reason)


@functools.cache
def built_project() -> tuple[Path, Path]:
    """The warehouse, built once per test run: (database file, dbt's target folder)."""
    holder = tempfile.TemporaryDirectory(prefix="kinerja-clients-")
    built_project.__dict__["holder"] = holder  # kept until the run ends
    folder = Path(holder.name)
    database, target = folder / "kinerja.duckdb", folder / "target"
    done = subprocess.run(
        ["dbt", "--quiet", "build", "--target-path", target, "--log-path", folder / "logs"],
        cwd=PROJECT,
        env=os.environ | {"KINERJA_DB": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"dbt build failed:\n{done.stdout}{done.stderr}", pytrace=False)
    return database, target


def replace_atomically(source: Path, published: Path) -> None:
    """Put a copy of `source` in the place of `published` in one step, as publishing does."""
    incoming = published.with_name(f".{published.name}.incoming")
    shutil.copyfile(source, incoming)
    incoming.replace(published)
