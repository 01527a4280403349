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

from .outcome import Row
from .schemas import RAW, Schema

Stretch = tuple[int, int]


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV: UTF-8, LF, quotes only where needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a reference seed; raise BadInputError if it lacks a column or is not UTF-8."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise BadInputError(f"{path} lacks the column {min(missing)}; restore it.")
            return [{name: row[name] or "" for name in columns} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(f"{path} is not a CSV file in UTF-8 ({error}); restore it.") from error


def table_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A reference seed as bytes, in the order given."""
    return csv_bytes([columns, *([row[name] for name in columns] for row in rows)])


@dataclass
class SeedIndex:
    """Where each document's rows stand in a raw seed file (offset and length in bytes)."""

    schema: Schema
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


def index_seed(folder: Path, schema: Schema) -> SeedIndex:
    """Find each document's rows in a raw seed; raise BadInputError if its columns are others."""
    index = SeedIndex(schema, folder / f"{schema.name}.csv")
    if not index.path.exists():
        return index
    with index.path.open("rb") as file:
        header = file.readline()
        if header != csv_bytes([schema.columns]):
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


def seed_chunks(document_id: str, rows: Mapping[str, list[Row]]) -> dict[str, bytes]:
    """A document's rows as bytes for every raw seed, also for those that it has no rows in."""
    return {seed: csv_bytes(rows.get(seed, ())) for seed in RAW}


def write_seed(index: SeedIndex, spool: Spool, target: Path) -> None:
    """Write a raw seed anew: stored documents with the spooled ones in their places, sorted."""
    spooled = spool.places.get(index.schema.name, {})
    # The target may be a hard link of the stored file: never write into it.
    target.unlink(missing_ok=True)
    stored = index.path.open("rb") if index.path.exists() else io.BytesIO()
    with stored, target.open("wb") as out:
        out.write(csv_bytes([index.schema.columns]))
        for document_id in sorted({*index.stretches, *spooled}):
            if document_id in spooled:
                out.write(spool.get(index.schema.name, document_id))
            else:
                for stretch in index.stretches[document_id]:
                    out.write(_read(stored, stretch))
