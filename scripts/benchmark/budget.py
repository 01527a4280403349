"""
Quarterly forms of agencies, as their budget tables would print them.

Forty kinds of agencies, each with a tree of about sixty lines (programs, activities, sub-
activities, the grand total last) that its agencies share; ceilings hold for a year, realizations
are a quarter's own. Sums are exact, percentages printed half-up. A few forms have lost pages: the
lines of a program from some place on, sometimes up to the middle of one of its later activities.
Amounts are whole rupiah.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from . import seeds, sources
from .scores import MISPRINTED, Bools, Ints, half_up

LINES_PER_FORM = 60
QUARTERS = ("I", "II", "III", "IV")
# Columns of figures in a form.
FIGURES = ("ceiling", "realization", "realization_pct")

_LOST_PAGES = 0.005
_AGENCY, _PROGRAM, _ACTIVITY, _SUB = range(4)


@dataclass(frozen=True)
class Forms:
    """All agencies with their lines laid out one below the other; the same every quarter."""

    agency: pl.Series  # printed name, per agency
    slug: pl.Series  # part of document_id, per agency
    form: Ints  # of each line: its agency
    level: Ints
    parent: Ints  # as a line of all lines
    name: pl.Series
    first: Ints  # line of each agency
    gaps: list[list[tuple[int, int]]]  # per agency, lines of its form that may be lost together


def _tree(rng: np.random.Generator, subject: str) -> pl.DataFrame:
    """The 52 to 68 lines of one kind of agency: name, level and parent (a line of it, -1: none)."""
    words = sources.data("words.yml")
    verbs, objects = words["verbs"], words["objects"]
    activities = rng.multinomial(13 - 4, [0.25] * 4) + 1
    subs = rng.multinomial(int(rng.integers(34, 50)) - 13, [1 / 13] * 13) + 1
    pairs = iter(rng.permutation(len(verbs) * len(objects)))
    total = activities.size + activities.sum() + subs.sum()
    lines: list[tuple[str, int, int]] = []
    below = iter(subs)
    for number, count in enumerate(activities):
        program = len(lines)
        lines.append((f"Program {objects[number * 2]} {subject}", _PROGRAM, total))
        for _ in range(count):
            verb, what = divmod(int(next(pairs)), len(objects))
            activity = len(lines)
            lines.append((f"Kegiatan {verbs[verb]} {objects[what]} {subject}", _ACTIVITY, program))
            for _ in range(next(below)):
                verb, what = divmod(int(next(pairs)), len(objects))
                lines.append((f"{verbs[verb]} {objects[what]}", _SUB, activity))
    lines.append(("Total Anggaran", _AGENCY, -1))
    return pl.DataFrame(lines, schema=("name", "level", "parent"), orient="row")


def _gaps(level: list[int], parent: list[int]) -> list[tuple[int, int]]:
    """
    Runs of lines (first, last) inside one program, after which the tree still reads right.

    The next printed line must be another activity, program or total, or a sub-activity whose
    activity is lost too: a sub-activity of a printed activity would count twice, below its activity
    and below its program.
    """
    found = []
    for first in range(2, len(level) - 1):
        for last in range(first, min(first + 25, len(level) - 1)):
            if level[last] in (_PROGRAM, _AGENCY):
                break
            after = last + 1
            if level[after] != _SUB or parent[after] >= first:
                found.append((first, last))
    return found


def forms(governments: pl.DataFrame, agencies: int, seed: int) -> Forms:
    """So many agencies, spread over the governments (region_code and printed name in `scores`)."""
    names = sources.data("words.yml")["agencies"]
    trees = [_tree(np.random.default_rng([seed, 5, no]), name) for no, name in enumerate(names)]
    gaps = [_gaps(tree["level"].to_list(), tree["parent"].to_list()) for tree in trees]
    # Every government its first kinds before anyone's next.
    kind, government = np.divmod(np.arange(agencies), governments.height)
    order = np.lexsort((kind, government))
    kind, government = kind[order], government[order]
    sizes = np.array([tree.height for tree in trees])[kind]
    first = np.cumsum(sizes) - sizes
    lines = pl.concat([trees[one] for one in kind])
    parent = lines["parent"].to_numpy()
    code = governments["region_code"].gather(government).str.replace(".", "", literal=True)
    return Forms(
        agency=pl.Series(names).gather(kind) + " " + governments["scores"].gather(government),
        slug=code + "_" + pl.Series(kind + 1).cast(pl.String).str.zfill(2),
        form=np.repeat(np.arange(agencies), sizes),
        level=lines["level"].to_numpy(),
        parent=np.where(parent < 0, -1, parent + np.repeat(first, sizes)),
        name=lines["name"],
        first=first,
        gaps=[gaps[one] for one in kind],
    )


def _rolled_up(amounts: Ints, laid: Forms) -> Ints:
    """Amounts of sub-activities, with their sums on every line above."""
    whole = np.where(laid.level == _SUB, amounts, 0)
    for depth in (_SUB, _ACTIVITY, _PROGRAM):
        lines = laid.level == depth
        np.add.at(whole, laid.parent[lines], whole[lines])
    return whole


def _rupiah(amounts: Ints) -> pl.Series:
    """Whole rupiah as printed: 25.338.739.129."""
    groups = pl.Series([f"{number:03d}" for number in range(1000)])
    parts = [groups.gather(amounts // 1000**power % 1000) for power in range(4, -1, -1)]
    text = pl.select(pl.concat_str(parts, separator=".").str.strip_chars_start("0.")).to_series()
    return text.replace("", "0")


def _percent(hundredths: Ints) -> pl.Series:
    """12.34 per cent, given as 1234, as printed: "12,34%"."""
    cents = pl.Series([f",{number:02d}%" for number in range(100)])
    return pl.Series(hundredths // 100).cast(pl.String) + cents.gather(hundredths % 100)


class Year:
    """What the quarters of one fiscal year share: ceilings, and what its first quarter printed."""

    def __init__(self, laid: Forms, year: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 6, year])
        amounts = np.exp(rng.normal(19.3, 1.3, laid.level.size))
        amounts = np.clip(amounts, 1e6, 5e10).astype(np.int64)
        # Half of the ceilings are round.
        amounts = np.where(rng.random(amounts.size) < 0.5, amounts // 1000 * 1000, amounts)
        self.ceilings = _rolled_up(amounts, laid)
        self.first_quarter_right: Bools = np.zeros(laid.level.size, dtype=bool)


def quarter(
    laid: Forms, shared: Year, year: int, quarter_no: int, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Forms of one quarter: rows of the budget seed and of source_gaps, misprints (PLANTED)."""
    rng = np.random.default_rng([seed, 7, year, quarter_no])
    lines = laid.level.size
    # At most 22 % a quarter, so that a year stays below its ceiling, also with a misprint.
    shares = rng.beta(4, 2, lines) * 0.22
    shares[rng.random(lines) < 0.02] = 0
    spent = _rolled_up((shared.ceilings * shares).astype(np.int64), laid)
    true = np.stack([shared.ceilings, spent, half_up(10_000 * spent, shared.ceilings)])

    lost, gap_line = _lost(rng, laid)
    whole_form = ~np.isin(laid.form, laid.form[gap_line])

    wrong = (rng.random(lines) < MISPRINTED * 3) & ~lost
    column = rng.integers(0, 3, lines)
    # A twentieth of the ceiling at least: every percentage shows it.
    off = (shared.ceilings * rng.uniform(0.05, 0.12, lines)).astype(np.int64) + 1
    off = np.where(column == 2, rng.integers(2, 500, lines), off)
    printed = true.copy()
    place = np.flatnonzero(wrong)
    printed[column[place], place] += off[place]
    if quarter_no == 1:
        shared.first_quarter_right = whole_form & ~(wrong & (column == 0))
    # The same ceiling, right, in the first quarter: then this one cannot be.
    is_known = shared.first_quarter_right & whole_form & (quarter_no > 1)
    must_break = np.where(column == 0, np.where(is_known, 2, 0), 1)

    form = laid.form[~lost]
    row_no = np.arange(form.size) - np.searchsorted(form, form) + 1
    row_of_line = np.zeros(lines, dtype=np.int64)
    row_of_line[~lost] = row_no
    document = pl.select(
        pl.format("performance_{}_{}_q{}", laid.slug, year, quarter_no)
    ).to_series()
    ceiling, realization, share = printed[:, ~lost]
    budget = pl.DataFrame(
        {
            "document_id": document.gather(form),
            "table_id": "budget",
            "row_no": row_no,
            "source_line": pl.Series(row_no + 9).cast(pl.String),
            "agency_name": laid.agency.gather(form),
            "fiscal_year": str(year),
            "quarter": QUARTERS[quarter_no - 1],
            "page_no": (row_no - 1) // 35 + 1,
            "line_name": laid.name.filter(pl.Series(~lost)),
            "ceiling": _rupiah(ceiling),
            "realization": _rupiah(realization),
            "realization_pct": _percent(share),
        }
    )
    gaps = pl.DataFrame(
        {
            "document_id": document.gather(laid.form[gap_line]),
            "table_id": "budget",
            "after_row_no": row_of_line[gap_line],
            "open_level": "program",
            "basis": "inferred",
            "label_id": "Halaman sesudah baris ini hilang",
            "label_en": "Pages after this line are missing",
        }
    )
    column = column[place]
    is_share = pl.Series(column == 2)
    right, misprint = true[column, place], printed[column, place]
    planted = seeds.planted(
        "agency_performance__budget",
        document_id=document.gather(laid.form[place]),
        table_id="budget",
        row_no=row_of_line[place],
        column_name=pl.Series(FIGURES).gather(column),
        true_text=_percent(right).zip_with(is_share, _rupiah(right)),
        printed_text=_percent(misprint).zip_with(is_share, _rupiah(misprint)),
        must_break=pl.Series([None, "budget.line_percentage", "budget.constant_ceiling"]).gather(
            must_break[place]
        ),
    )
    return budget, gaps, planted


def _lost(rng: np.random.Generator, laid: Forms) -> tuple[Bools, Ints]:
    """Which lines are lost, and the last line printed before each gap."""
    lost = np.zeros(laid.level.size, dtype=bool)
    before = []
    for agency in np.flatnonzero(rng.random(laid.first.size) < _LOST_PAGES):
        first, last = laid.gaps[agency][rng.integers(len(laid.gaps[agency]))]
        start = laid.first[agency]
        lost[start + first : start + last + 1] = True
        before.append(start + first - 1)
    return lost, np.array(before, dtype=np.int64)
