"""What every public table and column means, in both languages, and which columns are keys.

English descriptions, keys and relationships are dbt's own (its manifest). Indonesian ones are
`meta.description_id` where a model has it, else docs/data_dictionary.yml, where a column that
means the same in every table stands once.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .database import PUBLIC_SCHEMAS
from .errors import CannotPublish

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "data_dictionary.yml"


@dataclass(frozen=True)
class Text:
    """One meaning in two languages; empty where nobody has written it."""

    en: str
    id: str


@dataclass(frozen=True)
class Table:
    """What is known of one public table: texts, key, and columns that name a row elsewhere."""

    text: Text
    columns: dict[str, Text]
    key: tuple[str, ...] = ()
    # column → (table, its key column)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    not_null: frozenset[str] = frozenset()


def read(manifest: Path, source: Path = SOURCE) -> dict[str, Table]:
    """Table name → what is known of it, for every public model of dbt's manifest."""
    try:
        nodes: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    except FileNotFoundError:
        raise CannotPublish(f"{manifest} is not there. Build first: uv run dbt build") from None
    except (ValueError, KeyError, TypeError):
        raise CannotPublish(f"{manifest} is not dbt's manifest. Build again: uv run dbt build") from None
    house = yaml.safe_load(source.read_text(encoding="utf-8"))
    models = {
        identifier: node
        for identifier, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] in PUBLIC_SCHEMAS
    }
    keys, references, not_null = _tested(nodes, models)
    tables = {}
    for identifier, node in models.items():
        name = node["alias"]
        described = {column: entry for column, entry in node["columns"].items()}
        texts = house["tables"].get(name, {})
        own = texts.get("columns", {})
        columns = {
            column: Text(
                en=_one_line(described.get(column, {}).get("description")),
                id=_one_line(
                    _meta(described.get(column, {})).get("description_id")
                    or own.get(column)
                    or house["columns"].get(column)
                ),
            )
            for column in [*described, *own, *house["columns"]]
        }
        tables[name] = Table(
            text=Text(
                en=_one_line(node["description"]),
                id=_one_line(_meta(node).get("description_id") or texts.get("description")),
            ),
            columns=columns,
            key=keys.get(identifier, ()),
            references=references.get(identifier, {}),
            not_null=frozenset(not_null.get(identifier, ())),
        )
    return tables


def _meta(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry.get("meta", {}), **entry.get("config", {}).get("meta", {})}


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _tested(
    nodes: dict[str, Any], models: dict[str, Any]
) -> tuple[
    dict[str, tuple[str, ...]], dict[str, dict[str, tuple[str, str]]], dict[str, set[str]]
]:
    """Keys, references and columns without nulls: those that contracts declare or tests prove."""
    keys: dict[str, tuple[str, ...]] = {}
    references: dict[str, dict[str, tuple[str, str]]] = {}
    not_null: dict[str, set[str]] = {}
    by_name = {node["name"]: identifier for identifier, node in models.items()}
    for identifier, node in models.items():
        for constraint in node.get("constraints") or []:
            if constraint["type"] == "primary_key" and constraint.get("columns"):
                keys[identifier] = tuple(constraint["columns"])
        for column, entry in node["columns"].items():
            kinds = {constraint["type"] for constraint in entry.get("constraints") or []}
            if kinds & {"not_null", "primary_key"}:
                not_null.setdefault(identifier, set()).add(column)
            if "primary_key" in kinds:
                keys[identifier] = (column,)
    for node in nodes.values():
        test = node.get("test_metadata")
        model = node.get("attached_node")
        # A test with a condition proves nothing of the rows that it leaves out.
        if not test or model not in models or (node.get("config") or {}).get("where"):
            continue
        arguments = test["kwargs"]
        column = arguments.get("column_name")
        if test["name"] == "key":
            keys.setdefault(model, tuple(arguments["columns"]))
        elif test["name"] == "not_null" and column:
            not_null.setdefault(model, set()).add(column)
        elif test["name"] == "relationships" and column:
            target = next((name for name in by_name if f"'{name}'" in arguments["to"]), None)
            if target is not None:
                references.setdefault(model, {})[column] = (target, arguments["field"])
    return keys, references, not_null
