"""The raw seeds, printed as documents again and ingested, are the same bytes."""

import csv
from collections.abc import Callable
from pathlib import Path

import ingest_rendering as rendering
import pytest
from command import kinerja
from ingest_small import no_gate


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
def test_documents_written_back_give_the_same_seeds(form: str, tmp_path: Path) -> None:
    seeds = rendering.emptied_seeds(tmp_path)
    files = []
    for name, documents in rendering.bundles().items():
        file = tmp_path / f"{Path(name).stem}.{form}"
        file.write_bytes(FORMATS[form](rendering.printed_lines(documents)))
        files.append(file)
    ended = kinerja("ingest", *files, "--seeds", seeds, "--json", raw_gate=no_gate)
    assert ended.code == 0, ended
    for name in rendering.TABLES:
        given = (seeds / "raw" / f"{name}.csv").read_bytes()
        wanted = (rendering.SEEDS / "raw" / f"{name}.csv").read_bytes()
        if form == "pdf":
            # A PDF has other lines than the text; everything else is the same.
            assert without_place(given) == without_place(wanted), name
        else:
            assert given.replace(b"Lembar:", b"") == wanted, name
    for name in ("expected_rows.csv", "region_names.csv"):
        given = (seeds / "reference" / name).read_bytes()
        assert given == (rendering.SEEDS / "reference" / name).read_bytes()
    own = {"file_name", "file_sha256", "added_on"}
    registers = [
        [
            {key: value for key, value in row.items() if key not in own}
            for row in rendering.read(folder / "reference" / "document_register.csv")
        ]
        for folder in (seeds, rendering.SEEDS)
    ]
    assert registers[0] == registers[1]
    if form != "pdf":  # reading the pages again would take as long as all the rest
        ended = kinerja("ingest", *files, "--seeds", seeds, "--json", raw_gate=no_gate)
        assert (ended.code, ended.result["events"][-1]["changed_files"]) == (0, [])
