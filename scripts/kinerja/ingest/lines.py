"""Lines and cells: the one shape that every kind of input is read into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

MONTHS: tuple[str, ...] = ("januari", "februari", "maret", "april", "mei", "juni")
MONTHS += ("juli", "agustus", "september", "oktober", "november", "desember")

_BLANKS = re.compile(r"\s{2,}")
_RULER_CELL = re.compile(r"[:\s]*-{2,}[:\s]*")
_EMPHASIS = str.maketrans("", "", "*#")
RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
"""The raised digits, by what they are. What else is raised is read as RAISED_SIGN."""
RAISED_SIGN = "\u1d43"
# A unit such as m² keeps its exponent.
_MARK = re.compile(rf"(?<![mM])\s?[{RAISED}{RAISED_SIGN}]+[)\u207e]?|(?<=\d)\s?\*+\)?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.

    `source` is where it stands ("12" in a text, "3:14" as page:line, "Sheet:7" as sheet:row);
    `cells` holds the cells with single inner blanks, without trailing empty ones; a blank line
    has none. In a loose line only gaps part the cells: a blank one leaves no trace.
    """

    source: str
    cells: tuple[str, ...]
    is_loose: bool = False


def tidy(text: str) -> str:
    """Strip a printed cell and keep each inner run of blanks as one blank."""
    return " ".join(text.split())


def trimmed(cells: list[str]) -> tuple[str, ...]:
    """Drop trailing empty cells: what the eye cannot see is not a column."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return tuple(cells[:end])


def line_of(source: str, raw: str) -> Line:
    """Split a line of text at tabs, else at table pipes, else at runs of two or more blanks."""
    is_loose = False
    if "\t" in raw:
        parts = raw.split("\t")
    elif raw.count("|") >= 2:
        inner = raw.strip().removeprefix("-").strip()
        parts = inner.removeprefix("|").removesuffix("|").split("|")
        if all(_RULER_CELL.fullmatch(part) for part in parts):
            return Line(source, ())
    else:
        parts = _BLANKS.split(raw.strip())
        is_loose = len(parts) > 1
    return Line(source, trimmed([tidy(part) for part in parts]), is_loose)


def without_marks(line: Line) -> Line:
    """The line without the marks of footnotes: a raised digit is no digit of a figure."""
    return replace(line, cells=tuple(_MARK.sub("", cell) for cell in line.cells))


def prose(line: Line) -> str:
    """The line as running text, without the marks of emphasis and headings."""
    return tidy(" ".join(line.cells).translate(_EMPHASIS))


def filled(cells: Sequence[str]) -> int:
    """How many cells have something printed in them."""
    return len(cells) - cells.count("")
