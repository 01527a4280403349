"""The proof of detection power: every misprint of a figure tried, against what the intervals say.

Rules touch a row and the next, so every second row is changed at once, and findings are told apart
by the cells that their rules rest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from . import world
from .digits import Kind, Mutation, Trial, mutations

KINDS = ("final", "improvement", "index", "percentage", "achievement")
"""Figures of which no two in every second row enter one rule."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: how many of its misprints were tried and noticed, and what the marts say."""

    kind: str
    row: int
    tried: int
    noticed: int
    said_tried: int
    said_noticed: int

    @property
    def agrees(self) -> bool:
        """Whether the intervals count what the run counts."""
        return (self.tried, self.noticed) == (self.said_tried, self.said_noticed)


def measure(
    trial: Trial, project: Path, kind: Kind, only: Sequence[int] | None = None
) -> list[Cell]:
    """Every misprint of every cell of a kind, or of the cells in these rows of the raw file."""
    connection = trial.opened.connection
    cells = [cell for cell in mutations(project, kind) if only is None or cell[0].row in only]
    downstream = _to_findings(trial, kind)
    noticed = {cell[0].row: 0 for cell in cells}
    for turn in range(max(map(len, cells), default=0)):
        for side in (0, 1):
            changed = [cell[turn] for cell in cells if turn < len(cell) and cell[0].row % 2 == side]
            for row in _noticed(trial, kind, downstream, changed):
                noticed[row] += 1
    counted = connection.execute(_sql("power_said", kind)).fetchall()
    said = {row: (misprints, seen) for row, misprints, seen in counted}
    return [
        Cell(kind.name, row, len(cell), noticed[row], *said.get(row, (0, 0)))
        for cell in cells
        for row in (cell[0].row,)
    ]


def _to_findings(trial: Trial, kind: Kind) -> list[world.Step]:
    """The steps from the raw table to the findings, without their tests and without the power."""
    needed = {"model.kinerja.int_quality__findings"}
    steps = []
    for step in reversed(trial.downstream[kind.seed]):
        if step.node in needed - {"model.kinerja.int_diagnosis__misprints"}:
            needed |= step.parents
            steps.append(replace(step, tests=()))
    return steps[::-1]


def _noticed(
    trial: Trial, kind: Kind, downstream: Sequence[world.Step], changed: Sequence[Mutation]
) -> list[int]:
    """The rows of the changed cells that some finding is about: a new one, or one of the cell."""
    connection = trial.opened.connection
    if not changed:
        return []
    with world.undone(trial.opened):
        connection.execute("create temp table changed (line bigint, after varchar)")
        connection.executemany(
            "insert into changed values (?, ?)", [(one.row, one.after) for one in changed]
        )
        connection.execute(
            f"update raw.{kind.seed} set {kind.column} = changed.after "
            f"from changed where {kind.seed}.rowid = changed.line"
        )
        seed = f"seed.kinerja.{kind.seed}"
        for event in world.build(trial.opened, downstream, [seed]):
            if isinstance(event, world.Failure):
                raise duckdb.Error(f"{event.by}: {event.message}")
        rows = connection.execute(_sql("power_noticed", kind)).fetchall()
    if any(row is None for (row,) in rows):
        raise duckdb.Error("A finding is about no changed cell.")
    return [row for (row,) in rows]


def _sql(name: str, kind: Kind) -> str:
    return world.sql(name).format(seed=kind.seed, column=kind.column)
