"""The reference seeds that ingest keeps: documents, expected rows, and names as printed."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kinerja.instruments import references
from kinerja.instruments.references import DOCUMENTS, EXPECTED_ROWS, REGION_NAMES, Row

from .documents import Document
from .names import Gazetteer
from .store import csv_bytes


@dataclass
class Register:
    """What is registered of every document, brought up to date as documents are read.

    `documents` are rows by document; `expected` maps a document to the number of its rows in each
    (seed, table); `names` are rows by printed name; `accept` maps names that an analyst confirms
    to a region code and the reason.
    """

    documents: dict[str, Row]
    expected: dict[str, dict[tuple[str, str], str]]
    names: dict[str, Row]
    gazetteer: Gazetteer
    accept: Mapping[str, tuple[str, str]]

    def remember(self, document: Document, file_name: str, digest: str) -> None:
        """Register a document as it was read from a file today."""
        file = {"file_name": file_name, "file_sha256": digest, "added_on": _today()}
        self._remember(document, file)

    def is_from(self, document_id: str, digest: str) -> bool:
        """Whether a registered document was read from the file of this digest."""
        return self.documents[document_id]["file_sha256"] == digest

    def refresh(self, document: Document) -> None:
        """Register a document anew that came from the same file before."""
        self._remember(document, self.documents[document.document_id])

    def _remember(self, document: Document, file: Row) -> None:
        own = {"document_id": document.document_id, **document.facts}
        self.documents[document.document_id] = {**file, **own}
        self.expected[document.document_id] = {
            table: str(count) for table, count in document.row_counts().items()
        }
        for printed in document.names:
            code = self.gazetteer.resolve(printed)
            if code and (printed in self.accept or printed not in self.names):
                _, reason = self.accept.get(printed, ("", ""))
                row = {"printed_name": printed, "region_code": code, "reason": reason}
                self.names[printed] = row

    def files(self) -> dict[str, bytes]:
        """The reference seeds as they should be, by file name."""
        expected = (
            dict(zip(EXPECTED_ROWS, (seed, document_id, table, count), strict=True))
            for document_id, tables in self.expected.items()
            for (seed, table), count in tables.items()
        )
        tables = (
            ("document_register", DOCUMENTS, self.documents.values()),
            ("region_names", REGION_NAMES, self.names.values()),
            ("expected_rows", EXPECTED_ROWS, expected),
        )
        return {
            f"{name}.csv": csv_bytes(
                [columns, *sorted([row[column] for column in columns] for row in rows)]
            )
            for name, columns, rows in tables
        }


def register_in(
    seeds: Path, gazetteer: Gazetteer, accept: Mapping[str, tuple[str, str]]
) -> Register:
    """The register as it is stored; raises BadInputError for a seed that cannot be used."""
    expected: dict[str, dict[tuple[str, str], str]] = {}
    for row in references.rows(seeds, "expected_rows", EXPECTED_ROWS):
        table = row["seed_name"], row["table_id"]
        expected.setdefault(row["document_id"], {})[table] = row["expected_rows"]
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
