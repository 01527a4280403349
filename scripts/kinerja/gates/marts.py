"""The gate before publishing: the finished warehouse, alone and against the last release.

The candidate and the last release are attached read-only; the gate's views look into them, so
nothing is copied. What must hold follows from dbt's manifest (contracts.py), beside a suite that
says what no contract can (marts_suite.yml).
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from kinerja.core import paths
from kinerja.core.database import attach, quoted
from kinerja.core.errors import BadInputError
from kinerja.instruments.declarations import Label

from .contracts import Contract, read
from .expectations import Expectation, label, sql
from .loading import scratch_database
from .results import Verdict

_SUITE = Path(__file__).with_name("marts_suite.yml")
_SQL = "marts.sql"

Columns = Mapping[str, Sequence[str]]
"""The columns of each mart of a file."""


def marts_gate(
    file: Path,
    previous: Path | None = None,
    accepted: Sequence[str] = (),
    *,
    manifest: Path | None = None,
) -> Verdict:
    """Judge the marts of a warehouse file, as Great Expectations.

    With `previous`, the last release, no document may have fewer rows or other figures than there,
    except the documents named in `accepted` (a reprint was taken on purpose). `manifest` is what
    dbt wrote of the build (the project's own where none is named). Raise BadInputError if a file
    cannot be used, or `accepted` names a document that the warehouse does not hold.
    """
    start = time.monotonic()
    if accepted and previous is None:
        raise BadInputError("--accept needs --previous: it names what may differ from it.")
    contracts = read(manifest or paths.manifest())
    with scratch_database() as (connection, _):
        marts = _attached(connection, file, "candidate")
        before = _attached(connection, previous, "previous") if previous else {}
        for mart in marts:
            connection.execute(f"create view {quoted(mart)} as from candidate.marts.{quoted(mart)}")
        _check_accepted(connection, accepted, file, marts)
        from .gx import run  # Great Expectations takes seconds to import

        expected = [
            *expectations(contracts, marts),
            *release_expectations(contracts, marts, before, accepted),
        ]
        outcomes = tuple(run(connection, expected))
        rows = {
            mart: connection.execute(f"select count(*) from {quoted(mart)}").fetchall()[0][0]
            for mart in sorted(marts)
        }
    facts = {"previous": str(previous)} if previous else {}
    return Verdict("marts", str(file), time.monotonic() - start, rows, outcomes, facts)


@cache
def suite() -> dict[str, Any]:
    """Read the suite."""
    data: dict[str, Any] = yaml.safe_load(_SUITE.read_text(encoding="utf-8"))
    return data


def expectations(contracts: Mapping[str, Contract], marts: Columns) -> Iterator[Expectation]:
    """What must hold of a file with these marts; one that is missing or not whole is a breach."""
    for mart, contract in contracts.items():
        present = marts.get(mart, ())
        missing = [column for column in contract.columns if column not in present]
        query = sql(_SQL, "columns", missing if present else ())
        yield Expectation(mart, "columns", label("columns"), query if missing else _NOTHING)
        if not missing:
            rules = suite()["marts"].get(mart, {})
            yield from _of_contract(mart, contract, rules.get("never_blank", ()), marts)
            yield from _of_suite(mart, rules)


_NOTHING = "select '' as message where false"


def _of_contract(
    mart: str, contract: Contract, never_blank: Sequence[str], marts: Columns
) -> Iterator[Expectation]:
    """What dbt has proven of a mart, and columns without nulls that the suite names."""
    proven = dict.fromkeys([*contract.key, *sorted(contract.not_null), *never_blank])
    if filled := list(proven):
        words = label("never_blank", columns=", ".join(filled))
        query = sql(_SQL, "never_blank", mart, filled)
        yield Expectation(mart, "never_blank", words, query)
    for column, (target, key) in contract.references.items():
        if key in marts.get(target, ()):
            words = label("references", column=column, target=target)
            query = sql(_SQL, "references", mart, column, target, key)
            yield Expectation(mart, f"{column}.references", words, query, column=column)
    for column, values in contract.values.items():
        words = label("one_of", column=column, values=", ".join(map(str, values)))
        arguments = {"column": column, "value_set": list(values)}
        yield _native(mart, words, "ExpectColumnDistinctValuesToBeInSet", arguments)


def _of_suite(mart: str, rules: Mapping[str, Any]) -> Iterator[Expectation]:
    for rule in rules.get("expect", ()):
        [native] = [key for key in rule if key.startswith("Expect")]
        yield _native(mart, Label(rule["label_id"], rule["label_en"]), native, rule[native])
    for name, rule in rules.get("none", {}).items():
        words = Label(rule["label_id"], rule["label_en"])
        yield Expectation(mart, name, words, sql(_SQL, "forbidden", mart, rule))


def _native(mart: str, words: Label, native: str, arguments: dict[str, Any]) -> Expectation:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in native)
    name = ".".join(filter(None, (arguments.get("column"), snake.lstrip("_"))))
    return Expectation(mart, name, words, native=native, arguments=arguments)


def release_expectations(
    contracts: Mapping[str, Contract], marts: Columns, before: Columns, accepted: Sequence[str]
) -> Iterator[Expectation]:
    """Nothing of the last release may be lost or changed, but in the accepted documents."""
    is_release = "releases" in marts
    for mart in sorted(before):
        both = set(before[mart]) & set(marts.get(mart, ()))
        if mart not in marts:
            if is_release or mart not in suite()["only_in_releases"]:
                query = sql(_SQL, "lost_mart")
                yield Expectation(mart, "release.lost_mart", label("lost_mart"), query)
            continue
        if "document_id" not in both:
            continue
        if mart not in suite()["may_lose_rows"]:
            query = sql(_SQL, "rows_lost", mart, accepted)
            yield Expectation(mart, "release.rows_lost", label("rows_lost"), query)
        key = contracts[mart].key if mart in contracts else ()
        for column in before[mart]:
            is_figure = any(fnmatch(column, pattern) for pattern in suite()["figures"])
            if is_figure and key and {column, *key} <= both:
                words = label("figure_changed", column=column)
                query = sql(_SQL, "figure_changed", mart, column, key, accepted)
                yield Expectation(mart, f"{column}.figure_changed", words, query, column=column)


def _attached(connection: duckdb.DuckDBPyConnection, file: Path, name: str) -> dict[str, list[str]]:
    """Attach a warehouse file; give its marts with their columns."""
    attach(connection, name, file)
    rows = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        f"where database_name = '{name}' and schema_name = 'marts' group by table_name"
    ).fetchall()
    if not rows:
        raise BadInputError(f"{file} has no marts; build them with: uv run dbt build")
    return dict(rows)


def _check_accepted(
    connection: duckdb.DuckDBPyConnection, accepted: Sequence[str], file: Path, marts: Columns
) -> None:
    known: set[str] = set()
    if accepted and "document_id" in marts.get("documents", ()):
        known = {
            name for (name,) in connection.execute("select document_id from documents").fetchall()
        }
    for document in accepted:
        if document not in known:
            raise BadInputError(f"--accept {document}: {file} has no document of this id.")
