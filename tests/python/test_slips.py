"""A sample of the proof by planted slips; all of it: `uv run python -m mutation slips`."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from benchmark import seeds
from kinerja.core.errors import BadInputError
from mutation.assignment import assign
from mutation.slips import Judged, campaign, misprints


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("digits_swapped", "3,66", ["6,36"]),
        ("digit_left_out", "3,66", ["3,6"]),
        ("digit_doubled", "3,66", ["3,666", "33,66"]),
        ("comma_misplaced", "3,66", ["36,6", "366"]),
        ("sign_lost", "-0,54", ["0,54"]),
        ("comma_misplaced", "1.234.567", ["1.234", "1.234.567.000"]),
        ("digits_swapped", "17,75%", ["17,57%", "71,75%"]),
    ],
)
def test_a_slip_prints_another_number(kind: str, text: str, expected: list[str]) -> None:
    assert misprints(kind, text) == expected


def test_one_digit_replaced_has_nine_values_for_each_digit() -> None:
    assert len(misprints("digit_replaced", "3,66")) == 27


@pytest.mark.builds
def test_planted_slips_are_named_and_few_wrongly(tmp_path: Path) -> None:
    results = campaign(tmp_path, 120, 10, 3)
    found = [one for one in results if one.is_found]
    # Every kind of slip, and every evaluation that prints figures.
    assert {one.kind for one in results} == {*seeds.read("slips")["slip_code"], "two slips"}
    assert {one.instrument for one in results} == set(seeds.read("instruments")["instrument"])
    assert len(found) > 0.8 * len(results)
    assert _share(found, "is_proposed") >= 0.95
    # In lists and budgets several rules hold each figure.
    ruled = [one for one in found if one.table_kind in RULED and one.kind not in HARD]
    assert len(ruled) > 0.4 * len(found)
    assert _share(ruled, "is_proposed") >= 0.97
    for some in (found, ruled):
        assert _share(some, "is_first") >= 0.7
        assert _share(some, "is_unique") >= 0.3
        assert _share(some, "is_wrong") <= 0.01


RULED = ("numbered_list", "form_budget")
HARD = ("value_of_other_row", "grade_at_overlap", "grade_of_unrounded")


def _share(some: Sequence[Judged], what: str) -> float:
    return [getattr(one, what) for one in some].count(True) / len(some)


def test_values_are_assigned_to_the_rows_that_they_fit(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create schema intermediate; create table intermediate.int_diagnosis__columns as "
            "select 1 as column_no, 'd' as document_id, 't' as table_id, 'c' as column_name; "
            "create table intermediate.int_diagnosis__cells as select 1 as cell_column_no, * "
            "from (values (1, 2.0, 2.9, 3.1, true), (2, 3.0, 1.9, 2.1, true), "
            "(3, 9.0, 2.9, 3.1, true), (4, 5.0, null, 5.0, false)) "
            "as cells (cell_row_no, value, own_from, own_to, is_broken)"
        )
    found = assign(file, ("d", "t", "c"), 50, 1)
    assert (found.rows, found.most_by_chance) == ((1, 2, 3), 2)
    # Rows 1 and 3 could both have the 3.0 of row 2; one of them has it.
    assert found.values_from in ({1: 2, 2: 1}, {2: 1, 3: 2})
    with pytest.raises(BadInputError, match="d, t, x: no cell of such a column breaks a rule"):
        assign(file, ("d", "t", "x"), 50, 1)
