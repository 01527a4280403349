"""The errata list: what is wrong in each document, for the office that issued it.

Every entry can be checked with the document in hand: it says in which table, row and column to
look, what is printed there and what would be right. `source_line` is the line of the extracted
text, for those who have that.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import duckdb

from kinerja.core.database import records
from kinerja.core.sql import macro
from kinerja.instruments.declarations import Label

from . import labels
from .sheets import QUERIES, Sheet, columns_of, declared

LANGUAGES = ("id", "en")
TITLES = {"id": "Daftar ralat", "en": "Errata"}
COLUMNS = columns_of("errata")

Findings = list[dict[str, Any]]


def findings(warehouse: duckdb.DuckDBPyConnection) -> Findings:
    """The findings by document, table and row, with what their tables and columns are called."""
    components: dict[str, dict[str, Label]] = {}
    for instrument, code, *label in warehouse.execute(
        macro(QUERIES, "component_labels")
    ).fetchall():
        components.setdefault(instrument, {})[code] = Label(*label)
    rows = records(warehouse.execute(macro(QUERIES, "findings")))
    for row in rows:
        where = (row["instrument"], row["table_id"])
        named = components.get(row["instrument"], {})
        called = labels.of_table(*where), labels.of_column(*where, row["column_name"], named)
        row["table_label_id"], row["column_label_id"] = (one.id for one in called)
        row["table_label_en"], row["column_label_en"] = (one.en for one in called)
        for change in row["proposals"]:
            column = labels.of_column(
                row["instrument"], change["table_id"], change["column_name"], named
            )
            change["column_label_id"], change["column_label_en"] = column.id, column.en
    return rows


def entries(rows: Findings, language: str) -> Findings:
    """The findings as a list in one language: the COLUMNS, and the `heading` of its document."""
    return [_entry(number, row, language) for number, row in enumerate(rows, start=1)]


def sheet(rows: Findings, language: str, name: str) -> Sheet:
    """The list in one language."""
    title = TITLES[language]
    return declared("errata", entries(rows, language), name=name, title=title)


def _entry(number: int, row: dict[str, Any], language: str) -> dict[str, Any]:
    words, place = labels.words(), LANGUAGES.index(language)
    title = row[f"title_{language}"] or row["title_id"]
    printed, expected = (
        words["figures"].get(row[name], [row[name]] * 2)[place] for name in ("printed", "expected")
    )
    return {
        "no": number,
        "document": row["number"] or title,
        "table": row[f"table_label_{language}"],
        "row": row["row_no"],
        "column": row[f"column_label_{language}"],
        "subject": row["subject_name"],
        "printed": printed,
        "expected": expected,
        "possible": row["possible_figures"] or expected,
        "proposed": _proposals(row, language)[0] if _is_unique(row) else None,
        "evidence": _evidence(row, language),
        "open": _open(row, language),
        "explanation": row[f"explanation_{language}"],
        "cause": row[f"cause_label_{language}"] or row[f"proposed_slip_{language}"],
        "severity": words["severities"][row["severity"]][place],
        "line": row["source_line"],
        "id": row["finding_id"],
        "heading": ", ".join(filter(None, (row["number"], title, row["issuer"], row["issued_on"]))),
    }


def asked(row: dict[str, Any], language: str) -> str:
    """The one repair of a finding with what speaks for it; else what is left open."""
    if not _is_unique(row):
        return _open(row, language)
    said = _proposals(row, language)[0], _evidence(row, language)
    return f"{_word('proposed', language)}: {' ('.join(map(str, said))})"


def _proposals(row: dict[str, Any], language: str) -> list[str]:
    """The first repairs of a finding: what would stand where, each cell that changes."""
    said = []
    for _, changes in groupby(row["proposals"], lambda change: change["repair_no"]):
        cells = []
        for change in changes:
            here = all(change[name] == row[name] for name in ("table_id", "row_no", "column_name"))
            place = (
                ""
                if here
                else _word("place", language).format(
                    column=change[f"column_label_{language}"], row=change["row_no"]
                )
            )
            cells.append(f"{place}{change['proposed']}")
        said.append("; ".join(cells))
    return said


def _evidence(row: dict[str, Any], language: str) -> str | None:
    """What speaks for the one repair: its slip, and how many rules witness it."""
    if not _is_unique(row):
        return None
    return _word("evidence", language).format(
        slip=row[f"proposed_slip_{language}"], rules=row["evidence"]
    )


def _open(row: dict[str, Any], language: str) -> str:
    """What the issuer is asked."""
    return _word(row["search_outcome"] or "look", language).format(
        count=row["repairs_found"], proposals=" / ".join(_proposals(row, language))
    )


def _is_unique(row: dict[str, Any]) -> bool:
    return bool(row["search_outcome"] == "unique")


def _word(name: str, language: str) -> str:
    word: str = labels.words()["letter"][name][LANGUAGES.index(language)]
    return word


def count(rows: Sequence[dict[str, Any]]) -> Findings:
    """Each document of the list with its findings by severity, and `total`."""
    documents: dict[str, dict[str, Any]] = {}
    for row in rows:
        found = documents.setdefault(row["document_id"], {**row, "total": 0})
        found["total"] += 1
        found[row["severity"]] = found.get(row["severity"], 0) + 1
    return list(documents.values())
