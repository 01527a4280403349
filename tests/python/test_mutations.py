"""A sample of the proof by mutation; all of it: `uv run python scripts/mutate.py`."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from gates_warehouse import built, copied_seeds
from kinerja_gates import check_raw
from kinerja_mutations.campaign import (
    TOTALS,
    all_mutations,
    batch,
    build_fails,
    campaign,
    change_file,
    judged_by_build,
    single,
    verify,
)
from kinerja_mutations.cells import GRADES, KINDS, Mutation, changes, kind_named
from kinerja_mutations.world import World, apply, build, enter, open_world, revert

SAMPLE = int(os.environ.get("KINERJA_MUTATIONS", "3"))


@cache
def world() -> World:
    return open_world(*built())


def mutation(kind: str, row: int, after: str) -> Mutation:
    cell = next(
        cell for cell in all_mutations(built()[0], [kind_named(kind)])[kind] if cell[0].row == row
    )
    return next(mutation for mutation in cell if mutation.after == after)


def test_one_digit_is_changed_at_a_time() -> None:
    assert changes("4,3") == [f"{d},3" for d in "012356789"] + [f"4,{d}" for d in "012456789"]
    assert changes("A-", GRADES) == [grade for grade in GRADES if grade != "A-"]
    cells = all_mutations(built()[0], KINDS)
    assert {kind: len(members) for kind, members in cells.items()} == {
        "final": 98, "improvement": 98, "index": 490, "grade": 490, "ceiling": 140,
        "realization": 140, "percentage": 140, "accountability": 10, "predicate": 2,
        "achievement": 3,
    }  # fmt: skip


def test_a_sample_of_every_kind_is_caught() -> None:
    results = campaign(*built(), jobs=2, sample=SAMPLE)
    assert len(results) >= SAMPLE * (len(KINDS) - 1)
    assert [result for result in results if result.by is None] == []


def test_the_register_catches_a_grade_and_names_its_row() -> None:
    changed = mutation("grade", 0, "B")
    enter(world(), changed.seed)
    apply(world(), [changed])
    failures = list(build(world()))
    revert(world(), [changed])
    assert [failure.by for failure in failures] == ["findings_are_registered"]
    assert "public_service.grade:public_service_2024:A:32:grade" in failures[0].message
    assert list(build(world())) == []


def test_a_digit_that_rounding_hides_is_caught_by_the_totals_only() -> None:
    # 2,90 and 2,91 both round from what is printed beside them.
    found = single(world(), mutation("final", 38, "2,91"))
    assert found.by == TOTALS
    assert "smart_city.improvement: exact → within_rounding" in found.verdicts


@pytest.mark.parametrize("kind", ["improvement", "percentage"])
def test_a_batch_gives_what_its_mutations_give_one_by_one(kind: str) -> None:
    cells = all_mutations(built()[0], [kind_named(kind)])[kind]
    members = [cell[0] for cell in cells]
    together = batch(world(), members)
    assert len(together) > len(members) / 2
    for result in together[:: len(together) // 4]:
        alone = single(world(), result.mutation)
        assert alone.by not in (None, TOTALS), result


def judged(number: int) -> Iterator[Mutation]:
    yield mutation("final", 38, "2,91")  # the build passes: rounding hides it
    yield mutation("grade", 0, "B")  # the build fails: the register
    yield mutation("realization", 137, "54.351.569")  # passes: lines of its sum are missing
    yield mutation("index", 100, changes(all_index()[100])[-1])
    yield from [mutation("ceiling", 5, changes(all_ceilings()[5])[-1])][: max(0, number - 4)]


def all_index() -> dict[int, str]:
    members = all_mutations(built()[0], [kind_named("index")])["index"]
    return {cell[0].row: cell[0].before for cell in members}


def all_ceilings() -> dict[int, str]:
    members = all_mutations(built()[0], [kind_named("ceiling")])["ceiling"]
    return {cell[0].row: cell[0].before for cell in members}


def test_a_real_dbt_build_agrees(tmp_path: Path) -> None:
    number = int(os.environ.get("KINERJA_REAL_BUILDS", "1"))
    results = [single(world(), changed) for changed in list(judged(number))[:number]]
    results = [result for result in results if judged_by_build(result)]
    assert results
    for result, failed, output in verify(results, tmp_path):
        assert failed == build_fails(result), output[-2000:]


def test_the_gate_in_memory_is_the_gate(tmp_path: Path) -> None:
    changed = mutation("final", 0, "9,19")
    found = single(world(), changed)
    assert found.by == "gate: scale"
    seeds = copied_seeds(tmp_path)
    change_file(seeds / "raw" / f"{changed.seed}.csv", changed)
    assert [(breach.line, breach.column, breach.expectation) for breach in check_raw(seeds)] == [
        (changed.row + 2, changed.column, "scale")
    ]
