"""Lines and cells: the one shape that every kind of input is read into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS: tuple[str, ...] = ("januari", "februari", "maret", "april", "mei", "juni")
MONTHS += ("juli", "agustus", "september", "oktober", "november", "desember")

_BLANKS = re.compile(r"\s{2,}")
_RULER_CELL = re.compile(r"[:\s]*-{2,}[:\s]*")
_EMPHASIS = str.maketrans("", "", "*#")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.

    `source` is where it stands ("12" in a text, "3:14" as page:line, "Sheet:7" as sheet:row);
    `cells` holds the cells with single inner blanks, without trailing empty ones; a blank line
    has none.
    """

    source: str
    cells: tuple[str, ...]


def tidy(text: str) -> str:
    """Strip a printed cell and keep each inner run of blanks as one blank."""
    return " ".join(text.split())


def trimmed(cells: list[str]) -> tuple[str, ...]:
    """Drop trailing empty cells: what the eye cannot see is not a column."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return tuple(cells[:end])


def split_cells(raw: str) -> tuple[str, ...]:
    """Split a line of text at tabs, else at table pipes, else at runs of two or more blanks."""
    if "\t" in raw:
        parts = raw.split("\t")
    elif raw.count("|") >= 2:
        inner = raw.strip().removeprefix("-").strip()
        parts = inner.removeprefix("|").removesuffix("|").split("|")
        if all(_RULER_CELL.fullmatch(part) for part in parts):
            return ()
    else:
        parts = _BLANKS.split(raw.strip())
    return trimmed([tidy(part) for part in parts])


def prose(line: Line) -> str:
    """The line as running text, without the marks of emphasis and headings."""
    return tidy(" ".join(line.cells).translate(_EMPHASIS))


def filled(cells: Sequence[str]) -> int:
    """How many cells have something printed in them."""
    return len(cells) - cells.count("")
