"""Topics of notes: what a note is about, in place of its sentences."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kinerja.core.errors import BadInputError

UNCLASSIFIED = "unclassified"
REACH = 160
"""Characters of a note that are looked at: the matter stands at its beginning."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its code, the component it belongs to (a-d, or blank) and its pattern."""

    code: str
    component: str
    pattern: re.Pattern[str]


def topics_from(rows: Iterable[Mapping[str, str]]) -> list[Topic]:
    """Topics in the order of the reference seed (first match wins).

    Those without a pattern are never matched; raises BadInputError for a pattern that is none.
    """
    topics = []
    for row in rows:
        if row["pattern"]:
            try:
                pattern = re.compile(row["pattern"], re.IGNORECASE)
            except re.error as error:
                raise BadInputError(
                    f"note_topics.csv: the pattern of {row['topic_code']} is no regular "
                    f"expression ({error}); correct it."
                ) from error
            topics.append(Topic(row["topic_code"], row["note_component"], pattern))
    return topics


def classify(text: str, topics: Iterable[Topic], *, component: bool) -> str | None:
    """The first topic that a note's beginning matches, among those with or without component."""
    head = text[:REACH]
    for topic in topics:
        if bool(topic.component) == component and topic.pattern.search(head):
            return topic.code
    return None
