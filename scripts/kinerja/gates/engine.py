"""Great Expectations over a DuckDB file: its warnings, progress bars and analytics switched off."""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from .expectations import Expectation
from .results import Breach, Outcome

# Before the import: it reads this once, and would otherwise look up a host outside.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
for _category in (DeprecationWarning, FutureWarning, UserWarning):
    warnings.filterwarnings("ignore", category=_category, module="great_expectations")
warnings.filterwarnings("ignore", module="duckdb_engine")

import duckdb  # noqa: E402
import duckdb_engine  # noqa: E402
import great_expectations  # noqa: E402
import great_expectations.expectations as native  # noqa: E402
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: E402

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)


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
) -> Iterator[tuple[Expectation, Outcome]]:
    """Evaluate expectations on the views of a DuckDB connection, those of a view together.

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
    try:
        yield from _evaluated(source, expectations)
    finally:
        # Its connections would keep the files open in a process that goes on.
        source.get_engine().dispose()


def _evaluated(
    source: Any, expectations: Sequence[Expectation]
) -> Iterator[tuple[Expectation, Outcome]]:
    by_relation: dict[str, list[Expectation]] = {}
    for expectation in expectations:
        by_relation.setdefault(expectation.relation, []).append(expectation)
    for relation, members in by_relation.items():
        suite = great_expectations.ExpectationSuite(name=relation)
        for number, expectation in enumerate(members):
            suite.add_expectation(_native(expectation, number))
        asset = source.add_table_asset(name=relation, table_name=relation)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
        results = batch.validate(suite, result_format="BASIC").results
        by_number = {result.expectation_config.meta["number"]: result for result in results}
        for number, expectation in enumerate(members):
            yield expectation, _outcome(expectation, by_number[number])


def _native(expectation: Expectation, number: int) -> Any:
    """The expectation as one of Great Expectations."""
    described = {"description": expectation.label_en, "meta": {"number": number}}
    if expectation.native is not None:
        return getattr(native, expectation.native)(**expectation.arguments, **described)
    # Braces other than {batch} would be read as fields of the query.
    query = (expectation.query or "").replace("{", "{{").replace("}", "}}")
    return ExpectNoRows(unexpected_rows_query=query.replace("{{batch}}", "{batch}"), **described)


def _outcome(expectation: Expectation, result: Any) -> Outcome:
    found = result.result or {}
    problem = None
    for info in _exceptions(result.exception_info):
        problem = f"could not be evaluated: {info.get('exception_message')}"
    observed = found.get("observed_value")
    if observed is None and "unexpected_count" in found:
        observed = found["unexpected_count"]
    breaches = 0
    listed: tuple[Breach, ...] = ()
    if not result.success:
        is_count = expectation.query is not None or "unexpected_count" in found
        breaches = int(observed) if is_count and isinstance(observed, int) and observed else 1
        message = problem or f"{expectation.label_en}; found {_text(observed)}"
        values = found.get("partial_unexpected_list")
        listed = (
            Breach(
                expectation.subject,
                None,
                expectation.column or expectation.arguments.get("column"),
                ", ".join(sorted({_text(value) for value in values})) if values else None,
                expectation.name,
                message,
            ),
        )
    return Outcome(
        expectation.subject,
        expectation.name,
        result.expectation_config.type,
        expectation.label_id,
        expectation.label_en,
        bool(result.success),
        breaches,
        listed,
        None if observed is None or isinstance(observed, list) else _text(observed),
    )


def _exceptions(info: Any) -> Iterator[dict[str, Any]]:
    """The exceptions of a result: one, or one for each metric."""
    if not info:
        return
    if "raised_exception" in info:
        if info["raised_exception"]:
            yield info
        return
    for each in info.values():
        if isinstance(each, dict) and each.get("raised_exception"):
            yield each


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
