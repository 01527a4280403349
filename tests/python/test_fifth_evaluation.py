"""A fifth evaluation is rows: from its file to marts, findings, ranks, a release and its exports.

What docs/adding-an-evaluation.md asks for, and nothing else, is added to a copy of the project.
"""

import csv
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import evaluation_fixture as fixture
import pytest
from command import kinerja
from warehouse import Warehouse, copy_project

pytestmark = pytest.mark.builds

RULES = {
    "index_score": "digital_government.weighted_index",
    "service": "digital_government.weighted_domain",
    "predicate": "digital_government.predicate",
}
"""The rule that each of the planted errors breaks, by its column."""


def planted(warehouse: Warehouse) -> list[tuple[str, dict[str, str]]]:
    """Finding and row of each planted error."""
    with (warehouse.folder / "seeds" / "reference" / "region_names.csv").open() as file:
        codes = {row["printed_name"]: row["region_code"] for row in csv.DictReader(file)}
    with (fixture.FOLDER / "planted_errors.csv").open(encoding="utf-8") as file:
        return [
            (
                f"{RULES[row['column_name']]}:{fixture.DOCUMENT_ID}:{row['table_id']}:"
                f"{codes[row['region_name']]}:{row['column_name']}",
                row,
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The project with the evaluation declared, its document stored, and its errors registered.

    A build is green only when it finds exactly the registered errors.
    """
    project = copy_project(tmp_path_factory.mktemp("fifth") / "project")
    seeds = project.folder / "seeds"
    fixture.add_evaluation(seeds)
    settings = project.folder / "dbt_project.yml"
    text, changed = re.subn(
        r"numbered_list: \[",
        f"numbered_list: [{', '.join(fixture.TABLES)}, ",
        settings.read_text(encoding="utf-8"),
    )
    assert changed == 1
    settings.write_text(text, encoding="utf-8")
    stored = kinerja("ingest", fixture.DOCUMENT, "--seeds", seeds)
    assert stored.code == 0, stored.err + stored.out
    with (seeds / "reference" / "known_discrepancies.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{finding},misprint,2031-03-01\n" for finding, _ in planted(project))
    project.build()
    return project


def test_its_figures_are_in_the_marts(warehouse: Warehouse) -> None:
    one_document = f"document_id = '{fixture.DOCUMENT_ID}'"
    assert warehouse.rows(
        "select component_level, component_depth, count(*) from marts.score_components "
        f"where instrument = '{fixture.INSTRUMENT}' group by all order by 2"
    )[:3] == [("index", 0, 1), ("domain", 1, 3), ("aspect", 2, 8)]
    assert warehouse.rows(
        "select component_level, count(*), count(score_recomputed) from marts.index_scores "
        f"where {one_document} group by all order by 1"
    ) == [("aspect", 400, 0), ("domain", 150, 150), ("index", 50, 50)]
    verdicts = warehouse.rows(
        "select rule_id, verdict, count(*) from marts.reconciliation "
        f"where {one_document} and verdict = 'outside' group by all"
    )
    assert sorted(verdicts) == sorted((rule, "outside", 1) for rule in RULES.values())
    ranks = f"select count(*) from marts.index_rankings where {one_document}"
    assert warehouse.value(ranks) == 100
    assert (
        warehouse.value(
            "select count(*) from marts.unchecked_figures "
            f"where {one_document} "
            "and (figure_kind != 'digital_government.aspect' or figures != 400)"
        )
        == 0
    )
    assert warehouse.rows(
        "select table_id, printed_rows, printed_cells from marts.source_coverage "
        f"where {one_document} order by table_id"
    ) == [("aspects", 50, 400), ("results", 50, 250)]


def test_its_errors_are_findings_with_their_place_and_words(warehouse: Warehouse) -> None:
    found = {
        finding: (printed, expected, explanation)
        for finding, printed, expected, explanation in warehouse.rows(
            "select finding_id, printed, expected, explanation_en from marts.findings "
            f"where document_id = '{fixture.DOCUMENT_ID}'"
        )
    }
    assert found.keys() == {finding for finding, _ in planted(warehouse)}
    for finding, row in planted(warehouse):
        printed, expected, explanation = found[finding]
        assert (printed, expected) == (row["printed"], row["correct"])
        assert row["printed"] in explanation
        assert row["correct"] in explanation


def test_it_is_ranked_by_its_published_index(warehouse: Warehouse) -> None:
    best = warehouse.rows(
        "select region_code, score from marts.index_rankings where peer_group = 'all' "
        f"and instrument = '{fixture.INSTRUMENT}' and rank = 1"
    )
    highest = max(Decimal(row[2].replace(",", ".")) for row in fixture.generator().lists()[0])
    assert {score for _, score in best} == {highest}


def test_it_is_published_with_its_exports(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    manifest = warehouse.folder / "target" / "manifest.json"
    done = kinerja(
        "publish", "--database", warehouse.database, "--manifest", manifest, "--to", folder
    )
    assert done.code == 0, done.err + done.out
    release = folder / "kinerja.duckdb"
    with duckdb.connect(str(release), read_only=True) as connection:
        ranked = connection.sql(f"select * from ranking('{fixture.INSTRUMENT}', 2030)").fetchall()
    assert len(ranked) == 50
    exports = next(folder.glob("releases/*/exports"))
    with (exports / "csv" / "index_scores.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["document_id"] == fixture.DOCUMENT_ID]
    assert len(rows) == 600
    assert (exports / "kinerja.xlsx").stat().st_size > 0
