"""What a reprint changes in a stored document, cell by cell."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kinerja.instruments.declarations import Table


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs; `before` is None for a new row, `after` None for a vanished one."""

    seed: str
    key: str
    column: str
    before: str | None
    after: str | None


def changes(
    tables: Sequence[Table], stored: Mapping[str, bytes], new: Mapping[str, bytes]
) -> Iterator[Change]:
    """Compare a document's rows (CSV without headings) in every raw seed.

    The line that a row stands on counts too. Stored rows come first, in their order.
    """
    for table in (table for table in tables if stored[table.name] != new[table.name]):
        before, after = _keyed(table, stored[table.name]), _keyed(table, new[table.name])
        apart = {"document_id", "table_id", *table.order}
        for key in before | after:
            old, now = before.get(key, {}), after.get(key, {})
            for column in table.names:
                if column not in apart and old.get(column) != now.get(column):
                    yield Change(table.name, key, column, old.get(column), now.get(column))


def only_moved(found: Sequence[Change]) -> bool:
    """Whether nothing but the place in the file differs: the same figures in another file."""
    return all(change.column == "source_line" for change in found)


def _keyed(table: Table, rows: bytes) -> dict[str, dict[str, str]]:
    reader = csv.DictReader(io.StringIO(rows.decode("utf-8"), newline=""), table.names)
    key = ("table_id", *table.order)
    return {" ".join(f"{name}={row[name]}" for name in key): row for row in reader}
