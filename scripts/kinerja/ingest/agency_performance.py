"""The quarterly form of an agency: targets on the left, budget lines on the right, notes below.

Both halves share printed rows only by layout; they are read as two tables.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .layouts import (
    FORM_AGENCY,
    FORM_COLUMNS,
    FORM_NOTES,
    FORM_QUARTER,
    FORM_TITLE,
    PERCENT,
    RUPIAH,
)
from .lines import Line, filled, prose
from .notes import UNCLASSIFIED, Topic, add_note, classify, split_notes
from .outcome import Outcome
from .tables import Header, match_header

_HAS_LETTER = re.compile(r"[^\W\d_]")
_NOTE_NUMBER = re.compile(r"\d{1,2}[.)]")
_HAS_DIGIT = re.compile(r"\d")
_COLUMN_NUMBER = re.compile(r"\d{1,2}(00,00%)?")
_AMOUNTS = ("ceiling", "realization", "realization_pct")
_AMOUNT_PATTERNS = (RUPIAH, RUPIAH, PERCENT)
_SHIFTS = (0, -1, 1, -2, 2)
_NOTE_CELLS = 3
"""A note opens with its label, its number and its text in at most so many cells."""


@dataclass
class BudgetLine:
    """A printed budget line and the page that it stands on."""

    index: int
    source: str
    page: int
    name: str
    amounts: tuple[str, ...]


@dataclass
class Form:
    """A form while it is being read: its page's headings and the rows of both tables so far.

    A target is (index, source, fields); `interrupted` says that a blank line or headings stood
    above, so that the next budget line begins a page.
    """

    out: Outcome
    topics: Sequence[Topic]
    header: Header | None = None
    budget: list[BudgetLine] = field(default_factory=list)
    targets: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    interrupted: bool = False
    agency: str = ""
    quarter: str = ""


def read(lines: Sequence[Line], out: Outcome, topics: Sequence[Topic]) -> dict[str, str]:
    """Read one form into `out`; give the agency's name and the quarter as printed."""
    form = Form(out, topics)
    _read_notes(lines, out, topics)
    for index, line in enumerate(lines):
        if not line.cells:
            form.interrupted = True
        elif index not in out.seen:
            _read_line(index, line, form)
    _write(form)
    return {"subject": form.agency, "quarter": form.quarter}


def _read_line(index: int, line: Line, form: Form) -> None:
    header = match_header(line.cells, FORM_COLUMNS, least=6)
    if header is not None:
        _open_page(index, line, header, form)
    elif form.header is None or (filled(line.cells) == 1 and line.cells[0]):
        text = prose(line)
        agency = FORM_AGENCY.fullmatch(text)
        if agency:
            form.agency = form.agency or agency["agency"]
        if agency or FORM_TITLE.fullmatch(text):
            form.out.tell(index, line)
    elif _is_heading(line.cells):
        form.out.header(index, line)
        form.interrupted = True
    else:
        _take(index, line, form.header.positions, form)


def _open_page(index: int, line: Line, header: Header, form: Form) -> None:
    out = form.out
    out.header(index, line)
    for kind, names in (
        ("missing_column", header.missing),
        ("unlabelled_column", header.unlabelled),
        ("extra_column", header.extra.values()),
    ):
        for name in names:
            out.find(kind, "budget", line.source, name)
    for cell in line.cells:
        match = FORM_QUARTER.fullmatch(cell)
        if match:
            quarter = match["quarter"].upper()
            form.quarter = form.quarter or quarter
            if quarter != form.quarter:
                out.find("odd_cell", "budget", line.source, cell)
    form.header, form.interrupted = header, True


def _is_heading(cells: tuple[str, ...]) -> bool:
    """The second heading line, or the line of column numbers (12 may print as "1200,00%")."""
    printed = [cell for cell in cells if cell]
    if all(cell.lower() in ("realisasi", "%") for cell in printed):
        return True
    return len(printed) > 5 and all(_COLUMN_NUMBER.fullmatch(cell) for cell in printed)


def _take(index: int, line: Line, at: dict[str, int], form: Form) -> None:
    """Take the two halves of a line, or the rest of a budget line's name; report what is over."""
    cells, out = line.cells, form.out
    shift = _budget_shift(cells, at)
    used: set[int] = set()

    def cell(name: str, offset: int = 0) -> str:
        place = at.get(name, -99) + offset
        used.add(place)
        return cells[place] if 0 <= place < len(cells) else ""

    if shift is not None:
        _take_budget(index, line, at, shift, used, form)
    elif filled(cells) == 1 and cell("line_name") and form.budget:
        last = form.budget[-1]
        last.name = f"{last.name} {cell('line_name')}"
        out.find("joined_name", "budget", line.source, last.name)
        out.seen.add(index)
        return
    # Beside a budget line that stands out of place, it cannot be told where the left half is.
    if not shift and cell("indicator"):
        form.targets.append((index, line.source, _target(cell, line, form)))
        cell("method")
    elif shift is None:
        return
    out.seen.add(index)
    for position, text in enumerate(cells):
        if text and position not in used:
            out.find("extra_cell", "budget", line.source, text)


def _take_budget(
    index: int, line: Line, at: dict[str, int], shift: int, used: set[int], form: Form
) -> None:
    """Take a budget line; its name is in its column or, failing that, the last text before."""
    cells, out = line.cells, form.out
    ceiling, realization = at["ceiling"] + shift, at["budget_realization"] + shift
    name_at = at.get("line_name", ceiling - shift - 1) + shift
    if not (0 <= name_at < len(cells) and cells[name_at]):
        name_at = max((i for i in range(min(ceiling, len(cells))) if cells[i]), default=-1)
    places = (name_at, ceiling, realization, realization + 1)
    used.update(places)
    name, *amounts = (cells[i] if 0 <= i < len(cells) else "" for i in places)
    page = form.budget[-1].page + form.interrupted if form.budget else 1
    form.interrupted = False
    form.budget.append(BudgetLine(index, line.source, page, name, tuple(amounts)))
    if shift:
        out.find("shifted", "budget", line.source, f"{shift:+d}")
    for column, value, pattern in zip(_AMOUNTS, amounts, _AMOUNT_PATTERNS, strict=True):
        if not value:
            out.find("missing_cells", "budget", line.source, column)
        elif not pattern.fullmatch(value):
            out.find("odd_cell", "budget", line.source, f"{column}: {value}")


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


def _target(cell: Callable[..., str], line: Line, form: Form) -> tuple[str, ...]:
    """The fields of a target; its remark becomes a topic."""
    remark = cell("target_remark")
    topic = classify(remark, form.topics, component=False) if remark else ""
    if topic is None:
        form.out.find("unclassified_note", "targets", line.source, remark)
    return (
        cell("objective_no"),
        cell("objective"),
        cell("indicator"),
        cell("target"),
        cell("target_realization"),
        cell("target_realization", 1),
        UNCLASSIFIED if topic is None else topic,
    )


def _write(form: Form) -> None:
    out = form.out
    for number, (_, source, fields) in enumerate(form.targets, start=1):
        out.add("agency_performance__targets", ("targets", str(number), source, *fields))
    for number, row in enumerate(form.budget, start=1):
        out.add(
            "agency_performance__budget",
            ("budget", str(number), row.source, str(row.page), row.name, *row.amounts),
        )
    places = [row.index for row in form.budget] + [index for index, _, _ in form.targets]
    if places:
        out.spans.append((min(places), max(places)))


def _goes_on(cells: tuple[str, ...]) -> bool:
    """Whether a line may continue notes: text alone, or a note's number and text in cells that
    leave the label's place empty."""
    printed = [cell for cell in cells if cell]
    if len(printed) == 2 and not cells[0]:
        return _NOTE_NUMBER.fullmatch(printed[0]) is not None
    return len(printed) == 1


def _read_notes(lines: Sequence[Line], out: Outcome, topics: Sequence[Topic]) -> None:
    """Read the paragraphs of notes; a paragraph ends at a blank line or the next paragraph."""
    found: list[tuple[str, str, list[str]]] = []
    going = False
    for index, line in enumerate(lines):
        text = prose(line) if filled(line.cells) <= _NOTE_CELLS else ""
        opening = next(((k, m) for k, p in FORM_NOTES if (m := p.fullmatch(text))), None)
        if opening:
            found.append((opening[0], line.source, [opening[1]["note"]]))
            going = True
        elif not _goes_on(line.cells):
            going = False
        elif going:
            found[-1][2].append(text)
        if going:
            out.tell(index, line)
    for kind, source, parts in found:
        for number, note in split_notes(" ".join(parts).strip()):
            if _HAS_LETTER.search(note):
                add_note(out, topics, kind, (source, number, "", note))
