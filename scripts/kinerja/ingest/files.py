"""Files to lines: text, CSV, XLSX, Word and PDF with text, told apart by what they hold."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kinerja.core.errors import BadInputError

from .lines import Line, line_of, tidy, trimmed, without_marks

LARGEST = 64 * 1024 * 1024
"""Bytes of a PDF or workbook; pictures in it may weigh much."""

LARGEST_TEXT = LARGEST // 4
"""Bytes of a text. A printed evaluation of every government in the country is under a megabyte."""

SUFFIXES = {".txt", ".text", ".csv", ".tsv", ".xlsx", ".xlsm", ".docx", ".pdf"}
_SEPARATORS = (",", ";", "\t", "|")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCK = "~$"
"""Before the name of the file that an office program keeps beside an open one."""

IsHeading = Callable[[Sequence[str]], bool]
OnPage = Callable[[int, int], None]
"""Told the page that is being read and how many there are."""


class UnreadableError(BadInputError):
    """A file is no document that can be read; one of a folder is left."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's lines, and what of the file was not read (a page without text, a hidden sheet)."""

    lines: list[Line]
    warnings: list[str]


def input_files(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read, and those in the folders named that are left.

    Of a folder and the folders in it, files of a known type are read.
    """
    files: list[Path] = []
    left: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file()]
            known = [p for p in inside if _is_document(p)]
            if not known:
                raise BadInputError(
                    f"{path} is a folder without documents; name a file or fill it."
                )
            files += known
            left += [p for p in inside if not _is_document(p)]
        elif not path.exists():
            raise BadInputError(f"{path} does not exist; check the name of the file.")
        elif not path.is_file():
            raise BadInputError(f"{path} is not a regular file; save the document and name it.")
        else:
            files.append(path)
    return files, left


def _is_document(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith((_LOCK, "."))


def load(path: Path) -> bytes:
    """The bytes of a file; raise BadInputError if it cannot be read, is empty or far too large."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _too_large(path, size)
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read ({error.strerror}); check its access."
        ) from error
    if not data.strip():
        raise BadInputError(f"{path} is empty; get the document again.")
    return data


def _too_large(path: Path, size: int) -> BadInputError:
    return BadInputError(
        f"{path} has {size / 1e6:,.0f} MB, more than any printed evaluation; "
        "check that it is the document, or split it."
    )


def read_lines(path: Path, data: bytes, is_heading: IsHeading, on_page: OnPage) -> Reading:
    """Read the bytes of a file of any kind into lines; raise BadInputError with what to do.

    `is_heading` knows the headings of printed tables: the separator of a text is the one that
    makes headings appear. Marks of footnotes are left out, and told.
    """
    reading = _read(path, data, is_heading, on_page)
    lines, marked = reading.lines, []
    for at, line in enumerate(lines):
        text = "".join(line.cells)
        if (not text.isascii() or "*" in text) and (plain := without_marks(line)) != line:
            lines[at] = plain
            marked.append(line.source)
    told = f"{path}: footnote marks were left out, as they are no digits: {', '.join(marked[:12])}"
    return Reading(lines, [*reading.warnings, *([told] if marked else ())])


def _read(path: Path, data: bytes, is_heading: IsHeading, on_page: OnPage) -> Reading:
    if b"%PDF-" in data[:1024]:
        from .pdf import read_pdf  # pdfplumber takes half a second to import

        return read_pdf(path, data, is_heading, on_page)
    if data.startswith(b"PK"):
        return _read_office(path, data)
    if data.startswith(_OLD_OFFICE):
        as_new = "docx" if path.suffix.lower() == ".doc" else "xlsx"
        raise BadInputError(
            f"{path} is encrypted or of the old .xls or .doc kind; save it as .{as_new} "
            f"without a password, or run: {_convert(path, as_new)}"
        )
    if len(data) > LARGEST_TEXT:
        raise _too_large(path, len(data))
    text = _decode(path, data).replace("\r\n", "\n").replace("\r", "\n")
    return Reading(_best_lines(path, text, is_heading), [])


def _convert(path: Path, kind: str) -> str:
    return f'soffice --headless --convert-to {kind} "{path.name}"'


def _decode(path: Path, data: bytes) -> str:
    """Text in UTF-8 (with or without BOM), UTF-16 with BOM, or else Latin-1 as Windows has it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise BadInputError(f"{path} is not a text, PDF, XLSX or CSV document; convert it to one.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _best_lines(path: Path, text: str, is_heading: IsHeading) -> list[Line]:
    """Read as printed text or as CSV, whichever shows more headings of known tables."""
    plain = [line_of(str(n), raw) for n, raw in enumerate(text.split("\n"), start=1)]
    is_csv = path.suffix.lower() in (".csv", ".tsv")
    best, most = plain, _headings(plain, is_heading)
    if most and not is_csv:
        return plain
    for separator in _SEPARATORS:
        lines = list(_csv_lines(text, separator))
        count = _headings(lines, is_heading)
        if count > most or (is_csv and count == most > 0):
            best, most = lines, count
    return best


def _headings(lines: Sequence[Line], is_heading: IsHeading) -> int:
    return sum(1 for line in lines if is_heading(line.cells))


def _csv_lines(text: str, separator: str) -> Iterator[Line]:
    csv.field_size_limit(LARGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    for row in reader:
        yield Line(str(start), trimmed([tidy(cell) for cell in row]))
        start = reader.line_num + 1


def _read_office(path: Path, data: bytes) -> Reading:
    """A workbook or a Word document; both are ZIP archives."""
    not_readable = BadInputError(
        f"{path} is a ZIP archive but not a readable XLSX workbook or Word document; "
        "unpack it, or save the document as .xlsx or .docx again."
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and "content.xml" in names:
                kind = "xlsx" if b"spreadsheet" in archive.read("mimetype") else "docx"
                raise BadInputError(
                    f"{path} is an OpenDocument file; save it as .{kind}, or run: "
                    f"{_convert(path, kind)}"
                )
            if "[Content_Types].xml" not in names:
                raise not_readable
            if sum(item.file_size for item in archive.infolist()) > 16 * LARGEST:
                raise BadInputError(f"{path} unpacks to over a gigabyte; save the one sheet alone.")
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise not_readable from error
    try:
        if "word/document.xml" in names:
            from .docx import read_document  # python-docx takes a tenth of a second to import

            lines, unread = read_document(data)
        else:
            from .xlsx import read_sheets  # openpyxl takes a fifth of a second to import

            lines, unread = read_sheets(data)
    except BadInputError as error:
        raise BadInputError(f"{path}, {error}") from error
    except (
        Exception
    ) as error:  # the libraries raise whatever a damaged part makes them stumble over
        raise not_readable from error
    return Reading(lines, [f"{path}: {words}" for words in unread])
