"""What the site reads of a published file: each query of sql/ once, as rows by name."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from kinerja.core.database import attached, built
from kinerja.core.errors import BadInputError

Row = dict[str, Any]
_QUERIES = Path(__file__).with_name("sql")


class Warehouse:
    """A published file, open to be read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: Path) -> None:
        self.connection, self.file = connection, file
        self._read: dict[str, list[Row]] = {}

    def rows(self, query: str) -> list[Row]:
        """The rows of sql/QUERY.sql, read once; a BadInputError when the file lacks them."""
        if query in self._read:
            return self._read[query]
        text = (_QUERIES / f"{query}.sql").read_text(encoding="utf-8")
        try:
            result = self.connection.execute(text)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            reason = str(error).splitlines()[0]
            raise BadInputError(
                f"{self.file} is no release that a site can be made of ({query}: {reason}); "
                "publish one with this version: uv run kinerja publish"
            ) from None
        names = [column[0] for column in result.description or ()]
        self._read[query] = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        return self._read[query]


@contextmanager
def opened(file: Path) -> Iterator[Warehouse]:
    """Open a published file; a BadInputError says why it cannot be one."""
    built(file, "Publish it first: uv run kinerja publish")
    with attached(release=file) as connection:
        connection.execute("use release")
        yield Warehouse(connection, file)


def by(rows: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, or of several, in their order."""
    groups: dict[Any, list[Row]] = {}
    key: Callable[[Row], Any] = (
        (lambda row: row[names[0]])
        if len(names) == 1
        else (lambda row: tuple(row[name] for name in names))
    )
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
