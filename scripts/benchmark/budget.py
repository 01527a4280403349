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

from .scores import MISPRINTED, Bools, Ints, half_up

KINDS = (
    "Sekretariat Daerah",
    "Sekretariat DPRD",
    "Inspektorat",
    *(
        f"Dinas {subject}"
        for subject in [
            "Pendidikan",
            "Kesehatan",
            "Pekerjaan Umum",
            "Perumahan Rakyat",
            "Sosial",
            "Tenaga Kerja",
            "Ketahanan Pangan",
            "Pertanahan",
            "Lingkungan Hidup",
            "Kependudukan",
            "Pemberdayaan Masyarakat",
            "Pengendalian Penduduk",
            "Perhubungan",
            "Komunikasi dan Informatika",
            "Koperasi",
            "Penanaman Modal",
            "Kepemudaan",
            "Statistik",
            "Persandian",
            "Kebudayaan",
            "Perpustakaan",
            "Kearsipan",
            "Perikanan",
            "Pariwisata",
            "Pertanian",
            "Kehutanan",
            "Perdagangan",
            "Perindustrian",
            "Transmigrasi",
        ]
    ),
    *(
        f"Badan {subject}"
        for subject in [
            "Perencanaan Pembangunan",
            "Keuangan Daerah",
            "Kepegawaian",
            "Pengembangan Sumber Daya Manusia",
            "Penelitian dan Pengembangan",
            "Penanggulangan Bencana",
            "Kesatuan Bangsa",
            "Pendapatan Daerah",
        ]
    ),
)
LINES_PER_FORM = 60
QUARTERS = ("I", "II", "III", "IV")

_VERBS = [
    "Penyusunan",
    "Pengelolaan",
    "Fasilitasi",
    "Koordinasi",
    "Pembinaan",
    "Evaluasi",
    "Pengawasan",
    "Penyediaan",
]
_OBJECTS = [
    "Dokumen Perencanaan",
    "Data dan Informasi",
    "Laporan Kinerja",
    "Sarana dan Prasarana",
    "Pelayanan Masyarakat",
    "Tata Kelola",
    "Kerja Sama Daerah",
    "Sumber Daya",
    "Peraturan Daerah",
    "Pengadaan Barang dan Jasa",
    "Peralatan Kerja",
]
_LOST_PAGES = 0.005
_AGENCY, _PROGRAM, _ACTIVITY, _SUB = range(4)


@dataclass(frozen=True)
class Tree:
    """
    The lines of one kind of agency, in printed order; `parent` is a line of the same tree (-1:
    none).
    """

    names: list[str]
    level: Ints
    parent: Ints
    # Which runs of lines (first, last) may be lost so that the others keep their parents or go to
    # their program.
    gaps: list[tuple[int, int]]


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
    gaps: list[list[tuple[int, int]]]  # per agency, as lines of its form


def trees(seed: int) -> list[Tree]:
    """One tree per kind of agency, between 52 and 68 lines."""
    return [
        _tree(np.random.default_rng([seed, 5, kind]), subject) for kind, subject in enumerate(KINDS)
    ]


def _tree(rng: np.random.Generator, subject: str) -> Tree:
    names: list[str] = []
    level: list[int] = []
    parent: list[int] = []

    def add(name: str, depth: int, above: int) -> int:
        names.append(name)
        level.append(depth)
        parent.append(above)
        return len(names) - 1

    activities = rng.multinomial(13 - 4, [0.25] * 4) + 1
    subs = iter(rng.multinomial(int(rng.integers(34, 50)) - 13, [1 / 13] * 13) + 1)
    pairs = iter(rng.permutation(len(_VERBS) * len(_OBJECTS)))
    for number, count in enumerate(activities):
        program = add(f"Program {_OBJECTS[number * 2]} {subject}", _PROGRAM, -1)
        for _ in range(count):
            verb, what = divmod(int(next(pairs)), len(_OBJECTS))
            activity = add(
                f"Kegiatan {_VERBS[verb]} {_OBJECTS[what]} {subject}", _ACTIVITY, program
            )
            for _ in range(next(subs)):
                verb, what = divmod(int(next(pairs)), len(_OBJECTS))
                add(f"{_VERBS[verb]} {_OBJECTS[what]}", _SUB, activity)
    total = add("Total Anggaran", _AGENCY, -1)
    parent = [
        total if depth == _PROGRAM else above for depth, above in zip(level, parent, strict=True)
    ]
    return Tree(names, np.array(level), np.array(parent), _gaps(level, parent))


def _gaps(level: list[int], parent: list[int]) -> list[tuple[int, int]]:
    """
    Runs of lines inside one program, after which the tree still reads right.

    The next printed line must be another activity, program or total, or a sub-activity whose
    activity is lost too: a sub-activity of a printed activity would count twice, below its activity
    and below its program.
    """
    found = []
    for before in range(1, len(level) - 2):
        first = before + 1
        for last in range(first, min(first + 25, len(level) - 1)):
            if level[last] in (_PROGRAM, _AGENCY):
                break
            after = last + 1
            if level[after] != _SUB or parent[after] >= first:
                found.append((first, last))
    return found


def forms(governments: pl.DataFrame, agencies: int, seed: int) -> Forms:
    """So many agencies, spread over the governments (region_code and printed name in `scores`)."""
    kinds = trees(seed)
    number = np.arange(agencies)
    # Every government its first kinds before anyone's next.
    kind, government = np.divmod(number, governments.height)
    order = np.lexsort((kind, government))
    kind, government = kind[order], government[order]
    sizes = np.array([tree.level.size for tree in kinds])[kind]
    first = np.cumsum(sizes) - sizes
    code = governments["region_code"].gather(government).str.replace(".", "", literal=True)
    slug_no = pl.Series(kind + 1).cast(pl.String).str.zfill(2)
    return Forms(
        agency=pl.Series(KINDS).gather(kind) + " " + governments["scores"].gather(government),
        slug=code + "_" + slug_no,
        form=np.repeat(number, sizes),
        level=np.concatenate([kinds[one].level for one in kind]),
        parent=np.concatenate(
            [
                np.where(kinds[one].parent < 0, -1, kinds[one].parent + start)
                for one, start in zip(kind, first, strict=True)
            ]
        ),
        name=pl.concat([pl.Series(kinds[one].names) for one in kind]),
        first=first,
        gaps=[kinds[one].gaps for one in kind],
    )


def _rolled_up(amounts: Ints, laid: Forms) -> Ints:
    """Amounts of sub-activities, with their sums on every line above."""
    whole = np.where(laid.level == _SUB, amounts, 0)
    for depth in (_SUB, _ACTIVITY, _PROGRAM):
        lines = laid.level == depth
        np.add.at(whole, laid.parent[lines], whole[lines])
    return whole


def rupiah(amounts: Ints) -> pl.Series:
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
    """
    The forms of one quarter: rows of the budget seed, of source_gaps, and misprints (see PLANTED).
    """
    rng = np.random.default_rng([seed, 7, year, quarter_no])
    lines = laid.level.size
    # At most 22 % a quarter, so that a year stays below its ceiling, also with a misprint.
    shares = rng.beta(4, 2, lines) * 0.22
    shares[rng.random(lines) < 0.02] = 0
    spent = _rolled_up((shared.ceilings * shares).astype(np.int64), laid)
    ceiling = shared.ceilings.copy()
    share = half_up(10_000 * spent, ceiling)

    lost, gap_line = _lost(rng, laid)
    has_gap = np.zeros(laid.first.size, dtype=bool)
    has_gap[laid.form[gap_line]] = True
    kept = ~lost

    wrong = (rng.random(lines) < MISPRINTED * 3) & kept
    column = rng.integers(0, 3, lines)
    shift = rng.uniform(0.05, 0.12, lines)
    true = np.select([column == 0, column == 1], [ceiling, spent], share)
    off = np.select(
        [column == 0, column == 1],
        # A twentieth of the ceiling at least: every percentage shows it.
        [(ceiling * shift).astype(np.int64) + 1, (ceiling * shift).astype(np.int64) + 1],
        rng.integers(2, 500, lines),
    )
    for place, figures in enumerate((ceiling, spent, share)):
        here = wrong & (column == place)
        figures[here] += off[here]
    whole_form = ~has_gap[laid.form]
    if quarter_no == 1:
        shared.first_quarter_right = whole_form & ~(wrong & (column == 0))
    must_break = np.where(
        column == 0,
        # The same ceiling, right, in the first quarter: then this one cannot be.
        np.where(shared.first_quarter_right & whole_form & (quarter_no > 1), 2, 0),
        1,
    )

    form_of_kept = laid.form[kept]
    counter = np.arange(form_of_kept.size)
    row_no = counter - np.searchsorted(form_of_kept, form_of_kept) + 1
    row_of_line = np.zeros(lines, dtype=np.int64)
    row_of_line[kept] = row_no
    document = pl.select(
        pl.format("performance_{}_{}_q{}", laid.slug, year, quarter_no)
    ).to_series()
    budget = pl.DataFrame(
        {
            "document_id": document.gather(form_of_kept),
            "row_no": row_no,
            "source_line": pl.Series(row_no + 9).cast(pl.String),
            "agency_name": laid.agency.gather(form_of_kept),
            "page_no": (row_no - 1) // 35 + 1,
            "line_name": laid.name.filter(pl.Series(kept)),
            "ceiling": rupiah(ceiling[kept]),
            "realization": rupiah(spent[kept]),
            "realization_pct": _percent(share[kept]),
        }
    ).with_columns(
        table_id=pl.lit("budget"),
        fiscal_year=pl.lit(str(year)),
        quarter=pl.lit(QUARTERS[quarter_no - 1]),
    )
    gaps = pl.DataFrame(
        {
            "document_id": document.gather(laid.form[gap_line]),
            "after_row_no": row_of_line[gap_line],
        }
    ).with_columns(
        table_id=pl.lit("budget"),
        open_level=pl.lit("program"),
        basis=pl.lit("inferred"),
        label_id=pl.lit("Halaman sesudah baris ini hilang"),
        label_en=pl.lit("Pages after this line are missing"),
    )
    printed = np.select([column == 0, column == 1], [ceiling, spent], share)
    is_share = pl.Series(column[wrong] == 2)
    planted = pl.DataFrame(
        {
            "document_id": document.gather(laid.form[wrong]),
            "seed_name": pl.repeat("agency_performance__budget", int(wrong.sum()), eager=True),
            "table_id": pl.repeat("budget", int(wrong.sum()), eager=True),
            "row_no": row_of_line[wrong],
            "column_name": pl.Series(["ceiling", "realization", "realization_pct"]).gather(
                column[wrong]
            ),
            "true_text": _percent(true[wrong]).zip_with(is_share, rupiah(true[wrong])),
            "printed_text": _percent(printed[wrong]).zip_with(is_share, rupiah(printed[wrong])),
            "must_break": pl.Series(
                [None, "budget.line_percentage", "budget.constant_ceiling"]
            ).gather(must_break[wrong]),
        }
    )
    return budget, gaps, planted


def _lost(rng: np.random.Generator, laid: Forms) -> tuple[Bools, Ints]:
    """Which lines are lost, and the last line printed before each gap."""
    lost = np.zeros(laid.level.size, dtype=bool)
    agencies = np.flatnonzero(rng.random(laid.first.size) < _LOST_PAGES)
    before = []
    for agency in agencies:
        first, last = laid.gaps[agency][rng.integers(len(laid.gaps[agency]))]
        start = laid.first[agency]
        lost[start + first : start + last + 1] = True
        before.append(start + first - 1)
    return lost, np.array(before, dtype=np.int64)
