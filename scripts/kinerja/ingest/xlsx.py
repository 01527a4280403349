"""Sheets to lines: each cell as its number format displays it, and nothing that is hidden."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from kinerja.core.errors import BadInputError

from .lines import MONTHS, Line, tidy, trimmed

SHEET = "Isian"
"""The sheet of a template that is filled in."""
EXAMPLE_SHEET = "Contoh"
"""The filled example beside it: shown to people, never read."""
CHOICES_SHEET = "Daftar"
"""The choices of a template's drop-downs."""

_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)/?>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'\b(r|min|max|hidden|width|ht)="([^"]*)"')
_NO_RESULT = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")(?=[^>]*\br="([A-Z]+\d+)")[^>]*(?<!/)>'
    rb"\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PIECES = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<digits>[0#?][0#?,.]*|\.[0#?]+)|(?P<general>General|@)"
    r"|(?P<other>.)",
    re.IGNORECASE,
)
_COLOURS = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+", re.IGNORECASE)
_INDONESIAN = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class _Format:
    """One section of a number format: its text, with one place where the number stands."""

    before: str = ""
    after: str = ""
    digits: str = "General"
    has_number: bool = True
    is_percent: bool = False


@dataclass
class _Hidden:
    """What of a sheet is not displayed, and the formulas that have no stored result."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    without_result: list[str] = field(default_factory=list)


def read_sheets(data: bytes) -> tuple[list[Line], list[str]]:
    """The rows of every visible sheet (the source is "sheet:row"), and what was not read.

    Raises BadInputError for a formula without a stored result, or a format that cannot be shown.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    titles = [sheet.title for sheet in book.worksheets]
    beside = {EXAMPLE_SHEET, CHOICES_SHEET} if SHEET in titles else set()
    lines: list[Line] = []
    unread = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for sheet in book.worksheets:
            title = sheet.title
            if sheet.sheet_state != "visible":
                unread += [] if title in beside else [f"the hidden sheet {title} was not read"]
            elif title in beside:
                unread.append(f"the sheet {title} of the template was not read")
            else:
                hidden = _hidden(archive.read(sheet._worksheet_path))
                if hidden.without_result:
                    raise BadInputError(
                        f"sheet {title}, cell {hidden.without_result[0]}: a formula without a "
                        "stored result; open the workbook, let it calculate, and save it again."
                    )
                unread += _told(title, hidden)
                sheet.reset_dimensions()
                lines += _sheet_lines(sheet, hidden)
    return lines, unread


def _hidden(part: bytes) -> _Hidden:
    """What the part of a sheet says of rows, columns and formulas."""
    found = _Hidden()
    for tag in _COLUMN.finditer(part):
        is_hidden, told = _is_hidden(tag[1])
        if is_hidden:
            found.columns.update(range(int(told[b"min"]), int(told[b"max"]) + 1))
    if b"hidden=" in part or b'ht="0"' in part:
        for tag in _ROW.finditer(part):
            is_hidden, told = _is_hidden(tag[1])
            if is_hidden and b"r" in told:
                found.rows.add(int(told[b"r"]))
    if b"<f" in part or b":f" in part:
        found.without_result = [match[1].decode() for match in _NO_RESULT.finditer(part)]
    return found


def _is_hidden(attributes: bytes) -> tuple[bool, dict[bytes, bytes]]:
    told = dict(_ATTRIBUTE.findall(attributes))
    is_flat = any(told.get(size) in (b"0", b"0.0") for size in (b"width", b"ht"))
    return told.get(b"hidden") in (b"1", b"true") or is_flat, told


def _told(title: str, hidden: _Hidden) -> Iterator[str]:
    # The columns to the right of a sheet are often hidden altogether; the last one is XFD.
    names = [get_column_letter(n) for n in sorted(hidden.columns)]
    for what, places in (("column", names), ("row", sorted(hidden.rows))):
        if places:
            listed = ", ".join(map(str, places[:6])) + (" …" if len(places) > 6 else "")
            yield f"sheet {title}: hidden {what} {listed} was not read"


def _sheet_lines(sheet: Any, hidden: _Hidden) -> Iterator[Line]:
    blank = False
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number in hidden.rows:
            continue
        if hidden.columns:
            row = [c for at, c in enumerate(row, start=1) if at not in hidden.columns]
        try:
            cells = trimmed([printed(cell.value, cell.number_format) for cell in row])
        except ValueError as error:
            raise BadInputError(f"sheet {sheet.title}, row {number}: {error}") from None
        if cells or not blank:
            yield Line(f"{sheet.title}:{number}", cells)
        blank = not cells
    yield Line(f"{sheet.title}:end", ())


def printed(value: object, number_format: str | None) -> str:
    """A cell's value as it is displayed, in Indonesian ("1.234,50", "12,5%", "3 Mei 2024")."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        # Fifteen digits are what a spreadsheet keeps; beyond them stands the noise of doubles.
        exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
        return printed_number(exact, number_format or "General")
    if isinstance(value, datetime.date):
        return f"{value.day} {MONTHS[value.month - 1].capitalize()} {value.year}"
    return tidy(str(value))


def printed_number(value: Decimal, number_format: str) -> str:
    """A number as its format displays it: rounded half-up, with its signs and words.

    Raises ValueError for a format that scales or shows fractions, powers or conditions.
    """
    sections = _sections(number_format)
    section, is_signed = sections[0], value < 0
    if value < 0 and len(sections) > 1:
        section, is_signed = sections[1], False
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    number = ""
    if section.has_number:
        number = _digits(abs(value) * (100 if section.is_percent else 1), section.digits)
    return tidy(f"{'-' if is_signed else ''}{section.before}{number}{section.after}")


def _digits(value: Decimal, shown: str) -> str:
    if shown == "General":
        if value != int(value):
            value = Decimal(f"{value:.10g}")
        return f"{value.normalize():f}".translate(_INDONESIAN)
    whole, _, decimals = shown.partition(".")
    value = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{value:,f}" if "," in whole else f"{value:f}"
    optional = len(decimals) - len(decimals.rstrip("#"))
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    first, point, rest = text.removesuffix(".").partition(".")
    return (first.zfill(whole.count("0")) + point + rest).translate(_INDONESIAN)


@cache
def _sections(number_format: str) -> tuple[_Format, ...]:
    """The sections of a number format: for all or positive numbers, negative ones, zero."""
    sections, parts = [], [""]
    digits, percent = "", False
    for piece in _PIECES.finditer(number_format + ";"):
        kind, text = piece.lastgroup, piece[piece.lastgroup] if piece.lastgroup else ""
        if kind == "other" and text == ";":
            before, after = parts[0], "".join(parts[1:])
            sections.append(_Format(before, after, digits, bool(digits), percent))
            parts, digits, percent = [""], "", False
        elif kind in ("digits", "general"):
            is_scaled = kind == "digits" and text.partition(".")[0].endswith(",")
            if digits or is_scaled or text.endswith(","):
                raise _unshown(number_format)
            digits = text if kind == "digits" else "General"
            parts.append("")
        elif kind in ("bracket", "other") and not _is_plain(kind, text):
            raise _unshown(number_format)
        elif kind == "space":
            parts[-1] += " "
        elif kind and kind != "bracket":
            parts[-1] += text
            percent = percent or (kind == "other" and text == "%")
    return tuple(sections)


def _is_plain(kind: str, text: str) -> bool:
    """Whether it is a colour, or no sign of a power or a fraction."""
    return _COLOURS.fullmatch(text) is not None if kind == "bracket" else text not in "Ee/"


def _unshown(number_format: str) -> ValueError:
    return ValueError(
        f"a number with the format {number_format}, which may hide digits; "
        "give the cell a plain number format."
    )
