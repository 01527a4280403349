"""Checks of declarations and score trees against each other, before anything is read or built.

Each raises BadInputError with one sentence that names the file, the row and the value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path

from kinerja.core.errors import BadInputError

from . import declarations, references, registry
from .declarations import Table
from .headings import header_of, written

_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "addressees": (("addressee",), ()),
    "numbered_list": ((), ("whole_number", "region")),
    "bands": ((), ("range", "grade")),
    "year_columns": (("letter", "year", "score_or_grade"), ("text", "weight")),
    "page_block_headings": (("note",), ()),
    "page_blocks": (("score",), ("whole_number", "region")),
    "form_targets": (("percentage",), ("text", "figure")),
    "form_budget": (("percentage",), ("text", "amount")),
    "notes": (("mark", "letter", "topic"), ()),
}
"""The kinds of tables: the cells that each has, and those of them that have headings."""
_PAIRS = (("page_blocks", "page_block_headings"), ("form_targets", "form_budget"))
_TREE: tuple[str, ...] = ("instrument", "valid_from", "valid_to", "component_code", "parent_code")
_TREE += ("component_level", "aggregation", "weight")


def check(seeds: Path) -> None:
    """Check all that is declared in a folder of seeds; raise BadInputError at the first fault."""
    known = registry.instruments(seeds)
    tables = declarations.tables(seeds)
    place = seeds / "raw" / declarations.FILE
    trees = _trees(seeds)
    bands = references.rows(seeds, "grade_bands", ("instrument",))
    for table in tables.values():
        _check_kind(place, table)
        for name in {table.instrument, *(part.instrument for part in table.parts)} - {None}:
            if name not in known:
                raise BadInputError(
                    f"{place}, table {table.name}: its instrument {name} has no row in "
                    f"{references.path_of(seeds, registry.NAME)}."
                )
        components = {row.component for row in trees if row.instrument == table.instrument}
        graded = any(row["instrument"] == table.instrument for row in bands)
        _check_components(place, table, components, graded=graded)
    for name in known:
        _check_together(place, name, declarations.of_instrument(seeds, name))
    _check_told_apart(place, tables.values())


def _check_kind(place: Path, table: Table) -> None:
    where = f"{place}, table {table.name}"
    if table.kind not in _KINDS:
        raise BadInputError(f"{where}: {table.kind} is no kind of table; {', '.join(_KINDS)} are.")
    there = {column.cell.name for column in table.columns}
    headed = {column.cell.name for column in table.columns if column.headings}
    for cells, found, what in zip(
        _KINDS[table.kind], (there, headed), ("", " with headings"), strict=True
    ):
        for cell in cells:
            if cell not in found:
                raise BadInputError(
                    f"{where}: a table of the kind {table.kind} has a column{what} that holds "
                    f"{cell}; this one has none."
                )
    for part in table.parts:
        if part.heading is None and (len(table.parts) > 1 or table.kind == "notes"):
            raise BadInputError(f"{where}: its part {part.table_id} needs a heading that tells it.")


def _check_components(place: Path, table: Table, components: set[str], *, graded: bool) -> None:
    for column in table.columns:
        where = f"{place}, table {table.name}, column {column.name}"
        for code in (column.component, column.of):
            if code and code not in components:
                raise BadInputError(
                    f"{where}: the component {code} is not in the tree of {table.instrument} "
                    "(reference/score_trees.csv)."
                )
        if column.component_by == "letter" and not (column.of and table.holding("letter")):
            raise BadInputError(
                f"{where}: component_by letter needs `of`, the total that the lettered components "
                "are below, and a column that holds letter."
            )
        if column.cell.among == "grade_bands.grade" and not graded:
            raise BadInputError(
                f"{where}: it holds grades, and {table.instrument} has none in "
                "reference/grade_bands.csv."
            )


def _check_together(place: Path, instrument: str, tables: Sequence[Table]) -> None:
    """Tables that are printed together are declared together, once."""
    kinds = [table.kind for table in tables]
    if not any(table.instrument == instrument for table in tables):
        raise BadInputError(f"{place}: no table is declared for the instrument {instrument}.")
    for one, other in _PAIRS:
        if kinds.count(one) != kinds.count(other) or kinds.count(one) > 1:
            raise BadInputError(
                f"{place}: {instrument} has {kinds.count(one)} tables of the kind {one} and "
                f"{kinds.count(other)} of {other}; one of each, or none, can be read."
            )


def _check_told_apart(place: Path, tables: Iterable[Table]) -> None:
    """The headings of a list announce no other list as well as their own."""
    lists = [table for table in tables if table.kind == "numbered_list"]
    for table in lists:
        cells = [written(heading, ()) for _, heading in table.headings]
        for other in lists:
            header = header_of(cells, other.headings) if other is not table else None
            if header and len(header.positions) >= len(cells):
                raise BadInputError(
                    f"{place}: the headings of {table.name} ({', '.join(cells)}) are all claimed "
                    f"by {other.name} as well."
                )


@dataclass(frozen=True, slots=True)
class _Component:
    """A row of the score trees: the line it stands on, and what must fit together."""

    line: int
    instrument: str
    since: str
    until: str
    component: str
    parent: str
    level: str
    aggregation: str
    weight: str

    def holds_in(self, year: str) -> bool:
        """Whether the row holds in a year."""
        return self.since <= year and (not self.until or year <= self.until)


def _trees(seeds: Path) -> list[_Component]:
    """The rows of the score trees, checked for each year from which an instrument's rows hold."""
    path = references.path_of(seeds, "score_trees")
    rows = references.rows(seeds, "score_trees", _TREE)
    found = [_Component(line, *row.values()) for line, row in enumerate(rows, start=2)]
    for instrument in sorted({row.instrument for row in found}):
        own = [row for row in found if row.instrument == instrument]
        for year in sorted({row.since for row in own}):
            _check_tree(path, [row for row in own if row.holds_in(year)])
    return found


def _check_tree(path: Path, rows: Sequence[_Component]) -> None:
    """One tree: every component below the index has a parent in it, and weights sum to 1."""
    by_code: dict[str, _Component] = {}
    for row in rows:
        where = f"{path}, line {row.line}"
        other = by_code.setdefault(row.component, row)
        if other is not row:
            raise BadInputError(f"{where}: {row.component} stands on line {other.line} already.")
    tops = [row for row in rows if not row.parent and row.aggregation != "difference"]
    for row in tops[1:]:
        raise BadInputError(
            f"{path}, line {row.line}: {row.component} ({row.level}) has no parent; only "
            f"{tops[0].component} on line {tops[0].line} is at the top."
        )
    for row in rows:
        _check_reaches_top(path, row, by_code)
    children = sorted((row for row in rows if row.parent), key=lambda row: row.parent)
    for parent, siblings in groupby(children, key=lambda row: row.parent):
        _check_weights(path, by_code[parent], list(siblings))


def _check_reaches_top(path: Path, row: _Component, by_code: dict[str, _Component]) -> None:
    above, passed = row, {row.component}
    while above.parent:
        if above.parent not in by_code:
            raise BadInputError(
                f"{path}, line {above.line}: {above.component} is below {above.parent}, which is "
                f"no component of {above.instrument} in those years."
            )
        above = by_code[above.parent]
        if above.component in passed:
            raise BadInputError(
                f"{path}, line {row.line}: {row.component} is below itself, by {row.parent}."
            )
        passed.add(above.component)


def _check_weights(path: Path, parent: _Component, children: Sequence[_Component]) -> None:
    """Weights of siblings sum to exactly 1; children that count alike have none."""
    weighted = [row for row in children if row.weight]
    if not weighted and parent.aggregation != "weighted_mean":
        return
    for row in children:
        try:
            Decimal(row.weight)
        except InvalidOperation:
            raise BadInputError(
                f"{path}, line {row.line}: the weight of {row.component} is "
                f"{row.weight or 'blank'}; it must be a number, as {parent.component} weighs."
            ) from None
    total = sum(Decimal(row.weight) for row in children)
    if total != 1:
        raise BadInputError(
            f"{path}, line {children[0].line}: the components below {parent.component} weigh "
            f"{total} together ({' + '.join(row.weight for row in children)}); they must weigh 1."
        )
