"""What people call printed tables and their columns: as declared, else as the marts name them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kinerja.core import paths
from kinerja.instruments import declarations
from kinerja.instruments.declarations import Label, Part, Table


def of_table(instrument: str, table_id: str) -> Label:
    """The name of a printed table, or of all of a document together."""
    parts = (part for table in _tables(instrument) for part in _parts(table))
    return next((part.label for part in parts if part.table_id == table_id), _in_words(table_id))


def of_column(
    instrument: str, table_id: str, column: str, components: Mapping[str, Label]
) -> Label:
    """What a reader of the document calls a column.

    `components` are the labels of the instrument's components: a column of scores without a name
    of its own is called what its component is. Page blocks have columns by block and place.
    """
    block, _, place = column.partition(":")
    if place:
        return Label(*(text.format(block, place) for text in words()["block_column"]))
    # Marts add the unit to the name of an amount.
    names = (column, column.removesuffix("_rupiah"))
    here_first = sorted(
        _tables(instrument),
        key=lambda table: table_id not in {one.table_id for one in _parts(table)},
    )
    for table in here_first:
        for one in table.columns:
            if one.name in names:
                label = one.label or components.get(one.component or column)
                return label or _in_words(column)
    return components.get(column, _in_words(column))


@cache
def words() -> dict[str, Any]:
    """The words of findings that belong to no table, in both languages: see words.yml."""
    text = Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _tables(instrument: str) -> tuple[Table, ...]:
    return declarations.of_instrument(paths.seeds(), instrument)


def _parts(table: Table) -> tuple[Part, ...]:
    return table.parts if table.together is None else (*table.parts, table.together)


def _in_words(code: str) -> Label:
    text = code.replace("_", " ").capitalize()
    return Label(text, text)
