"""Ingest through the real raw gate."""

from pathlib import Path

import evaluation_fixture as fixture
import ingest_editions as editions
import ingest_rendering as rendering
import ingest_small as small
from command import kinerja


def test_a_document_that_breaks_the_raw_gate_is_not_stored(tmp_path: Path) -> None:
    seeds = small.small_seeds(tmp_path)
    before = small.state(seeds)
    file = tmp_path / "letter.txt"
    file.write_text(small.SCORES.replace("4,32", "4.3x"), encoding="utf-8")
    ended = kinerja("ingest", file, "--seeds", seeds, "--json")
    assert ended.code == 1
    assert "raw gate" in ended.answer["message"]
    assert "public_service__scores.csv" in ended.answer["message"]
    assert small.state(seeds) == before
    assert not (tmp_path / ".seeds-ingest").exists()


def test_a_good_document_passes_the_raw_gate_with_its_control_totals(tmp_path: Path) -> None:
    seeds = small.small_seeds(tmp_path)
    file = tmp_path / "form.txt"
    file.write_bytes(editions.form_of_second_agency())
    stored = small.state(rendering.SEEDS)
    assert kinerja("ingest", file, "--seeds", seeds).code == 0
    assert small.is_complete(seeds)
    totals = (seeds / "reference" / "control_totals.csv").read_text(encoding="utf-8")
    assert "performance_jambi_dinas_kesehatan_2025_q1" in totals
    assert small.state(rendering.SEEDS) == stored


def test_a_new_evaluation_passes_the_raw_gate_by_its_declaration_alone(tmp_path: Path) -> None:
    seeds = small.small_seeds(tmp_path)
    fixture.add_evaluation(seeds)
    assert kinerja("ingest", fixture.DOCUMENT, "--seeds", seeds).code == 0
    totals = rendering.read(seeds / "reference" / "control_totals.csv")
    own = {row["column_name"]: row["cells"] for row in totals if not row["word"]}
    assert own["index_score"] == own["data_services"] == "50"
    before = small.state(seeds)
    wrong = tmp_path / "wrong.txt"
    text = fixture.DOCUMENT.read_text(encoding="utf-8")
    wrong.write_text(text.replace("\tMemuaskan\n", "\tMemuaskam\n", 1), encoding="utf-8")
    ended = kinerja("ingest", wrong, "--seeds", seeds, "--replace", "--json")
    assert ended.code == 1
    assert "digital_government__results.csv" in ended.answer["message"]
    assert small.state(seeds) == before
