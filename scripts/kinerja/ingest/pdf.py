"""Pages of a PDF with text to lines: ruled tables by their cells, other text by its gaps."""

import io
import logging
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber

from kinerja.core.errors import BadInputError

from .files import IsHeading, OnPage, Reading
from .lines import Line, tidy, trimmed

_CELL_GAP = 1.0
"""A gap this many times the height of the letters parts two cells of an unruled table."""
_BLANK_LINE = 1.6
"""Text this many heights below the last stands for a blank line in between."""

_RULES = {"snap_tolerance": 1}
"""Tables on one page have rulings a few points apart; a wider snap would bend one to another."""

Placed = tuple[float, float, tuple[str, ...]]
"""Top, bottom (in points from the top of the page) and cells of one printed line."""

Loose = tuple[float, float, list[tuple[float, float, str]]]
"""Top, bottom, and for each cell its left, its right and its text."""


def read_pdf(path: Path, data: bytes, is_heading: IsHeading, on_page: OnPage) -> Reading:
    """Read every page; raise BadInputError for an encrypted, damaged or scanned file.

    `is_heading` knows the headings of printed tables: in a table without rulings, cells below
    them are told to the columns by where they stand.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    lines: list[Line] = []
    silent: list[int] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for number, page in enumerate(document.pages, start=1):
                on_page(number, len(document.pages))
                placed = _page_lines(page, is_heading)
                if not placed:
                    silent.append(number)
                lines += _with_gaps(number, placed)
                page.close()
    except Exception as error:  # pdfminer raises whatever a damaged object makes it stumble over
        if "password" in f"{type(error).__name__} {error!r} {error.args}".lower():
            raise BadInputError(
                f"{path} is an encrypted PDF; save it again without a password."
            ) from error
        raise BadInputError(
            f"{path} is a damaged PDF ({type(error).__name__}); get the document again."
        ) from error
    if not any(line.cells for line in lines):
        raise BadInputError(f"{path} is a PDF without text (a scan); run it through OCR first.")
    return Reading(lines, [f"{path}: page {number} has no text" for number in silent])


def _page_lines(page: Any, is_heading: IsHeading) -> list[Placed]:
    ruled = page.find_tables(_RULES) if page.lines or page.rects or page.curves else []
    # A frame around text or around the page has one cell to a row; what is in it is read as text.
    tables = [t for t in ruled if any(sum(map(bool, row.cells)) > 1 for row in t.rows)]
    placed: list[Placed] = []
    for table in tables:
        for row, texts in zip(table.rows, table.extract(), strict=True):
            cells = trimmed([tidy(text or "") for text in texts])
            placed.append((row.bbox[1], row.bbox[3], cells))
    boxes = [table.bbox for table in tables]
    placed += _in_columns(_loose_lines(page, boxes), is_heading)
    placed.sort(key=lambda line: line[0])
    return [line for line in placed if line[2]]


def _loose_lines(page: Any, boxes: list[tuple[float, float, float, float]]) -> Iterator[Loose]:
    """Lines of words that stand in no ruled table."""
    words = [
        word
        for word in page.extract_words(use_text_flow=False)
        if not any(
            left <= (word["x0"] + word["x1"]) / 2 <= right
            and top <= (word["top"] + word["bottom"]) / 2 <= bottom
            for left, top, right, bottom in boxes
        )
    ]
    words.sort(key=lambda word: (word["top"] + word["bottom"], word["x0"]))
    group: list[Any] = []
    for word in words:
        if group and word["top"] + word["bottom"] > group[0]["top"] + group[0]["bottom"] + 6:
            yield _line_of(group)
            group = []
        group.append(word)
    if group:
        yield _line_of(group)


def _line_of(words: list[Any]) -> Loose:
    words = sorted(words, key=lambda word: word["x0"])
    height = max(word["bottom"] - word["top"] for word in words)
    cells = [(words[0]["x0"], words[0]["x1"], words[0]["text"])]
    for before, word in pairwise(words):
        if word["x0"] - before["x1"] > _CELL_GAP * height:
            cells.append((word["x0"], word["x1"], word["text"]))
        else:
            cells[-1] = (cells[-1][0], word["x1"], f"{cells[-1][2]} {word['text']}")
    return min(w["top"] for w in words), max(w["bottom"] for w in words), cells


def _in_columns(lines: Iterator[Loose], is_heading: IsHeading) -> Iterator[Placed]:
    """Put the cells of lines with fewer cells than the heading above into its columns.

    Only where each cell comes nearest to a column of its own, in order; else they stay in a row.
    """
    columns: list[float] = []
    for top, bottom, cells in lines:
        texts = [tidy(text) for _, _, text in cells]
        if is_heading(texts):
            columns = [(left + right) / 2 for left, right, _ in cells]
        elif 1 < len(cells) < len(columns):
            nearest = [
                min(range(len(columns)), key=lambda n: abs(columns[n] - (left + right) / 2))
                for left, right, _ in cells
            ]
            if all(a < b for a, b in pairwise(nearest)):
                placed = dict(zip(nearest, texts, strict=True))
                texts = [placed.get(n, "") for n in range(len(columns))]
        yield top, bottom, trimmed(texts)


def _with_gaps(page: int, placed: list[Placed]) -> Iterator[Line]:
    """Number a page's lines; a gap between two of them and the end of the page are blank."""
    end: float | None = None
    for number, (top, bottom, cells) in enumerate(placed, start=1):
        if end is not None and top - end > _BLANK_LINE * min(bottom - top, 12):
            yield Line(f"{page}:{number}", ())
        yield Line(f"{page}:{number}", cells)
        end = bottom
    yield Line(f"{page}:end", ())
