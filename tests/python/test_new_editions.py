"""New editions of known documents are rows: from file to marts with no change to SQL or Python."""

from decimal import Decimal
from pathlib import Path

import pytest
from ingest_editions import NEW_DOCUMENTS, seeds_with_new_editions
from warehouse import Warehouse, copy_project


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder: Path = tmp_path_factory.mktemp("editions")
    warehouse = copy_project(folder / "project", seeds_with_new_editions(folder))
    warehouse.build()
    return warehouse


def test_new_documents_reach_the_marts(extended: Warehouse) -> None:
    documents = {name for (name,) in extended.rows("select document_id from marts.documents")}
    assert set(NEW_DOCUMENTS) <= documents


def test_the_2025_decision_is_ranked_and_graded(extended: Warehouse) -> None:
    groups = dict(
        extended.rows(
            "select peer_group, count(*) from marts.index_rankings "
            "where document_id = 'public_service_2025' group by all"
        )
    )
    # Thirty regencies of the made-up edition are not evaluated.
    assert groups == {"all": 522, "province": 38, "city": 98, "regency": 386}
    assert extended.rows(
        "select distinct verdict from marts.reconciliation "
        "where document_id = 'public_service_2025'"
    ) == [("exact",)]


def test_the_second_agency_has_a_tree_of_its_own(extended: Warehouse) -> None:
    assert extended.rows(
        "select line_code, budget_level, realization_rupiah, realization_pct, children_complete "
        "from marts.budget_realization where agency_code = '15.71-dinas-kesehatan' "
        "order by line_code"
    ) == [
        ("0", "agency", Decimal(527623458), Decimal("21.10"), True),
        ("1", "program", Decimal(527623458), Decimal("21.10"), True),
        ("1.1", "activity", Decimal(402623457), Decimal("20.13"), True),
        ("1.1.1", "sub_activity", Decimal(312500000), Decimal("25.00"), None),
        ("1.1.2", "sub_activity", Decimal(90123457), Decimal("12.02"), None),
        ("1.2", "activity", Decimal(125000001), Decimal("25.00"), True),
        ("1.2.1", "sub_activity", Decimal(125000001), Decimal("25.00"), None),
    ]


def test_the_2022_letter_is_recomputed(extended: Warehouse) -> None:
    verdicts = dict(
        extended.rows(
            "select rule_id, string_agg(distinct verdict order by verdict) "
            "from marts.reconciliation where document_id = 'smart_city_2022' group by all"
        )
    )
    assert verdicts["smart_city.weighted_final"] == "exact"
    assert verdicts["smart_city.improvement"] == "exact"
    assert "outside" not in str(verdicts["smart_city.dimension_average"])


def test_figures_of_the_first_editions_do_not_move(built: Warehouse, extended: Warehouse) -> None:
    figures = (
        "select rule_id, document_id, table_id, row_no, column_name, recomputed, verdict "
        "from marts.reconciliation where edition_year in (2021, 2023, 2024) "
        "and document_id not like '%2022' order by all"
    )
    assert built.rows(figures) == extended.rows(figures)
