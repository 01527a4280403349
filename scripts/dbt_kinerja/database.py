"""The file that dbt builds, opened before dbt opens it."""

from pathlib import Path
from typing import Any

import duckdb
from kinerja.core import building
from kinerja.core.building import why_not

from dbt_kinerja.words import in_words_of_dbt

__all__ = ["MAKES_THE_FILE", "hold", "why_not"]

# Commands that make the file when it is not there; the others want one that was built.
MAKES_THE_FILE = ("build", "run", "seed", "snapshot", "compile", "run-operation")


def hold(
    file: Path, options: dict[str, Any], *, may_be_new: bool = True
) -> duckdb.DuckDBPyConnection:
    """`building.hold`; what it says ends dbt."""
    with in_words_of_dbt():
        return building.hold(file, options, may_be_new=may_be_new)
