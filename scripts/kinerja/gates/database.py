"""The gate's own DuckDB file, in a temporary folder: what it needs goes to disk, not to memory."""

import os
from pathlib import Path

import duckdb

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": os.environ.get("KINERJA_MEMORY_LIMIT", "1GB"),
    "threads": "2",
}


def open_database(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the gate's database; connections of one process to one file share it."""
    connection = duckdb.connect(path, config=SETTINGS)
    # Its bar goes to standard output, among what `--json` prints.
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"set temp_directory = '{path.parent}/spill'")
    return connection
