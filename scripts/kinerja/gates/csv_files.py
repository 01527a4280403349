"""CSV files into DuckDB, each cell as text, each row with the line of the file that it stands on.

A sound file is read by DuckDB alone, in parallel and without its rows passing through Python.
Only a file that is not sound (a broken encoding, blank lines, rows of other lengths, cells over
several lines) is read line by line, so that every fault gets its exact line.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from kinerja.core.database import literal, quoted

from .results import Breach

LINE = "csv_line"
_CHUNK = 1 << 24
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Loaded:
    """A file as loaded: its columns as printed, and the faults of its form."""

    columns: list[str] = field(default_factory=list)
    faults: list[Breach] = field(default_factory=list)
    rows: int = 0


def load(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, shown: str, scratch: Path
) -> Loaded:
    """Load `path` as view `name`; return its columns and the faults of its form.

    Nothing is loaded from a file whose encoding or separator makes every row unreadable.
    """
    loaded = Loaded()
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        loaded.faults.append(Breach(shown, None, None, None, "file", "the file is empty"))
        return loaded
    if start.startswith(_UTF16) or b"\0" in start:
        message = "the file is not text in UTF-8 (it looks like UTF-16); save it as UTF-8"
        loaded.faults.append(Breach(shown, None, None, None, "encoding", message))
        return loaded
    if start.startswith(codecs.BOM_UTF8):
        message = "the file starts with a byte order mark; save it as UTF-8 without one"
        loaded.faults.append(Breach(shown, 1, None, None, "encoding", message))
    loaded.columns = _header(path)
    if len(loaded.columns) == 1 and (";" in loaded.columns[0] or "\t" in loaded.columns[0]):
        message = "cells are separated by another sign than a comma; save it as CSV with commas"
        loaded.faults.append(Breach(shown, 1, None, loaded.columns[0], "separator", message))
        loaded.columns = []
        return loaded
    names = _unique(loaded.columns)
    rows = _load_sound(connection, path, name, names)
    if rows is None:
        rows = _load_line_by_line(connection, path, name, names, shown, scratch, loaded)
    loaded.rows = rows
    return loaded


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return next(csv.reader(file), [])


def _unique(columns: list[str]) -> list[str]:
    """Column names that a table can have: a repeated or blank one gets its position."""
    names: list[str] = []
    for position, column in enumerate(columns, start=1):
        taken = not column or column.lower() in {name.lower() for name in [*names, LINE]}
        names.append(f"{column}#{position}" if taken else column)
    return names


def _lines(path: Path) -> int:
    """The lines of a file, its header and a last one without an end included."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines, last = lines + chunk.count(b"\n"), chunk
    return lines + (not last.endswith(b"\n"))


def _read_csv(path: Path, columns: list[str], *, header: bool = True) -> str:
    types = ", ".join(f"{literal(column)}: 'varchar'" for column in columns)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = {str(header).lower()}, "
        "delim = ',', quote = '\"', escape = '\"', nullstr = '', max_line_size = 4000000, "
        f"columns = {{{types}}})"
    )


def _load_sound(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, columns: list[str]
) -> int | None:
    """Load a file of one row a line, in UTF-8; give its rows, or None if it is not one."""
    cells = quoted(f"{name}__cells")
    try:
        connection.execute(f"create table {cells} as from {_read_csv(path, columns)}")
    except duckdb.Error:
        return None
    [(rows,)] = connection.execute(f"select count(*) from {cells}").fetchall()
    if rows != _lines(path) - 1:
        connection.execute(f"drop table {cells}")
        return None
    # Rows keep the order of the file, so the first row stands on line 2.
    connection.execute(f"create view {quoted(name)} as select rowid + 2 as {LINE}, * from {cells}")
    return int(rows)


def _load_line_by_line(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    columns: list[str],
    shown: str,
    scratch: Path,
    loaded: Loaded,
) -> int:
    """Load any other file from a copy in which each row carries its line; give its rows."""
    copy, rows = scratch / f"{name}.csv", 0
    with copy.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        for line, row in _rows(path, shown, loaded.faults):
            if len(row) == len(columns):
                out.writerow([line, *row])
                rows += 1
                continue
            # Which cell is lost or too many cannot be known: nothing else of the row is judged.
            text, message = ",".join(row) or None, "a blank line"
            if row:
                message = f"{len(row)} cells where the header has {len(columns)}"
            loaded.faults.append(Breach(shown, line, None, text, "row_length", message))
    source = _read_csv(copy, [LINE, *columns], header=False)
    connection.execute(
        f"create table {quoted(name)} as select * replace (cast({LINE} as bigint) as {LINE}) "
        f"from {source}"
    )
    copy.unlink()
    return rows


def _rows(path: Path, shown: str, faults: list[Breach]) -> Iterator[tuple[int, list[str]]]:
    """Each row below the header with the line that it begins on; undecodable bytes as U+FFFD."""
    with path.open("rb") as binary:
        text = io.TextIOWrapper(binary, encoding="utf-8-sig", errors="replace", newline="")
        reader = csv.reader(line.replace("\0", "\ufffd") for line in text)
        begins = 1
        try:
            for row in reader:
                if begins > 1:
                    yield begins, row
                begins = reader.line_num + 1
        except csv.Error:
            message = "a quotation mark opens here and is not closed; nothing below can be read"
            faults.append(Breach(shown, begins, None, None, "quotation", message))
