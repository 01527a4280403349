"""What is stored and what is to be: raw seeds as bytes by document, reference seeds as rows.

The rows of new documents wait in files of their own until all documents are read, so memory does
not grow with their number.
"""

import csv
import io
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kinerja.core.errors import BadInputError
from kinerja.instruments import references
from kinerja.instruments.declarations import Table
from kinerja.instruments.references import DOCUMENTS, EXPECTED_ROWS, REGION_NAMES, Row

from .documents import Document
from .names import Gazetteer


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV: UTF-8, LF, quotes only where needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


@dataclass
class RawSeed:
    """A raw seed: each document's rows as stored, and a folder for those that are to be."""

    table: Table
    path: Path
    stored: Mapping[str, bytes]
    waiting: Path
    new: dict[str, Path] = field(default_factory=dict)

    def put(self, document_id: str, rows: bytes) -> None:
        """Keep a document's rows to be stored."""
        file = self.new.setdefault(document_id, self.waiting / str(len(self.new)))
        if rows:
            file.write_bytes(rows)

    def kept(self, document_id: str) -> bytes:
        """A document's rows that are to be stored."""
        file = self.new[document_id]
        return file.read_bytes() if file.exists() else b""

    def of(self, document_id: str) -> bytes:
        """A document's rows as they are to be, or as they are stored."""
        is_new = document_id in self.new
        return self.kept(document_id) if is_new else self.stored.get(document_id, b"")

    def is_changed(self) -> bool:
        """Whether it will be another than it is."""
        return not self.path.exists() or any(
            self.kept(document_id) != self.stored.get(document_id, b"") for document_id in self.new
        )

    def write(self, target: Path) -> None:
        """Write it anew: stored documents and kept ones in their places, sorted."""
        # The target may be a hard link of the stored file: never write into it.
        target.unlink(missing_ok=True)
        with target.open("wb") as out:
            out.write(csv_bytes([self.table.names]))
            for document_id in sorted({*self.stored, *self.new}):
                out.write(self.of(document_id))


def raw_seed(seeds: Path, table: Table, scratch: Path) -> RawSeed:
    """A raw seed as it is stored; raise BadInputError if its columns are others."""
    path = seeds / "raw" / f"{table.name}.csv"
    stored: dict[str, bytes] = {}
    if path.exists():
        with path.open("rb") as file:
            if file.readline() != csv_bytes([table.names]):
                raise BadInputError(f"{path} does not have the columns of a raw seed; restore it.")
            for start, lines in groupby(file, key=lambda line: line.partition(b",")[0]):
                document_id = start.decode("utf-8", "replace")
                stored[document_id] = stored.get(document_id, b"") + b"".join(lines)
    (scratch / table.name).mkdir()
    return RawSeed(table, path, stored, scratch / table.name)


@dataclass
class Register:
    """The reference seeds that ingest keeps, brought up to date as documents are read.

    `documents` are rows by document; `expected` maps a document to the number of its rows in each
    (seed, table); `names` are rows by printed name; `accept` maps names that an analyst confirms
    to a region code and the reason.
    """

    documents: dict[str, Row]
    expected: dict[str, dict[tuple[str, str], str]]
    names: dict[str, Row]
    gazetteer: Gazetteer
    accept: Mapping[str, tuple[str, str]]

    def decided(self, digest: str) -> dict[str, str]:
        """What a person decided when this very file was stored."""
        rows = [row for row in self.documents.values() if row["file_sha256"] == digest]
        told = [
            dict(one.split("=", 1) for one in row["decisions"].split("; ") if one) for row in rows
        ]
        return dict(item for decisions in told for item in decisions.items())

    def remember(self, document: Document, file_name: str, digest: str, *, is_new: bool) -> None:
        """Register a document; one that is not new is only if it came from the same file."""
        document_id = document.document_id
        file = {"file_name": file_name, "file_sha256": digest, "added_on": _today()}
        before = file if is_new else self.documents[document_id]
        if before["file_sha256"] != digest:
            return
        self.documents[document_id] = {**before, "document_id": document_id, **document.facts}
        counts = document.row_counts().items()
        self.expected[document_id] = {table: str(count) for table, count in counts}
        for printed in document.names:
            code = self.gazetteer.resolve(printed)
            if code and (printed in self.accept or printed not in self.names):
                _, reason = self.accept.get(printed, ("", ""))
                row = {"printed_name": printed, "region_code": code, "reason": reason}
                self.names[printed] = row

    def files(self) -> dict[str, bytes]:
        """The reference seeds as they should be, by file name."""
        expected = (
            (seed, document_id, table_id, count)
            for document_id, tables in self.expected.items()
            for (seed, table_id), count in tables.items()
        )
        documents = ([row[name] for name in DOCUMENTS] for row in self.documents.values())
        names = ([row[name] for name in REGION_NAMES] for row in self.names.values())
        return {
            "document_register.csv": csv_bytes([DOCUMENTS, *sorted(documents)]),
            "region_names.csv": csv_bytes([REGION_NAMES, *sorted(names)]),
            "expected_rows.csv": csv_bytes([EXPECTED_ROWS, *sorted(expected)]),
        }


def register_in(
    seeds: Path, gazetteer: Gazetteer, accept: Mapping[str, tuple[str, str]]
) -> Register:
    """The register as it is stored; raises BadInputError for a seed that cannot be used."""
    expected: dict[str, dict[tuple[str, str], str]] = {}
    for row in references.rows(seeds, "expected_rows", EXPECTED_ROWS):
        seed, document_id, table_id, count = row.values()
        expected.setdefault(document_id, {})[seed, table_id] = count
    documents = references.rows(seeds, "document_register", DOCUMENTS)
    names = references.rows(seeds, "region_names", REGION_NAMES)
    return Register(
        {row["document_id"]: row for row in documents},
        expected,
        {row["printed_name"]: row for row in names},
        gazetteer,
        accept,
    )


def _today() -> str:
    """Today in UTC, or the day of SOURCE_DATE_EPOCH for a reproducible run."""
    now = int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    return time.strftime("%Y-%m-%d", time.gmtime(now))
