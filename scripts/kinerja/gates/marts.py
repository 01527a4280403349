"""The gate before publishing: the finished warehouse, alone and against the last release.

The candidate and the last release are attached read-only; the gate's views look into them, so
nothing is copied. The suite is data (marts_suite.yml).
"""

# ruff: noqa: E501 - SQL reads better in whole lines

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from kinerja.core.database import literal, quoted
from kinerja.core.errors import BadInputError

from .csv_files import LINE
from .database import open_database
from .expectations import Expectation
from .results import LISTED, Breach, Verdict

_SUITE = Path(__file__).with_name("marts_suite.yml")
_RELEASE = "release_comparison"


@cache
def suite() -> dict[str, Any]:
    """Read the suite."""
    data: dict[str, Any] = yaml.safe_load(_SUITE.read_text(encoding="utf-8"))
    return data


def validate_marts(
    database: Path, previous: Path | None = None, accepted: Sequence[str] = ()
) -> Verdict:
    """Run the suite on the marts of a warehouse file, as Great Expectations.

    With `previous`, the last accepted release, no document may have fewer rows or other figures
    than there, except the documents named in `accepted` (a reprint was taken on purpose).
    Raise BadInputError if a file is no warehouse, or `accepted` names a document that it does not hold.
    """
    start = time.monotonic()
    if accepted and previous is None:
        raise BadInputError("--accept needs --previous: it names what may differ from it.")
    from .engine import run  # Great Expectations takes seconds to import

    with tempfile.TemporaryDirectory(prefix="kinerja-gate-") as scratch:
        connection = open_database(Path(scratch) / "gate.duckdb")
        try:
            marts = _attach(connection, database, "candidate")
            _view(connection, "candidate", marts)
            expected = list(expectations(marts))
            facts = {}
            if previous is not None:
                before = _attach(connection, previous, "previous")
                _check_accepted(connection, accepted, database, marts)
                expected += release_expectations(marts, before, accepted)
                facts["previous"] = str(previous)
            connection.execute(f"create view {_RELEASE} as select 1 as {LINE}")
            outcomes = []
            for expectation, outcome in run(connection, expected):
                if outcome.passed or expectation.query is None:
                    outcomes.append(outcome)
                else:
                    listed = tuple(_rows_of(connection, expectation))
                    outcomes.append(replace(outcome, listed=listed))
            rows = {
                mart: connection.execute(f"select count(*) from {quoted(mart)}").fetchall()[0][0]
                for mart in sorted(marts)
            }
        finally:
            connection.close()
    return Verdict("marts", str(database), time.monotonic() - start, rows, tuple(outcomes), facts)


def expectations(marts: dict[str, list[str]]) -> Iterator[Expectation]:
    """The suite for a file with these marts and columns; a mart that is missing is a breach."""
    for mart, rules in suite()["marts"].items():
        present = marts.get(mart, [])
        yield _presence(mart, rules["columns"], present)
        if not set(rules["columns"]) <= set(present):
            continue
        if columns := rules.get("never_blank"):
            yield _never_blank(mart, columns)
        for rule in rules.get("expect", []):
            ((native, arguments),) = (
                (key, value) for key, value in rule.items() if key.startswith("Expect")
            )
            name = ".".join(filter(None, (arguments.get("column"), _snake(native))))
            yield Expectation(
                mart, mart, name, rule["label_id"], rule["label_en"],
                native=native, arguments=arguments,
            )  # fmt: skip
        for name, rule in rules.get("none", {}).items():
            yield _none(mart, name, rule)


def release_expectations(
    marts: dict[str, list[str]], before: dict[str, list[str]], accepted: Sequence[str]
) -> Iterator[Expectation]:
    """Nothing of the last release may be lost or changed, but in the accepted documents."""
    kept = f"document_id not in ({', '.join(map(literal, ['', *accepted]))})"
    for mart in sorted(before):
        if mart not in marts:
            message = literal("the mart is missing; the last release had it")
            query = f"select null as {LINE}, null as column_name, null as value, 'lost_mart' as problem, {message} as message"
            yield _release(mart, "kept", "tabel tetap ada", "the mart is still there", query)
        elif "document_id" in before[mart] and "document_id" in marts[mart]:
            query = f"""
                select null as {LINE}, 'document_id' as column_name, document_id as value,
                    'rows_lost' as problem,
                    concat(coalesce(now.rows, 0), ' rows; the last release had ', before.rows) as message
                from (select document_id, count(*) as rows from previous.marts.{quoted(mart)} group by all) as before
                left join (select document_id, count(*) as rows from candidate.marts.{quoted(mart)} group by all) as now
                    using (document_id)
                where coalesce(now.rows, 0) < before.rows and {kept}
            """
            if mart != "findings":
                labels = (
                    "tiap dokumen tidak kehilangan baris",
                    "no document has fewer rows than in the last release",
                )
                yield _release(mart, "rows", *labels, query)
    for mart, rule in suite()["figures"].items():
        needed = {*rule["key"], rule["value"]}
        if not needed <= set(before.get(mart, [])) or not needed <= set(marts.get(mart, [])):
            continue
        value, keys = rule["value"], ", ".join(rule["key"])
        query = f"""
            select null as {LINE}, '{value}' as column_name,
                concat_ws(' ', {keys}) as value, 'figure_changed' as problem,
                concat(coalesce(cast(now.figure as varchar), 'blank'), '; the last release had ',
                    coalesce(cast(before.figure as varchar), 'blank')) as message
            from (select {keys}, {value} as figure from previous.marts.{quoted(mart)}) as before
            inner join (select {keys}, {value} as figure from candidate.marts.{quoted(mart)}) as now
                using ({keys})
            where now.figure is distinct from before.figure and {kept}
        """
        labels = (
            f"{value}: angka rilis terakhir tidak berubah",
            f"{value}: the figures of the last release are unchanged",
        )
        yield _release(mart, "figures", *labels, query)


def _release(mart: str, name: str, label_id: str, label_en: str, query: str) -> Expectation:
    # The batch is a view of one row that only opens the query; the marts are named in full.
    query = f"select found.* from {{batch}} as opened, ({query}) as found"
    return Expectation(_RELEASE, mart, f"release.{name}", label_id, label_en, query=query)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> dict[str, list[str]]:
    """Attach a warehouse file; give its marts with their columns."""
    if not path.is_file():
        raise BadInputError(f"{path} is not there; build it with: uv run dbt build")
    try:
        connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise BadInputError(f"{path} cannot be opened as a DuckDB file: {reason}") from None
    rows = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        f"where database_name = '{name}' and schema_name = 'marts' group by table_name"
    ).fetchall()
    if not rows:
        raise BadInputError(f"{path} has no marts; build them with: uv run dbt build")
    return dict(rows)


def _view(
    connection: duckdb.DuckDBPyConnection, database: str, marts: dict[str, list[str]]
) -> None:
    for mart in marts:
        connection.execute(
            f"create view {quoted(mart)} as select * from {database}.marts.{quoted(mart)}"
        )
    for mart in set(suite()["marts"]) - set(marts):
        # A mart that is not there is one without columns: the presence of each is a breach.
        connection.execute(f"create view {quoted(mart)} as select null as nothing where false")


def _check_accepted(
    connection: duckdb.DuckDBPyConnection,
    accepted: Sequence[str],
    database: Path,
    marts: dict[str, list[str]],
) -> None:
    known: set[str] = set()
    if "document_id" in marts.get("documents", []):
        known = {
            row[0] for row in connection.execute("select document_id from documents").fetchall()
        }
    for document in accepted:
        if document not in known:
            raise BadInputError(f"--accept {document}: {database} has no document of this id.")


def _presence(mart: str, columns: list[str], present: list[str]) -> Expectation:
    missing = [column for column in columns if column not in present]
    message = literal("the mart is missing" if not present else "the column is missing")
    values = ", ".join(literal(column) for column in (missing if present else missing[:1]))
    source = f"unnest([{values}])" if missing else "unnest([]::varchar[])"
    shown = "column_name" if present else "null"
    query = f"""
        select cast(null as bigint) as {LINE}, {shown} as column_name, cast(null as varchar) as value,
            'columns' as problem, {message} as message
        from (select 1 from (select count(*) from {{batch}}) as opened) as once,
            {source} as missing (column_name)
    """
    labels = ("kolom yang dijanjikan", "the promised columns")
    return Expectation(mart, mart, "columns", *labels, query=query)


def _never_blank(mart: str, columns: list[str]) -> Expectation:
    # One pass for all columns: an expectation per column costs Great Expectations more than DuckDB.
    blanks = ", ".join(
        f"case when {quoted(column)} is null then {literal(column)} end" for column in columns
    )
    query = f"""
        select cast(null as bigint) as {LINE}, column_name, cast(null as varchar) as value,
            'never_blank' as problem, concat('blank in ', count(*), ' rows') as message
        from (select unnest([{blanks}]) as column_name from (select * from {{batch}}) as rows)
        where column_name is not null
        group by column_name
    """
    names = ", ".join(columns)
    labels = (f"terisi: {names}", f"filled: {names}")
    return Expectation(mart, mart, "never_blank", *labels, query=query)


def _none(mart: str, name: str, rule: dict[str, Any]) -> Expectation:
    grouped = f"group by {rule['grouped']} having {rule['having']}" if "grouped" in rule else ""
    query = f"""
        select cast(null as bigint) as {LINE}, cast(null as varchar) as column_name,
            cast({rule["show"]} as varchar) as value, {literal(name)} as problem,
            {literal(rule["label_en"])} as message
        from (select * from {{batch}}) as rows
        where {rule["where"]}
        {grouped}
    """
    return Expectation(mart, mart, name, rule["label_id"], rule["label_en"], query=query)


def _rows_of(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> Iterator[Breach]:
    for _, column, value, problem, message in connection.execute(
        expectation.sql(LISTED)
    ).fetchall():
        yield Breach(expectation.subject, None, column, value, problem, message)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
