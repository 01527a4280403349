"""An evaluation is rows: read by its declaration alone, and refused if that contradicts itself."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import evaluation_fixture as fixture
import ingest_rendering as rendering
import ingest_small as small
import openpyxl
import pytest
from command import kinerja
from kinerja.core.errors import BadInputError
from kinerja.instruments import declarations
from kinerja.instruments.checks import check
from kinerja.instruments.headings import plainest

DECLARATION, TREES = "raw/_raw__seeds.yml", "reference/score_trees.csv"
INSTRUMENTS = "reference/instruments.csv"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Seeds without documents, with the invented evaluation declared."""
    folder = small.small_seeds(tmp_path)
    fixture.add_evaluation(folder)
    return folder


def ingest(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    """Run the command with --json; give its exit code and its events."""
    ended = kinerja("ingest", *arguments, "--json", raw_gate=small.no_gate)
    return ended.code, ended.result["events"]


def rows_of(seeds: Path, table: str) -> list[list[str]]:
    """A raw seed's rows without document, table and source line, which are the reader's own."""
    return [
        [row["row_no"], *list(row.values())[4:]]
        for row in rendering.read(seeds / "raw" / f"{table}.csv")
    ]


# A new evaluation


def test_the_document_of_the_fixture_is_what_its_generator_makes() -> None:
    maker = fixture.generator()
    assert fixture.DOCUMENT.read_bytes() == maker.document()
    assert (fixture.FOLDER / "planted_errors.csv").read_bytes() == maker.planted_errors()
    results, aspects, planted = maker.lists()
    assert (len(results), len(aspects), len(planted)) == (50, 50, 3)


@pytest.mark.parametrize("form", ["txt", "xlsx", "csv"])
def test_a_new_evaluation_is_read_by_its_declaration_alone(
    form: str, seeds: Path, tmp_path: Path
) -> None:
    maker = fixture.generator()
    file = tmp_path / f"decision.{form}"
    lines = dict(enumerate(maker.lines(), start=1))
    data = {"txt": maker.document, "xlsx": maker.workbook, "csv": lambda: rendering.as_csv(lines)}
    file.write_bytes(data[form]())
    code, events = ingest(file, "--seeds", seeds)
    (document,) = (event for event in events if event["event"] == "document")
    assert (code, document["document_id"]) == (0, fixture.DOCUMENT_ID)
    assert (document["findings"], document["unresolved"]) == ([], [])
    facts = document["facts"]
    assert (facts["number"], facts["issued_on"]) == ("12 Tahun 2031", "2031-02-28")
    assert (facts["edition_year"], facts["issuer"]) == ("2030", "Kementerian Contoh")
    results, aspects, _ = maker.lists()
    assert rows_of(seeds, "digital_government__results") == results
    assert rows_of(seeds, "digital_government__aspects") == aspects
    code, events = ingest(file, "--seeds", seeds)
    assert (code, events[-1]["changed_files"]) == (0, [])


def test_documents_of_known_evaluations_are_read_as_before_beside_a_new_one(
    seeds: Path, tmp_path: Path
) -> None:
    texts = [*small.DOCUMENTS.values(), fixture.DOCUMENT.read_text(encoding="utf-8")]
    file = tmp_path / "all.txt"
    file.write_text("\n".join(texts), encoding="utf-8")
    code, events = ingest(file, "--seeds", seeds)
    assert code == 0
    found = {event["document_id"] for event in events if event["event"] == "document"}
    assert found == {*small.DOCUMENTS, fixture.DOCUMENT_ID}
    alone = small.small_seeds(tmp_path / "alone")
    code, _ = ingest(file, "--seeds", alone)
    assert code == 0
    for table in rendering.TABLES:
        assert rows_of_any(seeds, table) == rows_of_any(alone, table)


def rows_of_any(seeds: Path, table: str) -> list[dict[str, str]]:
    """A raw seed's rows without the lines they stand on."""
    return [
        {name: cell for name, cell in row.items() if name != "source_line"}
        for row in rendering.read(seeds / "raw" / f"{table}.csv")
    ]


def test_a_new_evaluation_has_a_template_that_is_read(seeds: Path, tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    assert kinerja("template", fixture.INSTRUMENT, file, "--seeds", seeds).code == 0
    book = openpyxl.load_workbook(file)
    example = [[str(cell or "") for cell in row] for row in book["Contoh"].values]
    assert ["1", "Provinsi Aceh", "4,00", "4,00", "4,00", "4,00", "Sangat Baik"] in [
        row[:7] for row in example
    ]
    book.remove(book["Isian"])
    book["Contoh"].title = "Isian"
    book.save(file)
    code, events = ingest(file, "--seeds", seeds)
    (document,) = (event for event in events if event["event"] == "document")
    assert (code, document["findings"]) == (0, [])
    assert len(rows_of(seeds, "digital_government__aspects")) == 2


# What is printed in headings


@pytest.mark.parametrize("table", rendering.TABLES.values(), ids=rendering.TABLES)
def test_every_declared_heading_has_a_plainest_text_that_it_matches(
    table: declarations.Table,
) -> None:
    for column in table.columns:
        for pattern in column.headings:
            assert pattern.fullmatch(plainest(pattern.pattern)), pattern


# Declarations that contradict themselves


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Changes a text in a file of the seeds where it stands last: the invented evaluation is."""

    def change(seeds: Path) -> None:
        path = seeds / file
        before, found, after = path.read_text(encoding="utf-8").rpartition(old)
        assert found
        path.write_text(before + new + after, encoding="utf-8")

    return change


def with_cell(file: str, component: str, column: str, value: str) -> Callable[[Path], None]:
    """Sets a cell in the row of a component of the invented evaluation."""

    def change(seeds: Path) -> None:
        path = seeds / file
        rows = rendering.read(path)
        (row,) = (
            row
            for row in rows
            if (row["instrument"], row["component_code"]) == (fixture.INSTRUMENT, component)
        )
        row[column] = value
        rendering.write(path, rows[0], rows)

    return change


def repeated(table: str) -> Callable[[Path], None]:
    """Declares a table again under another name."""

    def change(seeds: Path) -> None:
        path = seeds / DECLARATION
        text = path.read_text(encoding="utf-8")
        one = text[text.index(f"  - name: {table}\n") :].split("\n  - name: digital_government__a")[
            0
        ]
        again = one.replace(table, "digital_government__again")
        path.write_text(f"{text}\n{again}\n", encoding="utf-8")

    return change


def without_bands(seeds: Path) -> None:
    """Takes the grades of the invented evaluation away."""
    path = seeds / "reference" / "grade_bands.csv"
    rows = rendering.read(path)
    kept = [row for row in rows if row["instrument"] != fixture.INSTRUMENT]
    rendering.write(path, rows[0], kept)


FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a component that no tree has": (
        replaced(DECLARATION, "component: policy", "component: police"),
        ["_raw__seeds.yml", "digital_government__results", "column policy", "police"],
    ),
    "a heading claimed twice": (
        replaced(DECLARATION, "headings: [layanan]", "headings: [kebijakan]"),
        ["_raw__seeds.yml", "policy and service claim the same heading kebijakan"],
    ),
    "a list that another claims": (
        repeated("digital_government__results"),
        [
            "_raw__seeds.yml",
            "digital_government__results (",
            "by digital_government__again as well",
        ],
    ),
    "an unknown kind": (
        replaced(DECLARATION, "kind: numbered_list", "kind: numbered_lists"),
        ["_raw__seeds.yml", "digital_government__aspects", "numbered_lists is no kind of table"],
    ),
    "a kind without what it needs": (
        replaced(DECLARATION, "headings: [nama pemerintah daerah], ", ""),
        ["digital_government__aspects", "with headings that holds region"],
    ),
    "an unknown kind of cell": (
        replaced(DECLARATION, "holds: addressee", "holds: address"),
        ["_raw__seeds.yml", "column addressee", "holds address"],
    ),
    "a heading that is no regular expression": (
        replaced(DECLARATION, "headings: [predikat]", "headings: ['predikat(']"),
        ["_raw__seeds.yml", "column predicate", "predikat("],
    ),
    "a part that no heading tells": (
        replaced(DECLARATION, r"heading: 'daftar kota\b.*|ipp kota', ", ""),
        ["public_service__scores", "part B"],
    ),
    "one half of a pair": (
        replaced(DECLARATION, "kind: page_block_headings", "kind: bands"),
        ["smart_city__detail_columns", "kind bands"],
    ),
    "an instrument without a row": (
        replaced(INSTRUMENTS, "digital_government,Evaluasi", "digital_gov,Evaluasi"),
        ["_raw__seeds.yml", "digital_government has no row in", "instruments.csv"],
    ),
    "a pattern without its group": (
        replaced(INSTRUMENTS, r"digital\b.*?tahun (?P<year>", r"digital\b.*?tahun (?P<tahun>"),
        ["instruments.csv, line ", "year_pattern", "no group year"],
    ),
    "a title with an unknown word": (
        replaced(INSTRUMENTS, "digital_government_{year}", "digital_government_{tahun}"),
        ["instruments.csv, line ", "id_stem", "{tahun}"],
    ),
    "a number of an unknown kind": (
        replaced(INSTRUMENTS, "evaluation,decision", "evaluation,decree"),
        ["instruments.csv", "number_kind", "decree"],
    ),
    "weights that do not sum to 1": (
        with_cell(TREES, "service", "weight", "0.45"),
        ["score_trees.csv, line", "below digital_government weigh 1.05", "0.30 + 0.45 + 0.30"],
    ),
    "a weight that is missing": (
        with_cell(TREES, "security", "weight", ""),
        ["score_trees.csv, line", "the weight of security is blank"],
    ),
    "a depth without a parent": (
        with_cell(TREES, "planning", "parent_code", ""),
        ["score_trees.csv, line", "planning (aspect) has no parent"],
    ),
    "a parent that is not there": (
        with_cell(TREES, "planning", "parent_code", "polity"),
        ["score_trees.csv, line", "planning is below polity"],
    ),
    "a component below itself": (
        with_cell(TREES, "policy", "parent_code", "planning"),
        ["score_trees.csv, line", "is below itself"],
    ),
    "a component twice": (
        with_cell(TREES, "planning_02", "component_code", "planning_01"),
        ["score_trees.csv, line", "planning_01 stands on line"],
    ),
    "grades without bands": (
        without_bands,
        ["_raw__seeds.yml", "column predicate", "grade_bands.csv"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_declaration_that_contradicts_itself_stops_before_anything_is_read(
    fault: str, seeds: Path, tmp_path: Path
) -> None:
    break_it, words = FAULTS[fault]
    check(seeds)
    break_it(seeds)
    before = small.state(seeds)
    ended = kinerja("ingest", tmp_path / "not_there.txt", "--seeds", seeds)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    for word in words:
        assert word in ended.err
    assert small.state(seeds) == before


def test_a_tree_is_checked_for_each_year_from_which_it_holds(seeds: Path) -> None:
    path = seeds / TREES
    rows = rendering.read(path)
    later = [
        {**row, "valid_from": "2032"}
        for row in rows
        if row["instrument"] == fixture.INSTRUMENT and row["component_code"] != "security"
    ]
    ended = [{**row, "valid_to": "2031"} for row in rows if row["instrument"] == fixture.INSTRUMENT]
    others = [row for row in rows if row["instrument"] != fixture.INSTRUMENT]
    rendering.write(path, rows[0], [*others, *ended])
    check(seeds)
    rendering.write(path, rows[0], [*others, *ended, *later])
    with pytest.raises(BadInputError, match="security_01 is below security, which is no component"):
        check(seeds)


def test_declared_columns_are_those_of_the_files() -> None:
    for name, table in rendering.TABLES.items():
        with (rendering.SEEDS / "raw" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))) == table.names
