"""A copy of the project in a folder of its own, and dbt run in it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).parents[2]
EDITIONS = PROJECT / "tests" / "editions"
"""Raw seeds of made-up documents, and the reference seeds that go with them."""
PARTS = ("dbt_project.yml", "profiles.yml", "selectors.yml", "models", "macros", "seeds", "tests")
PARSED = PROJECT / "target" / "partial_parse.msgpack"
"""What dbt parsed of the checkout, if it did: of a copy it parses only what differs."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A project folder with its database file `kinerja.duckdb`."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "kinerja.duckdb"

    def start_dbt(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts dbt in the folder, as a user does; the user's own database is never touched."""
        # The profile's own relative path: dbt then need not parse a copied project anew.
        environment = {name: value for name, value in os.environ.items() if name != "KINERJA_DB"}
        return subprocess.Popen(
            [sys.executable, "-m", "dbt.cli.main", *arguments],
            cwd=self.folder,
            env={**environment, "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def dbt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs dbt in the folder to its end."""
        process = self.start_dbt(*arguments)
        printed, errors = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, printed, errors)

    def build(self, *arguments: str) -> str:
        """Builds, and gives what dbt printed; fails the test if the build fails."""
        run = self.dbt("build", *arguments)
        assert run.returncode == 0, run.stdout
        return run.stdout

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.sql(sql).fetchall()

    def value(self, sql: str) -> Any:
        [(value,)] = self.rows(sql)
        return value


def copy_project(folder: Path, seeds: Path | None = None) -> Warehouse:
    """The project without what was built; with the seeds of another folder, where one is given."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = seeds if seeds is not None and part == "seeds" else PROJECT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    if PARSED.exists():
        (folder / "target").mkdir(exist_ok=True)
        shutil.copy(PARSED, folder / "target")
    return Warehouse(folder)


def copy_editions(folder: Path) -> Warehouse:
    """The project with the made-up documents in the place of its own."""
    warehouse = copy_project(folder)
    for seed in (folder / "seeds" / "raw").glob("*.csv"):
        heading, _, _ = seed.read_text(encoding="utf-8").partition("\n")
        seed.write_text(heading + "\n", encoding="utf-8")
    shutil.copytree(EDITIONS, folder / "seeds", dirs_exist_ok=True)
    return warehouse


def copy_warehouse(built: Warehouse, folder: Path) -> Warehouse:
    """A built project with its database and what dbt has parsed, to change and build in part."""
    shutil.copytree(built.folder, folder)
    return Warehouse(folder)


def operators(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """What DuckDB does to answer a query, each step with the rows that came out of it."""
    [(_, plan)] = connection.execute(f"explain (analyze, format json) {query}").fetchall()
    found, waiting = [], [json.loads(plan)]
    while waiting:
        step = waiting.pop()
        found.append(step)
        waiting += step["children"]
    return [step for step in found if "operator_cardinality" in step]
