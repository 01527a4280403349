"""What every reader of a kind of table offers, and the few questions they all ask of cells."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from kinerja.instruments.declarations import Table

from ..account import Account
from ..lines import Line, filled

ROW_NUMBER = re.compile(r"(\d{1,5})[.)]?")
LETTERS = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_HEADING_CELLS = 4


class Reader(ABC):
    """Reads one table, or two that are printed together, in one document.

    `begins` says that it stands before any headings; `tells` that its headings tell the instrument.
    """

    begins = False
    tells = True

    def __init__(self, table: Table, beside: Table, out: Account) -> None:
        self.table, self.beside, self.out = table, beside, out
        self.table_id = table.parts[0].table_id
        self.prepare()

    @abstractmethod
    def prepare(self) -> None:
        """Begin with nothing read."""

    @abstractmethod
    def announces(self, cells: Sequence[str]) -> int:
        """How many headings of these tables a line has; 0 if it is no heading of theirs."""

    @abstractmethod
    def open(self, index: int, line: Line) -> None:
        """Take a heading line of these tables: a page of them begins."""

    @abstractmethod
    def take(self, index: int, line: Line) -> None:
        """Take a line below; a blank one too. What is no part of the tables is left alone."""

    @abstractmethod
    def finish(self) -> None:
        """Hand over the rows."""

    def find(self, kind: str, line: Line, printed: str) -> None:
        """Report what was noticed on a line."""
        self.out.find(kind, self.table_id, line.source, printed)


def first_filled(cells: Sequence[str]) -> int:
    """Position of the first cell with something in it (the length if there is none)."""
    return next((position for position, cell in enumerate(cells) if cell), len(cells))


def is_strange_heading(cells: Sequence[str]) -> bool:
    """Whether a line looks like headings of some table: many cells and no figure in any."""
    return filled(cells) >= _HEADING_CELLS and not any(map(_DIGIT.search, cells))


def cell_at(cells: Sequence[str], position: int) -> str:
    """The cell at a position; blank beyond either end."""
    return cells[position] if 0 <= position < len(cells) else ""
