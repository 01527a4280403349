"""Sheets to lines; numbers typed into cells come out as these documents print them."""

import datetime
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl

from .lines import MONTHS, Line, tidy, trimmed

EXAMPLE_SHEET = "Contoh"
"""The filled example of a template: shown to people, never read."""
CHOICES_SHEET = "Daftar"
"""The choices of a template's drop-downs."""

_DECIMALS = re.compile(r"0\.(0+)")


def read_sheets(data: bytes) -> tuple[list[Line], list[str]]:
    """The rows of every visible sheet (the source is "sheet:row"), and the hidden sheets' names.

    The sheets that a template brings along, its example and its choices, are neither.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    lines: list[Line] = []
    hidden = []
    for sheet in book.worksheets:
        if sheet.title in (EXAMPLE_SHEET, CHOICES_SHEET):
            continue
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        sheet.reset_dimensions()
        lines += _sheet_lines(sheet)
    return lines, hidden


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    blank = False
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = trimmed([printed(cell.value, cell.number_format) for cell in row])
        if cells or not blank:
            yield Line(f"{sheet.title}:{number}", cells)
        blank = not cells
    yield Line(f"{sheet.title}:end", ())


def printed(value: object, number_format: str | None) -> str:
    """A cell's value as it would be printed in Indonesian ("1.234,50", "12,5%", "3 Mei 2024")."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return printed_number(Decimal(repr(value)), number_format or "General")
    if isinstance(value, datetime.date):
        return f"{value.day} {MONTHS[value.month - 1].capitalize()} {value.year}"
    return tidy(str(value))


def printed_number(value: Decimal, number_format: str) -> str:
    """A number with the decimals, thousands and percent sign of its cell's format.

    Without a format it keeps the digits that were typed; nothing is rounded away silently, as
    decimals beyond the format are kept.
    """
    percent = "%" in number_format
    if percent:
        value *= 100
    shown = _DECIMALS.search(number_format)
    least = len(shown[1]) if shown else 0
    value = value.normalize()
    digits = max(least, -int(value.as_tuple().exponent), 0)
    text = f"{value:,.{digits}f}" if "#,##0" in number_format else f"{value:.{digits}f}"
    text = text.translate(str.maketrans(",.", ".,"))
    return f"{text}%" if percent else text
