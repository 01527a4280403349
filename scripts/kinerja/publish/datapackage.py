"""A Frictionless data package over the exports: what each file, column and key is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kinerja.core.database import attached, columns_of, public, public_tables
from kinerja.core.files import sha256
from kinerja.gates.contracts import NO_TEXT, UNKNOWN, Contract

from . import exports

# DuckDB's type → type of a table schema, beside whole numbers and decimals.
_TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime"}
_NAME = "kinerja"


def write(
    database: Path, folder: Path, tables: Mapping[str, Contract], version: str, when: str
) -> None:
    """Write datapackage.json beside parquet/ and csv/.

    Every CSV is a tabular resource with its schema, in both languages; every Parquet file, the
    workbook and the database itself are plain resources with hash and size.
    """
    with attached(release=database) as connection:
        columns = {
            name: columns_of(connection, public("release", name))
            for name in public_tables(connection, "release")
        }
    resources = [
        _tabular(folder, name, tables.get(name, UNKNOWN), kinds) for name, kinds in columns.items()
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


def _tabular(folder: Path, name: str, table: Contract, columns: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column,
                "type": _type(kind),
                "description": table.columns.get(column, NO_TEXT).en,
                "description_id": table.columns.get(column, NO_TEXT).id,
                **({"constraints": {"required": True}} if column in table.not_null else {}),
            }
            for column, kind in columns.items()
        ]
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": other_column}}
            for column, (other, other_column) in table.references.items()
        ]
    return {
        **_plain(folder, folder / exports.CSV / f"{name}.csv"),
        "name": name,
        "profile": "tabular-data-resource",
        "description": table.text.en,
        "description_id": table.text.id,
        "dialect": {"delimiter": ",", "header": True},
        "schema": schema,
    }


def _type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return "number"  # which is exact there too
    return "integer" if kind.endswith(("INT", "INTEGER")) else _TYPES.get(kind, "any")


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
