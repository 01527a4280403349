"""A sample of the proof by changed digits; all of it: `uv run python -m mutation digits`."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from gates_seeds import copied_seeds
from kinerja.gates import raw_gate
from mutation import __main__ as command
from mutation.digits import (
    KINDS,
    PAPER,
    TOTALS,
    Mutation,
    Result,
    Trial,
    campaign,
    change_file,
    changes,
    mutations,
    open_trial,
    outcome,
    verify,
)
from mutation.power import measure
from mutation.world import Failure, build, undone
from warehouse import PROJECT, Warehouse

pytestmark = pytest.mark.builds

SAMPLE = int(os.environ.get("KINERJA_MUTATIONS", "3"))
GRADES = ("A", "A-", "B", "B-", "C", "C-", "D", "E", "F")


ROUNDING_HIDES = ("final", "smart_city_2021", 39, "2,91")
LINES_ARE_MISSING = ("realization", "performance_jambi_setda_2024_q4", 33, "54.351.569")
JUDGED = (
    ROUNDING_HIDES,
    LINES_ARE_MISSING,
    ("grade", "public_service_2024", 1, "B"),
    ("ceiling", "performance_jambi_setda_2024_q1", 3, "671.629.918"),
)


@pytest.fixture(scope="module")
def trial(built: Warehouse) -> Trial:
    """The project in memory."""
    return open_trial(built.folder)


def mutation(built: Warehouse, kind: str, document: str, row_no: int, after: str) -> Mutation:
    """The figure in a row of a document (of its first list) changed."""
    [of_kind] = [one for one in KINDS if one.name == kind]
    row = built.value(
        f"select min(rowid) from raw.{of_kind.seed} "
        f"where document_id = '{document}' and row_no = {row_no}"
    )
    [cell] = [cell for cell in mutations(built.folder, of_kind) if cell[0].row == row]
    [changed] = [one for one in cell if one.after == after]
    return changed


def test_one_digit_is_changed_at_a_time(built: Warehouse) -> None:
    assert changes("4,3") == [f"{d},3" for d in "012356789"] + [f"4,{d}" for d in "012456789"]
    assert changes("A-", GRADES) == [grade for grade in GRADES if grade != "A-"]
    for kind in KINDS:
        with (PROJECT / "seeds" / "raw" / f"{kind.seed}.csv").open(encoding="utf-8") as file:
            cells = [row[kind.column] for row in csv.DictReader(file)]
        printed = [
            cell for cell in cells if re.search(r"^[A-F]+-?$" if kind.grades else r"\d", cell)
        ]
        assert [cell[0].before for cell in mutations(built.folder, kind)] == printed != []


def test_a_sample_of_every_kind_is_caught(built: Warehouse) -> None:
    results = campaign(built.folder, jobs=2, sample=SAMPLE)
    assert len(results) >= SAMPLE * (len(KINDS) - 1)
    assert [result for result in results if result.by is None] == []


def test_the_register_catches_a_grade_and_names_its_row(built: Warehouse, trial: Trial) -> None:
    changed = mutation(built, "grade", "public_service_2024", 1, "B")
    downstream, seed = trial.downstream[changed.seed], f"seed.kinerja.{changed.seed}"
    with undone(trial.opened):
        trial.opened.connection.execute(
            f"update raw.{changed.seed} set {changed.column} = 'B' where rowid = {changed.row}"
        )
        events = list(build(trial.opened, downstream, [seed]))
    failures = [event for event in events if isinstance(event, Failure)]
    assert [failure.by for failure in failures] == ["findings_are_registered", PAPER]
    assert "public_service.grade:public_service_2024:A:32:grade" in failures[0].message
    assert list(build(trial.opened, downstream, [seed])) == []


def test_what_arithmetic_cannot_see_is_caught_by_what_was_written_down(
    built: Warehouse, trial: Trial
) -> None:
    # 2,90 and 2,91 both round from what is printed beside them; verdicts were counted on paper.
    found = outcome(trial, mutation(built, *ROUNDING_HIDES))
    assert found.by == PAPER
    assert "smart_city.improvement: exact → within_rounding" in found.verdicts


def test_what_nobody_read_is_caught_by_the_totals_only(built: Warehouse, trial: Trial) -> None:
    ask = trial.opened.connection.execute
    ask("create table read as from reference.expected_figures")
    ask("delete from reference.expected_figures")
    found = [
        outcome(trial, mutation(built, *changed)) for changed in (ROUNDING_HIDES, LINES_ARE_MISSING)
    ]
    ask("insert into reference.expected_figures from read; drop table read")
    assert [one.by for one in found] == [TOTALS, TOTALS]
    assert "smart_city.improvement: exact → within_rounding" in found[0].verdicts
    assert "budget.line_percentage: exact → exact" in found[1].verdicts


def test_detection_power_is_what_a_run_of_all_misprints_finds(
    built: Warehouse, trial: Trial
) -> None:
    # 3,19 can be nothing else; 3,14 is printed wrong, and one misprint of it would be right.
    [kind] = [kind for kind in KINDS if kind.name == "final"]
    cells = measure(trial, built.folder, kind, only=[0, 8])
    assert [(cell.tried, cell.agrees) for cell in cells] == [(27, True)] * 2
    assert [cell.noticed for cell in cells] == [27, 26]


def test_a_real_dbt_build_agrees(tmp_path: Path, built: Warehouse, trial: Trial) -> None:
    number = int(os.environ.get("KINERJA_REAL_BUILDS", "1"))
    results = [outcome(trial, mutation(built, *changed)) for changed in JUDGED[:number]]
    assert all(result.stage != "gate" for result in results)
    for result, agrees, output in verify(results, built.folder, tmp_path):
        assert agrees, (result, output[-2000:])


def test_the_gate_in_memory_is_the_gate(tmp_path: Path, built: Warehouse, trial: Trial) -> None:
    changed = mutation(built, "final", "smart_city_2021", 1, "9,19")
    found = outcome(trial, changed)
    assert found.by == "gate: scale"
    seeds = copied_seeds(tmp_path)
    change_file(seeds / "raw" / f"{changed.seed}.csv", changed)
    breaches = raw_gate(seeds).breaches
    assert [(b.line, b.column, b.expectation) for b in breaches if b.line is not None] == [
        (changed.row + 2, changed.column, "scale")
    ]


def test_shares_are_told() -> None:
    """What only the written sees counts as caught, and is told with how verdicts changed."""
    one = Mutation("final", "smart_city__results", "final_score", 0, "2,90", "2,91")
    results = [
        *[Result(one, "build", "rule")] * 2,
        Result(one, "paper", PAPER, ("rule: exact → within_rounding",)),
        Result(one, "totals", TOTALS, ("rule: exact → within_rounding",)),
        Result(one, "nothing", None),
    ]
    assert command.table("shares", results, {"final": 1}).splitlines()[2:] == [
        "| smart city: final score | 1 | 5 | 80.00 % | 0 | 2 | 1 | 1 | 40.00 % |"
    ]
    example = "smart_city__results.csv line 2: 2,90 → 2,91"
    assert command.table("unseen", results, {"final": 1}).splitlines()[2:] == [
        f"| smart city: final score | rule: exact → within_rounding | 2 | {example} |",
        f"| smart city: final score | no verdict has other figures | 1 | {example} |",
    ]


def test_half_of_what_is_repeated_should_build() -> None:
    one = Mutation("final", "smart_city__results", "final_score", 0, "2,90", "2,91")
    results = [Result(one, stage, stage) for stage in ("gate", "build", "totals") for _ in range(9)]
    assert Counter(one.stage for one in command.some(results, 6, 1)) == {"build": 3, "totals": 3}


def test_what_is_no_kind_is_one_message() -> None:
    run = CliRunner().invoke(command.main, ["digits", "--kind", "none"])
    assert run.exit_code == 2
    assert "'none' is not one of 'final', 'improvement'" in run.output
