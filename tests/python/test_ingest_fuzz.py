"""Damaged documents: no traceback, no partial write, nothing printed that is lost silently; and
documents whose truth is known: none is stored wrong without a word, few stop without a reason.

A few hundred documents in a normal run; `KINERJA_FUZZ=20000` runs so many.
"""

import io
import os
import shutil
import zipfile
from pathlib import Path

import ingest_rendering as rendering
import ingest_small as small
import ingest_truths as truths
import pytest
from command import kinerja
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinerja.core.errors import BadInputError
from kinerja.ingest.account import STOPPING
from kinerja.ingest.documents import Document, documents_of
from kinerja.ingest.files import read_lines
from kinerja.ingest.known import known_in
from kinerja.ingest.lines import filled

EXAMPLES = int(os.environ.get("KINERJA_FUZZ", "300"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 300,
    database=None,
    suppress_health_check=list(HealthCheck),
)

WORDS = ["", "NA", "*NA", "-", "4,5", "4.50", "1.000", "12.", "7", "Kota Jambi", "Barat", "No", "%"]
WORDS += [
    "KATEGORI",
    "NO",
    "NAMA KAB KOTA",
    "INDEKS",
    "\ufeff",
    "\x0c",
    "Bobot",
    "Tidak ada",
    "2024",
]
WORDS += [
    "Nomor : B/1/2/3",
    "Hal : x",
    "Rencana Tindak Lanjut : 1. x",
    "Total Anggaran",
    "=1+1",
    '"',
]
texts = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
places = st.integers(0, 10_000)
steps = st.lists(st.tuples(st.integers(0, 13), places, places, texts), max_size=8)
WHOLE = "\n".join(small.DOCUMENTS.values())
documents = st.sampled_from([*small.DOCUMENTS.values(), WHOLE])
endings = st.sampled_from(["plain", "crlf", "cr", "bom", "latin", "utf16", "comma", "semicolon"])


def damage(document: str, changes: list[tuple[int, int, int, str]]) -> str:
    """Apply small damages to a document's lines and cells."""
    lines = document.split("\n")
    for what, one, two, text in changes:
        a, b = one % len(lines), two % len(lines)
        cells = lines[a].split("\t")
        c = two % len(cells)
        if what == 0:
            del lines[a]
        elif what == 1:
            lines.insert(b, lines[a])
        elif what == 2:
            lines[a], lines[b] = lines[b], lines[a]
        elif what == 3:
            lines[a] = "\t".join(cells[:c] + cells[c + 1 :])
        elif what == 4:
            lines[a] = "\t".join([*cells[:c], text, *cells[c:]])
        elif what == 5:
            lines[a] = "\t".join([*cells[:c], text, *cells[c + 1 :]])
        elif what == 6:
            lines[a] = lines[a].replace("\t", " ", 1 + two % 3)
        elif what == 7:
            lines[a : a + 2] = [" ".join(lines[a : a + 2])]
        elif what == 8:
            at = two % (len(lines[a]) + 1)
            lines[a : a + 1] = [lines[a][:at], lines[a][at:]]
        elif what == 9:
            lines.insert(a, text)
        elif what == 10:
            lines = lines[: max(a, 1)]
        elif what == 11:
            lines = lines[a:] + lines[:a]
        elif what == 12:
            lines[a] = lines[a].replace("\t", "  ")
        else:
            lines[min(a, b) : max(a, b)] = reversed(lines[min(a, b) : max(a, b)])
        lines = lines or [""]
    return "\n".join(lines)


def encode(text: str, ending: str) -> bytes:
    """The document as some program on some system would save it."""
    if ending in ("comma", "semicolon"):
        lines = {n: line.split("\t") for n, line in enumerate(text.split("\n"), start=1)}
        return rendering.as_csv(lines, "," if ending == "comma" else ";")
    text = text.replace("\n", {"crlf": "\r\n", "cr": "\r"}.get(ending, "\n"))
    if ending == "bom":
        return b"\xef\xbb\xbf" + text.encode("utf-8", "replace")
    code = {"latin": "cp1252", "utf16": "utf-16"}.get(ending, "utf-8")
    return text.encode(code, "replace")


class Sandbox:
    """Seeds to ingest into, made anew after a while so that they stay small."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.uses = folder, 0
        self.clean = small.small_seeds(folder / "clean")
        reference = self.clean / "reference"
        for path in reference.iterdir():
            if path.name not in KEPT:
                path.unlink()
        self.known = known_in(self.clean)

    def seeds(self) -> Path:
        """The seeds of this use."""
        target = self.folder / "seeds"
        if self.uses % 100 == 0:
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(self.clean, target)
        self.uses += 1
        return target


KEPT = ["official_regions.csv", "region_names.csv", "note_topics.csv"]
KEPT += ["document_register.csv", "expected_rows.csv", "instruments.csv", "score_trees.csv"]
KEPT += ["grade_bands.csv", "printed_words.csv"]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return Sandbox(tmp_path_factory.mktemp("fuzz"))


def run(sandbox: Sandbox, data: bytes, suffix: str) -> None:
    """Ingest the bytes; the seeds are untouched or complete, and nothing escapes."""
    seeds = sandbox.seeds()
    file = sandbox.folder / f"document{suffix}"
    file.write_bytes(data)
    before = small.state(seeds)
    ended = kinerja("ingest", file, "--seeds", seeds, "--replace", raw_gate=small.no_gate)
    assert ended.code in (0, 1, 2)
    hidden = {path.name for path in seeds.parent.iterdir() if path.name.startswith(".")}
    assert hidden == {".seeds.lock"}
    if ended.code:
        assert small.state(seeds) == before
        assert ended.code == 1 or (ended.err.count("\n") == 1 and len(ended.err) > 20)
    else:
        assert small.is_complete(seeds)


def _no_page(number: int, of: int) -> None:
    """Nobody looks at the progress here."""


def account(sandbox: Sandbox, data: bytes, suffix: str) -> None:
    """Every line with two or more filled cells is a row, a heading, a fact, or in the report.

    Of a row, every word is stored or in the report.
    """
    try:
        path = Path(f"document{suffix}")
        known = sandbox.known
        reading = read_lines(path, data, lambda cells: bool(known.announced(cells)), _no_page)
    except BadInputError:
        return
    found = list(documents_of(reading.lines, sandbox.known, None, {}))
    if not found:
        return
    told: dict[str, str] = {}
    whole: set[str] = set()
    for document in found:
        for seed, rows in document.rows.items():
            at = rendering.TABLES[seed].names.index("source_line")
            for row in rows:
                told[row[at]] = told.get(row[at], "") + " ".join(row) + " "
                # The left half of a form has a column that is not carried over.
                if document.instrument.name != "agency_performance":
                    whole.add(row[at])
        for finding in document.findings:
            told[finding.source] = told.get(finding.source, "") + finding.printed + " "
            if finding.kind == "repeated_row":
                whole.discard(finding.source)
        for source in (*document.headers, *document.told_lines):
            told.setdefault(source, "")
            whole.discard(source)
    for line in reading.lines:
        if filled(line.cells) > 1:
            assert line.source in told, line
        if line.source in whole:
            for word in " ".join(line.cells).split():
                assert word.strip(".)") in told[line.source], line


@fuzzed
@given(document=documents, changes=steps, ending=endings)
def test_damaged_text_and_csv(
    sandbox: Sandbox, document: str, changes: list[tuple[int, int, int, str]], ending: str
) -> None:
    data = encode(damage(document, changes), ending)
    suffix = ".csv" if ending in ("comma", "semicolon") else ".txt"
    run(sandbox, data, suffix)
    account(sandbox, data, suffix)


@pytest.fixture(scope="module")
def binaries() -> list[tuple[str, bytes]]:
    """A workbook and a PDF of each small document."""
    found = []
    for text in small.DOCUMENTS.values():
        lines = {
            number: line.split("\t")
            for number, line in enumerate(text.split("\n"), start=1)
            if line.strip()
        }
        found.append((".xlsx", rendering.as_xlsx(lines)))
        found.append((".pdf", rendering.as_pdf(lines)))
    return found


@settings(fuzzed, max_examples=max(EXAMPLES // 10, 30))
@given(
    which=st.integers(0, 7),
    spots=st.lists(st.tuples(places, st.integers(0, 255)), max_size=20),
    keep=st.integers(1, 100),
    inside=st.booleans(),
)
def test_damaged_bytes_of_workbooks_and_pdfs(
    sandbox: Sandbox,
    binaries: list[tuple[str, bytes]],
    which: int,
    spots: list[tuple[int, int]],
    keep: int,
    inside: bool,
) -> None:
    suffix, data = binaries[which]
    if suffix == ".xlsx" and inside:
        data = _damaged_sheet(data, spots)
    else:
        raw = bytearray(data[: max(len(data) * keep // 100, 8)])
        for place, value in spots:
            raw[place * 7919 % len(raw)] = value
        data = bytes(raw)
    run(sandbox, data, suffix)
    account(sandbox, data, suffix)


def _damaged_sheet(data: bytes, spots: list[tuple[int, int]]) -> bytes:
    """Damage the sheet inside a workbook, so that the archive itself stays whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name.endswith(("sheet1.xml", "sharedStrings.xml")):
                for place, value in spots:
                    part[place * 7919 % len(part)] = value
            new.writestr(name, bytes(part))
    return out.getvalue()


def read_truth(sandbox: Sandbox, seed: int) -> tuple[truths.Made, str, list[str], list[Document]]:
    """The document of a seed, its carrier, why it stops (nothing if it does not), what was read.

    What the raw gate refuses is an odd cell, or the second row of one number and government.
    """
    made, carrier, suffix, data = truths.document(seed)
    known = sandbox.known
    try:
        path = Path(f"document{suffix}")
        reading = read_lines(path, data, lambda cells: bool(known.announced(cells)), _no_page)
    except BadInputError as error:
        return made, carrier, [str(error)], []
    found = list(documents_of(reading.lines, known, None, {}))
    stops = [] if len(found) == 1 else [f"{len(found)} documents"]
    for document in found:
        stops += [
            f"{finding.kind}: {finding.printed}"
            for finding in document.findings
            if finding.kind in (*STOPPING, "odd_cell", "number_clash")
        ]
        stops += [fact.question for fact in document.questions]
        stops += [n for n in document.names if known.gazetteer.resolve(n) is None]
        stops += [] if document.facts["edition_year"] else ["no year"]
    return made, carrier, stops, found


def wrong_cells(made: truths.Made, document: Document) -> list[str]:
    """The cells of a document that are not what they must be, and rows that are too many."""
    wrong = []
    for seed, table in rendering.TABLES.items():
        key = ("table_id", *table.order)
        told = {tuple(row[n] for n in key): row for row in made.truth.get(seed, [])}
        for cells in document.rows.get(seed, ()):
            row = dict(zip(table.names, cells, strict=True))
            wanted = told.pop(tuple(row[n] for n in key), None)
            if wanted is None:
                wrong.append(f"{seed}: a row too many, {' '.join(cells)}")
                continue
            wrong += [
                f"{seed} {column}: {row[column]!r} for {text!r}"
                for column, text in wanted.items()
                if row[column] != text
            ]
        wrong += [f"{seed}: {' '.join(row.values())} is not stored" for row in told.values()]
    return wrong


def test_no_document_of_known_truth_is_stored_wrong_and_few_stop_without_a_reason(
    sandbox: Sandbox,
) -> None:
    """Moved, dropped, doubled, cited and reformatted, of all kinds and in all carriers."""
    sound = stopped = stored = 0
    wrong: list[str] = []
    needless: list[str] = []
    for seed in range(EXAMPLES):
        made, carrier, stops, found = read_truth(sandbox, seed)
        about = f"{seed} {made.kind}, {carrier}, {' '.join(made.changes)}, {made.fault}"
        if not stops:
            stored += 1
            wrong += [f"{about}: {cell}" for cell in wrong_cells(made, found[0])]
        if made.fault == truths.SOUND:
            sound += 1
            stopped += bool(stops)
            needless += [f"{about}: {stops[:3]}"] if stops else []
    print(f"{EXAMPLES} documents: {stored} stored, {len(wrong)} cells of them wrong;")
    print(f"{stopped} of {sound} with which nothing was wrong stopped")
    assert not wrong, wrong[:20]
    assert stopped < max(0.02 * sound, 2), needless[:20]
