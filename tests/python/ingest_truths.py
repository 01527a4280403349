"""Documents whose truth is known: of each kind, in each carrier, changed as offices change them.

`document(seed)` makes one; what its raw rows must be is worked out beside it, never by the reader.
"""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import ingest_rendering as rendering

Row = dict[str, str]

SOUND = "sound"
"""What a document is with which nothing is wrong: it must be stored."""


@dataclass
class Page:
    """Headings, rows of one table below them, and each row's truth; prose has rows alone."""

    heads: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    is_list: bool = False


@dataclass
class Made:
    """A document: its pages in order, the rows that it must give, what was done to it."""

    kind: str
    pages: list[Page]
    truth: dict[str, list[Row]]
    changes: list[str] = field(default_factory=list)
    fault: str = SOUND
    hidden: list[int] = field(default_factory=list)

    def lists(self) -> list[Page]:
        """The pages of numbered lists."""
        return [page for page in self.pages if page.is_list]

    def form(self) -> Page:
        """The page of a form."""
        return next(page for page in self.pages if page.heads)


_REGIONS = rendering.read(rendering.SEEDS / "reference" / "official_regions.csv")
_NAMES = {
    kind: [row["region_name"] for row in _REGIONS if row["region_type"] == kind]
    for kind in ("province", "city", "regency")
}
_GRADES: tuple[tuple[str, int], ...] = (
    ("A", 451),
    ("A-", 401),
    ("B", 351),
    ("B-", 301),
    ("C", 251),
    ("C-", 200),
)
_GRADES += (("D", 151), ("E", 101), ("F", 0))


def _figure(hundredths: int) -> str:
    return f"{hundredths // 100},{hundredths % 100:02d}"


def _rupiah(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _prose(*texts: str) -> Page:
    return Page(rows=[[text] if text else [] for text in texts])


def _public_service(rng: random.Random) -> Made:
    year = rng.randint(2026, 2060)
    head = _prose(
        f"NOMOR {rng.randint(1, 900)} TAHUN {year}", "", f"Pelayanan Publik Tahun {year}", "",
        f"Pada tanggal {rng.randint(1, 28)} Desember {year}", "",
    )  # fmt: skip
    pages, truth = [], []
    for part in rng.sample("ABC", rng.randint(1, 3)):
        kind = {"A": "province", "B": "city", "C": "regency"}[part]
        title, third, index = rendering.UNITS[part]
        heads = ["No", f"DAFTAR {title}", "IPP DINAS SOSIAL", "IPP RSUD", f"IPP {third}"]
        page = Page([[*heads, f"IPP {index}", "KATEGORI"]], is_list=True)
        for number, name in enumerate(rng.sample(_NAMES[kind], rng.randint(3, 8)), start=1):
            name = f"Provinsi {name}" if kind == "province" else name
            scores = [rng.randint(120, 499) for _ in range(3)]
            mean = int((Decimal(sum(scores)) / 3).quantize(Decimal(1), ROUND_HALF_UP))
            grade = next(grade for grade, low in _GRADES if mean >= low)
            cells = [*map(_figure, scores), _figure(mean), grade]
            page.rows.append([f"{number}.", name, *cells])
            columns = ("social_service", "hospital", "third_unit", "index_score", "grade")
            own = {"table_id": part, "row_no": str(number), "region_name": name}
            truth.append({**own, **dict(zip(columns, cells, strict=True))})
        pages.append(page)
    bands = Page([["INDEKS", "KATEGORI"]], [["4,51-5,00", "A"], ["4,01-4,50", "A-"]])
    banded = [
        {"table_id": "bands", "row_no": str(n), "index_range": low, "grade": grade}
        for n, (low, grade) in enumerate(bands.rows, start=1)
    ]
    seeds = {"public_service__scores": truth, "public_service__bands": banded}
    return Made("public_service", [head, *pages, bands], seeds)


def _smart_city(rng: random.Random) -> Made:
    year = rng.randint(2026, 2060)
    regions = rng.sample(_NAMES["city"] + _NAMES["regency"], rng.randint(4, 8))
    head = _prose(
        f"Nomor : B-{rng.randint(1, 99)}/DJAI/01/{year + 1}", f"Jakarta, 3 Januari {year + 1}",
        "Hal : Hasil", "",
    )  # fmt: skip
    invited, invitations = Page(), []
    for number, name in enumerate(regions, start=1):
        kind, _, bare = name.partition(" ")
        entry = f"{'Walikota' if kind == 'Kota' else 'Bupati'} {bare}"
        invited.rows.append([str(number), entry])
        invitations.append({"table_id": "invitations", "row_no": str(number), "addressee": entry})
    columns = ("baseline", "output", "quick_win", "impact", "outcome", "final_score")
    results = Page([list(rendering.RESULTS)], is_list=True)
    truth = []
    for number, name in enumerate(regions, start=1):
        cells = [_figure(rng.randint(110, 399)) for _ in columns]
        cells.append(rng.choice(("", "-")) + _figure(rng.randint(1, 80)))
        results.rows.append([str(number), name.upper(), *cells])
        own = {"table_id": "results", "row_no": str(number), "region_name": name.upper()}
        truth.append({**own, **dict(zip((*columns, "improvement"), cells, strict=True))})
    heads = [["NO", "NAMA KAB KOTA", "Manfaat inovasi", "Keunikan inovasi", "Jejaring"]]
    details, cells_of, columns_of = Page(heads), [], []
    for number, name in enumerate(regions, start=1):
        values = [f"{rng.randint(1, 4)},00" for _ in range(3)]
        details.rows.append([str(number), name, *values])
        for at, value in enumerate(values, start=1):
            place = {"table_id": "details", "block_no": "1", "row_no": str(number)}
            cells_of.append({**place, "column_no": str(at), "region_name": name, "value": value})
    for at, heading in enumerate(heads[0][2:], start=1):
        place = {"table_id": "detail_columns", "block_no": "1", "column_no": str(at)}
        columns_of.append({**place, "group_heading": "", "heading": heading})
    seeds = {
        "smart_city__invitations": invitations, "smart_city__results": truth,
        "smart_city__details": cells_of, "smart_city__detail_columns": columns_of,
    }  # fmt: skip
    title = _prose("", f"Hasil Evaluasi Smart City Tahun {year}:", "")
    return Made("smart_city", [head, invited, title, results, details], seeds)


def _form(rng: random.Random) -> Made:
    year, quarter = rng.randint(2026, 2060), rng.choice(("I", "II", "III", "IV"))
    agency = f"{rng.choice(('Inspektorat', 'Dinas Sosial', 'Badan Kepegawaian'))} Kota Jambi"
    head = _prose(
        f"FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN {year}", "",
        f"Perangkat Daerah : {agency}", "",
    )  # fmt: skip
    period = f"TRIWULAN {quarter}"
    heads = [
        f"NO.|SASARAN STRATEGIS|INDIKATOR SASARAN|TARGET|CARA PENGUKURAN|{period}||KETERANGAN"
        f"|PROGRAM/KEGIATAN/SUB KEGIATAN|PAGU|{period}||KETERANGAN".split("|"),
        ["", "", "", "", "", "REALISASI", "%", "", "", "", "REALISASI", "%"],
    ]
    page, budget, targets = Page(heads), [], []
    same = {"agency_name": agency, "fiscal_year": str(year), "quarter": quarter}
    parts = [rng.randint(1_000_000, 90_000_000) * 100 for _ in range(rng.randint(1, 4))]
    lines = [("Program Pengawasan", sum(parts)), ("Kegiatan Reviu", sum(parts))]
    lines += [(f"Reviu Laporan {n}", part) for n, part in enumerate(parts, start=1)]
    lines += [(rng.choice(("Total Anggaran", "JUMLAH", "Total anggaran")), sum(parts))]
    indicators = ["Nilai SAKIP", "Nilai SPIP", "Opini BPK", "Jumlah dokumen"]
    for number, (name, ceiling) in enumerate(lines, start=1):
        spent = ceiling * rng.randint(1, 99) // 100
        share = (Decimal(spent) * 100 / ceiling).quantize(Decimal("0.01"), ROUND_HALF_UP)
        amounts = [_rupiah(ceiling), _rupiah(spent), f"{share}%".replace(".", ",")]
        left = [""] * 8
        if number <= len(indicators) and number < len(lines):
            target, done = rng.choice(
                (
                    ("70", "68,64"),
                    ("WTP", "-"),
                    ("12 Dokumen", "9 Dokumen"),
                    ("3,5", ""),
                    ("75%", "66,50%"),
                )
            )
            objective = ["1", "Pengawasan"] if number == 1 else ["", ""]
            achieved = "98%" if done[:1].isdecimal() else ""
            left = [*objective, indicators[number - 1], target, "Survei", done, achieved, ""]
            names = ("objective_no", "objective", "indicator", "target", "realization")
            cells = dict(zip(names, [*left[:4], done], strict=True))
            own = {"table_id": "targets", "row_no": str(number), **same, **cells}
            targets.append({**own, "achievement_pct": achieved, "remark": ""})
        page.rows.append([*left, name, *amounts])
        own = {"table_id": "budget", "row_no": str(number), **same, "page_no": "1"}
        cells = dict(zip(("ceiling", "realization", "realization_pct"), amounts, strict=True))
        budget.append({**own, "line_name": name, **cells})
    tail = _prose("", "Uraian Permasalahan : 1. Sumber daya manusia; 2. Teknologi informasi", "")
    noted = [
        {"table_id": "obstacle", "row_no": str(n), "note_no": str(n), "letter": "", "topic_code": t}
        for n, t in enumerate(("human_resources", "information_technology"), start=1)
    ]
    seeds = {
        "agency_performance__targets": targets,
        "agency_performance__budget": budget,
        "notes": noted,
    }
    return Made("agency_performance", [head, page, tail], seeds)


def _letter(rng: random.Random) -> Made:
    year = rng.randint(2026, 2060)
    region = rng.choice(_NAMES["city"])
    head = _prose(
        f"Nomor : B/{rng.randint(1, 99)}/AA.05/{year}", f"Hal : Hasil Evaluasi (AKIP) Tahun {year}",
        "", f"3 September {year}", "", f"Disampaikan kepada Pemerintah {region} hal berikut:", "",
    )  # fmt: skip
    page = Page(
        [
            ["Komponen Yang Dinilai", "", "Bobot", "Nilai", ""],
            ["", "", "", *map(str, (year - 1, year))],
        ]
    )
    truth: list[Row] = []
    names = ("Perencanaan Kinerja", "Pengukuran Kinerja", "Pelaporan Kinerja", "Evaluasi Internal")
    weights, sums = ("30", "30", "15", "25"), [0, 0]
    for letter, name, weight in zip("abcd", names, weights, strict=True):
        values = [rng.randint(700, 100 * int(weight)) for _ in range(2)]
        sums = [total + value for total, value in zip(sums, values, strict=True)]
        page.rows.append([f"{letter}.", name, weight, *map(_figure, values)])
    page.rows.append(["Nilai Hasil Evaluasi", "", "100", *map(_figure, sums)])
    page.rows.append(["Tingkat Akuntabilitas Kinerja", "", "", "B", "BB"])
    for number, row in enumerate(page.rows, start=1):
        is_lettered = row[0].endswith(".")
        for at, edition in enumerate((year - 1, year), start=3):
            truth.append(
                {
                    "table_id": "components",
                    "row_no": str(number),
                    "region_name": region,
                    "letter": row[0][0] if is_lettered else "",
                    "component_name": row[1] if is_lettered else row[0],
                    "weight": row[2],
                    "edition_year": str(edition),
                    "value": row[at],
                }
            )
    tail = _prose("", "4. Rekomendasi", "- 1) Pembandingan (benchmark) kinerja.")
    noted = [{"table_id": "recommendation", "row_no": "1", "note_no": "1", "letter": ""}]
    noted[0]["topic_code"] = "benchmarking"
    seeds = {"accountability__components": truth, "notes": noted}
    return Made("accountability", [head, page, tail], seeds)


MAKERS = (_public_service, _smart_city, _form, _letter)

# Changes. Each says whether it could be made; those that leave the document sound keep the truth.


def _doubled(made: Made, rng: random.Random) -> bool:
    """A page of a list is printed twice."""
    if not made.lists():
        return False
    page = rng.choice(made.lists())
    copy = Page([*map(list, page.heads)], [*map(list, page.rows)])
    made.pages.insert(made.pages.index(page) + 1, copy)
    return True


def _moved(made: Made, rng: random.Random) -> bool:
    """A list is printed after another, or after the bands."""
    if len(made.lists()) < 2 or "_broken" in made.changes:
        return False
    page = made.lists()[0]
    made.pages.remove(page)
    made.pages.append(page)
    return True


def _columns_moved(made: Made, rng: random.Random) -> bool:
    """Two columns of scores have changed places, with their headings."""
    if not made.lists() or "_broken" in made.changes:
        return False
    page = rng.choice(made.lists())
    for row in (*page.heads, *page.rows):
        row[2], row[3] = row[3], row[2]
    return True


def _broken(made: Made, rng: random.Random) -> bool:
    """A list runs on over a page, with or without its headings again."""
    if not made.lists():
        return False
    page = rng.choice(made.lists())
    heads = [list(head) for head in page.heads] if rng.random() < 0.5 else []
    rest = Page(heads, page.rows[2:])
    page.rows[2:] = []
    made.pages.insert(made.pages.index(page) + 1, rest)
    return True


def _with_extra_column(made: Made, rng: random.Random) -> bool:
    """A list has one more column, of remarks."""
    if not made.lists() or "_broken" in made.changes:
        return False
    page = rng.choice(made.lists())
    page.heads[0].append("CATATAN")
    for row in page.rows:
        row.append("cek")
    return True


def _cited(made: Made, rng: random.Random) -> bool:
    """Sentences with names and figures stand between the tables."""
    name = rng.choice(_NAMES["city"])
    sentences = (
        f"Sebagai contoh, {name} memperoleh nilai 3,96 dan {rng.randint(2, 90)} peringkat.",
        "Penilaian dilakukan oleh 12 evaluator selama 3 bulan.",
        f"Angka {name} akan diumumkan kemudian (lihat butir 2).",
    )
    at = rng.randint(1, len(made.pages))
    made.pages.insert(at, _prose("", rng.choice(sentences), ""))
    return True


def _pointed(made: Made, rng: random.Random) -> bool:
    """All its numbers have decimal points, and commas between thousands."""
    if made.kind == "agency_performance" or made.kind == "accountability":
        return False
    mirrored = str.maketrans(".,", ",.")

    def turned(text: str) -> str:
        is_figure = text.rstrip("\u00b9\u00b2\u00b3")[-2:].isdecimal() and "," in text
        return text.translate(mirrored) if is_figure else text

    for page in made.pages:
        page.rows = [[turned(c) if len(row) > 2 else c for c in row] for row in page.rows]
    for rows in made.truth.values():
        for row in rows:
            if row["table_id"] != "bands":
                row.update({name: turned(text) for name, text in row.items()})
    return True


def _each_amount(made: Made, written: Callable[[str], str]) -> None:
    page = made.form()
    for row, told in zip(page.rows, made.truth["agency_performance__budget"], strict=True):
        for at, name in ((9, "ceiling"), (10, "realization")):
            row[at] = told[name] = written(row[at])


def _in_other_amounts(made: Made, rng: random.Random) -> bool:
    """Amounts stand with Rp, with decimals or a dash after them, or without dots."""
    if made.kind != "agency_performance":
        return False
    forms: tuple[Callable[[str], str], ...] = (
        lambda text: f"Rp {text},00",
        lambda text: f"Rp. {text}",
        lambda text: f"{text},-",
        lambda text: text.replace(".", ""),
        lambda text: f"{text},00",
    )
    _each_amount(made, rng.choice(forms))
    return True


def _with_spaced_shares(made: Made, rng: random.Random) -> bool:
    """A blank stands before each percent sign."""
    if made.kind != "agency_performance":
        return False
    page = made.form()
    for row, told in zip(page.rows, made.truth["agency_performance__budget"], strict=True):
        row[11] = told["realization_pct"] = row[11].replace("%", " %")
    return True


def _marked(made: Made, rng: random.Random) -> bool:
    """A figure has the mark of a footnote."""
    if not made.lists():
        return False
    page = rng.choice(made.lists())
    row = rng.choice(page.rows)
    row[2] += rng.choice("\u00b9\u00b2\u00b3")
    return True


def _headed_otherwise(made: Made, rng: random.Random) -> bool:
    """Headings in other words, or written downwards."""
    if made.kind == "smart_city":
        made.lists()[0].heads[0][1] = "NAMA KABUPATEN/KOTA"
        return True
    if made.kind == "agency_performance":
        made.form().heads[0][9] = rng.choice(("PAGU ANGGARAN", "P A G U", "PAGU (Rp)"))
        return True
    return False


def _without_number(made: Made, rng: random.Random) -> bool:
    """A row has lost its number."""
    if not made.lists():
        return False
    page = rng.choice(made.lists())
    rng.choice(page.rows)[0] = ""
    return True


def _blanked(made: Made, rng: random.Random) -> bool:
    """A score is not printed."""
    if not made.lists() or {"_doubled", "_columns_moved"} & set(made.changes):
        return False
    page = rng.choice(made.lists())
    row = rng.choice(page.rows)
    at = rng.randint(2, 4)
    columns = {"public_service": ("social_service", "hospital", "third_unit")}
    name = columns.get(made.kind, ("baseline", "output", "quick_win"))[at - 2]
    seed = f"{made.kind}__{'scores' if made.kind == 'public_service' else 'results'}"
    for told in made.truth[seed]:
        if told["region_name"] == row[1]:
            told[name] = ""
    row[at] = ""
    return True


def _glued_cells(made: Made, rng: random.Random) -> bool:
    """FAULT Two figures of a row stand in one cell."""
    if not made.lists():
        return False
    row = rng.choice(rng.choice(made.lists()).rows)
    is_whole = bool(row[2] and row[3])
    row[2:4] = [f"{row[2]} {row[3]}"] if is_whole else row[2:4]
    return is_whole


def _single_blanks(made: Made, rng: random.Random) -> bool:
    """FAULT The last row of a table is separated by single blanks."""
    page = rng.choice([page for page in made.pages if page.heads])
    page.rows[-1] = [" ".join(cell for cell in page.rows[-1] if cell)]
    return True


def _unheaded(made: Made, rng: random.Random) -> bool:
    """FAULT The headings of a table are others, or are not printed."""
    page = rng.choice([page for page in made.pages if page.heads])
    if rng.random() < 0.5:
        page.heads = []
    else:
        page.heads = [["X" + cell if cell else "" for cell in head] for head in page.heads]
    return True


def _heading_lost(made: Made, rng: random.Random) -> bool:
    """FAULT One heading of a list is in words that are not known."""
    if not made.lists():
        return False
    head = rng.choice(made.lists()).heads[0]
    head[rng.randint(2, len(head) - 1)] = "LAIN-LAIN"
    return True


def _twofold(made: Made, rng: random.Random) -> bool:
    """FAULT A figure is a typing error."""
    pages = [page for page in made.pages if page.heads and len(page.heads[0]) > 4]
    page = rng.choice(pages)
    row = rng.choice(page.rows)
    at = 9 if made.kind == "agency_performance" else 3
    errors = ["4.3O", "12,345,6", "3;45", "1.2.3"]
    row[at] = rng.choice(errors if "_pointed" in made.changes else [*errors, "1.23"])
    return True


CHANGES = (
    *(_doubled, _moved, _columns_moved, _broken, _with_extra_column, _cited, _pointed),
    *(
        _in_other_amounts,
        _with_spaced_shares,
        _marked,
        _headed_otherwise,
        _without_number,
        _blanked,
    ),
)
FAULTS = (_glued_cells, _single_blanks, _unheaded, _heading_lost, _twofold)

# Carriers.


def _grid(made: Made) -> list[list[str]]:
    grid: list[list[str]] = []
    for page in made.pages:
        grid += [*page.heads, *page.rows, []]
    return grid


def _numbered(made: Made) -> rendering.Lines:
    return {n: row for n, row in enumerate(_grid(made), start=1) if any(row)}


def _tabs(made: Made, rng: random.Random) -> bytes:
    return "\n".join("\t".join(row) for row in _grid(made)).encode()


def _pipes(made: Made, rng: random.Random) -> bytes:
    lines = (f"| {' | '.join(row)} |" if len(row) > 1 else "".join(row) for row in _grid(made))
    return "\n".join(lines).encode()


def _blanks(made: Made, rng: random.Random) -> bytes:
    """Columns as wide as their longest cell, or two blanks between cells."""
    is_aligned = rng.random() < 0.5
    lines = []
    for page in made.pages:
        rows = [*page.heads, *page.rows, []]
        width = max(map(len, rows))
        padded = rendering._padded([row for row in rows if row], width)
        widest = [max(map(len, column)) for column in zip(*padded, strict=True)]
        for row in rows:
            cells = [c.ljust(w) for c, w in zip(row, widest, strict=False)] if is_aligned else row
            lines.append("  ".join(cells).rstrip() if is_aligned else "  ".join(filter(None, row)))
    return "\n".join(lines).encode()


def _csv(made: Made, rng: random.Random) -> bytes:
    return rendering.as_csv(dict(enumerate(_grid(made), 1)), rng.choice(",;"))


def _xlsx(made: Made, rng: random.Random) -> bytes:
    """Figures as text or as numbers with a format; perhaps an older column, hidden."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = rng.choice(("Lembar", "Daftar", "Contoh"))
    is_typed, hidden = rng.random() < 0.5, rng.randint(3, 6) if rng.random() < 0.3 else 0
    for number, row in enumerate(_grid(made), start=1):
        row = list(row)
        if hidden and len(row) >= hidden:
            row.insert(
                hidden - 1, "9,99" if any(c[:1].isdecimal() for c in row[2:]) else row[hidden - 1]
            )
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value, cell.number_format = _typed(text) if is_typed else (text or None, "@")
    if hidden:
        sheet.column_dimensions[openpyxl.utils.get_column_letter(hidden)].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(text: str) -> tuple[object, str]:
    """A cell as somebody types it whose sheet shows the text: a number and its format."""
    bare = text.removesuffix("%")
    digits = bare.replace(".", "").replace(",", ".")
    if not text or not digits.replace(".", "", 1).replace("-", "", 1).isdecimal() or " " in text:
        return text or None, "@"
    if _figure_like(bare):
        decimals = "0." + "0" * len(bare.partition(",")[2]) if "," in bare else "0"
        if text.endswith("%"):
            return float(digits), f'{decimals}"%"'
        grouped = "#,##" + decimals if "." in bare else decimals
        return (float(digits) if "," in bare else int(digits)), grouped
    return text, "@"


def _figure_like(bare: str) -> bool:
    whole, _, decimals = bare.lstrip("-").partition(",")
    groups = whole.split(".")
    is_whole = (
        all(len(group) == 3 for group in groups[1:]) and whole != "" and not whole.endswith(".")
    )
    return is_whole and groups[0] != "" and decimals.isdecimal() == ("," in bare)


def _docx(made: Made, rng: random.Random) -> bytes:
    import docx

    document = docx.Document()
    for page in made.pages:
        rows = [*page.heads, *page.rows]
        width = max(map(len, rows), default=0)
        if width < 2:
            for row in rows:
                document.add_paragraph("".join(row))
            continue
        table = document.add_table(len(rows), width)
        for cells, row in zip(table.rows, rendering._padded(rows, width), strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                mark = text[-1:] if text[-1:] in "\u00b9\u00b2\u00b3" else ""
                cell.text = text.removesuffix(mark)
                if mark:
                    digit = "\u00b9\u00b2\u00b3".index(mark) + 1
                    cell.paragraphs[0].add_run(str(digit)).font.superscript = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _ruled_pdf(made: Made, rng: random.Random) -> bytes:
    return rendering.as_pdf(_numbered(made))


def _plain_pdf(made: Made, rng: random.Random) -> bytes:
    """No rulings; text to the left of each column and figures to its right or left."""
    from reportlab.pdfgen.canvas import Canvas

    out, is_right = io.BytesIO(), rng.random() < 0.5
    canvas = Canvas(out, pagesize=(1900, 1500), invariant=1)
    y = 1450
    for page in made.pages:
        rows = [*page.heads, *page.rows]
        width = max(map(len, rows), default=0)
        lefts, left = [], 30.0
        for column in range(width):
            lefts.append(left)
            longest = max((row[column] for row in rows if len(row) > column), key=len)
            left += canvas.stringWidth(longest, "Helvetica", 8) + 24
        for row in rows:
            for column, text in enumerate(row):
                mark = text[-1:] if text[-1:] in "\u00b9\u00b2\u00b3" else ""
                text = text.removesuffix(mark)
                size = canvas.stringWidth(text, "Helvetica", 8)
                end = (lefts[column + 1] if column + 1 < width else left) - 24
                x = end - size if is_right and column > 1 else lefts[column]
                canvas.setFont("Helvetica", 8)
                canvas.drawString(x, y, text)
                if mark:
                    canvas.setFont("Helvetica", 5)
                    canvas.drawString(x + size, y + 3, str("\u00b9\u00b2\u00b3".index(mark) + 1))
            y -= 12
        y -= 24
        if y < 200:
            canvas.showPage()
            y = 1450
    canvas.save()
    return out.getvalue()


CARRIERS: dict[str, tuple[int, str, Callable[[Made, random.Random], bytes]]] = {
    "tabs": (26, ".txt", _tabs),
    "pipes": (14, ".txt", _pipes),
    "csv": (14, ".csv", _csv),
    "blanks": (16, ".txt", _blanks),
    "xlsx": (12, ".xlsx", _xlsx),
    "docx": (6, ".docx", _docx),
    "ruled pdf": (6, ".pdf", _ruled_pdf),
    "plain pdf": (6, ".pdf", _plain_pdf),
}
"""How often of a hundred, what the file is called, and what writes it."""


def document(seed: int) -> tuple[Made, str, str, bytes]:
    """The document of a seed: what it is, its carrier, its suffix and its bytes."""
    rng = random.Random(seed)
    made = rng.choice(MAKERS)(rng)
    for change in rng.sample(CHANGES, rng.choice((0, 1, 1, 2, 3))):
        if change(made, rng):
            made.changes.append(change.__name__)
    if rng.random() < 0.25:
        fault = rng.choice(FAULTS)
        if fault(made, rng):
            made.fault = fault.__name__
    names = list(CARRIERS)
    [carrier] = rng.choices(names, [CARRIERS[name][0] for name in names])
    _, suffix, write = CARRIERS[carrier]
    has_gaps = any(not cell for page in made.pages for row in page.rows for cell in row)
    if carrier in ("blanks", "plain pdf") and made.fault == SOUND and has_gaps:
        # A letter's total has no letter, which its length tells; other blanks have no place.
        made.fault = SOUND if made.kind == "accountability" else "gaps without borders"
    return made, carrier, suffix, write(made, rng)
