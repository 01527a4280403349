"""Writes the raw seeds back as documents in the printed layout: text, CSV, XLSX, PDF.

The rows of a document stand on the lines that its `source_line` names, headings on the lines
above them, and nothing else; so what is read back from text, CSV and XLSX must be the same bytes.
"""

import csv
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from kinerja.ingest.lines import MONTHS
from kinerja.instruments import declarations

PROJECT = Path(__file__).resolve().parents[2]
SEEDS = PROJECT / "seeds"
FIXTURES = PROJECT / "tests" / "fixtures"
TABLES = declarations.tables(SEEDS)


Rows = list[dict[str, str]]
Lines = dict[int, list[str]]
"""Line number to cells."""

SECTIONS = {
    "follow_up": "2. Tindak Lanjut Hasil Evaluasi Tahun Sebelumnya",
    "weakness": "3. Hasil Evaluasi",
    "recommendation": "4. Rekomendasi",
}
LABELS = {
    "enabler": "Faktor Pendorong",
    "obstacle": "Uraian Permasalahan",
    "plan": "Rencana Tindak Lanjut",
}
UNITS = {
    "A": ("PROVINSI", "SAMSAT/BAPPENDA", "PROVINSI"),
    "B": ("KOTA", "DISDUKCAPIL", "KOTA"),
    "C": ("KABUPATEN", "DISDUKCAPIL", "KABUPATEN"),
    "D": ("INSTANSI", "SAMSAT/BAPPENDA", "PROVINSI"),
}
RESULTS = [
    "No.",
    "Kabupaten/Kota",
    "Baseline (10%)",
    "Output (20%)",
    "Quick Win (20%)",
    "Impact (20%)",
    "Outcome (30%)",
    "Nilai Final",
    "Tingkat Improvement",
]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Iterable[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def copy_seeds(folder: Path) -> Path:
    """A copy of the project's seeds to work on."""
    return Path(shutil.copytree(SEEDS, folder / "seeds"))


def emptied_seeds(folder: Path) -> Path:
    """A copy of the seeds without any document; only what analysts confirmed is left."""
    seeds = copy_seeds(folder)
    for name, table in TABLES.items():
        write(seeds / "raw" / f"{name}.csv", table.names, [])
    for name in ("document_register", "expected_rows", "control_totals"):
        path = seeds / "reference" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    path = seeds / "reference" / "region_names.csv"
    names = read(path)
    write(path, names[0], [row for row in names if row["reason"]])
    return seeds


def bundles(seeds: Path = SEEDS) -> dict[str, list[str]]:
    """The documents that came in one file, by the file's name."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in read(seeds / "reference" / "document_register.csv"):
        found[row["file_name"]].append(row["document_id"])
    return dict(found)


def printed_lines(document_ids: Iterable[str], seeds: Path = SEEDS) -> Lines:
    """The documents as numbered lines of cells."""
    wanted = set(document_ids)
    rows = {
        name: [r for r in read(seeds / "raw" / f"{name}.csv") if r["document_id"] in wanted]
        for name in TABLES
    }
    labels = {r["topic_code"]: r["label_id"] for r in read(seeds / "reference/note_topics.csv")}
    lines: Lines = {}
    for register in read(seeds / "reference" / "document_register.csv"):
        if register["document_id"] in wanted:
            own = {
                name: [r for r in found if r["document_id"] == register["document_id"]]
                for name, found in rows.items()
            }
            _PRINTERS[register["instrument"]](lines, own, register, labels)
    return lines


def _above(lines: Lines, below: int, cells: list[str], gap: int = 0) -> int:
    """Put cells on the nearest free line above; give its number."""
    number = below - 1 - gap
    while number in lines:
        number -= 1
    lines[number] = cells
    return number


def _indonesian(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)} {MONTHS[int(month) - 1].capitalize()} {year}"


def _smart_city(
    lines: Lines, rows: dict[str, Rows], register: dict[str, str], _: dict[str, str]
) -> None:
    invited: dict[int, list[str]] = defaultdict(list)
    for row in rows["smart_city__invitations"]:
        invited[int(row["source_line"])] += [row["row_no"], row["addressee"]]
    lines.update(invited)
    first = min(invited)
    lines[first - 5] = [f"Nomor : {register['number']}"]
    lines[first - 4] = [f"Jakarta, {_indonesian(register['issued_on'])}"]
    lines[first - 3] = ["Hal : Pemberitahuan"]
    results = rows["smart_city__results"]
    for row in results:
        lines[int(row["source_line"])] = [row["row_no"], *list(row.values())[4:]]
    _page_heads(lines, results, RESULTS)
    start = int(results[0]["source_line"])
    lines[start - 2] = [f"Hasil Evaluasi Smart City Tahun {register['edition_year']}:"]
    columns: dict[str, Rows] = defaultdict(list)
    for row in rows["smart_city__detail_columns"]:
        columns[row["block_no"]].append(row)
    cells: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows["smart_city__details"]:
        at = int(row["source_line"])
        cells[at]["no"], cells[at]["name"] = row["row_no"], row["region_name"]
        cells[at][row["column_no"]] = row["value"]
        cells[at]["block"] = row["block_no"]
    for at, found in cells.items():
        width = len(columns[found["block"]])
        lines[at] = [found["no"], found["name"]]
        lines[at] += [found.get(str(n), "") for n in range(1, width + 1)]
    for block, headed in columns.items():
        at = int(headed[0]["source_line"])
        first = min(n for n, found in cells.items() if found["block"] == block)
        depth = first - at
        for level in range(depth):
            lines[at + level] = ["NO", "NAMA KAB KOTA"] if level == 0 else ["", ""]
            for column in headed:
                parts = [p for p in column["group_heading"].split(" / ") if p]
                parts = parts + [""] * (depth - 1 - len(parts)) + [column["heading"]]
                lines[at + level].append(parts[level])


def _page_heads(lines: Lines, rows: Rows, heading: list[str]) -> None:
    """Repeat a heading above the first row and after every break between pages."""
    last = -1
    for row in rows:
        at = int(row["source_line"])
        if at != last + 1:
            lines[at - 1] = heading
        last = at


def _public_service(
    lines: Lines, rows: dict[str, Rows], register: dict[str, str], _: dict[str, str]
) -> None:
    scores = rows["public_service__scores"]
    for row in scores:
        lines[int(row["source_line"])] = [f"{row['row_no']}.", *list(row.values())[4:]]
    for table, (title, third, index) in UNITS.items():
        heading = ["No", f"DAFTAR {title}", "IPP DINAS SOSIAL", "IPP RSUD", f"IPP {third}"]
        heading += [f"IPP {index}", "KATEGORI"]
        _page_heads(lines, [r for r in scores if r["table_id"] == table], heading)
    bands = rows["public_service__bands"]
    for row in bands:
        lines[int(row["source_line"])] = [row["index_range"], row["grade"]]
    _page_heads(lines, bands, ["INDEKS", "KATEGORI"])
    first = min(int(row["source_line"]) for row in scores)
    lines[first - 9] = [f"NOMOR {register['number'].replace(' Tahun', 'TAHUN')}"]
    lines[first - 7] = [f"Pelayanan Publik Tahun {register['edition_year']} Lingkup Daerah"]
    lines[first - 5] = [f"Pada tanggal {_indonesian(register['issued_on'])}"]


def _agency(
    lines: Lines, rows: dict[str, Rows], register: dict[str, str], labels: dict[str, str]
) -> None:
    targets, budget = rows["agency_performance__targets"], rows["agency_performance__budget"]
    for row in targets:
        values = list(row.values())[7:]
        remark = labels.get(values[6], "")
        lines[int(row["source_line"])] = [*values[:4], "", *values[4:6], remark]
    for row in budget:
        cells = lines.setdefault(int(row["source_line"]), [""] * 8)
        cells += list(row.values())[8:]
    first, quarter = int(targets[0]["source_line"]), f"TRIWULAN {targets[0]['quarter']}"
    lines[first - 1] = [str(n) for n in range(1, 14)]
    lines[first - 2] = ["", "", "", "", "", "REALISASI", "%", "", "", "", "REALISASI", "%"]
    lines[first - 3] = (
        f"NO.|SASARAN STRATEGIS|INDIKATOR SASARAN|TARGET|CARA PENGUKURAN|{quarter}||KETERANGAN"
        f"|PROGRAM/KEGIATAN/SUB KEGIATAN|PAGU|{quarter}||KETERANGAN"
    ).split("|")
    lines[first - 5] = [f"Perangkat Daerah : {register['subject_name']}"]
    year = register["edition_year"]
    lines[first - 7] = [f"FORMULIR PENGUKURAN KINERJA PERANGKAT DAERAH TAHUN {year}"]
    notes: dict[tuple[int, str], list[str]] = defaultdict(list)
    for row in rows["notes"]:
        place = int(row["source_line"]), row["table_id"]
        notes[place].append(f"{row['note_no']}. {labels[row['topic_code']]}")
    for (at, kind), texts in notes.items():
        lines[at] = [f"{LABELS[kind]} : {'; '.join(texts)}"]


def _accountability(
    lines: Lines, rows: dict[str, Rows], register: dict[str, str], labels: dict[str, str]
) -> None:
    components = rows["accountability__components"]
    years = sorted({row["edition_year"] for row in components})
    for row in components:
        lead = [f"{row['letter']}.", row["component_name"]]
        if not row["letter"]:
            lead = [row["component_name"], ""]
        cells = lines.setdefault(int(row["source_line"]), [*lead, row["weight"]])
        cells.append(row["value"])
    first = int(components[0]["source_line"])
    lines[first - 1] = ["", "", "", *years]
    lines[first - 2] = ["Komponen Yang Dinilai", "", "Bobot", "Nilai", ""]
    for row in rows["notes"]:
        sign = ")" if row["table_id"] == "recommendation" else "."
        text = f"- {row['note_no']}{sign} {labels[row['topic_code']]}"
        lines[int(row["source_line"])] = [text]
    heads: set[tuple[str, str]] = set()
    for row in rows["notes"]:
        if (row["table_id"], row["letter"]) not in heads:
            number = "abcdef".find(row["letter"] or "a") + 1
            if row["letter"]:
                _above(lines, int(row["source_line"]), [f"{number}) Komponen Kinerja"])
            if not any(kind == row["table_id"] for kind, _ in heads):
                _above(lines, int(row["source_line"]), [SECTIONS[row["table_id"]]])
        heads.add((row["table_id"], row["letter"]))
    top = min(int(row["source_line"]) for row in (*rows["notes"], *components))
    region = f"Disampaikan kepada Pemerintah {register['subject_name']} hal berikut."
    at = _above(lines, top, [region], gap=4)
    at = _above(lines, at, [_indonesian(register["issued_on"])], gap=2)
    at = _above(lines, at, [f"Hal : Evaluasi (AKIP) Tahun {register['edition_year']}"], gap=2)
    _above(lines, at, [f"Nomor : {register['number']}"])


_PRINTERS = {
    "smart_city": _smart_city,
    "public_service": _public_service,
    "agency_performance": _agency,
    "accountability": _accountability,
}


def as_text(lines: Lines) -> bytes:
    last = max(lines)
    return "\n".join("\t".join(lines.get(n, [])) for n in range(1, last + 1)).encode()


def as_csv(lines: Lines, separator: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    for number in range(1, max(lines) + 1):
        writer.writerow(lines.get(number, []))
    return text.getvalue().encode()


def as_xlsx(lines: Lines) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Lembar"
    for number, cells in lines.items():
        for column, text in enumerate(cells, start=1):
            if text:
                sheet.cell(number, column, text).number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_pdf(lines: Lines) -> bytes:
    """Ruled tables and paragraphs; a blank line is a gap, and each form begins a page."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

    style = ParagraphStyle("cell", fontName="Helvetica", fontSize=7, leading=8)
    story: list[Flowable] = []
    table: list[list[str]] = []

    def close() -> None:
        if table:
            width = max(map(len, table))
            longest = [max(len((*row, *[""] * width)[i]) for row in table) for i in range(width)]
            cells = [[Paragraph(_escaped(c), style) for c in row] for row in _padded(table, width)]
            widths = [min(max(n, 3) * 4.6 + 14, 190) for n in longest]
            story.append(Table(cells, colWidths=widths, style=[("GRID", (0, 0), (-1, -1), 0.5, 0)]))
            table.clear()

    for number in range(1, max(lines) + 1):
        cells = lines.get(number, [])
        if len(cells) > 1:
            table.append(cells)
            continue
        close()
        if cells and cells[0].startswith("FORMULIR"):
            story.append(PageBreak())
        story.append(Paragraph(_escaped(cells[0]), style) if cells else Spacer(1, 24))
    close()
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=(1900, 1500), invariant=1).build(story)
    return out.getvalue()


def _padded(table: list[list[str]], width: int) -> list[list[str]]:
    return [row + [""] * (width - len(row)) for row in table]


def _escaped(text: str) -> str:
    return re.sub("[&<>]", lambda m: {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[m[0]], text)
