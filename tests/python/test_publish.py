"""Publishing the real build: what the file holds, the way back, and what changed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import unseen
from command import kinerja
from kinerja.core.errors import StoppedError
from kinerja.publish import changes, release, store
from kinerja.publish.candidate import macros
from publish_support import FULL, Build, build_of, command, options, tree, whole_release
from warehouse import PROJECT, Warehouse, copy_warehouse

pytestmark = pytest.mark.releases


@pytest.fixture
def build(editions: Warehouse, tmp_path: Path) -> Build:
    return build_of(editions).copy(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def test_the_command_publishes_what_dbt_built(built: Warehouse, folder: Path) -> None:
    """Through all gates, of which that of expectations knows how many regions the country has."""
    build = build_of(built)
    done = subprocess.run(command(build, folder, "--json"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["result"]
    assert said["is_new"]
    assert said["file"] == str(folder / store.FILE)
    assert whole_release(folder / store.FILE) == said["version"]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{build.file}' as build (read_only)")
        connection.execute(f"attach '{folder / store.FILE}' as published (read_only)")
        marts = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'build' and schema_name = 'marts'"
        ).fetchall()
        assert len(marts) >= 15
        for (table,) in marts:
            for one, other in (("build", "published"), ("published", "build")):
                rows = connection.execute(
                    f"from {one}.marts.{table} except all from {other}.marts.{table}"
                ).fetchall()
                assert rows == [], f"{table}: rows of {one} that {other} lacks"


def test_the_file_holds_public_schemas_only_and_describes_them(build: Build, folder: Path) -> None:
    release.publish(options(build, folder))
    with duckdb.connect(str(folder / store.FILE), read_only=True) as connection:
        schemas = connection.execute(
            "select distinct schema_name from duckdb_tables() union "
            "select distinct schema_name from duckdb_views() where not internal"
        ).fetchall()
        assert schemas == [("marts",)]
        silent = connection.execute(
            "select table_name from duckdb_tables() where coalesce(comment, '') = '' union all "
            "select table_name || '.' || column_name from duckdb_columns() "
            "where not internal and coalesce(comment, '') = ''"
        ).fetchall()
        assert silent == []
        untranslated = connection.execute(
            "select table_name, column_name from marts.data_dictionary "
            "where description_en = '' or description_id = '' or description_en = description_id"
        ).fetchall()
        assert untranslated == []
        keys = connection.execute(
            "select table_name, constraint_type, constraint_column_names from duckdb_constraints()"
        ).fetchall()
        assert ("regions", "PRIMARY KEY", ["region_code"]) in keys
        assert ("index_scores", "FOREIGN KEY", ["region_code"]) in keys
        keyed = {table for table, kind, _ in keys if kind == "PRIMARY KEY"}
        tables = {
            table
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        }
        assert keyed == tables
        functions = connection.execute(
            "select function_name, comment from duckdb_functions() "
            "where schema_name = 'main' and not internal and (function_type = 'table_macro' "
            # What checks the arguments of others has no words for people.
            "or function_type = 'macro' and comment is not null)"
        ).fetchall()
        assert dict(functions) == {name: comment for name, (comment, _) in macros().items()}


def test_the_release_says_where_it_comes_from(build: Build, folder: Path) -> None:
    release.publish(options(build, folder))
    build.change("update marts.documents set title_id = title_id || ' (2)'")
    release.publish(options(build, folder))
    with duckdb.connect(str(folder / store.FILE), read_only=True) as connection:
        found = connection.execute("select * from marts.releases order by release_no")
        names = [column[0] for column in found.description]
        first, second = (dict(zip(names, row, strict=True)) for row in found.fetchall())
        hashes = connection.execute("select document_id, file_sha256 from marts.documents")
        assert json.loads(second["documents"]) == dict(hashes.fetchall())
        verdicts = connection.execute(
            "select rule_id, verdict, count(*) from marts.reconciliation group by all"
        ).fetchall()
        regions = connection.execute("select count(*) from marts.regions").fetchone()
    said = json.loads(second["verdicts"])
    assert all(said[rule][verdict] == figures for rule, verdict, figures in verdicts)
    assert sum(len(of_rule) for of_rule in said.values()) == len(verdicts)
    assert (first["release_no"], second["release_no"]) == (1, 2)
    assert first["published_at"] <= second["published_at"]
    assert (json.loads(second["row_counts"])["regions"],) == regions
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True
    )
    expected = revision.stdout.strip() if revision.returncode == 0 else None
    assert second["git_revision"] == expected
    assert store.damaged(store.kept(folder)[-1].folder) == []


def test_publishing_the_same_again_changes_nothing(build: Build, folder: Path) -> None:
    first = release.publish(options(build, folder))
    before = tree(folder)
    again = release.publish(options(build, folder))
    assert (again.version, again.is_new) == (first.version, False)
    assert tree(folder) == before


def test_only_the_newest_releases_are_kept(build: Build, folder: Path) -> None:
    versions = []
    for number in range(3):
        build.change(f"update marts.agencies set agency_name = 'agency {number}'")
        versions.append(release.publish(options(build, folder, keep=2)).version)
    assert [one.version for one in store.kept(folder)] == versions[-2:]
    assert whole_release(folder / store.FILE) == versions[-1]


def test_rollback_publishes_the_release_before(build: Build, folder: Path) -> None:
    first = release.publish(options(build, folder)).version
    build.change("update marts.agencies set agency_name = 'another name'")
    second = release.publish(options(build, folder)).version
    done = kinerja("rollback", "--to", folder)
    assert (done.code, first in done.out) == (0, True)
    assert whole_release(folder / store.FILE) == first
    # Forth again by name; and a name that is not kept is refused.
    assert release.rollback(folder, second) == release.RolledBack(first, second, False)
    assert whole_release(folder / store.FILE) == second
    done = kinerja("rollback", "2020-01-01.1", "--to", folder)
    assert (done.code, "is not kept" in done.err) == (2, True)
    # A release after a rollback follows the one that is published, under a new name.
    release.rollback(folder, first)
    build.change("update marts.agencies set agency_name = 'a third name'")
    third = release.publish(options(build, folder))
    assert third.version not in (first, second)
    assert third.changes is not None
    assert third.changes.before == first
    with duckdb.connect(str(folder / store.FILE), read_only=True) as connection:
        history = connection.execute("select version from marts.releases order by release_no")
        assert history.fetchall() == [(first,), (third.version,)]


def test_a_damaged_release_is_not_published_again(build: Build, folder: Path) -> None:
    release.publish(options(build, folder))
    kept = store.kept(folder)[0]
    build.change("update marts.agencies set agency_name = 'another name'")
    second = release.publish(options(build, folder)).version
    kept.file.chmod(0o644)
    with kept.file.open("r+b") as handle:
        handle.seek(100_000)
        handle.write(b"damage")
    assert kinerja("rollback", "--to", folder).code == 2
    assert whole_release(folder / store.FILE) == second


@pytest.mark.parametrize("state", ["running", "failed", "partial", None])
def test_an_unfinished_build_is_refused(build: Build, folder: Path, state: str | None) -> None:
    release.publish(options(build, folder))
    before = tree(folder)
    build.change(
        "drop table build.state" if state is None else f"update build.state set state = '{state}'",
        "delete from marts.smart_city",
    )
    with pytest.raises(StoppedError, match="uv run dbt build"):
        release.publish(options(build, folder))
    assert tree(folder) == before


def test_a_killed_build_is_refused_and_so_is_a_part(
    editions: Warehouse, tmp_path: Path, folder: Path
) -> None:
    project = copy_warehouse(editions, tmp_path / "project")
    build = build_of(project)
    release.publish(options(build, folder))
    before = tree(folder)
    if FULL:
        project.build("--select", "documents")
        with pytest.raises(StoppedError, match="only a part"):
            release.publish(options(build, folder))
    running = subprocess.Popen(
        [sys.executable, "-m", "dbt.cli.main", "build"],
        env={**os.environ, "KINERJA_DB": str(project.database), "NO_COLOR": "1"},
        cwd=project.folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    for line in running.stdout:
        if "OK created" in line or "OK loaded" in line:
            break
    running.kill()
    running.wait()
    running.stdout.close()
    with pytest.raises(StoppedError, match="did not end"):
        release.publish(options(build, folder))
    assert tree(folder) == before


@pytest.mark.parametrize(
    "text",
    [
        "Pembina Utama Muda NIP 19700101 199503 1 001",
        "".join(("19700101", "199503", "1", "001")),
        "nama@jambikota.go.id",
        "/home/analyst/kinerja/seeds",
        str(Path.home() / "kinerja.duckdb"),
        "password = hunter2",
        "+62 812 3456 7890",
    ],
)
def test_personal_data_paths_and_secrets_are_refused(build: Build, folder: Path, text: str) -> None:
    build.change(f"update marts.agencies set agency_name = '{text}'")
    with pytest.raises(StoppedError, match=r"marts\.agencies\.agency_name holds"):
        release.publish(options(build, folder))
    assert not (folder / store.FILE).exists()


def test_a_column_without_its_two_descriptions_is_refused(build: Build, folder: Path) -> None:
    build.change("alter table marts.agencies add column nickname varchar")
    with pytest.raises(StoppedError, match=r"agencies\.nickname"):
        release.publish(options(build, folder))


# An index of the decision that can be a hundredth higher without any rule being broken: its units
# still round to it, its grade and its place in the list stay right.
_A_HUNDREDTH_HIGHER = """
    select document_id, table_id, row_no, region_code, index_published
    from (
        select
            *,
            lag(index_published) over (partition by document_id, table_id order by row_no) as above
        from marts.public_service
        where index_published is not null
    )
    where
        above = index_published + 0.01
        and index_recomputed - index_published between 0.001 and 0.005
        and grade_published = grade_recomputed
    order by table_id, row_no
    limit 1
"""


def _printed(score: object) -> str:
    return f"{score:.2f}".replace(".", ",")


def _replace_in_seed(project: Path, seed: str, start: str, old: str, new: str) -> None:
    path = project / "seeds" / "raw" / f"{seed}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    wanted = [number for number, line in enumerate(lines) if line.startswith(start)]
    assert len(wanted) == 1, start
    assert lines[wanted[0]].count(f'"{old}"') == 1, lines[wanted[0]]
    lines[wanted[0]] = lines[wanted[0]].replace(f'"{old}"', f'"{new}"')
    path.write_text("".join(lines), encoding="utf-8")


def test_the_diff_names_the_raw_score_the_final_and_the_ranks_that_moved(
    built: Warehouse, tmp_path: Path, folder: Path
) -> None:
    """One printed index is changed in its seed, and everything is built again from there."""
    before = build_of(built)
    release.publish(options(before, folder))
    with duckdb.connect(str(before.file), read_only=True) as connection:
        row = connection.execute(_A_HUNDREDTH_HIGHER).fetchone()
        assert row is not None
        document, table, row_no, region, index = row
        # What must move, counted here and not by the models: ranks in both of its groups.
        moved = connection.execute(
            f"""
            with compared as (
                select
                    peer_group, region_code, score,
                    score + if(region_code = '{region}', 0.01, 0) as new_score
                from marts.index_rankings where document_id = '{document}'
            )
            select peer_group, region_code, old_rank, new_rank
            from (
                select
                    *,
                    rank() over (partition by peer_group order by score desc) as old_rank,
                    rank() over (partition by peer_group order by new_score desc) as new_rank
                from compared
            )
            where old_rank != new_rank
            """
        ).fetchall()
        names = dict(
            connection.execute("select region_code, region_name from marts.regions").fetchall()
        )
    assert len(moved) >= 2
    project = copy_warehouse(built, tmp_path / "project")
    old, new = _printed(index), _printed(float(index) + 0.01)
    _replace_in_seed(
        project.folder, "public_service__scores", f"{document},{table},{row_no},", old, new
    )
    # What somebody read in the document is no longer what is printed there.
    paper = project.folder / "seeds" / "reference" / "expected_figures.csv"
    read = paper.read_text(encoding="utf-8").splitlines(keepends=True)
    others = [line for line in read if not line.startswith(f"{document},")]
    paper.write_text("".join(others), encoding="utf-8")
    project.build()
    after = build_of(project)

    found = release.compare(options(after, folder), None)
    scores = [change for change in found.changes if change.kind == "score"]
    ranks = [change for change in found.changes if change.kind == "rank"]
    assert len(scores) + len(ranks) == len(found.changes)
    assert not found.moved
    assert [score.subject for score in scores] == [names[region]]
    assert [(one.name, one.before, one.after) for one in scores[0].fields if one.is_printed] == [
        ("score_printed", old, new)
    ]
    cell = scores[0].cells[0]
    assert (cell.seed, cell.table_id, cell.row_no, cell.column_name) == (
        "seeds/raw/public_service__scores.csv",
        table,
        row_no,
        "index_score",
    )
    assert sorted(
        (change.item, change.subject, change.fields[0].before, change.fields[0].after)
        for change in ranks
    ) == sorted(
        (f"public_service among {group}", names[code], str(was), str(now))
        for group, code, was, now in moved
    )
    assert all(change.cells == (cell,) for change in ranks)

    # The same in words, before and after it is published.
    places = ("--database", after.file, "--manifest", after.manifest, "--to", folder)
    words = kinerja("diff", *places)
    assert words.code == 0
    assert names[region] in words.out
    assert f"{old} → {new} (printed)" in words.out
    # A figure of a released document that moves is refused, unless the document is named.
    untouched = tree(folder)
    refused = kinerja("publish", *places, "--without-exports")
    assert refused.code == 1
    assert "The gate of expectations refused the release: index_scores" in refused.err
    assert "the last release had" in refused.err
    assert refused.err.count("\n") == 1
    assert tree(folder) == untouched
    assert kinerja("publish", *places, "--without-exports", "--accept", document).code == 0
    again = kinerja("diff", *places, "--json").result
    assert again["counts"] == found.counts == {"score": 1, "rank": len(moved)}


_FIRST_BELOW_A_TOTAL = """
    select (document_id, edition_year, region_code, component_code)
    from marts.index_scores inner join marts.score_components
        using (instrument, edition_year, component_code)
    where component_depth = 1 and score_printed is not null
    order by all limit 1
"""
_FIRST_BESIDE_THE_TREE = """
    select (rule_id, document_id, edition_year, subject_code)
    from marts.reconciliation semi join marts.regions on subject_code = region_code
    where component_code not in (select component_code from marts.score_components)
        and column_name not in ('row_no', 'region_name') and recomputed_text is {} null
    order by all limit 1
"""
_CLAIM = "(rule_id, document_id, edition_year, subject_code)"

# (statement on a build, what the diff must name: kind, figures) for the other measures.
_OTHER_CHANGES = {
    "a score below a total": (
        "update marts.index_scores set score_printed = '9,99' where "
        f"(document_id, edition_year, region_code, component_code) = ({_FIRST_BELOW_A_TOTAL})",
        {("score", "score_printed")},
    ),
    "a grade": (
        "update marts.reconciliation set published_text = 'F-' "
        f"where {_CLAIM} = ({_FIRST_BESIDE_THE_TREE.format('not')})",
        {("grade", "published_text")},
    ),
    "a difference": (
        "update marts.reconciliation set published_text = '9,99' "
        f"where {_CLAIM} = ({_FIRST_BESIDE_THE_TREE.format('')})",
        {("score", "published_text")},
    ),
    "an amount and what is summed from it": (
        "update marts.budget_realization set "
        "realization_rupiah = realization_rupiah + if(quarter = 1, 1, 0), "
        "cumulative_realization_rupiah = cumulative_realization_rupiah + 1 "
        "where line_code = (select min(line_code) from marts.budget_realization "
        "where budget_level = 'sub_activity' and quarters_printed = 1 and quarter = 1)",
        {("amount", "realization_rupiah"), ("amount", "cumulative_realization_rupiah")},
    ),
    "a target": (
        "update marts.target_achievement set realization = realization + 1 "
        "where (document_id, indicator_code) = (select (document_id, indicator_code) "
        "from marts.target_achievement where realization is not null order by all limit 1)",
        {("amount", "realization")},
    ),
}


@pytest.mark.parametrize("name", _OTHER_CHANGES)
def test_the_diff_traces_figures_of_every_kind(
    editions: Warehouse,
    build: Build,
    folder: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whose register says in which seed a table stands.
    monkeypatch.setenv("KINERJA_PROJECT", str(editions.folder))
    release.publish(options(build, folder))
    statement, expected = _OTHER_CHANGES[name]
    build.change(statement)
    found = release.compare(options(build, folder), None)
    assert {
        (change.kind, one.name) for change in found.changes for one in change.fields
    } == expected
    assert found.changes
    for change in found.changes:
        assert change.cells, f"{change} is not traced to a raw cell"
        assert all(cell.seed is not None for cell in change.cells)


def test_the_diff_traces_a_score_through_an_evaluation_that_nobody_has_seen(
    build: Build, folder: Path
) -> None:
    """An indicator moves its aspect alone, a total its ranks; what no cell moves is said so."""
    unseen.add_to(build)
    release.publish(options(build, folder))
    region = f"(select min(region_code) from marts.index_scores where {unseen.LAST})"
    score = f"{unseen.LAST} and region_code = {region} and component_code"
    build.change(
        f"update marts.index_scores set score_printed = '1,11' where {score} = 'planning_1'",
        f"update marts.index_scores set score_recomputed = 1 where {score} in "
        "('planning', 'policy')",
        f"update marts.index_scores set score_printed = '4,44' where {score} = 'maturity'",
        f"update marts.index_rankings set rank = rank + 1 where {unseen.LAST}",
    )
    found = release.compare(options(build, folder), None)
    cells = {
        (change.kind, change.item.removeprefix(f"{unseen.INSTRUMENT} ")): [
            cell.column_name for cell in change.cells
        ]
        for change in found.changes
    }
    assert cells == {
        ("score", "Score of planning_1"): ["planning_1"],
        ("score", "Score of planning"): ["planning_1"],
        ("score", "Score of policy"): [],
        ("score", "Score of maturity"): ["maturity"],
        # Only in its own groups can one total move the ranks of others.
        ("rank", "among all"): ["maturity"],
        **{("rank", f"among {kind}"): [] for kind in ("city", "regency")},
        ("rank", f"among {_kind_of(build, region)}"): ["maturity"],
    }


def _kind_of(build: Build, region: str) -> str:
    with duckdb.connect(str(build.file), read_only=True) as connection:
        row = connection.execute(
            f"select region_type from marts.regions where region_code = {region}"
        ).fetchone()
    assert row is not None
    return str(row[0])


def test_the_diff_takes_as_much_longer_as_there_is_more_to_tell(
    build: Build, folder: Path, tmp_path: Path
) -> None:
    """Ten times the regions that changed: no row looks at all the others."""
    times = []
    for regions in (1_000, 10_000):
        files = [unseen.one_level(build, tmp_path, regions, off) for off in (0, 1)]
        begun = time.process_time()
        found = changes.between(files[0], files[1], ("before", "after"))
        times.append(time.process_time() - begun)
        assert found.counts == {"score": 2 * regions, "rank": regions}
        assert all(change.cells for change in found.changes)
        assert {one.cell_count for one in found.changes if one.kind == "rank"} == {regions}
    print(f"{times[0]:.2f} s, then {times[1]:.2f} s")
    assert times[1] < 20 * times[0]


def test_the_diff_counts_new_documents_and_does_not_list_them(build: Build, folder: Path) -> None:
    release.publish(options(build, folder))
    totals = (
        "marts.index_scores semi join (from marts.score_components where component_depth = 0) "
        "using (instrument, edition_year, component_code)"
    )
    with duckdb.connect(str(build.file), read_only=True) as connection:
        row = connection.execute(
            f"select document_id, count(*) from {totals} group by all order by all limit 1"
        ).fetchone()
    assert row is not None
    document, regions = row
    build.change(
        "insert into marts.documents by name select * replace ('another_one' as document_id) "
        f"from marts.documents where document_id = '{document}'",
        "insert into marts.index_scores by name select * replace ('another_one' as document_id) "
        f"from {totals} where document_id = '{document}'",
    )
    found = release.compare(options(build, folder), None)
    assert found.changes == []
    assert found.moved == [changes.Moved("score", "another_one", regions, 0)]


def test_nothing_published_is_said_so(build: Build, folder: Path) -> None:
    folder.mkdir()
    for words in (("diff", "--database", build.file), ("rollback",)):
        refused = kinerja(*words, "--to", folder)
        assert (refused.code, len(refused.err.strip().splitlines())) == (2, 1)
    listed = kinerja("releases", "--to", folder)
    assert (listed.code, "Next: uv run kinerja publish" in listed.out) == (0, True)
