"""A folder of seeds into the gate's own database, and the faults of form found on the way."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kinerja.core.errors import BadInputError
from kinerja.instruments.declarations import Table

from . import totals
from .csv_files import Loaded, load
from .expectations import label, sql
from .results import LISTED, Breach, Outcome
from .rules import shown

# What rules ask beside the seeds that cells are values of: words, editions, scales, the register.
_ALWAYS = (
    "document_register",
    "known_discrepancies",
    "printed_words",
    "region_names",
    "score_trees",
)
_FORM = ("file", "encoding", "separator", "row_length", "quotation", "columns")
"""Checks of a file's form, by name."""


@contextmanager
def scratch_database() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database in a folder of its own, both gone afterwards; what it needs goes to disk.

    KINERJA_MEMORY_LIMIT is how much memory it may take (1GB).
    """
    with tempfile.TemporaryDirectory(prefix="kinerja-gate-") as folder:
        scratch = Path(folder)
        memory = os.environ.get("KINERJA_MEMORY_LIMIT", "1GB")
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": "2",
            "temp_directory": str(scratch / "spill"),
        }
        connection = duckdb.connect(scratch / "gate.duckdb", config=config)
        try:
            # Its bar goes to standard output, among what `--json` prints.
            connection.execute("set enable_progress_bar = false")
            yield connection, scratch
        finally:
            connection.close()


def load_seeds(
    connection: duckdb.DuckDBPyConnection,
    seeds: Path,
    tables: Mapping[str, Table],
    scratch: Path,
) -> dict[str, Loaded]:
    """Load the raw files of `seeds`, and the reference seeds that they are checked against.

    Gives what was found of each raw file, declared or not; raises BadInputError where a reference
    seed cannot be used.
    """
    cells = [column.cell for table in tables.values() for column in table.columns]
    among = {cell.among.partition(".")[0] for cell in cells if cell.among}
    for name in sorted({*_ALWAYS, *among}):
        path = seeds / "reference" / f"{name}.csv"
        if not path.is_file():
            raise BadInputError(f"{path} is not there; the raw files are checked against it.")
        reference = load(connection, path, name, f"reference/{name}.csv", scratch)
        if reference.faults:
            raise BadInputError(f"{reference.faults[0]}; the raw files are checked against it.")
    derive_components(connection)
    totals.load_accepted(connection, seeds, scratch)
    loaded = {name: _raw(connection, seeds, table, scratch) for name, table in tables.items()}
    for path in sorted((seeds / "raw").glob("*.csv")):
        if path.stem not in tables:
            loaded[path.stem] = _without_file(path.stem, "no raw file of this name is known")
    connection.execute("checkpoint")
    return loaded


def derive_components(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of the components of every edition from the loaded score trees."""
    connection.execute(f"create table edition_components as {sql('raw.sql', 'edition_components')}")


def form_of(loaded: Mapping[str, Loaded]) -> Iterator[Outcome]:
    """The checks of form, made while the files were loaded: one outcome for each file and check."""
    for name, file in loaded.items():
        for check in _FORM:
            faults = [fault for fault in file.faults if fault.expectation == check]
            words = label("header" if check == "columns" else check)
            yield Outcome(shown(name), check, "form", words, len(faults), tuple(faults[:LISTED]))


def _raw(connection: duckdb.DuckDBPyConnection, seeds: Path, table: Table, scratch: Path) -> Loaded:
    path = seeds / "raw" / f"{table.name}.csv"
    if not path.is_file():
        return _without_file(table.name, "the file is missing")
    loaded = load(connection, path, table.name, shown(table.name), scratch)
    if loaded.columns:
        loaded.faults += _header_faults(shown(table.name), loaded.columns, table.names)
    return loaded


def _without_file(name: str, message: str) -> Loaded:
    return Loaded(faults=[Breach(shown(name), None, None, None, "file", message)])


def _header_faults(file: str, printed: list[str], declared: Sequence[str]) -> Iterator[Breach]:
    """What a header lacks, what it has too much; else whether the order differs."""
    faults = [(column, "the column is missing") for column in declared if column not in printed]
    for position, column in enumerate(printed):
        if column not in declared:
            faults.append((column, "no column of this name is known"))
        elif column in printed[:position]:
            faults.append((column, "the column stands twice"))
    for column, message in faults:
        yield Breach(file, 1, column, None, "columns", message)
    if not faults and printed != list(declared):
        message = f"the columns must stand in this order: {','.join(declared)}"
        yield Breach(file, 1, None, ",".join(printed), "columns", message)
