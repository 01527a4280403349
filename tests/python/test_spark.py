"""Spark for real: a cluster of three processes builds the documents, and its marts equal DuckDB's.

Minutes, not seconds: run with `uv run --extra spark pytest -m spark`. Needs Java 17.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from benchmark.generate import generate
from command import KINERJA, kill
from warehouse import Warehouse, copy_project

pytestmark = pytest.mark.spark


@dataclass(frozen=True, slots=True)
class Spark:
    """A project folder of its own and the cluster that builds in it."""

    project: Warehouse
    port: int
    environment: dict[str, str]

    def dbt(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", *arguments, "--target", "spark"],
            cwd=self.project.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def cluster(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [KINERJA, "cluster", *arguments],
            cwd=self.project.folder,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def status(self) -> Any:
        return json.loads(self.cluster("status", "--json").stdout)["result"]

    def differences(self, built: Warehouse) -> list[Any]:
        """The marts that are not equal; fails the test unless all of DuckDB's were compared."""
        run = self.cluster("compare", "--json", "--database", str(built.database))
        assert run.stdout, run.stderr
        compared = json.loads(run.stdout)["result"]["marts"]
        marts = built.rows("select table_name from duckdb_tables() where schema_name = 'marts'")
        assert {table["name"] for table in compared} == {name for (name,) in marts}
        assert sum(table["rows"] for table in compared) > 10_000
        return [table for table in compared if table["difference"]]


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Spark:
    """A project whose cluster is not started."""
    project = copy_project(tmp_path_factory.mktemp("spark") / "project")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KINERJA_")
    }
    return Spark(
        project,
        port,
        {
            **environment,
            "NO_COLOR": "1",
            "KINERJA_SPARK_DIR": str(project.folder / "target" / "spark"),
            "KINERJA_SPARK_MASTER": f"spark://127.0.0.1:{port}",
        },
    )


@pytest.fixture(scope="module")
def spark(idle: Spark) -> Iterator[Spark]:
    """The same with a master and two workers, ended afterwards."""
    started = idle.cluster("start", "--workers", "2", "--port", str(idle.port))
    assert started.returncode == 0, started.stderr
    processes = [process["pid"] for process in idle.status()["processes"]]
    assert len(processes) == 3
    yield idle
    stopped = idle.cluster("stop")
    assert stopped.returncode == 0, stopped.stderr
    # Neither they nor the executors that they started.
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True)
    left = [line.split() for line in listed.stdout.splitlines()]
    assert not [group for group, state in left if int(group) in processes and state[0] != "Z"]


def test_without_java_or_master_nothing_starts_and_one_message_says_why(idle: Spark) -> None:
    for run in (
        idle.dbt("build", JAVA_HOME="/nowhere"),
        idle.cluster("start", "--port", str(idle.port), JAVA_HOME="/nowhere"),
    ):
        printed = run.stdout + run.stderr
        assert run.returncode == 2
        assert "there is no java in JAVA_HOME (/nowhere). Install Java 17" in printed
        assert "Traceback" not in printed
    without_master = idle.dbt("build")
    assert without_master.returncode == 2
    assert f"No Spark master answers at spark://127.0.0.1:{idle.port}." in without_master.stdout
    assert "kinerja cluster start" in without_master.stdout
    assert idle.status() is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--memory", "100m"), "100m is too little for a worker"),
        (("--memory", "lots"), 'Memory is written like 1g or 1500m, not "lots".'),
        (("--memory", "9000g"), "2 workers of 9000g are more than this machine's"),
        (("--workers", "0"), "A cluster needs at least one worker with one core."),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(
    idle: Spark, options: tuple[str, str], message: str
) -> None:
    run = idle.cluster("start", "--port", str(idle.port), *options)
    assert run.returncode == 2
    assert message in run.stderr
    assert idle.status() is None


def test_generated_documents_give_the_marts_that_duckdb_gives(spark: Spark, tmp_path: Path) -> None:
    """Parquet in place of seeds on both engines; KINERJA_SPARK_CELLS=1e7 for a larger country."""
    cells = int(float(os.environ.get("KINERJA_SPARK_CELLS", "1e5")))
    printed = tmp_path / "printed"
    generate(printed, cells, 1_000, 1, lambda step, share: None)
    core = (
        *("--select", "+index_scores", "+index_rankings", "+reconciliation"),
        *("--exclude-resource-type", "test", "unit_test"),
        *("--vars", f"{{parquet_seeds: {printed}, detection_power: withheld}}"),
    )
    built = copy_project(tmp_path / "project")
    built.build(*core)
    folder = built.folder / "target" / "spark"
    own = Spark(built, spark.port, {**spark.environment, "KINERJA_SPARK_DIR": str(folder)})
    begun = time.monotonic()
    build = own.dbt("build", *core, KINERJA_SPARK_PARTITIONS="8" if cells >= 1_000_000 else "2")
    assert build.returncode == 0, build.stdout
    print(f"{cells:,} scores: {time.monotonic() - begun:.0f} s on the cluster")
    compared = json.loads(
        own.cluster("compare", "--json", "--database", str(built.database)).stdout
    )["result"]["marts"]
    rows = {table["name"]: table["rows"] for table in compared}
    assert rows["reconciliation"] > cells // 10
    assert rows["index_rankings"] > cells // 50
    assert [table for table in compared if table["difference"]] == []


def test_bad_cells_stop_the_build_with_one_message(spark: Spark, tmp_path: Path) -> None:
    """Text for a number, a broken line, another heading, a number that does not fit."""
    project = copy_project(tmp_path / "project")
    broken = Spark(
        project,
        spark.port,
        {**spark.environment, "KINERJA_SPARK_DIR": str(project.folder / "target" / "spark")},
    )
    for seed, cell, other in (
        ("raw/public_service__scores.csv", '"4,63"', "4.63"),
        ("raw/smart_city__details.csv", ",details,1,", ",details,one,"),
        ("reference/note_topics.csv", "\n", "\nonly a word\n"),
        ("raw/smart_city__invitations.csv", "row_no", "row_number"),
        ("reference/grade_bands.csv", ",4.51,", ",1234567.51,"),
    ):
        path = project.folder / "seeds" / seed
        text = path.read_text()
        assert cell in text, seed
        path.write_text(text.replace(cell, other, 1))
    run = broken.dbt(
        "build",
        "--select",
        *("public_service__scores", "smart_city__results", "accountability__components"),
        *("printed_words", "document_register", "corrections", "stg_lists__scores"),
        *("smart_city__details", "smart_city__invitations", "note_topics", "grade_bands"),
        "--exclude",
        "test_type:data",
    )
    assert run.returncode == 1
    for message in (
        "raw/public_service__scores.csv: document public_service_2024, table A, row 1, column "
        'social_service: "4.63" is not a number written like 3,66',
        'raw/smart_city__details.csv: column block_no: "one" is not integer',
        "reference/note_topics.csv: not 5 cells in the line: only a word",
        'raw/smart_city__invitations.csv: the first line must be "document_id,table_id,row_no,',
        'reference/grade_bands.csv: column lower_bound: "1234567.51" is not decimal(9,4)',
    ):
        assert f"seeds/{message}" in run.stdout, message
    assert "ERROR=5" in run.stdout


def test_the_marts_equal_duckdb_row_by_row_though_a_worker_is_killed(
    spark: Spark, built: Warehouse
) -> None:
    """With all it runs, and at once, as when its machine is lost; unit tests are built, too."""
    again = spark.cluster("start", "--port", str(spark.port))
    assert again.returncode == 2
    assert "runs already" in again.stderr
    screen = spark.project.folder / "screen.txt"
    with screen.open("w") as output:
        run = subprocess.Popen(
            [
                *(sys.executable, "-m", "dbt.cli.main", "build"),
                *("--target", "spark", "--select", "fqn:*"),
            ],
            cwd=spark.project.folder,
            env=spark.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while run.poll() is None and screen.read_text().count("OK created sql table") < 30:
            time.sleep(0.2)
        assert run.poll() is None, screen.read_text()
        [worker, _] = [p for p in spark.status()["processes"] if p["role"] == "worker"]
        kill(worker["pid"])
        assert run.wait() == 0, screen.read_text()
    assert spark.status()["workers_alive"] == 1
    assert spark.differences(built) == []


def test_a_changed_cell_is_seen(spark: Spark, built: Warehouse, tmp_path: Path) -> None:
    """The comparison itself: another last digit in one of DuckDB's rows is a difference."""
    changed = Warehouse(tmp_path)
    shutil.copy(built.database, changed.database)

    with duckdb.connect(str(changed.database)) as connection:
        connection.execute(
            "update marts.reconciliation set recomputed = recomputed + 0.000000000001 "
            "where recomputed = (select max(recomputed) from marts.reconciliation)"
        )
    [difference] = spark.differences(changed)
    assert difference["name"] == "reconciliation"
    assert "only in DuckDB" in difference["difference"]
