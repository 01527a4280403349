"""dbt 2, the second engine: the tables and sentences of dbt 1.11, and why it cannot begin."""

import json
import os
import platform
import signal
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from command import KINERJA, kinerja, started
from kinerja.build import fast
from kinerja.core.errors import BadInputError
from kinerja.gates import contracts
from test_bad_seeds import change, set_cell
from warehouse import Warehouse, copy_project

pytestmark = pytest.mark.builds


@pytest.fixture(scope="session")
def engine() -> Path:
    """The engine, fetched; a person without network may go without these tests, CI may not."""
    try:
        return fast.fetched()
    except BadInputError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(str(error))


def build(project: Path, *words: object, **variables: str) -> dict[str, Any]:
    """What `kinerja build --json` answers there, without network."""
    environment = {name: value for name, value in os.environ.items() if name != "KINERJA_DB"}
    run = started(
        *("build", "--json", *words),
        cwd=project,
        env={**environment, "UV_OFFLINE": "1", **variables},
    )
    answer: dict[str, Any] = json.loads(run.stdout)
    assert "Traceback" not in run.stderr
    assert answer["exit_code"] == run.returncode
    return answer


def test_every_table_equals_that_of_dbt_1(engine: Path, built: Warehouse, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    file = tmp_path / "a place" / "my-warehouse.duckdb"
    file.parent.mkdir()
    answer = build(project.folder, "--database", file)
    assert answer["exit_code"] == 0, answer
    assert f"{file}, whole; every test passed" in answer["message"]
    assert answer["result"]["lines"][-1] == "Next: uv run kinerja publish"
    dbt_log = (built.folder / "logs" / "dbt.log").read_text(encoding="utf-8")
    for line in answer["result"]["lines"][:-2]:
        assert line in dbt_log
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.database}' as one (read_only)")
        connection.execute(f"attach '{file}' as two (read_only)")
        assert differences(connection) == []
    manifests = [folder / "target" / "manifest.json" for folder in (built.folder, project.folder)]
    one, two = map(contracts.read, manifests)
    assert one == two


def differences(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables, columns, types, comments and rows that are not alike in databases `one` and `two`."""
    described = (
        "select schema_name, table_name, column_name, data_type, is_nullable, comment "
        "from duckdb_columns() where database_name = '{0}' union all "
        "select schema_name, table_name, '', 'table', false, comment "
        "from duckdb_tables() where database_name = '{0}'"
    )
    one, two = (connection.sql(described.format(name)).fetchall() for name in ("one", "two"))
    found = [f"{column}: described otherwise" for column in set(one) ^ set(two)]
    for schema, table in sorted({(schema, table) for schema, table, *_ in one}):
        # Each build has a number and a time of its own.
        columns = "state" if schema == "build" else "*"
        sides = [f"(select {columns} from {name}.{schema}.{table})" for name in ("one", "two")]
        for these, those in (sides, sides[::-1]):
            more = connection.sql(f"select count(*) from ({these} except all {those})").fetchall()
            if more != [(0,)]:
                found.append(f"{these}: {more} rows are not in {those}")
    return found


def test_a_bad_cell_stops_it_with_the_words_of_dbt_1(engine: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    change(project, "raw/public_service__scores", set_cell(5, "hospital", "3.99"))
    change(project, "reference/rules", set_cell(2, "severity", "fatal"))
    change(project, "reference/rules", lambda rows: rows.append(rows[-1]))
    answer = build(project.folder)
    assert answer["exit_code"] == 1
    assert answer["message"].startswith("Failed: 3 of ")
    assert project.value("select state from build.state") == "failed"
    said = "\n".join(answer["result"]["lines"] + answer["result"]["errors"])
    run = project.dbt("build", "--select", "path:seeds", "stg_lists__scores")
    for start in (
        'seeds/reference/rules.csv: column severity: "fatal" (1 row(s)) is not one of ',
        "seeds/reference/rules.csv: 2 row(s) with the key rule_id = ",
        "seeds/raw/public_service__scores.csv: document public_service_2024, table A, row 5, ",
    ):
        [sentence] = [
            start + line.split(start)[1] for line in run.stdout.splitlines() if start in line
        ]
        assert sentence in said


def test_a_seed_that_is_not_as_declared_stops_it_before_anything(
    engine: Path, tmp_path: Path
) -> None:
    project = copy_project(tmp_path / "project")
    seed = project.folder / "seeds" / "raw" / "smart_city__results.csv"
    whole = seed.read_bytes()
    for broken, expected in {
        whole.replace(b",impact", b"", 1): 'csv: the first line must be "document_id,',
        whole.replace(b"\n", b",9\n", 3).replace(b",9", b"", 1): ', line 2: "',
        whole.replace(b"a", b"\xe9", 2000): "is not UTF-8; save the file as UTF-8",
    }.items():
        seed.write_bytes(broken)
        answer = build(project.folder)
        assert answer["exit_code"] == 2
        assert answer["message"].startswith("seeds/raw/smart_city__results.csv")
        assert expected in answer["message"]
        assert project.rows("from information_schema.tables") == []


def test_a_database_that_cannot_be_written_stops_it(engine: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    with duckdb.connect(str(project.database)):
        assert "is open in another process (" in build(project.folder)["message"]
    assert "is a folder" in build(project.folder, "--database", tmp_path)["message"]


def test_an_interrupted_build_ends_its_engine(engine: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    log = project.folder / "logs" / "dbt.log"
    run = subprocess.Popen(
        [KINERJA, "build"], cwd=project.folder, stderr=subprocess.PIPE, text=True
    )
    while not log.exists() or "seed  " not in log.read_text(encoding="utf-8"):
        assert run.poll() is None
        time.sleep(0.1)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.startswith("Interrupted; what is built so far mixes old and new")
    assert project.value("select state from build.state") == "running"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"UV_OFFLINE": "1"}, "could not be fetched: the network is switched off"),
        (
            {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"},
            "could not be fetched: PyPI cannot be reached, which is needed the first time",
        ),
        ({"UV": "", "PATH": ""}, "uv, which fetches the fast engine, is not here"),
    ],
)
def test_what_cannot_be_fetched_is_one_sentence(
    variables: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = kinerja("build")
    assert ended.code == 2
    assert expected in ended.err
    assert ended.err.endswith("build with dbt 1.11: uv run dbt build\n")
    assert not list(tmp_path.glob("kinerja/*"))


def test_another_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "kinerja" / f"dbt-{fast.VERSION}" / "bin" / "dbt"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho dbt-core 2.0.0-alpha.5\n", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ended = kinerja("build")
    assert (ended.code, "Permission denied" in ended.err) == (2, True)
    program.chmod(0o755)
    ended = kinerja("build")
    assert ended.code == 2
    assert f"{program} is not dbt-core 2.0.0-alpha.4" in ended.err
    assert "(dbt-core 2.0.0-alpha.5): remove " in ended.err


def test_another_machine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, engine: Path) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(platform, "machine", lambda: "riscv64")
        ended = kinerja("build")
    assert ended.code == 2
    assert "was tried on Linux x86_64 only, and this is Linux riscv64; build with" in ended.err
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: "libpython3.11.a")
    ended = kinerja("build")
    assert ended.code == 2
    assert "needs Python as a shared library" in ended.err
