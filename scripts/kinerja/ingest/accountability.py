"""The letter on performance accountability: the component table and the numbered notes."""

import re
from collections.abc import Sequence

from .layouts import COMPONENT_HEADING, COMPONENT_SECTIONS
from .lines import Line, filled, prose
from .notes import Topic, add_note
from .outcome import Outcome
from .tables import first_filled

_YEAR = re.compile(r"[12]\d{3}")
_LETTER = re.compile(r"([a-z])[.)]")
_VALUE = re.compile(r"\d{1,3}(,\d{1,2})?|[A-D]{1,2}|-|\*?NA")
_REGION = re.compile(r"Pemerintah ((?:Kota|Kabupaten|Provinsi)(?: [A-Z][\w'.-]*)+)")
_COMPONENT_HEAD = re.compile(r"(\d)\) (\D{3,80})")
_LETTERED_NOTE = re.compile(r"(?:- )?([a-z])\. (.+)")
_NUMBERED_NOTE = re.compile(r"(?:- )?(\d{1,2})\) (.+)")


def read(lines: Sequence[Line], out: Outcome, topics: Sequence[Topic]) -> dict[str, str]:
    """Read one letter into `out`; give its region as printed and its latest year."""
    region = _region(lines, out)
    if region:
        out.name(region[0], region[1])
    years = _read_components(lines, out, region[0] if region else "")
    _read_notes(lines, out, topics)
    return {"subject": region[0] if region else "", "year": max(years, default="")}


def _region(lines: Sequence[Line], out: Outcome) -> tuple[str, str] | None:
    """The government that the letter is about: the first that it names, best one known."""
    first = None
    for index, line in enumerate(lines):
        for match in _REGION.finditer(prose(line)):
            words = match[1].rstrip(".").split()
            for end in range(len(words), 1, -1):
                name = " ".join(words[:end])
                if out.resolve(name) is not None:
                    out.tell(index, line)
                    return name, line.source
            first = first or (" ".join(words), line.source)
    return first


def _read_components(lines: Sequence[Line], out: Outcome, region: str) -> list[str]:
    """Read the table: one row per printed figure per year; give the years."""
    years: dict[int, str] = {}
    weight_at = -1
    number = 0
    state = "before"
    span: list[int] = []
    for index, line in enumerate(lines):
        cells = line.cells
        if not cells:
            continue
        if COMPONENT_HEADING.fullmatch(cells[0]):
            out.header(index, line)
            weight_at = next((i for i, c in enumerate(cells) if c.lower() == "bobot"), -1)
            state = "years"
        elif state == "years" and all(not c or _YEAR.fullmatch(c) for c in cells):
            years = _year_columns(line, out)
            out.header(index, line)
            state = "rows"
        elif state == "rows":
            row = _component(line, years, weight_at)
            if row is None:
                state = "rows" if filled(cells) > 1 else "after"
                continue
            number += 1
            out.seen.add(index)
            span.append(index)
            _add_row(line, number, region, row, years, out)
    if span:
        out.spans.append((span[0], span[-1]))
    return list(years.values())


def _year_columns(line: Line, out: Outcome) -> dict[int, str]:
    """Position to year; a year that is printed twice is one column, and the other is reported."""
    years: dict[int, str] = {}
    for position, cell in enumerate(line.cells):
        if cell in years.values():
            out.find("extra_column", "components", line.source, cell)
        elif cell:
            years[position] = cell
    return years


def _component(
    line: Line, years: dict[int, str], weight_at: int
) -> tuple[str, str, str, list[str], list[str]] | None:
    """Letter, name, weight, a value for each year, and the cells left over; None if no row."""
    cells = line.cells
    first = min(years)
    at = first_filled(cells)
    letter = _LETTER.fullmatch(cells[at])
    name_at = next((i for i in range(at + 1, len(cells)) if cells[i]), at) if letter else at
    values = [cells[i] if i < len(cells) else "" for i in years]
    if name_at >= first or not any(values):
        return None
    # A weight that stands below a year is none; a cell that is used for nothing is left over.
    weight = cells[weight_at] if name_at < weight_at < first else ""
    known = {at, name_at, *years} | ({weight_at} if weight else set())
    rest = [cell for i, cell in enumerate(cells) if cell and i not in known]
    return letter[1] if letter else "", cells[name_at], weight, values, rest


def _add_row(
    line: Line,
    number: int,
    region: str,
    row: tuple[str, str, str, list[str], list[str]],
    years: dict[int, str],
    out: Outcome,
) -> None:
    letter, name, weight, values, rest = row
    for cell in rest:
        out.find("extra_cell", "components", line.source, cell)
    for year, value in zip(years.values(), values, strict=True):
        if not value:
            out.find("missing_cells", "components", line.source, f"{name}: {year}")
        elif not _VALUE.fullmatch(value):
            out.find("odd_cell", "components", line.source, f"{name}: {value}")
        out.add(
            "accountability__components",
            (
                "components",
                str(number),
                line.source,
                region,
                letter,
                name,
                weight,
                year,
                value,
            ),
        )


def _read_notes(lines: Sequence[Line], out: Outcome, topics: Sequence[Topic]) -> None:
    """Read the numbered notes of the three sections; lines that follow belong to the note."""
    kind = letter = ""
    notes: list[tuple[str, tuple[str, str, str, list[str]]]] = []
    for index, line in enumerate(lines):
        text = prose(line)
        if not text or index in out.seen:
            continue
        section = next((k for k, p in COMPONENT_SECTIONS if p.fullmatch(text)), None)
        head = _COMPONENT_HEAD.fullmatch(text) if kind == "weakness" else None
        item = (_NUMBERED_NOTE if kind == "recommendation" else _LETTERED_NOTE).fullmatch(text)
        if section:
            kind, letter = section, ""
            out.tell(index, line)
        elif head:
            letter = chr(ord("a") + int(head[1]) - 1)
            out.tell(index, line)
        elif item and kind and (letter or kind != "weakness"):
            notes.append((kind, (line.source, item[1], letter, [item[2]])))
            out.tell(index, line)
        elif notes and notes[-1][0] == kind and filled(line.cells) == 1:
            notes[-1][1][3].append(text)
            out.tell(index, line)
    for note_kind, (source, number, note_letter, parts) in notes:
        add_note(out, topics, note_kind, (source, number, note_letter, " ".join(parts)))
