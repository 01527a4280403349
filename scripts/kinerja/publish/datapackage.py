"""A Frictionless data package over the exports: what each file, column and key is."""

import json
from pathlib import Path
from typing import Any

from kinerja.core.database import attached, columns_of, public_tables
from kinerja.core.files import sha256

from . import exports
from .dictionary import Table, Text

# DuckDB's type → type of a table schema; DECIMAL(…) is exact there too ("number").
_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "UBIGINT": "integer",
}
_FORMATS = {"datetime": "%Y-%m-%d %H:%M:%S.%f"}
_NAME = "kinerja"


def write(database: Path, folder: Path, tables: dict[str, Table], version: str, when: str) -> None:
    """Write datapackage.json beside parquet/ and csv/.

    Every CSV is a tabular resource with its schema, in both languages; every Parquet file, the
    workbook and the database itself are plain resources with hash and size.
    """
    with attached(release=database) as connection:
        resources = [
            _tabular(
                folder, name, tables.get(name), columns_of(connection, "release", schema, name)
            )
            for schema, name in public_tables(connection, "release")
        ]
    files = [*sorted((folder / exports.PARQUET).iterdir()), *sorted(folder.glob("*.xlsx"))]
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": _NAME,
        "title": "Kinerja: performance evaluations of Indonesian governments",
        "title_id": "Kinerja: evaluasi kinerja pemerintahan di Indonesia",
        "version": version,
        "created": when,
        "resources": [*resources, *(_file(folder, file) for file in files)],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")


def _tabular(
    folder: Path, name: str, table: Table | None, columns: dict[str, str]
) -> dict[str, Any]:
    known = table or Table(Text("", ""), {})
    schema: dict[str, Any] = {
        "fields": [
            _field(column, kind, known.columns.get(column, Text("", "")), column in known.not_null)
            for column, kind in columns.items()
        ]
    }
    if known.key:
        schema["primaryKey"] = list(known.key)
    references = {
        column: target for column, target in known.references.items() if column in columns
    }
    if references:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": other_column}}
            for column, (other, other_column) in references.items()
        ]
    return {
        **_plain(folder, folder / exports.CSV / f"{name}.csv"),
        "name": name,
        "profile": "tabular-data-resource",
        "description": known.text.en,
        "description_id": known.text.id,
        "dialect": {"delimiter": ",", "header": True},
        "schema": schema,
    }


def _field(name: str, kind: str, text: Text, is_required: bool) -> dict[str, Any]:
    declared = "number" if kind.startswith("DECIMAL") else _TYPES.get(kind, "any")
    found: dict[str, Any] = {
        "name": name,
        "type": declared,
        "description": text.en,
        "description_id": text.id,
    }
    if is_required:
        found["constraints"] = {"required": True}
    return found


def _file(folder: Path, file: Path) -> dict[str, Any]:
    """A resource that is checked by size and hash, and not read as a table."""
    return {**_plain(folder, file), "type": "file", "profile": "data-resource"}


def _plain(folder: Path, file: Path) -> dict[str, Any]:
    kind = file.suffix.removeprefix(".")
    found: dict[str, Any] = {
        "name": f"{file.stem}_{kind}",
        "path": file.relative_to(folder).as_posix(),
        "format": kind,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
    }
    if kind == "csv":
        found["encoding"] = "utf-8"
    return found
