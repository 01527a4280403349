"""Control totals: what the figures of a document add up to, written down when they were accepted.

Arithmetic inside a document finds most changed digits, but not those that rounding or a missing
page leaves room for. A sum finds each of them, and a person can add it up with the document in
hand: for each column of figures how many there are and their total, for each word (a grade, "NA")
how often it stands there.
"""

# ruff: noqa: E501 - SQL reads better in whole lines

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from kinerja.core.database import literal, quoted

from .csv_files import LINE

NAME = "control_totals"
COLUMNS = ("seed_name", "document_id", "table_id", "column_name", "word", "cells", "total")

_PLAIN = r"case when word = '' then regexp_replace(cast(total as varchar), '\.?0+$', '') end"
"""A total as it is written down: without needless zeros, and none for a word."""


def totals_query(seed: str, numbers: dict[str, str], relation: str) -> str:
    """The control totals of a raw file; `numbers` gives each column's cell as a decimal."""
    parts = [
        f"""
        select {literal(seed)} as seed_name, document_id, table_id, {literal(column)} as column_name,
            case when {number} is null then {quoted(column)} else '' end as word,
            count(*) as cells,
            coalesce(sum({number}), 0) as total
        from {relation}
        where {quoted(column)} is not null and document_id is not null and table_id is not null
        group by all
        """
        for column, number in numbers.items()
    ]
    return " union all ".join(parts)


def differences_query(seed: str, numbers: dict[str, str]) -> str:
    """Rows for a gate: totals that differ from those accepted, of documents that have some."""
    return f"""
        with found as ({totals_query(seed, numbers, "{batch}")}),
        accepted as (
            select seed_name, document_id, table_id, column_name, coalesce(word, '') as word,
                cast(cells as bigint) as cells, coalesce(cast(total as decimal(38, 4)), 0) as total
            from {NAME}
            where seed_name = {literal(seed)}
        )
        select cast(null as bigint) as {LINE}, column_name,
            concat_ws(' ', document_id, table_id, nullif(word, '')) as value,
            'control_total' as problem,
            concat(
                coalesce(found.cells, 0), ' cells',
                case when word = '' then concat(' that add up to ', coalesce(found.total, 0)) else '' end,
                '; accepted were ', coalesce(accepted.cells, 0), ' cells',
                case when word = '' then concat(' that add up to ', coalesce(accepted.total, 0)) else '' end
            ) as message
        from found
        full join accepted using (seed_name, document_id, table_id, column_name, word)
        where document_id in (select document_id from accepted)
            and (found.cells is distinct from accepted.cells or found.total is distinct from accepted.total)
    """


def accept(
    connection: duckdb.DuckDBPyConnection,
    seeds: Path,
    files: dict[str, dict[str, str]],
    documents: Sequence[str],
) -> int:
    """Write the totals of these documents as they are now into the seeds; give how many rows.

    `files` gives the columns of figures of each loaded raw file, as in `totals_query`. Rows of
    other documents stay. The file is replaced in one step.
    """
    path = seeds / "reference" / f"{NAME}.csv"
    kept: list[Sequence[Any]] = []
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            kept = [
                [row[name] for name in COLUMNS]
                for row in csv.DictReader(file)
                if row["document_id"] not in documents
            ]
    names = ", ".join(map(literal, documents))
    new: list[Sequence[Any]] = []
    for seed, numbers in files.items():
        new += connection.execute(
            f"select {', '.join(COLUMNS[:-1])}, {_PLAIN} from ({totals_query(seed, numbers, quoted(seed))}) "
            f"where document_id in ({names})"
        ).fetchall()
    rows = sorted([["" if cell is None else str(cell) for cell in row] for row in [*kept, *new]])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{NAME}.")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
    Path(draft).chmod(0o644)
    Path(draft).replace(path)
    return len(new)
