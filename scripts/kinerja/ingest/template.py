"""Workbooks for agencies that hand in figures: the declared tables, drop-downs, an example.

Everything in them follows from the declarations and the reference seeds: headings and drop-downs
from the columns, example figures from the score tree (the same share of each scale, so that means,
weighted means and sums come out), grades from the bands. The figures are invented.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
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
from .xlsx import CHOICES_SHEET, EXAMPLE_SHEET, SHEET, printed_number

_BLANK_ROWS = 40
"""Empty rows with drop-downs under each table; more can be added by copying one."""
_YEAR, _BEFORE = "2030", "2029"
_SHARE, _SHARE_BEFORE = Decimal("0.75"), Decimal("0.7")
"""How far up its scale each example score stands, and stood the year before."""
_TREE: tuple[str, ...] = ("component_code", "parent_code", "aggregation", "weight")
_TREE += ("score_min", "score_max", "label_id")
_HEADS = {"province": "Gubernur", "city": "Walikota", "regency": "Bupati"}
_TYPES = {"provinsi": "province", "kota": "city", "kabupaten": "regency"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down; in a lenient one's cells something else may be typed as well."""

    values: tuple[str, ...]
    is_lenient: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text in the example, which a kept one (a label or heading) has always."""

    text: str
    choice: Choice | None = None
    is_kept: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand together, a blank one after them; one that grows has rows to be filled in."""

    rows: Sequence[Sequence[Cell]]
    grows: bool = False


def _kept(*texts: str, heading: bool = False) -> list[Cell]:
    return [Cell(text, is_kept=True, is_heading=heading) for text in texts]


@dataclass(frozen=True, slots=True)
class _Material:
    """What the template of one instrument is made of; `tree` is by component, the index first."""

    instrument: Instrument
    tables: Sequence[Table]
    tree: Mapping[str, Row]
    bands: Sequence[Row]
    regions: Sequence[Row]
    topics: Sequence[Row]
    words: tuple[str, ...]

    def names(self, heading: str) -> list[str]:
        """The regions of the types that a heading names; all of them where it names none."""
        wanted = {kind for word, kind in _TYPES.items() if word in heading.lower()} or {*_HEADS}
        return [
            ("Provinsi " if kind == "province" else "") + row["region_name"]
            for kind in _HEADS
            for row in self.regions
            if row["region_type"] == kind in wanted
        ]

    def score(self, component: str, share: Decimal = _SHARE) -> Decimal:
        """An example score: so far up the component's scale."""
        least, most = (Decimal(self.tree[component][end]) for end in ("score_min", "score_max"))
        return least + share * (most - least)

    def grade(self, component: str, share: Decimal = _SHARE) -> str:
        """The grade of an example score: the best whose bound it reaches."""
        score = self.score(component, share)
        reached = (
            row["grade"]
            for row in self.bands
            if score > (bound := Decimal(row["lower_bound"]))
            or (score == bound and row["is_lower_inclusive"] == "true")
        )
        return next(reached, self.bands[-1]["grade"])

    def grades(self) -> tuple[str, ...]:
        """The instrument's grades, best first."""
        return tuple(row["grade"] for row in self.bands)

    def topics_of(self, is_wanted: Callable[[str], bool]) -> tuple[str, ...]:
        """The labels of the topics whose component is wanted; those without pattern are never."""
        wanted = (row for row in self.topics if row["pattern"] and is_wanted(row["note_component"]))
        return tuple(row["label_id"] for row in wanted)

    def components(self) -> list[Row]:
        """The components right below the index."""
        top = next(iter(self.tree))
        return [row for row in self.tree.values() if row["parent_code"] == top]


def blocks_of(name: str, seeds: Path) -> list[Block]:
    """What the template of an instrument holds, in order; BadInputError if there is none."""
    check(seeds)
    known = registry.instruments(seeds)
    if name not in known:
        raise BadInputError(f"There is no template {name}; there are {', '.join(sorted(known))}.")

    def own(seed: str, *columns: str) -> list[Row]:
        rows = references.rows(seeds, seed, ("instrument", "valid_from", *columns))
        return [row for row in rows if row["instrument"] == name]

    tree = own("score_trees", *_TREE)
    tree.sort(key=lambda row: row["parent_code"] != "" or row["aggregation"] == "difference")
    bands = own("grade_bands", "grade", "lower_bound", "is_lower_inclusive")
    latest = max((row["valid_from"] for row in bands), default="")
    words = references.rows(seeds, "printed_words", ("printed_text",))
    material = _Material(
        known[name],
        declarations.of_instrument(seeds, name),
        {row["component_code"]: row for row in tree},
        [row for row in bands if row["valid_from"] == latest],
        references.rows(seeds, "official_regions", references.REGIONS),
        references.rows(seeds, "note_topics", references.NOTE_TOPICS),
        tuple(row["printed_text"] for row in words),
    )
    blocks = [_head(material)]
    for table in material.tables:
        blocks += _MAKERS[table.kind](table, material) if table.kind in _MAKERS else ()
    return blocks


def _figure(number: Decimal) -> str:
    return printed_number(number.quantize(Decimal("0.01")), "0.00")


def _head(material: _Material) -> Block:
    """The lines from which the facts are read, whose other cells are to be filled in."""
    instrument, name = material.instrument, material.names("kota")[0]
    date = f"31 Desember {_YEAR}"
    lines = {
        "letter": {"Nomor :": f"B-1/CONTOH/01/{_YEAR}", "Hal :": "Hasil", "Tanggal": date},
        "decision": {"NOMOR": f"1 TAHUN {_YEAR}", "Pada tanggal": date},
        "none": {},
    }[instrument.number_kind]
    lines[lead(instrument.year, "year").upper()] = _YEAR
    rows = [[*_kept(label), Cell(text)] for label, text in lines.items()]
    if instrument.about:
        label = _kept(lead(instrument.about, "subject").upper())
        names = Choice(tuple(material.names("")))
        is_region = instrument.subject == "region"
        rows.append([*label, Cell(name, names) if is_region else Cell(f"Dinas Contoh {name}")])
    return Block(rows)


def _heading(column: Column, material: _Material, part: Part | None = None) -> str:
    """A column's heading: what tells the part, if this does, else the label that is known."""
    if part and part.heading:
        telling = plainest(part.heading.pattern).upper()
        if column.is_announced_by(telling):
            return telling
    # The heading of names says of which governments, their label does not.
    labels = [column.label.id] if column.label and column.cell.name != "region" else []
    if column.component:
        labels.append(material.tree[column.component]["label_id"])
    return written(column.heading, labels)


def _list(table: Table, material: _Material) -> Iterator[Block]:
    """Each part of a numbered list, with two governments in the example."""
    columns = [column for column in table.columns if column.headings]
    name_at = next(at for at, column in enumerate(columns) if column.cell.name == "region")
    for part in table.parts:
        telling = part if len(table.parts) > 1 else None
        headings = [_heading(column, material, telling) for column in columns]
        names = material.names(headings[name_at])
        # A part whose heading names no type is of those left over: no name stands in two parts.
        is_rest = telling and len(names) == len(material.regions)
        shown = names[-2:] if is_rest else names[:2]
        rows = [
            [_list_cell(column, number, name, names, material) for column in columns]
            for number, name in enumerate(shown, start=1)
        ]
        yield Block([_kept(*headings, heading=True), *rows], grows=True)


def _list_cell(
    column: Column, number: int, name: str, names: Sequence[str], material: _Material
) -> Cell:
    words = material.words if column.cell.words else ()
    if column.cell.name == "region":
        return Cell(name, Choice(tuple(names)))
    if column.of:
        return Cell(material.grade(column.of), Choice(material.grades() + words))
    if column.component:
        return Cell(_figure(material.score(column.component)), Choice(words, is_lenient=True))
    return Cell(str(number))


def _addressees(_: Table, material: _Material) -> Iterator[Block]:
    """Heads of the governments that the instrument's list is of."""
    lists = (table for table in material.tables if table.kind == "numbered_list")
    headings = (_heading(table.column(table.headed("region")), material) for table in lists)
    kinds = {row["region_name"]: row["region_type"] for row in material.regions}
    rows = []
    for number, name in enumerate(material.names(next(headings, ""))[:2], start=1):
        bare = name.partition(" ")[2]
        rows.append([Cell(str(number)), Cell(f"{_HEADS[kinds.get(name, 'province')]} {bare}")])
    yield Block(rows, grows=True)


def _bands(table: Table, material: _Material) -> Iterator[Block]:
    """The instrument's own grades as an example: from each bound to just below the one above."""
    columns = [column for column in table.columns if column.headings]
    high = Decimal(next(iter(material.tree.values()))["score_max"])
    rows = [_kept(*(_heading(column, material) for column in columns), heading=True)]
    for band in material.bands:
        low = Decimal(band["lower_bound"])
        grade = Cell(band["grade"], Choice(material.grades()))
        limits = Cell(f"{_figure(low)}-{_figure(high)}")
        rows.append([limits if column.cell.name == "range" else grade for column in columns])
        high = low - Decimal("0.01")
    yield Block(rows, grows=True)


def _years(table: Table, material: _Material) -> Iterator[Block]:
    """Weights and two years of the lettered components, of their total and of its grade."""
    names, weights = (table.column(table.headed(kind)) for kind in ("text", "weight"))
    headings = (_heading(names, material), "", _heading(weights, material), "NILAI", "")
    grades = Choice(material.grades(), is_lenient=True)

    def row(letter: str, label: str, weight: str, *values: str) -> list[Cell]:
        return [*_kept(letter, label, weight), *(Cell(value, grades) for value in values)]

    def scores(component: str) -> Iterator[str]:
        return (_figure(material.score(component, share)) for share in (_SHARE_BEFORE, _SHARE))

    rows = [_kept(*headings, heading=True), [*_kept("", "", ""), Cell(_BEFORE), Cell(_YEAR)]]
    for number, component in enumerate(material.components()):
        weight = printed_number(100 * Decimal(component["weight"] or 0), "General")
        letter, code = f"{chr(ord('a') + number)}.", component["component_code"]
        rows.append(row(letter, component["label_id"], weight, *scores(code)))
    top, index = next(iter(material.tree.items()))
    rows.append(row(index["label_id"], "", "100", *scores(top)))
    predicates = (material.grade(top, share) for share in (_SHARE_BEFORE, _SHARE))
    rows.append(row("Predikat", "", "", *predicates))
    yield Block(rows)


def _notes(table: Table, material: _Material) -> Iterator[Block]:
    """Sections of items, by component where they are so printed, or labels that notes follow."""
    for number, part in enumerate(table.parts_of(material.instrument.name), start=1):
        assert part.heading is not None
        if part.item is None:
            topics = material.topics_of(lambda letter: not letter)
            label = f"{lead(part.heading, 'note')} :".upper()
            first, second = (Cell(topic, Choice(topics)) for topic in topics[:2])
            yield Block([[*_kept(label, "1."), first], [*_kept("", "2."), second]])
            continue
        heading = plainest(part.heading.pattern).replace("1", str(number), 1).upper()
        rows = [_kept(heading, heading=True)]
        if part.by is None:
            rows += _items(part, material.topics_of(bool))
        for no, component in enumerate(material.components() if part.by else (), start=1):
            rows.append(_kept(f"{no}) {component['label_id']}", heading=True))
            rows += _items(part, material.topics_of(chr(ord("a") + no - 1).__eq__))
        yield Block(rows)


def _items(part: Part, topics: tuple[str, ...]) -> list[list[Cell]]:
    """Two items with their marks, a and b or 1 and 2, as the pattern of items has them."""
    assert part.item is not None
    mark = plainest(part.item.pattern.removesuffix("(.+)"))
    marks = (chr(ord(mark[0]) + n) + mark[1:] for n in range(2))
    return [
        [*_kept(mark), Cell(topic, Choice(topics))]
        for mark, topic in zip(marks, topics[:2], strict=True)
    ]


def _form(budget: Table, material: _Material) -> Iterator[Block]:
    """Both halves of a form; the quarter is chosen in the headings."""
    targets = next(table for table in material.tables if table.kind == "form_targets")
    assert material.instrument.period is not None
    quarter = lead(material.instrument.period, "quarter").upper()
    quarters = Choice(tuple(f"{quarter} {roman}" for roman in ("I", "II", "III", "IV")))
    headings: list[Cell] = []
    below: list[Cell] = []
    for name, heading in form.headings_of(targets, budget):
        if name.endswith("realization"):
            headings += [Cell(quarters.values[0], quarters), *_kept("")]
            below += _kept("REALISASI", "%", heading=True)
        else:
            headings += _kept(written(heading, ()), heading=True)
            below += _kept("", heading=True)
    remarks = Choice(material.topics_of(lambda letter: not letter))
    left = ("1 Sasaran Indikator-1 80% _ 40% 50% _", "_ _ Indikator-2 70 _ - _ _", *["_ " * 8] * 2)
    right = ["3.000.000 1.500.000 50,00%"] * 2
    right += ["1.000.000 250.000 25,00%", "2.000.000 1.250.000 62,50%"]
    lines = ("Program Contoh", "Kegiatan Contoh", "Pengadaan Barang Contoh", "Pelatihan Contoh")
    rows = [
        [Cell(text.strip("_")) for text in (*targets_cells.split(), line, *amounts.split())]
        for targets_cells, line, amounts in zip(left, lines, right, strict=True)
    ]
    for row, remark in zip(rows, ("", remarks.values[-1], "", ""), strict=True):
        row[7] = Cell(remark, remarks)
    yield Block([headings, below, *rows], grows=True)


_MAKERS: dict[str, Callable[[Table, _Material], Iterator[Block]]] = {
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
    blocks = blocks_of(name, seeds)
    book = Workbook()
    book.remove(book.active)
    sheet, example, lists = map(book.create_sheet, (SHEET, EXAMPLE_SHEET, CHOICES_SHEET))
    choices = {c.choice for block in blocks for row in block.rows for c in row if c.choice}
    ranges = {}
    for column, choice in enumerate(sorted(choices, key=lambda choice: choice.values), start=1):
        for row_no, value in enumerate(choice.values, start=1):
            lists.cell(row_no, column, value)
        letter = get_column_letter(column)
        ranges[choice] = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(choice.values)}"
    _write(sheet, blocks, ranges, with_example=False)
    _write(example, blocks, ranges, with_example=True)
    lists.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    try:
        with target.open("xb") as file:
            file.write(buffer.getvalue())
    except FileExistsError:
        raise BadInputError(f"{target} exists already; name another file or remove it.") from None
    except OSError as error:
        raise BadInputError(f"{target} cannot be written ({error.strerror}).") from error


def _write(
    sheet: Worksheet, blocks: Sequence[Block], ranges: Mapping[Choice, str], *, with_example: bool
) -> None:
    offered: dict[tuple[Choice, int], list[int]] = {}
    row_no = 0
    for block in blocks:
        blanks = [block.rows[-1]] * _BLANK_ROWS if block.grows and not with_example else []
        fixed = [row for row in block.rows if not blanks or row[0].is_heading]
        for row in (*fixed, *blanks):
            row_no += 1
            for column, content in enumerate(row, start=1):
                text = content.text if with_example or content.is_kept else ""
                cell = sheet.cell(row_no, column, text or None)
                # Text keeps "4,50" and "2.000" as they are typed.
                cell.number_format = "@"
                if content.choice:
                    offered.setdefault((content.choice, column), []).append(row_no)
                if content.is_heading:
                    cell.font = Font(bold=True)
                    cell.fill = PatternFill("solid", fgColor="DDE6F0")
        row_no += 1
    for (choice, column), rows in offered.items():
        validation = DataValidation("list", formula1=ranges[choice], allow_blank=True)
        validation.showErrorMessage = not choice.is_lenient
        letter = get_column_letter(column)
        for _, run in groupby(enumerate(rows), key=lambda found: found[1] - found[0]):
            together = [row_no for _, row_no in run]
            validation.add(f"{letter}{together[0]}:{letter}{together[-1]}")
        sheet.add_data_validation(validation)
    for column in range(1, 14):
        sheet.column_dimensions[get_column_letter(column)].width = 24
