"""The exports of a release: Parquet and CSV per mart, each with exactly the rows of the file."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from kinerja.core.database import (
    attached,
    columns_of,
    explained,
    literal,
    public,
    public_tables,
    quoted,
)
from kinerja.core.errors import BadInputError
from kinerja.gates.contracts import UNKNOWN, Contract

PARQUET, CSV = "parquet", "csv"


def write(database: Path, folder: Path, tables: Mapping[str, Contract]) -> None:
    """Write parquet/TABLE.parquet and csv/TABLE.csv under `folder`.

    Decimals stay exact: DECIMAL in Parquet, digits in CSV. Dates are ISO 8601, nothing is null
    but the empty field, and rows are in the order of the key, so that files can be compared.
    """
    for kind in (PARQUET, CSV):
        (folder / kind).mkdir(parents=True)
    with attached(release=database) as connection:
        for name in public_tables(connection, "release"):
            relation = public("release", name)
            order = ", ".join(map(quoted, tables.get(name, UNKNOWN).key)) or "all"
            # A text is quoted, so that an empty one is not read as a missing one.
            kinds = columns_of(connection, relation).items()
            texts = ", ".join(quoted(column) for column, kind in kinds if kind == "VARCHAR")
            as_csv = "format csv, header" + (f", force_quote ({texts})" if texts else "")
            for file, how in (
                (folder / PARQUET / f"{name}.parquet", "format parquet, compression zstd"),
                (folder / CSV / f"{name}.csv", as_csv),
            ):
                rows = f"(from {relation} order by {order})"
                try:
                    connection.execute(f"copy {rows} to {literal(str(file))} ({how})")
                except duckdb.Error as error:
                    raise BadInputError(explained(error, file)) from None
