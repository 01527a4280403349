"""What a reprint changes in a stored document, cell by cell."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from .schemas import RAW, Schema


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs; `before` is None for a new row, `after` None for a vanished one."""

    seed: str
    key: str
    column: str
    before: str | None
    after: str | None


def changes(stored: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[Change]:
    """Compare a document's rows in every raw seed; the line that a row stands on counts too."""
    found: list[Change] = []
    for seed, schema in RAW.items():
        if stored[seed] != new[seed]:
            found += _changes_of(schema, _keyed(schema, stored[seed]), _keyed(schema, new[seed]))
    return found


def only_moved(found: list[Change]) -> bool:
    """Whether nothing but the place in the file differs: the same figures in another file."""
    return all(change.column == "source_line" for change in found)


def _keyed(schema: Schema, data: bytes) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), schema.columns)
    key = ("table_id", *schema.order)
    return {" ".join(f"{name}={row[name]}" for name in key): row for row in rows}


def _changes_of(
    schema: Schema, stored: dict[str, dict[str, str]], new: dict[str, dict[str, str]]
) -> list[Change]:
    found = []
    for key in [*stored, *(key for key in new if key not in stored)]:
        before, after = stored.get(key), new.get(key)
        for column in schema.columns:
            old = before[column] if before else None
            now = after[column] if after else None
            if old != now and column not in ("document_id", "table_id", *schema.order):
                found.append(Change(schema.name, key, column, old, now))
    return found
