"""Printed documents at scale: generated as seeds are, read alike by dbt and others."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from benchmark import compare, engines, runner, runs, seeds
from benchmark.__main__ import main
from benchmark.generate import generate
from click.testing import CliRunner, Result
from kinerja.core.errors import BadInputError
from warehouse import PROJECT, Warehouse, copy_project, operators

pytestmark = pytest.mark.builds

STREAMS = ("index", "budget")
MARTS = ("index_scores", "index_rankings", "reconciliation", "budget_realization")


def command(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def make(folder: Path, seed: int = 1) -> Path:
    generate(folder, 100_000, 12_000, seed, lambda step, share: None)
    return folder


def as_result(database: Path, folder: Path) -> Path:
    """A database that dbt built, where a contender's results are looked for."""
    folder.mkdir()
    (folder / "is_dbt").touch()
    shutil.copy(database, folder)
    return folder


def computed_by(name: str, stream: str, inputs: Path, folder: Path) -> Path:
    folder.mkdir()
    engines.work(name, stream, inputs, folder, "1GB", 2)
    return folder


def steps_of(mart: str, built: Warehouse) -> list[dict[str, Any]]:
    """What DuckDB does to work a mart out, as in a build over Parquet (profiles.yml)."""
    [compiled] = built.folder.glob(f"target/compiled/**/{mart}.sql")
    with duckdb.connect(str(built.database), read_only=True) as database:
        database.execute("set disabled_optimizers = 'build_side_probe_side'")
        return operators(database, compiled.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("benchmark") / "printed")


@pytest.fixture(scope="session")
def built_at_scale(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The core marts from the generated folder."""
    project = copy_project(tmp_path_factory.mktemp("at_scale") / "project")
    project.build(
        "--select", *(f"+{mart}" for mart in (*MARTS, "regions", "score_components", "agencies")),
        "--exclude-resource-type", "test", "unit_test",
        "--vars", f"{{parquet_seeds: {generated}, detection_power: withheld}}",
    )  # fmt: skip
    return project


def test_parquet_has_the_columns_and_types_of_the_seeds(generated: Path) -> None:
    folders = sorted(path.name for path in generated.iterdir() if path.is_dir())
    raw = sorted(path.stem for path in (PROJECT / "seeds" / "raw").glob("*.csv"))
    assert set(raw) < set(folders)
    for folder in folders:
        for file in (generated / folder).glob("*.parquet"):
            assert pl.Schema(pl.read_parquet_schema(file)) == seeds.schema(folder), file


def test_one_more_edition_is_one_more_file(generated: Path) -> None:
    for seed in ("smart_city__details", "smart_city__results", "document_register"):
        for file in (generated / seed).glob("smart_city_*.parquet"):
            documents = pl.read_parquet(file)["document_id"].unique().to_list()
            assert documents == [file.stem]


def test_shares_are_those_of_real_documents(generated: Path) -> None:
    shape = json.loads((generated / "shape.json").read_text(encoding="utf-8"))
    assert shape["cells"] == pytest.approx(100_000, rel=0.1)
    assert shape["lines"] == pytest.approx(12_000, rel=0.15)
    details = pl.read_parquet(generated / "smart_city__details" / "*.parquet")["value"]
    assert 0.0005 < (details == "-").sum() / details.len() < 0.01
    assert details.n_unique() > 100
    planted = pl.read_parquet(generated / "planted.parquet")
    assert 0.0005 < planted.height / (shape["cells"] + shape["lines"] * 3) < 0.003
    assert (planted["true_text"] != planted["printed_text"]).all()


def test_a_planted_misprint_is_what_the_seed_prints(generated: Path) -> None:
    planted = pl.read_parquet(generated / "planted.parquet")
    results = pl.read_parquet(generated / "smart_city__results" / "*.parquet")
    found = planted.filter(pl.col("seed_name") == "smart_city__results").join(
        results.unpivot(index=["document_id", "row_no"], variable_name="column_name"),
        on=["document_id", "row_no", "column_name"],
    )
    assert found.height > 0
    assert (found["value"] == found["printed_text"]).all()


def test_the_same_seed_gives_the_same_bytes(generated: Path, tmp_path: Path) -> None:
    again, other = make(tmp_path / "again"), make(tmp_path / "other", seed=2)
    files = [file.relative_to(generated) for file in sorted(generated.rglob("*.parquet"))]
    assert all((generated / file).read_bytes() == (again / file).read_bytes() for file in files)
    assert (generated / "planted.parquet").read_bytes() != (other / "planted.parquet").read_bytes()


@pytest.mark.parametrize("stream", STREAMS)
def test_the_limit_gives_the_marts_of_the_real_documents(
    built: Warehouse, stream: str, tmp_path: Path
) -> None:
    seeds.export(tmp_path / "real")
    limit = computed_by("limit", stream, tmp_path / "real", tmp_path / "limit")
    marts = as_result(built.database, tmp_path / "dbt")
    assert compare.differences(stream, limit, marts) == []
    assert compare.fingerprints(stream, limit) == compare.fingerprints(stream, marts)


def test_the_limit_knows_the_verdicts_on_the_real_finals(tmp_path: Path) -> None:
    seeds.export(tmp_path / "real")
    limit = computed_by("limit", "index", tmp_path / "real", tmp_path / "limit")
    with duckdb.connect(str(limit / "results.duckdb"), read_only=True) as database:
        verdicts = database.execute(
            "select verdict, count(*) from verdicts "
            "where rule_id = 'smart_city.weighted_final' and document_id = 'smart_city_2021' "
            "group by all"
        ).fetchall()
    assert dict(verdicts) == {"exact": 49, "within_rounding": 36, "outside": 13}


@pytest.mark.parametrize("stream", STREAMS)
def test_dbt_reads_the_generated_documents_as_the_limit_does(
    generated: Path, built_at_scale: Warehouse, stream: str, tmp_path: Path
) -> None:
    limit = computed_by("limit", stream, generated, tmp_path / "limit")
    marts = as_result(built_at_scale.database, tmp_path / "dbt")
    assert compare.differences(stream, limit, marts) == []
    assert all(rows > 0 for rows, _ in compare.fingerprints(stream, marts).values())


@pytest.mark.parametrize("mart", MARTS)
def test_no_step_makes_many_more_rows_than_are_printed(
    generated: Path, built_at_scale: Warehouse, mart: str
) -> None:
    """Nothing fails where a join has no key that holds: a build only takes twice as long."""
    shape = json.loads((generated / "shape.json").read_text(encoding="utf-8"))
    most = max(steps_of(mart, built_at_scale), key=lambda step: int(step["operator_cardinality"]))
    assert most["operator_cardinality"] < 2 * (shape["cells"] + shape["lines"]), most


def test_one_step_finds_the_columns_of_all_printed_scores(
    generated: Path, built_at_scale: Warehouse
) -> None:
    """What is printed is passed over for the sums; a difference asks for its own column."""
    shape = json.loads((generated / "shape.json").read_text(encoding="utf-8"))
    places = [
        int(step["operator_cardinality"])
        for step in steps_of("reconciliation", built_at_scale)
        if "column_no = column_no" in str(step["extra_info"].get("Conditions"))
    ]
    assert len(places) > 1
    assert sum(rows > shape["cells"] / 2 for rows in places) == 1


def test_planted_misprints_are_outside_where_they_must_be(
    generated: Path, built_at_scale: Warehouse
) -> None:
    missed = built_at_scale.rows(
        f"""
        select planted.* from '{generated}/planted.parquet' as planted
        anti join (from marts.reconciliation where verdict = 'outside') as outside
            on planted.must_break = outside.rule_id and planted.document_id = outside.document_id
            and planted.table_id = outside.table_id and planted.row_no = outside.row_no
        where must_break is not null and must_break != 'index.scale'
        """
    )
    assert missed == []
    rules = pl.read_parquet(generated / "planted.parquet")["must_break"].drop_nulls().unique()
    assert {
        "smart_city.weighted_final", "smart_city.improvement", "public_service.unit_mean",
        "budget.line_percentage", "budget.constant_ceiling",
    } <= set(rules)  # fmt: skip


def test_without_misprints_nothing_generated_is_outside(
    generated: Path, built_at_scale: Warehouse
) -> None:
    """A misprint is seen in its own line or in lines computed from it; no other is outside."""
    false = built_at_scale.rows(
        f"""
        select rule_id, document_id, table_id, row_no
        from marts.reconciliation
        where verdict = 'outside' and rule_id in (
            'smart_city.weighted_final', 'smart_city.improvement', 'public_service.unit_mean',
            'budget.line_percentage')
        and (document_id, row_no) not in (
            select (document_id, row_no) from '{generated}/planted.parquet'
        )
        """
    )
    assert false == []


def test_the_text_of_the_peers_gives_the_same_finals_ranks_and_verdicts(
    generated: Path, tmp_path: Path
) -> None:
    limit = computed_by("limit", "index", generated, tmp_path / "limit")
    peer = computed_by("duckdb", "index", generated, tmp_path / "duckdb")
    assert compare.differences("index", peer, limit) == []
    assert compare.fingerprints("index", peer) == compare.fingerprints("index", limit)


def test_marts_are_laid_out_for_readers_and_answer(
    built_at_scale: Warehouse, tmp_path: Path
) -> None:
    file = tmp_path / "laid_out.duckdb"
    call = (
        *("lay-out", str(built_at_scale.database), str(file)),
        *("--manifest", str(built_at_scale.folder / "target" / "manifest.json")),
    )
    run = command(*call)
    assert run.exit_code == 0, run.stderr
    with duckdb.connect(str(file), read_only=True) as database:
        for mart, column in (("index_scores", "region_code"), ("reconciliation", "subject_code")):
            rows = database.execute(f"select {column} from marts.{mart}").fetchall()
            assert len(rows) > 10_000
            assert rows == sorted(rows), mart
    found = json.loads(command("latency", str(file), "--json", "--seconds", "5").stdout)
    assert set(found) == {"ranking", "scorecard", "budget tree"}
    assert all(0 < one["median_ms"] <= one["p95_ms"] for one in found.values())
    again = command(*call)
    assert again.exit_code == 2
    assert f"{file} is there already" in again.stderr
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    lacking = command("lay-out", str(tmp_path / "empty.duckdb"), str(tmp_path / "new"), *call[3:])
    assert lacking.exit_code == 2
    # All that the queries of readers read, macros and the checks of their arguments included.
    lacked = "agencies, budget_realization, index_rankings, index_scores, reconciliation, regions, "
    assert f"The build lacks {lacked}score_components. Build it again" in lacking.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.peers
@pytest.mark.parametrize("name", ["clickhouse", "sail", "spark"])
def test_engines_in_environments_of_their_own_give_the_same(
    generated: Path, name: str, tmp_path: Path
) -> None:
    done = command(
        *("run", str(generated), "--repeat", "1", "--stream", "index"),
        *("--only", "limit", "--only", name),
        *("--scratch", str(tmp_path / "scratch"), "--to", str(tmp_path / "to")),
    )
    assert done.exit_code == 0, done.stdout + done.stderr
    measured = json.loads((tmp_path / "to" / "benchmark.json").read_text(encoding="utf-8"))
    limit, peer = measured["outcomes"]
    assert peer["failure"] == ""
    assert peer["fingerprints"] == limit["fingerprints"] != {}


def test_the_run_measures_and_compares(generated: Path, tmp_path: Path) -> None:
    done = command(
        *("run", str(generated), "--repeat", "1", "--stream", "index"),
        *("--only", "limit", "--only", "duckdb"),
        *("--scratch", str(tmp_path / "scratch"), "--to", str(tmp_path / "to")),
    )
    assert done.exit_code == 0, done.stderr
    measured = json.loads((tmp_path / "to" / "benchmark.json").read_text(encoding="utf-8"))
    assert [one["contender"] for one in measured["outcomes"]] == ["limit", "duckdb"]
    for one in measured["outcomes"]:
        (run,) = one["runs"]
        assert 0 < run["work_seconds"] <= run["seconds"]
        assert run["peak_mb"] > 50
        assert run["cpu_seconds"] > 0
    assert "| equal |" in done.stdout
    assert not (tmp_path / "scratch" / "index" / generated.name).exists()


def test_a_different_result_is_told_row_by_row(generated: Path, tmp_path: Path) -> None:
    limit = computed_by("limit", "index", generated, tmp_path / "limit")
    other = tmp_path / "other"
    shutil.copytree(limit, other)
    with duckdb.connect(str(other / "results.duckdb")) as database:
        database.execute(
            "update ranks set rank = rank + 1 where rowid = (select min(rowid) from ranks)"
        )
    assert compare.fingerprints("index", other) != compare.fingerprints("index", limit)
    different = compare.differences("index", other, limit)
    assert [line.split(":")[0] for line in different] == [
        "ranks, only in other",
        "ranks, only in limit",
    ]


def test_an_edition_later_is_left_out_of_the_links(generated: Path, tmp_path: Path) -> None:
    all_of_it = runs.prepare(generated, "index", tmp_path / "all")
    before = runs.prepare(generated, "index", tmp_path / "before", without_last=True)
    months = [
        len(list((place / "smart_city__details").glob("*.parquet")))
        for place in (all_of_it, before)
    ]
    assert months == [3, 2]
    assert not list((all_of_it / "document_register").glob("performance_*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("generate", "{folder}", "--cells", "1e6"), "is not empty"),
        (("generate", "{folder}/new", "--cells", "10"), "at least 10,000 cells"),
        (("generate", "{folder}/new", "--cells", "1e15"), "GB free"),
        (("run", "{folder}"), "holds no shape.json"),
        (("latency", "{folder}/none.duckdb"), "there is no"),
        (("latency", "{folder}/text.duckdb"), "is no file that dbt built"),
        (("latency", "{folder}/empty.duckdb"), "lacks a mart"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "text.duckdb").write_text("not a database\n" * 1000)
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    done = command(*(one.format(folder=tmp_path) for one in arguments))
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"empty.duckdb", "text.duckdb"}


def test_a_contender_that_fails_is_told(generated: Path, tmp_path: Path) -> None:
    kept: list[list[runner.Outcome]] = []
    outcomes = runner.run(
        [generated], ["index"], ["limit"], 1, runs.Means("1GB", 2, 0.2), tmp_path / "scratch",
        lambda step: None, kept.append,
    )  # fmt: skip
    assert kept == [outcomes]
    assert [one.failure.split(" (")[0] for one in outcomes] == ["not done after 0 s"]
    with pytest.raises(BadInputError, match="a command of its own"):
        engines.work("dbt", "index", generated, tmp_path, "1GB", 2)
