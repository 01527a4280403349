"""What every reader of a kind of table offers, and the few questions they all ask of cells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..account import Account
from ..lines import Line, filled

ROW_NUMBER = re.compile(r"(\d{1,5})[.)]?")
LETTERS = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_HEADING_CELLS = 4


class Reader(Protocol):
    """Reads the tables of one layout in one document."""

    def open(self, index: int, line: Line) -> None:
        """Take a heading line of these tables: a page of them begins."""

    def take(self, index: int, line: Line) -> None:
        """Take a line below; a blank one too. What is no part of the tables is left alone."""

    def finish(self) -> None:
        """Hand over the rows."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Tables that are printed, and so read, together.

    `announces` counts the headings of theirs that a line has (0: it is no heading of theirs);
    `begins` says that they stand first, before any heading; `tells` that their headings tell the
    instrument.
    """

    announces: Callable[[Sequence[str]], int]
    reader: Callable[[Account], Reader]
    begins: bool = False
    tells: bool = True


def first_filled(cells: Sequence[str]) -> int:
    """Position of the first cell with something in it (the length if there is none)."""
    return next((position for position, cell in enumerate(cells) if cell), len(cells))


def is_strange_heading(cells: Sequence[str]) -> bool:
    """Whether a line looks like headings of some table: many cells and no figure in any."""
    return filled(cells) >= _HEADING_CELLS and not any(map(_DIGIT.search, cells))


def cell_at(cells: Sequence[str], position: int) -> str:
    """The cell at a position; blank beyond either end."""
    return cells[position] if 0 <= position < len(cells) else ""
