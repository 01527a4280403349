"""What a gate finds, as plain data."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from kinerja.instruments.declarations import Label

LISTED = 10_000
"""Breaches of one expectation that are listed one by one; beyond that they are counted."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One place that breaks an expectation.

    `file` is the path below the seeds folder, or the mart; `line` the line of the CSV file
    (1 is the header; None where the whole file or mart is meant); `value` the text found there.
    """

    file: str
    line: int | None
    column: str | None
    value: str | None
    expectation: str
    message: str

    def __str__(self) -> str:
        place = [self.file]
        if self.line is not None:
            place.append(f"line {self.line}")
        if self.column is not None:
            place.append(f"column {self.column}")
        value = f'"{self.value}": ' if self.value is not None else ""
        return f"{', '.join(place)}: {value}{self.message} [{self.expectation}]"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation as evaluated.

    `kind` is `form` (looked at while a file was read), `query`, or the type that Great
    Expectations gives its own. `breaches` counts all of them, `listed` holds at most `LISTED`;
    `observed` is what Great Expectations measured (a mean, a set of values).
    """

    subject: str
    expectation: str
    kind: str
    label: Label
    breaches: int
    listed: tuple[Breach, ...] = ()
    observed: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the expectation holds."""
        return self.breaches == 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All expectations of one run of a gate. `rows` counts the rows looked at, by subject."""

    gate: str
    target: str
    seconds: float
    rows: dict[str, int]
    outcomes: tuple[Outcome, ...]
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every expectation holds."""
        return all(outcome.passed for outcome in self.outcomes)

    @property
    def breaches(self) -> list[Breach]:
        """The listed breaches of all expectations, by file and line."""
        return in_order(breach for outcome in self.outcomes for breach in outcome.listed)

    @property
    def breach_count(self) -> int:
        """How many breaches there are, listed or not."""
        return sum(outcome.breaches for outcome in self.outcomes)

    def told(self, shown: int) -> str:
        """The first breaches in one line, and how many more there are."""
        more = self.breach_count - shown
        first = "; ".join(map(str, self.breaches[:shown]))
        return f"{first} (and {more:,} more)" if more > 0 else first

    def as_json(self) -> dict[str, Any]:
        """The verdict for machines."""
        return {
            "gate": self.gate,
            "target": self.target,
            "passed": self.passed,
            "seconds": round(self.seconds, 2),
            "facts": self.facts,
            "rows": self.rows,
            "expectations": len(self.outcomes),
            "breach_count": self.breach_count,
            "breaches": [asdict(breach) for breach in self.breaches],
            "outcomes": [
                {
                    "subject": outcome.subject,
                    "expectation": outcome.expectation,
                    "kind": outcome.kind,
                    "label_id": outcome.label.id,
                    "label_en": outcome.label.en,
                    "passed": outcome.passed,
                    "breaches": outcome.breaches,
                    "observed": outcome.observed,
                }
                for outcome in self.outcomes
            ],
        }


def in_order(breaches: Iterable[Breach]) -> list[Breach]:
    """Breaches by file, line and column, those of whole files first."""
    return sorted(
        breaches,
        key=lambda breach: (
            breach.file,
            breach.line or 0,
            breach.column or "",
            breach.expectation,
            breach.value or "",
            breach.message,
        ),
    )
