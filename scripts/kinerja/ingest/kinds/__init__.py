"""One reader for each kind of printed table, found by what its declaration says."""

from collections.abc import Sequence

from kinerja.instruments.declarations import Table

from . import addressees, bands, form, numbered_list, page_blocks, year_columns
from .layout import Layout

_ALONE = {
    "addressees": addressees.layout,
    "numbered_list": numbered_list.layout,
    "bands": bands.layout,
    "year_columns": year_columns.layout,
}
_IN_PAIRS = {
    ("page_block_headings", "page_blocks"): page_blocks.layout,
    ("form_targets", "form_budget"): form.layout,
}


def layouts(tables: Sequence[Table]) -> tuple[Layout, ...]:
    """What reads the tables of one instrument, in declared order; notes are read beside them."""
    kinds = {table.kind: table for table in tables}
    alone = [_ALONE[table.kind](table) for table in tables if table.kind in _ALONE]
    together = [
        layout(kinds[one], kinds[other])
        for (one, other), layout in _IN_PAIRS.items()
        if one in kinds and other in kinds
    ]
    return (*alone, *together)
