"""
The small tables that every peer is handed, made by the limit's own SQL: what differs is the work on
the cells.

Tables (scores in hundred-thousandths, weights in ten-thousandths): letters, known_columns (what a
printed column stands for), slots (columns of blocks that cannot be placed, by dimension), parents
(dimensions), steps (of totals), smart_city_kinds and public_service_kinds (weights and scales of
the parts of a total, one row per year), words, names, regions.
"""

from pathlib import Path

import pyarrow as pa

from . import sources

_TABLES = {
    "letters": "from letters",
    "known_columns": "from known_columns",
    "slots": """
        select letter, document_id, block_no, dimension, count(*) as slots,
            min(score_min) as score_min, max(score_max) as score_max,
            max(printed_half) as printed_half, max(half) as half
        from known_columns where not is_placed group by all""",
    "parents": """
        select parents.edition_year, parents.component_code, parents.sort_order as dimension,
            parents.step, count(*) as children, cast(sum(tree.score_min) as bigint) as least,
            cast(sum(tree.score_max) as bigint) as most
        from tree inner join tree as parents on parents.component_code = tree.parent_code
            and parents.instrument = tree.instrument and parents.edition_year = tree.edition_year
        where parents.instrument = 'smart_city' and parents.component_level = 'dimension'
        group by all""",
    "steps": "select component_code, edition_year, step from tree where component_level = 'index'",
    "words": "select printed_text from printed_words",
    "names": "select printed_name, region_code from region_names",
    "regions": "select region_code, region_type from official_regions",
}


def tables(folder: Path) -> dict[str, pa.Table]:
    """Name → rows."""
    with sources.connect(folder, ":memory:", "1GB", 2) as database:
        database.execute(sources.sql("small_tables.sql"))
        found = {name: database.sql(query).to_arrow_table() for name, query in _TABLES.items()}
        for instrument, parts in (
            ("smart_city", sources.DIMENSIONS),
            ("public_service", sources.UNITS),
        ):
            columns = ", ".join(
                f"any_value({what}) filter (component_code = '{part}') as {part}_{name}"
                for part in parts
                for name, what in {
                    "factor": "factor",
                    "score_min": "score_min",
                    "score_max": "score_max",
                    "half": "half",
                    "printed_half": "step // 2",
                }.items()
            )
            found[f"{instrument}_kinds"] = database.sql(
                f"select edition_year, any_value(step) filter (component_level = 'index') as step, "
                f"{columns} from tree where instrument = '{instrument}' group by edition_year"
            ).to_arrow_table()
        return found
