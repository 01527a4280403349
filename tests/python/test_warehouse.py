"""What a build says: of editions made for it, and of figures that somebody read on paper."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
from warehouse import EDITIONS, PROJECT, Warehouse, copy_warehouse


def test_the_unit_tests_of_the_models_pass(editions: Warehouse) -> None:
    told = json.loads((editions.folder / "target" / "run_results.json").read_text())
    status = [one["status"] for one in told["results"] if one["unique_id"].startswith("unit_test.")]
    assert set(status) == {"pass"}


def test_the_documents_that_the_project_ships_build(built: Warehouse) -> None:
    assert built.value("select state from build.state") == "whole"


def test_every_planted_fault_is_found_and_nothing_else(editions: Warehouse) -> None:
    """A build would stop at a fault that is not registered; here each rule finds its own."""
    found = dict(
        editions.rows("select rule_id, count(*) from marts.findings where is_registered group by 1")
    )
    assert found == {
        "accountability.component_sum": 1,
        "accountability.predicate": 1,
        "agency_performance.objective_wording": 1,
        "budget.constant_ceiling": 1,
        "budget.line_percentage": 1,
        "budget.rollup": 1,
        "cross.invitation_list": 1,
        "index.scale": 1,
        "public_service.grade": 1,
        "public_service.list_order": 1,
        "public_service.overlapping_bands": 1,
        "public_service.unit_mean": 1,
        "reference.misspelt_name": 1,
        "reference.missing_region": 1,
        "smart_city.blank_entry": 1,
        "smart_city.column_without_heading": 1,
        "smart_city.dimension_average": 1,
        "smart_city.improvement": 1,
        "smart_city.name_printed_twice": 1,
        "smart_city.row_name": 1,
        "smart_city.weighted_final": 1,
        "target.achievement": 1,
    }


def test_every_public_column_is_described_in_the_file(editions: Warehouse) -> None:
    undescribed = editions.rows(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and coalesce(comment, '') = '' "
        "union all select table_name, null from duckdb_tables() "
        "where schema_name = 'marts' and coalesce(comment, '') = ''"
    )
    assert undescribed == []


def test_every_public_column_has_a_figure_that_somebody_read(editions: Warehouse) -> None:
    """Of a shipped document or, where a mart sums up all that is loaded, of the made-up ones.

    A row is found by what it is about, so those columns are read with it.
    """
    read = set()
    for seeds in (PROJECT / "seeds", EDITIONS):
        with (seeds / "reference" / "expected_figures.csv").open(newline="") as lines:
            for figure in csv.DictReader(lines):
                read.add((figure["mart"], figure["column_name"]))
                if figure["document_id"]:
                    read.add((figure["mart"], "document_id"))
                for condition in filter(None, figure["mart_row"].split(";")):
                    read.add((figure["mart"], condition.partition("=")[0]))
    manifest = json.loads((editions.folder / "target" / "manifest.json").read_text())
    public = {
        (node["name"], column)
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed") and node["schema"] == "marts"
        for column in node["columns"]
    }
    assert sorted(public - read) == []


EXPECTED = (
    # Figures that are so: a number, a word, nothing, the number of rows, without a document.
    ("public_service_2024", "public_service", "region_code=16.71", "index_published", "4.1", None),
    ("public_service_2024", "public_service", "region_code=16.71", "grade_recomputed", "A-", None),
    ("public_service_2024", "public_service", "region_code=15", "hospital", None, None),
    ("public_service_2024", "public_service", "table_id=B;peer_group=city", "rows", "5", None),
    ("smart_city_2022", "documents", None, "issued_on", "2023-01-03", None),
    (None, "regions", "region_code=15.71", "province_name", "Jambi", None),
    # And figures that are not.
    ("public_service_2024", "public_service", "region_code=16.71", "rank", "3", "the mart has 2"),
    ("public_service_2024", "public_service", "region_code=16.71", "rank", "two", "the mart has 2"),
    ("public_service_2024", "public_service", "region_code=16.71", "rank", None, "the mart has 2"),
    (
        "public_service_2024",
        "public_service",
        "region_code=15",
        "hospital",
        "0",
        "the mart has nothing",
    ),
    (
        "public_service_2024",
        "public_service",
        "region_code=16.71",
        "grade_published",
        "A-",
        "the mart has B",
    ),
    (
        "smart_city_2021",
        "public_service",
        "region_code=16.71",
        "rank",
        "2",
        "there are 0 such rows",
    ),
    ("public_service_2024", "public_service", "table_id=B", "rank", "2", "there are 5 such rows"),
    ("public_service_2024", "public_service", "table_id=B", "rows", "4", "there are 5 such rows"),
    (
        "public_service_2024",
        "public_service",
        "region=15",
        "rank",
        "3",
        "there is no such mart or column",
    ),
    (
        "public_service_2024",
        "public_service",
        "region_code=15",
        "place",
        "3",
        "there is no such mart or column",
    ),
    (
        "public_service_2024",
        "services",
        "region_code=15",
        "rank",
        "3",
        "there is no such mart or column",
    ),
)


def test_a_figure_that_is_not_the_one_read_is_one_sentence(
    editions: Warehouse, tmp_path: Path
) -> None:
    changed = copy_warehouse(editions, tmp_path / "project")
    with duckdb.connect(str(changed.database)) as connection:
        connection.execute("delete from reference.expected_figures")
        connection.executemany(
            "insert into reference.expected_figures values (?, ?, ?, ?, ?, 'list', null)",
            [row[:5] for row in EXPECTED],
        )
    name = "figures_are_those_read_on_paper"
    assert changed.dbt("test", "--select", name).returncode == 1
    [compiled] = (changed.folder / "target" / "compiled").rglob(f"{name}.sql")
    found = {message for (message,) in changed.rows(compiled.read_text())}
    assert found == {
        f"seeds/reference/expected_figures.csv: {', '.join(filter(None, row[:4]))}: "
        f"{row[4] or 'nothing'} was read in list, but {row[5]}"
        for row in EXPECTED
        if row[5]
    }
