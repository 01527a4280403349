"""Everything that the pages tell, read once: rows of the marts by region, edition and agency."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kinerja.core.files import sha256
from kinerja.publish import errata, labels

from .numbers import places
from .warehouse import Row, Warehouse, apart, by

VERDICTS = ("exact", "within_rounding", "within_bounds", "outside", "not_computable")
CAUSES = ("rounding", "disputed", "weights", "all")
STANDINGS = ("surely", "possibly", "surely_not")
_EDITION = ("document_id", "edition_year")


@dataclass(frozen=True)
class Content:
    """A published file as the pages need it; each part is read when it is first asked for."""

    warehouse: Warehouse

    def rows(self, query: str) -> list[Row]:
        """The rows of a query of sql/."""
        return self.warehouse.rows(query)

    @cached_property
    def release(self) -> Row:
        """The release that the file is."""
        return self.rows("release")[0]

    @cached_property
    def file_hash(self) -> str:
        """SHA-256 of the published file."""
        return sha256(self.warehouse.file)

    @cached_property
    def tables(self) -> dict[str, Row]:
        """Public tables: what a row of each is."""
        rows = self.rows("dictionary")
        return {row["table_name"]: row for row in rows if not row["column_name"]}

    @cached_property
    def islands(self) -> list[tuple[str, dict[str, str]]]:
        """Groups of islands and their names, as official codes number them."""
        found = {
            row["island_code"]: {"id": row["island_id"], "en": row["island_en"]}
            for row in self.regions.values()
        }
        return list(found.items())

    @cached_property
    def provinces(self) -> list[tuple[str, str]]:
        """Codes and names of the provinces."""
        return [
            (code, row["region_name"])
            for code, row in self.regions.items()
            if row["region_type"] == "province"
        ]

    @cached_property
    def editions(self) -> dict[tuple[str, int], Row]:
        """Editions that rank regions, those of most regions first."""
        return {_edition(row): row for row in self.rows("editions")}

    @cached_property
    def compared(self) -> list[Row]:
        """Editions in which there is somebody to compare with."""
        return [edition for edition in self.editions.values() if edition["regions"] > 1]

    @cached_property
    def regions(self) -> dict[str, Row]:
        """Official regions by code."""
        return {row["region_code"]: row for row in self.rows("regions")}

    @cached_property
    def documents(self) -> dict[str, Row]:
        """Documents by id, the latest first."""
        return {row["document_id"]: row for row in self.rows("documents")}

    @cached_property
    def findings(self) -> list[Row]:
        """Findings with the names of their tables and columns; numbers have their bounds."""
        possible = {row["finding_id"]: row for row in self.rows("possible")}
        rows: list[Row] = apart(errata.findings(self.warehouse.connection))
        region_of = {row["finding_id"]: row["region_code"] for row in self.rows("about")}
        words = labels.words()
        for row in rows:
            row["region_code"] = region_of.get(row["finding_id"])
            row["possible"] = _axis(possible.get(row["finding_id"]))
            for name in ("printed", "expected"):
                texts = words["figures"].get(row[name], [row[name]] * 2)
                row[f"{name}_id"], row[f"{name}_en"] = texts
            row["severity_id"], row["severity_en"] = words["severities"][row["severity"]]
            row["asked_id"], row["asked_en"] = (errata.asked(row, one) for one in errata.LANGUAGES)
        order = list(words["severities"])
        return sorted(rows, key=lambda row: order.index(row["severity"]))

    @cached_property
    def severities(self) -> Counter[str]:
        """How many findings there are of each severity."""
        return Counter(row["severity"] for row in self.findings)

    @cached_property
    def budget(self) -> dict[tuple[str, int], list[Row]]:
        """Budget lines of an agency and year."""
        return by(self.rows("budget"), "agency_code", "fiscal_year")

    def region_pages(self) -> list[Row]:
        """One context per region: what each edition says of it, findings, agencies, notes."""
        scores = by(self.rows("scores"), "region_code")
        parts = {
            name: by(rows, "region_code", *_EDITION)
            for name, rows in (
                ("groups", self.rows("ranks")),
                *((name, self.rows(name)) for name in ("grades", "changes", "scenarios")),
            )
        }
        missing = by(self.rows("missing"), "region_code")
        notes = by(self.rows("notes"), "document_id")
        findings = by(self.findings, "region_code")
        agencies = by(self.rows("agencies"), "region_code")
        pages = []
        for code, region in self.regions.items():
            of_region = by(scores.get(code, []), *_EDITION)
            sections = [
                self._section(region, key, of_region[key], parts)
                for key in sorted(of_region, key=self._first)
            ]
            _name(sections)
            # A document about one region alone has notes for it.
            own = [key[0] for key in of_region if self._is_alone(key)]
            pages.append(
                {
                    "region": region,
                    "sections": sections,
                    "findings": findings.get(code, []),
                    "missing": missing.get(code, []),
                    "agencies": agencies.get(code, []),
                    "notes": [note for name in sorted({*own}) for note in notes.get(name, [])],
                }
            )
        return pages

    def _section(
        self, region: Row, key: tuple[str, int], scores: list[Row], parts: dict[str, Any]
    ) -> Row:
        """What one edition says of a region."""
        of = {name: rows.get((region["region_code"], *key), []) for name, rows in parts.items()}
        kind = region["region_type"]
        return {
            "document": self.documents[key[0]],
            "edition": self.editions.get(key),
            "edition_year": key[1],
            "total": next((row for row in scores if row["component_depth"] == 0), None),
            "components": [row for row in scores if row["component_depth"] <= 1],
            "details": [row for row in scores if row["component_depth"] > 1],
            "own": next((row for row in of["groups"] if row["peer_group"] == kind), None),
            "grade": next(iter(of.pop("grades")), None),
            **of,
        }

    def _is_alone(self, key: tuple[str, int]) -> bool:
        edition = self.editions.get(key)
        return edition is None or edition["regions"] == 1

    def _first(self, key: tuple[str, int]) -> tuple[bool, int, str]:
        """Editions in which there is somebody to compare with come first, then the latest."""
        return self._is_alone(key), -key[1], key[0]

    def rank_rows(self, edition: Row) -> list[Row]:
        """Ranks of an edition among all governments."""
        return [row for row in self._of("ranks", edition) if row["peer_group"] == "all"]

    def map_data(self, edition: Row) -> Row:
        """Scores and verdicts of an edition by component and region, for the map."""
        components: dict[str, Row] = {}
        for row in self._of("scores", edition):
            component = components.setdefault(
                row["component_code"],
                {
                    "label_id": row["label_id"],
                    "label_en": row["label_en"],
                    "depth": row["component_depth"],
                    "places": _places(row),
                    "values": {},
                },
            )
            verdict = VERDICTS.index(row["verdict"]) if row["verdict"] else -1
            component["values"][row["region_code"]] = [row["score_published"], verdict]
        return {"components": components}

    def rank_data(self, edition: Row) -> Row:
        """Ranks of an edition by group and region: rank, standing, best and worst of each cause."""
        groups: dict[str, Row] = {}
        for row in self._of("ranks", edition):
            group = groups.setdefault(
                row["peer_group"],
                {
                    "label_id": row["label_id"],
                    "label_en": row["label_en"],
                    "size": row["group_size"],
                    "rows": {},
                },
            )
            standing = STANDINGS.index(row["standing"]) if row["standing"] else -1
            ends = [
                row["causes"][cause][end] if cause in row["causes"] else None
                for cause in CAUSES
                for end in ("best", "worst")
            ]
            group["rows"][row["region_code"]] = [row["rank"], standing, *ends]
        return {"causes": CAUSES, "groups": groups}

    def what_if_data(self, edition: Row) -> Row | None:
        """Scores of an edition by region, to be weighed anew; None where there is no choice."""
        rows = self._of("what_if", edition)
        components: dict[str, Row] = {}
        scores: dict[str, dict[str, int | None]] = {}
        for row in rows:
            components.setdefault(
                row["component_code"],
                {name: row[name] for name in ("label_id", "label_en", "weight_official")},
            )
            scores.setdefault(row["region_code"], {})[row["component_code"]] = row["score"]
        if len(components) < 2:
            return None
        official = {
            row["region_code"]: [row["score"], row["rank"]] for row in self.rank_rows(edition)
        }
        return {
            "components": components,
            "places": _places(edition),
            "scores": {
                code: [of_region.get(component) for component in components]
                for code, of_region in scores.items()
                if code in official
            },
            "official": official,
        }

    def _of(self, query: str, edition: Row) -> list[Row]:
        if query not in self._in_editions:
            self._in_editions[query] = by(self.rows(query), *_EDITION)
        return self._in_editions[query].get(_edition(edition), [])

    @cached_property
    def _in_editions(self) -> dict[str, dict[Any, list[Row]]]:
        return {}


def _edition(row: Row) -> tuple[str, int]:
    return row["document_id"], row["edition_year"]


def _places(row: Row) -> int:
    return places(row["printed_step"])


def _name(sections: list[Row]) -> None:
    """Give each section the name of its evaluation to link to; a second one, its year as well."""
    taken: set[str] = set()
    for section in sections:
        name = section["document"]["instrument"].replace("_", "-")
        year, document = section["edition_year"], section["document"]["document_id"]
        ways = (name, f"{name}-{year}", f"{document}-{year}")
        section["anchor"] = next(way for way in ways if way not in taken)
        taken.add(section["anchor"])


def _axis(row: Row | None) -> Row | None:
    """A finding about a number with the ends of an axis on which it can be drawn."""
    if row is None:
        return None
    ends: list[Any] = [row["published"], row["low"], row["high"]]
    room = (max(ends) - min(ends)) / 10 or 1
    return {**row, "from": min(ends) - room, "to": max(ends) + room}
