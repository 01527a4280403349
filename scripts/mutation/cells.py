"""The published figures of the raw files, and every way to change one sign of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of published figure: a column of a raw file.

    `alternatives` are the words that a figure without digits may be changed to.
    """

    name: str
    label: str
    seed: str
    column: str
    where: str = "true"
    alternatives: tuple[str, ...] = ()


GRADES = ("A", "A-", "B", "B-", "C", "C-", "D", "E", "F")
PREDICATES = ("AA", "A", "BB", "B", "CC", "C", "D")
_LETTERS = "not regexp_matches({column}, '\\d')"
_DIGITS = "regexp_matches({column}, '\\d')"

KINDS = (
    Kind("final", "smart city: final score", "smart_city__results", "final_score"),
    Kind("improvement", "smart city: improvement", "smart_city__results", "improvement"),
    Kind("index", "public service: index", "public_service__scores", "index_score"),
    Kind(
        "grade", "public service: grade", "public_service__scores", "grade",
        "grade != 'NA'", GRADES,
    ),
    Kind("ceiling", "budget: ceiling", "agency_performance__budget", "ceiling"),
    Kind("realization", "budget: realization", "agency_performance__budget", "realization"),
    Kind("percentage", "budget: percentage", "agency_performance__budget", "realization_pct"),
    Kind(
        "accountability", "accountability: component or total", "accountability__components",
        "value", _DIGITS.format(column="value"),
    ),
    Kind(
        "predicate", "accountability: predicate", "accountability__components", "value",
        _LETTERS.format(column="value"), PREDICATES,
    ),
    Kind("achievement", "targets: achievement", "agency_performance__targets", "achievement_pct"),
)  # fmt: skip
"""What the proof covers."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One changed cell. `row` is the position of the row in its file, from 0."""

    kind: str
    seed: str
    column: str
    row: int
    before: str
    after: str


def kind_named(name: str) -> Kind:
    """A kind by its name."""
    return next(kind for kind in KINDS if kind.name == name)


def changes(text: str, alternatives: tuple[str, ...] = ()) -> list[str]:
    """The text with one of its digits replaced by each other digit, or each other word."""
    if alternatives:
        return [word for word in alternatives if word != text]
    return [
        text[:place] + digit + text[place + 1 :]
        for place, sign in enumerate(text)
        if sign.isdigit()
        for digit in "0123456789"
        if digit != sign
    ]


def mutations(connection: duckdb.DuckDBPyConnection, kind: Kind) -> Iterator[list[Mutation]]:
    """For each cell of a kind, all its mutations, in the order of the file."""
    rows: list[tuple[Any, ...]] = connection.execute(
        f"select rowid, {kind.column} from raw.{kind.seed} "
        f"where {kind.column} is not null and ({kind.where}) order by rowid"
    ).fetchall()
    for row, text in rows:
        found = [
            Mutation(kind.name, kind.seed, kind.column, row, text, after)
            for after in changes(text, kind.alternatives)
        ]
        if found:
            yield found
