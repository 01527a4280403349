"""What every public table and column means, in both languages, and which columns are keys.

All of it is dbt's own (its manifest): a description is two lines, English and Indonesian; keys and
references are those that its tests prove.
"""

from dataclasses import dataclass, field
from pathlib import Path

from kinerja.gates import contracts


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
    return {
        name: Table(
            text=_both_languages(contract.model["description"]),
            columns={
                column: _both_languages(entry["description"])
                for column, entry in contract.model["columns"].items()
            },
            key=contract.key,
            release_order=tuple(
                (contract.model["config"].get("meta") or {}).get("release_order", ())
            ),
            references=contract.references,
            not_null=contract.not_null,
        )
        for name, contract in contracts.read(manifest).items()
    }


def _both_languages(description: str) -> Text:
    english, _, indonesian = description.strip().partition("\n")
    return Text(english.strip(), " ".join(indonesian.split()))
