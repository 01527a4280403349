"""What dbt says of each public table: its columns and their meaning, and what its tests prove."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja.core.database import PUBLIC
from kinerja.core.errors import BadInputError
from kinerja.instruments.declarations import Label

NO_TEXT = Label("", "")


@dataclass(frozen=True, slots=True)
class Contract:
    """One public table: what it and its columns mean, and what is known of its rows.

    A meaning is empty where nobody has written it; a description in dbt is two lines, English and
    Indonesian. Keys are never null.
    """

    text: Label = NO_TEXT
    columns: dict[str, Label] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    not_null: frozenset[str] = frozenset()
    # column → (table, its key column)
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    # column → the values that it may have
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # What readers ask for first, in `meta: release_order` of the model: rows stand in this order.
    release_order: tuple[str, ...] = ()


UNKNOWN = Contract()
"""Of a table that dbt's manifest does not have."""


def read(manifest: Path) -> dict[str, Contract]:
    """Table name → contract of every public model and seed in dbt's manifest.

    Raises BadInputError if the file is not there or no manifest.
    """
    try:
        nodes: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    except FileNotFoundError:
        raise BadInputError(f"{manifest} is not there. Build first: uv run dbt build") from None
    except (ValueError, KeyError, TypeError):
        raise BadInputError(f"{manifest} is no manifest. Build again: uv run dbt build") from None
    models = {
        identifier: node
        for identifier, node in nodes.items()
        if node["resource_type"] in ("model", "seed") and node["schema"] == PUBLIC
    }
    return {
        node["alias"]: _contract(node, _tests(nodes, identifier), models)
        for identifier, node in models.items()
    }


def _tests(nodes: dict[str, Any], model: str) -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of the tests of a model that look at all of its rows."""
    return [
        (node["test_metadata"]["name"], node["test_metadata"]["kwargs"])
        for node in nodes.values()
        if node.get("test_metadata")
        and node.get("attached_node") == model
        and not (node.get("config") or {}).get("where")
    ]


def _contract(
    node: dict[str, Any], tests: list[tuple[str, dict[str, Any]]], models: dict[str, Any]
) -> Contract:
    key: tuple[str, ...] = ()
    not_null: set[str] = set()
    references: dict[str, tuple[str, str]] = {}
    values: dict[str, tuple[str, ...]] = {}
    for test, given in tests:
        column = str(given.get("column_name"))
        if test == "key":
            key = tuple(given["columns"])
        elif test == "not_null":
            not_null.add(column)
        elif test == "accepted_values":
            values[column] = tuple(given["values"])
        elif test == "relationships":
            named = (each["name"] for each in models.values() if f"'{each['name']}'" in given["to"])
            if target := next(named, None):
                references[column] = (target, given["field"])
    return Contract(
        _both_languages(node["description"]),
        {name: _both_languages(one["description"]) for name, one in node["columns"].items()},
        key,
        frozenset(not_null),
        references,
        values,
        tuple((node["config"].get("meta") or {}).get("release_order", ())),
    )


def _both_languages(description: str) -> Label:
    english, _, indonesian = description.strip().partition("\n")
    return Label(" ".join(indonesian.split()), english.strip())
