"""From the lines of a file to its documents: where each begins and of which instrument it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kinerja.instruments.registry import Instrument

from .facts import NUMBERS, SUBJECT_LINE, period_in
from .known import Known
from .lines import Line, filled, prose

_SUBJECT_LINES = 10
"""How far below its number a letter says what it is about."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file's lines that is one document of a known instrument.

    `or_else` are others whose tables have the same headings, where no title says which it is.
    """

    instrument: Instrument
    lines: Sequence[Line]
    or_else: Sequence[Instrument] = ()


@dataclass
class _Cut:
    """Where a document begins: its instrument (None while unknown), what tells it from the next.

    `mark` is what its opening line prints; `period` and `subject` are those of a titled document.
    """

    start: int
    instrument: Instrument | None
    mark: str = ""
    period: str = ""
    subject: str = ""
    or_else: Sequence[Instrument] = ()

    def is_continued_by(self, other: "_Cut") -> bool:
        """Whether the other is a page of this: documents may print their title on each page."""
        if self.instrument is not other.instrument or self.instrument is None:
            return False
        return self.instrument.is_titled and all(
            one == two or not one or not two
            for one, two in (
                (self.mark, other.mark),
                (self.period, other.period),
                (self.subject, other.subject),
            )
        )


def parts_of(lines: Sequence[Line], known: Known, kind: str | None = None) -> list[Part]:
    """Cut a file's lines into documents; text before, between and after goes with a neighbour.

    `kind` is the evaluation that a person decided on where headings announce several.
    """
    kept: list[_Cut] = []
    for cut in _cuts(lines, known, kind):
        before = kept[-1] if kept else None
        if before is None:
            kept.append(cut)
        elif before.instrument is None:
            kept[-1] = replace(cut, start=before.start)
        elif cut.instrument is not None and not before.is_continued_by(cut):
            kept.append(cut)
    ends = [cut.start for cut in kept[1:]] + [len(lines)]
    return [
        Part(cut.instrument, lines[cut.start : end], cut.or_else)
        for cut, end in zip(kept, ends, strict=True)
        if cut.instrument is not None
    ]


def _cuts(lines: Sequence[Line], known: Known, kind: str | None) -> list[_Cut]:
    cuts = [_Cut(0, None)]
    for index, line in enumerate(lines):
        now, is_short = cuts[-1], 0 < filled(line.cells) <= 2
        opening = _opening(lines, index, known) if is_short else None
        if opening:
            instrument, mark = opening
            if mark != now.mark or instrument:
                cuts.append(_Cut(index, instrument, mark))
            continue
        if is_short and now.instrument and now.instrument.is_titled and now.instrument.about:
            subject = now.instrument.about.fullmatch(prose(line))
            now.subject = now.subject or (subject["subject"] if subject else "")
        every = _announced(lines[now.start : index], line, now, known, kind)
        if not every:
            continue
        found, *or_else = every
        period = period_in(line, found)
        if now.instrument in (None, found) and (not period or now.period in ("", period)):
            now.instrument, now.period = found, now.period or period
            now.or_else = now.or_else or or_else
        else:
            cuts.append(_Cut(index, found, period=period, or_else=or_else))
    return cuts


def _announced(
    above: Sequence[Line], line: Line, now: _Cut, known: Known, kind: str | None
) -> list[Instrument]:
    """The instrument of a heading line; of several, the present one or the one that the text above
    names; all of them where that is none or more than one."""
    found = [known.instruments[name] for name in known.announced(line.cells)]
    if len(found) > 1:
        if now.instrument in found:
            return [now.instrument]
        text = " ".join(prose(line) for line in above)
        named = [one for one in found if one.name == kind or one.year.search(text)]
        named = [one for one in named if one.name == kind] or named
        return named or found
    return found


def _opening(
    lines: Sequence[Line], index: int, known: Known
) -> tuple[Instrument | None, str] | None:
    """The mark of a document's first line, and the instrument where that tells it."""
    text = prose(lines[index])
    for instrument in known.instruments.values():
        title = instrument.year.fullmatch(text) if instrument.is_titled else None
        if title:
            return instrument, f"{instrument.name} {title['year']}"
    decision = NUMBERS["decision"].fullmatch(text)
    if decision:
        return None, f"decision {decision['number']} {decision['year']}"
    letter = NUMBERS["letter"].fullmatch(text)
    if letter:
        window = lines[index + 1 : index + 2 * _SUBJECT_LINES]
        after = [prose(line) for line in window if line.cells]
        if any(SUBJECT_LINE.fullmatch(line) for line in after[:_SUBJECT_LINES]):
            return None, f"letter {letter['number']}"
    return None
