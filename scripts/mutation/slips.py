"""The proof by planted slips: does the diagnosis name the misprinted cell, and what it was?

Generated documents that satisfy every rule are cut into small ones; in each of them one slip is
planted, or two, as `seeds/reference/slips.csv` names them. One build judges all. What a document
truly said is known, so every proposal is right or wrong.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
from benchmark import generate, seeds
from kinerja.core.errors import BadInputError

from . import world

WRITTEN = re.compile(r"-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]{1,4})?%?")

Place = tuple[str, str, int, str]
"""Document, table, row and column of a cell, as the marts name them."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is cut out of a generated document, and in which cells slips are planted."""

    name: str
    seeds: tuple[str, ...]
    columns: tuple[str, ...]
    rows: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """One document: where it was cut from, the slips in it, and what the changed cells were."""

    number: int
    instrument: str
    bases: tuple[str, ...]
    first_row: int
    kind: str
    printed: Mapping[Place, str]
    truth: Mapping[Place, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a planted slip."""

    instrument: str
    kind: str
    is_found: bool
    is_proposed: bool
    is_first: bool
    is_unique: bool
    is_wrong: bool


_TEXTS = (
    "digit_replaced", "digits_swapped", "digit_left_out", "digit_doubled", "comma_misplaced",
    "sign_lost",
)  # fmt: skip
_MOVES = ("cells_swapped", "run_shifted", "columns_swapped")
INSTRUMENTS = (
    Instrument(
        "smart_city", ("smart_city__results", "smart_city__details"),
        ("baseline", "output", "quick_win", "impact", "outcome", "final_score", "improvement"),
        6, (*_TEXTS, *_MOVES, "earlier_edition"),
    ),
    Instrument(
        "public_service", ("public_service__scores",),
        ("social_service", "hospital", "third_unit", "index_score"),
        10, (*_TEXTS[:-1], *_MOVES, "other_list", "grade_replaced"),
    ),
    Instrument(
        "agency_performance", ("agency_performance__budget",),
        ("ceiling", "realization", "realization_pct"),
        10_000, (*_TEXTS[:-1], *_MOVES, "earlier_edition"),
    ),
)  # fmt: skip


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
    return sorted(one for one in texts if WRITTEN.fullmatch(one) and number(one) != number(text))


def grouped(digits: str) -> str:
    """A whole number with dots between its thousands."""
    return f"{int(digits):,}".replace(",", ".") if digits.isdigit() else digits


def number(text: str) -> Decimal | str:
    """What a printed figure says; a grade says itself."""
    if not WRITTEN.fullmatch(text):
        return text
    return Decimal(text.replace(".", "").replace(",", ".").replace("%", ""))


class Sources:
    """Generated documents that satisfy every rule, and their cells by place."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Generate them."""
        spotless = dict.fromkeys(generate.SHARES, 0.0) | {"no_unit": generate.SHARES["no_unit"]}
        generate.generate(folder, 10_000, 1_000, seed, lambda step, share: None, spotless)
        self.folder = folder
        self.frames = {
            seed: pl.read_parquet(folder / seed / "*.parquet")
            for instrument in INSTRUMENTS
            for seed in instrument.seeds
        }
        self.cells: dict[str, dict[Place, str]] = {}
        for instrument in INSTRUMENTS:
            cells: dict[Place, str] = {}
            for name in instrument.seeds:
                for row in self.frames[name].iter_rows(named=True):
                    key = (row["document_id"], row["table_id"], row["row_no"])
                    if "block_no" in row:
                        cells[*key, f"{row['block_no']}:{row['column_no']}"] = row["value"]
                    else:
                        columns = (*instrument.columns, "grade")
                        cells |= {(*key, one): row[one] for one in columns if row.get(one)}
            self.cells[instrument.name] = cells

    def documents(self, instrument: Instrument) -> list[tuple[str, ...]]:
        """What one planted document is cut from: a document, or the forms of an agency's year."""
        names = sorted({place[0] for place in self.cells[instrument.name]})
        if instrument.name != "agency_performance":
            return [(name,) for name in names]
        agencies = sorted({name.rpartition("_q")[0] for name in names})
        by_agency = [tuple(n for n in names if n.rpartition("_q")[0] == one) for one in agencies]
        return [names for names in by_agency if len(names) == 4]


def plant(sources: Sources, singles: int, pairs: int, seed: int) -> list[Planted]:
    """So many documents with one slip, of all instruments and kinds in turn, and with two."""
    draw = random.Random(seed)
    combined = [(one, kind) for one in INSTRUMENTS for kind in one.kinds]
    planted: list[Planted] = []
    while len(planted) < singles + pairs:
        instrument, kind = combined[len(planted) % len(combined)]
        bases = draw.choice(sources.documents(instrument))
        last = max(row for _, _, row, _ in sources.cells[instrument.name])
        first_row = draw.randrange(1, max(2, last // 3 - instrument.rows))
        cells = {
            place: text
            for place, text in sources.cells[instrument.name].items()
            if place[0] in bases and first_row <= place[2] < first_row + instrument.rows
        }
        is_pair = len(planted) >= singles
        printed: dict[Place, str] = {}
        for _ in range(2 if is_pair else 1):
            printed |= slip(
                draw.choice(instrument.kinds[:5]) if is_pair else kind, instrument, cells, draw
            )
        if len(printed) < (2 if is_pair else 1):
            continue
        truth = {place: cells[place] for place in printed}
        kind = "two slips" if is_pair else kind
        planted.append(
            Planted(len(planted), instrument.name, bases, first_row, kind, printed, truth)
        )
    return planted


def slip(
    kind: str, instrument: Instrument, cells: Mapping[Place, str], draw: random.Random
) -> dict[Place, str]:
    """What one slip of a kind prints in place of some cells; nothing where it cannot happen."""
    columns = [name for name in instrument.columns if kind != "sign_lost" or name == "improvement"]
    column = draw.choice(columns)
    own = sorted(
        place for place in cells if place[3] == column and cells[place][-1] in "0123456789%"
    )
    if not own:
        return {}
    place = draw.choice(own)
    document, table, row, _ = place
    down = [one for one in own if one[:2] == place[:2]]
    here = down.index(place)

    def all_of(run: Sequence[Place], texts: Sequence[str]) -> dict[Place, str]:
        return {
            one: text
            for one, text in zip(run, texts, strict=True)
            if number(cells[one]) != number(text)
        }

    def other(place: Place) -> dict[Place, str]:
        return all_of([(document, table, row, column)], [cells[place]]) if place in cells else {}

    if kind in _TEXTS:
        texts = misprints(kind, cells[place])
        return {place: draw.choice(texts)} if texts else {}
    if kind == "cells_swapped":
        partner = draw.choice(down)
        return all_of([place, partner], [cells[partner], cells[place]])
    if kind == "run_shifted":
        run = down[here : here + draw.randrange(3, 6)]
        shift = draw.choice([1, -1])
        changed = all_of(run, [cells[run[(at - shift) % len(run)]] for at in range(len(run))])
        return changed if len(changed) >= 3 else {}
    if kind == "columns_swapped":
        partner = (document, table, row, draw.choice(instrument.columns))
        # A percentage in a column of amounts is refused at the entrance.
        if partner not in cells or "%" in (cells[place] + cells[partner]):
            return {}
        return all_of([place, partner], [cells[partner], cells[place]])
    if kind == "other_list":
        return other((document, {"B": "C", "C": "B"}.get(table, table), row, column))
    if kind == "earlier_edition" and instrument.name == "smart_city":
        final, gain = ((document, "results", row, name) for name in ("final_score", "improvement"))
        before = number(cells[final]) - number(cells[gain])  # type: ignore[operator]
        return all_of([final], [f"{before}".replace(".", ",")])
    if kind == "earlier_edition":
        return other((f"{document[:-1]}{int(document[-1]) - 1}", table, row, column))
    grades = ["A", "A-", "B", "B-", "C", "C-", "D", "E", "F"]
    place = (document, table, row, "grade")
    at = grades.index(cells[place])
    return {
        place: grades[at + 1] if at == 0 or (draw.random() < 0.5 and at < 8) else grades[at - 1]
    }


def write(sources: Sources, planted: Sequence[Planted], project: Path) -> None:
    """The documents with their slips, in place of a project's seeds."""
    files = {file.stem: file for file in (project / "seeds").glob("*/*.csv")}
    for one in sources.folder.iterdir():
        if one.is_dir():
            pl.read_parquet(one / "*.parquet").write_csv(files[one.name])
    rows = {one.name: one.rows for one in INSTRUMENTS}
    cuts = pl.DataFrame(
        [
            (
                base,
                document_of(one, base),
                one.number,
                one.first_row,
                one.first_row + rows[one.instrument],
            )
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
        schema=["document_id", "table_id", "row_no", "column", "changed"],
        orient="row",
    )
    key = ["document_id", "table_id", "row_no"]
    frames = {**sources.frames} | {
        name: pl.read_parquet(sources.folder / name / "*.parquet")
        for name in ("smart_city__detail_columns", "public_service__bands", "document_register")
    }
    for name, frame in frames.items():
        cut = frame.join(cuts, on="document_id")
        if name in sources.frames:
            cut = cut.filter(
                pl.col("row_no") >= pl.col("first_row"), pl.col("row_no") < pl.col("after")
            )
        cut = cut.with_columns(document_id=pl.col("new_id"))
        years = 2024 + 2 * pl.col("planted_no")
        if "fiscal_year" in frame.columns:
            # A year of its own for each, and one between them that no form is of.
            cut = cut.with_columns(fiscal_year=years)
        if name == "document_register":
            is_form = pl.col("instrument") == "agency_performance"
            cut = cut.with_columns(
                edition_year=pl.when(is_form).then(years).otherwise("edition_year")
            )
        if "block_no" in frame.columns and name in sources.frames:
            place = pl.format("{}:{}", "block_no", "column_no")
            cut = cut.with_columns(column=place).join(changes, on=[*key, "column"], how="left")
            cut = cut.with_columns(value=pl.coalesce("changed", "value"))
        elif name in sources.frames:
            for column in changes["column"].unique():
                if column in frame.columns:
                    texts = changes.filter(pl.col("column") == column).drop("column")
                    cut = cut.join(texts, on=key, how="left")
                    cut = cut.with_columns(pl.coalesce("changed", column).alias(column)).drop(
                        "changed"
                    )
        cut.select(seeds.schema(name).names()).write_csv(files[name])


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
        (document_of(planted, document), table, str(row), _column(column), str(_plain(text)))
        for (document, table, row, column), text in planted.truth.items()
    }
    said = [one for document in documents for one in by_document.get(document, ())]
    return Judged(
        planted.instrument,
        planted.kind,
        any(document in noticed for document in documents),
        any(changes <= truth for _, _, changes in said),
        any(number_ == 1 and changes <= truth for number_, _, changes in said),
        any(is_unique and changes <= truth for _, is_unique, changes in said),
        any(is_unique and not changes <= truth for _, is_unique, changes in said),
    )


def _column(column: str) -> str:
    """What the marts call a column of a form."""
    return f"{column}_rupiah" if column in ("ceiling", "realization") else column


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
