"""What is told while ingest runs: typed, for the screen; `as_json` is the one form for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .account import Finding
from .compare import Change


@dataclass(frozen=True, slots=True)
class FileOpened:
    """A file is about to be read, the n-th of so many."""

    file: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page of a PDF is being read."""

    file: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Something of a file was not read."""

    message: str


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table of a document: its raw seed, its rows, and the columns of the seed."""

    seed: str
    table_id: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An official region that an unknown name may mean."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A printed name that is no region's, and where it stands first."""

    printed: str
    source: str
    suggestions: Sequence[Suggestion]


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document as read and compared; `status` is what it is to the seeds."""

    file: str
    document_id: str
    instrument: str
    status: str
    facts: Mapping[str, str]
    tables: Sequence[TableRead]
    heading_lines: Sequence[str]
    fact_lines: Sequence[str]
    prose_lines: int
    findings: Sequence[Finding]
    unresolved: Sequence[UnknownName]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run: documents by status, what stands against storing, what changed."""

    documents: Mapping[str, int]
    unresolved: int
    unclear: int
    refused: int
    dry_run: bool
    changed_files: Sequence[str]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended without doing what was asked."""

    message: str
    exit_code: int


Event = FileOpened | PageRead | Warned | DocumentRead | Summary | Failed

_WORDS: dict[type[Event], str] = {
    FileOpened: "file",
    PageRead: "page",
    Warned: "warning",
    DocumentRead: "document",
    Summary: "summary",
    Failed: "error",
}


def as_json(event: Event) -> dict[str, Any]:
    """An event as plain data; the key `event` says which it is."""
    return {"event": _WORDS[type(event)], **asdict(event)}
