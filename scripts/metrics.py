"""MetricFlow's `mf` on the warehouse: read-only, and without its look-up for updates.

Usage: uv run python scripts/metrics.py query --metrics final_score --group-by region__province_name

Arguments are those of `mf` (`--help` lists them). KINERJA_DB names another warehouse file. Errors
are mf's own: one message and a non-zero exit.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> None:
    database = Path(os.environ.get("KINERJA_DB", PROJECT / "kinerja.duckdb")).absolute()
    if not database.is_file():
        sys.exit(f"no warehouse at {database}: run `uv run dbt build` first, or set KINERJA_DB")
    os.environ["KINERJA_DB"] = str(database)
    # profiles.yml hands this to DuckDB: many readers may have the file open beside us.
    os.environ["KINERJA_ACCESS_MODE"] = "read_only"
    os.environ.setdefault("DBT_PROJECT_DIR", str(PROJECT))
    os.environ.setdefault("DBT_PROFILES_DIR", str(PROJECT))

    try:
        from dbt_metricflow.cli.main import cli
        from update_checker import UpdateChecker  # type: ignore[import-untyped]
    except ImportError:
        sys.exit("MetricFlow is not installed: run `uv sync --group metrics`")

    # It asks PyPI at each start and has no switch.
    UpdateChecker.check = lambda *_: None
    cli(arguments, prog_name="metrics.py")


if __name__ == "__main__":
    main()
