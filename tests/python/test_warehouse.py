"""The figures of the real documents, from the seeds to the marts."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from warehouse import Warehouse, copy_warehouse


def test_the_unit_tests_of_the_models_pass(built: Warehouse, tmp_path: Path) -> None:
    run = copy_warehouse(built, tmp_path / "project").dbt("test", "--select", "test_type:unit")
    assert run.returncode == 0, run.stdout
    assert re.search(r"PASS=[1-9]\d* .* SKIP=0", run.stdout), run.stdout


def test_the_five_best_smart_cities(built: Warehouse) -> None:
    top = built.rows(
        "select rank, region_code, score from marts.index_rankings "
        "where instrument = 'smart_city' and peer_group = 'all' order by rank, region_code limit 5"
    )
    assert top == [
        (1, "32.73", Decimal("3.71")),
        (1, "33.74", Decimal("3.71")),
        (3, "34.71", Decimal("3.66")),
        (4, "33.72", Decimal("3.64")),
        (5, "34.03", Decimal("3.52")),
    ]


@pytest.mark.parametrize(
    ("seed", "condition", "rows"),
    [
        ("smart_city__invitations", "true", 100),
        ("smart_city__invitations", "addressee is null and row_no = 100", 1),
        ("smart_city__results", "true", 100),
        ("smart_city__details", "value like '%,%'", 6164),
        ("public_service__scores", "table_id = 'A'", 33),
        ("public_service__scores", "table_id = 'B'", 97),
        ("public_service__scores", "table_id = 'C'", 360),
        ("public_service__scores", "table_id = 'D'", 37),
        ("agency_performance__budget", "line_name != 'Total Anggaran'", 139),
        ("agency_performance__budget", "line_name = 'Total Anggaran'", 1),
        ("agency_performance__targets", "true", 20),
        ("accountability__components", "edition_year = '2023'", 6),
        ("accountability__components", "edition_year = '2024'", 6),
    ],
)
def test_raw_rows(built: Warehouse, seed: str, condition: str, rows: int) -> None:
    assert built.value(f"select count(*) from raw.{seed} where {condition}") == rows


def test_verdicts(built: Warehouse) -> None:
    verdicts = {
        (rule, verdict): count
        for rule, verdict, count in built.rows(
            "select rule_id, verdict, count(*) from marts.reconciliation group by all"
        )
    }
    expected = {
        ("smart_city.weighted_final", "exact"): 49,
        ("smart_city.weighted_final", "within_rounding"): 36,
        ("smart_city.weighted_final", "outside"): 13,
        ("smart_city.improvement", "exact"): 98,
        ("public_service.unit_mean", "exact"): 466,
        ("public_service.unit_mean", "outside"): 24,
        ("public_service.grade", "outside"): 13,
        ("public_service.list_order", "outside"): 1,
        ("budget.line_percentage", "exact"): 140,
        ("budget.grand_total", "exact"): 2,
        ("accountability.component_sum", "exact"): 2,
        ("target.achievement", "exact"): 3,
    }
    assert {key: verdicts.get(key) for key in expected} == expected
    for rule in ("smart_city.improvement", "budget.line_percentage", "budget.constant_ceiling"):
        assert {verdict for found, verdict in verdicts if found == rule} == {"exact"}


def test_baseline_averages_as_printed(built: Warehouse) -> None:
    verdicts = dict(
        built.rows(
            "select verdict_as_printed, count(*) from marts.reconciliation "
            "where component_code = 'baseline' group by all"
        )
    )
    assert verdicts == {"exact": 27, "outside": 71}
    assert (
        built.value(
            "select count(*) from marts.reconciliation "
            "where component_code = 'baseline' and verdict = 'outside'"
        )
        == 3
    )


def test_budget_of_the_year(built: Warehouse) -> None:
    assert built.rows(
        "select cumulative_realization_rupiah, ceiling_rupiah, cumulative_realization_pct "
        "from marts.budget_realization where budget_level = 'agency' and quarter = 4"
    ) == [(Decimal(67_737_399_834), Decimal(71_845_569_394), Decimal("94.28"))]


def test_two_achievements_are_capped(built: Warehouse) -> None:
    capped = built.rows(
        "select indicator_code, achievement_pct from marts.target_achievement "
        "where is_capped order by all"
    )
    assert capped == [
        ("accountability_score", Decimal("100.42")),
        ("public_service_index", Decimal("101.54")),
    ]


def test_every_printed_name_is_a_region(built: Warehouse) -> None:
    assert built.value("select count(region_code) from marts.public_service") == 527
    assert built.value("select count(distinct region_code) from marts.public_service") == 527
    assert built.value("select count(region_code) from marts.smart_city") == 100


def test_regions_that_the_decision_never_names(built: Warehouse) -> None:
    assert built.value("select count(*) from marts.missing_regions") == 25
    listed = built.rows(
        "select missing_region_codes from marts.source_coverage "
        "where missing_region_codes is not null"
    )
    codes = [code for (text,) in listed for code in str(text).split(", ")]
    assert len(codes) == 25
    assert {"93", "94", "95", "96", "15.01"} <= set(codes)


def test_every_printed_number_is_checked_or_has_a_reason(built: Warehouse) -> None:
    printed = built.value("select count(*) from intermediate.int_quality__printed_figures")
    unchecked = built.value("select sum(figures) from marts.unchecked_figures")
    checked = built.value(
        "select count(*) from intermediate.int_quality__printed_figures as figures "
        "semi join marts.reconciliation using (document_id, table_id, row_no, column_name)"
    )
    assert isinstance(printed, int)
    assert printed > 8000
    assert checked + unchecked == printed


def test_every_public_column_is_described_in_the_file(built: Warehouse) -> None:
    undescribed = built.rows(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and coalesce(comment, '') = '' "
        "union all select table_name, null from duckdb_tables() "
        "where schema_name = 'marts' and coalesce(comment, '') = ''"
    )
    assert undescribed == []


def test_hospital_scores_of_other_rows_explain_the_city_list(built: Warehouse) -> None:
    explained = dict(
        built.rows(
            "select candidate_id, outside_figures_explained from marts.rule_candidates "
            "where rule_id = 'public_service.unit_mean'"
        )
    )
    assert explained["public_service.hospital_of_other_row"] == 19
    assert max(n for name, n in explained.items() if "hospital_of" not in name) == 3
