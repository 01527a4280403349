"""Reference seeds (seeds/reference) as rows of text, with the line that each stands on."""

import csv
from collections.abc import Sequence
from pathlib import Path

from kinerja.core.errors import BadInputError

Row = dict[str, str]

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
    "rupiah_per_unit",
    "is_cumulative",
    "rows_by",
    "number_style",
    "decisions",
    "file_name",
    "file_sha256",
    "added_on",
)
REGION_NAMES = ("printed_name", "region_code", "reason")
EXPECTED_ROWS = ("seed_name", "document_id", "table_id", "expected_rows")
REGIONS = ("region_code", "region_type", "region_name", "province_code")
NOTE_TOPICS = ("topic_code", "note_component", "pattern", "label_id", "label_en")


def path_of(seeds: Path, name: str) -> Path:
    """Where a reference seed stands."""
    return seeds / "reference" / f"{name}.csv"


def rows(seeds: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """The wanted columns of a reference seed; none if it is not there.

    Raises BadInputError if it lacks one of them or is not a CSV file in UTF-8.
    """
    path = path_of(seeds, name)
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise BadInputError(f"{path} lacks the column {min(missing)}; restore it.")
            return [{column: row[column] or "" for column in columns} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(f"{path} is not a CSV file in UTF-8 ({error}); restore it.") from error
