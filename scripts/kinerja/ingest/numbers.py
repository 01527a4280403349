"""How a document writes its numbers, decided by all of them together.

A style is shown by an example: 1.234,5 as Indonesian documents write, 1,234.5, or either without
signs between thousands.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from kinerja.instruments.declarations import Column, Table

from .account import Account

USUAL = "1.234,5"
_MIRRORED = str.maketrans(".,", ",.")


def _told(decimal: str, thousands: str) -> re.Pattern[str]:
    """A line with a number that can only be read with this decimal sign."""
    grouped = rf"\d{{1,3}}(?:\{thousands}\d{{3}})+"
    sure = rf"(?:{grouped}|\d+)\{decimal}\d{{1,2}}|\d{{1,3}}(?:\{thousands}\d{{3}}){{2,}}"
    return re.compile(rf"^[^\d\n]*(?:{sure})(?!\d|[.,]\d)[^\n]*$", re.MULTILINE)


_COMMA, _POINT = _told(",", "."), _told(".", ",")
# Rupiah have no three decimals: what stands before three digits parts thousands.
_AMOUNT = {sign: re.compile(rf"^[^\d\n]*\d{{1,3}}\{sign}\d{{3}}(?!\d)", re.M) for sign in ".,"}
_GROUPED = re.compile(r"^[^\d\n]*\d{1,3}[.,]\d{3}(?!\d)", re.MULTILINE)
_BARE = re.compile(r"^[^\d\n]*\d{4,}", re.MULTILINE)
_LONG = re.compile(r"\d{4,}")
_NUMBER = re.compile(
    r"[-(]?(?:Rp\.? ?)?(?P<minus>-?)(?P<digits>\d[\d.,]*?)(?:,-+)?\)?(?: ?%| [A-Za-z].*)?", re.I
)
_TWOFOLD = re.compile(r"[^\d]*\d{1,3}[.,]\d{3}(?!\d|[.,]\d).*")


def value(text: str, style: str) -> Decimal | None:
    """The number that a cell begins with, in a style; None for words. Brackets are a minus."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    digits = (
        match["digits"]
        if style.endswith(",5") or not style
        else match["digits"].translate(_MIRRORED)
    )
    try:
        found = Decimal(digits.replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None
    return -found if match["minus"] or text.startswith(("-", "(")) else found


def settle(tables: Sequence[Table], out: Account) -> str:
    """The style of a document whose tables have been read; USUAL where nothing speaks for another.

    A number that both styles can read, where the document has both or neither, is a finding that
    stops; so is one of figures in a document with decimal points. Cells are then judged anew.
    """
    amounts = _text(tables, out, ("amount",))
    others = _text(tables, out, ("score", "weight", "score_or_grade", "figure", "percentage"))
    comma = len(_COMMA.findall(others)) + len(_COMMA.findall(amounts))
    point = len(_POINT.findall(others)) + len(_POINT.findall(amounts))
    comma += len(_AMOUNT["."].findall(amounts))
    point += len(_AMOUNT[","].findall(amounts))
    is_usual = comma >= point
    grouped, bare = len(_GROUPED.findall(amounts)), len(_BARE.findall(amounts))
    style = USUAL if is_usual else USUAL.translate(_MIRRORED)
    style = style.replace("1.", "1").replace("1,", "1") if bare > grouped else style
    if not is_usual or not comma or point:
        for table, column, source, text in _cells(tables, out, ("figure",)):
            if _TWOFOLD.fullmatch(text):
                out.find("two_readings", table.parts[0].table_id, source, f"{column.name}: {text}")
    if style != USUAL:
        _judge_anew(tables, out, is_usual=is_usual, is_bare=bare > grouped)
    return style


def _judge_anew(tables: Sequence[Table], out: Account, *, is_usual: bool, is_bare: bool) -> None:
    """What was odd in the usual style need not be in that of the document."""
    out.findings[:] = [finding for finding in out.findings if finding.kind != "odd_cell"]
    numbers = ("score", "weight", "score_or_grade", "figure", "percentage", "amount")
    for table, column, source, text in _cells(tables, out, numbers):
        usual = text if is_usual else text.translate(_MIRRORED)
        usual = _LONG.sub("999", usual) if is_bare else usual
        if text and not out.knows(column.cell, usual):
            out.find("odd_cell", table.parts[0].table_id, source, f"{column.name}: {text}")


def _cells(
    tables: Sequence[Table], out: Account, kinds: Sequence[str]
) -> Iterator[tuple[Table, Column, str, str]]:
    for table in tables:
        for column in table.holding(*kinds):
            for row in out.rows.get(table.name, ()):
                yield table, column, row.source, row.cells.get(column.name, "")


def _text(tables: Sequence[Table], out: Account, kinds: Sequence[str]) -> str:
    """The cells of those kinds, one to a line."""
    return "\n".join(
        row.cells.get(column.name, "")
        for table in tables
        for column in table.holding(*kinds)
        for row in out.rows.get(table.name, ())
    )
