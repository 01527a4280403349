"""What each exported file, column and key is, as a Frictionless data package and as CSVW."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kinerja.core.database import attached, columns_of, public, public_tables, records
from kinerja.core.files import sha256
from kinerja.gates.contracts import NO_TEXT, UNKNOWN, Contract

from . import exports

# DuckDB's type → type of a table schema, beside whole numbers and decimals.
_TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "datetime"}
# The same of CSVW, with how DuckDB writes it; the others have the same names.
_OF_CSVW: dict[str, Any] = {
    "number": "decimal",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "datetime": {"base": "dateTime", "format": "yyyy-MM-dd HH:mm:ss"},
}
_NAME = "kinerja"
_TITLE = "Kinerja: performance evaluations of Indonesian governments"
# Of the tables as we lay them out; the documents are public acts, whose figures are quoted.
_LICENCE = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
_SOURCES = """
    select concat_ws(', ', number, title_id, issuer) as title, title_en, document_id, file_sha256
    from release.marts.documents
    order by document_id
"""


def write(
    database: Path, folder: Path, tables: Mapping[str, Contract], version: str, when: str
) -> None:
    """Write datapackage.json beside parquet/ and csv/, and csv/csv-metadata.json of CSVW.

    Every CSV is a tabular resource with its schema, in both languages; every Parquet file, the
    workbook and the database itself are plain resources with hash and size.
    """
    with attached(release=database) as connection:
        columns = {
            name: columns_of(connection, public("release", name))
            for name in public_tables(connection, "release")
        }
        sources = records(connection.execute(_SOURCES))
    resources = [
        _tabular(folder, name, tables.get(name, UNKNOWN), kinds) for name, kinds in columns.items()
    ]
    files = [*sorted((folder / exports.PARQUET).iterdir()), *sorted(folder.glob("*.xlsx"))]
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": _NAME,
        "title": _TITLE,
        "title_id": "Kinerja: evaluasi kinerja pemerintahan di Indonesia",
        "version": version,
        "created": when,
        "licenses": [_LICENCE],
        "sources": sources,
        "resources": [*resources, *(_file(folder, file) for file in files)],
    }
    _write(folder / "datapackage.json", package)
    _write(folder / exports.CSV / "csv-metadata.json", _csvw(resources, version, when))


def _write(file: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")


def _csvw(resources: list[dict[str, Any]], version: str, when: str) -> dict[str, Any]:
    """The tabular resources, as metadata of CSV on the Web."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": _TITLE,
        "dc:hasVersion": version,
        "dc:created": when,
        "dc:license": {"@id": _LICENCE["path"]},
        "tables": [
            {
                "url": f"{table['name']}.csv",
                "dc:description": _texts(table),
                "tableSchema": {
                    "columns": [
                        {
                            "name": field["name"],
                            "titles": field["name"],
                            "datatype": _OF_CSVW.get(field["type"], field["type"]),
                            "required": "constraints" in field,
                            "dc:description": _texts(field),
                        }
                        for field in table["schema"]["fields"]
                    ],
                    "primaryKey": table["schema"].get("primaryKey", []),
                    "foreignKeys": [
                        {
                            "columnReference": key["fields"],
                            "reference": {
                                "resource": f"{key['reference']['resource']}.csv",
                                "columnReference": key["reference"]["fields"],
                            },
                        }
                        for key in table["schema"].get("foreignKeys", ())
                    ],
                },
            }
            for table in resources
        ],
    }


def _texts(described: dict[str, Any]) -> list[dict[str, str]]:
    """A description in both languages."""
    return [
        {"@value": described["description"], "@language": "en"},
        {"@value": described["description_id"], "@language": "id"},
    ]


def _tabular(folder: Path, name: str, table: Contract, columns: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column,
                "type": _type(kind),
                "sql_type": kind,
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
