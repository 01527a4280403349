"""Numbered notes of letters and forms: to coded topics, never to sentences.

They stand in one of two ways, as their declaration says: as items under the heading of a section,
or running on after a label.
"""

import re
from collections.abc import Iterable, Sequence

from kinerja.instruments.declarations import Part, Table

from .account import Account
from .lines import Line, filled, prose
from .topics import REACH, UNCLASSIFIED, classify

_NUMBERED = re.compile(r"(?:^|[;.,]\s*|\s)(\d{1,2})[.)]\s+(?=\D)")
_NEXT_PLAN = re.compile(r"[,;]\s+(?=Me[a-z]+\b)")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_NOTE_NUMBER = re.compile(r"\d{1,2}[.)]")
_LABEL_CELLS = 3
"""A note that runs on opens with its label, its number and its text in at most so many cells."""


def read_paragraphs(
    lines: Sequence[Line], table: Table, parts: Iterable[Part], out: Account
) -> None:
    """Read notes that run on after their label, to a blank line or the next label."""
    parts = [part for part in parts if part.item is None]
    found: list[tuple[Part, Line, list[str]]] = []
    going = False
    for index, line in enumerate(lines):
        text = prose(line) if filled(line.cells) <= _LABEL_CELLS else ""
        opening = next(((p, m) for p in parts if (m := _opens(p, text))), None)
        if opening:
            found.append((opening[0], line, [opening[1]["note"]]))
            going = True
        elif not _goes_on(line.cells):
            going = False
        elif going:
            found[-1][2].append(text)
        if going:
            out.tell(index, line)
    for part, line, texts in found:
        for number, note in split_notes(" ".join(texts).strip()):
            if _HAS_LETTER.search(note):
                _add(table, part, line, {"note_no": number}, note, out)


def read_sections(lines: Sequence[Line], table: Table, parts: Iterable[Part], out: Account) -> None:
    """Read notes that are items of a section; lines that follow belong to the note above."""
    parts = [part for part in parts if part.item is not None]
    now: Part | None = None
    letter = ""
    notes: list[tuple[Part, Line, dict[str, str], list[str]]] = []
    for index, line in enumerate(lines):
        text = prose(line)
        if not text or index in out.seen:
            continue
        section = next((part for part in parts if _opens(part, text)), None)
        by = now.by.fullmatch(text) if now and now.by else None
        item = now.item.fullmatch(text) if now and now.item else None
        if section:
            now, letter = section, ""
        elif by:
            letter = chr(ord("a") + int(by[1]) - 1)
        elif now and item and (letter or not now.by):
            notes.append((now, line, {"note_no": item[1], "letter": letter}, [item[2]]))
        elif notes and notes[-1][0] is now and filled(line.cells) == 1:
            notes[-1][3].append(text)
        else:
            continue
        out.tell(index, line)
    for part, line, cells, texts in notes:
        _add(table, part, line, cells, " ".join(texts), out)


def _opens(part: Part, text: str) -> re.Match[str] | None:
    return part.heading.fullmatch(text) if part.heading else None


def _goes_on(cells: Sequence[str]) -> bool:
    """Whether a line may continue notes: text alone, or a note's number and text in cells that
    leave the label's place empty."""
    printed = [cell for cell in cells if cell]
    if len(printed) == 2 and not cells[0]:
        return _NOTE_NUMBER.fullmatch(printed[0]) is not None
    return len(printed) == 1


def _add(
    table: Table, part: Part, line: Line, cells: dict[str, str], text: str, out: Account
) -> None:
    """Store a note under its topic; report it if that is unknown.

    Items of sections are about components, what runs on is not.
    """
    topic = classify(text, out.topics, component=part.item is not None)
    if topic is None:
        printed = f"{cells['note_no']} {text[:REACH]}"
        out.find("unclassified_note", part.table_id, line.source, printed)
    same = (row for row in out.rows.get(table.name, ()) if row.table_id == part.table_id)
    row = {"row_no": str(1 + sum(1 for _ in same)), "topic_code": topic or UNCLASSIFIED}
    out.add(table, part.table_id, line.source, {**row, **cells})


def split_notes(text: str) -> list[tuple[str, str]]:
    """Part a paragraph of notes into (number, note); unnumbered ones are counted.

    Numbered notes must run 1, 2, 3 …; otherwise figures inside a sentence would split it.
    """
    marks: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == len(marks) + 1:
            marks.append(match)
    if marks:
        ends = [match.start() for match in marks[1:]] + [len(text)]
        return [
            (match[1], text[match.end() : end].strip())
            for match, end in zip(marks, ends, strict=True)
        ]
    parts = [part.strip() for part in _NEXT_PLAN.split(text) if part.strip()]
    return [(str(number), part) for number, part in enumerate(parts, start=1)]
