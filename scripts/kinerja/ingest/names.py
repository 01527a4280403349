"""Region names: from the printed spelling to the official code."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

_PREFIXES = (
    ("regency", re.compile(r"(?:kabupaten|kab\.?|bupati)\s+", re.IGNORECASE)),
    ("city", re.compile(r"(?:kota|walikota|wali kota)\s+", re.IGNORECASE)),
    ("province", re.compile(r"(?:provinsi|prov\.?|gubernur)\s+", re.IGNORECASE)),
)
REGION_TAIL = re.compile(r"(?P<agency>.+?)\s+(?P<region>(?:Kota|Kabupaten|Kab\.|Provinsi)\s.+)")
"""An agency's name that ends with its government's."""
_ID_PREFIX = {"regency": "kab_", "province": "prov_"}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_GOVERNMENT = re.compile(r"pemerintah\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """An official region: its code ("15.71"), type and official name."""

    code: str
    kind: str
    name: str


def normalised(printed: str) -> tuple[str, str]:
    """The type that a name's prefix says ("" if none) and the rest, without case and blanks."""
    text = _GOVERNMENT.sub("", printed.strip(), count=1)
    for kind, prefix in _PREFIXES:
        match = prefix.match(text)
        if match:
            return kind, squashed(text[match.end() :])
    return "", squashed(text)


def squashed(text: str) -> str:
    """Lower case without blanks."""
    return "".join(text.lower().split())


def slug(text: str) -> str:
    """A text as part of an id: small letters, digits and _."""
    return _NOT_WORD.sub("_", text.lower()).strip("_")


def slug_of_region(printed: str) -> str:
    """A region's name as part of an id; cities have no prefix."""
    kind, _ = normalised(printed)
    words = printed.split()
    return _ID_PREFIX.get(kind, "") + slug(" ".join(words[1:] if kind else words))


class Gazetteer:
    """The official regions and the aliases that analysts confirmed.

    `resolve` gives the code of a printed name, or None; answers are kept, as the same names come
    again on every page.
    """

    def __init__(
        self, regions: Iterable[Region], aliases: Mapping[str, str], confirmed: Iterable[str] = ()
    ) -> None:
        self._regions = list(regions)
        self.codes = {region.code: region for region in self._regions}
        self.aliases = dict(aliases)
        self.confirmed = set(confirmed)
        self._official: dict[tuple[str, str], str] = {}
        for region in self._regions:
            kind, bare = normalised(region.name)
            self._official[kind or region.kind, bare] = region.code
        self._known: dict[str, str | None] = {}

    def official(self, printed: str) -> str | None:
        """The code if case, prefix and blanks are all that differs from the official name."""
        return self._official.get(normalised(printed))

    def resolve(self, printed: str) -> str | None:
        """The code of a printed name: by a confirmed alias, else by its normalised form."""
        if printed not in self._known:
            self._known[printed] = self.aliases.get(printed) or self.official(printed)
        return self._known[printed]

    def accept(self, printed: str, code: str) -> None:
        """Take an analyst's decision for the rest of this run."""
        self.aliases[printed] = code
        self.confirmed.add(printed)
        self._known.pop(printed, None)

    def misfit(self, code: str, printed: str, kinds: Sequence[str] = ()) -> str:
        """What speaks against a region: another kind in its printed name, or in its list."""
        region, (said, _) = self.codes[code], normalised(printed)
        if said not in ("", region.kind):
            return f"{region.name} ({code}) is a {region.kind}, the name says {said}"
        if kinds and region.kind not in kinds and printed not in self.confirmed:
            return f"{region.name} ({code}) is a {region.kind}, its list has {' and '.join(kinds)}"
        return ""

    def suggest(self, printed: str, kinds: Sequence[str] = (), count: int = 3) -> list[Region]:
        """The official regions whose names are nearest, of the printed type where it has one, else
        of those that its list has; an abbreviation is near to the name that it abbreviates."""
        kind, bare = normalised(printed)
        allowed = [r for r in self._regions if r.kind in ([kind] if kind else kinds or [r.kind])]
        letters = "".join(filter(str.isalpha, bare))
        short = [r for r in allowed if _abbreviates(letters, r.name)]
        pool = {r.code: normalised(r.name)[1] for r in allowed}
        best = [
            self.codes[c]
            for _, _, c in process.extract(bare, pool, scorer=fuzz.WRatio, limit=count)
        ]
        return list(dict.fromkeys([*short, *best]))[:count]


def _abbreviates(letters: str, name: str) -> bool:
    """Whether letters are the initials of a name's words, or of its first words and the rest."""
    words = [word for word in name.lower().split() if word not in ("kabupaten", "kota", "provinsi")]
    forms = [
        "".join(word[0] for word in words[:n]) + "".join(words[n:])
        for n in range(2, len(words) + 1)
    ]
    return letters in forms
