"""What the site reads of a published file: each query of sql/ once, as rows by name."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from kinerja.core.database import attached, built
from kinerja.core.errors import BadInputError

Row = dict[str, Any]
_QUERIES = Path(__file__).with_name("sql")
# Signs that are not seen, and turn what follows them or end its line.
_UNSEEN = re.compile("[\x1c-\x1e\x85\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U0001efff]")


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
        rows = (dict(zip(names, row, strict=True)) for row in result.fetchall())
        self._read[query] = [apart(row) for row in rows]
        return self._read[query]


@contextmanager
def opened(file: Path) -> Iterator[Warehouse]:
    """Open a published file; a BadInputError says why it cannot be one."""
    built(file, "Publish it first: uv run kinerja publish")
    with attached(release=file) as connection:
        connection.execute("use release")
        yield Warehouse(connection, file)


def apart(value: Any) -> Any:
    """A value whose texts turn nothing around them, wherever they stand: in a page, title, drawing.

    An unseen sign is shown as its code; letters that are read leftward are isolated.
    """
    if isinstance(value, str):
        if value.isascii():
            return value
        seen = _UNSEEN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", value)
        return f"\u2068{seen}\u2069" if _LEFTWARD.search(seen) else seen
    if isinstance(value, dict):
        return {name: apart(one) for name, one in value.items()}
    if isinstance(value, list):
        return [apart(one) for one in value]
    return value


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
