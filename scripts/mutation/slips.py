"""The proof by planted slips: does the diagnosis name the misprinted cell, and what it was?

Generated documents that satisfy every rule are cut into small ones; in each of them one slip is
planted, or two, as `seeds/reference/slips.csv` names them, in any column of figures or grades that
the printed tables declare. One build judges all. What a document truly said is known, so every
proposal is right or wrong.
"""

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from benchmark import generate, seeds
from kinerja.core import paths
from kinerja.core.errors import BadInputError
from kinerja.instruments import declarations
from kinerja.instruments.declarations import Table

from . import world

WRITTEN = re.compile(r"-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]{1,4})?%?")

Place = tuple[str, str, int, str]
"""Document, table, row and column of a cell, as the marts name them."""
Cells = Mapping[Place, str]
Slip = tuple[dict[Place, str], dict[Place, str]]
"""What cells print, and what they should."""

_ROWS = 8
"""So many rows are cut out of a list; forms and letters about one government stay whole."""
_LONGEST = len("99.999.999.999.999")
"""The marts hold published figures below a hundred trillion."""
_LETTERS = 100
_TRIES = 300
_TEXTS = (
    "digit_replaced", "digits_swapped", "digit_left_out", "digit_doubled", "comma_misplaced",
)  # fmt: skip
_FIGURES = ("score", "score_or_grade", "grade", "figure", "amount", "percentage")
_PLACE = ("document_id", "table_id", "row_no")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Planted:
    """One document: where it was cut from, what it prints otherwise, and what its slips hid."""

    number: int
    instrument: str
    table_kind: str
    bases: tuple[str, ...]
    rows: range
    kind: str
    printed: Cells
    truth: Cells


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a planted slip; `table_kind` is how the table of its first cell is printed."""

    instrument: str
    table_kind: str
    kind: str
    is_found: bool
    is_proposed: bool
    is_first: bool
    is_unique: bool
    is_wrong: bool


def misprints(kind: str, text: str) -> list[str]:
    """Every other number that a slip of this kind makes of a printed one."""
    sign, body, percent = re.fullmatch(r"(-?)([0-9.,]+)(%?)", text).groups()  # type: ignore[union-attr]
    is_amount = "," not in body and not percent
    signs = body.replace(".", "")
    places = [place for place, one in enumerate(signs) if one.isdigit()]
    digits = signs.replace(",", "")
    changed = {
        "digit_replaced": lambda: [
            signs[:place] + digit + signs[place + 1 :] for place in places for digit in "0123456789"
        ],
        "digits_swapped": lambda: [
            signs[:one] + signs[other] + signs[one + 1 : other] + signs[one] + signs[other + 1 :]
            for one, other in pairwise(places)
        ],
        "digit_left_out": lambda: [signs[:place] + signs[place + 1 :] for place in places],
        "digit_doubled": lambda: [signs[:place] + signs[place] + signs[place:] for place in places],
        "comma_misplaced": lambda: (
            [digits + "000", digits[:-3]]
            if is_amount
            else [digits]
            + [f"{digits[:place]},{digits[place:]}" for place in range(1, len(digits))]
        ),
        "sign_lost": lambda: [signs],
    }[kind]()
    sign = ("" if sign else "-") if kind == "sign_lost" else sign
    texts = {sign + (grouped(one) if is_amount else one) + percent for one in changed if one}
    return sorted(
        one
        for one in texts
        if WRITTEN.fullmatch(one) and number(one) != number(text) and len(one) <= _LONGEST
    )


def grouped(digits: str) -> str:
    """A whole number with dots between its thousands."""
    return f"{int(digits):,}".replace(",", ".") if digits.isdigit() else digits


def number(text: str) -> Decimal | str:
    """What a printed figure says; a grade says itself."""
    if not WRITTEN.fullmatch(text):
        return text
    return Decimal(text.replace(".", "").replace(",", ".").replace("%", ""))


def printed(figure: Decimal) -> str:
    """A figure with two decimals, as documents print it."""
    return str(figure.quantize(_CENT, ROUND_HALF_UP)).replace(".", ",")


@cache
def bands(instrument: str) -> list[dict[str, Any]]:
    """The grades of an instrument, the best first."""
    found = seeds.read("grade_bands").filter(pl.col("instrument") == instrument)
    return found.sort("lower_bound", descending=True).to_dicts()


def grade(instrument: str, score: Decimal) -> str:
    """The grade of a score."""
    return next(
        str(one["grade"])
        for one in bands(instrument)
        if score > one["lower_bound"] or (score == one["lower_bound"] and one["is_lower_inclusive"])
    )


def letters(table: Table, regions: Sequence[str], draw: random.Random) -> pl.DataFrame:
    """Letters about one government each, as the project's first one, whose sums are right."""
    own = seeds.read(table.name)
    pattern = own.filter(pl.col("document_id") == own["document_id"].min()).to_dicts()
    found = []
    for copy in range(_LETTERS):
        totals: dict[str, Decimal] = defaultdict(Decimal)
        region = draw.choice(regions)
        for row in pattern:
            year = row["edition_year"]
            if row["letter"]:
                score = Decimal(row["weight"]) * draw.randrange(4000, 9900) / 10000
                value = printed(score)
                totals[year] += number(value)  # type: ignore[operator]
            else:
                value = printed(totals[year])
                value = value if row["weight"] else grade(str(table.instrument), totals[year])
            changed = {"document_id": f"{table.instrument}_{copy}", "region_name": region}
            found.append(row | changed | {"value": value})
    return pl.DataFrame(found)


def targets(table: Table, forms: pl.DataFrame, draw: random.Random) -> pl.DataFrame:
    """Indicators of forms whose achievements are right; none that another document prints too."""
    formulas = {row["polarity"]: row for row in seeds.read("achievement_formulas").to_dicts()}
    crossed = seeds.read("cross_checks")["indicator_code"]
    indicators = seeds.read("target_indicators").filter(
        pl.col("polarity").is_not_null(), ~pl.col("indicator_code").is_in(crossed.implode())
    )
    found = []
    names = ["document_id", "agency_name", "fiscal_year", "quarter"]
    for form in forms.select(names).unique(maintain_order=True).to_dicts():
        for row_no, indicator in enumerate(indicators.to_dicts(), start=1):
            target = Decimal(draw.randrange(3000, 10000)) / 100
            realization = (target * draw.randrange(6000, 10500) / 10000).quantize(
                _CENT, ROUND_HALF_UP
            )
            one = formulas[indicator["polarity"]]
            above, below = (
                one[f"realization_in_{side}"] * realization + one[f"target_in_{side}"] * target
                for side in ("numerator", "denominator")
            )
            achieved = min(100 * above / below, Decimal(indicator["achievement_cap_pct"] or 100))
            figures = {"target": printed(target), "realization": printed(realization)}
            found.append(
                {**form, "table_id": table.parts[0].table_id, "row_no": row_no, "source_line": "1"}
                | figures
                | {
                    "indicator": indicator["printed_name"],
                    "achievement_pct": printed(achieved) + "%",
                }
            )
    return pl.DataFrame(found)


class Sources:
    """Generated documents that satisfy every rule, and their cells."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Generate them."""
        spotless = dict.fromkeys(generate.SHARES, 0.0) | {"no_unit": generate.SHARES["no_unit"]}
        generate.generate(folder, 10_000, 1_000, seed, lambda step, share: None, spotless)
        self.folder = folder
        declared = [one for one in declarations.tables(paths.seeds()).values() if one.instrument]
        self._add(declared, random.Random(seed))
        self.register = self.read("document_register")
        self.tables = [
            one
            for one in declared
            if one.kind != "bands" and self.columns(one) and len(self.read(one.name))
        ]
        self.left_out = {one.name for one in declared if one.kind == "addressees"}
        self.cells: dict[str, dict[int, dict[Place, str]]] = defaultdict(lambda: defaultdict(dict))
        self.kind_of: dict[tuple[str, str], str] = {}
        for table in self.tables:
            for row in self.read(table.name).iter_rows(named=True):
                key = (row["document_id"], row["table_id"], row["row_no"])
                self.kind_of[str(table.instrument), row["table_id"]] = table.kind
                for column, name in self.names(table, row).items():
                    if row[column]:
                        self.cells[key[0]][key[2]][*key, name] = row[column]
        self._read_rules(declared)

    def _add(self, declared: Sequence[Table], draw: random.Random) -> None:
        """What the benchmark does not generate: letters about one government, targets of forms."""
        regions = self.read("region_names")["printed_name"].to_list()
        for table in declared:
            if table.kind == "year_columns":
                frame = letters(table, regions, draw)
                names = frame["document_id"].unique(maintain_order=True)
                year = int(frame["edition_year"].max())  # type: ignore[arg-type]
                register = pl.DataFrame({"document_id": names}).with_columns(
                    instrument=pl.lit(table.instrument),
                    edition_year=pl.lit(year),
                    title=pl.lit("-"),
                )
                seeds.write(self.folder, "document_register", table.name, register)
            elif table.kind == "form_targets":
                frame = targets(table, self.read("agency_performance__budget"), draw)
            else:
                continue
            seeds.write(self.folder, table.name, "drawn", frame)

    def _read_rules(self, declared: Sequence[Table]) -> None:
        tree = seeds.read("score_trees")
        self.signed = set(tree.filter(pl.col("score_min") < 0)["component_code"])
        self.difference = {
            row["input_code"]: row["component_code"]
            for row in seeds.read("score_differences").to_dicts()
            if row["factor"] > 0
        }
        # Of graded means: the columns of the mean, of what it is of, and of the grade.
        self.means: dict[str, tuple[str, list[str], str]] = {}
        self.component = {
            (str(table.instrument), one.name): one.component
            for table in declared
            for one in table.columns
        }
        for table in declared:
            means = tree.filter(
                pl.col("instrument") == table.instrument, pl.col("aggregation") == "mean"
            )["component_code"]
            for column in table.columns:
                if column.of in means:
                    below = tree.filter(pl.col("parent_code") == column.of)["component_code"]
                    self.means[str(table.instrument)] = (
                        next(one.name for one in table.columns if one.component == column.of),
                        [one.name for one in table.columns if one.component in below],
                        column.name,
                    )
        # Where a printed range ends at the bound at which the next one begins.
        self.ends = {
            number(row[column.name].partition("-")[2])
            for table in declared
            if table.kind == "bands"
            for column in table.holding("range")
            for row in seeds.read(table.name).to_dicts()
        }

    def read(self, seed: str) -> pl.DataFrame:
        """What was generated of a seed."""
        return pl.read_parquet(self.folder / seed / "*.parquet")

    def columns(self, table: Table) -> tuple[str, ...]:
        """The columns of a table that hold scores, grades and amounts."""
        return tuple(one.name for one in table.holding(*_FIGURES))

    def extra(self, table: Table) -> list[str]:
        """What tells the figures of a printed row apart, where each has a row of its own."""
        return [name for name in table.key if name not in _PLACE]

    def names(self, table: Table, row: Mapping[str, Any]) -> dict[str, str]:
        """What the marts call the columns of a row."""
        extra = ":".join(str(row[name]) for name in self.extra(table))
        is_amount = {one.name for one in table.holding("amount")}
        return {
            name: extra or (f"{name}_rupiah" if name in is_amount else name)
            for name in self.columns(table)
        }

    def documents(self, instrument: str) -> list[tuple[str, ...]]:
        """What one planted document is cut from: a document, or all forms of a year."""
        groups: dict[Any, list[str]] = defaultdict(list)
        for row in self.register.sort("fiscal_quarter").iter_rows(named=True):
            if row["instrument"] == instrument:
                year = (row["subject_name"], row["edition_year"])
                groups[year if row["fiscal_quarter"] else row["document_id"]].append(
                    row["document_id"]
                )
        most = max(map(len, groups.values()))
        return [tuple(group) for _, group in sorted(groups.items()) if len(group) == most]

    def rows(self, instrument: str, bases: Sequence[str], draw: random.Random) -> range:
        """Some rows of a list; a form, and a letter about one government, stay whole."""
        last = max(max(self.cells[document]) for document in bases)
        is_list = any(
            one.kind == "numbered_list" for one in self.tables if one.instrument == instrument
        )
        if not is_list:
            return range(1, last + 1)
        first = draw.randrange(1, max(2, last - _ROWS + 2))
        return range(first, first + _ROWS)

    def cut(self, bases: Sequence[str], rows: range) -> dict[Place, str]:
        """The cells of some rows of documents."""
        return {
            place: text
            for document in bases
            for row, cells in self.cells[document].items()
            if row in rows
            for place, text in cells.items()
        }


def plant(sources: Sources, singles: int, pairs: int, seed: int) -> list[Planted]:
    """So many documents with one slip, of all instruments and kinds in turn, and with two."""
    draw = random.Random(seed)
    instruments = sorted({str(table.instrument) for table in sources.tables})
    documents = {instrument: sources.documents(instrument) for instrument in instruments}
    kinds = seeds.read("slips")["slip_code"].to_list()
    turns = [(instrument, kind) for kind in kinds for instrument in instruments]
    failed: dict[tuple[str, str], int] = defaultdict(int)
    planted: list[Planted] = []
    while turns and len(planted) < singles + pairs:
        turn = instrument, kind = turns[len(planted) % len(turns)]
        is_pair = len(planted) >= singles
        bases = draw.choice(documents[instrument])
        rows = sources.rows(instrument, bases, draw)
        cells = sources.cut(bases, rows)
        said: dict[Place, str] = {}
        truth: dict[Place, str] = {}
        wanted = draw.choices(_TEXTS, k=2) if is_pair else [kind]
        for one in wanted:
            changed, true = slip(one, instrument, cells, sources, draw)
            said, truth = said | changed, truth | true
        if len(truth) >= len(wanted):
            kind = "two slips" if is_pair else kind
            table_kind = sources.kind_of[instrument, min(truth)[1]]
            planted.append(
                Planted(len(planted), instrument, table_kind, bases, rows, kind, said, truth)
            )
            failed[turn] = 0
            continue
        failed[turn] += 1
        if failed[turn] == _TRIES:
            # Nothing there can slip so: a letter has no other list.
            turns.remove(turn)
    return planted


def slip(kind: str, instrument: str, cells: Cells, sources: Sources, draw: random.Random) -> Slip:
    """What one slip of a kind prints in some cells, and the truth; nothing where it cannot be."""
    if kind in ("grade_of_unrounded", "grade_at_overlap"):
        return at_bound(kind, instrument, cells, sources, draw)
    grades = [str(one["grade"]) for one in bands(instrument)]
    is_grade = kind == "grade_replaced"
    able = [
        place
        for place, text in cells.items()
        if (text in grades if is_grade else WRITTEN.fullmatch(text))
        and (kind != "sign_lost" or sources.component.get((instrument, place[3])) in sources.signed)
    ]
    for part in (1, 3):
        # A table, then a column of it: else most slips would be in the widest.
        name = draw.choice(sorted({place[part] for place in able}) or [""])
        able = [place for place in able if place[part] == name]
    if not able:
        return {}, {}
    place = draw.choice(sorted(able))
    document, table, row, column = place
    down = sorted(one for one in able if one[:2] == place[:2])

    def all_of(run: Sequence[Place], texts: Sequence[str], least: int = 1) -> Slip:
        changed = {
            one: text
            for one, text in zip(run, texts, strict=True)
            if number(cells[one]) != number(text)
        }
        return (
            (changed, {one: cells[one] for one in changed}) if len(changed) >= least else ({}, {})
        )

    if kind in (*_TEXTS, "sign_lost"):
        texts = misprints(kind, cells[place])
        return all_of([place], [draw.choice(texts)]) if texts else ({}, {})
    if kind == "cells_swapped":
        partner = draw.choice(down)
        return all_of([place, partner], [cells[partner], cells[place]])
    if kind == "run_shifted":
        here = down.index(place)
        run = down[here : here + draw.randrange(3, 6)]
        shift = draw.choice([1, -1])
        return all_of(run, [cells[run[(at - shift) % len(run)]] for at in range(len(run))], 3)
    if kind == "value_of_other_row":
        three = draw.sample(down, min(3, len(down)))
        return all_of(three, [cells[one] for one in (*three[1:], three[0])], 3)
    if kind == "grade_replaced":
        at = grades.index(cells[place])
        beside = grades[max(0, at - 1) : at] + grades[at + 1 : at + 2]
        return all_of([place], [draw.choice(beside)])
    others = [
        one
        for one in sorted(cells)
        if one[0] == document and one[2] == row and one != place and WRITTEN.fullmatch(cells[one])
    ]
    if kind == "columns_swapped":
        # A percentage in a column of amounts is refused at the entrance.
        partners = [
            one for one in others if one[1] == table and "%" not in cells[one] + cells[place]
        ]
        partner = draw.choice(partners or [place])
        return all_of([place, partner], [cells[partner], cells[place]])
    if kind == "other_list":
        texts = [cells[one] for one in others if one[1] != table and one[3] == column]
    else:
        texts = earlier(place, instrument, cells, others, sources)
    return all_of([place], [draw.choice(texts)]) if texts else ({}, {})


def earlier(
    place: Place, instrument: str, cells: Cells, others: Sequence[Place], sources: Sources
) -> list[str]:
    """What the figure of a cell was before: in the form or year before, or by what it changed."""
    document, table, row, column = place
    documents = sorted({one[0] for one in cells})
    before = [(one, table, row, column) for one in documents[: documents.index(document)][-1:]]
    before += [one for one in others if column.isdigit() and one[3] == str(int(column) - 1)]
    changed = sources.difference.get(sources.component.get((instrument, column)) or "")
    return [cells[one] for one in before if one in cells] + [
        printed(number(cells[place]) - number(cells[one]))  # type: ignore[operator]
        for one in others
        if changed and sources.component.get((instrument, one[3])) == changed
    ]


def at_bound(
    kind: str, instrument: str, cells: Cells, sources: Sources, draw: random.Random
) -> Slip:
    """The last row of a list, at the bound of two grades, with the grade of the lower one."""
    total, below, graded = sources.means.get(instrument, ("", [], ""))
    last = {place[:2]: place for place in sorted(cells) if place[3] == total}
    if not last:
        return {}, {}
    row = draw.choice(sorted(last.values()))[:3]
    score = number(cells[*row, total])
    parts = [name for name in below if WRITTEN.fullmatch(cells.get((*row, name), "-"))]
    bounds = [
        (upper["lower_bound"], upper["grade"], lower["grade"])
        for upper, lower in pairwise(bands(instrument))
        if isinstance(score, Decimal)
        and upper["lower_bound"] <= score
        and (kind == "grade_of_unrounded" or upper["lower_bound"] in sources.ends)
    ]
    if len(parts) < 2 or not bounds:
        return {}, {}
    bound, upper, lower = draw.choice(bounds)
    said = {(*row, name): printed(bound) for name in (*parts, total)}
    if kind == "grade_of_unrounded":
        # The mean is less than half a hundredth below the bound, and so printed as the bound.
        said[*row, parts[0]] = printed(bound - _CENT)
    return said | {(*row, graded): lower}, {(*row, graded): upper}


def write(sources: Sources, planted: Sequence[Planted], project: Path) -> None:
    """The documents with their slips, in place of a project's seeds."""
    files = {file.stem: file for file in (project / "seeds").glob("*/*.csv")}
    cuts = pl.DataFrame(
        [
            (base, document_of(one, base), one.number, one.rows.start, one.rows.stop)
            for one in planted
            for base in one.bases
        ],
        schema=["document_id", "new_id", "planted_no", "first_row", "after"],
        orient="row",
    )
    changes = pl.DataFrame(
        [
            (document_of(one, place[0]), *place[1:], text)
            for one in planted
            for place, text in one.printed.items()
        ],
        schema=[*_PLACE, "name", "changed"],
        orient="row",
    ).cast({"row_no": pl.Int32})
    tables = {one.name: one for one in sources.tables}
    for folder in sources.folder.iterdir():
        if not folder.is_dir() or folder.name in sources.left_out:
            continue
        frame = sources.read(folder.name)
        if "document_id" in frame.columns:
            frame = frame.join(cuts, on="document_id")
            frame = frame.with_columns(document_id=pl.col("new_id"))
        # Forms of an agency have a year of their own, and one between them that no form is of.
        years = 2024 + 2 * pl.col("planted_no")
        if "fiscal_year" in frame.columns:
            frame = frame.with_columns(fiscal_year=years.cast(frame.schema["fiscal_year"]))
        if "fiscal_quarter" in frame.columns:
            is_form = pl.col("fiscal_quarter").is_not_null()
            frame = frame.with_columns(
                edition_year=pl.when(is_form).then(years).otherwise("edition_year")
            )
        if table := tables.get(folder.name):
            frame = frame.filter(pl.col("row_no").is_between("first_row", "after", "left"))
            extra = sources.extra(table)
            for column, name in sources.names(table, dict.fromkeys(extra, "")).items():
                name_ = pl.concat_str(extra, separator=":") if extra else pl.lit(name)
                frame = frame.with_columns(name=name_).join(
                    changes, on=[*_PLACE, "name"], how="left"
                )
                frame = frame.with_columns(pl.coalesce("changed", column).alias(column))
                frame = frame.drop("changed", "name")
        frame.select(seeds.schema(folder.name).names()).write_csv(files[folder.name])


def document_of(planted: Planted, base: str) -> str:
    """The name of a planted document that was cut from a generated one."""
    return f"{base}-{planted.number}"


def judge(planted: Sequence[Planted], project: Path) -> list[Judged]:
    """Build the project, once, and compare what is proposed with what is true."""
    done = world.dbt_build(
        project, "--select", "+repairs", "--exclude-resource-type", "test", "unit_test"
    )  # fmt: skip
    if done.returncode:
        raise BadInputError(f"The planted documents do not build:\n{done.stdout[-2000:]}")
    with duckdb.connect(project / world.DATABASE, read_only=True) as connection:
        found = connection.execute(
            "select distinct document_id from intermediate.int_quality__findings "
            "where finding_id in (select finding_id from intermediate.int_diagnosis__broken_rules)"
        ).fetchall()
        proposals = connection.execute(
            "select repairs.finding_id, repair_no, findings.document_id, is_unique, "
            "list([repairs.document_id, repairs.table_id, cast(repairs.row_no as text), "
            "repairs.column_name, proposed]) "
            "from marts.repairs inner join intermediate.int_quality__findings as findings "
            "using (finding_id) group by all order by all"
        ).fetchall()
    by_document: dict[str, list[tuple[int, bool, frozenset[tuple[str, ...]]]]] = {}
    for _, number_, document, is_unique, changes in proposals:
        said = frozenset((*place, str(_plain(text))) for *place, text in changes)
        by_document.setdefault(document, []).append((number_, is_unique, said))
    noticed = {document for (document,) in found}
    return [_judged(one, noticed, by_document) for one in planted]


def _judged(
    planted: Planted,
    noticed: set[str],
    by_document: Mapping[str, Sequence[tuple[int, bool, frozenset[tuple[str, ...]]]]],
) -> Judged:
    documents = [document_of(planted, base) for base in planted.bases]
    truth = {
        (document_of(planted, document), table, str(row), column, str(_plain(text)))
        for (document, table, row, column), text in planted.truth.items()
    }
    said = [one for document in documents for one in by_document.get(document, ())]
    return Judged(
        planted.instrument,
        planted.table_kind,
        planted.kind,
        any(document in noticed for document in documents),
        any(changes <= truth for _, _, changes in said),
        any(number_ == 1 and changes <= truth for number_, _, changes in said),
        any(is_unique and changes <= truth for _, is_unique, changes in said),
        any(is_unique and not changes <= truth for _, is_unique, changes in said),
    )


def _plain(text: str) -> Decimal | str:
    said = number(text)
    return said.normalize() if isinstance(said, Decimal) else said


def campaign(scratch: Path, singles: int, pairs: int, seed: int) -> list[Judged]:
    """Generate, plant, build and judge."""
    sources = Sources(scratch / "true", seed)
    planted = plant(sources, singles, pairs, seed)
    project = world.copy_project(scratch / "project")
    write(sources, planted, project)
    return judge(planted, project)
