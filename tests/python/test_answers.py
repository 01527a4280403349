"""The marts of models/marts/analysis: against brute force, Python's own draws, figure by figure."""

# ruff: noqa: E501 - SQL and messages read better in whole lines

import hashlib
import itertools
import math
import os
import random
import re
import time
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import region_page
from scipy import stats
from test_bad_seeds import change, set_cell
from warehouse import Warehouse, copy_warehouse

CASES = int(os.environ.get("KINERJA_CASES", "1000"))
STEP = Decimal("0.01")
Row = tuple[Any, ...]


def run_model(built: Warehouse, connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Makes the mart by its own SQL, as dbt compiled it, from the marts that stand in the connection."""
    compiled = built.folder / "target/compiled/kinerja/models/marts/analysis" / f"{model}.sql"
    connection.execute(f"create table marts.{model} as {compiled.read_text(encoding='utf-8')}")


@pytest.fixture
def made() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the name that compiled SQL uses, and the marts that the exact causes read, empty."""
    with duckdb.connect() as connection:
        connection.execute(
            "attach ':memory:' as kinerja; use kinerja; create schema marts; create schema reference"
        )
        connection.execute("""
            create table marts.peer_groups (region_code varchar, peer_group varchar, area_kind varchar);
            create table marts.score_components (
                instrument varchar, edition_year integer, component_code varchar, component_depth integer,
                score_min decimal(9, 4), score_max decimal(9, 4), printed_step decimal(5, 4));
            create table marts.index_scores (
                document_id varchar, instrument varchar, edition_year integer, region_code varchar,
                component_code varchar, score_published decimal(9, 4), score_recomputed decimal(18, 6),
                score_low decimal(18, 6), score_high decimal(18, 6), verdict varchar, is_disputed boolean);
            create table marts.weight_rankings (
                document_id varchar, instrument varchar, edition_year integer, region_code varchar,
                peer_group varchar, rank_best bigint, rank_p05 bigint, rank_median bigint, rank_p95 bigint,
                rank_worst bigint, group_size bigint);
            insert into marts.score_components values ('i', 2024, 't', 0, 1, 4, 0.01);
        """)
        yield connection


def made_region(chance: random.Random) -> tuple[Row, str | None, list[Decimal], list[Decimal]]:
    """A printed total with its bounds, its verdict, and what it can be: by rounding, and by dispute.

    Scores come from few values, so that they tie; one in eight is outside what its components give, some of these with
    lost cells; one in ten is lost itself.
    """
    score = Decimal(chance.randrange(290, 310)) * STEP
    half = STEP / 2
    rounded = [score - half, score, score + half]
    kind = chance.choices(
        ["exact", "within_rounding", "outside", "lost_cells", "lost"], [70, 8, 8, 4, 10]
    )[0]
    if kind == "lost":
        low = Decimal(chance.randrange(285, 305)) * STEP
        high = low + Decimal(chance.randrange(0, 20)) * STEP
        return (None, None, low, high), None, [], [low, (low + high) / 2, high]
    if kind == "lost_cells":
        high = score - Decimal(chance.randrange(3, 12)) * STEP
        low = high - Decimal(chance.randrange(0, 12)) * STEP
        return (score, None, low, high), "outside", rounded, [*rounded, low, high]
    if kind == "exact":
        return (score, score, score - half, score + half), "exact", rounded, rounded
    distance = (
        Decimal(chance.randrange(-8, 9)) / 1000 if kind == "within_rounding" else Decimal("0.0975")
    )
    recomputed = score + distance * chance.choice([1, -1])
    bounds = [recomputed - half, recomputed + half]
    row = (score, recomputed, *bounds)
    if kind == "within_rounding":
        return row, kind, rounded, [*rounded, recomputed]
    return row, kind, rounded, [*rounded, recomputed, *bounds]


def ranks_by_brute_force(possible: list[list[Decimal]]) -> list[tuple[int, int]]:
    """Over every way in which the scores can be: the best rank of each, and the last place of a tie."""
    ways = np.array(list(itertools.product(*[[float(v) for v in values] for values in possible])))
    ways = np.round(ways, 6)
    best = 1 + (ways[:, None, :] > ways[:, :, None]).sum(axis=2)
    last = (ways[:, None, :] >= ways[:, :, None]).sum(axis=2)
    return list(zip(best.min(axis=0).tolist(), last.max(axis=0).tolist(), strict=True))


def extremes(values: list[Decimal]) -> list[Decimal]:
    """Three of the values: its ends and one between, so that there are few enough ways."""
    ordered = sorted(set(values))
    return sorted({ordered[0], ordered[len(ordered) // 2], ordered[-1]})


def test_exact_ranks_agree_with_brute_force(
    built: Warehouse, made: duckdb.DuckDBPyConnection
) -> None:
    chance = random.Random(14)
    expected: dict[tuple[str, str, str], tuple[int, int]] = {}
    kinds: set[str | None] = set()
    made.executemany(
        "insert into marts.peer_groups values (?, 'all', 'nation')", [[str(n)] for n in range(7)]
    )
    scores = []
    for case in range(CASES):
        document = f"case_{case}"
        regions = [made_region(chance) for _ in range(chance.randrange(1, 7))]
        for number, (row, verdict, _, _) in enumerate(regions):
            kinds.add("lost" if row[0] is None else verdict)
            scores.append(
                [document, "i", 2024, str(number), "t", *row, verdict, verdict == "outside"]
            )
        for cause, place in (("rounding", 2), ("disputed", 3)):
            members = [n for n, region in enumerate(regions) if region[place]]
            possible = [extremes(list(regions[n][place])) for n in members]  # type: ignore[arg-type]
            for n, bounds in zip(members, ranks_by_brute_force(possible), strict=True):
                expected[document, str(n), cause] = bounds
    assert kinds == {"exact", "within_rounding", "outside", "lost"}
    made.executemany(f"insert into marts.index_scores values ({', '.join('?' * 11)})", scores)
    run_model(built, made, "score_intervals")
    run_model(built, made, "rank_uncertainty")
    found = {
        (document, region, cause): (best, worst)
        for document, region, cause, best, worst in made.sql(
            "select document_id, region_code, cause, rank_best, rank_worst from marts.rank_uncertainty "
            "where cause in ('rounding', 'disputed')"
        ).fetchall()
    }
    assert found == expected
    outside = made.sql("""
        from marts.rank_uncertainty where cause = 'all'
        and not (rank between rank_best and rank_worst and rank_recomputed between rank_best and rank_worst)
    """).fetchall()
    assert outside == []


@pytest.mark.on_demand
def test_a_million_regions_are_ranked_in_ten_seconds(
    built: Warehouse, made: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    made.execute("set threads = 2")
    made.execute("""
        create table drawn as select
            range::varchar as region_code, (floor(random() * 401) / 100)::decimal(9, 4) as score,
            random() < 0.05 as is_outside
        from range(1000000);
        insert into marts.peer_groups select region_code, 'all', 'nation' from drawn;
        insert into marts.index_scores select
            'd', 'i', 2024, region_code, 't', score, score + case when is_outside then 0.1 else 0 end,
            score + case when is_outside then 0.095 else -0.005 end, score + case when is_outside then 0.105 else 0.005 end,
            case when is_outside then 'outside' else 'exact' end, is_outside
        from drawn;
    """)
    start = time.perf_counter()
    run_model(built, made, "score_intervals")
    run_model(built, made, "rank_uncertainty")
    seconds = time.perf_counter() - start
    with capsys.disabled():
        print(f"\n1,000,000 regions, exact causes: {seconds:.1f} s")
    assert made.sql(
        "select count(*) from marts.rank_uncertainty where cause = 'disputed'"
    ).fetchall() == [(1000000,)]
    assert seconds < 10


def test_verdicts_beside_scores_are_those_of_the_reconciliation(built: Warehouse) -> None:
    assert (
        built.rows("""
        select scores.document_id, scores.region_code, scores.component_code, scores.verdict, claims.verdict
        from marts.index_scores as scores
        full join (from marts.reconciliation where component_code in (select component_code from marts.score_components)) as claims
            on scores.document_id = claims.document_id and scores.edition_year = claims.edition_year
            and scores.region_code = claims.subject_code and scores.component_code = claims.component_code
        where scores.verdict is distinct from claims.verdict
    """)
        == []
    )
    assert built.value("select count(*) from marts.index_scores where is_disputed") == built.value(
        "select count(*) from marts.score_intervals where is_disputed"
    )


def test_ranks_by_rounding_are_those_of_the_rankings(built: Warehouse) -> None:
    assert (
        built.rows("""
            select document_id, edition_year, region_code, peer_group, rank, rank_recomputed, rank_best, rank_worst
            from marts.rank_uncertainty
            where cause = 'rounding' and peer_group in ('all', 'province', 'regency', 'city')
            except all
            select document_id, edition_year, region_code, peer_group, rank, rank_recomputed, rank_best, rank_worst from marts.index_rankings
        """)
        == []
    )
    assert built.value("select count(*) from marts.index_rankings") == built.value(
        "select count(*) from marts.rank_uncertainty "
        "where cause = 'rounding' and peer_group in ('all', 'province', 'regency', 'city')"
    )


def python_draw(
    seed: int, instrument: str, year: int, component: str, draw: int, shape: float
) -> int:
    """The gamma number that weight_draws.sql draws, in millionths."""
    d = shape - 1 / 3
    for attempt in itertools.count(1):
        digest = hashlib.md5(
            f"{seed}/{instrument}/{year}/{component}/{draw}/{attempt}".encode()
        ).hexdigest()
        u1, u2, u = ((int(digest[n : n + 10], 16) + 0.5) / 2**40 for n in (0, 10, 20))
        x = math.sqrt(-2 * math.log(u1)) * math.cos(2 * math.pi * u2)
        root = 1 + x / math.sqrt(9 * d)
        if root > 0 and math.log(u) < x * x / 2 + d - d * root**3 + 3 * d * math.log(root):
            return math.floor(1000000 * d * root * root * root)
    raise AssertionError


def test_another_engine_draws_the_same_weights(built: Warehouse) -> None:
    doubted = built.rows(
        "select seed, concentration, draws, instrument from marts.weight_uncertainty"
    )
    assert doubted
    for seed, concentration, draws, instrument in doubted:
        editions = {
            year
            for (year,) in built.rows(
                f"select distinct edition_year from marts.weight_draws where instrument = '{instrument}'"
            )
        }
        assert editions
        for year in editions:
            drawn = built.rows(
                "select draw_no, list(weight order by component_no) from marts.weight_draws "
                f"where instrument = '{instrument}' and edition_year = {year} group by draw_no order by draw_no"
            )
            components = built.rows(
                "select distinct component_no, component_code, weight_official from marts.score_contributions "
                f"where instrument = '{instrument}' and edition_year = {year} order by component_no"
            )
            assert [number for number, _ in drawn] == list(range(1, draws + 1))
            for number, weights in drawn:
                gammas = [
                    python_draw(seed, instrument, year, code, number, float(concentration * weight))
                    for _, code, weight in components
                ]
                sums = list(itertools.accumulate(gammas, initial=0))
                shares = [1000000 * part // sums[-1] for part in sums]
                assert weights == [
                    Decimal(b - a) / 1000000 for a, b in itertools.pairwise(shares)
                ], number


def test_drawn_weights_are_dirichlet(built: Warehouse) -> None:
    """Each weight follows its beta distribution (Kolmogorov and Smirnov), and any two have its covariance."""
    for instrument, concentration in built.rows(
        "select instrument, concentration from marts.weight_uncertainty"
    ):
        weights: dict[str, list[float]] = {}
        for component, weight in built.rows(
            f"select component_code, weight from marts.weight_draws where instrument = '{instrument}' order by edition_year, draw_no"
        ):
            weights.setdefault(component, []).append(float(weight))
        official = {
            component: float(weight)
            for component, weight in built.rows(
                f"select distinct component_code, weight_official from marts.score_contributions where instrument = '{instrument}'"
            )
        }
        whole = float(concentration)
        for component, drawn in weights.items():
            share = official[component]
            fit = stats.kstest(drawn, stats.beta(whole * share, whole * (1 - share)).cdf)
            assert fit.pvalue > 0.001, component
        for one, other in itertools.combinations(weights, 2):
            expected = -official[one] * official[other] / (whole + 1)
            deviation = float(np.cov(weights[one], weights[other])[0, 1]) - expected
            spread = (
                math.sqrt(official[one] * official[other] * (1 + official[one] * official[other]))
                / whole
            )
            assert abs(deviation) < 5 * spread / math.sqrt(len(weights[one])), (one, other)


def weighed_editions(built: Warehouse) -> list[tuple[Any, ...]]:
    """Each document whose weights are doubted: its name, evaluation, year, and how much."""
    return built.rows("""
        select document_id, editions.instrument, edition_year, concentration
        from (select distinct document_id, instrument, edition_year from marts.weight_rankings) as editions
        asof join marts.weight_uncertainty as doubts
            on editions.instrument = doubts.instrument and editions.edition_year >= doubts.valid_from
        order by document_id
    """)


def weighed_regions(built: Warehouse, document: str) -> tuple[list[str], np.ndarray[Any, Any]]:
    rows = built.rows(
        "select region_code, list(cast(score_on_total_scale * 100000 as bigint) order by component_no) "
        f"from marts.score_contributions where document_id = '{document}' and is_complete "
        "group by region_code having count(weight_part) = count(*) order by region_code"
    )
    return [code for code, _ in rows], np.array([points for _, points in rows], dtype=np.int64)


def ranks_of(totals: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Competition ranks, best first, of each row of totals."""
    return np.stack([stats.rankdata(-row, method="min") for row in totals]).astype(int)


def test_ranks_of_draws_are_those_that_numpy_finds(
    built: Warehouse, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same draws give the same ranks; numpy's own Dirichlet draws the same within what chance leaves."""
    for document, instrument, year, concentration in weighed_editions(built):
        regions, points = weighed_regions(built, document)
        draws = np.array(
            [
                weights
                for (weights,) in built.rows(
                    "select list(cast(weight * 1000000 as bigint) order by component_no) from marts.weight_draws "
                    f"where instrument = '{instrument}' and edition_year = {year} group by draw_no order by draw_no"
                )
            ],
            dtype=np.int64,
        )
        start = time.perf_counter()
        ranks = ranks_of(draws @ points.T)
        seconds = time.perf_counter() - start
        found = {
            region: values
            for region, *values in built.rows(
                "select region_code, rank_best, rank_p05, rank_median, rank_p95, rank_worst, rank_mean "
                f"from marts.weight_rankings where document_id = '{document}' and peer_group = 'all'"
            )
        }
        ordered = np.sort(ranks, axis=0)
        places = [math.ceil(len(draws) * share) - 1 for share in (0.05, 0.5, 0.95)]
        for number, region in enumerate(regions):
            column = ordered[:, number].tolist()
            expected = [column[0], *(column[place] for place in places), column[-1]]
            assert found[region][:5] == expected, region
            mean = (Decimal(sum(column)) / len(column)).quantize(STEP, ROUND_HALF_UP)
            assert found[region][5] == mean, region

        official = np.array(
            [
                float(weight)
                for (weight,) in built.rows(
                    "select any_value(weight_official) from marts.score_contributions "
                    f"where document_id = '{document}' group by component_no order by component_no"
                )
            ]
        )
        others = np.random.default_rng(7).dirichlet(float(concentration) * official, len(draws))
        other_ranks = ranks_of(others @ points.T)
        error = np.sqrt((ranks.var(axis=0) + other_ranks.var(axis=0)) / len(draws))
        distance = np.abs(ranks.mean(axis=0) - other_ranks.mean(axis=0))
        with capsys.disabled():
            print(
                f"\n{document}: {len(draws)} draws over {len(regions)} regions, numpy {seconds:.2f} s; "
                f"mean ranks differ by at most {distance.max():.3f} places"
            )
        assert (distance <= 5 * error + 1e-9).all()


def test_sensitivity_indices_are_those_of_scipy(built: Warehouse) -> None:
    """scipy's own sample and estimators give the same indices within what chance leaves of both."""
    for document, _, _, concentration in weighed_editions(built):
        regions, points = weighed_regions(built, document)
        shapes = [
            float(concentration * weight)
            for (weight,) in built.rows(
                "select any_value(weight_official) from marts.score_contributions "
                f"where document_id = '{document}' group by component_no order by component_no"
            )
        ]
        rank_official = dict(
            built.rows(
                "select region_code, rank from marts.scenario_rankings "
                f"where document_id = '{document}' and peer_group = 'all' and scenario_code = 'official'"
            )
        )
        official = np.array([rank_official[region] for region in regions])

        def places_moved(
            gammas: np.ndarray[Any, Any], points: Any = points, official: Any = official
        ) -> Any:
            ranks = ranks_of((gammas / gammas.sum(axis=0)).T @ points.T)
            return np.abs(ranks - official).sum(axis=1).astype(float)

        rows = built.rows(
            "select first_order, first_order_low, first_order_high, total_effect, total_effect_low, total_effect_high "
            f"from marts.weight_sensitivity where document_id = '{document}' order by component_no"
        )
        drawn = np.random.default_rng(5).gamma(shapes, size=(2048, len(shapes)))
        if not places_moved(drawn.T).any():
            # Of few regions far apart no rank depends on the weights.
            assert {figure for row in rows for figure in row} == {None}
            continue
        found = stats.sobol_indices(
            func=places_moved,
            n=2048,
            dists=[stats.gamma(shape) for shape in shapes],
            rng=np.random.default_rng(3),
        )
        spread = found.bootstrap(n_resamples=100)
        for number, row in enumerate(rows):
            for ours, (low, high), theirs, interval in (
                (row[0], row[1:3], found.first_order, spread.first_order),
                (row[3], row[4:6], found.total_order, spread.total_order),
            ):
                width = (
                    float(high - low) / 2
                    + interval.confidence_interval.high[number]
                    - theirs[number]
                )
                assert abs(float(ours) - theirs[number]) < 2 * width, (number, ours, theirs[number])


def test_effective_weights_share_the_spread_of_the_totals(built: Warehouse) -> None:
    assert (
        built.rows("""
        select document_id, edition_year from marts.weight_sensitivity
        where effective_weight is not null
        group by document_id, edition_year having abs(sum(effective_weight) - 1) > 0.00001
    """)
        == []
    )


def written(value: Any, kind: str, language: str) -> str:
    """A figure as a sentence writes it, worked out apart from the SQL."""
    if kind in ("word", "words"):
        return str(value)
    if kind == "whole":
        return str(int(value))
    if kind == "amount":
        text = f"{int(value):,}"
        return text.replace(",", ".") if language == "id" else text
    text = str(Decimal(value).quantize(STEP, ROUND_HALF_UP))
    return text.replace(".", ",") if language == "id" else text


def test_every_figure_of_every_narrative_stands_in_its_mart(built: Warehouse) -> None:
    figures = built.rows(
        "select subject_kind, subject_code, figure_kind, text_id, text_en, mart_name, column_name, row_condition "
        "from marts.narrative_figures"
    )
    told: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    with duckdb.connect(str(built.database), read_only=True) as connection:
        values: dict[tuple[str, str, str], Row] = {}
        for *subject, kind, text_id, text_en, mart, column, condition in figures:
            for texts, text in zip(
                told.setdefault((subject[0], subject[1]), (set(), set())),
                (text_id, text_en),
                strict=True,
            ):
                texts.update(re.findall(r"[0-9]+", text))
            if column is None:
                continue
            place = (mart, column, condition)
            if place not in values:
                columns = f"{column}_id, {column}_en" if kind == "words" else f"{column}, {column}"
                [values[place]] = connection.execute(
                    f"select {columns} from marts.{mart} where {condition}"
                ).fetchall()
            assert text_id == written(values[place][0], kind, "id"), place
            assert text_en == written(values[place][1], kind, "en"), place
    narratives = built.rows(
        "select subject_kind, subject_code, narrative_id, narrative_en from marts.narratives"
    )
    assert len(narratives) == built.value(
        "select (select count(*) from marts.regions) + (select count(distinct agency_code) from marts.budget_pace)"
    )
    for *subject, narrative_id, narrative_en in narratives:
        in_id, in_en = told[subject[0], subject[1]]
        assert set(re.findall(r"[0-9]+", narrative_id)) <= in_id
        assert set(re.findall(r"[0-9]+", narrative_en)) <= in_en


def test_the_page_of_a_region_is_what_the_marts_answer(built: Warehouse) -> None:
    """After a change of method: uv run python tests/python/region_page.py published/kinerja.duckdb"""
    written = region_page.PAGE.read_text(encoding="utf-8")
    with duckdb.connect(str(built.database), read_only=True) as connection:
        made = region_page.page(written, connection)
    assert made.count("\n| --- |") == made.count("```sql")
    # It says of which documents it was made; with others it waits for the next time.
    documents, _, _ = made.partition("In words")
    if written.startswith(documents):
        assert made == written


def test_bounds_of_improvements_hold_the_change_of_the_total(built: Warehouse) -> None:
    assert (
        built.rows("""
            with disputed as (
                select document_id, edition_year, region_code from marts.index_scores
                where component_level = 'index' and is_disputed
            )
            select document_id, edition_year, region_code, any_value(total_change), sum(change_low), sum(change_high)
            from marts.improvement_decomposition as changes
            where withheld_reason is distinct from 'weighed_otherwise' and not exists (
                select 1 from disputed
                where changes.region_code = disputed.region_code and (
                    (changes.document_id, changes.edition_year) = (disputed.document_id, disputed.edition_year)
                    or changes.previous_document_id = disputed.document_id
                )
            )
            group by document_id, edition_year, region_code
            having not any_value(total_change) between sum(change_low) - 0.01 and sum(change_high) + 0.01
        """)
        == []
    )


@pytest.fixture
def copy(built: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_warehouse(built, tmp_path / "project")


def test_scenarios_paces_and_draws_that_cannot_be_are_named(copy: Warehouse) -> None:
    change(copy, "reference/scenario_weights", set_cell(1, "weight", "0.2"))
    change(copy, "reference/scenario_weights", set_cell(5, "component_code", "quick_wins"))
    change(copy, "reference/reference_pace", set_cell(3, "cumulative_pct", "40"))
    change(copy, "reference/weight_uncertainty", set_cell(1, "draws", "0"))
    change(copy, "reference/scenarios", set_cell(2, "weighting", "listed"))
    changed = ["scenarios", "scenario_weights", "reference_pace", "weight_uncertainty"]
    run = copy.dbt("build", "--select", *changed, "score_trees")
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    for message in (
        "seeds/reference/scenario_weights.csv: scenario_code = later_weights: weight sums to 1.1000, must be 1",
        "seeds/reference/scenario_weights.csv: scenario_code = later_weights, component_code = quick_wins; "
        "expected a component directly below the total",
        "seeds/reference/reference_pace.csv: valid_from = 2000, quarter = 3: cumulative_pct 40.00 is below 50.00",
        "seeds/reference/weight_uncertainty.csv: instrument = smart_city, valid_from = 2021, draws = 0; "
        "expected from 10000 to 1000000 draws",
        "seeds/reference/scenarios.csv: scenario_code = equal_weights, weighting = listed; expected rows in",
    ):
        assert message in run.stdout, message


def test_a_concentration_too_small_is_named(copy: Warehouse) -> None:
    change(copy, "reference/weight_uncertainty", set_cell(1, "concentration", "5"))
    run = copy.dbt("build", "--select", "weight_uncertainty", "weight_draws")
    assert run.returncode != 0
    assert (
        "seeds/reference/weight_uncertainty.csv: smart_city: concentration 5.00 times the weight 0.10000000 of "
        "baseline must be at least 1"
    ) in run.stdout
