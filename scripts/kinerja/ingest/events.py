"""What is told while ingest runs: typed, for the screen; `as_json` is the one form for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .compare import Change
from .documents import Document
from .names import Region
from .sheet import TableSheet


@dataclass(frozen=True, slots=True)
class FileOpened:
    """A file is about to be read, the n-th of so many."""

    file: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page of a PDF is being read, the n-th of so many."""

    file: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something of a file was not read."""

    message: str


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A printed name that is no region's, where it stands first, and whose it may be.

    `misfit` says why the region that it is known as cannot be meant.
    """

    printed: str
    source: str
    suggestions: Sequence[Region]
    misfit: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document as read and compared; `status` is what it is to the seeds.

    `sheets` are its tables as a person checks them, `doubts` what must be decided first.
    """

    file: str
    document: Document
    status: str
    unresolved: Sequence[UnknownName]
    changes: Sequence[Change]
    sheets: Sequence[TableSheet]
    doubts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run: documents by status, what stands against storing, what changed."""

    documents: Mapping[str, int]
    unresolved: int
    unclear: int
    asked: int
    refused: int
    dry_run: bool
    changed_files: Sequence[str]
    exit_code: int


Event = FileOpened | PageRead | Warned | DocumentRead | Summary

_WORDS: dict[type[Event], str] = {
    FileOpened: "file",
    PageRead: "page",
    Warned: "warning",
    DocumentRead: "document",
    Summary: "summary",
}


def as_json(event: Event) -> dict[str, Any]:
    """An event as plain data; the key `event` says which it is."""
    plain = _document(event) if isinstance(event, DocumentRead) else asdict(event)
    return {"event": _WORDS[type(event)], **plain}


def _document(read: DocumentRead) -> dict[str, Any]:
    """A document without its rows."""
    document = read.document
    return {
        "file": read.file,
        "document_id": document.document_id,
        "instrument": document.instrument.name,
        "status": read.status,
        "facts": document.facts,
        "told": [asdict(fact) for fact in document.told],
        "doubts": read.doubts,
        "sheets": [asdict(sheet) for sheet in read.sheets],
        "counts_in_text": document.counts,
        "tables": [
            {"seed": seed, "table_id": table_id, "rows": n, "columns": len(document.rows[seed][0])}
            for (seed, table_id), n in document.row_counts().items()
        ],
        "heading_lines": document.headers,
        "fact_lines": document.told_lines,
        "prose_lines": document.prose_lines,
        "findings": [asdict(finding) for finding in document.findings],
        "unresolved": [asdict(name) for name in read.unresolved],
        "changes": [asdict(change) for change in read.changes],
    }
