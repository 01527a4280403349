"""SQL clients on the published file: exact, read-only, locked, and whole while it is replaced."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from client_support import replace_atomically, unavailable
from command import started
from warehouse import PROJECT, Warehouse

# Two marts in one statement: an answer that mixed two releases would show.
QUESTION = """
    select
        (select sum(final_score) from marts.smart_city) as smart_city,
        (select sum(index_published) from marts.public_service) as public_service
"""
LOCKED: dict[str, Any] = {"enable_external_access": "false", "lock_configuration": "true"}
Answer = tuple[Decimal, Decimal]


class Releases(NamedTuple):
    """Two whole releases of different figures, and what QUESTION answers on each."""

    files: tuple[Path, Path]
    answers: tuple[Answer, Answer]


@pytest.fixture(scope="module")
def releases(editions: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    folder = tmp_path_factory.mktemp("releases")
    files = (folder / "first.duckdb", folder / "second.duckdb")
    for file in files:
        shutil.copyfile(editions.database, file)
    with duckdb.connect(str(files[1])) as connection:
        connection.execute("update marts.smart_city set final_score = final_score - 0.01")
        connection.execute(
            "update marts.public_service set index_published = index_published - 0.01"
        )
    first, second = (answer_of_duckdb(file) for file in files)
    assert first[0] > second[0]
    assert first[1] > second[1]
    return Releases(files, (first, second))


def answer_of_duckdb(file: Path) -> Answer:
    with duckdb.connect(str(file), read_only=True) as connection:
        row = connection.execute(QUESTION).fetchone()
    assert row is not None
    return row[0], row[1]


# --- the clients: each opens the file read-only, runs a statement, and closes ---------------------


def needs(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        unavailable(f"{module} is not installed (uv sync --group clients)")


def sqlalchemy_engine(file: Path) -> Any:
    needs("duckdb_engine")
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    # Without a pool, each connection is a new one and sees the newest release.
    return create_engine(
        f"duckdb:///{file}",
        connect_args={"read_only": True, "config": LOCKED},
        poolclass=NullPool,
    )


def by_sqlalchemy(file: Path, statement: str) -> list[tuple[Any, ...]]:
    needs("duckdb_engine")
    from sqlalchemy import text

    with sqlalchemy_engine(file).connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def by_pandas(file: Path, statement: str) -> list[tuple[Any, ...]]:
    needs("duckdb_engine")
    import pandas

    # coerce_float=False keeps decimals: pandas would make doubles of them.
    frame = pandas.read_sql(statement, sqlalchemy_engine(file), coerce_float=False)
    return list(frame.itertuples(index=False, name=None))


def by_polars(file: Path, statement: str) -> list[tuple[Any, ...]]:
    import polars

    with duckdb.connect(str(file), read_only=True, config=LOCKED) as connection:
        return polars.read_database(statement, connection).rows()


def by_adbc(file: Path, statement: str) -> list[tuple[Any, ...]]:
    needs("adbc_driver_manager")
    from adbc_driver_manager import dbapi

    # The driver is the duckdb package itself.
    library = importlib.util.find_spec("_duckdb")
    assert library is not None
    assert library.origin is not None
    options = {"path": str(file), "access_mode": "READ_ONLY", **LOCKED}
    with (
        dbapi.connect(
            library.origin, entrypoint="duckdb_adbc_init", db_kwargs=options
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        return [tuple(row.values()) for row in cursor.fetch_arrow_table().to_pylist()]


def by_command_line(file: Path, statement: str) -> list[tuple[Any, ...]]:
    beside_python = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    program = shutil.which("duckdb", path=beside_python)
    if program is None:
        unavailable("the duckdb command line is not installed (uv sync --group clients)")
    settings = [f"set {name} = {value}" for name, value in LOCKED.items()]
    arguments = [part for setting in settings for part in ("-cmd", setting)]
    # Figures as text: its JSON would make doubles of decimals for whoever parses it.
    done = subprocess.run(
        [
            program,
            "-readonly",
            "-init",
            os.devnull,
            *arguments,
            "-csv",
            "-noheader",
            file,
            statement,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [tuple(map(Decimal, line.split(","))) for line in done.stdout.split()]


CLIENTS: dict[str, Callable[[Path, str], list[tuple[Any, ...]]]] = {
    "sqlalchemy": by_sqlalchemy,
    "pandas": by_pandas,
    "polars": by_polars,
    "adbc": by_adbc,
    "duckdb command line": by_command_line,
}
every_client = pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)


@every_client
def test_figures_are_the_exact_decimals_of_the_warehouse(
    client: Callable[[Path, str], list[tuple[Any, ...]]], releases: Releases
) -> None:
    [answer] = client(releases.files[0], QUESTION)
    assert answer == releases.answers[0]
    assert {type(figure) for figure in answer} == {Decimal}


@every_client
def test_readers_see_whole_releases_while_they_are_replaced(
    client: Callable[[Path, str], list[tuple[Any, ...]]], releases: Releases, tmp_path: Path
) -> None:
    published = tmp_path / "kinerja.duckdb"
    shutil.copyfile(releases.files[0], published)
    client(published, QUESTION)
    publisher = threading.Thread(target=publish_repeatedly, args=(releases, published, 20))
    publisher.start()
    seen = []
    while publisher.is_alive():
        seen += client(published, QUESTION)
    publisher.join()
    assert set(seen) <= set(releases.answers)
    assert len(set(seen)) == 2, f"{len(seen)} answers, all of one release"
    assert client(published, QUESTION) == [releases.answers[1]]


def publish_repeatedly(releases: Releases, published: Path, times: int) -> None:
    """Publish the two releases in turn, the second one last."""
    for turn in range(times):
        time.sleep(0.1)
        replace_atomically(releases.files[(times - turn) % 2], published)


@every_client
@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.smart_city",
        "create table marts.mine (n integer)",
        "select * from read_csv('/etc/hostname')",
        "copy marts.smart_city to '{folder}/out.csv'",
        "set enable_external_access = true",
    ],
    ids=["delete", "create", "read a file", "write a file", "unlock"],
)
def test_a_locked_session_changes_and_reaches_nothing(
    client: Callable[[Path, str], list[tuple[Any, ...]]],
    statement: str,
    releases: Releases,
    tmp_path: Path,
) -> None:
    before = releases.files[0].stat()
    with pytest.raises(
        Exception, match=r"(?i)read-only|external access|disabled|locked|permission"
    ):
        client(releases.files[0], statement.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []
    after = releases.files[0].stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


@every_client
def test_a_missing_file_is_not_created(
    client: Callable[[Path, str], list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    with pytest.raises(Exception, match=r"(?i)does not exist|cannot open"):
        client(tmp_path / "none.duckdb", "select 1")
    assert list(tmp_path.iterdir()) == []


def test_sqlalchemy_reflects_tables_columns_and_comments(releases: Releases) -> None:
    needs("duckdb_engine")
    from sqlalchemy import inspect

    inspector = inspect(sqlalchemy_engine(releases.files[0]))
    tables = inspector.get_table_names(schema="marts")
    assert {"smart_city", "public_service", "findings"} <= set(tables)
    columns = {
        column["name"]: column for column in inspector.get_columns("smart_city", schema="marts")
    }
    assert str(columns["final_score"]["type"]) == "NUMERIC(9, 4)"
    with duckdb.connect(str(releases.files[0]), read_only=True) as connection:
        described = connection.execute(
            "select comment from duckdb_columns() where schema_name = 'marts' "
            "and table_name = 'smart_city' and column_name = 'final_score'"
        ).fetchone()
    assert described is not None
    assert columns["final_score"]["comment"] == described[0]


# --- Node -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of clients/node with its package installed as locked."""
    if not (shutil.which("node") and shutil.which("npm")):
        unavailable("Node.js and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json", "read.mjs"):
        shutil.copyfile(PROJECT / "clients" / "node" / name, folder / name)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        unavailable(f"npm cannot install @duckdb/node-api: {done.stderr.strip()[:300]}")
    return folder / "read.mjs"


def run_node(script: Path, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", script, file], capture_output=True, text=True, check=False, timeout=60
    )


def test_node_reads_the_ranking(node_client: Path, releases: Releases) -> None:
    done = run_node(node_client, releases.files[0])
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    with duckdb.connect(str(releases.files[0]), read_only=True) as connection:
        expected = connection.execute(
            "select rank::varchar, region_name, final_score::varchar from marts.smart_city "
            "join marts.regions using (region_code) where took_part order by rank, region_name"
        ).fetchall()
    assert answer["rows"] == len(expected)
    assert [tuple(row.values()) for row in answer["top"]] == expected[:5]
    assert len(answer["top"]) == 5


def test_node_sees_whole_releases_while_they_are_replaced(
    node_client: Path, releases: Releases, tmp_path: Path
) -> None:
    published = tmp_path / "kinerja.duckdb"
    whole = {run_node(node_client, file).stdout for file in releases.files}
    assert len(whole) == 2
    shutil.copyfile(releases.files[0], published)
    publisher = threading.Thread(target=publish_repeatedly, args=(releases, published, 20))
    publisher.start()
    seen = []
    while publisher.is_alive():
        seen.append(run_node(node_client, published))
    publisher.join()
    assert [done.stderr for done in seen if done.returncode] == []
    assert {done.stdout for done in seen} <= whole


def test_node_says_in_one_line_that_a_file_is_missing(node_client: Path, tmp_path: Path) -> None:
    done = run_node(node_client, tmp_path / "none.duckdb")
    assert done.returncode == 1
    assert done.stderr.startswith("cannot read ")
    assert len(done.stderr.splitlines()) == 1


# --- kinerja dashboard, as far as it goes without Superset ----------------------------------------


def dashboard(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return started("dashboard", *arguments, timeout=60)


def test_the_dashboard_refuses_a_missing_warehouse_and_a_taken_port(
    releases: Releases, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    refusals = [dashboard("start", "--home", home, "--database", tmp_path / "none.duckdb")]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refusals.append(
            dashboard("start", "--home", home, "--port", port, "--database", releases.files[0])
        )
    for refusal, message in zip(
        refusals, (f"{tmp_path / 'none.duckdb'} is not there", f"Port {port} is taken"), strict=True
    ):
        assert refusal.returncode == 2
        assert refusal.stderr.startswith(message)
        assert len(refusal.stderr.splitlines()) == 1
    assert not home.exists()


def test_the_bundle_is_the_shipped_dashboard_with_the_path_of_the_file(
    releases: Releases, tmp_path: Path
) -> None:
    assets = PROJECT / "clients" / "superset" / "assets"
    done = dashboard("bundle", tmp_path / "kinerja.zip", "--database", releases.files[0])
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "kinerja.zip") as archive:
        names = {name.removeprefix("kinerja/") for name in archive.namelist()}
        assert names == {file.relative_to(assets).as_posix() for file in assets.rglob("*.yaml")}
        database = archive.read("kinerja/databases/kinerja.yaml").decode()
    assert f"sqlalchemy_uri: duckdb:///{releases.files[0]}\n" in database
