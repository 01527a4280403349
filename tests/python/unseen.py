"""An evaluation of a shape that no loaded document has, put into the marts of a build.

Three levels below the index, weighted at two of them and otherwise than the year before; a domain
that no document prints, a unit that was not evaluated, a score that was not printed, a predicate,
and totals with planted errors. All of it is reckoned here in whole hundredths, apart from any model
or formula.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path

import duckdb
import polars as pl
from publish_support import Build

INSTRUMENT, DOCUMENT, EDITIONS = "digital_maturity", "digital_maturity_2031", (2030, 2031)
REGIONS = 12
LAST = f"document_id = '{DOCUMENT}' and edition_year = {EDITIONS[-1]}"
# component → (parent, aggregation, weight of each edition)
TREE: dict[str, tuple[str | None, str | None, tuple[str, str] | None]] = {
    "maturity": (None, "weighted_mean", None),
    "policy": ("maturity", "weighted_mean", ("0.30", "0.45")),
    "services": ("maturity", "mean", ("0.40", "0.35")),
    "culture": ("maturity", "weighted_mean", ("0.30", "0.20")),
    "planning": ("policy", "mean", ("0.25", "0.3333")),
    "steering": ("policy", "mean", ("0.75", "0.6667")),
    "public_desk": ("services", "mean", None),
    "inner_desk": ("services", "mean", None),
    "habits": ("culture", None, ("0.35", "0.6543")),
    "training": ("culture", None, ("0.65", "0.3457")),
    **{
        f"{aspect}_{number}": (aspect, None, None)
        for aspect in ("planning", "steering", "public_desk", "inner_desk")
        for number in (1, 2)
    },
}
UNPRINTED = "culture"
_LEVELS = ("index", "domain", "aspect", "indicator")
# Regions by their number: what is wrong with the total, in hundredths.
PLANTED = {3: 41, 8: -7, 10: 2}
ROUNDED_ELSEWHERE, NOT_EVALUATED, NOT_PRINTED = 11, 5, 7
# How its table of results is declared (seeds/raw/_raw__seeds.yml).
DECLARATION = {
    "name": "digital_maturity__results",
    "config": {
        "meta": {
            "instrument": INSTRUMENT,
            "kind": "numbered_list",
            "tables": {"results": {"label_id": "Tabel hasil", "label_en": "Table of results"}},
            "order": ["row_no"],
        }
    },
    "data_tests": [{"key": {"arguments": {"columns": ["document_id", "row_no"]}}}],
    "columns": [
        {
            "name": "maturity",
            "data_type": "string",
            "config": {
                "meta": {
                    "holds": "score",
                    "component": "maturity",
                    "label_id": "Indeks kematangan",
                    "label_en": "Maturity index",
                }
            },
        },
        {"name": "row_no", "data_type": "integer", "config": {"meta": {"holds": "whole_number"}}},
    ],
}


@dataclass
class _Score:
    """A printed score in hundredths, and what the printed ones below it give."""

    printed: int | None = None
    absence: str | None = None
    recomputed: Decimal | None = None


def depth(component: str) -> int:
    """Steps below the total."""
    parent = TREE[component][0]
    return 0 if parent is None else 1 + depth(parent)


def add_to(build: Build) -> None:
    """Put the evaluation and its findings into the marts of a build."""
    with duckdb.connect(str(build.file)) as connection:
        regions = connection.execute(
            "select region_code from marts.regions where region_type != 'province' "
            f"order by hash(region_code) limit {REGIONS}"
        ).fetchall()
        _insert(connection, "documents", [_document()])
        _insert(connection, "score_components", _components())
        rules = (*_LEVELS, "predicate")
        _insert(connection, "rules", [{"rule_id": f"{INSTRUMENT}.{rule}"} for rule in rules])
        for place, edition in enumerate(EDITIONS):
            every = [
                (edition, number, region, _scores(number, place))
                for number, (region,) in enumerate(regions, start=1)
            ]
            _insert(connection, "index_scores", chain(*(_rows(*one) for one in every)))
            _insert(connection, "reconciliation", chain(*(_claims(*one) for one in every)))
        connection.execute(
            f"""
            update marts.index_scores
            set verdict = claims.verdict, is_disputed = claims.verdict = 'outside'
            from marts.reconciliation as claims
            where
                index_scores.document_id = '{DOCUMENT}'
                and claims.document_id = '{DOCUMENT}'
                and claims.edition_year = index_scores.edition_year
                and claims.subject_code = index_scores.region_code
                and claims.component_code = index_scores.component_code
            """
        )
        connection.execute(
            f"""
            insert into marts.index_rankings by name
            with scores as (
                from marts.index_scores inner join marts.regions using (region_code)
                where document_id = '{DOCUMENT}' and component_code = 'maturity'
            ),
            grouped as (select *, 'all' as peer_group from scores
                union all select *, region_type from scores)
            select
                document_id, instrument, edition_year, region_code, peer_group,
                score_published as score, count(*) over g as group_size,
                rank() over (g order by score_published desc) as rank,
                rank as rank_best, rank as rank_worst, 0 as percentile
            from grouped where score_published is not null
            window g as (partition by edition_year, peer_group)
            """
        )
        connection.execute(
            f"""
            insert into marts.findings by name
            select
                concat(rule_id, ':', document_id, ':', edition_year, ':', subject_code)
                as finding_id,
                rule_id, document_id, table_id, row_no, column_name, source_line, subject_code,
                region_name as subject_name, 'error' as severity, published_text as printed,
                replace(cast(round(recomputed, 2) as varchar), '.', ',') as expected,
                'Tercetak lain dari nilai di bawahnya.' as explanation_id,
                'It differs from the scores below it.' as explanation_en,
                true as is_registered
            from marts.reconciliation
            inner join marts.regions on subject_code = region_code
            where document_id = '{DOCUMENT}' and verdict = 'outside'
            """
        )


def _insert(
    connection: duckdb.DuckDBPyConnection, mart: str, rows: Iterable[dict[str, object]]
) -> None:
    """Values go in as texts, which the mart's own types take up."""
    texts = [
        {name: None if value is None else str(value) for name, value in row.items()} for row in rows
    ]
    frame = pl.DataFrame(texts, infer_schema_length=None)
    connection.register("rows_of_a_mart", frame)
    connection.execute(f"insert into marts.{mart} by name from rows_of_a_mart")


def _document() -> dict[str, object]:
    return {
        "document_id": DOCUMENT,
        "number": "M/1/2031",
        "title_id": "Kematangan digital 2031",
        "title_en": "Digital maturity 2031",
        "issuer": "Kementerian",
        "file_sha256": "0" * 64,
        "instrument": INSTRUMENT,
        "edition_year": EDITIONS[-1],
    }


def _components() -> list[dict[str, object]]:
    return [
        {
            "instrument": INSTRUMENT,
            "edition_year": edition,
            "component_code": code,
            "parent_code": parent,
            "component_level": _LEVELS[depth(code)],
            "component_depth": depth(code),
            "aggregation": aggregation,
            "weight": weights and weights[place],
            **_counted(code, place),
            "score_min": 1,
            "score_max": 5,
            "printed_step": "0.01",
            "effective_step": "0.01",
            "sort_order": order,
            "label_id": f"Nilai {code}",
            "label_en": f"Score of {code}",
            "basis": "printed",
        }
        for place, edition in enumerate(EDITIONS)
        for order, (code, (parent, aggregation, weights)) in enumerate(TREE.items())
    ]


def _scores(number: int, place: int) -> dict[str, _Score]:
    """All printed scores of one region in one edition, from the indicators up."""
    scores = {code: _Score() for code in TREE if code != UNPRINTED}
    for order, code in enumerate(reversed(scores)):
        score, inputs = scores[code], _inputs(code, place)
        counted = {name: by for name, by in inputs.items() if scores[name].absence is None}
        printed = [scores[name].printed for name in counted]
        if not inputs:
            score.printed = 110 + (number * 137 + order * 71 + place * 29) % 381
        elif None not in printed:
            pairs = zip(counted.values(), printed, strict=True)
            total = sum((by * (cents or 0) for by, cents in pairs), Decimal(0))
            score.recomputed = total / sum(counted.values()) / 100
            score.printed = int(100 * score.recomputed + Decimal("0.5"))
        if code == "inner_desk" and number == NOT_EVALUATED:
            score.printed, score.absence = None, "no_unit"
        if code == "services" and number == NOT_PRINTED:
            score.printed = None
    index = scores["maturity"]
    off = PLANTED.get(number, int(number == ROUNDED_ELSEWHERE))
    index.printed = 300 if index.printed is None else index.printed + off
    return scores


def _inputs(code: str, place: int) -> dict[str, Decimal]:
    """What a component is computed from, and what each counts with."""
    found: dict[str, Decimal] = {}
    for child, (parent, _, weights) in TREE.items():
        if parent == code:
            factor = Decimal(weights[place]) if weights and _is_weighted(code) else Decimal(1)
            if child == UNPRINTED:
                found |= {name: factor * by for name, by in _inputs(child, place).items()}
            else:
                found[child] = factor
    return found


def _counted(code: str, place: int) -> dict[str, object]:
    """The printed component that one is counted into, and with what."""
    for above in TREE:
        factor = _inputs(above, place).get(code)
        if factor is not None and above != UNPRINTED:
            return {"counted_into": above, "counted_with": factor}
    return {"counted_into": None, "counted_with": None}


def _is_weighted(code: str) -> bool:
    return TREE[code][1] == "weighted_mean"


def _printed(cents: int | None) -> str | None:
    return None if cents is None else f"{cents / 100:.2f}".replace(".", ",")


def _place(edition: int, number: int, column: str) -> dict[str, object]:
    row = 100 * (edition - EDITIONS[0]) + number
    return {
        "document_id": DOCUMENT,
        "edition_year": edition,
        "table_id": "results",
        "row_no": row,
        "column_name": column,
        "source_line": str(1000 + row),
    }


def _rows(
    edition: int, number: int, region: str, scores: dict[str, _Score]
) -> list[dict[str, object]]:
    return [
        {
            **_place(edition, number, code),
            "instrument": INSTRUMENT,
            "region_code": region,
            "component_code": code,
            "component_level": _LEVELS[depth(code)],
            "score_printed": _printed(score.printed),
            "score_published": None if score.printed is None else Decimal(score.printed) / 100,
            "absence_code": score.absence,
            "score_recomputed": score.recomputed,
        }
        for code, score in scores.items()
    ]


def _claims(
    edition: int, number: int, region: str, scores: dict[str, _Score]
) -> Iterable[dict[str, object]]:
    claims: list[dict[str, object]] = []
    for code, score in scores.items():
        if TREE[code][1] is None or score.printed is None:
            continue
        if score.recomputed is None:
            verdict = "within_bounds"
        else:
            apart = abs(score.recomputed - Decimal(score.printed) / 100)
            # Two figures of which each is up to half a hundredth off.
            verdict = "within_rounding" if apart <= Decimal("0.01") else "outside"
            if int(100 * score.recomputed + Decimal("0.5")) == score.printed:
                verdict = "exact"
        claims.append(
            {
                **_place(edition, number, code),
                "rule_id": f"{INSTRUMENT}.{_LEVELS[depth(code)]}",
                "subject_code": region,
                "component_code": code,
                "published_text": _printed(score.printed),
                "published": Decimal(score.printed) / 100,
                "published_step": "0.01",
                "recomputed": score.recomputed,
                "verdict": verdict,
            }
        )
    predicate = "Baik" if (scores["maturity"].printed or 0) >= 300 else "Cukup"
    claims.append(
        {
            **_place(edition, number, "predicate"),
            "rule_id": f"{INSTRUMENT}.predicate",
            "subject_code": region,
            "component_code": "predicate",
            "published_text": predicate,
            "recomputed_text": predicate,
            "verdict": "exact",
        }
    )
    return claims


def one_level(build: Build, folder: Path, regions: int, off: int) -> Path:
    """A warehouse of one made-up edition: a total and two scores below it of so many regions.

    With `off`, the total and one of the scores are another, and every rank.
    """
    file = folder / f"{regions}_{off}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"attach '{build.file}' as build (read_only); create schema marts")
        tables = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'build' and schema_name = 'marts'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"create table marts.{table} as from build.marts.{table} limit 0")
        edition = f"'{INSTRUMENT}' as instrument, 2031 as edition_year"
        components = "(values ('total', null, 0), ('one', 'total', 1), ('two', 'total', 1))"
        components += " as components (component_code, parent_code, component_depth)"
        connection.execute(
            f"""
            insert into marts.documents by name
            select '{DOCUMENT}' as document_id, {edition};
            insert into marts.score_components by name
            select {edition}, *, component_code as label_en from {components};
            insert into marts.index_scores by name
            select
                '{DOCUMENT}' as document_id, {edition}, region as region_code, component_code,
                'results' as table_id, region as row_no, component_code as column_name,
                cast(region + if(component_code = 'two', 0, {off}) as varchar) as score_printed
            from range({regions}) as numbers (region), {components};
            insert into marts.index_rankings by name
            select
                '{DOCUMENT}' as document_id, {edition}, region as region_code,
                'all' as peer_group, region + {off} as rank
            from range({regions}) as numbers (region)
            """
        )
    return file
