"""docs/kota-jambi.md: `uv run python tests/python/region_page.py published/kinerja.duckdb`.

Below each query of the page stands what the file answers.
"""

import re
import sys

import duckdb
from warehouse import PROJECT

PAGE = PROJECT / "docs" / "kota-jambi.md"
_BLOCK = re.compile(r"(```sql\n([^`]*)```\n)(?:\n(?:\|.*\n)+)?")


def page(written: str, connection: duckdb.DuckDBPyConnection) -> str:
    """The page with the answers as they are now; all but the tables below queries stays."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n{_table(connection, block[2])}", written)


def _table(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    found = connection.execute(query)
    names = [str(name) for name, *_ in found.description or ()]
    rows = [names, ["---"] * len(names), *found.fetchall()]
    return "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("\n", "<br>")


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1], read_only=True) as opened:
        text = page(PAGE.read_text(encoding="utf-8"), opened)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
