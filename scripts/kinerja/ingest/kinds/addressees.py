"""The numbered list of those a letter is addressed to, in one or more columns."""

import re
from collections.abc import Sequence

from kinerja.instruments.declarations import Table

from ..account import Account
from ..lines import Line
from .layout import LETTERS, ROW_NUMBER, Layout

_HEAD_OF_GOVERNMENT = re.compile(r"(bupati|walikota|wali kota|gubernur)\b.*", re.IGNORECASE)


def layout(table: Table) -> Layout:
    """A list that stands before all tables and has no headings."""
    return Layout(_no_heading, lambda out: _Reader(table, out), begins=True)


def _no_heading(_: Sequence[str]) -> int:
    return 0


class _Reader:
    """`found` maps a number to the line's index, its source and the name."""

    def __init__(self, table: Table, out: Account) -> None:
        self.table, self.out = table, out
        self.table_id = table.parts[0].table_id
        self.found: dict[int, tuple[int, str, str]] = {}

    def open(self, index: int, line: Line) -> None:
        """It has no headings."""

    def take(self, index: int, line: Line) -> None:
        """Take a line of numbers and names; the last name may be blank."""
        cells = [*line.cells, ""] if len(line.cells) % 2 else list(line.cells)
        pairs = list(zip(cells[::2], cells[1::2], strict=True))
        numbers = [int(m[1]) for number, _ in pairs if (m := ROW_NUMBER.fullmatch(number))]
        if not pairs or len(numbers) < len(pairs):
            return
        named = any(_HEAD_OF_GOVERNMENT.fullmatch(name) for _, name in pairs)
        # A number alone may follow the list: an entry that was left blank.
        left_blank = self.found and len(pairs) == 1 and not pairs[0][1]
        if not (named or left_blank):
            return
        if any(name and not LETTERS.search(name) for _, name in pairs):
            return
        self.out.seen.add(index)
        for number, (_, name) in zip(numbers, pairs, strict=True):
            if number not in self.found:
                self.found[number] = (index, line.source, name)
            elif self.found[number][2] == name:
                self.out.find("repeated_row", self.table_id, line.source, f"{number} {name}")
            else:
                self.out.find("number_clash", self.table_id, line.source, f"{number} {name}")
                self.found[max(self.found) + 1] = (index, line.source, name)

    def finish(self) -> None:
        """Hand over the names in the order of their numbers."""
        (name_column,) = (column.name for column in self.table.holding("addressee"))
        for number, (_, source, name) in sorted(self.found.items()):
            self.out.name(name, source)
            row = {"row_no": str(number), name_column: name}
            self.out.add(self.table, self.table_id, source, row)
        self.out.span(index for index, _, _ in self.found.values())
