"""One reader for each kind of printed table, found by what its declaration says."""

from collections.abc import Sequence

from kinerja.instruments.declarations import Table

from ..account import Account
from .addressees import Addressees
from .bands import Bands
from .form import Form
from .numbered_list import NumberedList
from .page_blocks import PageBlocks
from .reader import Reader
from .year_columns import YearColumns

_READERS: dict[str, type[Reader]] = {
    "addressees": Addressees,
    "numbered_list": NumberedList,
    "bands": Bands,
    "year_columns": YearColumns,
    "page_blocks": PageBlocks,
    "form_budget": Form,
}
_BESIDE = {"page_blocks": "page_block_headings", "form_budget": "form_targets"}
"""Kinds that are printed, and so read, together with another one."""


def readers(tables: Sequence[Table], out: Account) -> list[Reader]:
    """What reads the tables of one instrument, in declared order; notes are read beside them."""
    kinds = {table.kind: table for table in tables}
    return [
        _READERS[table.kind](table, kinds.get(_BESIDE.get(table.kind, ""), table), out)
        for table in tables
        if table.kind in _READERS
    ]
