"""Numbered notes of letters and forms: to coded topics, never to sentences."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kinerja.core.errors import BadInputError

from .outcome import Outcome

UNCLASSIFIED = "unclassified"
_REACH = 160
"""Characters of a note that are looked at: the matter stands at its beginning."""

_NUMBERED = re.compile(r"(?:^|[;.,]\s*|\s)(\d{1,2})[.)]\s+(?=\D)")
_NEXT_PLAN = re.compile(r"[,;]\s+(?=Me[a-z]+\b)")


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
    head = text[:_REACH]
    for topic in topics:
        if bool(topic.component) == component and topic.pattern.search(head):
            return topic.code
    return None


def add_note(
    out: Outcome, topics: Iterable[Topic], kind: str, note: tuple[str, str, str, str]
) -> None:
    """Store a note as (source, number, letter, text) under its topic; report it if unknown."""
    source, number, letter, text = note
    lettered = kind in ("follow_up", "weakness", "recommendation")
    topic = classify(text, topics, component=lettered)
    if topic is None:
        out.find("unclassified_note", kind, source, f"{number} {text[:_REACH]}")
    row_no = sum(1 for row in out.rows.get("notes", ()) if row[0] == kind) + 1
    out.add("notes", (kind, str(row_no), source, number, letter, topic or UNCLASSIFIED))


def split_notes(text: str) -> list[tuple[str, str]]:
    """Part a paragraph of notes into (number, note); unnumbered ones are counted.

    Numbered notes must run 1, 2, 3 …; otherwise figures inside a sentence would split it.
    """
    marks: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == len(marks) + 1:
            marks.append(match)
    if marks:
        ends = [match.start() for match in marks[1:]] + [len(text)]
        return [
            (match[1], text[match.end() : end].strip())
            for match, end in zip(marks, ends, strict=True)
        ]
    parts = [part.strip() for part in _NEXT_PLAN.split(text) if part.strip()]
    return [(str(number), part) for number, part in enumerate(parts, start=1)]
