"""The facts of a document: what it is, of when, of whom, in which unit, and where it says so.

A fact is what the document's titles say, else what its sentences say. What another document is
cited with is no fact of this one. A fact that can be two things, or that another fact speaks
against, is a question: it has no answer until a person gives one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kinerja.core.errors import BadInputError
from kinerja.instruments.declarations import Table
from kinerja.instruments.registry import Instrument

from .account import Account
from .known import Known
from .lines import MONTHS, Line, filled, prose
from .names import REGION_TAIL, slug, slug_of_region
from .prose import Statement, said, texts_of

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
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_NUMBERED_IN = re.compile(r"(?:/|Tahun )([12]\d{3})$")
_ANY_TITLE = re.compile(r"(?<!\d )(?<!\d)\btahun (?:anggaran )?(?P<year>20\d\d)\b", re.IGNORECASE)
_GOVERNMENT = re.compile(r"pemerintah (?:kota|kabupaten|provinsi)\b.*", re.IGNORECASE)
_QUARTERS = {"": "", "I": "1", "II": "2", "III": "3", "IV": "4"}
_LEAST_RUPIAH, _MOST_RUPIAH = 10**6, 10**14
"""The largest amount of an agency's form is between: the budget of the whole state is 4 * 10^15."""
_SHORT_AGENCIES = {
    "sekretariat daerah": "setda",
    "sekretariat dewan perwakilan rakyat daerah": "setwan",
    "sekretariat dprd": "setwan",
    "badan perencanaan pembangunan daerah": "bappeda",
}
"""Short words that make a document id of an agency's name; others are written out."""

UNITS = {"rupiah": "1", "thousand": "1000", "million": "1000000", "billion": "1000000000"}
COVERS = {"quarter": "--quarterly", "cumulative": "--cumulative"}
OPTIONS = {
    "kind": "--kind KIND",
    "year": "--year YEAR",
    "number": "--number NUMBER",
    "issued_on": "--issued-on YYYY-MM-DD",
    "region": "--region CODE",
    "agency": "--agency NAME",
    "quarter": "--quarter I|II|III|IV",
    "unit": f"--unit {'|'.join(UNITS)}",
    "covers": "--quarterly or --cumulative",
    "rows": "--rows-by name|number",
}
"""What decides each fact."""
OF_ONE_DOCUMENT = ("kind", "year", "number", "issued_on", "region", "agency", "quarter")
"""Facts by which documents differ: decided for one document at a time."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a fact may be, the line it was read from, and what kind of place that is.

    `place`: title, text, citation, heading, figures (of the tables), or decided (by a person).
    """

    value: str
    source: str
    printed: str
    place: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, all that the document says of it, and what must be decided first, if anything."""

    name: str
    value: str
    candidates: tuple[Candidate, ...] = ()
    question: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether a person said it."""
        return any(candidate.place == "decided" for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says of itself, blank where it does not; `lines` are the indices told from.

    `quarter` is I to IV, `subject` the government or agency as printed, `issued_on` an ISO date;
    `told` are the facts with their evidence.
    """

    year: str
    quarter: str
    number: str
    issued_on: str
    subject: str
    unit: str
    covers: str
    lines: tuple[int, ...]
    told: tuple[Fact, ...]

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
            "rupiah_per_unit": self.unit,
            "is_cumulative": {"cumulative": "true", "quarter": "false"}.get(self.covers, ""),
        }


def read(
    lines: Sequence[Line],
    instrument: Instrument,
    known: Known,
    out: Account,
    decided: Mapping[str, str],
) -> Facts:
    """Find the facts of one document whose tables have been read; `decided` are a person's."""
    found = _Finder(lines, instrument, known, out, decided)
    number, issued_on = found.number(), found.issued_on()
    year, quarter = found.year(), found.quarter()
    subject = found.subject()
    unit, covers = found.unit(), found.covers()
    every = (found.kind(), year, number, issued_on, quarter, subject, unit, covers)
    return Facts(
        *(year.value, quarter.value, number.value, issued_on.value, subject.value),
        *(unit.value, covers.value, tuple(sorted(found.told))),
        tuple(fact for fact in every if fact.value or fact.candidates or fact.question),
    )


def period_in(line: Line, instrument: Instrument) -> str:
    """The period that a heading line prints, I to IV; blank if it has none."""
    return next(iter(_periods(line, instrument)), "")


def _periods(line: Line, instrument: Instrument) -> list[str]:
    """The periods of a heading line's cells, from left to right."""
    matches = (instrument.period.fullmatch(c) for c in line.cells) if instrument.period else ()
    return [match["quarter"].upper() for match in matches if match]


class _Finder:
    """Finds one fact after the other; `told` are the indices of the lines that told any."""

    def __init__(
        self,
        lines: Sequence[Line],
        instrument: Instrument,
        known: Known,
        out: Account,
        decided: Mapping[str, str],
    ) -> None:
        self.lines, self.instrument, self.known = lines, instrument, known
        self.out, self.decided = out, decided
        self.told: set[int] = set()
        breaks = (*NUMBERS.values(), _ISSUED)
        end = _where_another_begins(lines, instrument, known)
        self.texts = texts_of(lines[:end], breaks, SUBJECT_LINE, known.wordings)
        headers = set(out.headers)
        self.headings = [(i, line) for i, line in enumerate(lines) if line.source in headers]
        self.issue_years: dict[str, Candidate] = {}

    def fact(self, name: str, candidates: Iterable[Candidate], question: str = "") -> Fact:
        """A fact that is what a person decided, else the first candidate, else a question."""
        each = tuple(dict.fromkeys(candidates))
        if wanted := self.decided.get(name):
            return Fact(name, wanted, (Candidate(wanted, "", "", "decided"), *each))
        value = each[0].value if each else ""
        return Fact(name, value, each, question and f"{question}: {OPTIONS[name]}")

    def kind(self) -> Fact:
        """The evaluation, from the headings of the tables; another's title speaks against it."""
        name = self.instrument.name
        found = [Candidate(name, line.source, _short(line), "heading") for _, line in self.headings]
        if self.decided.get("kind") not in (None, name):
            raise BadInputError(
                f"--kind {self.decided['kind']}: line {found[0].source} has the headings of {name}."
            )
        own = any(s.place == "title" for s in said(self.texts, self.instrument.year))
        others = []
        for other in self.known.instruments.values() if not own else ():
            if other is not self.instrument and not other.is_titled:
                titles = (s for s in said(self.texts, other.year) if s.place == "title")
                others += [_candidate(other.name, title) for title in titles]
        question = _either("kind", [*found[:1], *others]) if others else ""
        return self.fact("kind", [*found[:1], *others], question)

    def number(self) -> Fact:
        """The number that begins the document; those after it are of annexes, or cited."""
        form = NUMBERS.get(self.instrument.number_kind)
        found: list[Candidate] = []
        for text in self.texts if form else ():
            if match := form and form.fullmatch(text.text):
                self.told.update([text.index] if not found else [])
                found.append(Candidate(_numbered(match), text.source, text.text, "title"))
        if found and (year := _NUMBERED_IN.search(found[0].value)):
            self.issue_years[year[1]] = found[0]
        return self.fact("number", found)

    def issued_on(self) -> Fact:
        """The date of issue: a date on a line of its own, in the year of the number."""
        found: list[Candidate] = []
        for text in self.texts if not self.instrument.is_titled else ():
            if match := _ISSUED.fullmatch(text.text):
                self.told.update([text.index] if not found else [])
                month = MONTHS.index(match["month"].lower()) + 1
                iso = f"{match['year']}-{month:02d}-{int(match['day']):02d}"
                found.append(Candidate(iso, text.source, text.text, "title"))
        agreeing = [one for one in found if one.value[:4] in self.issue_years]
        found = [*agreeing, *(one for one in found if one not in agreeing)]
        clear = agreeing or found
        question = _either("issued_on", clear) if len({one.value for one in clear}) > 1 else ""
        if found and self.issue_years and not agreeing:
            question = f"{_either('issued_on', found)}; the number is of another year"
        fact = self.fact("issued_on", found, question)
        if fact.value:
            self.issue_years.setdefault(fact.value[:4], fact.candidates[0])
        return fact

    def year(self) -> Fact:
        """The edition: what titles say; else what sentences and other facts agree on."""
        self.told.update(t.index for t in self.texts if SUBJECT_LINE.fullmatch(t.text))
        found = [_candidate(s.match["year"], s, self.told) for s in self._of_the_year()]
        columns = [
            Candidate(row.cells[column.name], row.source, column.name, "figures")
            for table in self.known.tables[self.instrument.name]
            for column in table.holding("year")
            for row in self.out.rows.get(table.name, ())
            if column.name in row.cells
        ]
        latest = max((one.value for one in columns), default="")
        columns = [one for one in columns if one.value == latest][:1]
        before = [
            Candidate(str(int(match["year"]) + 1), line.source, cell, "heading")
            for _, line in self.headings
            for cell in line.cells
            for _, match in self.known.wordings.told("year_before", cell)
        ][:1]
        titles = [one for one in found if one.place == "title"]
        others = [one for one in found if one.place == "text"]
        issued = [replace(one, value=year) for year, one in self.issue_years.items()]
        evidence = [*columns, *before]
        # A title may be of the year before; a sentence of the year before is what citations are.
        latest_lag = 1 if titles else 0

        def against(year: str) -> list[Candidate]:
            """What speaks against a year."""
            late = [c for c in issued if not 0 <= int(c.value) - int(year) <= latest_lag]
            return [*(c for c in evidence if c.value != year), *late]

        clear = titles or others
        if not titles and len({one.value for one in others}) > 1:
            agreeing = [one for one in others if not against(one.value)]
            clear = agreeing if (issued or evidence) and agreeing else others
        clear = clear or columns
        chosen = clear[0].value if clear else ""
        doubts = [one for one in clear if one.value != chosen]
        doubts += against(chosen) if chosen else []
        every = [*clear, *found, *evidence, *issued]
        if not chosen and not every and (told := _YEAR.search(self.decided.get("document", ""))):
            chosen = told[0]
            every = [Candidate(chosen, "", "", "decided")]
        question = _either("year", [*clear[:1], *doubts]) if doubts else ""
        if not chosen and every:
            question = f"no title says the year; {_shown(every)}"
        fact = self.fact("year", every, (question and self._two_editions(titles)) or question)
        return fact if question or chosen or fact.is_decided else replace(fact, value="")

    def _of_the_year(self) -> Iterable[Statement]:
        """The statements of the year: the instrument's own, and titles in capitals of any other."""
        own = list(said(self.texts, self.instrument.year))
        places = {statement.texts[-1].index for statement in own}
        yield from own
        for other in said(self.texts, _ANY_TITLE) if not self.instrument.is_titled else ():
            is_title = other.place == "title" and other.texts[0].is_capital
            if is_title and other.texts[-1].index not in places:
                yield other

    def _two_editions(self, titles: Sequence[Candidate]) -> str:
        """Two titles of different years, each with a table below: two documents in one file."""
        first = titles[0] if titles else None
        other = next((one for one in titles if first and one.value != first.value), None)
        if first is None or other is None or "year" in self.decided:
            return ""
        order = {line.source: index for index, line in enumerate(self.lines)}
        starts = [index for index, _ in self.headings]
        between = any(order[first.source] < at < order[other.source] for at in starts)
        after = any(at > order[other.source] for at in starts)
        if not (between and after):
            return ""
        return (
            f"two editions in one document, {_shown([first, other])}: put each into a file of its "
            "own; or, if it is one edition"
        )

    def quarter(self) -> Fact:
        """The period, from the headings of the tables; a title may speak against it."""
        found = [
            Candidate(period, line.source, _short(line), "heading")
            for _, line in self.headings
            for period in _periods(line, self.instrument)
        ]
        if self.instrument.period is not None:
            words = re.compile(r"\btriwulan (?P<quarter>iv|i{1,3})\b", re.IGNORECASE)
            said_so = (s for s in said(self.texts, words) if s.place == "title")
            found += [_candidate(s.match["quarter"].upper(), s) for s in said_so]
        found = list({one.value + one.place: one for one in reversed(found)}.values())[::-1]
        several = len({one.value for one in found}) > 1
        return self.fact("quarter", found, _either("quarter", found) if several else "")

    def subject(self) -> Fact:
        """Whose document it is."""
        if self.instrument.subject == "agency":
            return self._agency()
        return self._government() if self.instrument.subject == "region" else Fact("region", "")

    def _agency(self) -> Fact:
        """The agency that a line of its own names; its region is a name as well."""
        found, governments = [], []
        for index, line in enumerate(self.lines):
            text = prose(line)
            about = self.instrument.about and self.instrument.about.fullmatch(text)
            if about and filled(line.cells) <= 2:
                found.append(Candidate(about["subject"], line.source, text, "title"))
                self.told.add(index)
            elif _GOVERNMENT.fullmatch(text) and self.out.resolve(text):
                governments.append(Candidate(text, line.source, text, "title"))
        several = len({one.value for one in found}) > 1
        fact = self.fact("agency", found, _either("agency", found) if several else "")
        tail = REGION_TAIL.fullmatch(fact.value)
        if tail:
            self.out.name(tail["region"], "")
            code = self.out.resolve(tail["region"])
            other = [one for one in governments if code and self.out.resolve(one.value) != code]
            if other and not fact.is_decided:
                asked = f"{_either('agency', [*found[:1], *other])}: {OPTIONS['agency']}"
                fact = replace(fact, candidates=(*found, *other), question=asked)
        return fact

    def _government(self) -> Fact:
        """The government that a letter is about: its addressee, or the one that it names."""
        found = []
        for statement in said(self.texts, self.instrument.about):
            name = self._known_name(statement.match["subject"])
            found.append(_candidate(name, statement))
        every = list(self.texts)
        for text, after in zip(every, [*every[1:], *every[-1:]], strict=True):
            for _, match in self.known.wordings.told("addressee", f"{text.text} {after.text}"):
                name = self._known_name(match["subject"])
                if self.out.resolve(name):
                    found.append(Candidate(name, text.source, match[0][:100], "title"))
        by_place = {
            place: [one for one in found if one.place == place] for place in ("title", "text")
        }
        clear = by_place["title"] or by_place["text"] or found
        codes = {self.out.resolve(one.value) or one.value for one in clear}
        others = {self.out.resolve(one.value) for one in by_place["text"]}
        doubts = list(clear) if len(codes) > 1 else []
        if by_place["title"] and others and not codes & others:
            doubts = [clear[0], *by_place["text"]]
        # The name as the text prints it, where it names the addressee's government.
        named = [one for one in found if (self.out.resolve(one.value) or one.value) in codes]
        ordered = sorted([*named, *found], key=lambda one: (one not in named, _is_head(one.value)))
        fact = self.fact("region", ordered, _either("region", doubts) if doubts else "")
        code = self.out.resolve(fact.value) or fact.value
        if region := self.known.gazetteer.codes.get(code):
            # Who leads a government is not its name.
            names = (one.value for one in ordered if not _is_head(one.value))
            same = (name for name in names if self.out.resolve(name) == code)
            fact = replace(fact, value=next(same, region.name))
        if fact.value:
            source = next((one.source for one in found if one.value == fact.value), "")
            self.told.update(t.index for t in self.texts if t.source == source)
            self.out.name(fact.value, source)
        return fact

    def _known_name(self, printed: str) -> str:
        """The longest beginning of printed words that is a government's name, else all of them."""
        words = printed.rstrip(".").split()
        names = (" ".join(words[:end]) for end in range(len(words), 1, -1))
        return next((name for name in names if self.out.resolve(name) is not None), " ".join(words))

    def _amounts(self) -> list[int]:
        """The printed amounts of the tables, without their decimals."""
        return [
            int(digits)
            for table in self.known.tables[self.instrument.name]
            for column in table.holding("amount")
            for row in self.out.rows.get(table.name, ())
            if (digits := re.sub(r"\D", "", row.cells.get(column.name, "").partition(",")[0]))
        ]

    def _has_amounts(self) -> bool:
        tables: Iterable[Table] = self.known.tables[self.instrument.name]
        return any(table.holding("amount") for table in tables)

    def _noted(self, fact: str) -> list[Candidate]:
        """What headings and the lines that are no rows tell of a fact."""
        headings = {index for index, _ in self.headings}
        found = []
        for index, line in enumerate(self.lines):
            if index in self.out.seen and index not in headings:
                continue
            for cell in line.cells:
                if told := next(self.known.wordings.told(fact, cell), None):
                    place = "heading" if index in headings else "text"
                    found.append(Candidate(told[0], line.source, cell[:100], place))
                    self.told.update([index] if index not in headings else [])
        return found

    def unit(self) -> Fact:
        """How many rupiah an amount counts; without a word, one, if the amounts allow it."""
        if not self._has_amounts():
            return Fact("unit", "")
        found, most = self._noted("unit"), max(self._amounts(), default=0)
        several = len({one.value for one in found}) > 1
        question = _either("unit", found) if several else ""
        value = found[0].value if found else "1"
        if not several and most and most * int(value) > _MOST_RUPIAH:
            question = f"{_shown(found)} and the largest amount printed is {_dotted(most)}"
        elif not found and 0 < most < _LEAST_RUPIAH:
            question = f"no unit is printed and the largest amount printed is {_dotted(most)}"
        fact = self.fact("unit", found, question)
        return fact if fact.value else replace(fact, value="1")

    def covers(self) -> Fact:
        """Whether a realization is that of its quarter or that of the year to date."""
        if self.instrument.period is None or not self._has_amounts():
            return Fact("covers", "")
        found = self._noted("covers")
        plain = [
            Candidate("quarter", line.source, cell, "heading")
            for _, line in self.headings
            for cell in line.cells
            if self.instrument.period.fullmatch(cell)
            and not any(self.known.wordings.told("covers", cell))
        ]
        in_headings = any(one.place == "heading" for one in found)
        doubts = [*found, *plain] if in_headings else found
        several = len({one.value for one in doubts}) > 1
        question = _either("covers", doubts) if several else ""
        return self.fact("covers", [*found, *plain[:1]], question)


def asked(fact: Fact, question: str, candidates: Sequence[Candidate] = ()) -> Fact:
    """A fact with a question about it, unless a person has decided it."""
    if fact.is_decided:
        return fact
    more = (*fact.candidates, *candidates)
    return replace(fact, candidates=more, question=f"{question}: {OPTIONS[fact.name]}")


def _candidate(value: str, statement: Statement, told: set[int] | None = None) -> Candidate:
    if told is not None:
        told.update(text.index for text in statement.texts)
    first = statement.texts[0]
    return Candidate(value, first.source, statement.printed, statement.place)


def _where_another_begins(lines: Sequence[Line], instrument: Instrument, known: Known) -> int:
    """The line of a decision's number that is not this document's own, and not that of a law cited
    over two lines: what follows is of a document that nobody knows."""
    own = NUMBERS.get(instrument.number_kind)
    first, above = "", ""
    for index, line in enumerate(lines):
        text = prose(line)
        if not text:
            continue
        if not first and own and (match := own.fullmatch(text)):
            first = _numbered(match)
        decision = NUMBERS["decision"].fullmatch(text)
        is_cited = any(known.wordings.told("citation", above))
        if decision and _numbered(decision) != first and not is_cited:
            return index
        above = text
    return len(lines)


def _numbered(match: re.Match[str]) -> str:
    """A document's number, with its year where the form has one."""
    return " Tahun ".join(part for part in match.groups() if part)


def _is_head(name: str) -> bool:
    """Whether a name is that of a head of government ("Wali Kota Jambi"), not of a government."""
    return re.match(r"wali ?kota|bupati|gubernur", name, re.IGNORECASE) is not None


def _either(name: str, candidates: Sequence[Candidate]) -> str:
    return f"{name.replace('_', ' ')} is {_shown(candidates)}"


def _shown(candidates: Sequence[Candidate]) -> str:
    """Each different value once, with the line that it was read from."""
    each = {one.value: one for one in reversed(candidates)}
    shown = (f'{v} ({one.source}: "{one.printed[:60]}")' for v, one in reversed(each.items()))
    return " or ".join(shown)


def _short(line: Line) -> str:
    return " | ".join(cell for cell in line.cells if cell)[:100]


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
