"""The warehouse built by another engine than dbt 1.11, from the same project."""
