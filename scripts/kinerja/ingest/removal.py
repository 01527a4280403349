"""What is stored, and how a document leaves the seeds: with every row that is about it."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from kinerja.core.errors import BadInputError, StoppedError
from kinerja.instruments import references

from . import transaction

_FINDINGS = "known_discrepancies"
Confirm = Callable[[Mapping[str, int]], bool]
"""Asks whether so many rows of each file are to leave."""


def stored(seeds: Path) -> list[dict[str, str | int]]:
    """The documents of the register, each with the number of its rows."""
    rows: Counter[str] = Counter()
    for row in references.rows(seeds, "expected_rows", references.EXPECTED_ROWS):
        rows[row["document_id"]] += int(row["expected_rows"])
    register = references.rows(seeds, "document_register", references.DOCUMENTS)
    return [{**row, "rows": rows[row["document_id"]]} for row in register]


def remove(
    seeds: Path, document_id: str, gate: Callable[[Path, list[str]], None], confirm: Confirm
) -> dict[str, int]:
    """Take a document out of all seeds at once; give how many rows left each file.

    What people wrote down about it (its findings, its figures on paper, its corrections) leaves
    with it. Raise BadInputError for a document that is not stored, StoppedError if nobody agrees or
    the gate refuses what is left.
    """
    if document_id not in {row["document_id"] for row in stored(seeds)}:
        raise BadInputError(f"{document_id} is not stored; kinerja documents lists what is.")
    with transaction.locked(seeds):
        before = transaction.snapshot(seeds)
        left = {
            path.relative_to(seeds): found
            for path in sorted(seeds.glob("r*/*.csv"))
            if (found := _without(path, document_id))[1]
        }
        counts = {name.as_posix(): count for name, (_, count) in left.items()}
        if not confirm(counts):
            raise StoppedError("Nothing was removed, as nobody agreed. Add --yes.")
        copy = transaction.stage(seeds, seeds.parent)
        try:
            for name, (text, _) in left.items():
                (copy / name).unlink()
                (copy / name).write_text(text, encoding="utf-8", newline="")
            gate(copy, [])
            transaction.commit(seeds, copy, before)
        except StoppedError:
            transaction.discard(copy)
            raise
    return counts


def _without(path: Path, document_id: str) -> tuple[str, int]:
    """A seed's text without the rows of a document, as it stands otherwise, and how many left."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = file.readlines()
    reader = csv.reader(lines)
    header = next(reader, [])
    is_findings = path.stem == _FINDINGS
    if not is_findings and "document_id" not in header:
        return "", 0
    at = 0 if is_findings else header.index("document_id")
    kept, gone, start = lines[: reader.line_num], 0, reader.line_num
    for row in reader:
        # A finding is named by its rule, its document and its place.
        cell = row[at].split(":")[1:2] if is_findings else row[at : at + 1]
        if cell == [document_id]:
            gone += 1
        else:
            kept += lines[start : reader.line_num]
        start = reader.line_num
    return "".join(kept), gone
