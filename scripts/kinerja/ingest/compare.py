"""What a document is to what is stored: new, the same, or a reprint with other cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kinerja.core.errors import BadInputError
from kinerja.instruments.declarations import Table

_PLACE = "source_line"
_COLUMN, _OLD, _NEW = " column", " stored", " new"
"""Names beside those of a table's own columns, none of which begins with a blank."""


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
) -> list[Change]:
    """Compare a document's rows (CSV without headings) in every raw seed, cell by cell.

    The line that a row stands on counts too. Stored rows come first, in their order.
    """
    differing = [table for table in tables if stored[table.name] != new[table.name]]
    return [change for table in differing for change in _changes_of(table, stored, new)]


def only_moved(found: Sequence[Change]) -> bool:
    """Whether nothing but the place in the file differs: the same figures in another file."""
    return all(change.column == _PLACE for change in found)


def _changes_of(
    table: Table, stored: Mapping[str, bytes], new: Mapping[str, bytes]
) -> list[Change]:
    import polars as pl  # it takes longer to import than most documents to read

    key = ["table_id", *table.order]
    schema = dict.fromkeys(table.names, pl.String)

    def cells(data: bytes) -> pl.DataFrame:
        rows = (
            pl.read_csv(data, has_header=False, schema=schema, empty_string_is_null=False)
            if data
            else pl.DataFrame(schema=schema)
        )
        own = rows.drop("document_id")
        return own.unpivot(index=key, variable_name=_COLUMN, value_name=_OLD)

    try:
        before, after = cells(stored[table.name]), cells(new[table.name]).rename({_OLD: _NEW})
    except pl.exceptions.PolarsError as error:
        raise BadInputError(f"raw/{table.name}.csv is damaged ({error}); restore it.") from None
    both = before.join(
        after, on=[*key, _COLUMN], how="full", coalesce=True, maintain_order="left_right"
    )
    return [
        Change(
            table.name,
            " ".join(f"{name}={row[name]}" for name in key),
            row[_COLUMN],
            row[_OLD],
            row[_NEW],
        )
        for row in both.filter(pl.col(_OLD).ne_missing(pl.col(_NEW))).iter_rows(named=True)
    ]
