"""Publishing the real build: what the file holds, the way back, and what changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from command import kinerja
from kinerja.core.errors import StoppedError
from kinerja.publish import changes, release, store
from kinerja.publish.candidate import macros
from publish_support import FULL, Build, build_of, command, options, tree, whole_release
from warehouse import PROJECT, Warehouse, copy_warehouse


@pytest.fixture
def build(built: Warehouse, tmp_path: Path) -> Build:
    return build_of(built).copy(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def test_the_command_publishes_what_dbt_built(build: Build, folder: Path) -> None:
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
            "where schema_name = 'main' and not internal"
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
            "select verdict, count(*) from marts.reconciliation "
            "where rule_id = 'smart_city.weighted_final' group by all"
        )
        assert json.loads(second["verdicts"])["smart_city.weighted_final"] == dict(
            verdicts.fetchall()
        )
    assert (first["release_no"], second["release_no"]) == (1, 2)
    assert first["published_at"] <= second["published_at"]
    assert json.loads(second["row_counts"])["regions"] == 552
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
    built: Warehouse, tmp_path: Path, folder: Path
) -> None:
    project = copy_warehouse(built, tmp_path / "project")
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


# (statement on a build, what the diff must name: kind, item, figures) for the other measures.
_OTHER_CHANGES = {
    "a unit score": (
        "update marts.index_scores set score_printed = '9,99' "
        "where component_code = 'hospital' and region_code = '15.71'",
        {("score", "score_printed")},
    ),
    "a grade": (
        "update marts.reconciliation set published_text = 'F' "
        "where rule_id = 'public_service.grade' and subject_code = '15.71'",
        {("grade", "published_text")},
    ),
    "an improvement": (
        "update marts.reconciliation set published_text = '9,99' "
        "where rule_id = 'smart_city.improvement' and subject_code = '15.71'",
        {("score", "published_text")},
    ),
    "an amount and what is summed from it": (
        "update marts.budget_realization set "
        "realization_rupiah = realization_rupiah + if(quarter = 1, 1, 0), "
        "cumulative_realization_rupiah = cumulative_realization_rupiah + 1 "
        "where line_code = '1.1.1'",
        {("amount", "realization_rupiah"), ("amount", "cumulative_realization_rupiah")},
    ),
    "a target": (
        "update marts.target_achievement set realization = realization + 1 "
        "where indicator_code = 'accountability_score' and quarter = 4",
        {("amount", "realization")},
    ),
}


@pytest.mark.parametrize("name", _OTHER_CHANGES)
def test_the_diff_traces_figures_of_every_kind(build: Build, folder: Path, name: str) -> None:
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


def test_the_diff_counts_new_documents_and_does_not_list_them(build: Build, folder: Path) -> None:
    release.publish(options(build, folder))
    build.change(
        "insert into marts.documents by name select * replace "
        "('decision_2025' as document_id, 2025 as edition_year) "
        "from marts.documents where document_id = 'public_service_2024'",
        "insert into marts.index_scores by name select * replace "
        "('decision_2025' as document_id) from marts.index_scores "
        "where document_id = 'public_service_2024' and component_level = 'index'",
    )
    found = release.compare(options(build, folder), None)
    assert found.changes == []
    assert found.moved == [changes.Moved("score", "decision_2025", 527, 0)]


def test_nothing_published_is_said_so(build: Build, folder: Path) -> None:
    folder.mkdir()
    for words in (("diff", "--database", build.file), ("rollback",)):
        refused = kinerja(*words, "--to", folder)
        assert (refused.code, len(refused.err.strip().splitlines())) == (2, 1)
    listed = kinerja("releases", "--to", folder)
    assert (listed.code, "Next: kinerja publish" in listed.out) == (0, True)
