"""The quarterly form of an agency: targets on the left, budget lines on the right.

Both halves share printed rows only by layout; they are read as two tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kinerja.instruments.declarations import Table
from kinerja.instruments.headings import Header, Headings, header_of

from ..lines import Line, filled, prose
from ..topics import UNCLASSIFIED, classify
from .reader import Reader, cell_at

_METHOD = "method", re.compile("cara pengukuran.*", re.IGNORECASE)
_REMARK = "budget remark"
"""Columns of the form that are not stored: the right one's cells are reported."""
_RIGHT = "budget "
"""Before the name of a column of the right half, where the left has one of that name."""
_COLUMN_NUMBER = re.compile(r"\d{1,2}(00,00%)?")
_DIGIT = re.compile(r"\d")
# What tells an amount and a share where a line stands beside its headings.
_AMOUNT = re.compile(r"\(?(Rp\.? ?)?-?\d[\d.,]*(,-{1,2})?\)?|-", re.IGNORECASE)
_SHARE = re.compile(r"-?\d{1,5}([.,]\d{1,2})? ?%|-")
_SHIFTS = (0, -1, 1, -2, 2)


def headings_of(targets: Table, budget: Table) -> Headings:
    """The headings of both halves from left to right, with the columns that are not stored."""
    left, right = dict(targets.headings), dict(budget.headings)
    found: list[tuple[str, re.Pattern[str]]] = []
    for name, heading in left.items():
        found += [_METHOD] if name == "realization" else []
        found.append((name, heading))
    found += [(_RIGHT + name if name in left else name, h) for name, h in right.items()]
    return [*found, (_REMARK, left["remark"])]


@dataclass
class _BudgetLine:
    """A printed budget line and the page that it stands on."""

    index: int
    source: str
    page: int
    name: str
    amounts: dict[str, str]


class Form(Reader):
    """Reads the budget, and the targets beside it; the account of a line is the budget's.

    `interrupted` says that a blank line or headings stood above: the next line begins a page.
    """

    def prepare(self) -> None:
        """Begin with no page."""
        self.headings, self.left = (
            headings_of(self.beside, self.table),
            self.beside.parts[0].table_id,
        )
        self.header = Header({}, {}, (), ())
        self.lines: list[_BudgetLine] = []
        self.targets: list[tuple[int, str, dict[str, str]]] = []
        self.interrupted = False

    def announces(self, cells: Sequence[str]) -> int:
        """More than half of the headings of both halves."""
        header = header_of(cells, self.headings) if len(cells) > 2 else None
        return len(header.positions) if header else 0

    def open(self, index: int, line: Line) -> None:
        """Take the headings of a page; say what they lack or add.

        Some of them are blank, so without borders no column has a place.
        """
        self.out.header(index, line)
        header = header_of(line.cells, self.headings)
        assert header is not None
        if line.is_loose:
            self.unplaced(index, line, [name for name, _ in self.headings])
            return
        self.out.tell_header(header, self.table_id, line)
        self.header, self.interrupted = header, True

    def take(self, index: int, line: Line) -> None:
        """Take more headings, or a line of either half or both."""
        if not line.cells:
            self.interrupted = True
        elif index in self.out.seen or (filled(line.cells) == 1 and line.cells[0]):
            return
        elif _is_heading(line.cells):
            self.out.header(index, line)
            self.interrupted = True
        else:
            self._take_halves(index, line)

    def _take_halves(self, index: int, line: Line) -> None:
        """Take both halves, or the rest of a budget line's name; report what is over."""
        cells, at = line.cells, self.header.positions
        shift = self._budget_shift(cells)
        if line.is_loose:
            if self.resembles(prose(line)):
                self.unplaced(index, line, [name for name, _ in self.headings])
            return
        used: set[int] = set()
        rest_of_name = cell_at(cells, at.get("line_name", -1))
        if shift is not None:
            used |= self._take_budget(index, line, shift)
        elif filled(cells) == 1 and rest_of_name and self.lines:
            self.lines[-1].name += f" {rest_of_name}"
            self.find("joined_name", line, self.lines[-1].name)
            self.out.seen.add(index)
            return
        # Beside a budget line that stands out of place, it cannot be told where the left half is.
        if not shift and cell_at(cells, at.get("indicator", -1)):
            used |= self._take_target(index, line)
        elif shift is None:
            return
        self.out.seen.add(index)
        for position, text in enumerate(cells):
            if text and position not in used:
                self.find("extra_cell", line, text)

    def _take_target(self, index: int, line: Line) -> set[int]:
        """Take the left half, its remark as a topic; give the positions of its cells."""
        at = {n: p for n, p in self.header.positions.items() if n in dict(self.beside.headings)}
        if "realization" in at:
            at["achievement_pct"] = at["realization"] + 1
        cells = {name: cell_at(line.cells, position) for name, position in at.items()}
        self.out.check(self.beside, self.left, line.source, {**cells, "remark": ""})
        remark = cells.get("remark", "")
        topic = classify(remark, self.out.topics, component=False) if remark else ""
        if topic is None:
            self.out.find("unclassified_note", self.left, line.source, remark)
            topic = UNCLASSIFIED
        self.targets.append((index, line.source, {**cells, "remark": topic}))
        return {*at.values(), self.header.positions.get(_METHOD[0], -1)}

    def _take_budget(self, index: int, line: Line, shift: int) -> set[int]:
        """Take a budget line; its name is in its column or, failing that, the last text before."""
        cells, at = line.cells, self.header.positions
        ceiling, realization = at["ceiling"] + shift, at[_RIGHT + "realization"] + shift
        name_at = at.get("line_name", at["ceiling"] - 1) + shift
        if not cell_at(cells, name_at):
            before = range(min(ceiling, len(cells)))
            name_at = max((position for position in before if cells[position]), default=-1)
        places = {
            "ceiling": ceiling,
            "realization": realization,
            "realization_pct": realization + 1,
        }
        amounts = {name: cell_at(cells, position) for name, position in places.items()}
        page = self.lines[-1].page + self.interrupted if self.lines else 1
        self.interrupted = False
        name = cell_at(cells, name_at)
        self.lines.append(_BudgetLine(index, line.source, page, name, amounts))
        if shift:
            self.find("shifted", line, f"{shift:+d}")
        for column in (name for name, text in amounts.items() if not text):
            self.find("missing_cells", line, column)
        self.out.check(self.table, self.table_id, line.source, amounts)
        return {name_at, *places.values()}

    def _budget_shift(self, cells: Sequence[str]) -> int | None:
        """How far the amounts stand beside their headings; None if the line has no amounts.

        First the places where all three cells look as they should; then the headings' own places,
        if something with digits stands there (to be stored as printed and reported).
        """
        at = self.header.positions
        if "ceiling" not in at or _RIGHT + "realization" not in at:
            return None
        places = (at["ceiling"], at[_RIGHT + "realization"], at[_RIGHT + "realization"] + 1)
        for shift in _SHIFTS:
            ceiling, realization, share = (cell_at(cells, place + shift) for place in places)
            looks = _AMOUNT.fullmatch(ceiling) and _AMOUNT.fullmatch(realization)
            if looks and _SHARE.fullmatch(share) and any(cells[: max(places[0] + shift, 0)]):
                return shift
        here = any(_DIGIT.search(cell_at(cells, place)) for place in places)
        return 0 if here and cell_at(cells, at.get("line_name", -1)) else None

    def resembles(self, text: str) -> bool:
        """Whether it is a text with two amounts and their share at its end."""
        name, figures = self.figures_at_end(text)
        return bool(name and len(figures) > 2 and figures[-1].endswith("%"))

    def finish(self) -> None:
        """Hand over both tables, numbered as printed."""
        for number, (_, source, cells) in enumerate(self.targets, start=1):
            self.out.add(self.beside, self.left, source, {"row_no": str(number), **cells})
        for number, row in enumerate(self.lines, start=1):
            cells = {"row_no": str(number), "page_no": str(row.page), "line_name": row.name}
            self.out.add(self.table, self.table_id, row.source, {**cells, **row.amounts})
        self.out.span([row.index for row in self.lines] + [index for index, _, _ in self.targets])


def _is_heading(cells: Sequence[str]) -> bool:
    """The second heading line, or the line of column numbers (12 may print as "1200,00%")."""
    printed = [cell for cell in cells if cell]
    if all(cell.lower() in ("realisasi", "%") for cell in printed):
        return True
    return len(printed) > 5 and all(_COLUMN_NUMBER.fullmatch(cell) for cell in printed)
