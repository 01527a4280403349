"""The exports of a release: Parquet and CSV per mart, each with exactly the rows of the file."""

from pathlib import Path

import duckdb

from kinerja.core.database import attached, columns_of, explained, literal, public_tables, quoted
from kinerja.core.errors import BadInputError

from .dictionary import Table

PARQUET, CSV = "parquet", "csv"


def write(database: Path, folder: Path, tables: dict[str, Table]) -> list[str]:
    """Write parquet/TABLE.parquet and csv/TABLE.csv under `folder`; give the tables' names.

    Decimals stay exact: DECIMAL in Parquet, digits in CSV. Dates are ISO 8601, nothing is null
    but the empty field, and rows are in the order of the key, so that files can be compared.
    """
    for kind in (PARQUET, CSV):
        (folder / kind).mkdir(parents=True)
    with attached(release=database) as connection:
        names = public_tables(connection, "release")
        for schema, name in names:
            key = tables[name].key if name in tables else ()
            order = ", ".join(map(quoted, key)) or "all"
            rows = f"(select * from release.{schema}.{quoted(name)} order by {order})"
            targets = {
                folder / PARQUET / f"{name}.parquet": "format parquet, compression zstd",
                folder / CSV / f"{name}.csv": "format csv, header, force_quote ("
                + ", ".join(
                    # A text is quoted, so that an empty one is not read as a missing one.
                    quoted(column)
                    for column, kind in columns_of(connection, "release", schema, name).items()
                    if kind == "VARCHAR"
                )
                + ")",
            }
            for file, options in targets.items():
                options = options.replace(", force_quote ()", "")
                try:
                    connection.execute(f"copy {rows} to {literal(str(file))} ({options})")
                except duckdb.Error as error:
                    raise BadInputError(explained(error, file)) from None
    return [name for _, name in names]
