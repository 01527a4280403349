"""A Word document to lines: its paragraphs, and the rows of its tables by their cells."""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from kinerja.core.errors import BadInputError

from .lines import RAISED, RAISED_SIGN, Line, line_of, tidy, trimmed

_REVISIONS = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")


def read_document(data: bytes) -> tuple[list[Line], list[str]]:
    """The lines of the body in order (the source is its number), and what was not read.

    A merged cell is printed in its first place. Raises BadInputError where changes are tracked, a
    cell holds a table, or text is hidden or stands in a box: it cannot be told what is printed.
    """
    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    for names, what in (
        (_REVISIONS, "tracked changes; accept or reject them, and save it again."),
        (("w:txbxContent",), "text in a box; move it into the page, and save it again."),
        (("w:vanish",), "hidden text; show or delete it, and save it again."),
        (("w:sdtContent",), "content controls; turn them into plain text, and save it again."),
    ):
        if any(next(body.iter(qn(name)), None) is not None for name in names):
            raise BadInputError(f"it holds {what}")
    lines: list[Line] = []
    for block in document.iter_inner_content():
        rows = _rows(block) if isinstance(block, Table) else _paragraph(block)
        lines += [
            Line(str(n), row.cells, row.is_loose) for n, row in enumerate(rows, len(lines) + 1)
        ]
    pictures = len(document.inline_shapes)
    told = f"{pictures} pictures were not read; a table in one has to go through OCR first"
    return lines, [told] if pictures else []


def _paragraph(paragraph: Paragraph) -> Iterator[Line]:
    for text in _text(paragraph).split("\n"):
        yield line_of("", text)


def _rows(table: Table) -> Iterator[Line]:
    yield Line("", ())
    seen: set[Any] = set()
    for row in table.rows:
        cells = [""] * row.grid_cols_before
        for cell in row.cells:
            if cell.tables:
                raise BadInputError("a cell of a table holds another table; take it out.")
            is_first = cell._tc not in seen
            seen.add(cell._tc)
            text = " ".join(map(_text, cell.paragraphs)) if is_first else ""
            cells.append(tidy(text))
        yield Line("", trimmed(cells))
    yield Line("", ())


def _text(paragraph: Paragraph) -> str:
    """The text of a paragraph, what is raised as raised signs."""
    if next(paragraph._p.iter(qn("w:vertAlign")), None) is None:
        return paragraph.text
    return "".join(
        _raised(run.text) if run.font.superscript else run.text for run in _runs(paragraph)
    )


def _runs(paragraph: Paragraph) -> Iterator[Any]:
    for inner in paragraph.iter_inner_content():
        yield from getattr(inner, "runs", [inner])


def _raised(text: str) -> str:
    return "".join(
        RAISED[int(sign)] if sign in "0123456789" else RAISED_SIGN for sign in text.strip()
    )
