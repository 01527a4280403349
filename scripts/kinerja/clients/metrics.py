"""MetricFlow's `mf` on the warehouse: read-only, and without its look-up for updates."""

import csv
import io
import os
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kinerja.core import paths
from kinerja.core.database import built
from kinerja.core.errors import BadInputError


def ask(words: Sequence[str]) -> int:
    """Let mf answer, as it prints it; give the exit code: 0, or 2 where it could not."""
    os.environ["KINERJA_DB"] = str(built(paths.database()))
    # profiles.yml hands this to DuckDB: many readers may have the file open beside us.
    os.environ["KINERJA_ACCESS_MODE"] = "read_only"
    for variable in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR"):
        os.environ.setdefault(variable, str(paths.project()))
    try:
        from dbt_metricflow.cli.main import cli
        from metricflow.data_table import mf_table
        from update_checker import UpdateChecker  # type: ignore[import-untyped]
    except ImportError:
        raise BadInputError("MetricFlow is not installed: run uv sync --group metrics") from None
    # It asks PyPI at each start and has no switch.
    UpdateChecker.check = lambda *_: None
    # It prints six digits of a number unless told otherwise; rupiah have eleven.
    vars(mf_table)["format"] = _in_full
    try:
        cli(list(words), prog_name="kinerja metrics")
    except SystemExit as ended:
        return 2 if ended.code else 0
    return 0


def _in_full(value: float, how: str) -> str:
    return format(value, ".15g" if how == "g" and abs(value) >= 100_000 else how)


def answer(words: Sequence[str]) -> dict[str, Any]:
    """The same as plain data: `output`, what mf printed, and the `rows` of a query as texts.

    Raises BadInputError with mf's own message.
    """
    said = io.StringIO()
    with TemporaryDirectory() as folder, redirect_stdout(said), redirect_stderr(said):
        file = Path(folder, "rows.csv")
        code = ask([*words, *(["--csv", str(file)] if words[0] == "query" else [])])
        rows = None
        if file.is_file():
            with file.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
    if code:
        raise BadInputError(said.getvalue())
    return {"output": said.getvalue(), "rows": rows}
