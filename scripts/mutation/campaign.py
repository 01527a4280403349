"""All mutations, on as many processes as there are cores, in three ways of the same SQL.

- `batch`: one mutation in each row at once. One counts as caught there only by what looks at its
  own row alone: the gate's checks of the cell, and a new finding at that row of a rule in
  `ROW_RULES`.
- `copies`: what is left, each in a copy of its document of its own within one build.
- `single`: one mutation as a whole build with all tests. For the files that cannot be copied,
  because other documents look at them, and for samples.

The first two judge by the findings alone, as no other test looks at a digit; the tests compare
them with `single`, and `verify` compares `single` with a real `dbt build` of a changed copy.
"""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from .cells import KINDS, Kind, Mutation, kind_named, mutations
from .world import (
    COMPANIONS,
    World,
    apply,
    breaks_total,
    build,
    build_copies,
    enter,
    findings_by_copy,
    gate,
    multiply,
    new_findings,
    open_world,
    places,
    revert,
    verdict_changes,
    verdicts,
)

PROJECT = Path(__file__).resolve().parents[2]
ROW_RULES = frozenset(
    {
        "smart_city.weighted_final",
        "smart_city.improvement",
        "public_service.unit_mean",
        "public_service.grade",
        "budget.line_percentage",
        "target.achievement",
    }
)
"""Rules whose verdict depends on no mutated cell but that of its own row."""

TOTALS = "gate: control_total"
"""What catches a mutation that no check of the figure itself does."""

_CHUNK = 10
_COPIES = 60
"""Copies of a document in one build."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mutation: `by` is a rule, a test or a check of the gate, or None.

    `verdicts` says how the verdicts on its row changed, of one that no check of the figure itself
    caught: neither its format and scale, nor arithmetic, nor the register.
    """

    mutation: Mutation
    by: str | None
    verdicts: tuple[str, ...] = ()


@dataclass
class Share:
    """The results of one kind of figure.

    `unseen` counts, by how the verdicts changed, those that only the control totals see or nothing.
    """

    kind: str
    label: str
    cells: int = 0
    mutations: int = 0
    caught_by: Counter[str] = field(default_factory=Counter)
    unseen: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def caught(self) -> int:
        """How many of the mutations were caught."""
        return sum(self.caught_by.values())

    @property
    def caught_without_totals(self) -> int:
        """How many were caught by a check of the figure itself."""
        return self.caught - self.caught_by[TOTALS]

    @property
    def share(self) -> float:
        """The share of them, from 0 to 1."""
        return self.caught / self.mutations if self.mutations else 1.0


def base_build(folder: Path) -> tuple[Path, Path]:
    """Build the project into `folder`; give the warehouse file and dbt's manifest.

    Raise RuntimeError with dbt's own words if the unchanged project does not build.
    """
    database, target = folder / "kinerja.duckdb", folder / "target"
    done = dbt_build(PROJECT, database, target)
    if done.returncode:
        raise RuntimeError(f"the unchanged project does not build:\n{done.stdout[-3000:]}")
    return database, target / "manifest.json"


def dbt_build(project: Path, database: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Run a real `dbt build` of a project folder into other folders than its own."""
    command = [
        sys.executable, "-m", "dbt.cli.main", "build", "--project-dir", str(project),
        "--profiles-dir", str(project), "--target-path", str(target),
        "--log-path", str(target), "--no-use-colors",
    ]  # fmt: skip
    environment = os.environ | {"KINERJA_DB": str(database)}
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=project, check=False
    )


def single(world: World, mutation: Mutation) -> Result:
    """Run one mutation as a whole: the gate's checks of the cell, then the build."""
    enter(world, mutation.seed)
    apply(world, [mutation])
    try:
        for row, failure in gate(world, mutation.seed, mutation.column):
            if row == mutation.row:
                return Result(mutation, failure.by)
        for failure in build(world):
            by = failure.by
            if by == "findings_are_registered":
                by = _finding_rule(failure.message)
            return Result(mutation, by)
        total = TOTALS if breaks_total(world, mutation.seed) else None
        return Result(mutation, total, tuple(verdict_changes(world, mutation)))
    finally:
        revert(world, [mutation])


def batch(world: World, members: Sequence[Mutation]) -> list[Result]:
    """Run one mutation in each of many rows of a file at once; give those surely caught."""
    seed, column = members[0].seed, members[0].column
    enter(world, seed)
    apply(world, members)
    try:
        caught = {row: failure.by for row, failure in gate(world, seed, column)}
        if not any(failure.stage == "model" for failure in build(world, tests=False)):
            positions = places(world, seed)
            for rule, document, table, row_no in new_findings(world):
                position = positions.get((document, table, row_no))
                if rule in ROW_RULES and position is not None:
                    caught.setdefault(position, rule)
    finally:
        revert(world, members)
    return [Result(member, caught[member.row]) for member in members if member.row in caught]


def copies(world: World, members: Sequence[Mutation]) -> list[Result]:
    """Run mutations of one file at once, each in its own copy of the document.

    `world` must have been multiplied for the file, with at least as many copies.
    """
    seed, column = members[0].seed, members[0].column
    moved = [
        replace(member, row=member.row + number * _rows_of(world, seed))
        for number, member in enumerate(members, start=1)
    ]
    apply(world, moved)
    try:
        rows = {member.row: number for number, member in enumerate(moved, start=1)}
        by = {rows[row]: failure.by for row, failure in gate(world, seed, column) if row in rows}
        build_copies(world)
        for number, rule in findings_by_copy(world).items():
            by.setdefault(number, rule)
        after = verdicts(world) if len(by) < len(members) else {}
        results = []
        for number, member in enumerate(members, start=1):
            if number in by:
                results.append(Result(member, by[number]))
                continue
            changes = tuple(verdict_changes(world, moved[number - 1], after))
            results.append(Result(member, None, changes))
    finally:
        revert(world, moved)
    return results


def total_of(world: World, result: Result) -> Result:
    """The result with what the control totals say of a mutation that nothing else has caught."""
    apply(world, [result.mutation])
    broken = breaks_total(world, result.mutation.seed)
    revert(world, [result.mutation])
    return replace(result, by=TOTALS) if broken else result


def _rows_of(world: World, seed: str) -> int:
    """The rows of the file itself, without its copies."""
    found = world.connection.execute(
        f"select count(*) from raw.{seed} where not contains(document_id, '~')"
    ).fetchone()
    assert found is not None
    return int(found[0])


def campaign(
    database: Path,
    manifest: Path,
    jobs: int,
    kinds: Sequence[Kind] = KINDS,
    sample: int | None = None,
    random_seed: int = 1,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Result]:
    """Run the mutations of these kinds, all of them or `sample` of each; give every result.

    `tell` is called with how many are decided, and how many there are.
    """
    cells = all_mutations(database, kinds)
    results: dict[Mutation, Result] = {}
    every = [mutation for kind in kinds for cell in cells[kind.name] for mutation in cell]
    if sample is not None:
        every = []
        chance = random.Random(random_seed)
        for kind in kinds:
            members = [mutation for cell in cells[kind.name] for mutation in cell]
            every += chance.sample(members, min(sample, len(members)))
    with ProcessPoolExecutor(jobs, initializer=_open, initargs=(database, manifest)) as pool:

        def run(work: Callable[..., list[Result]], parts: Iterable[Sequence[Mutation]]) -> None:
            for found in as_completed([pool.submit(work, part) for part in parts]):
                results.update((result.mutation, result) for result in found.result())
                tell(len(results), len(every))

        if sample is None:
            by_rows = [kind for kind in kinds if kind.seed in COMPANIONS and not _is_tree(kind)]
            run(_batch, [part for kind in by_rows for part in _batches(cells[kind.name])])
            left = [mutation for mutation in every if mutation not in results]
            jambi = _row_of_kota_jambi(database)
            parts = [
                part
                for kind in kinds
                if kind.seed in COMPANIONS
                for part in _parts(
                    [m for m in left if m.kind == kind.name and not _is_crossed(m, jambi)],
                    _COPIES,
                )
            ]
            run(_copies, parts)
            unseen = [result for result in results.values() if result.by is None]
            for found in as_completed([pool.submit(_totals, part) for part in _parts(unseen)]):
                results.update((result.mutation, result) for result in found.result())
        left = [mutation for mutation in every if mutation not in results]
        left.sort(key=lambda mutation: (mutation.seed, mutation.column, mutation.row))
        run(_singles, _parts(left, _CHUNK))
    return list(results.values())


def _is_tree(kind: Kind) -> bool:
    """Whether rows of the file add up to each other, so that a batch of rows says little."""
    return kind.seed == "agency_performance__budget" and kind.name != "percentage"


def _is_crossed(mutation: Mutation, jambi: int) -> bool:
    """Whether another document looks at the cell: the form of Kota Jambi prints its index."""
    return mutation.column == "index_score" and mutation.row == jambi


def _row_of_kota_jambi(database: Path) -> int:
    with duckdb.connect(database, read_only=True) as connection:
        found = connection.execute(
            "select rowid from raw.public_service__scores where region_name = 'Kota Jambi'"
        ).fetchone()
    assert found is not None
    return int(found[0])


def _parts(members: Sequence[Any], size: int = 200) -> list[Sequence[Any]]:
    return [members[start : start + size] for start in range(0, len(members), size)]


def all_mutations(database: Path, kinds: Sequence[Kind]) -> dict[str, list[list[Mutation]]]:
    """By kind, for each cell, all its mutations."""
    with duckdb.connect(database, read_only=True) as connection:
        return {kind.name: list(mutations(connection, kind)) for kind in kinds}


def shares(results: Sequence[Result], cells: dict[str, int]) -> list[Share]:
    """Results by kind; `cells` says how many cells each kind has."""
    found = {
        kind.name: Share(kind.name, kind.label, cells[kind.name])
        for kind in KINDS
        if kind.name in cells
    }
    for result in results:
        share = found[result.mutation.kind]
        share.mutations += 1
        if result.by is not None:
            share.caught_by[result.by] += 1
        if result.by not in (None, TOTALS):
            continue
        reason = "; ".join(result.verdicts) or "no verdict stands on the row itself"
        share.unseen[reason] += 1
        change = f"{result.mutation.before} → {result.mutation.after}"
        share.examples.setdefault(
            reason, f"{result.mutation.seed}.csv line {result.mutation.row + 2}: {change}"
        )
    return list(found.values())


def verify(results: Sequence[Result], folder: Path) -> Iterator[tuple[Result, bool, str]]:
    """Repeat results as a real `dbt build` of a copy with the cell changed in its file.

    Give each with whether the build failed, and dbt's output. A result by the gate says nothing
    of the build and is left out.
    """
    for number, result in enumerate(results):
        if not judged_by_build(result):
            continue
        project = folder / f"copy_{number}"
        for name in ("models", "macros", "seeds", "tests"):
            shutil.copytree(PROJECT / name, project / name)
        for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"):
            shutil.copy(PROJECT / name, project / name)
        change_file(project / "seeds" / "raw" / f"{result.mutation.seed}.csv", result.mutation)
        done = dbt_build(project, project / "kinerja.duckdb", project / "target")
        yield result, done.returncode != 0, done.stdout
        shutil.rmtree(project)


def some(results: Sequence[Result], number: int, random_seed: int) -> list[Result]:
    """Some results to verify: half of them builds that should fail, half that should not."""
    chance = random.Random(random_seed)
    found: list[Result] = []
    for fails in (False, True):
        members = [r for r in results if judged_by_build(r) and build_fails(r) == fails]
        wanted = number - len(found) if fails else number // 2
        found += chance.sample(members, min(wanted, len(members)))
    return found


def judged_by_build(result: Result) -> bool:
    """Whether a result says what `dbt build` does: the gate's checks of a cell come before it."""
    return result.by is None or result.by == TOTALS or not result.by.startswith("gate:")


def build_fails(result: Result) -> bool:
    """What a result says that `dbt build` does."""
    return result.by not in (None, TOTALS)


def change_file(path: Path, mutation: Mutation) -> None:
    """Change the cell of a mutation in a CSV file, and nothing else of it."""
    import csv
    import io

    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    columns = next(csv.reader([lines[0]]))
    cells = next(csv.reader([lines[mutation.row + 1]]))
    place = columns.index(mutation.column)
    if cells[place] != mutation.before:
        raise ValueError(f"{path} line {mutation.row + 2} does not hold {mutation.before}")
    cells[place] = mutation.after
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    lines[mutation.row + 1] = text.getvalue()
    path.write_text("".join(lines), encoding="utf-8")


def _batches(cells: Sequence[Sequence[Mutation]]) -> Iterator[list[Mutation]]:
    """The first mutation of each cell, the second of each, and so on."""
    for number in range(max(map(len, cells), default=0)):
        yield [cell[number] for cell in cells if number < len(cell)]


def _finding_rule(message: str) -> str:
    """The rule of the first finding that a message of the register's test names."""
    after = message.split(": ", 1)[1]
    gone = message.startswith("registered")
    return f"{after.split(':', 1)[0]}{' (registered finding gone)' if gone else ''}"


_paths: tuple[Path, Path] | None = None
_world: World | None = None
"""The world of a worker process, as built; `_multiplied` is one with copies, of one raw file."""
_multiplied: World | None = None


def _open(database: Path, manifest: Path) -> None:
    global _paths, _world
    _paths = database, manifest
    _world = open_world(database, manifest)


def _copies(members: Sequence[Mutation]) -> list[Result]:
    global _multiplied
    assert _paths is not None
    if _multiplied is None or _multiplied.seed != members[0].seed:
        _multiplied = open_world(*_paths)
        multiply(_multiplied, members[0].seed, _COPIES)
    return copies(_multiplied, members)


def _totals(members: Sequence[Result]) -> list[Result]:
    assert _world is not None
    return [total_of(_world, result) for result in members]


def _batch(members: Sequence[Mutation]) -> list[Result]:
    assert _world is not None
    return batch(_world, members)


def _singles(members: Sequence[Mutation]) -> list[Result]:
    assert _world is not None
    return [single(_world, mutation) for mutation in members]


def chosen(names: Sequence[str]) -> list[Kind]:
    """Kinds by their names, all if none is named."""
    return [kind_named(name) for name in names] if names else list(KINDS)
