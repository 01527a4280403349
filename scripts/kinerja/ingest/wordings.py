"""The words by which documents tell their facts (seeds/reference/fact_wordings.csv)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kinerja.core.errors import BadInputError
from kinerja.instruments import references

NAME = "fact_wordings"
COLUMNS = ("fact", "value", "pattern")


@dataclass(frozen=True, slots=True)
class Wordings:
    """Patterns by fact, each with the value that it tells (blank where its groups do)."""

    patterns: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]

    def told(self, fact: str, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """What a text tells of a fact, in the order of the file."""
        for value, pattern in self.patterns.get(fact, ()):
            if match := pattern.search(text):
                yield value, match

    def values(self, fact: str) -> list[str]:
        """The values that a fact can have."""
        return [value for value, _ in self.patterns.get(fact, ())]


def wordings_in(seeds: Path) -> Wordings:
    """Read the wordings; raises BadInputError with the line of a pattern that is none."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    for number, row in enumerate(references.rows(seeds, NAME, COLUMNS), start=2):
        try:
            found[row["fact"]].append((row["value"], re.compile(row["pattern"], re.IGNORECASE)))
        except re.error as error:
            raise BadInputError(
                f"{references.path_of(seeds, NAME)}, line {number}: {row['pattern']} is no regular "
                f"expression ({error})."
            ) from None
    return Wordings(found)
