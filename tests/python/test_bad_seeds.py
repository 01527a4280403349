"""A seed that is not what it should be stops the build; one message names file, row and value.

Faults that dbt reports side by side are planted together: a run of dbt is what these tests cost.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from warehouse import Warehouse, copy_warehouse

pytestmark = pytest.mark.builds

Edit = Callable[[list[list[str]]], None]
RESULTS = "raw/smart_city__results"


@pytest.fixture
def copy(editions: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_warehouse(editions, tmp_path / "project")


def change(warehouse: Warehouse, seed: str, edit: Edit) -> None:
    """Edits the rows of a seed, its heading included, in place."""
    path = warehouse.folder / "seeds" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def set_cell(row: int, column: str, value: str) -> Edit:
    """Puts a value into a cell; row 1 is the first below the heading."""

    def edit(rows: list[list[str]]) -> None:
        rows[row][rows[0].index(column)] = value

    return edit


def fails(warehouse: Warehouse, select: str) -> str:
    """What dbt prints when the build of a part fails, as it must, without a traceback."""
    run = warehouse.dbt("build", "--select", select)
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    return run.stdout


def test_a_lost_row_of_any_raw_seed_is_caught(copy: Warehouse) -> None:
    # An evaluation that the made-up documents leave out has a heading alone.
    seeds = sorted(
        path.stem
        for path in (copy.folder / "seeds" / "raw").glob("*.csv")
        if len(path.read_text(encoding="utf-8").splitlines()) > 1
    )
    lost: dict[str, list[str]] = {}

    def lose_a_row_of(seed: str) -> Edit:
        return lambda rows: lost.update({seed: rows.pop()})

    for seed in seeds:
        change(copy, f"raw/{seed}", lose_a_row_of(seed))
    printed = fails(copy, "path:seeds")
    assert len(lost) == len(seeds)
    for seed, (document, table, *_) in lost.items():
        assert f"seeds/raw/{seed}.csv: document {document}, table {table} has" in printed


def test_bad_cells_and_rows_are_named(copy: Warehouse) -> None:
    change(copy, "raw/smart_city__details", set_cell(3, "value", "3.00"))
    change(copy, "raw/public_service__scores", set_cell(5, "hospital", "tiga"))
    change(copy, "raw/smart_city__invitations", set_cell(5, "addressee", "Walikota Padangg"))
    change(copy, "raw/agency_performance__budget", set_cell(5, "ceiling", "500,000"))
    change(copy, "raw/agency_performance__targets", lambda rows: rows.insert(3, rows[2]))
    change(copy, "reference/rules", set_cell(2, "severity", "fatal"))
    change(copy, "reference/grade_bands", set_cell(2, "source_code", "nowhere"))
    change(copy, "reference/slips", set_cell(2, "label_id", ""))
    printed = fails(copy, "path:seeds path:models/staging")
    for message in (
        "seeds/raw/smart_city__details.csv: document smart_city_2021, table details, row 1, "
        'column value: "3.00" is not a number written like 3,66',
        'table B, row 2, column hospital: "tiga" is not a number',
        "seeds/raw/smart_city__invitations.csv: document smart_city_2021, table invitations, "
        'row 5, column addressee: "Walikota Padangg" is no printed name',
        'row 5, column ceiling: "500,000" is not whole rupiah',
        "seeds/raw/agency_performance__targets.csv: 2 row(s) with the key "
        "document_id = performance_jambi_dinkes_2024_q1, row_no = 2",
        'seeds/reference/rules.csv: column severity: "fatal" (1 row(s)) is not one of '
        "error, warning, note",
        'seeds/reference/grade_bands.csv: column source_code: "nowhere" (1 row(s)) is not in '
        "seeds/reference/rule_sources.csv, column source_code",
        "seeds/reference/slips.csv: slip_code = digits_swapped; expected a prior above 0, "
        "and label and explanation in both languages",
    ):
        assert message in printed


def drop_column(rows: list[list[str]]) -> None:
    column = rows[0].index("impact")
    for row in rows:
        del row[column]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(
            drop_column,
            ["seeds/raw/smart_city__results.csv: the first line must be", "missing column: impact"],
            id="a missing column",
        ),
        pytest.param(
            lambda rows: rows[5].append("9"),
            ["seeds/raw/smart_city__results.csv, line 6: ", ',9" must have 12 cells'],
            id="a cell too many",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(
    copy: Warehouse, edit: Edit, expected: list[str]
) -> None:
    change(copy, RESULTS, edit)
    printed = fails(copy, "smart_city__results")
    for text in expected:
        assert text in printed


def test_a_value_of_another_type_is_refused(copy: Warehouse) -> None:
    change(copy, "reference/grade_bands", set_cell(3, "lower_bound", "tiga"))
    printed = fails(copy, "grade_bands")
    assert "seeds/reference/grade_bands.csv, line 4: " in printed
    assert "must have decimal(9,4) in column lower_bound" in printed


def test_another_encoding_is_refused(copy: Warehouse) -> None:
    path = copy.folder / "seeds" / f"{RESULTS}.csv"
    text = path.read_text(encoding="utf-8").replace("KAB. SOLOK", "KAB. SÓLOK")
    path.write_bytes(text.encode("latin-1"))
    printed = fails(copy, "smart_city__results")
    assert "seeds/raw/smart_city__results.csv, line 2:" in printed
    assert "KAB. SÓLOK" in printed
    assert "is not UTF-8" in printed


def test_a_new_finding_and_a_gone_one_stop_the_build(copy: Warehouse) -> None:
    taken: list[list[str]] = []

    def edit(rows: list[list[str]]) -> None:
        taken.append(rows.pop(9))
        rows.append(["smart_city.weighted_final:nowhere", "misprint", "2026-01-01"])

    change(copy, "reference/known_discrepancies", edit)
    printed = fails(copy, "known_discrepancies findings")
    assert f"new finding, not in seeds/reference/known_discrepancies.csv: {taken[0][0]}" in printed
    assert "but gone: smart_city.weighted_final:nowhere" in printed
    assert "Failed: 1 of " in printed
    assert "kinerja.duckdb mixes old and new, and cannot be published" in printed
    assert "Next: correct what the messages name (uv run kinerja register lists" in printed


def test_a_rule_without_inputs_and_a_search_that_stops_are_told(copy: Warehouse) -> None:
    with duckdb.connect(str(copy.database)) as connection:
        connection.execute(
            "delete from intermediate.int_diagnosis__rule_cells where cell_role = 'input' "
            "and rule_id = 'smart_city.improvement' and row_no = 2"
        )
        connection.execute(
            "update intermediate.int_diagnosis__searches set is_stopped = true "
            "where finding_id = (select min(finding_id) from intermediate.int_diagnosis__searches)"
        )
    said = copy.build("--select", "repair_searches", "--exclude-resource-type", "test")
    assert "1 searches for a slip stopped at their bounds, columns of 1,000 rows and 400" in said
    printed = fails(copy, "rules_rest_on_printed_cells")
    assert "smart_city.improvement of smart_city_2021, table results, row 2, " in printed
    assert "int_diagnosis__rule_cells has no input of the rule" in printed


def test_a_corrected_cell_is_read_as_it_is_until_it_is_printed_otherwise(copy: Warehouse) -> None:
    correction = ["public_service__scores", "public_service_2024", "A", "row_no=2", "hospital"]
    change(
        copy,
        "reference/corrections",
        lambda rows: rows.append([*correction, "*NA", "4,07", "misread by the scan"]),
    )
    copy.build("--select", "corrections", "public_service__scores", "+stg_lists__scores")
    cell = (
        "where document_id = 'public_service_2024' and table_id = 'A' and row_no = 2 "
        "and column_name = 'hospital'"
    )
    assert copy.value(f"select score from staging.stg_lists__scores {cell}") == Decimal("4.07")
    assert (
        copy.value(
            "select hospital from raw.public_service__scores "
            "where document_id = 'public_service_2024' and table_id = 'A' and row_no = '2'"
        )
        == "*NA"
    )
    change(copy, "raw/public_service__scores", set_cell(2, "hospital", "4,08"))
    printed = fails(copy, "corrections public_service__scores corrections_still_apply")
    assert (
        "seeds/reference/corrections.csv: public_service_2024, A, row_no=2, hospital is no longer "
        '"*NA" (0 such cells); correct it or take it out'
    ) in printed
