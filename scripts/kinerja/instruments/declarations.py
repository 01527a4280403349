"""The declaration of the printed tables (seeds/raw/_raw__seeds.yml), as typed objects.

Everything that Python knows of a printed table comes from here: its columns and their order, what
each cell holds and looks like, what announces it in a document, what people call it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kinerja.core.errors import BadInputError

FILE = "_raw__seeds.yml"
_CELLS = Path(__file__).with_name("cells.yml")

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Label:
    """One meaning in two languages."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of cell (cells.yml): what it looks like, and the words or values it may hold."""

    name: str
    label: Label
    pattern: str | None = None
    number: bool = False
    words: bool = False
    required: bool = False
    among: str | None = None
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a printed table.

    `component` is the one whose score it holds, `component_by` says how that is found where each
    cell has its own (`letter`, `position`); `of` is the component whose grade it holds. `headings`
    announce it in documents (whole heading, in any case). `label` is what a reader of the document
    calls it, None where the component's own name serves.
    """

    name: str
    data_type: str
    cell: Cell
    required: bool
    component: str | None = None
    component_by: str | None = None
    of: str | None = None
    headings: tuple[re.Pattern[str], ...] = ()
    between: Bounds | None = None
    label: Label | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it holds numbers or grades, which control totals add up or count."""
        return self.cell.number or self.cell.among == "grade_bands.grade"

    @property
    def is_region(self) -> bool:
        """Whether it holds names of regions, of which one region may have several."""
        return self.cell.among == "region_names.printed_name"

    @property
    def heading(self) -> re.Pattern[str]:
        """Any of its headings, as one pattern."""
        return _any_of(self.headings)

    def is_announced_by(self, heading: str) -> bool:
        """Whether a heading is one of this column's."""
        return bool(self.headings) and self.heading.fullmatch(heading) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A printed part of a table: its table_id, its name, and the heading that begins it, if any.

    Notes say more: whose documents have them (`instrument`), what an `item` looks like (its mark
    and its text; without it, notes run on after the heading, whose group `note` is their
    beginning), and under which headings they stand by component (`by`, with its number).
    `regions` are the types of governments that a list has; any, if it does not say.
    """

    table_id: str
    label: Label
    heading: re.Pattern[str] | None = None
    instrument: str | None = None
    item: re.Pattern[str] | None = None
    by: re.Pattern[str] | None = None
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plausible:
    """Bounds of one figure of each document with at least `rows` rows; `value` is SQL."""

    name: str
    value: str
    between: Bounds
    rows: int
    label: Label


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of printed table: a raw seed.

    `kind` is how it is printed and so who reads it; `order` the whole numbers that order the rows
    of a document and part; `key` identifies a row; `once` may not stand twice though its key
    differs; `instrument` is None for tables that any document may have; `together` names all parts
    as one.
    """

    name: str
    instrument: str | None
    kind: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    order: tuple[str, ...]
    key: tuple[str, ...]
    once: tuple[str, ...] = ()
    plausible: tuple[Plausible, ...] = ()
    evaluated_by: str | None = None
    together: Part | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in the order of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def figures(self) -> tuple[Column, ...]:
        """The columns of numbers and grades."""
        return tuple(column for column in self.columns if column.is_figure)

    @property
    def region(self) -> Column | None:
        """The column of the names that regions are printed with, if any."""
        return next((column for column in self.columns if column.is_region), None)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def holding(self, *cells: str) -> tuple[Column, ...]:
        """The columns that hold one of these kinds of cells."""
        return tuple(column for column in self.columns if column.cell.name in cells)

    @property
    def headings(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The headed columns in printed order: name, and what its heading may say."""
        return tuple((column.name, column.heading) for column in self.columns if column.headings)

    def headed(self, *cells: str) -> str:
        """The name of the first headed column that holds one of these kinds of cells."""
        return next(column.name for column in self.holding(*cells) if column.headings)

    def parts_of(self, instrument: str) -> tuple[Part, ...]:
        """The parts that documents of an instrument have."""
        return tuple(p for p in self.parts if (p.instrument or self.instrument) == instrument)


@cache
def cells() -> dict[str, Cell]:
    """The kinds of cells by name."""
    data: dict[str, dict[str, Any]] = yaml.safe_load(_CELLS.read_text(encoding="utf-8"))
    found = {}
    for name, kind in data.items():
        label, but = Label(kind.pop("label_id"), kind.pop("label_en")), kind.pop("but", ())
        found[name] = Cell(name, label, but=tuple(but), **kind)
    return found


def tables(seeds: Path) -> dict[str, Table]:
    """The declared tables by the name of their seed, in declared order.

    Raises BadInputError, naming file, table and column, where the declaration contradicts itself.
    """
    file = seeds / "raw" / FILE
    try:
        return _tables(file, file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInputError(f"{file} is not there; it declares the printed tables.") from None
    except UnicodeDecodeError:
        raise BadInputError(f"{file} is not text in UTF-8; restore it.") from None


def of_instrument(seeds: Path, instrument: str) -> tuple[Table, ...]:
    """The tables that documents of an instrument have, those that others may have too included."""
    return tuple(table for table in tables(seeds).values() if table.parts_of(instrument))


@cache
def _tables(file: Path, text: str) -> dict[str, Table]:
    try:
        data = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise BadInputError(f"{file} is not YAML: {' '.join(str(error).split())}") from None
    return {seed["name"]: _table(file, seed) for seed in data["seeds"]}


def _table(file: Path, seed: Mapping[str, Any]) -> Table:
    place = f"{file}, table {seed['name']}"
    meta = seed["config"]["meta"]
    columns = tuple(_column(place, column) for column in seed["columns"])
    names = {column.name for column in columns}
    if len(names) != len(columns):
        raise BadInputError(f"{place}: a column is declared twice.")
    for word in ("order", "once"):
        for name in meta.get(word, ()):
            if name not in names:
                raise BadInputError(f"{place}: {word} names {name}, which is no column of it.")
    _check_headings(place, columns)
    return Table(
        seed["name"],
        meta.get("instrument"),
        meta["kind"],
        columns,
        tuple(
            Part(
                str(table_id),
                _label(part),
                _pattern(place, part.get("heading")),
                part.get("instrument"),
                _pattern(place, part.get("item")),
                _pattern(place, part.get("by")),
                tuple(part.get("regions", ())),
            )
            for table_id, part in meta["tables"].items()
        ),
        tuple(meta["order"]),
        _key(place, seed),
        tuple(meta.get("once", ())),
        tuple(
            Plausible(
                name, rule["value"], tuple(rule["between"]), rule.get("rows", 1), _label(rule)
            )
            for name, rule in meta.get("plausible", {}).items()
        ),
        meta.get("evaluated_by"),
        _together(meta.get("all_tables")),
    )


def _together(part: Mapping[str, Any] | None) -> Part | None:
    return None if part is None else Part(part["table_id"], _label(part))


def _column(place: str, column: Mapping[str, Any]) -> Column:
    place = f"{place}, column {column['name']}"
    meta = (column.get("config") or {}).get("meta") or {}
    holds = meta.get("holds")
    if holds not in cells():
        raise BadInputError(f"{place}: holds {holds}; known are {', '.join(sorted(cells()))}.")
    if "data_type" not in column:
        raise BadInputError(f"{place}: it has no data_type.")
    headings = (_pattern(place, heading) for heading in meta.get("headings", ()))
    return Column(
        column["name"],
        column["data_type"],
        cells()[holds],
        meta.get("required", cells()[holds].required),
        meta.get("component"),
        meta.get("component_by"),
        meta.get("of"),
        tuple(heading for heading in headings if heading is not None),
        tuple(meta["between"]) if "between" in meta else None,
        _label(meta) if "label_id" in meta else None,
    )


def _key(place: str, seed: Mapping[str, Any]) -> tuple[str, ...]:
    """What dbt's test proves to identify a row."""
    for test in seed.get("data_tests", ()):
        if isinstance(test, Mapping) and "key" in test:
            return tuple(test["key"]["arguments"]["columns"])
    raise BadInputError(f"{place}: it has no test `key`.")


def _check_headings(place: str, columns: tuple[Column, ...]) -> None:
    """A heading written alike for two columns could not tell them apart."""
    claimed: dict[str, str] = {}
    for column in columns:
        for heading in column.headings:
            other = claimed.setdefault(heading.pattern.lower(), column.name)
            if other != column.name:
                raise BadInputError(
                    f"{place}: {other} and {column.name} claim the same heading {heading.pattern}."
                )


@cache
def _any_of(patterns: tuple[re.Pattern[str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one.pattern})" for one in patterns), re.IGNORECASE)


def _pattern(place: str, text: object) -> re.Pattern[str] | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise BadInputError(f"{place}: YAML reads {text} where a text is meant; quote it.")
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise BadInputError(f"{place}: {text} is no regular expression ({error}).") from None


def _label(meta: Mapping[str, Any]) -> Label:
    return Label(str(meta["label_id"]), str(meta["label_en"]))
