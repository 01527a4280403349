"""What must hold of the raw files: the rules, and the expectations that follow from a declaration.

A rule is a name, the columns that it concerns, its words (words.yml), and a macro of its name in
sql/raw.sql.
A new table or column needs none: what it declares decides which rules concern it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from kinerja.instruments.declarations import Column, Table

from .expectations import Expectation, label, span, sql

_SQL = "raw.sql"


RULES: dict[str, Callable[[Column], bool]] = {
    "filled": lambda column: column.required,
    "vocabulary": lambda column: column.cell.among is not None and column.cell.pattern is None,
    "format": lambda column: column.cell.pattern is not None,
    "bounds": lambda column: column.between is not None,
    "scale": lambda column: bool(column.component or column.component_by),
}
"""Rule of single cells → which columns it concerns."""


def shown(table: str) -> str:
    """A raw file as people find it, below the folder of seeds."""
    return f"raw/{table}.csv"


def is_allowable(expectation: str) -> bool:
    """Whether a document may break it if a person says so: bounds, and what stands once."""
    return expectation == "once" or expectation.startswith("document.") or ".bounds" in expectation


def expectations(
    table: Table, present: Collection[str], accepted: Sequence[str] = ()
) -> Iterator[Expectation]:
    """What must hold of the file of a table, of whose columns these are present.

    The control totals of the documents in `accepted` are left out: they are being accepted.
    """
    file = shown(table.name)
    columns = [column for column in table.columns if column.name in present]
    is_whole = len(columns) == len(table.columns)
    text = sql(_SQL, "text", table, [column.name for column in columns])
    yield Expectation(file, "text", label("text"), text)
    for column in columns:
        for rule, concerns in RULES.items():
            # A scale is looked up by other columns beside its own.
            if concerns(column) and (is_whole or rule != "scale"):
                words = label(rule, column=column, bounds=span(column.between))
                query = sql(_SQL, rule, table, column)
                yield Expectation(file, f"{column.name}.{rule}", words, query, column=column.name)
    for name, key in (("key", table.key), ("once", table.once)):
        if key and set(key) <= set(present):
            names = " | ".join(key)
            query = sql(_SQL, "repeated", table, key)
            yield Expectation(file, name, label("repeated", columns=names), query, column=names)
    if not is_whole:
        return
    for bound in table.plausible:
        query = sql(_SQL, "plausible", table, bound)
        yield Expectation(file, f"document.{bound.name}", bound.label, query)
    if table.figures:
        yield totals(table, accepted)


def totals(table: Table, accepted: Sequence[str] = ()) -> Expectation:
    """The control totals of a table's file are those that were accepted."""
    query = sql(_SQL, "other_totals", table, accepted)
    return Expectation(shown(table.name), "totals", label("other_totals"), query)
