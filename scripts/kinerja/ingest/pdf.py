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
from .lines import RAISED, RAISED_SIGN, Line, tidy, trimmed

_CELL_GAP = 1.0
"""A gap this many times the height of the letters parts two cells of an unruled table."""
_BLANK_LINE = 1.6
"""Text this many heights below the last stands for a blank line in between."""

_RULES = {"snap_tolerance": 1}
"""Tables on one page have rulings a few points apart; a wider snap would bend one to another."""

_RAISED_SIZE, _RAISED_BY = 0.85, 0.12
"""A mark is smaller than the sign before it, and stands so much of its height above its foot."""
_PICTURE = 0.15
"""From this share of a page on, a picture may be a table."""

Placed = tuple[float, float, tuple[str, ...], bool]
"""Top, bottom (in points from the top of the page) and cells of one printed line; whether only
gaps part them."""

Loose = tuple[float, float, list[tuple[float, float, str]]]
"""Top, bottom, and for each cell its left, its right and its text."""


def read_pdf(path: Path, data: bytes, is_heading: IsHeading, on_page: OnPage) -> Reading:
    """Read every page; raise BadInputError for an encrypted, damaged or scanned file.

    `is_heading` knows the headings of printed tables: in a table without rulings, cells below
    them are told to the columns by where they stand.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    lines: list[Line] = []
    unread: list[str] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for number, page in enumerate(document.pages, start=1):
                on_page(number, len(document.pages))
                _mark_raised(page.chars)
                placed = _page_lines(page, is_heading)
                if not placed:
                    unread.append(f"page {number} has no text")
                elif _picture_share(page) > _PICTURE:
                    unread.append(
                        f"page {number} has a large picture; if it is a table (a scan), run the "
                        "file through OCR first"
                    )
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
    return Reading(lines, [f"{path}: {words}" for words in unread])


def _picture_share(page: Any) -> float:
    """How much of a page its pictures cover."""
    area = sum(
        (image["x1"] - image["x0"]) * (image["bottom"] - image["top"]) for image in page.images
    )
    return float(area / (page.width * page.height))


def _mark_raised(signs: list[dict[str, Any]]) -> None:
    """Turn signs that are raised after a larger one into raised signs on its line, in place."""
    sizes = {round(sign["size"], 1) for sign in signs}
    if len(sizes) < 2:
        return
    large = [sign for sign in signs if sign["size"] * _RAISED_SIZE > min(sizes)]
    by_end: dict[int, list[dict[str, Any]]] = {}
    for sign in large:
        by_end.setdefault(int(sign["x1"] // 8), []).append(sign)
    for sign in sorted(signs, key=lambda sign: sign["x0"]):
        at = int(sign["x0"] // 8)
        for before in (one for n in (at - 1, at) for one in by_end.get(n, ())):
            if _is_raised(sign, before):
                text = sign["text"]
                sign["text"] = RAISED[int(text)] if text in "0123456789" else RAISED_SIGN
                same = ("top", "bottom", "doctop", "y0", "y1", "size")
                sign |= {name: before[name] for name in same}
                by_end.setdefault(int(sign["x1"] // 8), []).append(sign)
                break


def _is_raised(sign: dict[str, Any], before: dict[str, Any]) -> bool:
    size = before["size"]
    return bool(
        sign["size"] < _RAISED_SIZE * size
        and sign["text"].strip()
        and -0.1 * size < sign["x0"] - before["x1"] < 0.35 * size
        and before["bottom"] - sign["bottom"] > _RAISED_BY * size
        and sign["bottom"] > before["top"]
    )


def _page_lines(page: Any, is_heading: IsHeading) -> list[Placed]:
    ruled = page.find_tables(_RULES) if page.lines or page.rects or page.curves else []
    # A frame around text or around the page has one cell to a row; what is in it is read as text.
    tables = [t for t in ruled if any(sum(map(bool, row.cells)) > 1 for row in t.rows)]
    placed: list[Placed] = []
    for table in tables:
        for row, texts in zip(table.rows, table.extract(), strict=True):
            cells = trimmed([tidy(text or "") for text in texts])
            placed.append((row.bbox[1], row.bbox[3], cells, False))
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
    """Put the cells of each line into the columns of the headings above, where they stand.

    A cell is in a column if it stands below its heading, or in line with it in a row that has all
    cells, and with no other. A line with a cell of which that cannot be said has gaps alone.
    """
    block: list[Loose] = []
    columns: list[tuple[float, float]] = []
    for line in lines:
        if is_heading([tidy(text) for _, _, text in line[2]]):
            yield from _block_in_columns(block, columns)
            block, columns = [], [(left, right) for left, right, _ in line[2]]
        block.append(line)
    yield from _block_in_columns(block, columns)


def _block_in_columns(block: list[Loose], columns: list[tuple[float, float]]) -> Iterator[Placed]:
    """The lines below the same headings, these first."""
    wide = list(columns)
    for _, _, cells in block:
        if len(cells) == len(columns):
            ends = [(left, right) for left, right, _ in cells]
            wide = [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(wide, ends, strict=True)]
    if any(left[1] > right[0] for left, right in pairwise(wide)):
        wide = columns
    for number, (top, bottom, cells) in enumerate(block):
        texts = [tidy(text) for _, _, text in cells]
        if columns and not number:
            # A blank heading between others leaves no trace.
            yield top, bottom, trimmed(texts), len(texts) > 1
            continue
        at = [_column(left, right, wide) for left, right, _ in cells]
        if len(cells) < 2:
            yield top, bottom, trimmed(texts), False
        elif columns and None not in at and all(a < b for a, b in pairwise(at)):  # type: ignore[operator]
            placed = dict(zip(at, texts, strict=True))
            yield top, bottom, trimmed([placed.get(n, "") for n in range(len(columns))]), False
        else:
            yield top, bottom, trimmed(texts), True


def _column(left: float, right: float, columns: list[tuple[float, float]]) -> int | None:
    """The one column that a cell stands in; None if there is none, or more."""
    found = [n for n, (start, end) in enumerate(columns) if left < end and start < right]
    return found[0] if len(found) == 1 else None


def _with_gaps(page: int, placed: list[Placed]) -> Iterator[Line]:
    """Number a page's lines; a gap between two of them and the end of the page are blank."""
    end: float | None = None
    for number, (top, bottom, cells, is_loose) in enumerate(placed, start=1):
        if end is not None and top - end > _BLANK_LINE * min(bottom - top, 12):
            yield Line(f"{page}:{number}", ())
        yield Line(f"{page}:{number}", cells, is_loose)
        end = bottom
    yield Line(f"{page}:end", ())
