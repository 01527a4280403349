"""What changed between two releases: scores, ranks, grades, amounts, and from which raw cell.

A printed figure that changed is a raw cell that changed, and is named as such. A computed figure
that changed is traced to the changed raw cells that it is computed from. Where there are none, the
reason is the rules (weights, bands, code), and the change says so.

What is compared stands in measures.yml, how in queries/changes.sql.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from kinerja.core import paths
from kinerja.core.database import attached, records
from kinerja.core.errors import BadInputError
from kinerja.core.sql import macro
from kinerja.instruments import references

# Fetched per measure, and cells named per figure; counts are always of all.
AT_MOST = 10_000
CELLS = 10

_HERE = Path(__file__).parent
QUERIES = _HERE / "queries" / "changes.sql"


@dataclass(frozen=True)
class Cell:
    """A raw cell: the seed and the row and column in it, and the line of the document."""

    document_id: str
    table_id: str
    row_no: int
    column_name: str
    source_line: str | None
    seed: str | None = None


@dataclass(frozen=True)
class Field:
    """One figure of a row, before and after, as text; printed in a document, or computed."""

    name: str
    before: str | None
    after: str | None
    is_printed: bool


@dataclass(frozen=True)
class Change:
    """One row of a mart of which at least one figure changed.

    `cells` are the first of the `cell_count` changed raw cells that it comes from.
    """

    kind: str
    subject: str
    item: str
    when: str
    fields: tuple[Field, ...]
    cells: tuple[Cell, ...]
    cell_count: int


@dataclass(frozen=True)
class Moved:
    """Rows of a measure that only one of the two releases has."""

    kind: str
    document_id: str
    added: int
    removed: int


@dataclass
class Changes:
    """Everything that changed from one release to another; `counts` is kind → changed rows."""

    before: str
    after: str
    changes: list[Change] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    not_compared: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The same as plain values."""
        return asdict(self)


def between(before: Path, after: Path, names: tuple[str, str]) -> Changes:
    """Compare two releases or builds. Raises BadInputError if one does not open."""
    result = Changes(*names)
    seeds = _seeds()
    with attached(before=before, after=after) as connection:
        compared = []
        for measure in _measures():
            kind = measure["kind"]
            try:
                moved = connection.execute(macro(QUERIES, "one_sided", measure)).fetchall()
                [(count,)] = connection.execute(macro(QUERIES, "changed", measure)).fetchall()
            except (duckdb.BinderException, duckdb.CatalogException) as error:
                # Releases of long ago lack columns that came later.
                reason = str(error).splitlines()[0]
                result.not_compared.append(f"{measure['mart']}: {reason}")
                continue
            compared.append(measure)
            result.moved += [Moved(kind, *row) for row in moved]
            if count:
                result.counts[kind] = result.counts.get(kind, 0) + count
        connection.execute(macro(QUERIES, "cells", compared, CELLS))
        for measure in compared:
            found = records(connection.execute(macro(QUERIES, "found", measure, AT_MOST)))
            result.changes += [_change(row, seeds) for row in found]
    return result


def _measures() -> list[dict[str, Any]]:
    """What is compared, each measure with the table of its changed rows and all its figures."""
    text = (_HERE / "measures.yml").read_text(encoding="utf-8")
    nothing = {"beside_the_tree": "", "printed": {}, "subject": "", "when": "", "moves": []}
    measures = [nothing | measure for measure in yaml.safe_load(text)]
    for number, measure in enumerate(measures):
        measure["table"] = f"changed_{number}"
        measure["figures"] = [*measure["printed"], *measure["computed"]]
    return measures


def _seeds() -> dict[tuple[str, str], str]:
    """(document, table) → its raw seed, from the project's register where it is at hand."""
    register: list[references.Row] = []
    with suppress(BadInputError, OSError):
        register = references.rows(paths.seeds(), "expected_rows", references.EXPECTED_ROWS)
    return {
        (row["document_id"], row["table_id"]): f"seeds/raw/{row['seed_name']}.csv"
        for row in register
    }


def _change(row: dict[str, Any], seeds: dict[tuple[str, str], str]) -> Change:
    cells = (
        Cell(**cell, seed=seeds.get((cell["document_id"], cell["table_id"])))
        for cell in row["cells"]
    )
    fields = (Field(**one) for one in row["fields"])
    return Change(**{**row, "fields": tuple(fields), "cells": tuple(cells)})
