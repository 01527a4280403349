"""A sample of the proof by mutation; all of it: `uv run python scripts/mutate.py`."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from gates_seeds import copied_seeds
from kinerja.gates import raw_gate
from mutation.campaign import (
    TOTALS,
    Share,
    all_mutations,
    batch,
    build_fails,
    campaign,
    change_file,
    copies,
    judged_by_build,
    single,
    verify,
)
from mutation.cells import GRADES, KINDS, Mutation, changes, kind_named
from mutation.cli import print_json
from mutation.world import (
    World,
    apply,
    build,
    enter,
    multiply,
    open_world,
    revert,
)
from warehouse import Warehouse

Paths = tuple[Path, Path]
SAMPLE = int(os.environ.get("KINERJA_MUTATIONS", "3"))


@pytest.fixture(scope="module")
def paths(built: Warehouse) -> Paths:
    """The warehouse file and dbt's manifest."""
    return built.database, built.folder / "target" / "manifest.json"


@pytest.fixture(scope="module")
def world(paths: Paths) -> World:
    """The project in memory."""
    return open_world(*paths)


def mutation(database: Path, kind: str, row: int, after: str) -> Mutation:
    cells = all_mutations(database, [kind_named(kind)])[kind]
    cell = next(cell for cell in cells if cell[0].row == row)
    return next(mutation for mutation in cell if mutation.after == after)


def test_one_digit_is_changed_at_a_time(paths: Paths) -> None:
    assert changes("4,3") == [f"{d},3" for d in "012356789"] + [f"4,{d}" for d in "012456789"]
    assert changes("A-", GRADES) == [grade for grade in GRADES if grade != "A-"]
    cells = all_mutations(paths[0], KINDS)
    assert {kind: len(members) for kind, members in cells.items()} == {
        "final": 98, "improvement": 98, "index": 490, "grade": 490, "ceiling": 140,
        "realization": 140, "percentage": 140, "accountability": 10, "predicate": 2,
        "achievement": 3,
    }  # fmt: skip


def test_a_sample_of_every_kind_is_caught(paths: Paths) -> None:
    results = campaign(*paths, jobs=2, sample=SAMPLE)
    assert len(results) >= SAMPLE * (len(KINDS) - 1)
    assert [result for result in results if result.by is None] == []


def test_the_register_catches_a_grade_and_names_its_row(paths: Paths, world: World) -> None:
    changed = mutation(paths[0], "grade", 0, "B")
    enter(world, changed.seed)
    apply(world, [changed])
    failures = list(build(world))
    revert(world, [changed])
    assert [failure.by for failure in failures] == ["findings_are_registered"]
    assert "public_service.grade:public_service_2024:A:32:grade" in failures[0].message
    assert list(build(world)) == []


def test_a_digit_that_rounding_hides_is_caught_by_the_totals_only(
    paths: Paths, world: World
) -> None:
    # 2,90 and 2,91 both round from what is printed beside them.
    found = single(world, mutation(paths[0], "final", 38, "2,91"))
    assert found.by == TOTALS
    assert "smart_city.improvement: exact → within_rounding" in found.verdicts


@pytest.mark.parametrize("kind", ["improvement", "percentage"])
def test_a_batch_gives_what_its_mutations_give_one_by_one(
    kind: str, paths: Paths, world: World
) -> None:
    cells = all_mutations(paths[0], [kind_named(kind)])[kind]
    members = [cell[0] for cell in cells]
    together = batch(world, members)
    assert len(together) > len(members) / 2
    for result in together[:: len(together) // 4]:
        alone = single(world, result.mutation)
        assert alone.by not in (None, TOTALS), result


# The build passes where rounding hides the digit or the lines of a sum are missing.
JUDGED = (
    ("final", 38, "2,91"),
    ("grade", 0, "B"),
    ("realization", 137, "54.351.569"),
    ("ceiling", 5, "671.629.918"),
)


def test_a_real_dbt_build_agrees(tmp_path: Path, paths: Paths, world: World) -> None:
    number = int(os.environ.get("KINERJA_REAL_BUILDS", "1"))
    results = [single(world, mutation(paths[0], *changed)) for changed in JUDGED[:number]]
    results = [result for result in results if judged_by_build(result)]
    assert results
    for result, failed, output in verify(results, tmp_path):
        assert failed == build_fails(result), output[-2000:]


def test_the_gate_in_memory_is_the_gate(tmp_path: Path, paths: Paths, world: World) -> None:
    changed = mutation(paths[0], "final", 0, "9,19")
    found = single(world, changed)
    assert found.by == "gate: scale"
    seeds = copied_seeds(tmp_path)
    change_file(seeds / "raw" / f"{changed.seed}.csv", changed)
    breaches = raw_gate(seeds).breaches
    assert [(b.line, b.column, b.expectation) for b in breaches if b.line is not None] == [
        (changed.row + 2, changed.column, "scale")
    ]


@pytest.mark.parametrize("kind", ["ceiling", "index", "final"])
def test_copies_of_a_document_give_what_single_builds_give(
    kind: str, paths: Paths, world: World
) -> None:
    members = [cell[-1] for cell in all_mutations(paths[0], [kind_named(kind)])[kind]][::20][:7]
    multiplied = open_world(*paths)
    multiply(multiplied, members[0].seed, len(members))
    for result in copies(multiplied, members):
        alone = single(world, result.mutation)
        assert build_fails(alone) == build_fails(result), (result, alone)
        if result.by is None:
            assert alone.verdicts == result.verdicts


def test_shares_are_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    share = Share("final", "Final", 1, 3, Counter({"rule": 2}), Counter({"not seen": 1}))
    print_json([share], [], 1.0)
    [kind] = json.loads(capsys.readouterr().out)["kinds"]
    assert (kind["caught_by"], kind["not_seen_by_itself"]) == ({"rule": 2}, {"not seen": 1})
    assert kind["caught"] == 2
