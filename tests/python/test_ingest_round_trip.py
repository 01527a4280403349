"""Raw seeds, printed as documents again and ingested, are the same bytes.

The documents are made for the tests: one of each kind, and three with oddities of their own.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import ingest_editions as editions
import ingest_rendering as rendering
import ingest_small as small
import pytest
from command import kinerja

ABOVE = b"\n" * 30
"""Lines above each document: what is written back stands on the lines that rows name, and the facts
of a document on some above these."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds with the made-up documents alone, each from a text of its own."""
    folder = tmp_path_factory.mktemp("stored")
    seeds = small.small_seeds(folder)
    files = {f"{name}.txt": text.encode() for name, text in small.DOCUMENTS.items()}
    for name, data in {**files, **editions.files()}.items():
        (folder / name).write_bytes(ABOVE + data.removeprefix(b"\xef\xbb\xbf"))
    paths = [folder / name for name in (*files, *editions.files())]
    accept = "=".join(editions.ALIAS)
    ended = kinerja("ingest", *paths, "--seeds", seeds, "--accept", accept, raw_gate=small.no_gate)
    assert ended.code == 0, ended
    return seeds


def without_place(data: bytes) -> list[list[str]]:
    """A raw seed's rows without the source line."""
    rows = list(csv.reader(data.decode().splitlines()))
    place = rows[0].index("source_line")
    return [row[:place] + row[place + 1 :] for row in rows]


FORMATS: dict[str, Callable[[rendering.Lines], bytes]] = {
    "txt": rendering.as_text,
    "csv": rendering.as_csv,
    "semicolon.csv": lambda lines: rendering.as_csv(lines, ";"),
    "xlsx": rendering.as_xlsx,
    "pdf": rendering.as_pdf,
}


@pytest.mark.parametrize("form", FORMATS)
def test_documents_written_back_give_the_same_seeds(
    form: str, stored: Path, tmp_path: Path
) -> None:
    seeds = small.small_seeds(tmp_path)
    files = []
    for name, documents in rendering.bundles(stored).items():
        file = tmp_path / f"{Path(name).stem}.{form}"
        file.write_bytes(FORMATS[form](rendering.printed_lines(documents, stored)))
        files.append(file)
    accept = ("--accept", "=".join(editions.ALIAS))
    words = ("ingest", *files, "--seeds", seeds, *accept, "--json")
    ended = kinerja(*words, raw_gate=small.no_gate)
    assert ended.code == 0, ended
    register = rendering.read(stored / "reference" / "document_register.csv")
    printed = {row["instrument"] for row in register} | {None}
    for name, table in rendering.TABLES.items():
        given = (seeds / "raw" / f"{name}.csv").read_bytes()
        wanted = (stored / "raw" / f"{name}.csv").read_bytes()
        assert wanted.count(b"\n") > 2 or table.instrument not in printed, name
        if form == "pdf":
            # A PDF has other lines than the text; everything else is the same.
            assert without_place(given) == without_place(wanted), name
        else:
            assert given.replace(b"Lembar:", b"") == wanted, name
    for name in ("expected_rows.csv", "region_names.csv"):
        given = (seeds / "reference" / name).read_bytes()
        assert given == (stored / "reference" / name).read_bytes()
    own = {"file_name", "file_sha256", "added_on"}
    registers = [
        [
            {key: value for key, value in row.items() if key not in own}
            for row in rendering.read(folder / "reference" / "document_register.csv")
        ]
        for folder in (seeds, stored)
    ]
    assert registers[0] == registers[1]
    if form != "pdf":  # reading the pages again would take as long as all the rest
        ended = kinerja(*words, raw_gate=small.no_gate)
        assert (ended.code, ended.result["events"][-1]["changed_files"]) == (0, [])
