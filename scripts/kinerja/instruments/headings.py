"""Headings: the words that announce a table and its columns, matched and written."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kinerja.core.errors import BadInputError

Headings = Sequence[tuple[str, re.Pattern[str]]]
"""The headed columns of a table in printed order: a name, and what its heading may say."""

_PLAINER = (
    (r"([*+])\?", r"\1"),
    (r"(?<=\w) \?(?=\w)", " "),
    (r"\((?:\?:)?[^()]*\)\?|(?:\\.|[^()\]])\?", ""),  # what may be left out
    (r"\((?:\?(?:-?[a-z]+)?:)?([^()|]*)(?:\|[^()]*)?\)", r"\1"),  # the first of several
    (r"\|.*", ""),
    (r"\\b", ""),
    (r"(?:\.|\\s)[*+]", " "),
    (r"\\d(?:\+|\{[^}]*\})?", "1"),
    (r"\[(.)[^]]*\][*+]?", r"\1"),
    (r"\\(.)", r"\1"),
)


_SPACED = re.compile(r"(\S )+\S")
"""A word written downwards, a letter to a line."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a table stand: name to position, and what else is headed."""

    positions: dict[str, int]
    extra: dict[int, str]
    missing: tuple[str, ...]
    unlabelled: tuple[str, ...]


def header_of(cells: Sequence[str], headings: Headings) -> Header | None:
    """Read a heading line; None if it does not have more than half of the headings.

    One blank heading between two known neighbours of consecutive columns is that column.
    """
    first = next((cell for cell in cells if cell), "")
    if first[:1].isdigit():
        return None
    positions: dict[str, int] = {}
    extra: dict[int, str] = {}
    for position, cell in enumerate(cells):
        if not cell:
            continue
        if cell[1:2] == " " and _SPACED.fullmatch(cell):
            cell = cell.replace(" ", "")
        for name, pattern in headings:
            if name not in positions and pattern.fullmatch(cell):
                positions[name] = position
                break
        else:
            extra[position] = cell
    if 2 * len(positions) <= len(headings):
        return None
    for position, cell in list(extra.items()):
        # A narrow column breaks a word: "KETERANGA N".
        whole = cell.replace(" ", "")
        for name, pattern in headings if whole != cell else ():
            if name not in positions and pattern.fullmatch(whole):
                positions[name] = position
                del extra[position]
                break
    unlabelled = []
    for (before, _), (name, _), (after, _) in zip(
        headings, headings[1:], headings[2:], strict=False
    ):
        left, right = positions.get(before), positions.get(after)
        if name in positions or left is None or right != left + 2:
            continue
        if not cells[left + 1]:
            positions[name] = left + 1
            unlabelled.append(name)
    missing = tuple(name for name, _ in headings if name not in positions)
    return Header(positions, extra, missing, tuple(unlabelled))


def plainest(pattern: str) -> str:
    """The plainest text that a pattern matches: its first words, without what may be left out."""
    for what, by in _PLAINER:
        while pattern != (pattern := re.sub(what, by, pattern)):
            pass
    return " ".join(pattern.split())


def lead(pattern: re.Pattern[str], group: str) -> str:
    """What stands before a group of a pattern, in the plainest words."""
    return plainest(pattern.pattern.partition(f"(?P<{group}>")[0])


def written(heading: re.Pattern[str], labels: Iterable[str]) -> str:
    """A heading to be printed: the first of the labels that the pattern knows, else the plainest.

    Raises BadInputError where no text can be made of the pattern.
    """
    for text in (*labels, plainest(heading.pattern).upper()):
        if heading.fullmatch(text):
            return text
    raise BadInputError(
        f"No heading can be written that is matched by {heading.pattern}; "
        "declare plain words as the first heading."
    )
