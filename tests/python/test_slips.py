"""A sample of the proof by planted slips; all of it: `uv run python -m mutation slips`."""

from pathlib import Path

import pytest
from mutation.slips import campaign, misprints


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("digits_swapped", "3,66", ["6,36"]),
        ("digit_left_out", "3,66", ["3,6"]),
        ("digit_doubled", "3,66", ["3,666", "33,66"]),
        ("comma_misplaced", "3,66", ["36,6", "366"]),
        ("sign_lost", "-0,54", ["0,54"]),
        ("comma_misplaced", "1.234.567", ["1.234", "1.234.567.000"]),
        ("digits_swapped", "17,75%", ["17,57%", "71,75%"]),
    ],
)
def test_a_slip_prints_another_number(kind: str, text: str, expected: list[str]) -> None:
    assert misprints(kind, text) == expected


def test_one_digit_replaced_has_nine_values_for_each_digit() -> None:
    assert len(misprints("digit_replaced", "3,66")) == 27


@pytest.mark.builds
def test_planted_slips_are_named_and_few_wrongly(tmp_path: Path) -> None:
    results = campaign(tmp_path, 120, 10, 3)
    found = [one for one in results if one.is_found]
    assert len(found) > 0.8 * len(results)
    assert sum(one.is_proposed for one in found) >= 0.97 * len(found)
    assert sum(one.is_first for one in found) >= 0.7 * len(found)
    assert sum(one.is_unique for one in found) >= 0.3 * len(found)
    assert sum(one.is_wrong for one in found) <= 0.01 * len(found)
