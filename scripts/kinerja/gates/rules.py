"""What must hold of the raw files: the rules, and the expectations that follow from a declaration.

A rule is a name, the columns that it concerns, its words, and a macro of its name in sql/raw.sql.
A new table or column needs none: what it declares decides which rules concern it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from kinerja.instruments.declarations import Column, Label, Table

from .expectations import Expectation, span, sql

_SQL = "raw.sql"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of single cells: which columns it concerns, and what it asks of one."""

    name: str
    concerns: Callable[[Column], bool]
    says: Callable[[Column], Label]


RULES = (
    Rule("filled", lambda column: column.required, lambda column: Label("terisi", "filled")),
    Rule(
        "vocabulary",
        lambda column: column.cell.among is not None and column.cell.pattern is None,
        lambda column: column.cell.label,
    ),
    Rule(
        "format",
        lambda column: column.cell.pattern is not None,
        lambda column: column.cell.label,
    ),
    Rule(
        "bounds",
        lambda column: column.between is not None,
        lambda column: Label(
            f"dalam batas {span(column.between)}", f"within {span(column.between)}"
        ),
    ),
    Rule(
        "scale",
        lambda column: bool(column.component or column.component_by),
        lambda column: Label("di dalam skala", "inside the scale"),
    ),
)


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
    yield Expectation(
        file,
        "text",
        Label("teks bersih dalam UTF-8", "clean text in UTF-8"),
        sql(_SQL, "text", table, [column.name for column in columns]),
    )
    for column in columns:
        for rule in RULES:
            # A scale is looked up by other columns beside its own.
            if rule.concerns(column) and (is_whole or rule.name != "scale"):
                label = rule.says(column)
                yield Expectation(
                    file,
                    f"{column.name}.{rule.name}",
                    Label(f"{column.name}: {label.id}", f"{column.name}: {label.en}"),
                    sql(_SQL, rule.name, table, column),
                    column=column.name,
                )
    for name, key in (("key", table.key), ("once", table.once)):
        if key and set(key) <= set(present):
            words = " | ".join(key)
            label = Label(f"{words}: tidak berulang", f"{words}: stands once")
            query = sql(_SQL, "repeated", table, key)
            yield Expectation(file, name, label, query, column=words)
    if not is_whole:
        return
    for bound in table.plausible:
        query = sql(_SQL, "plausible", table, bound)
        yield Expectation(file, f"document.{bound.name}", bound.label, query)
    if table.figures:
        yield totals(table, accepted)


def totals(table: Table, accepted: Sequence[str] = ()) -> Expectation:
    """The control totals of a table's file are those that were accepted."""
    return Expectation(
        shown(table.name),
        "totals",
        Label("jumlah kontrol seperti yang diterima", "control totals as accepted"),
        sql(_SQL, "other_totals", table, accepted),
    )
