"""
Are the results of all contenders equal? Counts and hashes that know no order; on a difference, the
rows.
"""

from pathlib import Path

import duckdb

# Table → its columns with the types in which they are compared.
TABLES = {
    "index": {
        "finals": {
            "document_id": "varchar",
            "region_code": "varchar",
            "component_code": "varchar",
            "score_recomputed": "decimal(18,6)",
            "score_low": "decimal(18,6)",
            "score_high": "decimal(18,6)",
        },
        "ranks": {
            "document_id": "varchar",
            "region_code": "varchar",
            "peer_group": "varchar",
            "rank": "bigint",
            "rank_best": "bigint",
            "rank_worst": "bigint",
        },
        "verdicts": {
            "rule_id": "varchar",
            "document_id": "varchar",
            "region_code": "varchar",
            "component_code": "varchar",
            "verdict": "varchar",
        },
    },
    "budget": {
        "lines": {
            "document_id": "varchar",
            "row_no": "integer",
            "line_code": "varchar",
            "parent_line_code": "varchar",
            "realization_pct": "decimal(9,2)",
            "cumulative_realization_rupiah": "decimal(18,0)",
        },
        "verdicts": {
            "rule_id": "varchar",
            "document_id": "varchar",
            "row_no": "integer",
            "component_code": "varchar",
            "verdict": "varchar",
        },
    },
}

# The same rows in the marts that dbt builds.
MARTS = {
    "index": {
        "finals": """
            select document_id, region_code, component_code, score_recomputed, score_low, score_high
            from marts.index_scores
            where component_level != 'indicator' and score_published is not null
            and instrument in ('smart_city', 'public_service')""",
        "ranks": """
            select document_id, region_code, peer_group, rank, rank_best, rank_worst
            from marts.index_rankings where instrument in ('smart_city', 'public_service')""",
        "verdicts": """
            select rule_id, document_id, subject_code as region_code, component_code, verdict
            from marts.reconciliation where rule_id in ('smart_city.dimension_average',
            'smart_city.weighted_final', 'smart_city.improvement', 'public_service.unit_mean')""",
    },
    "budget": {
        "lines": """
            select document_id, row_no, line_code, parent_line_code, realization_pct,
            cumulative_realization_rupiah from marts.budget_realization where is_printed""",
        "verdicts": """
            select rule_id, document_id, row_no, component_code, verdict
            from marts.reconciliation where starts_with(rule_id, 'budget.')""",
    },
}


def fingerprints(stream: str, output: Path) -> dict[str, tuple[int, str]]:
    """Table → number of rows, and the sum of their hashes."""
    found = {}
    with _open(output) as database:
        for table, columns in TABLES[stream].items():
            rows, digest = _one(
                database,
                f"select count(*), cast(sum(hash({', '.join(columns)})) as varchar) "
                f"from ({_rows(stream, table, output)})",
            )
            found[table] = (int(str(rows)), str(digest))
    return found


def differences(stream: str, output: Path, reference: Path, shown: int = 5) -> list[str]:
    """The first rows that only one of the two has, as sentences."""
    found = []
    for table, columns in TABLES[stream].items():
        sides = []
        for place in (output, reference):
            with _open(place) as database:
                sides.append(database.sql(_rows(stream, table, place)).to_arrow_table())
        with duckdb.connect() as database:
            database.register("here", sides[0])
            database.register("there", sides[1])
            for one, other, name in (("here", "there", output), ("there", "here", reference)):
                rows = database.sql(
                    f"(from {one}) except all (from {other}) order by all limit {shown}"
                ).fetchall()
                found += [
                    f"{table}, only in {name.name}: "
                    + ", ".join(
                        f"{column} = {cell}" for column, cell in zip(columns, row, strict=True)
                    )
                    for row in rows
                ]
    return found


def _database(output: Path) -> Path | None:
    """The contender's database; dbt's views only work under the name with which they were made."""
    return next(iter(output.glob("*.duckdb")), None)


def _open(output: Path) -> duckdb.DuckDBPyConnection:
    file = _database(output)
    database = duckdb.connect(str(file), read_only=True) if file else duckdb.connect()
    database.execute("set memory_limit = '4GB'")
    return database


def _one(database: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = database.execute(query).fetchone()
    if row is None:
        raise RuntimeError(query)
    return tuple(row)


def _rows(stream: str, table: str, output: Path) -> str:
    """The query that gives a contender's rows: dbt's marts, tables of a database, or Parquet."""
    columns = ", ".join(
        f"cast({column} as {kind}) as {column}" for column, kind in TABLES[stream][table].items()
    )
    if (output / "is_dbt").exists():
        return f"select {columns} from ({MARTS[stream][table]})"
    if _database(output):
        return f"select {columns} from {table}"
    parquet = output / table
    files = f"{parquet}/*.parquet" if parquet.is_dir() else f"{parquet}.parquet"
    return f"select {columns} from '{files}'"
