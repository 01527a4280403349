"""Workbooks for agencies that hand in figures: the declared tables, drop-downs, an example.

Everything in them follows from the declarations and the reference seeds: headings and drop-downs
from the columns, example figures from the score tree (the same share of each scale, so that means,
weighted means and sums come out), grades from the bands. The figures are invented.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kinerja.core.errors import BadInputError
from kinerja.instruments import declarations, references, registry
from kinerja.instruments.checks import check
from kinerja.instruments.declarations import Column, Part, Table
from kinerja.instruments.headings import lead, plainest, written
from kinerja.instruments.references import Row
from kinerja.instruments.registry import Instrument

from .kinds import form
from .xlsx import CHOICES_SHEET, EXAMPLE_SHEET, printed_number

SHEET = "Isian"
_BLANK_ROWS = 40
"""Empty rows with drop-downs under each table; more can be added by copying one."""
_YEAR, _BEFORE = "2030", "2029"
_SHARE, _SHARE_BEFORE = Decimal("0.75"), Decimal("0.7")
"""How far up its scale each example score stands, and stood the year before."""
_TYPES = {"provinsi": "province", "kota": "city", "kabupaten": "regency"}
_HEADS = {"province": "Gubernur", "city": "Walikota", "regency": "Bupati"}
_TREE: tuple[str, ...] = (
    "instrument",
    "component_code",
    "parent_code",
    "weight",
    "score_min",
    "score_max",
)
_TREE += ("aggregation", "label_id")
_BANDS = ("instrument", "valid_from", "grade", "lower_bound", "is_lower_inclusive")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down; in a lenient one's cells something else may be typed as well."""

    values: tuple[str, ...]
    is_lenient: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a template: fixed rows, then rows to fill in.

    `example` holds filled rows; `fixed` columns (by position) keep their example text in the
    empty sheet too; `lists` maps a column's position to its drop-down; a section that `grows`
    gets empty rows; after one that is `joined` the next follows without a gap.
    """

    heading: Sequence[Cells]
    example: Sequence[Cells] = ()
    fixed: frozenset[int] = frozenset()
    lists: Mapping[int, Choice] = field(default_factory=dict)
    grows: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Material:
    """What the template of one instrument is made of; `tree` is by component."""

    instrument: Instrument
    tables: Sequence[Table]
    tree: Mapping[str, Row]
    bands: Sequence[Row]
    regions: Sequence[Row]
    topics: Sequence[Row]
    words: tuple[str, ...]

    def regions_named_by(self, heading: str) -> list[Row]:
        """The regions of the types that a heading names; all of them where it names none."""
        wanted = {kind for word, kind in _TYPES.items() if word in heading.lower()} or {*_HEADS}
        return [
            row for kind in _HEADS for row in self.regions if row["region_type"] == kind in wanted
        ]

    def score(self, component: str, share: Decimal = _SHARE) -> Decimal:
        """An example score: so far up the component's scale."""
        row = self.tree[component]
        least, most = Decimal(row["score_min"]), Decimal(row["score_max"])
        return least + share * (most - least)

    def grade(self, component: str, share: Decimal = _SHARE) -> str:
        """The grade of an example score."""
        score = self.score(component, share)
        for row in self.bands:
            bound, is_inclusive = Decimal(row["lower_bound"]), row["is_lower_inclusive"] == "true"
            if score > bound or (is_inclusive and score == bound):
                return row["grade"]
        return ""

    def labels_of_topics(self, is_wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """The labels of the topics whose component is wanted; those without pattern are never."""
        return tuple(
            row["label_id"]
            for row in self.topics
            if row["pattern"] and is_wanted(row["note_component"])
        )


def sections_of(name: str, seeds: Path) -> list[Section]:
    """What the template of an instrument holds, in order; BadInputError if there is none."""
    check(seeds)
    known = registry.instruments(seeds)
    if name not in known:
        raise BadInputError(f"There is no template {name}; there are {', '.join(sorted(known))}.")
    material = _material(known[name], seeds)
    sections = list(_head(material))
    for table in material.tables:
        sections += _MAKERS[table.kind](table, material) if table.kind in _MAKERS else ()
    return sections


def _material(instrument: Instrument, seeds: Path) -> _Material:
    trees = references.rows(seeds, "score_trees", _TREE)
    bands = references.rows(seeds, "grade_bands", _BANDS)
    own = [row for row in bands if row["instrument"] == instrument.name]
    latest = max((row["valid_from"] for row in own), default="")
    words = references.rows(seeds, "printed_words", ("printed_text",))
    return _Material(
        instrument,
        declarations.of_instrument(seeds, instrument.name),
        {r["component_code"]: r for r in trees if r["instrument"] == instrument.name},
        [row for row in own if row["valid_from"] == latest],
        references.rows(seeds, "official_regions", references.REGIONS),
        references.rows(seeds, "note_topics", references.NOTE_TOPICS),
        tuple(row["printed_text"] for row in words),
    )


def _named(region: Row) -> str:
    """A region's name with its type before it."""
    prefix = "Provinsi " if region["region_type"] == "province" else ""
    return prefix + region["region_name"]


def _figure(number: Decimal) -> str:
    return printed_number(number.quantize(Decimal("0.01")), "0.00")


def _line(*cells: str, choice: Choice | None = None) -> Section:
    """A line that says something of the document: its first cell is fixed."""
    return Section((), (cells,), frozenset({0}), {1: choice} if choice else {}, joined=True)


def _head(material: _Material) -> Iterator[Section]:
    """The lines from which the facts are read, whose other cells are to be filled in."""
    instrument = material.instrument
    if instrument.number_kind == "letter":
        yield _line("Nomor :", f"B-1/CONTOH/01/{_YEAR}")
        yield _line("Hal :", "Hasil Evaluasi")
        yield _line("Tanggal", f"31 Desember {_YEAR}")
    elif instrument.number_kind == "decision":
        yield _line("NOMOR", f"1 TAHUN {_YEAR}")
        yield _line("Pada tanggal", f"31 Desember {_YEAR}")
    yield _line(lead(instrument.year, "year").upper(), _YEAR)
    if instrument.about:
        names = tuple(map(_named, material.regions_named_by("")))
        city = _named(material.regions_named_by("kota")[0])
        is_region = instrument.subject == "region"
        yield _line(
            lead(instrument.about, "subject").upper(),
            city if is_region else f"Dinas Contoh {city}",
            choice=Choice(names) if is_region else None,
        )
    yield Section(())


def _heading(column: Column, material: _Material, part: Part | None = None) -> str:
    """A column's heading: what tells the part, if this does, else the label that is known."""
    if part and part.heading:
        telling = plainest(part.heading.pattern).upper()
        if column.is_announced_by(telling):
            return telling
    # The heading of names says of which governments, their label does not.
    labels = [column.label.id] if column.label and column.cell.name != "region" else []
    if column.component and column.component in material.tree:
        labels.append(material.tree[column.component]["label_id"])
    return written(column.headings, labels)


def _list(table: Table, material: _Material) -> Iterator[Section]:
    """Each part of a numbered list, with two governments in the example."""
    columns = [column for column in table.columns if column.headings]
    for part in table.parts:
        headings = [
            _heading(column, material, part if len(table.parts) > 1 else None) for column in columns
        ]
        of_names = next(
            h for h, c in zip(headings, columns, strict=True) if c.cell.name == "region"
        )
        regions = [_named(region) for region in material.regions_named_by(of_names)]
        # A heading that names no type is of those left over: no government stands in two lists.
        named = regions[-2:] if len(regions) == len(material.regions) else regions[:2]
        example = [
            [_example_cell(column, number, name, material) for column in columns]
            for number, name in enumerate(named, start=1)
        ]
        lists = {
            at: choice
            for at, column in enumerate(columns)
            if (choice := _choice(column, regions, material))
        }
        yield Section((headings,), example, lists=lists, grows=True)


def _choice(column: Column, regions: Sequence[str], material: _Material) -> Choice | None:
    if column.cell.name == "region":
        return Choice(tuple(regions))
    if column.cell.among == "grade_bands.grade":
        grades = tuple(row["grade"] for row in material.bands)
        return Choice(grades + (material.words if column.cell.words else ()))
    return Choice(material.words, is_lenient=True) if column.cell.words else None


def _example_cell(column: Column, number: int, region: str, material: _Material) -> str:
    if column.cell.name == "region":
        return region
    if column.component:
        return _figure(material.score(column.component))
    return material.grade(column.of) if column.of else str(number)


def _addressees(table: Table, material: _Material) -> Iterator[Section]:
    lists = (other for other in material.tables if other.kind == "numbered_list")
    names = next((t.column(t.headed("region")) for t in lists), None)
    regions = material.regions_named_by(_heading(names, material) if names else "")
    heads = [
        f"{_HEADS[region['region_type']]} {_named(region).partition(' ')[2]}"
        for region in regions[:2]
    ]
    yield Section((), [(str(n), name) for n, name in enumerate(heads, start=1)], grows=True)


def _bands(table: Table, material: _Material) -> Iterator[Section]:
    """The instrument's own grades as an example: from each bound to just below the one above."""
    top = next(row for row in material.tree.values() if not row["parent_code"])
    bounds = [Decimal(row["lower_bound"]) for row in material.bands]
    tops = [Decimal(top["score_max"]), *(bound - Decimal("0.01") for bound in bounds)]
    ranges = [f"{_figure(low)}-{_figure(high)}" for low, high in zip(bounds, tops, strict=False)]
    columns = [column for column in table.columns if column.headings]
    example = [
        [limits if column.cell.name == "range" else row["grade"] for column in columns]
        for limits, row in zip(ranges, material.bands, strict=True)
    ]
    at = next(i for i, column in enumerate(columns) if column.cell.name == "grade")
    grades = Choice(tuple(row["grade"] for row in material.bands))
    headings = [_heading(column, material) for column in columns]
    yield Section((headings,), example, lists={at: grades}, grows=True)


def _components(material: _Material, top: str) -> list[Row]:
    return [row for row in material.tree.values() if row["parent_code"] == top]


def _years(table: Table, material: _Material) -> Iterator[Section]:
    """Weights and two years of the lettered components, of their total and of its grade."""
    (value,) = table.holding("score_or_grade")
    top = value.of or ""
    names, weights = (table.column(table.headed(kind)) for kind in ("text", "weight"))
    shares = (_SHARE_BEFORE, _SHARE)
    rows: list[Cells] = [("", "", "", _BEFORE, _YEAR)]
    for number, row in enumerate(_components(material, top)):
        scores = (_figure(material.score(row["component_code"], share)) for share in shares)
        weight = printed_number(100 * Decimal(row["weight"]), "General")
        rows.append((f"{chr(ord('a') + number)}.", row["label_id"], weight, *scores))
    totals = (_figure(material.score(top, share)) for share in shares)
    rows.append((material.tree[top]["label_id"], "", "100", *totals))
    rows.append(("Predikat", "", "", *(material.grade(top, share) for share in shares)))
    grades = Choice(tuple(row["grade"] for row in material.bands), is_lenient=True)
    headings = (_heading(names, material), "", _heading(weights, material), "NILAI", "")
    yield Section((headings,), rows, frozenset({0, 1, 2}), {3: grades, 4: grades})


def _notes(table: Table, material: _Material) -> Iterator[Section]:
    parts = table.parts_of(material.instrument.name)
    for number, part in enumerate(parts, start=1):
        assert part.heading is not None
        if part.item is None:
            topics = material.labels_of_topics(lambda letter: not letter)
            label = f"{lead(part.heading, 'note')} :".upper()
            rows = ((label, "1.", topics[0]), ("", "2.", topics[1]))
            yield Section((), rows, frozenset({0, 1}), {2: Choice(topics)})
            continue
        heading = ((plainest(part.heading.pattern).replace("1", str(number), 1).upper(),),)
        if part.by is None:
            topics = material.labels_of_topics(bool)
            yield Section(heading, _items(part, topics), frozenset({0}), {1: Choice(topics)})
            continue
        yield Section(heading, joined=True)
        top = next(code for code, row in material.tree.items() if not row["parent_code"])
        for no, row in enumerate(_components(material, top), start=1):
            letter = chr(ord("a") + no - 1)
            topics = material.labels_of_topics(letter.__eq__)
            below = ((f"{no}) {row['label_id']}",),)
            yield Section(below, _items(part, topics), frozenset({0}), {1: Choice(topics)})


def _items(part: Part, topics: Sequence[str]) -> list[Cells]:
    """Two items with their marks, a and b or 1 and 2, as the pattern of items has them."""
    assert part.item is not None
    mark = plainest(part.item.pattern.removesuffix("(.+)"))
    return [(chr(ord(mark[0]) + n) + mark[1:], topic) for n, topic in enumerate(topics[:2])]


def _form(budget: Table, material: _Material) -> Iterator[Section]:
    """Both halves of a form; the quarter is chosen in the headings."""
    targets = next(table for table in material.tables if table.kind == "form_targets")
    first: list[str] = []
    second: list[str] = []
    assert material.instrument.period is not None
    quarter = lead(material.instrument.period, "quarter").upper()
    periods = Choice(tuple(f"{quarter} {roman}" for roman in ("I", "II", "III", "IV")))
    for name, patterns in form.headings_of(targets, budget):
        is_period = name.endswith("realization")
        first += [periods.values[0], ""] if is_period else [written(patterns, ())]
        second += ["REALISASI", "%"] if is_period else [""]
    of_period = {at: periods for at, text in enumerate(first) if text == periods.values[0]}
    fixed = frozenset(range(len(first))) - of_period.keys()
    yield Section((), (first,), fixed, of_period, joined=True)
    remarks = Choice(material.labels_of_topics(lambda letter: not letter))
    left = (
        ("1", "Sasaran contoh", "Indikator contoh", "80%", "", "40%", "50%", ""),
        ("", "", "Nilai contoh", "70", "", "-", "", remarks.values[-1]),
        *[("",) * 8] * 2,
    )
    right = (
        ("Program Contoh", "3.000.000", "1.500.000", "50,00%"),
        ("Kegiatan Contoh", "3.000.000", "1.500.000", "50,00%"),
        ("Pengadaan Barang Contoh", "1.000.000", "250.000", "25,00%"),
        ("Pelatihan Contoh", "2.000.000", "1.250.000", "62,50%"),
    )
    rows = [one + other for one, other in zip(left, right, strict=True)]
    yield Section((second,), rows, lists={7: remarks}, grows=True)


_MAKERS: dict[str, Callable[[Table, _Material], Iterator[Section]]] = {
    "addressees": _addressees,
    "numbered_list": _list,
    "bands": _bands,
    "year_columns": _years,
    "form_budget": _form,
    "notes": _notes,
}
"""What is made of each kind of table; a table cut into page blocks is too wide to be typed."""


def write_template(name: str, target: Path, seeds: Path) -> None:
    """Write the template of an instrument; raise BadInputError if it cannot be written there."""
    sections = sections_of(name, seeds)
    book = Workbook()
    book.remove(book.active)
    lists = book.create_sheet(CHOICES_SHEET)
    ranges = _write_lists(lists, sections)
    for title, with_example in ((SHEET, False), (EXAMPLE_SHEET, True)):
        _write_sheet(book.create_sheet(title), sections, ranges, with_example)
    book.move_sheet(lists, offset=2)
    lists.sheet_state = "hidden"
    book.active = 0
    buffer = io.BytesIO()
    book.save(buffer)
    try:
        with target.open("xb") as file:
            file.write(buffer.getvalue())
    except FileExistsError:
        raise BadInputError(f"{target} exists already; name another file or remove it.") from None
    except OSError as error:
        raise BadInputError(f"{target} cannot be written ({error.strerror}).") from error


def _write_lists(sheet: Worksheet, sections: Sequence[Section]) -> dict[tuple[str, ...], str]:
    """Write each list of choices into a column; give the columns' ranges."""
    ranges: dict[tuple[str, ...], str] = {}
    for values in (choice.values for section in sections for choice in section.lists.values()):
        if values not in ranges:
            column = len(ranges) + 1
            for row, value in enumerate(values, start=1):
                sheet.cell(row, column, value)
            letter = get_column_letter(column)
            ranges[values] = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(values)}"
    return ranges


def _write_sheet(
    sheet: Worksheet,
    sections: Sequence[Section],
    ranges: Mapping[tuple[str, ...], str],
    with_example: bool,
) -> None:
    row_no = 1
    for section in sections:
        for heading in section.heading:
            _write_row(sheet, row_no, heading, bold=True)
            row_no += 1
        first = row_no
        for cells in section.example:
            kept = [c if with_example or i in section.fixed else "" for i, c in enumerate(cells)]
            _write_row(sheet, row_no, kept, bold=False)
            row_no += 1
        if section.grows and not with_example:
            row_no = first + _BLANK_ROWS
            for blank in range(first, row_no):
                _write_row(sheet, blank, [""] * len(section.example[0]), bold=False)
        for column, choice in section.lists.items():
            letter = get_column_letter(column + 1)
            validation = DataValidation("list", formula1=ranges[choice.values], allow_blank=True)
            validation.showErrorMessage = not choice.is_lenient
            validation.add(f"{letter}{first}:{letter}{max(row_no - 1, first)}")
            sheet.add_data_validation(validation)
        row_no += not section.joined
    for column in range(1, 14):
        sheet.column_dimensions[get_column_letter(column)].width = 24


def _write_row(sheet: Worksheet, row_no: int, cells: Cells, *, bold: bool) -> None:
    for column, text in enumerate(cells, start=1):
        cell = sheet.cell(row_no, column, text or None)
        # Text keeps "4,50" and "2.000" as they are typed.
        cell.number_format = "@"
        if bold:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6F0")
