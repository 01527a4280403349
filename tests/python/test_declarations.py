"""A printed table is declared once: nothing else of the product says what columns it has."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kinerja.instruments.declarations import tables
from warehouse import PROJECT

TABLES = tables(PROJECT / "seeds")

# What may not list the columns of a printed table: the Python, YAML and macros of the product.
# Examples in the unit tests of models are rows, and staging models may select what they name.
PLACES = {
    "scripts/kinerja": ("*.py", "*.yml", "*.sql", "*.j2"),
    "scripts/dbt_kinerja": ("*.py",),
    "macros": ("*.sql", "*.yml"),
    "models": ("*.yml",),
    "seeds/reference": ("*.yml",),
}


def product_files() -> Iterator[Path]:
    for place, patterns in PLACES.items():
        for pattern in patterns:
            for path in (PROJECT / place).rglob(pattern):
                if "unit_tests" not in path.name:
                    yield path


def listed_again(files: Iterable[Path]) -> list[str]:
    """Files that name a printed table and two columns that not every table has.

    One of them may be chance ("target" is a word of dbt); a table's name is none where it is
    `source__entity`.
    """
    everywhere = set.intersection(*(set(table.names) for table in TABLES.values()))
    own = {
        name: set(table.names) - everywhere - {"row_no"}
        for name, table in TABLES.items()
        if "__" in name
    }
    found = []
    for file in files:
        words = set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
        for name, columns in own.items():
            said = columns & words
            if name in words and len(said) >= min(2, len(columns)):
                found.append(f"{file}: {name} has {', '.join(sorted(said))}")
    return found


def test_the_columns_of_a_printed_table_are_said_in_its_declaration_alone() -> None:
    files = list(product_files())
    assert {path.suffix for path in files} >= {".py", ".yml", ".sql"}
    assert listed_again(files) == []


def test_who_lists_them_again_is_found(tmp_path: Path) -> None:
    assert len(listed_again([PROJECT / "seeds/raw/_raw__seeds.yml"])) == len(TABLES) - 1  # notes
    for name, table in TABLES.items():
        if "__" in name:
            again = tmp_path / f"{name}.py"
            again.write_text(f"COLUMNS = {{{name!r}: {table.names}}}\n", encoding="utf-8")
            [found] = listed_again([again])
            assert str(again) in found
