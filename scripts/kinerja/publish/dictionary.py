"""What every public table and column means, in both languages, and which columns are keys.

All of it is dbt's own (its manifest): a description is two lines, English and Indonesian; keys and
references are those that its tests prove.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja.core.database import PUBLIC_SCHEMAS
from kinerja.core.errors import BadInputError


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
    # What readers ask for first, in `meta: release_order` of the model: rows stand in this order.
    release_order: tuple[str, ...] = ()
    # column → (table, its key column)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    not_null: frozenset[str] = frozenset()


def read(manifest: Path) -> dict[str, Table]:
    """Table name → what is known of it, for every public model of dbt's manifest."""
    try:
        nodes: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    except FileNotFoundError:
        raise BadInputError(f"{manifest} is not there. Build first: uv run dbt build") from None
    except (ValueError, KeyError, TypeError):
        raise BadInputError(f"{manifest} is no manifest. Build again: uv run dbt build") from None
    models = {
        identifier: node
        for identifier, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] in PUBLIC_SCHEMAS
    }
    keys, references, not_null = _tested(nodes, models)
    return {
        node["alias"]: Table(
            text=_both_languages(node["description"]),
            columns={
                column: _both_languages(entry["description"])
                for column, entry in node["columns"].items()
            },
            key=keys.get(identifier, ()),
            release_order=tuple((node["config"].get("meta") or {}).get("release_order", ())),
            references=references.get(identifier, {}),
            not_null=frozenset(not_null.get(identifier, ())),
        )
        for identifier, node in models.items()
    }


def _both_languages(description: str) -> Text:
    english, _, indonesian = description.strip().partition("\n")
    return Text(english.strip(), " ".join(indonesian.split()))


def _tested(
    nodes: dict[str, Any], models: dict[str, Any]
) -> tuple[dict[str, tuple[str, ...]], dict[str, dict[str, tuple[str, str]]], dict[str, set[str]]]:
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
