"""The proof by changed digits: does one other sign in the raw files stop the gate or the build?

Every sign of a published figure is changed to every other, one at a time, and judged as a person
would be who hands the file in: the gate's checks of the cell, then the build with all its tests,
then the control totals of the gate, which see what arithmetic leaves room for.
"""

import csv
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import duckdb
from kinerja.core import paths
from kinerja.core.database import quoted
from kinerja.gates.csv_files import LINE, Loaded
from kinerja.gates.expectations import Expectation
from kinerja.gates.raw import expectations
from kinerja.instruments import declarations

from .world import (
    REGISTER,
    Failure,
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


KINDS = (
    Kind("final", "smart city: final score", "smart_city__results", "final_score"),
    Kind("improvement", "smart city: improvement", "smart_city__results", "improvement"),
    Kind("index", "public service: index", "public_service__scores", "index_score"),
    Kind("grade", "public service: grade", "public_service__scores", "grade", has_grades=True),
    Kind("ceiling", "budget: ceiling", "agency_performance__budget", "ceiling"),
    Kind("realization", "budget: realization", "agency_performance__budget", "realization"),
    Kind("percentage", "budget: percentage", "agency_performance__budget", "realization_pct"),
    Kind(
        "accountability", "accountability: component or total", "accountability__components",
        "value",
    ),
    Kind(
        "predicate", "accountability: predicate", "accountability__components", "value",
        has_grades=True,
    ),
    Kind("achievement", "targets: achievement", "agency_performance__targets", "achievement_pct"),
)  # fmt: skip
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
    def by_gate(self) -> bool:
        """Whether a check of the cell caught it, so that no build was tried."""
        return self.by is not None and self.by.startswith("gate:") and self.by != TOTALS

    @property
    def by_build(self) -> bool:
        """Whether the build is said to have failed."""
        return self.by is not None and not self.by.startswith("gate:")


@dataclass
class Share:
    """The results of one kind of figure."""

    kind: str
    label: str
    cells: int
    results: list[Result] = field(default_factory=list)

    @property
    def caught_by(self) -> Counter[str]:
        """How many were caught by what."""
        return Counter(result.by for result in self.results if result.by is not None)

    @property
    def unseen(self) -> dict[str, list[Result]]:
        """Those that only the control totals see or nothing, by how the verdicts changed."""
        found: dict[str, list[Result]] = {}
        for result in self.results:
            if result.by in (None, TOTALS):
                reason = "; ".join(result.verdicts) or "no verdict has other figures"
                found.setdefault(reason, []).append(result)
        return found


@dataclass(frozen=True, slots=True)
class Trial:
    """A world with what is downstream of each raw file, and what its gate asks."""

    world: World
    downstream: dict[str, list[Step]]
    of_cells: dict[tuple[str, str], list[Expectation]]
    totals: dict[str, Expectation]


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
    table = declarations.tables(paths.seeds())[kind.seed]
    with duckdb.connect(str(database_of(project)), read_only=True) as connection:
        rows = connection.execute(
            f"select rowid, {kind.column} from raw.{kind.seed} order by rowid"
        ).fetchall()
        graded = connection.execute(
            "select grade from reference.grade_bands where instrument = $1 "
            "group by grade order by min(band_order)",
            [table.instrument],
        ).fetchall()
    grades = [str(grade) for (grade,) in graded] if kind.has_grades else []
    return [
        [
            Mutation(kind.name, kind.seed, kind.column, row, text, after)
            for after in changes(text, grades)
        ]
        for row, text in rows
        if text is not None
        and (text in grades if kind.has_grades else any(sign.isdigit() for sign in text))
    ]


def open_trial(project: Path) -> Trial:
    """The project in memory, with the gate's expectations of single cells and its totals.

    They run on views that show cells as text. The distributions and the checks of whole rows look
    at other things than one digit.
    """
    world = open_world(project)
    connection = world.connection
    connection.execute("create schema gate")
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name in ('raw', 'reference')"
    ).fetchall()
    for schema, table in tables:
        line = f"rowid + 2 as {LINE}, " if schema == "raw" else ""
        connection.execute(
            f"create view gate.{quoted(table)} as select {line}cast(columns(*) as varchar) "
            f"from {schema}.{quoted(table)}"
        )
    connection.execute("set search_path = 'gate,main'")
    declared = declarations.tables(paths.seeds())
    of_cells: dict[tuple[str, str], list[Expectation]] = {}
    totals = {}
    for expectation in expectations(
        {n: Loaded(columns=list(t.names)) for n, t in declared.items()}
    ):
        if expectation.name == "totals":
            totals[expectation.relation] = expectation
        elif expectation.query is not None and expectation.column is not None:
            of_cells.setdefault((expectation.relation, expectation.column), []).append(expectation)
    downstream = {name: steps(world, f"seed.kinerja.{name}") for name in declared}
    return Trial(world, downstream, of_cells, totals)


@contextmanager
def changed(trial: Trial, mutation: Mutation) -> Iterator[list[Step]]:
    """The project with the cell changed; give what is to be built anew."""
    with undone(trial.world):
        trial.world.connection.execute(
            f"update raw.{mutation.seed} set {mutation.column} = ? where rowid = ?",
            [mutation.after, mutation.row],
        )
        yield trial.downstream[mutation.seed]


def outcome(trial: Trial, mutation: Mutation) -> Result:
    """What becomes of one mutation."""
    with changed(trial, mutation) as downstream:
        for expectation in trial.of_cells[mutation.seed, mutation.column]:
            if breach := _first(trial.world, expectation.sql(1)):
                return Result(mutation, f"gate: {breach[3]}")
        if failure := next(build(trial.world, downstream), None):
            return Result(mutation, _rule(trial.world, failure))
        broken = _first(trial.world, trial.totals[mutation.seed].sql(1))
        return Result(mutation, TOTALS if broken else None, verdict_changes(trial.world))


def campaign(
    project: Path,
    jobs: int,
    kinds: Sequence[Kind] = KINDS,
    sample: int | None = None,
    random_seed: int = 1,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Share]:
    """Run the mutations of these kinds on a built project, all of them or `sample` of each.

    `tell` is called with how many are decided, and how many there are.
    """
    chance = random.Random(random_seed)
    shares, members = {}, list[Mutation]()
    for kind in kinds:
        cells = mutations(project, kind)
        shares[kind.name] = Share(kind.name, kind.label, len(cells))
        every = [mutation for cell in cells for mutation in cell]
        members += every if sample is None else chance.sample(every, min(sample, len(every)))
    with ProcessPoolExecutor(
        jobs, get_context("spawn"), initializer=_open, initargs=(project,)
    ) as pool:
        for done, result in enumerate(pool.map(_outcome, members, chunksize=10), start=1):
            shares[result.mutation.kind].results.append(result)
            tell(done, len(members))
    return list(shares.values())


def to_verify(shares: Sequence[Share], number: int, random_seed: int) -> list[Result]:
    """Some results to verify: half of them builds that should fail, half that should not."""
    judged = [result for share in shares for result in share.results if not result.by_gate]
    random.Random(random_seed).shuffle(judged)
    fails = [result for result in judged if result.by_build]
    passes = [result for result in judged if not result.by_build][: number // 2]
    return passes + fails[: number - len(passes)]


def verify(
    results: Sequence[Result], project: Path, scratch: Path
) -> Iterator[tuple[Result, bool, str]]:
    """Repeat results as a real `dbt build` of a copy of the built project, the cell changed.

    Give each with whether the build failed, and dbt's output. A result by the gate says nothing of
    the build and is left out.
    """
    for number, result in enumerate(results):
        if not result.by_gate:
            copy = shutil.copytree(project, scratch / f"copy_{number}")
            change_file(copy / "seeds" / "raw" / f"{result.mutation.seed}.csv", result.mutation)
            done = dbt_build(copy)
            yield result, done.returncode != 0, done.stdout
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


def _first(world: World, query: str) -> tuple[object, ...] | None:
    return world.connection.execute(query).fetchone()


def _rule(world: World, failure: Failure) -> str:
    """What failed; of the register the rule of a new finding, or of one that is gone."""
    if failure.by != REGISTER:
        return failure.by
    rule = _first(
        world,
        """
        select rule_id from marts.findings where not is_registered
        union all
        select concat(split_part(finding_id, ':', 1), ' (registered finding gone)')
        from reference.known_discrepancies
        where finding_id not in (select finding_id from marts.findings)
        """,
    )
    assert rule is not None, failure
    return str(rule[0])


_trial: Trial | None = None
"""That of a worker process."""


def _open(project: Path) -> None:
    global _trial
    _trial = open_trial(project)


def _outcome(mutation: Mutation) -> Result:
    assert _trial is not None
    return outcome(_trial, mutation)
