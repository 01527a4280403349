"""What is known of the documents of each instrument (seeds/reference/instruments.csv).

What tells the year, the number, the subject and the period in running text, and what a document
is called. Regular expressions are data there; they match in any case.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from kinerja.core.errors import BadInputError

from . import references
from .declarations import Label

NAME = "instruments"
COLUMNS = (
    "instrument",
    "label_id",
    "label_en",
    "number_kind",
    "year_pattern",
    "subject",
    "subject_pattern",
    "period_pattern",
    "id_stem",
    "title_id",
    "title_en",
    "issuer",
)
NUMBER_KINDS = ("letter", "decision", "none")
SUBJECTS = ("none", "region", "agency")
_GROUPS = {"year_pattern": "year", "subject_pattern": "subject", "period_pattern": "quarter"}
_WORDS = {"year": "2030", "subject": "x", "quarter": "I", "quarter_no": "1"}


@dataclass(frozen=True, slots=True)
class Instrument:
    """An evaluation's documents.

    `number_kind` is how a document is numbered: a letter's or a decision's number, or none, when
    the line with its year is the title that begins it. `subject` is whose document it is. `year`,
    `about` and `period` are patterns with the groups year, subject and quarter; a document that
    has a period is one of several of a year. `id_stem`, the titles and the issuer are texts in
    which {year}, {subject}, {quarter} (I to IV) and {quarter_no} are filled in.
    """

    name: str
    label: Label
    number_kind: str
    year: re.Pattern[str]
    subject: str
    about: re.Pattern[str] | None
    period: re.Pattern[str] | None
    id_stem: str
    title: Label
    issuer: str

    @property
    def is_titled(self) -> bool:
        """Whether its documents begin with a title instead of a number."""
        return self.number_kind == "none"

    @property
    def needed_facts(self) -> tuple[str, ...]:
        """What tells one of its documents of a year from another, as the document register says."""
        facts = {"subject_name": self.subject != "none", "fiscal_quarter": self.period is not None}
        return tuple(name for name, needed in facts.items() if needed)


def instruments(seeds: Path) -> dict[str, Instrument]:
    """The known instruments by name, in the order of the file.

    Raises BadInputError, naming file, row and value, for a row that cannot be used.
    """
    path = references.path_of(seeds, NAME)
    found: dict[str, Instrument] = {}
    for number, row in enumerate(references.rows(seeds, NAME, COLUMNS), start=2):
        place = f"{path}, line {number}"
        if row["instrument"] in found:
            raise BadInputError(f"{place}: {row['instrument']} has a row already.")
        found[row["instrument"]] = _instrument(place, row)
    if not found:
        raise BadInputError(f"{path} names no instrument; restore it.")
    return found


def _instrument(place: str, row: references.Row) -> Instrument:
    for column, known in (("number_kind", NUMBER_KINDS), ("subject", SUBJECTS)):
        if row[column] not in known:
            raise BadInputError(f"{place}, {column}: {row[column]} is none of {', '.join(known)}.")
    patterns = {column: _pattern(place, column, row[column]) for column in _GROUPS}
    year = patterns["year_pattern"]
    if year is None:
        raise BadInputError(f"{place}, year_pattern: it is blank.")
    if (row["subject"] == "none") != (patterns["subject_pattern"] is None):
        raise BadInputError(
            f"{place}, subject_pattern: it is needed with a subject, and only then; "
            f"the subject is {row['subject']}."
        )
    for column in ("id_stem", "title_id", "title_en", "issuer"):
        try:
            row[column].format(**_WORDS)
        except (KeyError, IndexError, ValueError):
            raise BadInputError(
                f"{place}, {column}: {row[column]} has other words in braces than "
                f"{', '.join(_WORDS)}."
            ) from None
    return Instrument(
        row["instrument"],
        Label(row["label_id"], row["label_en"]),
        row["number_kind"],
        year,
        row["subject"],
        patterns["subject_pattern"],
        patterns["period_pattern"],
        row["id_stem"],
        Label(row["title_id"], row["title_en"]),
        row["issuer"],
    )


def _pattern(place: str, column: str, text: str) -> re.Pattern[str] | None:
    if not text:
        return None
    try:
        pattern = re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise BadInputError(
            f"{place}, {column}: {text} is no regular expression ({error})."
        ) from None
    if _GROUPS[column] not in pattern.groupindex:
        raise BadInputError(f"{place}, {column}: {text} has no group {_GROUPS[column]}.")
    return pattern
