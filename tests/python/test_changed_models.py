"""A sample of the proof by changed models; all of it: `uv run python -m mutation models`."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner
from mutation import __main__ as command
from mutation import models
from mutation.models import STAGES, Change, Result, Trial, changes, outcome, some, verify
from warehouse import Warehouse, copy_warehouse

pytestmark = pytest.mark.builds

MOVING = int(os.environ.get("KINERJA_CHANGES", "6"))


@pytest.fixture(scope="module")
def trial(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A copy of the project, as dbt keeps its file open; the environment is put back."""
    copy = copy_warehouse(built, tmp_path_factory.mktemp("changed") / "project")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KINERJA_DB", "KINERJA_ACCESS_MODE"):
            patch.setenv(name, "")
        yield models.open_trial(copy.folder)


def change(trial: Trial, path: str, before: str, after: str, number: int = 0) -> Change:
    """One change among all of a file, by its texts."""
    found = [
        one
        for source in trial.sources
        if source.path.endswith(path)
        for one in changes(source)
        if (one.before, one.after) == (before, after)
    ]
    return found[number]


def test_every_kind_is_found_in_models_and_in_the_macros_they_come_from(trial: Trial) -> None:
    every = [one for source in trial.sources for one in changes(source)]
    assert {one.kind for one in every} == set(models.KINDS)
    assert {one.path for one in every} >= {"macros/numbers/verdict.sql", "macros/engines/lists.sql"}
    for one in every:
        text = (trial.project / one.path).read_text(encoding="utf-8")
        assert text[one.place :].startswith(one.before)
        assert one.after != one.before
        assert text.count("\n", 0, one.place) + 1 == one.line
    drawn = some(every, 300, 1)
    assert len({(one.path, one.kind) for one in drawn}) == 300


@pytest.mark.parametrize(
    ("path", "before", "after", "number"),
    [
        ("public_service.sql", "=", "!=", 0),
        ("int_budget__line_years.sql", "sum(", "max(", 0),
        ("exact_quotient.sql", "+", "-", 0),
        ("int_budget__rollups.sql", "sum(", "max(", 0),
        ("int_budget__lines.sql", "left join", "inner join", 0),
        ("reconciliation.sql", "is not null", "is null", 0),
        ("recommendations.sql", "-", "+", 0),
        ("verdict.sql", "-", "+", 0),
        ("source_coverage.sql", "left join", "inner join", 0),
        ("accountability.sql", "=", "!=", 0),
        ("findings.sql", "=", "!=", 0),
    ],
)
def test_what_once_built_unseen_is_stopped(
    trial: Trial, path: str, before: str, after: str, number: int
) -> None:
    assert outcome(trial, change(trial, path, before, after, number)).stage == "build"


def test_a_sample_of_every_kind_is_stopped(trial: Trial) -> None:
    every = [one for source in trial.sources for one in changes(source)]
    results = (outcome(trial, one) for one in some(every, None, 1))
    moving = list(islice((one for one in results if one.stage in STAGES), MOVING))
    unseen = [one for one in moving if one.stage == "nothing"]
    assert len(moving) == MOVING
    assert len(unseen) <= 0.2 * len(moving), unseen


def test_a_change_leaves_everything_as_it_was(trial: Trial) -> None:
    once = change(trial, "verdict.sql", "-", "+")
    assert outcome(trial, once) == outcome(trial, once)
    [source] = [source for source in trial.sources if source.holds(once)]
    assert trial.touched(source) == {}


def test_a_change_that_moves_nothing_or_cannot_run_does_not_count(trial: Trial) -> None:
    same = Change("literal", "models/marts/reference/regions.sql", 1, 0, "select", "select all")
    broken = Change("literal", "models/marts/reference/regions.sql", 1, 0, "select", "choose")
    assert outcome(trial, same).stage == "same"
    assert outcome(trial, broken).stage == "broken"


@pytest.mark.on_demand
def test_a_real_dbt_build_agrees(tmp_path: Path, trial: Trial) -> None:
    every = [one for source in trial.sources for one in changes(source)]
    results = [outcome(trial, one) for one in some(every, 40, 2)]
    chosen = models.to_verify(results, 8, 1)
    disagree = [result for result, agrees in verify(chosen, trial.project, tmp_path) if not agrees]
    assert disagree == []


def test_shares_and_survivors_are_told() -> None:
    one = Change("join", "models/a.sql", 3, 40, "left join", "inner join")
    rows = [
        {"kind": "join", "path": "models/a.sql", "line": 3, "before": "left join"}
        | {"after": "inner join", "stage": stage, "by": by, "moved": moved}
        for stage, by, moved in [
            ("build", "a test", "m"), ("build", "a test", "m"), ("unit", "u", "m (rows)"),
            ("nothing", None, "m (a, b)"), ("same", None, ""), ("broken", "error", ""),
        ]
    ]  # fmt: skip
    assert command.markdown("changes", rows).splitlines()[2:] == [
        "| join | 6 | 4 | 2 | 1 | 0 | 1 | 50.0 % |",
        "| all | 6 | 4 | 2 | 1 | 0 | 1 | 50.0 % |",
    ]
    assert command.markdown("survivors", rows).splitlines()[2:] == [
        "| models/a.sql line 3 | join | `left join` → `inner join` | m (a, b) | – |"
    ]
    assert [result.stage for result in models.to_verify([Result(one, "build", "t")], 2, 1)] == [
        "build"
    ]


def test_what_is_no_kind_is_one_message() -> None:
    run = CliRunner().invoke(command.main, ["models", "--kind", "none"])
    assert run.exit_code == 2
    assert "'none' is not one of 'equality', 'bound'" in run.output
