"""The quarterly form of an agency: targets on the left, budget lines on the right, notes below.

Both halves share printed rows only by layout; they are read as two tables.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .layouts import (
    FORM_AGENCY,
    FORM_COLUMNS,
    FORM_NOTES,
    FORM_QUARTER,
    PERCENT,
    RUPIAH,
)
from .lines import Line, filled, prose
from .notes import Topic, add_note, classify, split_notes
from .outcome import Outcome
from .tables import Header, first_filled, match_header

_HAS_LETTER = re.compile(r"[^\W\d_]")
_HAS_DIGIT = re.compile(r"\d")
_COLUMN_NUMBER = re.compile(r"\d{1,2}(00,00%)?")
_SHIFTS = (0, -1, 1, -2, 2)
_NOTE_CELLS = 3
"""A note prints its label, its number and its text in at most so many cells."""


@dataclass
class BudgetLine:
    """A printed budget line and the page that it stands on."""

    index: int
    source: str
    page: int
    name: str
    amounts: tuple[str, str, str]


def read(lines: Sequence[Line], out: Outcome, topics: Sequence[Topic]) -> dict[str, str]:
    """Read one form into `out`; give the agency's name and the quarter as printed."""
    facts = {"subject": "", "quarter": ""}
    header: Header | None = None
    budget: list[BudgetLine] = []
    targets: list[tuple[int, str, tuple[str, ...]]] = []
    interrupted = False
    _read_notes(lines, out, topics)
    for index, line in enumerate(lines):
        if not line.cells:
            interrupted = True
        if not line.cells or index in out.seen:
            continue
        found = match_header(line.cells, FORM_COLUMNS, least=6)
        if found is not None:
            header, interrupted = found, True
            _open_page(index, line, found, facts, out)
        elif header is None or filled(line.cells) == 1 and first_filled(line.cells) == 0:
            agency = FORM_AGENCY.fullmatch(prose(line))
            if agency and not facts["subject"]:
                facts["subject"] = agency["agency"]
                out.seen.add(index)
        elif _is_heading(line.cells):
            out.header(index, line)
            interrupted = True
        else:
            taken = _take(index, line, header, budget, targets, interrupted, out, topics)
            interrupted = interrupted and not taken
    _write(budget, targets, out)
    return facts


def _open_page(index: int, line: Line, header: Header, facts: dict[str, str], out: Outcome) -> None:
    out.header(index, line)
    for name in header.missing:
        out.find("missing_column", "budget", line.source, name)
    for name in header.unlabelled:
        out.find("unlabelled_column", "budget", line.source, name)
    for cell in header.extra.values():
        out.find("extra_column", "budget", line.source, cell)
    for cell in line.cells:
        quarter = FORM_QUARTER.fullmatch(cell)
        if quarter:
            facts["quarter"] = facts["quarter"] or quarter["quarter"].upper()
            if facts["quarter"] != quarter["quarter"].upper():
                out.find("odd_cell", "budget", line.source, cell)


def _is_heading(cells: tuple[str, ...]) -> bool:
    """The second heading line, or the line of column numbers (12 may print as "1200,00%")."""
    printed = [cell for cell in cells if cell]
    if all(cell.lower() in ("realisasi", "%") for cell in printed):
        return True
    return len(printed) > 5 and all(_COLUMN_NUMBER.fullmatch(cell) for cell in printed)


def _take(
    index: int,
    line: Line,
    header: Header,
    budget: list[BudgetLine],
    targets: list[tuple[int, str, tuple[str, ...]]],
    interrupted: bool,
    out: Outcome,
    topics: Sequence[Topic],
) -> bool:
    """Take a line's halves; say whether it held a budget line."""
    at, cells = header.positions, line.cells
    shift = _budget_shift(cells, at)
    used: set[int] = set()

    def cell(name: str, offset: int = 0) -> str:
        place = at.get(name, -99) + offset + (shift or 0)
        used.add(place)
        return cells[place] if 0 <= place < len(cells) else ""

    took_budget = False
    if shift is not None:
        name = cell("line_name")
        if not name:
            place = max((i for i in range(min(used)) if cells[i]), default=-1)
            name = cells[place] if place >= 0 else ""
            used.add(place)
        amounts = (
            cell("ceiling"),
            cell("budget_realization"),
            cell("budget_realization", 1),
        )
        page = (budget[-1].page + (1 if interrupted else 0)) if budget else 1
        budget.append(BudgetLine(index, line.source, page, name, amounts))
        took_budget = True
        if shift:
            out.find("shifted", "budget", line.source, f"{shift:+d}")
        _check(line, amounts, out)
    elif filled(cells) == 1 and first_filled(cells) == at.get("line_name") and budget:
        name = cell("line_name")
        budget[-1].name = f"{budget[-1].name} {name}"
        out.find("joined_name", "budget", line.source, budget[-1].name)
    indicator = cell("indicator") if at.get("indicator", 99) + (shift or 0) not in used else ""
    if indicator:
        targets.append((index, line.source, _target(cell, indicator, line, out, topics)))
    if not (indicator or took_budget or used & {i for i, c in enumerate(cells) if c}):
        return False
    out.seen.add(index)
    cell("method")
    for position, text in enumerate(cells):
        if text and position not in used:
            out.find("extra_cell", "budget", line.source, text)
    return took_budget


def _budget_shift(cells: tuple[str, ...], at: dict[str, int]) -> int | None:
    """How far the amounts stand beside their headings; None if the line has no amounts.

    First the places where all three cells look as they should; then the headings' own places,
    if something with digits stands there (to be stored as printed and reported).
    """
    if "ceiling" not in at or "budget_realization" not in at:
        return None
    ceiling, realization = at["ceiling"], at["budget_realization"]

    def text(place: int) -> str:
        return cells[place] if 0 <= place < len(cells) else ""

    for shift in _SHIFTS:
        three = (
            text(ceiling + shift),
            text(realization + shift),
            text(realization + 1 + shift),
        )
        if (
            RUPIAH.fullmatch(three[0])
            and RUPIAH.fullmatch(three[1])
            and PERCENT.fullmatch(three[2])
            and any(cells[: max(ceiling + shift, 0)])
        ):
            return shift
    here = (text(ceiling), text(realization), text(realization + 1))
    return 0 if text(at.get("line_name", -1)) and any(map(_HAS_DIGIT.search, here)) else None


def _target(
    cell: Callable[..., str],
    indicator: str,
    line: Line,
    out: Outcome,
    topics: Sequence[Topic],
) -> tuple[str, ...]:
    remark = cell("target_remark")
    topic = classify(remark, topics, component=False) if remark else ""
    if topic is None:
        out.find("unclassified_note", "targets", line.source, remark)
        topic = "unclassified"
    return (
        cell("objective_no"),
        cell("objective"),
        indicator,
        cell("target"),
        cell("target_realization"),
        cell("target_realization", 1),
        topic,
    )


def _check(line: Line, amounts: tuple[str, str, str], out: Outcome) -> None:
    fields = ("ceiling", "realization", "realization_pct")
    for name, value, pattern in zip(fields, amounts, (RUPIAH, RUPIAH, PERCENT), strict=True):
        if not value:
            out.find("missing_cells", "budget", line.source, name)
        elif not pattern.fullmatch(value):
            out.find("odd_cell", "budget", line.source, f"{name}: {value}")


def _write(
    budget: list[BudgetLine],
    targets: list[tuple[int, str, tuple[str, ...]]],
    out: Outcome,
) -> None:
    for number, (_, source, fields) in enumerate(targets, start=1):
        out.add("agency_performance__targets", ("targets", str(number), source, *fields))
    for number, row in enumerate(budget, start=1):
        out.add(
            "agency_performance__budget",
            ("budget", str(number), row.source, str(row.page), row.name, *row.amounts),
        )
    places = [row.index for row in budget] + [index for index, _, _ in targets]
    if places:
        out.spans.append((min(places), max(places)))


def _read_notes(lines: Sequence[Line], out: Outcome, topics: Sequence[Topic]) -> None:
    """Read the paragraphs of notes; a paragraph ends at a blank line or the next paragraph."""
    found: list[tuple[str, str, list[str]]] = []
    going = False
    for index, line in enumerate(lines):
        text = prose(line)
        opening = next(((k, m) for k, p in FORM_NOTES if (m := p.fullmatch(text))), None)
        if opening:
            found.append((opening[0], line.source, [opening[1]["note"]]))
            going = True
        elif not text or filled(line.cells) > _NOTE_CELLS:
            going = False
        elif going:
            found[-1][2].append(text)
        if going:
            out.seen.add(index)
    for kind, source, parts in found:
        for number, note in split_notes(" ".join(parts).strip()):
            if _HAS_LETTER.search(note):
                add_note(out, topics, kind, (source, number, "", note))
