"""Write, audit, publish: from the file that dbt builds to the file that people read."""
