"""Running text: paragraphs of lines that are no table, and what is said in them, and where.

A title says what a document is; a sentence may say it; a citation says what another document is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .lines import Line, filled, prose
from .wordings import Wordings

_SENTENCE_END = re.compile(r"[.;](?=\s+[A-Z(\d-])|[.;]$")
_LINES = 4
"""Lines over which one statement may run."""
_BESIDE = 4
"""Words that a line may have beside what makes it a title."""


@dataclass
class _Paragraph:
    """Lines that belong together, joined by blanks; `starts` is where each begins."""

    is_subject: bool
    texts: list["Text"] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    joined: str = ""

    def add(self, text: "Text") -> None:
        """Put a line at the end."""
        self.joined += " " if self.joined else ""
        self.starts.append(len(self.joined))
        self.texts.append(text)
        self.joined += text.text


@dataclass(frozen=True, slots=True)
class Text:
    """A line of running text; a line in capitals has no small letter but a few."""

    index: int
    source: str
    text: str
    is_capital: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A match in a paragraph, the lines that it touches, and whether these are a title, text or
    a citation."""

    match: re.Match[str]
    texts: Sequence[Text]
    place: str

    @property
    def printed(self) -> str:
        """The lines that it touches."""
        return " ".join(text.text for text in self.texts)[:100]


@dataclass(frozen=True, slots=True)
class Texts:
    """The running text of a document."""

    paragraphs: Sequence[_Paragraph]
    wordings: Wordings

    def __iter__(self) -> Iterator[Text]:
        return (text for paragraph in self.paragraphs for text in paragraph.texts)


def texts_of(
    lines: Sequence[Line],
    alone: Sequence[re.Pattern[str]],
    subject: re.Pattern[str],
    wordings: Wordings,
) -> Texts:
    """Put the lines of one or two cells into paragraphs.

    A blank line ends one, but not between two lines in capitals; lines that match `alone` stand by
    themselves; a line that matches `subject` begins what a letter is about.
    """
    found: list[_Paragraph] = []
    before: Text | None = None
    for index, line in enumerate(lines):
        if filled(line.cells) not in (1, 2):
            before = before if not line.cells and before and before.is_capital else None
            continue
        text = Text(index, line.source, prose(line), _is_capital(prose(line)))
        is_alone = any(form.fullmatch(text.text) for form in alone)
        begins = subject.fullmatch(text.text) is not None
        gap = before is None or (before.index != index - 1 and not text.is_capital)
        if is_alone or begins or gap:
            found.append(_Paragraph(begins))
        found[-1].add(text)
        before = None if is_alone else text
    return Texts(found, wordings)


def said(texts: Texts, pattern: re.Pattern[str] | None) -> Iterator[Statement]:
    """Every place where a pattern matches within a sentence, over a few lines at most."""
    for paragraph in texts.paragraphs if pattern else ():
        start = 0
        while match := pattern and pattern.search(paragraph.joined, start):
            start = match.start() + 1
            touched = [
                n
                for n, (text, at) in enumerate(zip(paragraph.texts, paragraph.starts, strict=True))
                if at < match.end() and at + len(text.text) > match.start()
            ]
            if len(touched) <= _LINES and not _SENTENCE_END.search(match[0]):
                place = _place(paragraph, touched, match, texts.wordings)
                yield Statement(match, [paragraph.texts[n] for n in touched], place)


def _place(
    paragraph: _Paragraph, touched: Sequence[int], match: re.Match[str], wordings: Wordings
) -> str:
    if paragraph.is_subject:
        return "title"
    ends = [end.end() for end in _SENTENCE_END.finditer(paragraph.joined)]
    first = max((end for end in ends if end <= match.start()), default=0)
    last = min((end for end in ends if end >= match.end()), default=len(paragraph.joined))
    if any(wordings.told("citation", paragraph.joined[first:last])):
        return "citation"
    printed = [paragraph.texts[n] for n in touched]
    if all(text.is_capital for text in printed):
        return "title"
    beside = sum(len(text.text.split()) for text in printed) - len(match[0].split())
    after = paragraph.texts[touched[-1] + 1 : touched[-1] + 2]
    begins = touched[0] == 0 and not printed[0].text[:1].islower()
    goes_on = any(text.text[:1].islower() for text in after)
    return "title" if begins and not goes_on and beside <= _BESIDE else "text"


def _is_capital(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and sum(letter.isupper() for letter in letters) >= 0.9 * len(letters)
