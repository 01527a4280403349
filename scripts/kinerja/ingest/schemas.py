"""The seeds that ingest writes: their folders, columns, and the order of their rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schema:
    """A raw seed: its columns, and which of them order the rows within a document and table.

    The values of `order` are whole numbers; the first two columns are always document_id and
    table_id, which order the rows before them.
    """

    name: str
    columns: tuple[str, ...]
    order: tuple[str, ...] = ("row_no",)


_START = ("document_id", "table_id", "row_no", "source_line")
_FORM = ("agency_name", "fiscal_year", "quarter")

RAW = {
    schema.name: schema
    for schema in (
        Schema("smart_city__invitations", (*_START, "addressee")),
        Schema(
            "smart_city__results",
            (
                *_START,
                "region_name",
                "baseline",
                "output",
                "quick_win",
                "impact",
                "outcome",
                "final_score",
                "improvement",
            ),
        ),
        Schema(
            "smart_city__detail_columns",
            (
                "document_id",
                "table_id",
                "block_no",
                "column_no",
                "source_line",
                "group_heading",
                "heading",
            ),
            ("block_no", "column_no"),
        ),
        Schema(
            "smart_city__details",
            (
                "document_id",
                "table_id",
                "block_no",
                "row_no",
                "column_no",
                "source_line",
                "region_name",
                "value",
            ),
            ("row_no", "block_no", "column_no"),
        ),
        Schema(
            "public_service__scores",
            (
                *_START,
                "region_name",
                "social_service",
                "hospital",
                "third_unit",
                "index_score",
                "grade",
            ),
        ),
        Schema("public_service__bands", (*_START, "index_range", "grade")),
        Schema(
            "agency_performance__targets",
            (
                *_START,
                *_FORM,
                "objective_no",
                "objective",
                "indicator",
                "target",
                "realization",
                "achievement_pct",
                "remark",
            ),
        ),
        Schema(
            "agency_performance__budget",
            (
                *_START,
                *_FORM,
                "page_no",
                "line_name",
                "ceiling",
                "realization",
                "realization_pct",
            ),
        ),
        Schema(
            "accountability__components",
            (
                *_START,
                "region_name",
                "letter",
                "component_name",
                "weight",
                "edition_year",
                "value",
            ),
            ("row_no", "edition_year"),
        ),
        Schema("notes", (*_START, "note_no", "letter", "topic_code")),
    )
}

DOCUMENTS_FILE = "document_register.csv"
REGIONS_FILE = "official_regions.csv"
DOCUMENTS = (
    "document_id",
    "instrument",
    "edition_year",
    "fiscal_quarter",
    "number",
    "title",
    "title_en",
    "issuer",
    "issued_on",
    "subject_name",
    "file_name",
    "file_sha256",
    "added_on",
)
REGION_NAMES = ("printed_name", "region_code", "reason")
REGIONS = ("region_code", "region_type", "region_name", "province_code")
NOTE_TOPICS = ("topic_code", "note_component", "pattern", "label_id", "label_en")
EXPECTED_ROWS = ("seed_name", "document_id", "table_id", "expected_rows")
