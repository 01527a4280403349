"""Parquet in place of seeds, and one more document without building the others anew."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from kinerja.core.errors import BadInputError
from kinerja.gates import contracts
from kinerja.publish import candidate
from warehouse import Warehouse, copy_editions

pytestmark = pytest.mark.builds

LATER = "public_service_2024"
"""The one decision of tests/editions."""
MARTS = ("index_scores", "index_rankings", "reconciliation")
CORE = ("--select", *(f"+{mart}" for mart in MARTS), "--exclude-resource-type", "test", "unit_test")


def write_parquet(editions: Warehouse, folder: Path) -> None:
    """Each raw seed and the register as Parquet, in one file, what LATER prints in another."""
    connection = duckdb.connect(str(editions.database), read_only=True)
    tables = connection.sql(
        "select table_schema || '.' || table_name, table_name from information_schema.tables "
        "where table_schema = 'raw' or table_name = 'document_register'"
    ).fetchall()
    for table, seed in tables:
        (folder / seed).mkdir(parents=True)
        for name, condition in {"now": "!=", "later": "="}.items():
            file = folder / seed / f"{name}.parquet"
            connection.execute(
                f"copy (from {table} where document_id {condition} '{LATER}') to '{file}'"
            )
    connection.close()


def hide(folder: Path) -> list[tuple[Path, Path]]:
    """Takes the later document away; gives the moves that bring it back."""
    moves = []
    for file in sorted(folder.glob("*/later.parquet")):
        file.rename(hidden := file.with_suffix(".hidden"))
        moves.append((hidden, file))
    return moves


@pytest.fixture
def project(tmp_path: Path) -> Warehouse:
    return copy_editions(tmp_path / "project")


def test_a_document_more_gives_the_marts_of_a_whole_build(
    editions: Warehouse, project: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "printed"
    write_parquet(editions, folder)
    moves = hide(folder)
    project.build(*CORE, "--vars", f"parquet_seeds: {folder}")
    assert not project.rows("from marts.index_scores where instrument = 'public_service'")
    for hidden, file in moves:
        hidden.rename(file)
    later = (
        *("--selector", "more_documents", "--exclude-resource-type", "test", "unit_test"),
        *("--vars", f"{{parquet_seeds: {folder}, documents: [{LATER}]}}"),
    )
    project.build(*later)
    connection = duckdb.connect(str(project.database), read_only=True)
    connection.execute(f"attach '{editions.database}' as whole (read_only)")
    for mart in MARTS:
        for one, other in (("marts", "whole.marts"), ("whole.marts", "marts")):
            rows = connection.sql(f"from {one}.{mart} except all from {other}.{mart}").fetchall()
            assert rows == [], f"{one}.{mart}"
    connection.close()
    # Nothing stays of what it prints no more.
    for hidden, file in hide(folder):
        if file.parent.name == "document_register":
            hidden.rename(file)
    project.build(*later)
    for mart in MARTS:
        assert not project.rows(f"from marts.{mart} where document_id = '{LATER}'"), mart


def test_a_build_over_parquet_is_published_and_can_be_built_in_part(
    editions: Warehouse, project: Warehouse, tmp_path: Path
) -> None:
    given = ("--vars", f"parquet_seeds: {tmp_path / 'printed'}")
    write_parquet(editions, tmp_path / "printed")
    project.build(*given)
    # Its views name the database that they stand in.
    release = tmp_path / "release.duckdb"
    tables = contracts.read(project.folder / "target" / "manifest.json")
    stamp = candidate.Stamp(1, "first", None, None)
    wrong = tables | {"index_scores": replace(tables["index_scores"], release_order=("none",))}
    with pytest.raises(BadInputError, match="none"):
        candidate.write(project.database, release, wrong, stamp, history=None)
    assert not list(tmp_path.glob("*.worked_out*"))
    release.unlink()
    written = candidate.write(project.database, release, tables, stamp, history=None)
    assert list(tmp_path.glob("release.*")) == [release]
    differ = "select count(*) from (from marts.{0} except all from whole.marts.{0})"
    with duckdb.connect(str(release), read_only=True) as connection:
        connection.execute(f"attach '{editions.database}' as whole (read_only)")
        for mart in MARTS:
            assert connection.sql(f"select count(*) from whole.marts.{mart}").fetchone() == (
                written.rows[mart],
            )
            assert connection.sql(differ.format(mart)).fetchone() == (0,), mart
    # A run of one model leaves the views that stand for seeds.
    project.build("--select", "index_rankings", *given)
    results = "select count(*) from raw.smart_city__results"
    assert project.value(results) == editions.value(results) > 0


def test_a_document_that_no_one_registered_is_refused(project: Warehouse) -> None:
    run = project.dbt("build", "--vars", "documents: [smart_city_1945]")
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    assert '"smart_city_1945" is not in document_register' in run.stdout


def test_a_folder_without_parquet_of_any_seed_is_refused(
    project: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "printed" / "note").mkdir(parents=True)
    duckdb.sql(f"copy (select 1 as document_id) to '{tmp_path}/printed/note/a.parquet'")
    run = project.dbt("build", "--vars", f"parquet_seeds: {tmp_path}/printed")
    assert run.returncode == 2
    assert "Traceback" not in run.stdout + run.stderr
    assert f"parquet_seeds: {tmp_path}/printed holds no Parquet of any seed" in run.stdout


def test_parquet_of_another_shape_is_refused(project: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "printed"
    (folder / "notes").mkdir(parents=True)
    duckdb.sql(f"copy (select 1 as document_id) to '{folder}/notes/a.parquet'")
    run = project.dbt("build", "--vars", f"parquet_seeds: {folder}")
    assert run.returncode != 0
    assert "Traceback" not in run.stdout + run.stderr
    assert "notes/*.parquet: columns must be document_id varchar, table_id varchar" in run.stdout
    assert "found document_id integer" in run.stdout
