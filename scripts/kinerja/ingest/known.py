"""What is known before a document is opened: declared tables, instruments, names, topics, words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kinerja.instruments import declarations, references, registry
from kinerja.instruments.declarations import Table
from kinerja.instruments.registry import Instrument

from . import kinds
from .account import Account, Vocabulary
from .kinds.reader import Reader
from .names import Gazetteer, Region
from .topics import Topic, topics_from
from .wordings import Wordings, wordings_in


@dataclass(frozen=True, slots=True)
class Known:
    """The references that reading stands on; `tables` and `readers` are by instrument.

    These readers only tell headings; a document has its own.
    """

    instruments: Mapping[str, Instrument]
    tables: Mapping[str, Sequence[Table]]
    readers: Mapping[str, Sequence[Reader]]
    gazetteer: Gazetteer
    topics: Sequence[Topic]
    vocabularies: Mapping[str, Vocabulary]
    wordings: Wordings

    def account(self, instrument: str) -> Account:
        """An empty account for a document of an instrument."""
        return Account(self.gazetteer.resolve, self.vocabularies[instrument], self.topics)

    def announced(self, cells: Sequence[str]) -> Sequence[str]:
        """The instruments whose tables a heading line announces: those with most headings in it."""
        if not cells or cells[0][:1].isdigit():
            return ()
        counts = {
            name: max((reader.announces(cells) for reader in readers if reader.tells), default=0)
            for name, readers in self.readers.items()
        }
        most = max(counts.values())
        return [name for name, count in counts.items() if 0 < count == most]


def known_in(seeds: Path) -> Known:
    """Read the references; raises BadInputError, naming the file, for one that cannot be used."""
    instruments = registry.instruments(seeds)
    tables = {name: declarations.of_instrument(seeds, name) for name in instruments}
    bands = references.rows(seeds, "grade_bands", ("instrument", "grade"))
    words = references.rows(seeds, "printed_words", ("printed_text",))
    regions = references.rows(seeds, "official_regions", references.REGIONS)
    named = references.rows(seeds, "region_names", references.REGION_NAMES)
    gazetteer = Gazetteer(
        (Region(r["region_code"], r["region_type"], r["region_name"]) for r in regions),
        {row["printed_name"]: row["region_code"] for row in named},
        (row["printed_name"] for row in named if row["reason"]),
    )
    topics = topics_from(references.rows(seeds, "note_topics", references.NOTE_TOPICS))
    printed_words = frozenset(row["printed_text"] for row in words)
    vocabularies = {
        name: Vocabulary(
            printed_words, frozenset(row["grade"] for row in bands if row["instrument"] == name)
        )
        for name in instruments
    }
    nobody = Account(gazetteer.resolve, Vocabulary(frozenset(), frozenset()), topics)
    readers = {name: kinds.readers(found, nobody) for name, found in tables.items()}
    wordings = wordings_in(seeds)
    return Known(instruments, tables, readers, gazetteer, topics, vocabularies, wordings)
