"""A Spark standalone cluster on this machine, and whether its marts equal DuckDB's."""
