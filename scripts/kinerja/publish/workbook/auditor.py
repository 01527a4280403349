"""The auditor's sheet: choose a region, and formulas recompute its final from its scores.

A block per evaluation: a drop-down, a line per score, and four closing lines with the verdict.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kinerja.core.database import Row

from .cells import VERDICTS, Formula, Sheet, fit, half_up, write_cell
from .weights import DIMENSIONS

UNITS = ("Dinas sosial", "RSUD", "Samsat (provinsi) / Disdukcapil (kabupaten, kota)")

# (sheet, formats, source, first line) → the line behind the block
_Block = Callable[[Worksheet, dict[str, Format], Sheet, int], int]


def fill(
    sheet: Worksheet,
    book: Workbook,
    formats: dict[str, Format],
    smart_city: Sheet,
    public_service: Sheet,
    accountability: Sheet,
    weights: Sheet,
) -> None:
    """Three blocks, each with a drop-down: choose, look up, multiply, add, round, compare."""
    lists = book.add_worksheet("Daftar")
    lists.hide()
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, 3, 18)
    sheet.write_string(0, 0, "Lembar pemeriksa / auditor's sheet", formats["title"])
    sheet.write_string(
        1,
        0,
        "Pilih di sel kuning; semua angka lain adalah rumus. / Choose in a yellow cell; every "
        "other figure is a formula.",
        formats["note"],
    )
    fit(sheet)
    sheet.fit_to_pages(1, 1)
    line = 3
    blocks: tuple[tuple[Sheet, _Block], ...] = (
        (smart_city, partial(_smart_city_block, weights=weights)),
        (public_service, _public_service_block),
        (accountability, _accountability_block),
    )
    for index, (source, block) in enumerate(blocks):
        choices = sorted({str(row[0]) for row in source.rows})
        if not choices:
            continue
        for number, choice in enumerate(choices):
            lists.write_string(number, index, choice)
        letter = "ABC"[index]
        sheet.data_validation(
            line + 1,
            1,
            line + 1,
            1,
            {
                "validate": "list",
                "source": f"=Daftar!${letter}$1:${letter}${len(choices)}",
                "error_title": "Kinerja",
                "error_message": "Pilih dari daftar. / Choose from the list.",
            },
        )
        line = block(sheet, formats, source, line)


def _smart_city_block(
    sheet: Worksheet, formats: dict[str, Format], source: Sheet, line: int, weights: Sheet
) -> int:
    row = _preferred(source, slice(6, 11))
    values: dict[int, Any] = dict(enumerate(row or [None] * 16))
    by_edition = {weight[0]: weight[1:] for weight in weights.rows}
    own: Sequence[Any] = by_edition.get(values[1], [None] * 5)
    _begin(
        sheet,
        formats,
        "Smart City",
        line,
        values[0],
        ("Dimensi / dimension", "Bobot / weight", "Nilai / score", "Bobot × nilai"),
    )
    choice, first = f"$B${line + 2}", line + 4
    edition = _lookup(source, "B", choice)
    for index, name in enumerate(DIMENSIONS):
        at, here = line + 3 + index, line + 4 + index
        sheet.write_string(at, 0, name.replace("_", " ").title())
        weight = (
            f"=INDEX({weights.column('BCDEF'[index])},MATCH({edition},{weights.column('A')},0))"
        )
        cell = _lookup(source, "GHIJK"[index], choice)
        score, share = values[6 + index], own[index]
        write_cell(sheet, at, 1, Formula(weight, share), formats["weight"])
        product = None if score is None or share is None else score * share
        times = Formula(f"ROUND(B{here}*C{here}*10000,0)/10000", product)
        _score(sheet, formats, at, Formula(cell, score), times, "product")
    last = first + 4
    return _end(
        sheet,
        formats,
        last,
        exact=f'=IF(COUNT(D{first}:D{last})=5,ROUND(SUM(D{first}:D{last})*10000,0)/10000,"")',
        exact_value=values[12],
        published=_lookup(source, "L", choice),
        published_value=values[11],
        verdict=VERDICTS.get(str(values[13])),
    )


def _public_service_block(
    sheet: Worksheet, formats: dict[str, Format], source: Sheet, line: int
) -> int:
    row = _preferred(source, slice(7, 10))
    values: dict[int, Any] = dict(enumerate(row or [None] * 15))
    _begin(
        sheet,
        formats,
        "Indeks pelayanan publik / public service index",
        line,
        values[0],
        ("Unit", "", "Nilai / score", "Perseratus"),
    )
    choice, first = f"$B${line + 2}", line + 4
    for index, name in enumerate(UNITS):
        at, here = line + 3 + index, line + 4 + index
        sheet.write_string(at, 0, name)
        cell = _lookup(source, "HIJ"[index], choice)
        score = values[7 + index]
        hundredths = Formula(f"ROUND(C{here}*100,0)", None if score is None else 100 * score)
        _score(sheet, formats, at, Formula(cell, score), hundredths, "count")
    last = first + 2
    return _end(
        sheet,
        formats,
        last,
        exact=f'=IF(COUNT(D{first}:D{last})=0,"",SUM(D{first}:D{last})/COUNT(D{first}:D{last})/100)',
        exact_value=values[11],
        published=_lookup(source, "K", choice),
        published_value=values[10],
        verdict=VERDICTS.get(str(values[12])),
    )


def _accountability_block(
    sheet: Worksheet, formats: dict[str, Format], source: Sheet, line: int
) -> int:
    row = _preferred(source, slice(6, 7))
    own = [found for found in source.rows if row is not None and found[0] == row[0]]
    _begin(
        sheet,
        formats,
        "Akuntabilitas kinerja / performance accountability",
        line,
        row[0] if row else "",
        ("Komponen / component", "", "Nilai / score", "Perseratus"),
    )
    choice, first = f"$B${line + 2}", line + 4
    # The components of a region stand below each other: the first is looked up, the rest follow.
    count = len(own)
    match = f"MATCH({choice},{source.column('A')},0)"
    for index, found in enumerate(own):
        at, here = line + 3 + index, line + 4 + index
        name = f"INDEX({source.column('D')},{match}+{index})"
        score = f"INDEX({source.column('G')},{match}+{index})"
        value: Any = found[6]
        write_cell(sheet, at, 0, Formula(f"={name}", found[3]), formats["text"])
        write_cell(sheet, at, 2, Formula(f"={score}", value), formats["score"])
        write_cell(sheet, at, 3, Formula(f"=ROUND(C{here}*100,0)", 100 * value), formats["count"])
    last = first + count - 1
    total: Any = own[0][7] if own else None
    summed = sum((Decimal(str(found[6])) for found in own), Decimal(0))
    return _end(
        sheet,
        formats,
        last,
        exact=f"=SUM(D{first}:D{last})/100",
        exact_value=summed,
        published=_lookup(source, "H", choice),
        published_value=total,
        verdict=VERDICTS["exact"] if half_up(summed) == total else None,
    )


def _preferred(sheet: Sheet, needed: slice) -> Row | None:
    """The row that the auditor's sheet opens with: Kota Jambi where it is, else the first whole."""
    whole = [row for row in sheet.rows if any(value is not None for value in row[needed])]
    jambi = [row for row in whole if str(row[0]).startswith("Kota Jambi ")]
    return next(iter(jambi or whole), None)


def _begin(
    sheet: Worksheet,
    formats: dict[str, Format],
    title: str,
    line: int,
    choice: object,
    headings: Sequence[str],
) -> None:
    sheet.write_string(line, 0, title, formats["label"])
    sheet.write_string(line + 1, 0, "Pilih daerah / choose a region", formats["text"])
    sheet.write_string(line + 1, 1, str(choice), formats["choose"])
    for index, heading in enumerate(headings):
        sheet.write_string(line + 2, index, heading, formats["head"])


def _score(
    sheet: Worksheet,
    formats: dict[str, Format],
    line: int,
    score: Formula,
    product: Formula,
    kind: str,
) -> None:
    """A score that is looked up and what enters the sum; a score that is not there stays empty."""
    looked_up = Formula(f'=IF({score.text}="","",{score.text})', score.value)
    write_cell(sheet, line, 2, looked_up, formats["score"])
    product = Formula(f'=IF(C{line + 1}="","",{product.text})', product.value)
    write_cell(sheet, line, 3, product, formats[kind])


def _lookup(source: Sheet, letter: str, choice: str) -> str:
    return f"INDEX({source.column(letter)},MATCH({choice},{source.column('A')},0))"


def _end(
    sheet: Worksheet,
    formats: dict[str, Format],
    last: int,
    *,
    exact: str,
    exact_value: Any,
    published: str,
    published_value: Any,
    verdict: str | None,
) -> int:
    """The four closing lines of a block; gives the line where the next block begins."""
    exact_at, rounded_at, published_at = (f"D{last + number}" for number in (1, 2, 3))
    sheet.write_string(last, 0, "Hitung ulang / recomputed", formats["total_text"])
    write_cell(sheet, last, 3, Formula(exact, exact_value), formats["product"])
    sheet.write_string(last + 1, 0, "Dibulatkan / rounded half up", formats["total_text"])
    # Hundredths of hundredths are whole before they are halved: a tie is a tie.
    rounded = f'=IF({exact_at}="","",ROUND(ROUND({exact_at}*10000,4)/100,0)/100)'
    write_cell(sheet, last + 1, 3, Formula(rounded, half_up(exact_value)), formats["total"])
    sheet.write_string(last + 2, 0, "Terbitan / published", formats["total_text"])
    write_cell(
        sheet,
        last + 2,
        3,
        Formula(f'=IF({published}="","",{published})', published_value),
        formats["total"],
    )
    _verdict(sheet, formats, last + 3, exact_at, rounded_at, published_at, verdict)
    return last + 5


def _verdict(
    sheet: Worksheet,
    formats: dict[str, Format],
    line: int,
    exact: str,
    rounded: str,
    published: str,
    result: object,
) -> None:
    """The verdict of the method, in whole units of the exact figure, so that nothing is binary."""
    texts = [VERDICTS[name] for name in ("exact", "within_rounding", "outside")]
    sheet.write_string(line, 0, "Putusan / verdict", formats["total_text"])
    sheet.write_formula(
        line,
        3,
        f'=IF({published}="","",IF(ROUND(({rounded}-{published})*100,0)=0,"{texts[0]}",'
        f'IF(ROUND(ABS({exact}-{published})*10000,2)<=100,"{texts[1]}","{texts[2]}")))',
        formats["total_text"],
        str(result or ""),
    )
    for text, style in ((texts[0], "good"), (texts[2], "bad")):
        sheet.conditional_format(
            line,
            3,
            line,
            3,
            {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": formats[style]},
        )
