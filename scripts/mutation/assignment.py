"""Which assignment of a column's values to its rows explains most, and would chance do as well?

Of the cells of a column that break their rules, each may have been given the value of another. The
assignment is a maximum matching: no value is used twice. Chance is the same with values drawn anew
from the whole column.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from kinerja.core import database
from kinerja.core.errors import BadInputError
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching


@dataclass(frozen=True, slots=True)
class Assignment:
    """Rows that break their rules, from which row each could have its value, and chance."""

    rows: tuple[int, ...]
    values_from: dict[int, int]
    by_chance: float
    most_by_chance: int


def assign(file: Path, place: tuple[str, str, str], draws: int, seed: int) -> Assignment:
    """The best assignment within a document, table and column of a built warehouse."""
    with database.attached(warehouse=file) as connection:
        cells = connection.execute(
            "select cell_row_no, cast(value as double), "
            "coalesce(cast(own_from as double), '-inf'), coalesce(cast(own_to as double), 'inf'), "
            "is_broken "
            "from warehouse.intermediate.int_diagnosis__cells "
            "inner join warehouse.intermediate.int_diagnosis__columns "
            "on cell_column_no = column_no "
            "where (document_id, table_id, column_name) = (?, ?, ?) order by all",
            place,
        ).fetchnumpy()
    rows, values, low, high, is_broken = cells.values()
    if not is_broken.any():
        raise BadInputError(f"{', '.join(place)}: no cell of such a column breaks a rule")
    low, high, own = low[is_broken], high[is_broken], values[is_broken]

    def matched(given: np.ndarray) -> np.ndarray:
        fits = (given >= low[:, None]) & (given <= high[:, None])
        found: np.ndarray = maximum_bipartite_matching(csr_array(fits), perm_type="column")
        return found

    best, broken = matched(own), rows[is_broken]
    random = np.random.default_rng(seed)
    by_chance = [
        int((matched(random.choice(values, own.size, replace=False)) >= 0).sum())
        for _ in range(draws)
    ]
    return Assignment(
        tuple(map(int, broken)),
        {int(row): int(broken[at]) for row, at in zip(broken, best, strict=True) if at >= 0},
        float(np.mean(by_chance)),
        max(by_chance),
    )
