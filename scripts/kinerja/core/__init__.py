"""What every other package stands on: errors, paths, DuckDB files, whole writes, the console."""
