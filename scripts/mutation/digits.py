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
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import duckdb
import yaml
from kinerja.core import paths
from kinerja.core.database import quoted
from kinerja.gates.csv_files import LINE
from kinerja.gates.expectations import Expectation, outcome_of
from kinerja.gates.loading import derive_components
from kinerja.gates.rules import expectations
from kinerja.instruments import declarations

from . import world

PAPER = "figures_are_those_read_on_paper"
TOTALS = "gate: control_total"
"""What was written down beside the figures catches mutations that no check of the figure does."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of published figure: cells of a raw column that hold digits, or those with grades."""

    name: str
    label: str
    seed: str
    column: str
    grades: bool


KINDS = tuple(
    Kind(**kind)
    for kind in yaml.safe_load(Path(__file__).with_name("kinds.yml").read_text(encoding="utf-8"))
)


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

    `stage` is the check of the cell ("gate"), the "build", what was written down beside the figures
    ("paper", "totals") or "nothing". `verdicts` says of the latter three how verdicts changed.
    """

    mutation: Mutation
    stage: str
    by: str | None
    verdicts: tuple[str, ...] = ()

    @property
    def fails_build(self) -> bool:
        """Whether `dbt build` is said to fail."""
        return self.stage in ("build", "paper")


@dataclass(frozen=True, slots=True)
class Trial:
    """A world opened, and of each raw file what is downstream and what its gate expects."""

    opened: world.World
    downstream: dict[str, list[world.Step]]
    gate: dict[str, list[Expectation]]


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
    with duckdb.connect(project / world.DATABASE, read_only=True) as connection:
        rows = connection.execute(
            f"select rowid, {kind.column} from raw.{kind.seed} "
            f"where {kind.column} is not null order by rowid"
        ).fetchall()
        graded = connection.execute(
            "select grade from marts.grade_bands where instrument = $1 "
            "group by grade order by min(band_order)",
            [instrument],
        ).fetchall()
    grades = [str(grade) for (grade,) in graded]
    cells = [
        [
            Mutation(kind.name, kind.seed, kind.column, row, text, after)
            for after in changes(text, grades if kind.grades else ())
        ]
        for row, text in rows
        if not kind.grades or text in grades
    ]
    return [cell for cell in cells if cell]


@cache
def open_trial(project: Path) -> Trial:
    """The project in memory, with the gate's expectations on views that show cells as text."""
    opened = world.open_world(project)
    opened.connection.execute("create schema gate")
    seeds = (node for node in opened.manifest["nodes"].values() if node["resource_type"] == "seed")
    for schema, table in ((node["schema"], node["name"]) for node in seeds):
        line = f"rowid + 2 as {LINE}, " if schema == "raw" else ""
        opened.connection.execute(
            f"create view gate.{quoted(table)} as select {line}cast(columns(*) as varchar) "
            f"from {schema}.{quoted(table)}"
        )
    opened.connection.execute("set search_path = 'gate,main'")
    derive_components(opened.connection)
    declared = declarations.tables(paths.seeds())
    return Trial(
        opened,
        {name: world.steps(opened, [f"seed.kinerja.{name}"]) for name in declared},
        {name: list(expectations(table, table.names)) for name, table in declared.items()},
    )


def outcome(trial: Trial, mutation: Mutation) -> Result:
    """What becomes of one mutation."""
    connection = trial.opened.connection
    gate = trial.gate[mutation.seed]
    with world.undone(trial.opened):
        connection.execute(
            f"update raw.{mutation.seed} set {mutation.column} = ? where rowid = ?",
            [mutation.after, mutation.row],
        )
        for expectation in gate:
            if expectation.column == mutation.column:
                for breach in outcome_of(connection, expectation).listed:
                    return Result(mutation, "gate", f"gate: {breach.expectation}")
        failed = []
        seed = f"seed.kinerja.{mutation.seed}"
        for failure in world.build(trial.opened, trial.downstream[mutation.seed], [seed]):
            if isinstance(failure, world.Moved):
                continue
            failed.append(failure.by)
            if failure.by != PAPER:
                by = _rule(trial.opened) if failure.by == world.REGISTER else failure.by
                return Result(mutation, "build", by)
        verdicts = world.verdict_changes(trial.opened)
        if failed:
            return Result(mutation, "paper", PAPER, verdicts)
        for expectation in gate:
            if expectation.name == "totals" and not outcome_of(connection, expectation).passed:
                return Result(mutation, "totals", TOTALS, verdicts)
        return Result(mutation, "nothing", None, verdicts)


def _rule(opened: world.World) -> str:
    """The rule of the first new finding, or of the first registered one that is gone."""
    [(rule, *_), *_] = opened.connection.execute(
        """
        select rule_id from intermediate.int_quality__findings
        where finding_id not in (select finding_id from reference.known_discrepancies)
        union all
        select concat(split_part(finding_id, ':', 1), ' (registered finding gone)')
        from reference.known_discrepancies
        where finding_id not in (select finding_id from intermediate.int_quality__findings)
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
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for result in pool.map(partial(_outcome, project), members, chunksize=10):
            results.append(result)
            tell(len(results), len(members))
    return results


def _outcome(project: Path, mutation: Mutation) -> Result:
    return outcome(open_trial(project), mutation)


def verify(
    results: Sequence[Result], project: Path, scratch: Path
) -> Iterator[tuple[Result, bool, str]]:
    """Repeat results as a real `dbt build` of all downstream of the cell, changed in a copy.

    Give each with whether the build failed as the result says, and dbt's output. A result by the
    gate says nothing of the build and is left out.
    """
    for result in results:
        if result.stage != "gate":
            copy = shutil.copytree(project, scratch / "copy")
            change_file(copy / "seeds" / "raw" / f"{result.mutation.seed}.csv", result.mutation)
            done = world.dbt_build(copy, "--select", f"{result.mutation.seed}+")
            yield result, (done.returncode != 0) == result.fails_build, done.stdout
            shutil.rmtree(copy)


def change_file(path: Path, mutation: Mutation) -> None:
    """Change the cell of a mutation in a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    cells, place = rows[mutation.row + 1], rows[0].index(mutation.column)
    assert cells[place] == mutation.before, mutation
    cells[place] = mutation.after
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
