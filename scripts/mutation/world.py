"""The project's own compiled SQL, run in one DuckDB process in memory.

A real `dbt build` takes many seconds, nearly all of them start-up. Here the models and tests that
dbt compiled are taken from its manifest and run as they are: those downstream of what was changed,
in the order of their dependencies, each test as soon as what it reads is rebuilt.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import networkx
from kinerja.core import paths
from kinerja.core.database import literal, quoted
from kinerja.core.errors import BadInputError

REGISTER = "findings_are_registered"
"""The test that most changes fail: what it reads is built first."""

DATABASE = "kinerja.duckdb"
"""What a build in a project folder makes."""

_PARTS = ("dbt_project.yml", "profiles.yml", "selectors.yml", "models", "macros", "seeds", "tests")


@dataclass(frozen=True, slots=True)
class World:
    """A warehouse in memory with dbt's manifest; what it was copied from is attached as `base`."""

    connection: duckdb.DuckDBPyConnection
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A relation to rebuild (a seed needs no SQL), with the tests that can run after it."""

    relation: str
    sql: str | None
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What stops a build: the name of a test or a model, and its first rows or the error."""

    by: str
    message: str


def build_project(folder: Path) -> Path:
    """Copy the project into a new folder and build it there; give the folder."""
    folder.mkdir(parents=True)
    for part in _PARTS:
        source = paths.project() / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / part)
    if dbt_build(folder).returncode:
        raise BadInputError("The unchanged project does not build: uv run dbt build says why.")
    return folder


def dbt_build(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a real `dbt build` in a project folder, into its own database."""
    elsewhere = {"KINERJA_DB", "KINERJA_PROJECT", "DBT_TARGET_PATH"}
    return subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", *words],
        cwd=project,
        env={name: value for name, value in os.environ.items() if name not in elsewhere},
        capture_output=True,
        text=True,
        check=False,
    )


def open_world(project: Path) -> World:
    """Copy the warehouse of a built project into memory."""
    database = project / DATABASE
    name = quoted(database.stem)
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    connection.execute(f"attach {literal(str(database))} as base (read_only)")
    connection.execute(f"attach ':memory:' as {name}; copy from database base to {name}")
    connection.execute(f"use {name}")
    manifest = (project / "target" / "manifest.json").read_text(encoding="utf-8")
    return World(connection, json.loads(manifest))


def steps(world: World, *changed: str) -> list[Step]:
    """The changed nodes of dbt's graph and all models downstream of them, in order.

    What the register reads comes first, then that test, then the others: nearly always that
    settles it.
    """
    nodes = {
        name: node
        for name, node in world.manifest["nodes"].items()
        if node["resource_type"] in ("seed", "model", "test")
    }
    graph = networkx.DiGraph(
        (parent, name)
        for name, node in nodes.items()
        for parent in node["depends_on"].get("nodes", ())
    )
    downstream = set(changed).union(*(networkx.descendants(graph, name) for name in changed))
    [register] = [name for name, node in nodes.items() if node["name"] == REGISTER]
    first = networkx.ancestors(graph, register)
    order = networkx.lexicographical_topological_sort(graph.subgraph(downstream))
    built = [name for name in order if nodes[name]["resource_type"] != "test"]
    built.sort(key=lambda name: name not in first)
    after: dict[str, list[tuple[str, str]]] = {name: [] for name in built}
    read = [name for name in built if name in first]
    for name in sorted(downstream - set(built), key=lambda name: (name != register, name)):
        last = [parent for parent in built if graph.has_edge(parent, name)][-1]
        last = read[-1] if last in first else last
        after[last].append((nodes[name]["name"], nodes[name]["compiled_code"]))
    return [
        Step(nodes[name]["relation_name"], nodes[name].get("compiled_code"), tuple(after[name]))
        for name in built
    ]


def build(world: World, downstream: Sequence[Step]) -> Iterator[Failure]:
    """Rebuild what is downstream of a change; give each failure as it is met.

    A model that cannot be built ends the build, as it does in dbt.
    """
    for step in downstream:
        if step.sql is not None:
            try:
                world.connection.execute(f"create or replace table {step.relation} as {step.sql}")
            except duckdb.Error as error:
                yield Failure(step.relation, str(error).splitlines()[0])
                return
        for name, sql in step.tests:
            rows = world.connection.execute(f"select * from ({sql}) limit 3").fetchall()
            if rows:
                yield Failure(name, "; ".join(str(row[0]) for row in rows))


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Whatever is changed or built inside is undone at the end."""
    world.connection.execute("begin")
    try:
        yield
    finally:
        world.connection.execute("rollback")


def verdict_changes(world: World) -> tuple[str, ...]:
    """How the verdicts with other figures than before changed, as "rule: before → after"."""
    found = world.connection.execute(sql("verdict_changes")).fetchall()
    return tuple(str(change) for (change,) in found)


def sql(name: str) -> str:
    """A query of sql/."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
