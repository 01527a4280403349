"""A sample of the proof by changed digits; all of it: `uv run python -m mutation digits`."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from gates_seeds import copied_seeds
from kinerja.gates import raw_gate
from mutation import __main__ as command
from mutation.digits import (
    KINDS,
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
from mutation.world import build, undone
from warehouse import Warehouse

SAMPLE = int(os.environ.get("KINERJA_MUTATIONS", "3"))
GRADES = ("A", "A-", "B", "B-", "C", "C-", "D", "E", "F")


@pytest.fixture(scope="module")
def trial(built: Warehouse) -> Trial:
    """The project in memory."""
    return open_trial(built.folder)


def mutation(built: Warehouse, kind: str, row: int, after: str) -> Mutation:
    [kind_named] = [one for one in KINDS if one.name == kind]
    cell = next(cell for cell in mutations(built.folder, kind_named) if cell[0].row == row)
    return next(mutation for mutation in cell if mutation.after == after)


def test_one_digit_is_changed_at_a_time(built: Warehouse) -> None:
    assert changes("4,3") == [f"{d},3" for d in "012356789"] + [f"4,{d}" for d in "012456789"]
    assert changes("A-", GRADES) == [grade for grade in GRADES if grade != "A-"]
    assert {kind.name: len(mutations(built.folder, kind)) for kind in KINDS} == {
        "final": 98, "improvement": 98, "index": 490, "grade": 490, "ceiling": 140,
        "realization": 140, "percentage": 140, "accountability": 10, "predicate": 2,
        "achievement": 3,
    }  # fmt: skip


def test_a_sample_of_every_kind_is_caught(built: Warehouse) -> None:
    results = campaign(built.folder, jobs=2, sample=SAMPLE)
    assert len(results) >= SAMPLE * (len(KINDS) - 1)
    assert [result for result in results if result.by is None] == []


def test_the_register_catches_a_grade_and_names_its_row(built: Warehouse, trial: Trial) -> None:
    changed = mutation(built, "grade", 0, "B")
    downstream = trial.downstream[changed.seed]
    with undone(trial.opened):
        trial.opened.connection.execute(
            f"update raw.{changed.seed} set {changed.column} = 'B' where rowid = 0"
        )
        failures = list(build(trial.opened, downstream))
    assert [failure.by for failure in failures] == ["findings_are_registered"]
    assert "public_service.grade:public_service_2024:A:32:grade" in failures[0].message
    assert list(build(trial.opened, downstream)) == []


def test_a_digit_that_rounding_hides_is_caught_by_the_totals_only(
    built: Warehouse, trial: Trial
) -> None:
    # 2,90 and 2,91 both round from what is printed beside them.
    found = outcome(trial, mutation(built, "final", 38, "2,91"))
    assert found.by == TOTALS
    assert "smart_city.improvement: exact → within_rounding" in found.verdicts


# The build passes where rounding hides the digit or the lines of a sum are missing.
JUDGED = (
    ("final", 38, "2,91"),
    ("grade", 0, "B"),
    ("realization", 137, "54.351.569"),
    ("ceiling", 5, "671.629.918"),
)


def test_a_real_dbt_build_agrees(tmp_path: Path, built: Warehouse, trial: Trial) -> None:
    number = int(os.environ.get("KINERJA_REAL_BUILDS", "1"))
    results = [outcome(trial, mutation(built, *changed)) for changed in JUDGED[:number]]
    assert all(result.stage != "gate" for result in results)
    for result, agrees, output in verify(results, built.folder, tmp_path):
        assert agrees, (result, output[-2000:])


def test_the_gate_in_memory_is_the_gate(tmp_path: Path, built: Warehouse, trial: Trial) -> None:
    changed = mutation(built, "final", 0, "9,19")
    found = outcome(trial, changed)
    assert found.by == "gate: scale"
    seeds = copied_seeds(tmp_path)
    change_file(seeds / "raw" / f"{changed.seed}.csv", changed)
    breaches = raw_gate(seeds).breaches
    assert [(b.line, b.column, b.expectation) for b in breaches if b.line is not None] == [
        (changed.row + 2, changed.column, "scale")
    ]


def test_shares_are_told() -> None:
    """Those that only a control total sees count as caught, and are told with their reason."""
    one = Mutation("final", "smart_city__results", "final_score", 0, "2,90", "2,91")
    results = [Result(one, "rule"), Result(one, "rule"), Result(one, None, ("not seen",))]
    kind = command.share(KINDS[0], 1, results)
    assert (kind["caught_by"], kind["not_seen_by_itself"]) == ({"rule": 2}, {"not seen": 1})
    assert kind["caught"] == 2
    assert json.loads(json.dumps(kind)) == kind
    assert "| smart city: final score | 1 | 3 | 66.67% | 0 | 2 | 0 | 66.67% |" in list(
        command.tables([kind])
    )


def test_what_is_no_kind_is_one_message() -> None:
    run = CliRunner().invoke(command.main, ["digits", "--kind", "none"])
    assert run.exit_code == 2
    assert "'none' is not one of 'final', 'improvement'" in run.output
