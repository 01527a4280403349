"""An expectation as data, and what DuckDB says of it.

The SQL of all of them stands in sql/, as macros of Jinja.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from kinerja.core.database import records
from kinerja.core.sql import macro, templates
from kinerja.instruments.declarations import Bounds, Label

from .results import LISTED, Breach, Outcome, in_order

_SQL = Path(__file__).parent / "sql"
_WORDS = Path(__file__).with_name("words.yml")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold of `subject` (a raw file, a mart), in words and to be run.

    `query` selects the rows that break it, as columns message and, where they apply, csv_line,
    column_name, value and problem (the expectation's name where it knows only one). Instead,
    `native` names an expectation of Great Expectations with its arguments, for the mart `subject`.
    """

    subject: str
    name: str
    label: Label
    query: str | None = None
    native: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    column: str | None = None


Runner = Callable[[duckdb.DuckDBPyConnection, Sequence[Expectation]], Iterator[Outcome]]
"""Evaluates expectations on a connection, each with its outcome, in their order."""


def span(bounds: Bounds | None) -> str:
    """Two bounds as people write them, such as "0–100"; either may be open."""
    return "–".join("" if bound is None else str(bound) for bound in bounds or ())


templates(_SQL).filters["span"] = span


def in_duckdb(
    connection: duckdb.DuckDBPyConnection, expectations: Sequence[Expectation]
) -> Iterator[Outcome]:
    """Evaluate expectations that are queries, without Great Expectations."""
    for expectation in expectations:
        yield outcome_of(connection, expectation)


def outcome_of(
    connection: duckdb.DuckDBPyConnection, expectation: Expectation, count: int | None = None
) -> Outcome:
    """The outcome of a query; `count` is the number of its rows where that is known already."""
    listed: list[Breach] = []
    try:
        if count != 0:
            listed = _breaches(connection, expectation)
        if count is None or count < len(listed):
            count = len(listed)
            if count == LISTED:
                [(count,)] = connection.execute(
                    f"select count(*) from ({expectation.query})"
                ).fetchall()
    except duckdb.Error as error:
        reason = f"could not be evaluated: {str(error).splitlines()[0]}"
        place = (expectation.subject, None, expectation.column, None, expectation.name)
        listed, count = [Breach(*place, reason)], 1
    return Outcome(
        expectation.subject,
        expectation.name,
        "query",
        expectation.label,
        count,
        tuple(in_order(listed)),
    )


def sql(file: str, name: str, *arguments: object) -> str:
    """A query from a file of sql/."""
    return macro(_SQL / file, name, *arguments)


def label(check: str, **given: object) -> Label:
    """What a check asks, in words (words.yml)."""
    indonesian, english = _words()[check]
    return Label(indonesian.format(**given), english.format(**given))


@cache
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return words


def _breaches(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> list[Breach]:
    """The rows that break a query's expectation, at most `LISTED`."""
    rows = records(connection.execute(f"select * from ({expectation.query}) limit {LISTED}"))
    return [
        Breach(
            expectation.subject,
            row.get("csv_line"),
            row.get("column_name"),
            row.get("value"),
            row.get("problem") or expectation.name.rpartition(".")[2],
            row["message"],
        )
        for row in rows
    ]
