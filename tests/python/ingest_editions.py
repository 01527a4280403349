"""Made-up editions of the known documents, each with oddities, from file to seeds.

A decision of 2025, a form of a second agency and a smart city letter of 2022. All figures are
invented and consistent: means, grades, order, roll-ups and percentages come out.
"""

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from command import kinerja
from ingest_rendering import FIXTURES, RESULTS, SEEDS, UNITS, read
from kinerja.ingest.engine import Gate

NEW_DOCUMENTS = (
    "performance_jambi_dinas_kesehatan_2025_q1",
    "public_service_2025",
    "smart_city_2022",
)
BANDS = [("4,51-5,00", "A"), ("4,01-4,50", "A-"), ("3,51-4,00", "B"), ("3,01-3,50", "B-")]
BANDS += [("2,51-3,00", "C"), ("2,01-2,50", "C-"), ("1,51-2,00", "D"), ("1,01-1,50", "E")]
BANDS += [("0,10-1,00", "F")]
_LOWER = [451, 401, 351, 301, 251, 200, 151, 101, 0]

ALIAS = ("Kota Sei Penuh", "15.72")
"""A name that no normalisation resolves; an analyst confirms it."""


def indonesian(hundredths: int) -> str:
    """Hundredths as printed: 346 is "3,46"."""
    sign, number = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{number // 100},{number % 100:02d}"


def _units(rng: random.Random, names: list[str]) -> list[list[str]]:
    """Rows of a list, best first; a unit may be missing, an index is the mean of the others."""
    found = []
    for name in names:
        scores: list[int | None] = [rng.randint(180, 495) for _ in range(3)]
        if rng.random() < 0.15:
            scores[1] = None
        known = [score for score in scores if score is not None]
        mean = (Decimal(sum(known)) / len(known)).quantize(Decimal(1), ROUND_HALF_UP)
        index = int(mean)
        grade = next(g for (_, g), low in zip(BANDS, _LOWER, strict=True) if index >= low)
        cells = ["*NA" if score is None else indonesian(score) for score in scores]
        found.append((-index, [name, *cells, indonesian(index), grade]))
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def _heading(table: str) -> list[str]:
    title, third, index = UNITS[table]
    heading = ["No", f"DAFTAR {title}", "IPP DINAS SOSIAL", "IPP RSUD", f"IPP {third}"]
    return [*heading, f"IPP {index}", "KATEGORI"]


def decision_2025() -> bytes:
    """Windows line ends, a BOM, lists out of order, a page printed twice, headings beside their
    columns on one page, a name over two lines, a footnote between rows, an extra column."""
    rng = random.Random(2025)
    regions = read(SEEDS / "reference" / "official_regions.csv")
    names = {
        kind: [row["region_name"] for row in regions if row["region_type"] == kind]
        for kind in ("province", "city", "regency")
    }
    provinces = ["Provinsi " + name for name in names["province"]]
    cities = [ALIAS[0] if name == "Kota Sungai Penuh" else name for name in names["city"]]
    last = names["regency"][-30:]
    rows = {
        "A": _units(rng, provinces),
        "B": _units(rng, cities),
        "C": _units(rng, names["regency"][:-30]),
        "D": [[name, *["NA"] * 5] for name in last],
    }
    lines = ["NOMOR 700TAHUN 2025", "", "HASIL EVALUASI PELAYANAN PUBLIK TAHUN 2025", ""]
    lines += ["Ditetapkan di Jakarta", "Pada tanggal 30 Desember 2025", ""]
    for table in ("C", "A", "D", "B"):
        numbered = [[f"{n}.", *row] for n, row in enumerate(rows[table], start=1)]
        pages = [numbered[n : n + 20] for n in range(0, len(numbered), 20)]
        if table == "C":
            pages = [pages[1], pages[0], *pages[2:], pages[0]]
        for page_no, page in enumerate(pages):
            heading = _heading(table)
            if table == "A" and page_no == 1:
                heading, page = ["", *heading], [["", *row] for row in page]
            if table == "D":
                heading = [*heading, "CATATAN"]
            lines += ["\t".join(heading), *("\t".join(row) for row in page), ""]
    text = "\n".join(lines)
    whole = "Kabupaten Penukal Abab Lematang Ilir"
    before, after = text.split(whole + "\t")
    rest, newline, below = after.partition("\n")
    text = f"{before}Kabupaten Penukal\t{rest}{newline}\tAbab Lematang Ilir\n{below}"
    text = text.replace("\n5.\tKota", "\n*) Angka sementara\n5.\tKota", 1)
    text += "\nINDEKS\tKATEGORI\n" + "\n".join("\t".join(band) for band in BANDS) + "\n"
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def _rupiah(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def form_of_second_agency() -> bytes:
    """Latin-1, merged headings, a page break, a total one column to the left, a row without its
    left half, numbered plans."""
    budget = [
        ("Program Pemenuhan Upaya Kesehatan", 0),
        ("Kegiatan Penyediaan Layanan Kesehatan", 0),
        ("Pengelolaan Pelayanan Kesehatan Ibu", 1_250_000_000),
        ("Pengelolaan Pelayanan Kesehatan Balita", 750_000_000),
        ("Kegiatan Penyelenggaraan Sistem Informasi", 0),
        ("Pengelolaan Data dan Informasi Kesehatan", 500_000_000),
    ]
    spent = [0, 0, 312_500_000, 90_123_457, 0, 125_000_001]
    ceilings = [amount for _, amount in budget]
    for figures in (ceilings, spent):
        figures[1], figures[4] = figures[2] + figures[3], figures[5]
        figures[0] = figures[1] + figures[4]

    def amounts(ceiling: int, realization: int) -> list[str]:
        share = (Decimal(realization) * 10000 / ceiling).quantize(Decimal(1), ROUND_HALF_UP)
        return [_rupiah(ceiling), _rupiah(realization), f"{indonesian(int(share))}%"]

    right = [
        [name, *amounts(ceiling, realization)]
        for (name, _), ceiling, realization in zip(budget, ceilings, spent, strict=True)
    ]
    left = [
        ["1", "Meningkatnya derajat kesehatan", "Indeks Pelayanan Publik", "3,5", "", "-", "", ""],
        ["", "", "Nilai SAKIP", "68,64", "", "", "", "Nilai belum dikeluarkan"],
    ]
    left += [[""] * 8 for _ in range(len(right) - len(left))]
    rows = [a + b for a, b in zip(left, right, strict=True)]
    heading = (
        "NO.|SASARAN STRATEGIS|INDIKATOR SASARAN|TARGET|CARA PENGUKURAN|TRIWULAN I||KETERANGAN"
    )
    heading += "|PROGRAM/KEGIATAN/SUB KEGIATAN|PAGU|TRIWULAN I||KETERANGAN"
    lines = ["FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN 2025", ""]
    lines += ["Perangkat Daerah : Dinas Kesehatan Kota Jambi", ""]
    lines += [heading.replace("|", "\t"), "\t" * 5 + "REALISASI\t%\t\t\t\tREALISASI\t%"]
    lines += ["\t".join(map(str, range(1, 14)))]
    lines += ["\t".join(row) for row in rows[:4]]
    lines += ["", heading.replace("|", "\t"), *("\t".join(row) for row in rows[4:]), ""]
    total = ["Total Anggaran", *[""] * 6, "", *amounts(ceilings[0], spent[0])]
    lines += ["\t".join(total), ""]
    lines += [
        "Uraian Permasalahan : 1. Keterbatasan sumber daya manusia; 2. Sarana \xe9lektronik",
        "",
    ]
    lines += [
        "Rencana Tindak Lanjut : 1. Pelatihan tenaga kesehatan; 2. Kolaborasi lintas unit",
        "",
    ]
    lines += ["KEPALA DINAS"]
    return "\n".join(lines).encode("cp1252")


def smart_city_letter_2022() -> bytes:
    """Invitations in one column, results before them in number, page blocks in another order and
    cut elsewhere, a region that took no part, a spelling in capitals."""
    regions = ["Kota Jambi", "Kab. Badung", "Kota Bogor", "Kab. Bogor", "Kota Ambon", "Kab. Siak"]
    level = {1: 3, 2: 4, 3: 2, 4: 3, 5: 4}
    lines = ["Nomor : B-100/DJAI/AI.01.04/01/2023", "Jakarta, 9 Januari 2023", "Hal : Hasil", ""]
    for number, name in enumerate(regions, start=1):
        title = "Walikota" if name.startswith("Kota") else "Bupati"
        lines.append(f"{number}\t{title} {name.split(maxsplit=1)[1]}")
    lines += ["", "Hasil Evaluasi Smart City Tahun 2022:", "", "\t".join(RESULTS)]
    for number, name in enumerate(regions, start=1):
        if number not in level:
            lines.append(f"{number}\t{name.upper()}\tTidak mengikuti evaluasi")
            continue
        score = level[number] * 100
        # Baseline averages last year's score (0,60 lower) with five scores of this level.
        figures = [score - 10, score, score, score, score, score - 1, 59]
        lines.append("\t".join([str(number), name.upper(), *map(indonesian, figures)]))
    blocks: dict[str, list[dict[str, str]]] = {}
    for row in read(FIXTURES / "smart_city_headings.csv"):
        blocks.setdefault(row["block_no"], []).append(row)
    for block_no in ("2", "1", "3", "4", "6", "7", "8", "9", "15"):
        headed = blocks[block_no]
        groups = [row["group_heading"].split(" / ") for row in headed]
        levels = [[*group, ""][:2] for group in groups]
        heads = [["NO", "NAMA KAB KOTA"], ["", ""], ["", ""]]
        for depth, group in enumerate(zip(*levels, strict=True)):
            heads[depth] += group
        heads[2] += [row["heading"] for row in headed]
        lines += ["", *("\t".join(head) for head in heads if any(head))]
        for number, name in enumerate(regions, start=1):
            if number not in level:
                if block_no == "1":
                    lines.append(f"{number}\t{name}\tTidak mengikuti evaluasi")
                continue
            values = [indonesian(level[number] * 100)] * len(headed)
            if block_no == "1":
                values[0] = indonesian(level[number] * 100 - 60)
            lines.append("\t".join([str(number), name, *values]))
    return "\n".join(lines).encode()


def files() -> dict[str, bytes]:
    """The three documents by the name of a file."""
    return {
        "decision_2025.txt": decision_2025(),
        "form_2025.txt": form_of_second_agency(),
        "letter_2022.txt": smart_city_letter_2022(),
    }


def add_editions(seeds: Path, folder: Path, gate: Gate | None = None) -> None:
    """Ingest the three documents, written into `folder`."""
    for name, data in files().items():
        (folder / name).write_bytes(data)
    accept = f"{ALIAS[0]}={ALIAS[1]}:short form of Sungai Penuh"
    paths = [folder / name for name in files()]
    ended = kinerja("ingest", *paths, "--seeds", seeds, "--accept", accept, raw_gate=gate)
    assert ended.code == 0, ended
