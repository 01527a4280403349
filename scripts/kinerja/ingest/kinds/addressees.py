"""The numbered list of those a letter is addressed to, in one or more columns."""

import re
from collections.abc import Sequence

from ..lines import Line
from .reader import LETTERS, ROW_NUMBER, Reader

_HEAD_OF_GOVERNMENT = re.compile(r"(bupati|walikota|wali kota|gubernur)\b.*", re.IGNORECASE)
_ENTRY = re.compile(rf"(\d{{1,5}})[.)]?\s+{_HEAD_OF_GOVERNMENT.pattern}", re.IGNORECASE)


class Addressees(Reader):
    """`found` maps a number to the line's index, its source and the name."""

    begins = True

    def prepare(self) -> None:
        """Begin with no name."""
        self.found: dict[int, tuple[int, str, str]] = {}

    def announces(self, cells: Sequence[str]) -> int:
        """Never: it has no headings."""
        return 0

    def open(self, index: int, line: Line) -> None:
        """It has no headings."""

    def take(self, index: int, line: Line) -> None:
        """Take a line of numbers and names; the last name may be blank."""
        cells = [*line.cells, ""] if len(line.cells) % 2 else list(line.cells)
        pairs = list(zip(cells[::2], cells[1::2], strict=True))
        numbers = [int(m[1]) for number, _ in pairs if (m := ROW_NUMBER.fullmatch(number))]
        if not pairs or len(numbers) < len(pairs):
            if line.is_loose and ROW_NUMBER.fullmatch(line.cells[0]) and self._names_a_head(line):
                self.unplaced(index, line, ["number", "name"] * ((len(line.cells) + 1) // 2))
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
                self.find("repeated_row", line, f"{number} {name}")
            else:
                self.find("number_clash", line, f"{number} {name}")
                self.found[max(self.found) + 1] = (index, line.source, name)

    def _names_a_head(self, line: Line) -> bool:
        return any(_HEAD_OF_GOVERNMENT.fullmatch(cell) for cell in line.cells)

    def resembles(self, text: str) -> bool:
        """Whether it is a number that the list lacks, and a head of government."""
        match = _ENTRY.fullmatch(text)
        number = int(match[1]) if match else 0
        last = max(self.found, default=0)
        return bool(last and 0 < number <= last + 1 and number not in self.found)

    def finish(self) -> None:
        """Hand over the names in the order of their numbers."""
        (name_column,) = (column.name for column in self.table.holding("addressee"))
        for number, (_, source, name) in sorted(self.found.items()):
            self.out.name(name, source)
            row = {"row_no": str(number), name_column: name}
            self.out.add(self.table, self.table_id, source, row)
        self.out.span(index for index, _, _ in self.found.values())
