"""Reading and writing the seeds as bytes, one document's rows at a time.

Rows of one document are one stretch of bytes in each raw seed. New documents are spooled to a
temporary file and merged by stretches, so memory does not grow with the number of documents.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kinerja.core.errors import BadInputError
from kinerja.instruments.declarations import Table

Stretch = tuple[int, int]


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV: UTF-8, LF, quotes only where needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


@dataclass
class SeedIndex:
    """Where each document's rows stand in a raw seed file (offset and length in bytes)."""

    table: Table
    path: Path
    stretches: dict[str, list[Stretch]] = field(default_factory=dict)

    def rows_of(self, document_id: str) -> bytes:
        """A document's rows as they are stored (nothing if it has none)."""
        if document_id not in self.stretches:
            return b""
        with self.path.open("rb") as file:
            return b"".join(_read(file, s) for s in self.stretches[document_id])


def _read(file: BinaryIO, stretch: Stretch) -> bytes:
    file.seek(stretch[0])
    return file.read(stretch[1])


def index_seed(folder: Path, table: Table) -> SeedIndex:
    """Find each document's rows in a raw seed; raise BadInputError if its columns are others."""
    index = SeedIndex(table, folder / f"{table.name}.csv")
    if not index.path.exists():
        return index
    with index.path.open("rb") as file:
        header = file.readline()
        if header != csv_bytes([table.names]):
            raise BadInputError(
                f"{index.path} does not have the columns of a raw seed; restore it."
            )
        offset = len(header)
        for line in file:
            document_id = line.partition(b",")[0].decode("utf-8", "replace")
            stretches = index.stretches.setdefault(document_id, [])
            if stretches and sum(stretches[-1]) == offset:
                stretches[-1] = (stretches[-1][0], stretches[-1][1] + len(line))
            else:
                stretches.append((offset, len(line)))
            offset += len(line)
    return index


@dataclass
class Spool:
    """Rows of new documents, kept in a temporary file until all documents are read."""

    file: BinaryIO
    places: dict[str, dict[str, Stretch]] = field(default_factory=dict)

    def put(self, document_id: str, seeds: Mapping[str, bytes]) -> None:
        """Keep a document's rows, one stretch for each raw seed."""
        for seed, data in seeds.items():
            offset = self.file.seek(0, io.SEEK_END)
            self.file.write(data)
            self.places.setdefault(seed, {})[document_id] = (offset, len(data))

    def get(self, seed: str, document_id: str) -> bytes:
        """A document's rows for one raw seed."""
        return _read(self.file, self.places[seed][document_id])


@dataclass
class Batch:
    """What is to be stored once every document has been read: all of it, or nothing."""

    indices: Mapping[str, SeedIndex]
    spool: Spool
    documents: set[str] = field(default_factory=set)

    def stored(self, document_id: str) -> dict[str, bytes]:
        """A document's rows as they are stored, for every raw seed."""
        return {seed: index.rows_of(document_id) for seed, index in self.indices.items()}

    def as_bytes(self, rows: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, bytes]:
        """A document's rows for every raw seed, also for those that it has no rows in."""
        return {seed: csv_bytes(rows.get(seed, ())) for seed in self.indices}

    def put(self, document_id: str, new: Mapping[str, bytes]) -> None:
        """Keep a document's rows to be stored."""
        self.spool.put(document_id, new)
        self.documents.add(document_id)

    def is_another(self, document_id: str, new: Mapping[str, bytes]) -> bool:
        """Whether a document of this id is kept already and has other rows."""
        return document_id in self.documents and any(
            self.spool.get(seed, document_id) != data for seed, data in new.items()
        )

    def changed_seeds(self) -> list[str]:
        """The raw seeds that will be others than they are."""
        return [
            seed
            for seed, index in self.indices.items()
            if not index.path.exists()
            or any(
                self.spool.get(seed, document_id) != index.rows_of(document_id)
                for document_id in self.documents
            )
        ]

    def write(self, seed: str, target: Path) -> None:
        """Write a raw seed anew: stored documents and kept ones in their places, sorted."""
        index, spooled = self.indices[seed], self.spool.places.get(seed, {})
        # The target may be a hard link of the stored file: never write into it.
        target.unlink(missing_ok=True)
        stored = index.path.open("rb") if index.path.exists() else io.BytesIO()
        with stored, target.open("wb") as out:
            out.write(csv_bytes([index.table.names]))
            for document_id in sorted({*index.stretches, *spooled}):
                if document_id in spooled:
                    out.write(self.spool.get(seed, document_id))
                else:
                    for stretch in index.stretches[document_id]:
                        out.write(_read(stored, stretch))
