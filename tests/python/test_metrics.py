"""The semantic layer: `mf query` on the published file gives the figures of the marts."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from client_support import unavailable
from command import started
from kinerja.publish import release, store
from publish_support import build_of, options
from warehouse import PROJECT, Warehouse, copy_warehouse

Answers = dict[str, list[list[str]]]


@pytest.fixture(scope="module")
def warehouse(editions: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that readers open, beside the project that dbt has parsed."""
    try:
        import dbt_metricflow  # noqa: F401
    except ImportError:
        unavailable("dbt-metricflow is not installed (uv sync --group metrics)")
    project = copy_warehouse(editions, tmp_path_factory.mktemp("metrics") / "project")
    folder = project.folder / "published"
    release.publish(options(build_of(project), folder))
    return folder / store.FILE


def environment(warehouse: Path) -> dict[str, str]:
    project = warehouse.parents[1]
    return os.environ | {
        "KINERJA_DB": str(warehouse),
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
    }


def metrics(warehouse: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `kinerja metrics` on the warehouse as a person would."""
    return started("metrics", *arguments, cwd=PROJECT, env=environment(warehouse))


QUERIES: dict[str, tuple[str, str]] = {
    "smart city": ("final_score,improvement,regions_scored", "region,metric_time__year"),
    "public service": ("ipp,regions_evaluated", "region__region_type"),
    "budget by quarter": (
        (
            "realization_rupiah,ceiling_rupiah,realization_pct,"
            "cumulative_realization_rupiah,cumulative_realization_pct"
        ),
        "metric_time__quarter,budget_entry__agency_code",
    ),
    "budget by year": ("ceiling_rupiah,realization_pct", "metric_time__year"),
    "budget by line": (
        "line_realization_rupiah,line_ceiling_rupiah,line_realization_pct",
        "metric_time__quarter,budget_entry__agency_code,budget_entry__line_code",
    ),
    "targets": (
        "achievement_pct,indicators_measured",
        "metric_time__quarter,target_entry__indicator_code",
    ),
    "accountability": ("accountability_score", "metric_time__year"),
}

# Start-up is nearly all of an `mf query`: one process asks them all, each through the whole
# command line.
ASK_ALL = """
import json, sys
from kinerja.cli import main
for arguments in json.loads(sys.argv[1]):
    if main(["metrics", *arguments]):
        sys.exit(2)
"""


@pytest.fixture(scope="module")
def answers(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Rows of each of QUERIES: the grouping columns in order, then the metrics in order."""
    folder = tmp_path_factory.mktemp("answers")
    commands = [
        ["query", "--metrics", names, "--group-by", group, "--csv", f"{folder}/{title}.csv"]
        for title, (names, group) in QUERIES.items()
    ]
    done = subprocess.run(
        [sys.executable, "-c", ASK_ALL, json.dumps(commands)],
        cwd=PROJECT,
        env=environment(warehouse),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answered = {}
    for title, (names, _) in QUERIES.items():
        with (folder / f"{title}.csv").open(newline="") as lines:
            header, *rows = csv.reader(lines)
        assert header[-len(names.split(",")) :] == names.split(",")
        answered[title] = rows
    return answered


def sql(warehouse: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def rounded(figure: str | Fraction, decimals: int) -> Decimal | None:
    """Half-up. MetricFlow divides doubles: digits beyond `decimals` do not count."""
    if figure == "":
        return None
    exact = Fraction(figure)
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_every_metric_is_asked(warehouse: Path) -> None:
    manifest = warehouse.parents[1] / "target" / "semantic_manifest.json"
    metrics = json.loads(manifest.read_text(encoding="utf-8"))["metrics"]
    asked = {name for names, _ in QUERIES.values() for name in names.split(",")}
    assert asked == {metric["name"] for metric in metrics}


def test_each_final_score_and_improvement_is_that_of_the_mart(
    warehouse: Path, answers: Answers
) -> None:
    answered = {
        (code, int(year[:4])): (rounded(score, 2), rounded(improvement, 2), int(regions))
        for year, code, score, improvement, regions in answers["smart city"]
        if score
    }
    expected = {
        (code, year): (score, improvement, 1)
        for code, year, score, improvement in sql(
            warehouse,
            "select region_code, edition_year, final_score::decimal(9, 2), "
            "improvement::decimal(9, 2) from marts.smart_city where took_part",
        )
    }
    assert len({year for _, year in expected}) == 2
    assert answered == expected


def test_ipp_by_region_type_is_the_mean_of_the_published_indices(
    warehouse: Path, answers: Answers
) -> None:
    rows = answers["public service"]
    answered = {kind: (rounded(mean, 9), int(count)) for kind, mean, count in rows if kind}
    expected = {
        kind: (rounded(Fraction(total) / count, 9), count)
        for kind, total, count in sql(
            warehouse,
            "select region_type, sum(index_published), count(index_published) "
            "from marts.public_service join marts.regions using (region_code) group by all",
        )
    }
    assert set(expected) == {"province", "city", "regency"}
    assert answered == expected


def test_realization_is_a_ratio_of_sums_per_quarter_and_to_date(
    warehouse: Path, answers: Answers
) -> None:
    """Programs alone are added, so the answer is the line of the whole agency."""
    answered = {
        (quarter[:10], agency): (
            Decimal(spent),
            Decimal(ceiling),
            rounded(pct, 2),
            Decimal(to_date),
            rounded(pct_to_date, 2),
        )
        # A later quarter without a form has a sum to date and nothing else.
        for quarter, agency, spent, ceiling, pct, to_date, pct_to_date in answers[
            "budget by quarter"
        ]
        if spent
    }
    expected = {
        (f"{year}-{3 * quarter - 2:02}-01", agency): tuple(figures)
        for year, quarter, agency, *figures in sql(
            warehouse,
            "select fiscal_year, quarter, agency_code, realization_rupiah, ceiling_rupiah, "
            "realization_pct, cumulative_realization_rupiah, cumulative_realization_pct "
            "from marts.budget_realization where budget_level = 'agency'",
        )
    }
    assert len({agency for _, agency in expected}) == 2
    assert answered == expected


def test_the_ceiling_of_a_year_is_not_added_up_over_its_quarters(
    warehouse: Path, answers: Answers
) -> None:
    [[_, ceiling, pct]] = answers["budget by year"]
    # Each program once, though it stands in the form of every quarter.
    [(once, spent)] = sql(
        warehouse,
        "select sum(distinct_ceiling), sum(spent) from (select max(ceiling_rupiah) as "
        "distinct_ceiling, sum(realization_rupiah) as spent from marts.budget_realization "
        "where budget_level = 'program' group by agency_code, line_code)",
    )
    assert (Decimal(ceiling), rounded(pct, 2)) == (
        once,
        rounded(Fraction(spent) * 100 / Fraction(once), 2),
    )


def test_each_budget_line_has_the_percentage_of_the_mart(warehouse: Path, answers: Answers) -> None:
    answered = {
        (quarter[:10], agency, line): (Decimal(spent), Decimal(ceiling), rounded(pct, 2))
        for quarter, agency, line, spent, ceiling, pct in answers["budget by line"]
    }
    expected = {
        (f"{year}-{3 * quarter - 2:02}-01", agency, line): tuple(figures)
        for year, quarter, agency, line, *figures in sql(
            warehouse,
            "select fiscal_year, quarter, agency_code, line_code, realization_rupiah, "
            "ceiling_rupiah, realization_pct from marts.budget_realization",
        )
    }
    assert answered == expected


def test_achievement_counts_measured_indicators_only(warehouse: Path, answers: Answers) -> None:
    rows = answers["targets"]
    answered = {
        (quarter[:10], code): rounded(pct, 2) for quarter, code, pct, count in rows if int(count)
    }
    expected = {
        (f"{year}-{3 * quarter - 2:02}-01", code): pct
        for year, quarter, code, pct in sql(
            warehouse,
            "select fiscal_year, quarter, indicator_code, achievement_pct_capped "
            "from marts.target_achievement where realization is not null",
        )
    }
    assert len({quarter for quarter, _ in expected}) == 2
    assert answered == expected


def test_accountability_score_is_the_sum_of_its_components(
    warehouse: Path, answers: Answers
) -> None:
    answered = {int(year[:4]): rounded(score, 2) for year, score in answers["accountability"]}
    assert len(answered) == 2
    assert answered == dict(
        sql(
            warehouse,
            "select distinct edition_year, total_recomputed::decimal(9, 2) "
            "from marts.accountability",
        )
    )


def test_the_semantic_models_are_valid_against_the_warehouse(warehouse: Path) -> None:
    done = metrics(warehouse, "validate-configs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Successfully validated") >= 6
    assert "ERRORS: 0" in done.stdout


def test_an_unknown_metric_is_one_message(warehouse: Path) -> None:
    done = metrics(warehouse, "query", "--metrics", "no_such_metric")
    assert done.returncode == 2
    assert "does not exactly match any known metrics" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_missing_warehouse_is_one_message(tmp_path: Path) -> None:
    nowhere = tmp_path / "none.duckdb"
    done = started("metrics", "list", "metrics", env=os.environ | {"KINERJA_DB": str(nowhere)})
    assert done.returncode == 2
    assert done.stderr == f"{nowhere} is not there. Build it first: uv run dbt build\n"


def test_the_rows_of_a_query_as_json(warehouse: Path) -> None:
    done = metrics(warehouse, "--json", "query", "--metrics", "regions_scored")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["command"], said["status"]) == ("metrics", "done")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        [(scored,)] = connection.sql(
            "select count(*) from marts.smart_city where final_score is not null"
        ).fetchall()
    assert said["result"]["rows"] == [{"regions_scored": str(scored)}]


def test_rupiah_are_printed_in_full(warehouse: Path) -> None:
    done = metrics(
        warehouse, "query", "--metrics", "realization_rupiah", "--group-by", "metric_time__year"
    )
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        [(spent,)] = connection.sql(
            "select sum(realization_rupiah) from marts.budget_realization "
            "where budget_level = 'program' group by fiscal_year order by fiscal_year limit 1"
        ).fetchall()
    assert f" {spent}" in done.stdout


def test_a_query_shares_the_file_with_a_reader_and_leaves_it_as_it_was(warehouse: Path) -> None:
    """A query that opened the file for writing would fail beside the reader."""
    before = hashlib.sha256(warehouse.read_bytes()).hexdigest()
    with duckdb.connect(str(warehouse), read_only=True):
        done = metrics(warehouse, "query", "--metrics", "regions_scored", "--quiet")
    assert done.returncode == 0, done.stdout + done.stderr
    [(regions,)] = sql(warehouse, "select count(*) from marts.smart_city where took_part")
    assert done.stdout.split()[-1] == str(regions)
    assert hashlib.sha256(warehouse.read_bytes()).hexdigest() == before
