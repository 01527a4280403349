"""The decision on the public service index: four lists of governments and the bands."""

from collections.abc import Sequence

from .layouts import PUBLIC_SERVICE_BANDS, PUBLIC_SERVICE_SCORES, PUBLIC_SERVICE_TABLES
from .lines import Line
from .outcome import Outcome
from .tables import Header, NumberedTable, is_strange_heading, match_header

_RANGE_SIGNS = ("-", "\N{EN DASH}", "\N{EM DASH}")


def read(lines: Sequence[Line], out: Outcome) -> None:
    """Read the lists A to D and the bands into `out`."""
    tables: dict[str, NumberedTable] = {}
    table: NumberedTable | None = None
    in_bands = False
    bands: list[tuple[int, Line]] = []
    for index, line in enumerate(lines):
        if len(line.cells) < 2:
            if line.cells and table is not None:
                table.take(index, line)
            continue
        header = match_header(line.cells, PUBLIC_SERVICE_SCORES, least=4)
        if header is not None and "region_name" in header.positions:
            in_bands = False
            table = _table(tables, line.cells, header, out)
            if table is not None:
                table.open_page(index, line, header)
        elif match_header(line.cells, PUBLIC_SERVICE_BANDS, least=2) and len(line.cells) == 2:
            table, in_bands = None, True
            out.header(index, line)
        elif in_bands:
            if _is_band(line.cells):
                out.seen.add(index)
                bands.append((index, line))
        elif table is not None and not table.take(index, line) and is_strange_heading(line.cells):
            table = None  # what follows belongs to a table that is not known
    for table_id, done in tables.items():
        for number, row in done.finish():
            fields = (row.values[column.field] for column in PUBLIC_SERVICE_SCORES[2:])
            out.add(
                "public_service__scores",
                (table_id, str(number), row.line.source, row.name, *fields),
            )
    for number, (_, line) in enumerate(bands, start=1):
        out.add("public_service__bands", ("bands", str(number), line.source, *line.cells))
    if bands:
        out.spans.append((bands[0][0], bands[-1][0]))


def _table(
    tables: dict[str, NumberedTable], cells: Sequence[str], header: Header, out: Outcome
) -> NumberedTable | None:
    """The list that a heading line belongs to; None if a blank heading leaves it open.

    The heading of the names says it. Where that is blank, the index's does for cities and
    regencies; that of provinces stands over the governments not evaluated as well.
    """
    words = cells[header.positions["region_name"]].lower().split()
    if not words and "index_score" in header.positions:
        words = cells[header.positions["index_score"]].lower().split()
        if words[1:] == ["provinsi"]:
            return None
    table_id = PUBLIC_SERVICE_TABLES.get(words[1]) if len(words) > 1 else None
    if table_id is None:
        return None
    if table_id not in tables:
        tables[table_id] = NumberedTable(table_id, PUBLIC_SERVICE_SCORES, out)
    return tables[table_id]


def _is_band(cells: tuple[str, ...]) -> bool:
    """A band is a range with a sign between its ends, and a short grade."""
    return len(cells) == 2 and cells[0][:1].isdigit() and any(s in cells[0] for s in _RANGE_SIGNS)
