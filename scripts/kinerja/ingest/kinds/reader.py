"""What every reader of a kind of table offers, and the few questions they all ask of cells."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from kinerja.instruments.declarations import Table

from ..account import Account
from ..lines import Line, filled

ROW_NUMBER = re.compile(r"(\d{1,5})[.)]?")
LETTERS = re.compile(r"[^\W\d_]{2,}")
FIGURE = re.compile(r"[-(]?(?:Rp\.?)?-?\d[\d.,]*(?:,-)?%?\)?", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,5}[.)]?\s+(.+)")
_DIGIT = re.compile(r"\d")
_CURRENCY = re.compile(r"Rp\.?", re.IGNORECASE)
_HEADING_CELLS = 4
_LONGEST_NAME = 6
"""Words of a government's name."""


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

    def resembles(self, text: str) -> bool:
        """Whether a line that was not taken looks like a row of these tables."""
        return False

    def unplaced(self, index: int, line: Line, columns: Sequence[str]) -> None:
        """Report a row whose cells only gaps part, and which are not as many as the columns."""
        self.out.seen.add(index)
        could = f"{filled(line.cells)} cells for {len(columns)} columns ({', '.join(columns)})"
        self.find("unplaced_row", line, f"{' | '.join(line.cells)}: {could}")

    def is_figure(self, token: str) -> bool:
        """Whether a word of a line is a figure, a grade, or a word in place of a figure."""
        vocabulary = self.out.vocabulary
        is_known = token in vocabulary.words or token in vocabulary.grades
        return is_known or FIGURE.fullmatch(token) is not None

    def figures_at_end(self, text: str) -> tuple[str, list[str]]:
        """A text without the figures and grades at its end, and these."""
        text = text.replace(" %", "%")
        tokens = [token for token in text.split() if not _CURRENCY.fullmatch(token)]
        end = len(tokens)
        while end and self.is_figure(tokens[end - 1]):
            end -= 1
        return " ".join(tokens[:end]), tokens[end:]

    def is_row_of_a_list(self, text: str) -> bool:
        """Whether a text is a number, the name of a government and figures, or nearly so."""
        numbered = _NUMBERED.fullmatch(text)
        text = numbered[1] if numbered else text
        for word in self.out.vocabulary.words:
            if " " in word and text.endswith(f" {word}"):
                return self.out.resolve(text.removesuffix(word).strip()) is not None
        tokens = text.split()
        end = next((n for n, token in enumerate(tokens) if self.is_figure(token)), len(tokens))
        name, figures = " ".join(tokens[:end]), list(map(self.is_figure, tokens[end:]))
        if self.out.resolve(name) is not None:
            return sum(figures) > (0 if numbered else 1)
        is_name = LETTERS.search(name) and end <= _LONGEST_NAME and not _DIGIT.search(name)
        return bool(numbered and is_name and figures[:2] == [True, True])

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
