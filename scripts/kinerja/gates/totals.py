"""Control totals: what the figures of a document add up to, written down when they were accepted.

Arithmetic inside a document finds most changed digits, but not those that rounding or a missing
page leaves room for. A sum finds each of them, and a person can add it up with the document in
hand: for each column of figures how many there are and their total, for each word (a grade, "NA")
how often it stands there.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from kinerja.core.errors import BadInputError
from kinerja.core.files import write_whole
from kinerja.instruments.declarations import Table

from .csv_files import load
from .expectations import sql

NAME = "control_totals"
COLUMNS = ("seed_name", "document_id", "table_id", "column_name", "word", "cells", "total", "basis")


def load_accepted(connection: duckdb.DuckDBPyConnection, seeds: Path, scratch: Path) -> None:
    """Load the accepted totals; without the file nothing has been accepted yet."""
    path = _path(seeds)
    if path.is_file():
        loaded = load(connection, path, NAME, f"reference/{NAME}.csv", scratch)
        if loaded.faults or tuple(loaded.columns) != COLUMNS:
            raise BadInputError(f"{path} is not a table of control totals; restore it.")
    else:
        columns = ", ".join(f"{column} varchar" for column in COLUMNS)
        connection.execute(f"create table {NAME} ({columns})")


def accept(
    connection: duckdb.DuckDBPyConnection,
    seeds: Path,
    tables: Iterable[Table],
    documents: Sequence[str],
) -> None:
    """Write the totals of these documents as they are now into the seeds; others keep theirs.

    They are worked out from what was read, and say so (`basis`).
    """
    query = sql("raw.sql", "totals_to_write", tables, documents)
    rows = connection.execute(query).fetchall()
    text = io.StringIO()
    lines = sorted(["" if cell is None else str(cell) for cell in row] for row in rows)
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *lines])
    write_whole(_path(seeds), text.getvalue())


def _path(seeds: Path) -> Path:
    return seeds / "reference" / f"{NAME}.csv"
