"""Great Expectations over a DuckDB file: its warnings, progress bars and analytics switched off.

Importing it takes 6 to 9 seconds: whoever does not ask for it must not import this module.
"""

import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from .expectations import Expectation, outcome_of
from .results import Breach, Outcome

# Before the import: it reads this once, and would otherwise look up a host outside.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
for _category in (DeprecationWarning, FutureWarning, UserWarning):
    warnings.filterwarnings("ignore", category=_category, module="great_expectations")
warnings.filterwarnings("ignore", module="duckdb_engine")
# Nor is Spark imported where it is installed: seconds for nothing, and the end of a process that
# was started without a file of its own.
_spark = sys.modules.pop("pyspark", None)
sys.modules["pyspark"] = None  # type: ignore[assignment]

import duckdb  # noqa: E402
import duckdb_engine  # noqa: E402
import great_expectations  # noqa: E402
import great_expectations.expectations as native  # noqa: E402
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: E402

del sys.modules["pyspark"]
if _spark is not None:
    sys.modules["pyspark"] = _spark

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

_QUERIES = "queries"
"""A view that stands for the batch of all queries, which name what they read themselves."""


class ExpectNoRows(native.UnexpectedRowsExpectation):  # type: ignore[misc, name-defined]
    """A query that returns no rows. Counts them only: the gate lists the rows itself."""

    metric_dependencies = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


class _Connection(duckdb_engine.ConnectionWrapper):
    """A connection that gives each statement a cursor of its own.

    duckdb-engine has one cursor for all statements of a connection; Great Expectations reads
    several results of one connection side by side, which then mix.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._own = connection

    def cursor(self) -> Any:
        return duckdb_engine.CursorWrapper(self._own.cursor(), self)


def run(
    connection: duckdb.DuckDBPyConnection, expectations: Sequence[Expectation]
) -> Iterator[Outcome]:
    """Evaluate expectations as Great Expectations; of a query that it counts, list the rows.

    An expectation that could not be evaluated is breached, with the reason.
    """
    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # "kwargs" reaches SQLAlchemy: all its connections are ours.
    source = context.data_sources.add_sql(  # type: ignore[call-arg]
        name="gate",
        connection_string="duckdb:///:memory:",
        create_temp_table=False,
        kwargs={"creator": lambda: _Connection(connection.cursor())},
    )
    connection.execute(f"create or replace view {_QUERIES} as select 1 as one")
    try:
        results = _results(source, expectations)
    finally:
        # Its connections would keep the files open in a process that goes on.
        source.get_engine().dispose()
    for expectation, result in zip(expectations, results, strict=True):
        if expectation.query is None:
            yield _native_outcome(expectation, result)
        else:
            yield outcome_of(connection, expectation, (result.result or {}).get("observed_value"))


def _results(source: Any, expectations: Sequence[Expectation]) -> list[Any]:
    """The result of each expectation; those of one relation are evaluated together."""
    by_relation: dict[str, list[int]] = {}
    for number, expectation in enumerate(expectations):
        relation = _QUERIES if expectation.query is not None else expectation.subject
        by_relation.setdefault(relation, []).append(number)
    found: dict[int, Any] = {}
    for relation, numbers in by_relation.items():
        suite = great_expectations.ExpectationSuite(name=relation)
        for number in numbers:
            suite.add_expectation(_expectation(expectations[number], number))
        asset = source.add_table_asset(name=relation, table_name=relation)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        for result in batch.validate(suite, result_format="BASIC").results:
            found[result.expectation_config.meta["number"]] = result
    return [found[number] for number in range(len(expectations))]


def _expectation(expectation: Expectation, number: int) -> Any:
    """The expectation as one of Great Expectations."""
    described = {"description": expectation.label.en, "meta": {"number": number}}
    if expectation.native is not None:
        return getattr(native, expectation.native)(**expectation.arguments, **described)
    # It wants the batch to be named, takes other braces for fields of the query, and keeps only
    # one of two expectations that are alike.
    query = (expectation.query or "").replace("{", "{{").replace("}", "}}")
    query = f"/* {number} of {{batch}} */ {query}"
    return ExpectNoRows(unexpected_rows_query=query, **described)


def _native_outcome(expectation: Expectation, result: Any) -> Outcome:
    found, raised = result.result or {}, result.exception_info or {}
    # One exception, or one for each metric.
    raised = [raised] if "raised_exception" in raised else raised.values()
    problems = [each["exception_message"] for each in raised if each.get("raised_exception")]
    observed = found.get("observed_value", found.get("unexpected_count"))
    shown = f"{observed:.6g}" if isinstance(observed, float) else str(observed)
    breaches = 0
    listed: tuple[Breach, ...] = ()
    if not result.success:
        breaches = found.get("unexpected_count") or 1
        values = sorted({str(value) for value in found.get("partial_unexpected_list") or ()})
        message = f"{expectation.label.en}; found {shown}"
        if problems:
            message = f"could not be evaluated: {problems[0]}"
        place = (expectation.subject, None, expectation.arguments.get("column"))
        listed = (Breach(*place, ", ".join(values) or None, expectation.name, message),)
    return Outcome(
        expectation.subject,
        expectation.name,
        result.expectation_config.type,
        expectation.label,
        breaches,
        listed,
        None if observed is None or isinstance(observed, list) else shown,
    )
