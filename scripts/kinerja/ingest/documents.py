"""From the lines of a file to its documents: where each begins, what it is, what it holds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from . import accountability, agency_performance, public_service, smart_city
from .layouts import (
    AGENCY_SHORT,
    COMPONENT_HEADING,
    DECISION_NUMBER,
    FORM_AGENCY,
    FORM_COLUMNS,
    FORM_QUARTER,
    FORM_TITLE,
    INSTRUMENTS,
    ISSUED,
    LETTER_NUMBER,
    LETTER_SUBJECT,
    MONTHS,
    PUBLIC_SERVICE_SCORES,
    QUARTERS,
    SMART_CITY_RESULTS,
)
from .lines import Line, filled, prose
from .names import Gazetteer, normalised
from .notes import Topic
from .outcome import Finding, Outcome, Row, report_unplaced
from .schemas import RAW
from .tables import match_header

_SUBJECT_LINES = 10
"""How far below its number a letter says what it is about."""

_REGION_TAIL = re.compile(r"(?P<agency>.+?)\s+(?P<region>(?:Kota|Kabupaten|Kab\.|Provinsi)\s.+)")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ID_PREFIX = {"regency": "kab_", "province": "prov_", "city": ""}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file's lines that is one document of a known kind."""

    kind: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read: its facts, its rows (whole, sorted), and the reader's account.

    `facts` has the columns of the reference seed `documents` that the document itself gives;
    `names` maps printed region names to where they stand first.
    """

    document_id: str
    kind: str
    facts: dict[str, str]
    rows: dict[str, list[Row]]
    findings: list[Finding]
    headers: list[str]
    told: list[str]
    names: dict[str, str]
    prose_lines: int


def kind_of_header(cells: Sequence[str]) -> str | None:
    """The kind of document whose table has this heading line, or None."""
    if not cells or cells[0][:1].isdigit():
        return None
    if COMPONENT_HEADING.fullmatch(cells[0]):
        return "accountability"
    if len(cells) < 3:
        return None
    if smart_city.is_detail_header(cells) or _has(cells, SMART_CITY_RESULTS, 5):
        return "smart_city"
    if _has(cells, PUBLIC_SERVICE_SCORES, 4):
        return "public_service"
    if match_header(cells, FORM_COLUMNS, least=6) is not None:
        return "agency_performance"
    return None


def _has(cells: Sequence[str], columns: Sequence, least: int) -> bool:  # type: ignore[type-arg]
    header = match_header(cells, columns, least)
    return header is not None and "region_name" in header.positions


@dataclass
class Cut:
    """Where a document begins: its kind (None while unknown), and what tells it from the next.

    `mark` is what its opening line prints; `quarter` and `agency` are those of a form.
    """

    start: int
    kind: str | None
    mark: str = ""
    quarter: str = ""
    agency: str = ""

    def same_form(self, other: "Cut") -> bool:
        """Whether the other is a page of this form: forms may print their title on each page."""
        return self.kind == other.kind == "agency_performance" and all(
            one == two or not one or not two
            for one, two in (
                (self.mark, other.mark),
                (self.quarter, other.quarter),
                (self.agency, other.agency),
            )
        )


def parts_of(lines: Sequence[Line]) -> list[Part]:
    """Cut a file's lines into documents; text before, between and after goes with a neighbour."""
    cuts = [Cut(0, None)]
    for index, line in enumerate(lines):
        if not line.cells:
            continue
        now = cuts[-1]
        opening = _opening(lines, index) if filled(line.cells) <= 2 else None
        if opening is not None:
            kind, mark = opening
            if mark != now.mark or kind == "agency_performance":
                cuts.append(Cut(index, kind, mark))
            continue
        agency = FORM_AGENCY.fullmatch(prose(line)) if filled(line.cells) <= 2 else None
        if agency and now.kind == "agency_performance":
            now.agency = now.agency or agency["agency"]
        found = kind_of_header(line.cells)
        if found is None:
            continue
        quarter = _quarter(line) if found == "agency_performance" else ""
        if now.kind in (None, found) and (not quarter or now.quarter in ("", quarter)):
            now.kind, now.quarter = found, now.quarter or quarter
        else:
            cuts.append(Cut(index, found, quarter=quarter))
    kept: list[Cut] = []
    for cut in cuts:
        before = kept[-1] if kept else None
        if before is None or not (None in (before.kind, cut.kind) or before.same_form(cut)):
            kept.append(cut)
        elif before.kind is None:
            kept[-1] = replace(cut, start=before.start)
    ends = [cut.start for cut in kept[1:]] + [len(lines)]
    return [
        Part(cut.kind, lines[cut.start : end])
        for cut, end in zip(kept, ends, strict=True)
        if cut.kind is not None
    ]


def _quarter(line: Line) -> str:
    found = (FORM_QUARTER.fullmatch(cell) for cell in line.cells)
    return next((match["quarter"].upper() for match in found if match), "")


def _opening(lines: Sequence[Line], index: int) -> tuple[str | None, str] | None:
    """The kind (None for a letter of a kind not yet known) and mark of a document's first line."""
    text = prose(lines[index])
    form = FORM_TITLE.fullmatch(text)
    if form:
        return "agency_performance", f"form {form['year']}"
    decision = DECISION_NUMBER.fullmatch(text)
    if decision:
        return "public_service", f"decision {decision['number']} {decision['year']}"
    letter = LETTER_NUMBER.fullmatch(text)
    if letter:
        after = [
            prose(line) for line in lines[index + 1 : index + 2 * _SUBJECT_LINES] if line.cells
        ]
        if any(LETTER_SUBJECT.fullmatch(line) for line in after[:_SUBJECT_LINES]):
            return None, f"letter {letter['number']}"
    return None


def read_part(
    part: Part, gazetteer: Gazetteer, topics: Sequence[Topic], wanted_id: str | None
) -> Document:
    """Read one document; `wanted_id` overrides the id that its facts give."""
    out = Outcome(gazetteer.resolve)
    given: dict[str, str] = {}
    if part.kind == "smart_city":
        smart_city.read(part.lines, out)
    elif part.kind == "public_service":
        public_service.read(part.lines, out)
    elif part.kind == "accountability":
        given = accountability.read(part.lines, out, topics)
    else:
        given = agency_performance.read(part.lines, out, topics)
    facts = _facts(part, given, out, wanted_id)
    if part.kind == "agency_performance":
        _name_agency_region(facts["subject_name"], out)
    document_id = wanted_id or _document_id(part.kind, facts, gazetteer)
    report_unplaced(out, part.lines)
    found = {row[0] for rows in out.rows.values() for row in rows}
    for table_id in INSTRUMENTS[part.kind].tables:
        if table_id not in found:
            out.find("missing_table", table_id, part.lines[0].source, table_id)
    rows = {seed: _whole(seed, found, document_id, facts) for seed, found in out.rows.items()}
    printed = sum(1 for line in part.lines if line.cells)
    return Document(
        document_id,
        part.kind,
        facts,
        rows,
        out.findings,
        out.headers,
        out.told,
        out.names,
        printed - len(out.seen),
    )


def _facts(
    part: Part, given: dict[str, str], out: Outcome, wanted_id: str | None
) -> dict[str, str]:
    instrument = INSTRUMENTS[part.kind]
    short = [(i, prose(x)) for i, x in enumerate(part.lines) if 0 < filled(x.cells) <= 2]
    # A sentence may run over two lines; the match then counts for the first of them.
    long = [(i, f"{text} {after}") for (i, text), (_, after) in pairwise(short)]

    def first(patterns: Sequence[re.Pattern[str]], *, whole: bool) -> re.Match[str] | None:
        for pattern in patterns:
            for index, text in short if whole else (*short, *long):
                match = pattern.fullmatch(text) if whole else pattern.search(text)
                if match:
                    out.tell(index, part.lines[index])
                    return match
        return None

    dated = first(instrument.year, whole=False)
    number = first(instrument.number, whole=True)
    issued = first((ISSUED,), whole=True)
    first((LETTER_SUBJECT,), whole=True)
    year = dated["year"] if dated else given.get("year", "") or _year_in(wanted_id or "")
    subject, quarter = given.get("subject", ""), given.get("quarter", "")
    words = {
        "year": year,
        "subject": subject,
        "quarter": quarter,
        "quarter_no": QUARTERS.get(quarter, ""),
    }
    facts = {
        "instrument": part.kind,
        "edition_year": year,
        "fiscal_quarter": QUARTERS.get(quarter, ""),
        "number": _printed_number(number) if number else "",
        "title": instrument.title.format(**words),
        "title_en": instrument.title_en.format(**words),
        "issuer": instrument.issuer.format(**words),
        "issued_on": _iso(issued) if issued else "",
        "subject_name": subject,
    }
    wanted = ["edition_year"]
    wanted += ["number", "issued_on"] if instrument.number else ["fiscal_quarter", "subject_name"]
    for name in wanted:
        if not facts[name]:
            out.find("missing_fact", "", part.lines[0].source, name)
    return facts


def _printed_number(match: re.Match[str]) -> str:
    """A letter's number, or a decision's number with its year."""
    return " Tahun ".join(part for part in match.groups() if part)


def _year_in(document_id: str) -> str:
    match = re.search(r"(?<!\d)[12]\d{3}(?!\d)", document_id)
    return match[0] if match else ""


def _iso(issued: re.Match[str]) -> str:
    month = MONTHS.index(issued["month"].lower()) + 1
    return f"{issued['year']}-{month:02d}-{int(issued['day']):02d}"


def _name_agency_region(agency: str, out: Outcome) -> None:
    tail = _REGION_TAIL.fullmatch(agency)
    if tail:
        out.name(tail["region"], "")


def _slug(text: str) -> str:
    return _NOT_WORD.sub("_", text.lower()).strip("_")


def _region_slug(printed: str, gazetteer: Gazetteer) -> str:
    kind, _ = normalised(printed)
    words = printed.split()
    return _ID_PREFIX.get(kind, "") + _slug(" ".join(words[1:] if kind else words))


def _document_id(kind: str, facts: dict[str, str], gazetteer: Gazetteer) -> str:
    """The id that a document's own facts give: instrument, whom it is about, year, quarter."""
    year = facts["edition_year"]
    if kind == "accountability":
        return f"accountability_{_region_slug(facts['subject_name'], gazetteer)}_{year}"
    if kind == "agency_performance":
        tail = _REGION_TAIL.fullmatch(facts["subject_name"])
        agency = tail["agency"] if tail else facts["subject_name"]
        short = AGENCY_SHORT.get(agency.lower(), _slug(agency))
        where = _region_slug(tail["region"], gazetteer) + "_" if tail else ""
        return f"performance_{where}{short}_{year}_q{facts['fiscal_quarter']}"
    return f"{kind}_{year}"


def _whole(seed: str, found: list[Row], document_id: str, facts: dict[str, str]) -> list[Row]:
    """Complete a seed's rows and put them into the order of the seed."""
    schema = RAW[seed]
    agency: tuple[str, ...] = ()
    if "agency_name" in schema.columns:
        quarter = {number: roman for roman, number in QUARTERS.items()}.get(
            facts["fiscal_quarter"], ""
        )
        agency = (facts["subject_name"], facts["edition_year"], quarter)
    rows = [(document_id, *row[:3], *agency, *row[3:]) for row in found]
    places = [schema.columns.index(name) for name in schema.order]
    rows.sort(key=lambda row: (row[1], *(int(row[place]) for place in places)))
    return rows


def documents_of(
    lines: Sequence[Line],
    gazetteer: Gazetteer,
    topics: Sequence[Topic],
    wanted_id: str | None,
) -> Iterator[Document]:
    """Read every document of a file in order; an id that is wanted is set on a single one."""
    parts = parts_of(lines)
    for part in parts:
        yield read_part(part, gazetteer, topics, wanted_id if len(parts) == 1 else None)
