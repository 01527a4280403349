"""The confirmation sheet: what a person holds beside the paper before a document is stored."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kinerja.core.errors import BadInputError
from kinerja.core.files import write_whole
from kinerja.instruments.declarations import Column, Table

from .documents import Document
from .numbers import value
from .store import csv_bytes

_CODE = re.compile(r"[\dX](?:\.[\dX]{2}){2}(?P<activity>\.\d\.\d{2})?(?P<sub>\.\d+)?(?: .*)?")
BASES = ("read", "document", "person")
"""Whose a total is: worked out from what was just read; printed by the document; typed in by a
person from the paper. The first finds nothing that was misread."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a column of figures adds up to, over all rows and over those of the top level alone.

    `checked` is a total that agrees with one of the two, `basis` whose that is.
    """

    column: str
    cells: int
    total: Decimal
    top: Decimal | None
    printed: Decimal | None
    checked: str = ""
    basis: str = "read"


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A printed table as read: its rows, the last number it prints, its sums, its ends."""

    seed: str
    table_id: str
    rows: int
    columns: int
    last_number: int
    sums: Sequence[Sum]
    first: str
    last: str


def sheets(
    document: Document,
    tables: Mapping[str, Table],
    levels: Mapping[str, str],
    typed: Mapping[str, str],
) -> list[TableSheet]:
    """The sheet of every table of a document.

    `levels` maps the beginning of a budget line's name to its level; `typed` are totals by column
    that a person read on paper.
    """
    return [
        _sheet(tables[seed], table_id, rows, levels, typed, document.facts["number_style"])
        for seed, every in document.rows.items()
        for table_id, rows in _by_part(every).items()
    ]


def untouched(found: Sequence[TableSheet], typed: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each typed total that agrees with nothing that was read."""
    for column, text in typed.items():
        sums = [one for sheet in found for one in sheet.sums if one.column == column]
        if not sums:
            known = sorted({one.column for sheet in found for one in sheet.sums})
            raise BadInputError(f"--total {column}: the columns of figures are {', '.join(known)}.")
        if not any(one.basis == "person" for one in sums):
            read = " or ".join(
                indonesian(n) for one in sums for n in (one.top, one.total) if n is not None
            )
            yield f"{column} is {text} on paper, and {read} as read"


def mark_totals(seeds: Path, checked: Mapping[tuple[str, str, str, str], str]) -> None:
    """Say in the control totals whose each is; `checked` maps seed, document, table and column."""
    path = seeds / "reference" / "control_totals.csv"
    if not checked or not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or ())
        rows = [dict(row) for row in reader]
    for row in rows:
        key = (row["seed_name"], row["document_id"], row["table_id"], row["column_name"])
        if row["word"] == "" and key in checked:
            row["basis"] = checked[key]
    whole = csv_bytes([names, *(list(row.values()) for row in rows)])
    write_whole(path, whole.decode("utf-8"))


def _by_part(rows: Sequence[Sequence[str]]) -> dict[str, list[Sequence[str]]]:
    parts: dict[str, list[Sequence[str]]] = defaultdict(list)
    for row in rows:
        parts[row[1]].append(row)
    return parts


def _sheet(
    table: Table,
    table_id: str,
    rows: Sequence[Sequence[str]],
    levels: Mapping[str, str],
    typed: Mapping[str, str],
    style: str,
) -> TableSheet:
    named = [dict(zip(table.names, row, strict=True)) for row in rows]
    numbers = [int(row["row_no"]) for row in named if row.get("row_no", "").isdigit()]
    figures = (column for column in table.figures if column.cell.number)
    sums = [_sum(column, named, levels, typed, style) for column in figures]
    first, last = (" | ".join(cell for cell in row[3:] if cell) for row in (rows[0], rows[-1]))
    return TableSheet(
        table.name,
        table_id,
        len(rows),
        len(table.names),
        max(numbers, default=0),
        [one for one in sums if one.cells],
        first,
        last,
    )


def _sum(
    column: Column,
    rows: Sequence[Mapping[str, str]],
    levels: Mapping[str, str],
    typed: Mapping[str, str],
    style: str,
) -> Sum:
    """The sum of a column, and with what total it agrees."""
    found = [(row, n) for row in rows if (n := value(row[column.name], style)) is not None]
    level = [(_level(row.get("line_name", ""), levels), n) for row, n in found]
    is_amount = column.cell.name == "amount"
    top = sum((n for at, n in level if at == "program"), Decimal()) if is_amount else None
    printed = next((n for at, n in level if at == "agency"), None) if is_amount else None
    total = sum((n for _, n in found), Decimal())
    given = typed.get(column.name)
    wanted = value(given, style) if given else None
    if given and wanted is None:
        raise BadInputError(f"--total {column.name}={given}: write the total as it is printed.")
    if wanted is not None and wanted in (total, top, printed):
        return Sum(column.name, len(found), total, top, printed, given or "", "person")
    if printed is not None and printed == top:
        return Sum(column.name, len(found), total, top, printed, indonesian(printed), "document")
    return Sum(column.name, len(found), total, top, printed)


def _level(name: str, levels: Mapping[str, str]) -> str:
    """The level of a budget line: that of its account code, else of how its name begins."""
    if code := _CODE.fullmatch(name):
        return "sub_activity" if code["sub"] else "activity" if code["activity"] else "program"
    starts = [start for start in levels if f"{name}$".lower().startswith(start.lower())]
    return levels[max(starts, key=len)] if starts else ""


def indonesian(value: Decimal) -> str:
    """A number as these documents print it."""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))
