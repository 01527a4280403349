"""The project's own compiled SQL, run in one DuckDB process in memory.

A real `dbt build` takes many seconds, nearly all of them start-up. Here the models and tests that
dbt compiled are taken from its manifest and run as they are: those downstream of one raw file, in
the order of their dependencies, each test as soon as what it reads is rebuilt.
"""

# ruff: noqa: E501 - SQL reads better in whole lines

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from kinerja.core.database import quoted
from kinerja.core.paths import seeds as seeds_folder
from kinerja.gates import rules
from kinerja.gates.csv_files import LINE
from kinerja.gates.expectations import Expectation, outcome_of
from kinerja.gates.loading import derive_components
from kinerja.instruments.declarations import tables

from .cells import Mutation

Verdicts = dict[tuple[Any, ...], dict[tuple[str, str], str]]


@dataclass(frozen=True, slots=True)
class Step:
    """A model to rebuild, with the tests that can run after it."""

    relation: str
    sql: str
    tests: tuple[tuple[str, str], ...]


@dataclass
class World:
    """A warehouse in memory, and for each raw file the steps downstream of it."""

    connection: duckdb.DuckDBPyConnection
    steps: dict[str, list[Step]]
    first_tests: dict[str, tuple[tuple[str, str], ...]]
    gate: dict[tuple[str, str], list[Expectation]]
    totals: dict[str, Expectation]
    manifest: dict[str, Any]
    seed: str | None = None
    copied: list[Step] = field(default_factory=list)
    verdicts: "Verdicts" = field(default_factory=dict)


COMPANIONS = {
    "smart_city__results": (
        "smart_city__results",
        "smart_city__details",
        "smart_city__detail_columns",
        "smart_city__invitations",
    ),
    "public_service__scores": ("public_service__scores", "public_service__bands"),
    "agency_performance__budget": ("agency_performance__budget",),
}
"""Raw files whose documents can be copied, with the other files that hold the same documents."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What stopped the mutated build: `by` names a test, a model or the gate."""

    stage: str
    by: str
    message: str


def open_world(database: Path, manifest_path: Path) -> World:
    """Copy a finished warehouse into memory; read dbt's manifest beside it."""
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    name = database.stem
    connection.execute(f"attach '{database}' as base (read_only)")
    connection.execute(f"attach ':memory:' as {quoted(name)}")
    connection.execute(f"copy from database base to {quoted(name)}")
    connection.execute(f"use {quoted(name)}")
    steps, first_tests = {}, {}
    for seed in tables(seeds_folder()):
        steps[seed], first_tests[seed] = _steps(manifest, f"seed.kinerja.{seed}")
    return World(connection, steps, first_tests, *_gate(connection, name), manifest)


def enter(world: World, seed: str) -> None:
    """Make ready to mutate one raw file: everything else is as built; check that all tests pass."""
    if world.seed == seed:
        return
    if world.seed is not None:
        for step in world.steps[world.seed]:
            source = step.relation.replace(step.relation.split(".")[0], "base", 1)
            world.connection.execute(f"create or replace table {step.relation} as from {source}")
    world.seed = seed
    if failure := next(build(world), None):
        raise RuntimeError(f"the unchanged project fails: {failure.by}: {failure.message}")
    world.verdicts = verdicts(world)


def apply(world: World, mutations: Sequence[Mutation]) -> None:
    """Change the cells of the raw file that was entered."""
    for mutation in mutations:
        world.connection.execute(
            f"update raw.{mutation.seed} set {mutation.column} = ? where rowid = ?",
            [mutation.after, mutation.row],
        )


def revert(world: World, mutations: Sequence[Mutation]) -> None:
    """Put the cells back."""
    for mutation in mutations:
        world.connection.execute(
            f"update raw.{mutation.seed} set {mutation.column} = ? where rowid = ?",
            [mutation.before, mutation.row],
        )


def build(world: World, *, tests: bool = True) -> Iterator[Failure]:
    """Rebuild what is downstream of the raw file; give each failure as it is met.

    A model that cannot be built ends the build, as it does in dbt.
    """
    assert world.seed is not None
    if tests:
        yield from _failing(world, world.first_tests[world.seed])
    for step in world.steps[world.seed]:
        try:
            world.connection.execute(f"create or replace table {step.relation} as {step.sql}")
        except duckdb.Error as error:
            yield Failure("model", step.relation, str(error).splitlines()[0])
            return
        if tests:
            yield from _failing(world, step.tests)


def gate(world: World, seed: str, column: str) -> Iterator[tuple[int, Failure]]:
    """What the raw gate finds in a column: the row's position in its file, and the breach."""
    for expectation in world.gate[seed, column]:
        for breach in outcome_of(world.connection, expectation).listed:
            assert breach.line is not None, breach
            by = f"gate: {breach.expectation}"
            yield breach.line - 2, Failure("gate", by, f"{breach.value}: {breach.message}")


def multiply(world: World, seed: str, copies: int) -> None:
    """Add copies of the documents of a raw file, numbered document~1, document~2 …

    Documents of one evaluation never look at each other, so each copy is a world of its own; the
    register of findings is copied with them. Copies of a form are forms of other agencies, since
    the quarters of one agency do look at each other. The world is of no other use afterwards.
    """
    numbers = f"(select unnest(generate_series(1, {copies})) as k) as numbers"
    new_name = "concat(document_id, '~', k) as document_id"
    for table in COMPANIONS[seed]:
        changed = new_name
        if table == "agency_performance__budget":
            changed += ", concat('Badan ', k, ' ', agency_name) as agency_name"
        world.connection.execute(
            f"insert into raw.{table} select * exclude (k, place) replace ({changed}) "
            f"from (select *, rowid as place from raw.{table}), {numbers} order by k, place"
        )
    documents = f"(select distinct split_part(document_id, '~', 1) from raw.{seed})"
    for table in ("document_register", "source_gaps"):
        world.connection.execute(
            f"insert into reference.{table} select * exclude (k) replace ({new_name}) "
            f"from reference.{table}, {numbers} where document_id in {documents}"
        )
    world.connection.execute(
        "insert into reference.known_discrepancies select * exclude (k) replace ("
        "regexp_replace(finding_id, '^([^:]*:[^:]*):', concat('\\1~', k, ':')) as finding_id) "
        f"from reference.known_discrepancies, {numbers} "
        # The forms' tables of targets are not copied.
        f"where split_part(finding_id, ':', 2) in {documents} "
        "and split_part(finding_id, ':', 3) != 'targets'"
    )
    nodes = world.manifest["nodes"]
    roots = [f"seed.kinerja.{name}" for name in (*COMPANIONS[seed], "document_register")]
    roots += ["seed.kinerja.source_gaps", "seed.kinerja.known_discrepancies"]
    needed: set[str] = set()
    frontier = ["model.kinerja.findings"]
    while frontier:
        name = frontier.pop()
        if name in nodes and name not in needed:
            needed.add(name)
            frontier += nodes[name]["depends_on"].get("nodes", [])
    relations = {nodes[name]["relation_name"] for name in needed}
    steps, _ = _steps(world.manifest, *roots)
    world.copied = [step for step in steps if step.relation in relations]
    world.seed = seed
    for step in world.copied:
        world.connection.execute(f"create or replace table {step.relation} as {step.sql}")
    if any(findings_by_copy(world)):
        raise RuntimeError("the copies of the unchanged documents have findings of their own")
    world.verdicts = verdicts(world)


def build_copies(world: World) -> None:
    """Rebuild all that leads to the findings; raise duckdb.Error if a model cannot be built."""
    for step in world.copied:
        world.connection.execute(f"create or replace table {step.relation} as {step.sql}")


def findings_by_copy(world: World) -> dict[int, str]:
    """For each copy with a finding that is not registered, or a registered one gone: its rule."""
    rows = world.connection.execute(
        """
        select cast(regexp_extract(document_id, '~([0-9]+)$', 1) as integer), rule_id
        from marts.findings where not is_registered and contains(document_id, '~')
        union all
        select cast(regexp_extract(finding_id, '~([0-9]+):', 1) as integer),
            concat(split_part(finding_id, ':', 1), ' (registered finding gone)')
        from reference.known_discrepancies
        where contains(finding_id, '~')
            and finding_id not in (select finding_id from marts.findings)
        order by 2 desc
        """
    ).fetchall()
    return dict(rows)


def breaks_total(world: World, seed: str) -> bool:
    """Whether a control total of the raw file is another than the accepted one."""
    query = f"select 1 from ({world.totals[seed].query}) limit 1"
    return world.connection.execute(query).fetchone() is not None


def new_findings(world: World) -> list[tuple[str, str, str, int]]:
    """Findings that are not registered: rule, document, table and row."""
    return world.connection.execute(
        "select rule_id, document_id, table_id, row_no from marts.findings where not is_registered"
    ).fetchall()


def places(world: World, seed: str) -> dict[tuple[str, str, int], int]:
    """The position in its file of each document, table and row number that is unique there."""
    rows = world.connection.execute(
        f"select document_id, table_id, row_no, any_value(rowid) from raw.{seed} "
        "group by all having count(*) = 1"
    ).fetchall()
    return {(document, table, row): position for document, table, row, position in rows}


def verdict_changes(
    world: World, mutation: Mutation, after_build: "Verdicts | None" = None
) -> list[str]:
    """How the verdicts on a mutated row stand after the build, as "rule: before → after"."""
    place = world.connection.execute(
        f"select document_id, table_id, row_no from raw.{mutation.seed} where rowid = ?",
        [mutation.row],
    ).fetchone()
    now = verdicts(world) if after_build is None else after_build
    assert place is not None
    before, after = world.verdicts.get(place, {}), now.get(place, {})
    return sorted(
        f"{key[0]}: {before.get(key, '–')} → {verdict}"
        for key, verdict in after.items()
        if _concerns(key, mutation.column)
    )


def _concerns(key: tuple[str, str], column: str) -> bool:
    """Whether a verdict depends on a column of its row."""
    inputs = {
        "final_score": {"smart_city.weighted_final", "smart_city.improvement"},
        "improvement": {"smart_city.improvement"},
        "index_score": {"public_service.unit_mean", "public_service.grade", "public_service.list_order"},
        "grade": {"public_service.grade"},
        "realization_pct": {"budget.line_percentage"},
    }  # fmt: skip
    if column in inputs:
        return key[0] in inputs[column]
    if column in ("ceiling", "realization"):
        return key[0] == "budget.line_percentage" or key[1].startswith(column)
    return True


def verdicts(world: World) -> Verdicts:
    """Every verdict: by document, table and row, then by rule and component."""
    found: Verdicts = {}
    for *place, rule, component, verdict in world.connection.execute(
        "select document_id, table_id, row_no, rule_id, component_code, verdict "
        "from marts.reconciliation"
    ).fetchall():
        found.setdefault(tuple(place), {})[rule, component] = verdict
    return found


def _failing(world: World, tests: Sequence[tuple[str, str]]) -> Iterator[Failure]:
    for name, sql in tests:
        rows = world.connection.execute(f"select * from ({sql}) limit 3").fetchall()
        if rows:
            yield Failure("test", name, "; ".join(str(row[0]) for row in rows))


def _steps(manifest: dict[str, Any], *seeds: str) -> tuple[list[Step], tuple[tuple[str, str], ...]]:
    """Models downstream of seeds in order, each with its tests; first those of the seeds alone."""
    nodes, children = manifest["nodes"], manifest["child_map"]
    downstream: set[str] = set()
    frontier = list(seeds)
    while frontier:
        for child in children[frontier.pop()]:
            if child in nodes and child not in downstream:
                downstream.add(child)
                frontier.append(child)
    models = [name for name in downstream if nodes[name]["resource_type"] == "model"]
    tests = [name for name in downstream if nodes[name]["resource_type"] == "test"]
    ordered: list[str] = []
    waiting = {
        name: {parent for parent in nodes[name]["depends_on"]["nodes"] if parent in models}
        for name in models
    }
    while waiting:
        ready = sorted(name for name, parents in waiting.items() if parents <= set(ordered))
        for name in ready:
            ordered.append(name)
            del waiting[name]
    after: dict[str | None, list[tuple[str, str]]] = {None: []}
    for test in sorted(tests):
        parents = [name for name in ordered if name in nodes[test]["depends_on"]["nodes"]]
        last = parents[-1] if parents else None
        after.setdefault(last, []).append((nodes[test]["name"], nodes[test]["compiled_code"]))
    steps = [
        Step(nodes[name]["relation_name"], nodes[name]["compiled_code"], tuple(after.get(name, [])))
        for name in ordered
    ]
    return steps, tuple(after[None])


def _gate(
    connection: duckdb.DuckDBPyConnection, name: str
) -> tuple[dict[tuple[str, str], list[Expectation]], dict[str, Expectation]]:
    """The raw gate's expectations by file and column, and its control totals by file.

    They run on views that show cells as text. The distributions and the checks of whole rows
    look at other things than one digit.
    """
    connection.execute("create schema gate")
    built = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        f"where database_name = '{name}' and schema_name in ('raw', 'reference')"
    ).fetchall()
    for schema, table in built:
        line = f"rowid + 2 as {LINE}, " if schema == "raw" else ""
        connection.execute(
            f"create view gate.{quoted(table)} as select {line}cast(columns(*) as varchar) "
            f"from {schema}.{quoted(table)}"
        )
    connection.execute("set search_path = 'gate,main'")
    derive_components(connection)
    found: dict[tuple[str, str], list[Expectation]] = {}
    totals = {}
    for seed, declared in tables(seeds_folder()).items():
        for expectation in rules.expectations(declared, declared.names):
            if expectation.name == "totals":
                totals[seed] = expectation
            elif expectation.column is not None:
                found.setdefault((seed, expectation.column), []).append(expectation)
    return found, totals
