"""The ingest command as an analyst uses it."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ingest_editions as editions
import ingest_rendering as rendering
import ingest_small as small
import openpyxl
import pytest
from command import kinerja
from kinerja.core.errors import StoppedError
from kinerja.ingest import engine, transaction
from kinerja.ingest.events import Event as Told
from kinerja.ingest.events import PageRead
from kinerja.ingest.notes import split_notes
from kinerja.ingest.template import blocks_of
from kinerja.ingest.topics import classify, topics_from
from kinerja.ingest.xlsx import printed, printed_number
from kinerja.instruments.registry import instruments

Event = dict[str, Any]
Command = Callable[..., tuple[int, list[Event]]]

WITHOUT_GATE = (
    "import sys, time; from kinerja.cli import main; from kinerja.cli.answers import Session; "
    "start = time.monotonic(); code = main(sys.argv[1:], Session(raw_gate=lambda *_: None)); "
)
KILLS = int(os.environ.get("KINERJA_KILLS", "20"))


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Seeds without documents."""
    return small.small_seeds(tmp_path)


@pytest.fixture
def run(seeds: Path) -> Command:
    """Run the command on the seeds; gives its exit code and its events, or its one complaint."""

    def command(*arguments: object) -> tuple[int, list[Event]]:
        words = ("ingest", *arguments, "--seeds", seeds, "--json")
        ended = kinerja(*words, raw_gate=small.no_gate)
        return ended.code, (ended.result or {"events": [ended.answer]})["events"]

    return command


def put(folder: Path, text: str, name: str = "document.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def kinds(events: list[Event]) -> dict[str, list[str]]:
    """The printed texts of all findings, by kind; that small documents lack tables is left out."""
    found: dict[str, list[str]] = {}
    for event in events:
        for finding in event.get("findings", ()):
            if finding["kind"] != "missing_table":
                found.setdefault(finding["kind"], []).append(finding["printed"])
    return found


# What is stored


@pytest.mark.parametrize("document_id", small.DOCUMENTS)
def test_a_small_document_of_each_kind_is_stored(
    document_id: str, run: Command, seeds: Path, tmp_path: Path
) -> None:
    code, events = run(put(tmp_path, small.DOCUMENTS[document_id]))
    assert code == 0
    assert [e["document_id"] for e in events if e["event"] == "document"] == [document_id]
    assert small.is_complete(seeds)
    register = rendering.read(seeds / "reference" / "document_register.csv")
    assert [row["document_id"] for row in register] == [document_id]
    assert all(row["file_sha256"] and row["added_on"] for row in register)


def test_cells_are_stored_as_printed_with_their_lines(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    run(put(tmp_path, small.SCORES))
    rows = small.rows_of(seeds, "public_service__scores")
    assert rows[2] == [
        *("public_service_2031", "B", "3", "8", "Kota Ambon"),
        *("4,16", "*NA", "3,84", "4,00", "B"),
    ]
    assert rows[4][-3:] == ["-", "3,00", "C"]


def test_extra_value_without_heading_is_a_column_and_a_trailing_blank_is_not(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    run(put(tmp_path, small.RESULTS.replace("3,00\t4,00\t1,00", "3,00\t4,00\t1,00\t\t")))
    columns = small.rows_of(seeds, "smart_city__detail_columns")
    assert [row[2:4] + row[5:] for row in columns if row[2] == "2"] == [
        ["2", "1", "", "Manfaat inovasi"],
        ["2", "2", "", "Keunikan inovasi"],
        ["2", "3", "", ""],
    ]
    assert columns[0][5:] == ["BASELINE", "Nilai Evaluasi Tahun 2030"]


def test_a_page_break_of_a_form_is_counted_and_the_total_is_read_by_its_shape(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    _, events = run(put(tmp_path, small.FORM))
    budget = small.rows_of(seeds, "agency_performance__budget")
    assert [(row[7], row[8]) for row in budget][-2:] == [
        ("1", "Reviu Laporan Kinerja"),
        ("2", "Total Anggaran"),
    ]
    assert kinds(events) == {"shifted": ["-1"]}


def test_a_form_that_prints_its_title_on_each_page_is_one_document(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    title = small.FORM[: small.FORM.index("1\tPengawasan")]
    text = small.FORM.replace("\nTotal Anggaran", f"\n{title}Total Anggaran")
    _, events = run(put(tmp_path, text + "\n" + text.replace("TRIWULAN II", "TRIWULAN III")))
    found = [event for event in events if event["event"] == "document"]
    assert [event["document_id"][-2:] for event in found] == ["q2", "q3"]
    assert set(kinds(events)) == {"shifted"}
    budget = small.rows_of(seeds, "agency_performance__budget")
    assert [row[7] for row in budget] == ["1", "1", "1", "2"] * 2


def test_no_sentence_of_a_note_is_stored(run: Command, seeds: Path, tmp_path: Path) -> None:
    text = small.FORM.replace("1. Sumber daya manusia;", "1. Perihal yang belum dikenal;")
    code, events = run(put(tmp_path, text))
    assert code == 0
    assert kinds(events)["unclassified_note"] == ["1 Perihal yang belum dikenal"]
    topics = [row[-1] for row in small.rows_of(seeds, "notes")]
    assert topics == [
        *("unclassified", "information_technology"),
        *("staff_training", "regular_monitoring"),
    ]


def test_every_label_of_a_topic_is_classified_as_that_topic() -> None:
    rows = rendering.read(rendering.SEEDS / "reference" / "note_topics.csv")
    topics = topics_from(rows)
    for row in rows:
        if row["pattern"]:
            found = classify(row["label_id"], topics, component=bool(row["note_component"]))
            assert found == row["topic_code"]


def test_made_up_editions_reach_the_seeds(tmp_path: Path) -> None:
    seeds = small.small_seeds(tmp_path)
    files = [put(tmp_path, text, f"{name}.txt") for name, text in small.DOCUMENTS.items()]
    assert kinerja("ingest", *files, "--seeds", seeds, raw_gate=small.no_gate).code == 0
    names = ("public_service__scores", "smart_city__results")
    before = {name: small.rows_of(seeds, name) for name in names}
    editions.add_editions(seeds, tmp_path, small.no_gate)
    assert small.is_complete(seeds)
    register = rendering.read(seeds / "reference" / "document_register.csv")
    assert set(editions.NEW_DOCUMENTS) < {row["document_id"] for row in register}
    for name, rows in before.items():
        assert [row for row in small.rows_of(seeds, name) if row in rows] == rows
    printed_names = {
        row[4] for row in small.rows_of(seeds, "public_service__scores") if "2025" in row[0]
    }
    assert {"Kabupaten Penukal Abab Lematang Ilir", editions.ALIAS[0]} < printed_names


# Robust reading


CITY = "1.\tKota Metro\t4,32\t4,70\t4,79\t4,60\tA"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (CITY, "1. Kota Metro\t4,32\t4,70\t4,79\t4,60\tA", None),
        (CITY, CITY.replace("Kota Metro", " Kota   Metro "), None),
        (CITY, CITY + "\t\t", None),
        (CITY, CITY + "\n*) sementara", ("unplaced", "*) sementara")),
        (CITY, f"{CITY}\n{CITY}", ("repeated_row", "1 Kota Metro")),
        (CITY, CITY.removeprefix("1."), ("no_number", "Kota Metro")),
        (CITY, "\t" + CITY, ("shifted", "+1")),
        ("IPP RSUD\tIPP DISDUKCAPIL\tIPP KOTA", "\tIPP DISDUKCAPIL\tIPP KOTA", None),
    ],
    ids=["glued", "blanks", "trailing", "footnote", "repeated", "unnumbered", "shifted", "merged"],
)
def test_oddities_that_change_no_row(
    old: str, new: str, finding: tuple[str, str] | None, run: Command, seeds: Path, tmp_path: Path
) -> None:
    run(put(tmp_path, small.SCORES))
    wanted = [row[4:] for row in small.rows_of(seeds, "public_service__scores")]
    code, events = run(put(tmp_path, small.SCORES.replace(old, new)), "--replace")
    assert code == 0
    assert [row[4:] for row in small.rows_of(seeds, "public_service__scores")] == wanted
    if finding:
        assert finding[1] in kinds(events)[finding[0]]


def test_a_name_over_two_lines_is_joined_when_that_is_a_region(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    text = small.SCORES.replace(
        "2.\tKabupaten Siak\t", "2.\tKabupaten Penukal Abab\t3,00\t3,00\t-\t3,00\tC\n"
    ).replace("3,00\tC\n3,00\t3,00\t-\t3,00\tC", "3,00\tC\n\tLematang Ilir")
    code, events = run(put(tmp_path, text))
    assert code == 0
    assert kinds(events)["joined_name"] == ["Kabupaten Penukal Abab Lematang Ilir"]


def test_a_name_that_can_be_read_in_two_ways_stops(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    row = "2.\tKabupaten Bandung\t3,00\t3,00\t-\t3,00\tC\n\tBarat\n"
    text = small.SCORES.replace("2.\tKabupaten Siak\t3,00\t3,00\t-\t3,00\tC\n", row)
    before = small.state(seeds)
    code, events = run(put(tmp_path, text))
    assert code == 1
    assert kinds(events)["unclear_name"] == ["Kabupaten Bandung | Barat"]
    assert small.state(seeds) == before


def test_missing_column_and_odd_cells_are_stored_as_printed_and_reported(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    text = small.SCORES.replace("4,32\t4,70", "4.32\t4,7O").replace(
        "1.\tKota Metro", "5.\tKota Metro"
    )
    code, events = run(put(tmp_path, text))
    assert code == 0
    found = kinds(events)
    assert found["odd_cell"] == ["social_service: 4.32", "hospital: 4,7O"]
    assert found["number_gap"] == ["1", "4"]
    rows = small.rows_of(seeds, "public_service__scores")
    assert next(row for row in rows if row[4] == "Kota Metro")[2:7] == [
        *("5", "6", "Kota Metro", "4.32", "4,7O")
    ]


def test_rows_under_headings_that_are_not_known_are_not_put_into_the_table_above(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    text = small.SCORES.replace("DAFTAR KABUPATEN", "DAFTAR DISTRIK")
    code, events = run(put(tmp_path, text))
    assert code == 1
    assert kinds(events)["unplaced"][0].split(" | ")[1] == "DAFTAR DISTRIK"
    rows = [printed.split(" | ")[1] for printed in kinds(events)["unplaced_row"]]
    assert rows == ["Kabupaten Badung", "Kabupaten Siak"]
    code, _ = run(put(tmp_path, text), "--allow", "unplaced_row=districts are not looked at")
    assert code == 0
    assert [row[1] for row in small.rows_of(seeds, "public_service__scores")] == ["B"] * 3
    [document] = rendering.read(seeds / "reference" / "document_register.csv")
    assert document["decisions"] == "allow.unplaced_row=districts are not looked at"


def test_a_blank_heading_of_the_names_is_told_by_the_index_where_that_is_certain(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    text = small.SCORES.replace("DAFTAR KOTA", "").replace("DAFTAR KABUPATEN", "")
    file = put(tmp_path, text.replace("IPP KABUPATEN", "IPP PROVINSI"))
    code, events = run(file)
    assert code == 1
    assert kinds(events)["unlabelled_column"] == ["region_name"]
    assert len(kinds(events)["unplaced_row"]) == 2
    code, _ = run(file, "--allow", "unplaced_row=the list is not known")
    assert code == 0
    assert [row[1] for row in small.rows_of(seeds, "public_service__scores")] == ["B"] * 3


def test_a_value_below_the_weight_beside_the_years_is_reported(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    """Found by the fuzzer: with the heading of the weight right of the years, a cell vanished."""
    text = small.LETTER.replace("\t\t\t2030\t2031", "\t2030\t2031")
    code, events = run(put(tmp_path, text.replace("\t\tBobot", "\t\t\tBobot")))
    assert code == 1
    assert {"42,36", "42,60"} <= set(kinds(events)["extra_cell"])


def test_two_rows_of_one_number_are_both_kept(run: Command, seeds: Path, tmp_path: Path) -> None:
    text = small.SCORES.replace("2.\tKota Jambi", "1.\tKota Jambi")
    code, events = run(put(tmp_path, text))
    assert (code, kinds(events)["number_clash"]) == (0, ["1 Kota Jambi"])
    assert len(small.rows_of(seeds, "public_service__scores")) == 5


def test_numbers_typed_into_cells_come_out_as_printed() -> None:
    from decimal import Decimal

    assert printed(4.5, "0.00") == "4,50"
    assert printed(25338739129, "#,##0") == "25.338.739.129"
    assert printed(0.1775, "0.00%") == "17,75%"
    assert printed_number(Decimal("4.325"), "0.00") == "4,33"
    assert printed(2031, "General") == "2031"
    assert printed(None, None) == ""
    assert printed(12.5, '0.0"%"') == "12,5%"
    assert printed(3, "0.0##") == "3,0"
    assert printed(0.1 + 0.2, "General") == "0,3"
    assert printed(-1234, '_(* #,##0_);_(* (#,##0);_(* "-"_)') == "(1.234)"
    assert printed(0, '_(* #,##0_);_(* (#,##0);_(* "-"_)') == "-"
    assert printed(1234567, "[$Rp-421]\\ #,##0.00") == "Rp 1.234.567,00"
    assert printed(12, '0" Dokumen"') == "12 Dokumen"
    for hiding in ("#,##0,", "0.0E+00", "# ?/?", "[>100]0"):
        with pytest.raises(ValueError, match="may hide digits"):
            printed(1234567, hiding)


def test_figures_inside_a_sentence_do_not_split_notes() -> None:
    assert split_notes("1. Dari 2. 500 unit; 2. Lain") == [("1", "Dari 2. 500 unit"), ("2", "Lain")]
    assert split_notes("Melakukan a, Melakukan b") == [("1", "Melakukan a"), ("2", "Melakukan b")]


def test_blank_cells_of_a_pdf_without_rulings_keep_their_columns(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = tmp_path / "plain.pdf"
    canvas = Canvas(str(file), pagesize=(1200, 700))
    text = small.SCORES.replace("*NA\t3,84", "\t3,84")
    for number, line in enumerate(text.split("\n")):
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(30 + 160 * column, 650 - 15 * number, cell)
    canvas.rect(10, 10, 1180, 680)
    canvas.save()
    code, events = run(file)
    assert code == 0
    assert kinds(events) == {"missing_cells": ["hospital"]}
    rows = small.rows_of(seeds, "public_service__scores")
    assert rows[2][2:] == ["3", "1:7", "Kota Ambon", "4,16", "", "3,84", "4,00", "B"]
    assert len(rows) == 5


# Names


def test_unknown_names_stop_with_suggestions_until_accepted(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    file = put(tmp_path, small.SCORES.replace("Kota Metro", "Kota Sungai Penuhh"))
    before = small.state(seeds)
    code, events = run(file)
    assert code == 1
    (name,) = events[-2]["unresolved"]
    assert name["printed"] == "Kota Sungai Penuhh"
    assert "15.72" in [region["code"] for region in name["suggestions"]]
    assert small.state(seeds) == before
    code, _ = run(file, "--accept", "Kota Sungai Penuhh=15.72:a letter too many")
    assert code == 0
    names = rendering.read(seeds / "reference" / "region_names.csv")
    kept = {row["printed_name"]: (row["region_code"], row["reason"]) for row in names}
    assert kept["Kota Sungai Penuhh"] == ("15.72", "a letter too many")
    assert kept["Kota Jambi"] == ("15.71", "")
    assert run(file)[0] == 0


# All or nothing, reprints


def test_the_same_document_twice_changes_nothing(run: Command, seeds: Path, tmp_path: Path) -> None:
    file = put(tmp_path, small.LETTER)
    run(file)
    before = small.state(seeds)
    code, events = run(file)
    assert (code, events[-1]["documents"], events[-1]["changed_files"]) == (0, {"unchanged": 1}, [])
    assert small.state(seeds) == before


def test_the_same_figures_from_another_file_change_nothing(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    run(put(tmp_path, small.SCORES))
    before = small.state(seeds)
    code, events = run(put(tmp_path, "\n\n" + small.SCORES, "other.txt"))
    assert (code, events[-1]["documents"]) == (0, {"same_figures": 1})
    assert small.state(seeds) == before


def test_a_changed_reprint_shows_each_cell_and_needs_replace(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    run(put(tmp_path, small.SCORES))
    before = small.state(seeds)
    file = put(tmp_path, small.SCORES.replace("4,60\tA", "4,61\tA"), "reprint.txt")
    code, events = run(file)
    assert code == 1
    assert events[-2]["changes"] == [
        {
            "seed": "public_service__scores",
            "key": "table_id=B row_no=1",
            "column": "index_score",
            "before": "4,60",
            "after": "4,61",
        }
    ]
    assert small.state(seeds) == before
    assert run(file, "--replace")[0] == 0
    assert small.rows_of(seeds, "public_service__scores")[0][8] == "4,61"
    assert small.is_complete(seeds)


def test_a_dry_run_writes_nothing(run: Command, seeds: Path, tmp_path: Path) -> None:
    before = small.state(seeds)
    code, events = run(put(tmp_path, small.SCORES), "--dry-run")
    assert code == 0
    assert "raw/public_service__scores.csv" in events[-1]["changed_files"]
    assert small.state(seeds) == before


def test_one_bad_file_among_many_stores_none(run: Command, seeds: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    put(folder, small.SCORES, "a.txt")
    bad = put(folder, "not a table", "b.txt")
    before = small.state(seeds)
    assert run(folder / "a.txt", bad)[0] == 2
    assert small.state(seeds) == before


def test_a_folder_is_read_with_its_folders_and_what_is_left_is_listed(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    inner = tmp_path / "in" / "2031"
    inner.mkdir(parents=True)
    put(inner, small.SCORES, "a.txt")
    put(inner, "\x00", "~$a.docx")
    put(inner.parent, "to do", "notes.txt")
    put(inner.parent, "x", "photo.jpg")
    _scan(inner.parent / "scan.pdf")
    code, events = run(inner.parent)
    assert (code, events[-1]["documents"]) == (0, {"new": 1})
    told = " ".join(event["message"] for event in events if event["event"] == "warning")
    for name in ("~$a.docx", "notes.txt", "photo.jpg", "OCR"):
        assert name in told


def test_one_document_of_a_file_can_be_chosen_and_a_single_one_renamed(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    whole = put(tmp_path, "\n".join(small.DOCUMENTS.values()))
    code, events = run(whole, "--document", "smart_city_2031")
    assert (code, [e["document_id"] for e in events[:-1]]) == (0, ["smart_city_2031"])
    code, events = run(put(tmp_path, small.SCORES, "b.txt"), "--document", "public_service_2031_b")
    assert (code, events[0]["document_id"]) == (0, "public_service_2031_b")
    assert run(whole, "--document", "nothing_like_it")[0] == 2


def test_a_second_ingest_waits_its_turn(run: Command, seeds: Path, tmp_path: Path) -> None:
    with transaction.locked(seeds):
        code, events = run(put(tmp_path, small.SCORES))
    assert (code, "Another ingest" in events[-1]["message"]) == (2, True)


def test_seeds_changed_meanwhile_are_not_overwritten(seeds: Path) -> None:
    before = transaction.snapshot(seeds)
    with transaction.locked(seeds):
        copy = transaction.stage(seeds, seeds.parent)
        (seeds / "reference" / "mine.csv").write_text("a\n", encoding="utf-8")
        with pytest.raises(StoppedError):
            transaction.commit(seeds, copy, before)
        transaction.discard(copy)
    assert (seeds / "reference" / "mine.csv").exists()


@pytest.mark.parametrize("renames", [1, 2])
def test_two_renames_where_folders_cannot_be_exchanged(
    renames: int, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the first rename, the next run finishes it; after the second it is done."""
    monkeypatch.setattr(transaction, "exchange", lambda one, other: False)
    done: list[Path] = []

    def rename(source: Path, target: Path) -> None:
        if len(done) == renames:
            raise KeyboardInterrupt
        done.append(target)
        os.rename(source, target)  # noqa: PTH104 - Path.rename is what is replaced here

    before = transaction.snapshot(seeds)
    copy = transaction.stage(seeds, seeds.parent)
    (copy / "reference" / "new.csv").write_text("a\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        if renames == 1:
            with pytest.raises(KeyboardInterrupt):
                transaction.commit(seeds, copy, before)
        else:
            transaction.commit(seeds, copy, before)
    with transaction.locked(seeds):
        assert (seeds / "reference" / "new.csv").exists()
    assert not (seeds.parent / transaction.STAGING).exists()


FILE_EVENTS = {"open", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.rename", "os.listdir"}
FILE_EVENTS |= {"os.scandir", "shutil.copytree", "shutil.rmtree", "ctypes.dlsym", "fcntl.flock"}


def _ingest_in_child(files: list[Path], seeds: Path, killed_at: int) -> tuple[bool, int]:
    """Ingest in a child process that dies by SIGKILL at its n-th step on files (0: never).

    Gives whether it was killed, and how many steps it made.
    """
    if sys.platform == "win32":
        pytest.skip("Windows has no fork")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        steps = 0

        def count(event: str, _: object) -> None:
            nonlocal steps
            if event in FILE_EVENTS:
                steps += 1
                if steps == killed_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        kinerja("ingest", *files, "--seeds", seeds, raw_gate=small.no_gate)
        os.write(writing, str(steps).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    return os.WIFSIGNALED(status), int(told or 0)


@pytest.mark.load
def test_a_kill_at_any_step_leaves_old_or_complete_seeds(seeds: Path, tmp_path: Path) -> None:
    """The kills are spread evenly over all steps on files that an ingest makes."""
    files = [put(tmp_path, text, f"{name}.txt") for name, text in small.DOCUMENTS.items()]
    spare = small.small_seeds(tmp_path / "spare")
    killed, steps = _ingest_in_child(files, spare, 0)
    assert not killed
    wanted, before = small.state(spare), small.state(seeds)
    outcomes = {"old": 0, "complete": 0}
    for attempt in range(KILLS):
        killed, _ = _ingest_in_child(files, seeds, 1 + attempt * (steps - 1) // max(KILLS - 1, 1))
        assert killed
        found = small.state(seeds)
        assert found in (before, wanted)
        outcomes["old" if found == before else "complete"] += 1
        if found == wanted:
            small.put_back(seeds, before)
    assert min(outcomes.values()) > 0, outcomes
    print(f"{KILLS} kills over {steps} steps: {outcomes}")
    assert _ingest_in_child(files, seeds, 0)[0] is False
    assert small.state(seeds) == wanted
    assert not (seeds.parent / transaction.STAGING).exists()


@pytest.mark.load
def test_kills_from_outside_at_any_time(seeds: Path, tmp_path: Path) -> None:
    """Kills by the clock, most of them in the last part of the run, where it writes."""
    files = [put(tmp_path, text, f"{name}.txt") for name, text in small.DOCUMENTS.items()]
    before = small.state(seeds)
    arguments: list[str | Path] = [sys.executable, "-c", WITHOUT_GATE, "ingest", "--yes", *files]
    arguments += ["--seeds", seeds]
    start = time.monotonic()
    subprocess.run(arguments, check=True, capture_output=True)
    whole, wanted = time.monotonic() - start, small.state(seeds)
    assert small.is_complete(seeds)
    assert wanted != before
    kills = max(KILLS // 4, 4)
    for attempt in range(kills):
        small.put_back(seeds, before)
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (0.6 + 0.5 * attempt / kills))
        process.kill()
        process.wait()
        assert small.state(seeds) in (before, wanted)
    # Whatever the kills left behind does not stop the next one.
    small.put_back(seeds, before)
    assert subprocess.run(arguments, capture_output=True).returncode == 0
    assert small.state(seeds) == wanted
    assert not (seeds.parent / transaction.STAGING).exists()


# Bad input


def _scan(path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    canvas.rect(10, 10, 100, 100)
    canvas.save()


def _encrypted(path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 100, "text")
    canvas.save()


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text")


def _pipe(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no pipes among its files")
    os.mkfifo(path)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty.txt": (lambda path: path.write_bytes(b""), "is empty"),
    "blank.txt": (lambda path: path.write_bytes(b" \r\n\n"), "is empty"),
    "scan.pdf": (_scan, "OCR"),
    "locked.pdf": (_encrypted, "encrypted PDF"),
    "damaged.pdf": (lambda path: path.write_bytes(b"%PDF-1.4 nothing"), "PDF"),
    "archive.xlsx": (_zip, "ZIP archive"),
    "old.xls": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" * 99), "old .xls"),
    "letter.txt": (
        lambda path: path.write_bytes(b"Kepada Yth.\nDi tempat\n"),
        "none of the tables",
    ),
    "program.txt": (lambda path: path.write_bytes(b"\x7fELF\x00\x01\x02"), "convert it"),
    "huge.txt": (_huge, "more than any printed evaluation"),
    "missing.txt": (lambda path: None, "does not exist"),
    "folder": (lambda path: path.mkdir(), "folder without documents"),
    "pipe.txt": (_pipe, "not a regular file"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(name: str, seeds: Path, tmp_path: Path) -> None:
    make, words = BAD[name]
    make(tmp_path / name)
    before = small.state(seeds)
    ended = kinerja("ingest", tmp_path / name, "--seeds", seeds)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert words in ended.err
    assert name in ended.err
    assert small.state(seeds) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--accept", "Kota"], "NAME=CODE"),
        (["--accept", "Kota X=99.99"], "not the code"),
        (["--accept", "Kota X=15.71"], "prints this name"),
        (["--document", "No Id"], "small letters"),
        (["--seeds", "/nowhere"], "not the folder of the seeds"),
    ],
)
def test_bad_commands_are_refused(
    arguments: list[str], words: str, seeds: Path, tmp_path: Path
) -> None:
    file = put(tmp_path, small.SCORES)
    ended = kinerja("ingest", file, "--seeds", seeds, *arguments)
    assert ended.code == 2
    assert words in ended.err


def test_a_document_without_its_year_asks_for_it(run: Command, seeds: Path, tmp_path: Path) -> None:
    file = put(tmp_path, small.SCORES.split("\n", 3)[3])
    code, events = run(file)
    assert (code, "edition year" in events[-1]["message"]) == (2, True)
    code, events = run(file, "--document", "public_service_2031")
    assert code == 0
    assert kinds(events)["missing_fact"] == ["number", "issued_on"]


def test_a_damaged_reference_seed_is_named(run: Command, seeds: Path, tmp_path: Path) -> None:
    file = put(tmp_path, small.SCORES)
    topics = seeds / "reference" / "note_topics.csv"
    good = topics.read_text(encoding="utf-8")
    topics.write_text(good.replace("cascading|", "cascading(|"), encoding="utf-8")
    code, events = run(file)
    assert (code, "performance_cascading" in events[-1]["message"]) == (2, True)
    topics.write_text(good.replace("label_id", "label"), encoding="utf-8")
    code, events = run(file)
    assert (code, "lacks the column label_id" in events[-1]["message"]) == (2, True)
    topics.write_text(good, encoding="utf-8")
    raw = seeds / "raw" / "notes.csv"
    raw.write_bytes(b"other,columns\n")
    code, events = run(file)
    assert (code, "notes.csv does not have the columns" in events[-1]["message"]) == (2, True)


def test_hidden_sheets_are_told_and_pages_are_counted(
    run: Command, seeds: Path, tmp_path: Path
) -> None:
    file = tmp_path / "sheets.xlsx"
    lines = {n: line.split("\t") for n, line in enumerate(small.SCORES.split("\n"), start=1)}
    file.write_bytes(rendering.as_xlsx(lines))
    book = openpyxl.load_workbook(file)
    book.create_sheet("Rahasia").sheet_state = "hidden"
    book.save(file)
    _, events = run(file)
    assert "hidden sheet Rahasia" in next(e for e in events if e["event"] == "warning")["message"]
    pdf = tmp_path / "pages.pdf"
    pdf.write_bytes(rendering.as_pdf(lines))
    told: list[Told] = []
    engine.run(engine.Options([pdf], seeds, dry_run=True), told.append, small.no_gate, lambda: True)
    assert [e for e in told if isinstance(e, PageRead)] == [PageRead(str(pdf), 1, 1)]


@pytest.mark.load
def test_many_documents_take_no_more_memory_than_few(tmp_path: Path) -> None:
    """KINERJA_BULK=1000 is the size that has to pass within a minute on two cores."""
    many = int(os.environ.get("KINERJA_BULK", "40"))
    text = editions.decision_2025().decode("utf-8-sig").replace(editions.ALIAS[0], "Kota Sabang")
    regions = len(rendering.read(rendering.SEEDS / "reference" / "official_regions.csv"))
    peaks = []
    for count in (many // 4, many):
        folder = tmp_path / str(count)
        folder.mkdir()
        for year in range(1001, 1001 + count):
            put(folder, text.replace("2025", str(year)), f"{year}.txt")
        seeds = small.small_seeds(tmp_path / f"warehouse {count}")
        script = WITHOUT_GATE
        script += "used = open('/proc/self/status').read().split('VmHWM:')[1].split()[0]; "
        script += "print(code, used, time.monotonic() - start, file=sys.stderr)"
        done = subprocess.run(
            [sys.executable, "-c", script, "ingest", "--yes", folder, "--seeds", seeds],
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"Documents: {count} new." in done.stdout
        code, peak, seconds = done.stderr.split()
        print(f"{count} documents: {float(seconds):.1f} s, {int(peak) // 1024} MB")
        assert code == "0"
        assert len(small.rows_of(seeds, "public_service__scores")) == regions * count
        peaks.append(int(peak))
    assert float(seconds) < 60
    assert peaks[1] - peaks[0] < 16 * 1024  # kilobytes


# Templates and the screen


@pytest.mark.parametrize("kind", instruments(rendering.SEEDS))
def test_a_filled_template_is_stored_as_it_was_filled(
    kind: str, run: Command, seeds: Path, tmp_path: Path
) -> None:
    file = tmp_path / "form.xlsx"
    assert kinerja("template", kind, file, "--seeds", seeds).code == 0
    code, _ = run(file)
    assert code == 2  # the empty sheet has no year yet; the example is not read
    book = openpyxl.load_workbook(file)
    sheet, example = book["Isian"], book["Contoh"]
    assert sheet.data_validations.dataValidation
    sheet.delete_rows(1, sheet.max_row)
    for row in example.iter_rows():
        for cell in row:
            sheet.cell(cell.row, cell.column, cell.value)
    book.save(file)
    code, events = run(file)
    assert (code, kinds(events)) == (0, {})
    printed_cells = {
        cell.text
        for block in blocks_of(kind, seeds)
        for row in block.rows
        for cell in row
        if not cell.is_heading
    }
    stored = {
        cell for seed in rendering.TABLES for row in small.rows_of(seeds, seed) for cell in row
    }
    figures = {cell for cell in printed_cells if "," in cell or "." in cell.strip(".")}
    assert {cell for cell in figures if "/" not in cell} <= stored
    assert run(file)[1][-1]["documents"] == {"unchanged": 1}


def test_a_template_is_not_written_over_a_file(tmp_path: Path) -> None:
    file = put(tmp_path, "mine", "form.xlsx")
    assert kinerja("template", "smart_city", file).code == 2
    assert file.read_text(encoding="utf-8") == "mine"
    poem = kinerja("template", "poem", tmp_path / "poem.xlsx")
    assert (poem.code, "no template poem" in poem.err) == (2, True)


def test_the_screen_tells_what_was_found_and_what_to_do(seeds: Path, tmp_path: Path) -> None:
    file = put(tmp_path, small.SCORES.replace("Kota Metro", "Kota [Sei] Penuh"))
    ended = kinerja("ingest", file, "--seeds", seeds, "--dry-run")
    assert ended.code == 1
    assert "public_service_2031" in ended.out
    assert '--accept "Kota [Sei] Penuh=15.72:reason"' in ended.out
    assert "Nothing stored: 1 unknown names" in ended.out
