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
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
class Test:
    """A compiled data test, and the nodes that it reads."""

    node: str
    name: str
    sql: str
    parents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """A relation to rebuild (a seed needs no SQL), with the tests that can run after it.

    `contract` holds the names of its columns, when dbt enforces them and their types.
    """

    node: str
    relation: str
    sql: str | None
    parents: frozenset[str]
    contract: tuple[str, ...]
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What stops a build: the name of a test or a relation, and its first rows or the error.

    `is_broken`: the relation itself cannot be built.
    """

    by: str
    message: str
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A relation that was built with other rows than before; public ones have a contract."""

    node: str
    relation: str
    is_public: bool

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.node.rpartition(".")[2]


def copy_project(folder: Path) -> Path:
    """Copy what a build needs into a new folder; give the folder."""
    folder.mkdir(parents=True)
    for part in _PARTS:
        source = paths.project() / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / part)
    return folder


def build_project(folder: Path) -> Path:
    """Copy the project into a new folder and build it there; give the folder."""
    copy_project(folder)
    if dbt_build(folder).returncode:
        raise BadInputError("The unchanged project does not build: uv run dbt build says why.")
    return folder


def dbt_build(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a real `dbt build` in a project folder, into its own database."""
    return subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", *words],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def environment() -> dict[str, str]:
    """The environment without what names a database, project or folder elsewhere."""
    elsewhere = {"KINERJA_DB", "KINERJA_ACCESS_MODE", "KINERJA_PROJECT", "DBT_TARGET_PATH"}
    return {name: value for name, value in os.environ.items() if name not in elsewhere}


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


def steps(world: World, changed: Iterable[str], sql: Mapping[str, str] | None = None) -> list[Step]:
    """The changed nodes of dbt's graph and all models downstream of them, in order.

    `sql` holds what changed nodes are compiled to now. What the register reads comes first, then
    that test, then the others: nearly always that settles it.
    """
    nodes = {
        name: node
        for name, node in world.manifest["nodes"].items()
        if node["resource_type"] in ("seed", "model", "test")
    }
    graph = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(
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
    after: dict[str, list[Test]] = {name: [] for name in built}
    read = [name for name in built if name in first]
    for name in sorted(downstream - set(built), key=lambda name: (name != register, name)):
        parents = frozenset(graph.predecessors(name))
        last = next((parent for parent in reversed(built) if parent in parents), "")
        last = read[-1] if last in first else last
        compiled = (sql or {}).get(name, nodes[name]["compiled_code"])
        after.setdefault(last, []).append(Test(name, nodes[name]["name"], compiled, parents))
    unbuilt = [Step("", "", None, frozenset(), (), tuple(after[""]))] if "" in after else []
    return unbuilt + [
        Step(
            name,
            nodes[name].get("relation_name") or "",
            (sql or {}).get(name, nodes[name].get("compiled_code")),
            frozenset(graph.predecessors(name)),
            tuple(nodes[name]["columns"]) if nodes[name]["config"]["contract"]["enforced"] else (),
            tuple(after[name]),
        )
        for name in built
    ]


def build(
    world: World, downstream: Sequence[Step], changed: Iterable[str]
) -> Iterator[Failure | Moved]:
    """Rebuild what the change of these nodes moves; give each failure and what moved, in order.

    What reads only relations that came out as they were is as it was. A model that cannot be built
    ends the build, as it does in dbt.
    """
    connection, moved = world.connection, set(changed)
    for step in downstream:
        if step.sql is not None and (step.node in moved or step.parents & moved):
            moved.discard(step.node)
            source, columns = f"({step.sql})", ", ".join(step.contract) or "*"
            try:
                if step.contract and _columns(connection, source) != _columns(
                    connection, f"base.{_in_schema(step.relation)}"
                ):
                    yield Failure(step.relation, "its columns are not those of the contract", True)
                    return
                connection.execute(
                    f"create or replace table {step.relation} as select {columns} from {source}"
                )
            except duckdb.Error as error:
                yield Failure(step.relation, str(error).splitlines()[0], True)
                return
            if is_moved(world, step.relation):
                moved.add(step.node)
                yield Moved(step.node, step.relation, bool(step.contract))
        for test in step.tests:
            if test.node in moved or test.parents & moved:
                try:
                    rows = connection.execute(f"select * from ({test.sql}) limit 3").fetchall()
                except duckdb.Error as error:
                    yield Failure(test.name, str(error).splitlines()[0])
                    continue
                if rows:
                    yield Failure(test.name, "; ".join(str(row[0]) for row in rows))


def is_moved(world: World, relation: str, columns: Sequence[str] = ()) -> bool:
    """Whether a relation has other rows, in any order, than before; in these columns, or in all."""
    was = f"base.{_in_schema(relation)}"
    names = _columns(world.connection, was)
    if names != _columns(world.connection, relation):
        return True
    # Sums of digests: comparing rows as sets takes ten times as long.
    listed = ", ".join(columns or sorted(name for name, _ in names))
    before, after = (
        world.connection.execute(
            f"select count(*), sum(cast(hash({listed}) as hugeint)) from {one}"
        ).fetchall()
        for one in (was, relation)
    )
    return before != after


def moved_columns(world: World, moved: Moved) -> list[str]:
    """In which columns rows of the same key differ; "rows" where there are other keys."""
    nodes = world.manifest["nodes"].values()
    [key] = [
        node["test_metadata"]["kwargs"]["columns"]
        for node in nodes
        if node.get("attached_node") == moved.node and node["test_metadata"]["name"] == "key"
    ]
    if is_moved(world, moved.relation, key):
        return ["rows"]
    columns = world.manifest["nodes"][moved.node]["columns"]
    return [name for name in columns if is_moved(world, moved.relation, [*key, name])]


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> set[tuple[str, str]]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return {(name, kind) for name, kind, *_ in described}


def _in_schema(relation: str) -> str:
    """The relation without its database."""
    return relation.split(".", 1)[1]


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
