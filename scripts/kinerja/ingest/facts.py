"""The facts of a document that its running text prints: year, number, date, subject, period."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kinerja.instruments.registry import Instrument

from .account import Account
from .known import Known
from .lines import MONTHS, Line, filled, prose
from .names import REGION_TAIL, slug, slug_of_region

NUMBERS = {
    "letter": re.compile(r"nomor\s*:\s*(?P<number>[^ ]+/[^ ]+)", re.IGNORECASE),
    "decision": re.compile(r"nomor\s*(?P<number>\d+)\s*tahun\s*(?P<year>[12]\d{3})", re.IGNORECASE),
}
SUBJECT_LINE = re.compile(r"hal\s*:.*", re.IGNORECASE)
_ISSUED = re.compile(
    r"(?:[a-z .]+,\s*|pada tanggal\s*:?\s*|ditetapkan .*tanggal\s*|tanggal\s*:?\s*)?"
    rf"(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)}) (?P<year>[12]\d{{3}})",
    re.IGNORECASE,
)
_QUARTERS = {"": "", "I": "1", "II": "2", "III": "3", "IV": "4"}
_SHORT_AGENCIES = {
    "sekretariat daerah": "setda",
    "sekretariat dewan perwakilan rakyat daerah": "setwan",
    "sekretariat dprd": "setwan",
    "badan perencanaan pembangunan daerah": "bappeda",
}
"""Short words that make a document id of an agency's name; others are written out."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says of itself, blank where it does not; `lines` are the indices told from.

    `quarter` is I to IV, `subject` the government or agency as printed, `issued_on` an ISO date.
    """

    year: str
    quarter: str
    number: str
    issued_on: str
    subject: str
    lines: tuple[int, ...]

    def words(self) -> dict[str, str]:
        """The facts for the texts of instruments.csv."""
        return {
            "year": self.year,
            "subject": self.subject,
            "quarter": self.quarter,
            "quarter_no": _QUARTERS.get(self.quarter, self.quarter),
        }

    def document_id(self, instrument: Instrument) -> str:
        """The id that the facts give."""
        subject = slug_of_region(self.subject)
        if instrument.subject == "agency":
            tail = REGION_TAIL.fullmatch(self.subject)
            agency = tail["agency"] if tail else self.subject
            short = _SHORT_AGENCIES.get(agency.lower(), slug(agency))
            subject = f"{slug_of_region(tail['region'])}_{short}" if tail else short
        return instrument.id_stem.format(**{**self.words(), "subject": subject})

    def register_row(self, instrument: Instrument) -> dict[str, str]:
        """The columns of the document register that the facts give."""
        words = self.words()
        return {
            "instrument": instrument.name,
            "edition_year": self.year,
            "fiscal_quarter": words["quarter_no"],
            "number": self.number,
            "title": instrument.title.id.format(**words),
            "title_en": instrument.title.en.format(**words),
            "issuer": instrument.issuer.format(**words),
            "issued_on": self.issued_on,
            "subject_name": self.subject,
        }


def read(lines: Sequence[Line], instrument: Instrument, known: Known, out: Account) -> Facts:
    """Find the facts of one document; a second, different period is reported to `out`."""
    short = [(i, prose(line)) for i, line in enumerate(lines) if 0 < filled(line.cells) <= 2]
    # A sentence may run over two lines; the match then counts for the first of them.
    long = [(i, f"{text} {after}") for (i, text), (_, after) in pairwise(short)]
    told: set[int] = set()

    def first(pattern: re.Pattern[str] | None, *, whole: bool) -> re.Match[str] | None:
        for index, text in short if whole else (*short, *long):
            match = pattern and (pattern.fullmatch(text) if whole else pattern.search(text))
            if match:
                told.add(index)
                return match
        return None

    form = NUMBERS.get(instrument.number_kind)
    dated = first(instrument.year, whole=False)
    if dated is None and form and "year" in form.groupindex:
        dated = first(form, whole=False)
    number, issued = first(form, whole=True), first(_ISSUED, whole=True)
    first(SUBJECT_LINE, whole=True)
    subject = _SUBJECTS.get(instrument.subject)
    if instrument.is_titled:
        # The title and whose it is may stand on every page.
        told.update(i for i, text in short if instrument.year.fullmatch(text))
    return Facts(
        dated["year"] if dated else "",
        _period(lines, instrument, known, out),
        " Tahun ".join(part for part in number.groups() if part) if number else "",
        _iso(issued) if issued else "",
        subject(lines, instrument, told, out) if subject else "",
        tuple(sorted(told)),
    )


def _iso(issued: re.Match[str]) -> str:
    month = MONTHS.index(issued["month"].lower()) + 1
    return f"{issued['year']}-{month:02d}-{int(issued['day']):02d}"


def period_in(line: Line, instrument: Instrument) -> str:
    """The period that a heading line prints, I to IV; blank if it has none."""
    matches = (instrument.period.fullmatch(c) for c in line.cells) if instrument.period else ()
    return next((match["quarter"].upper() for match in matches if match), "")


def _period(lines: Sequence[Line], instrument: Instrument, known: Known, out: Account) -> str:
    found = ""
    for line in lines if instrument.period else ():
        if any(reader.announces(line.cells) for reader in known.readers[instrument.name]):
            for cell in line.cells:
                period = period_in(Line(line.source, (cell,)), instrument)
                found = found or period
                if period not in ("", found):
                    out.find("odd_cell", "", line.source, cell)
    return found


def _agency(lines: Sequence[Line], instrument: Instrument, told: set[int], out: Account) -> str:
    """The agency that a line of its own names; its region is a name as well."""
    found = ""
    for index, line in enumerate(lines):
        match = instrument.about and instrument.about.fullmatch(prose(line))
        if match and filled(line.cells) <= 2:
            found = found or match["subject"]
            told.add(index)
    tail = REGION_TAIL.fullmatch(found)
    if tail:
        out.name(tail["region"], "")
    return found


def _government(lines: Sequence[Line], instrument: Instrument, told: set[int], out: Account) -> str:
    """The first government that the text names, best one known."""
    first = None
    for index, line in enumerate(lines):
        for match in instrument.about.finditer(prose(line)) if instrument.about else ():
            words = match["subject"].rstrip(".").split()
            for end in range(len(words), 1, -1):
                name = " ".join(words[:end])
                if out.resolve(name) is not None:
                    told.add(index)
                    out.name(name, line.source)
                    return name
            first = first or (" ".join(words), line.source)
    if first:
        out.name(*first)
    return first[0] if first else ""


_SUBJECTS = {"agency": _agency, "region": _government}
