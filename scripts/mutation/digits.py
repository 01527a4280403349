"""The proof by changed digits: does one other sign in the raw files stop the gate or the build?

Every sign of a published figure is changed to every other, one at a time, and judged as a person
would be who hands the file in: the gate's checks of the cell, then the build with all its tests,
then the control totals of the gate, which see what arithmetic leaves room for.
"""

import csv
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import duckdb
from kinerja.core import paths
from kinerja.core.database import quoted
from kinerja.gates.csv_files import LINE, Loaded
from kinerja.gates.raw import expectations
from kinerja.instruments import declarations

from .world import (
    REGISTER,
    Step,
    World,
    build,
    database_of,
    dbt_build,
    open_world,
    steps,
    undone,
    verdict_changes,
)

TOTALS = "gate: control_total"
"""What catches a mutation that no check of the figure itself does."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of published figure: cells of a raw column that hold digits, or those with grades."""

    name: str
    label: str
    seed: str
    column: str
    has_grades: bool = False


KINDS = tuple(
    Kind(*kind)
    for kind in (
        ("final", "smart city: final score", "smart_city__results", "final_score"),
        ("improvement", "smart city: improvement", "smart_city__results", "improvement"),
        ("index", "public service: index", "public_service__scores", "index_score"),
        ("grade", "public service: grade", "public_service__scores", "grade", True),
        ("ceiling", "budget: ceiling", "agency_performance__budget", "ceiling"),
        ("realization", "budget: realization", "agency_performance__budget", "realization"),
        ("percentage", "budget: percentage", "agency_performance__budget", "realization_pct"),
        ("accountability", "accountability: score", "accountability__components", "value"),
        ("predicate", "accountability: predicate", "accountability__components", "value", True),
        ("achievement", "targets: achievement", "agency_performance__targets", "achievement_pct"),
    )
)
"""What the proof covers."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One changed cell. `row` is the position of the row in its file, from 0."""

    kind: str
    seed: str
    column: str
    row: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mutation: `by` is a rule, a test or a check of the gate, or None.

    `verdicts` says how verdicts changed, of one that no check of the figure itself caught: neither
    its format and scale, nor arithmetic, nor the register.
    """

    mutation: Mutation
    by: str | None
    verdicts: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        """What caught it: a check of the cell ("gate"), the "build", "totals", or "nothing"."""
        if self.by is None or self.by == TOTALS:
            return "totals" if self.by else "nothing"
        return "gate" if self.by.startswith("gate:") else "build"


@dataclass(frozen=True, slots=True)
class Trial:
    """A world with what is downstream of each raw file, and the queries of its gate."""

    world: World
    downstream: dict[str, list[Step]]
    of_cells: dict[tuple[str, str], list[str]]
    of_totals: dict[str, str]


def changes(text: str, grades: Sequence[str] = ()) -> list[str]:
    """The text with one of its digits replaced by each other digit, or each other grade."""
    if grades:
        return [grade for grade in grades if grade != text]
    return [
        text[:place] + digit + text[place + 1 :]
        for place, sign in enumerate(text)
        if sign.isdigit()
        for digit in "0123456789"
        if digit != sign
    ]


def mutations(project: Path, kind: Kind) -> list[list[Mutation]]:
    """For each cell of a kind, all its mutations, in the order of the file."""
    instrument = declarations.tables(paths.seeds())[kind.seed].instrument
    with duckdb.connect(str(database_of(project)), read_only=True) as connection:
        rows = connection.execute(
            f"select rowid, {kind.column} from raw.{kind.seed} "
            f"where {kind.column} is not null order by rowid"
        ).fetchall()
        graded = connection.execute(
            "select grade from reference.grade_bands where instrument = $1 "
            "group by grade order by min(band_order)",
            [instrument],
        ).fetchall()
    grades = [str(grade) for (grade,) in graded]
    cells = [
        [
            Mutation(kind.name, kind.seed, kind.column, row, text, after)
            for after in changes(text, grades if kind.has_grades else ())
        ]
        for row, text in rows
        if not kind.has_grades or text in grades
    ]
    return [cell for cell in cells if cell]


def open_trial(project: Path) -> Trial:
    """The project in memory, with the gate's expectations of single cells and its totals.

    They run on views that show cells as text. The distributions and the checks of whole rows look
    at other things than one digit.
    """
    world = open_world(project)
    world.connection.execute("create schema gate")
    tables = world.connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name in ('raw', 'reference')"
    ).fetchall()
    for schema, table in tables:
        line = f"rowid + 2 as {LINE}, " if schema == "raw" else ""
        world.connection.execute(
            f"create view gate.{quoted(table)} as select {line}cast(columns(*) as varchar) "
            f"from {schema}.{quoted(table)}"
        )
    world.connection.execute("set search_path = 'gate,main'")
    declared = declarations.tables(paths.seeds())
    trial = Trial(world, {}, {}, {})
    for name in declared:
        trial.downstream[name] = steps(world, f"seed.kinerja.{name}")
    loaded = {name: Loaded(columns=list(table.names)) for name, table in declared.items()}
    for expectation in expectations(loaded):
        if expectation.name == "totals":
            trial.of_totals[expectation.relation] = expectation.sql(1)
        elif expectation.query is not None and expectation.column is not None:
            cell = expectation.relation, expectation.column
            trial.of_cells.setdefault(cell, []).append(expectation.sql(1))
    return trial


def outcome(trial: Trial, mutation: Mutation) -> Result:
    """What becomes of one mutation."""
    ask = trial.world.connection.execute
    seed, column = mutation.seed, mutation.column
    with undone(trial.world):
        ask(f"update raw.{seed} set {column} = $1 where rowid = {mutation.row}", [mutation.after])
        for query in trial.of_cells[seed, column]:
            if breach := ask(query).fetchone():
                return Result(mutation, f"gate: {breach[3]}")
        if failure := next(build(trial.world, trial.downstream[seed]), None):
            is_register = failure.by == REGISTER
            return Result(mutation, _rule(trial.world) if is_register else failure.by)
        by = TOTALS if ask(trial.of_totals[seed]).fetchone() else None
        return Result(mutation, by, verdict_changes(trial.world))


def _rule(world: World) -> str:
    """The rule of the first new finding, or of the first registered one that is gone."""
    [(rule, *_), *_] = world.connection.execute(
        """
        select rule_id from marts.findings where not is_registered
        union all
        select concat(split_part(finding_id, ':', 1), ' (registered finding gone)')
        from reference.known_discrepancies
        where finding_id not in (select finding_id from marts.findings)
        order by all
        """
    ).fetchall()
    return str(rule)


def campaign(
    project: Path,
    jobs: int,
    kinds: Sequence[Kind] = KINDS,
    sample: int | None = None,
    random_seed: int = 1,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Result]:
    """Run the mutations of these kinds on a built project, all of them or `sample` of each.

    `tell` is called with how many are decided, and how many there are.
    """
    chance = random.Random(random_seed)
    members: list[Mutation] = []
    for kind in kinds:
        every = [mutation for cell in mutations(project, kind) for mutation in cell]
        members += every if sample is None else chance.sample(every, min(sample, len(every)))
    results = []
    with ProcessPoolExecutor(jobs, get_context("spawn"), _open, (project,)) as pool:
        for result in pool.map(_outcome, members, chunksize=10):
            results.append(result)
            tell(len(results), len(members))
    return results


_trial: Trial | None = None
"""That of a worker process."""


def _open(project: Path) -> None:
    global _trial
    _trial = open_trial(project)


def _outcome(mutation: Mutation) -> Result:
    assert _trial is not None
    return outcome(_trial, mutation)


def to_verify(results: Sequence[Result], number: int, random_seed: int) -> list[Result]:
    """Some results to verify: half of them builds that should fail, half that should not."""
    judged = [result for result in results if result.stage != "gate"]
    random.Random(random_seed).shuffle(judged)
    fails = [result for result in judged if result.stage == "build"]
    passes = [result for result in judged if result.stage != "build"][: number // 2]
    return passes + fails[: number - len(passes)]


def verify(
    results: Sequence[Result], project: Path, scratch: Path
) -> Iterator[tuple[Result, bool, str]]:
    """Repeat results as a real `dbt build` of a copy of the built project, the cell changed.

    Give each with whether the build failed as the result says, and dbt's output. A result by the
    gate says nothing of the build and is left out.
    """
    for result in results:
        if result.stage != "gate":
            copy = shutil.copytree(project, scratch / "copy")
            change_file(copy / "seeds" / "raw" / f"{result.mutation.seed}.csv", result.mutation)
            done = dbt_build(copy)
            yield result, (done.returncode != 0) == (result.stage == "build"), done.stdout
            shutil.rmtree(copy)


def change_file(path: Path, mutation: Mutation) -> None:
    """Change the cell of a mutation in a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index(mutation.column)
    assert rows[mutation.row + 1][place] == mutation.before, mutation
    rows[mutation.row + 1][place] = mutation.after
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
