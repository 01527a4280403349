"""The smart city letter: invitations, results, and the wide table cut into page blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .layouts import ADDRESSEE, SCORE, SMART_CITY_DETAIL_NAME, SMART_CITY_RESULTS
from .lines import Line, filled
from .outcome import Outcome
from .tables import (
    ROW_NUMBER,
    NumberedTable,
    first_filled,
    is_strange_heading,
    match_header,
)

_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass
class Block:
    """A page block: where its number column stands, its heading lines, its rows."""

    at: int
    headings: list[Line] = field(default_factory=list)
    rows: list[tuple[int, int, Line, str, list[str]]] = field(default_factory=list)


def read(lines: Sequence[Line], out: Outcome) -> None:
    """Read the three tables into `out`."""
    results = NumberedTable("results", SMART_CITY_RESULTS, out)
    blocks: list[Block] = []
    invitations: dict[int, tuple[int, str, str]] = {}
    now = "invitations"
    for index, line in enumerate(lines):
        cells = line.cells
        if not cells:
            continue
        if is_detail_header(cells):
            now = "details"
            out.header(index, line)
            blocks.append(Block(first_filled(cells), [line]))
            continue
        header = match_header(cells, SMART_CITY_RESULTS, least=5)
        if header is not None and "region_name" in header.positions:
            now = "results"
            results.open_page(index, line, header)
        elif now == "details":
            _detail_line(index, line, blocks, out)
        elif now == "results":
            if not results.take(index, line) and is_strange_heading(cells):
                now = "unknown"
        elif now == "invitations":
            _invite(index, line, invitations, out)
    _write_invitations(invitations, out)
    for number, row in results.finish():
        fields = (row.values[column.field] for column in SMART_CITY_RESULTS[2:])
        out.add(
            "smart_city__results",
            ("results", str(number), row.line.source, row.name, *fields),
        )
    _write_blocks([block for block in blocks if block.rows or block.headings], out)


def is_detail_header(cells: Sequence[str]) -> bool:
    """A page block of the wide table begins with the number's and the name's heading."""
    at = first_filled(cells)
    return (
        len(cells) > at + 1
        and cells[at].rstrip(".").lower() == "no"
        and SMART_CITY_DETAIL_NAME.fullmatch(cells[at + 1]) is not None
    )


def _invite(index: int, line: Line, found: dict[int, tuple[int, str, str]], out: Outcome) -> None:
    """Take a line of numbered addressees, in one or more columns; the last may be blank."""
    cells = list(line.cells)
    if len(cells) % 2:
        cells.append("")
    pairs = list(zip(cells[::2], cells[1::2], strict=True))
    numbers = [ROW_NUMBER.fullmatch(number) for number, _ in pairs]
    named = all(numbers) and any(ADDRESSEE.fullmatch(name) for _, name in pairs)
    # A number alone may follow the list: an entry that was left blank.
    left_blank = found and len(pairs) == 1 and numbers[0] and not pairs[0][1]
    if not (named or left_blank):
        return
    if any(name and not _LETTERS.search(name) for _, name in pairs):
        return
    out.seen.add(index)
    for match, (_, name) in zip(numbers, pairs, strict=True):
        assert match is not None
        number = int(match[1])
        if number not in found:
            found[number] = (index, line.source, name)
        elif found[number][2] == name:
            out.find("repeated_row", "invitations", line.source, f"{number} {name}")
        else:
            out.find("number_clash", "invitations", line.source, f"{number} {name}")
            found[max(found) + 1] = (index, line.source, name)


def _write_invitations(found: dict[int, tuple[int, str, str]], out: Outcome) -> None:
    for number, (_, source, name) in sorted(found.items()):
        out.name(name, source)
        out.add("smart_city__invitations", ("invitations", str(number), source, name))
    if found:
        places = [index for index, _, _ in found.values()]
        out.spans.append((min(places), max(places)))


def _detail_line(index: int, line: Line, blocks: list[Block], out: Outcome) -> None:
    """Take a line under the headings of a page block: more headings, a row, or part of one."""
    cells, block = line.cells, blocks[-1]
    at = first_filled(cells)
    number = ROW_NUMBER.fullmatch(cells[at])
    if number is None:
        if not block.rows and at > block.at + 1 and filled(cells) > 0:
            out.header(index, line)
            block.headings.append(line)
        elif block.rows and filled(cells) == 1:
            _rest_of_name(index, line, block, out)
        return
    if len(cells) < at + 3 or not _LETTERS.search(cells[at + 1]):
        return
    if block.rows and int(number[1]) <= block.rows[-1][1]:
        out.find("no_header", "details", line.source, cells[at + 1])
        block = Block(at)
        blocks.append(block)
    if at != block.at:
        out.find("shifted", "details", line.source, f"{at - block.at:+d}")
    out.seen.add(index)
    block.rows.append((index, int(number[1]), line, cells[at + 1], list(cells[at + 2 :])))


def _rest_of_name(index: int, line: Line, block: Block, out: Outcome) -> None:
    text = line.cells[-1]
    place, number, first, name, values = block.rows[-1]
    joined = f"{name} {text}"
    if out.resolve(joined) is None:
        return
    out.seen.add(index)
    if out.resolve(name) is not None:
        out.find("unclear_name", "details", line.source, f"{name} | {text}")
        return
    out.find("joined_name", "details", line.source, joined)
    block.rows[-1] = (place, number, first, joined, values)


def _write_blocks(blocks: list[Block], out: Outcome) -> None:
    for block_no, block in enumerate(blocks, start=1):
        columns = [heading.cells[block.at + 2 :] for heading in block.headings]
        width = max((len(c) for c in (*columns, *(row[4] for row in block.rows))), default=0)
        source = block.headings[0].source if block.headings else block.rows[0][2].source
        for column_no in range(1, width + 1):
            cells = [c[column_no - 1] for c in columns if len(c) >= column_no]
            printed = [cell for cell in cells if cell]
            group, heading = " / ".join(printed[:-1]), printed[-1] if printed else ""
            out.add(
                "smart_city__detail_columns",
                (
                    "detail_columns",
                    str(block_no),
                    str(column_no),
                    source,
                    group,
                    heading,
                ),
            )
        for _, number, line, name, values in block.rows:
            _write_row(block_no, number, line, name, values, width, out)
        if block.rows:
            out.spans.append((block.rows[0][0], block.rows[-1][0]))


def _write_row(
    block_no: int,
    number: int,
    line: Line,
    name: str,
    values: list[str],
    width: int,
    out: Outcome,
) -> None:
    out.name(name, line.source)
    remark = sum(1 for value in values if value) == 1 and _LETTERS.search(values[0])
    blank = [str(n) for n in range(1, width + 1) if n > len(values) or not values[n - 1]]
    if blank and not remark:
        out.find(
            "missing_cells",
            "details",
            line.source,
            f"{name}: column {', '.join(blank)}",
        )
    for column_no, value in enumerate(values, start=1):
        if not value:
            continue
        if not SCORE.fullmatch(value):
            out.find("odd_cell", "details", line.source, f"column {column_no}: {value}")
        out.add(
            "smart_city__details",
            (
                "details",
                str(block_no),
                str(number),
                str(column_no),
                line.source,
                name,
                value,
            ),
        )
