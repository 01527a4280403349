"""Files to lines: text, CSV, XLSX and PDF with text, told apart by what they hold."""

from collections.abc import Iterator
from pathlib import Path

from .errors import BadInput
from .lines import Line, split_cells

LARGEST = 64 * 1024 * 1024
"""Bytes. A printed evaluation of every government in the country is under one megabyte."""

SUFFIXES = {".txt", ".text", ".md", ".csv", ".tsv", ".xlsx", ".pdf"}


def input_files(paths: list[Path]) -> list[Path]:
    """The files to read: those named, and those of a known type in the folders named."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
            if not inside:
                raise BadInput(f"{path} is a folder without documents; name a file or fill it.")
            files += inside
        elif not path.exists():
            raise BadInput(f"{path} does not exist; check the name of the file.")
        else:
            files.append(path)
    return files


def read_lines(path: Path) -> list[Line]:
    """Read a file of any kind into lines; raise BadInput with what it is and what to do."""
    data = _bytes(path)
    return list(_text_lines(_decode(data, path)))


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise BadInput(
                f"{path} has {size / 1e6:,.0f} MB, more than any printed evaluation; "
                "check that it is the document, or split it."
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); check its access.") from error
    if not data.strip():
        raise BadInput(f"{path} is empty; get the document again.")
    return data


def _decode(data: bytes, path: Path) -> str:
    """Text in UTF-8 (with or without BOM), UTF-16 with BOM, or else Latin-1 as Windows has it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise BadInput(f"{path} is not a text, PDF, XLSX or CSV document; convert it to one.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _text_lines(text: str) -> Iterator[Line]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, raw in enumerate(text.split("\n"), start=1):
        yield Line(str(number), split_cells(raw))
