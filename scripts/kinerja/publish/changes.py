"""What changed between two releases: scores, ranks, grades, amounts, and from which raw cell.

A printed figure that changed is a raw cell that changed, and is named as such. A computed figure
that changed is traced to the changed raw cells that it is computed from. Where there are none, the
reason is the rules (weights, bands, code), and the change says so.

All of it is SQL over the two files, each step one pass: the rows that differ, their printed cells,
the keys of the figures that each cell moves, and the figures beside what moved them.
"""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from kinerja.core import paths
from kinerja.core.database import attached

# Fetched per measure, and cells named per figure; counts are always of all.
AT_MOST = 10_000
CELLS = 10


@dataclass(frozen=True)
class Cell:
    """A raw cell: the seed and the row and column in it, and the line of the document."""

    document_id: str
    table_id: str
    row_no: int
    column_name: str
    source_line: str | None
    seed: str | None = None


@dataclass(frozen=True)
class Field:
    """One figure of a row, before and after, as text; printed in a document, or computed."""

    name: str
    before: str | None
    after: str | None
    is_printed: bool


@dataclass(frozen=True)
class Change:
    """One row of a mart of which at least one figure changed.

    `cells` are the first of the `cell_count` changed raw cells that it comes from.
    """

    kind: str
    subject: str
    item: str
    when: str
    fields: tuple[Field, ...]
    cells: tuple[Cell, ...]
    cell_count: int


@dataclass(frozen=True)
class Moved:
    """Rows of a measure that only one of the two releases has."""

    kind: str
    document_id: str
    added: int
    removed: int


@dataclass
class Changes:
    """Everything that changed from one release to another; `counts` is kind → changed rows."""

    before: str
    after: str
    changes: list[Change] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    not_compared: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The same as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Measure:
    """Where figures of one kind stand.

    `rows` is SQL over the marts of {side}, `key` what identifies a row in both. `printed` is figure
    → raw column (empty: the row's own column_name). `subject`, `item` and `when` are SQL over a row
    `t`. `moves` are queries of (no, moved) over the changed rows {changed}: the keys of what is
    computed from their cells; `moved_by` is that key of a row.
    """

    kind: str
    mart: str
    key: tuple[str, ...]
    printed: Mapping[str, str]
    computed: tuple[str, ...]
    item: str
    moved_by: str
    moves: tuple[str, ...] = ()
    rows: str = ""
    subject: str = """coalesce(
        (select region_name from after.marts.regions as r where r.region_code = t.region_code),
        t.region_code
    )"""
    when: str = "t.edition_year"

    @property
    def figures(self) -> tuple[str, ...]:
        """All that is compared."""
        return (*self.printed, *self.computed)

    def of(self, side: str) -> str:
        """The rows of one of the two."""
        return (self.rows or f"select * from {{side}}.marts.{self.mart}").format(side=side)


# A score is computed from those of the level below; what stands beside the tree (a difference, a
# grade) from those of its region; a rank from all totals of its group.
_BELOW = "concat_ws(' ', 'score', document_id, edition_year, region_code, {component})"
_BESIDE = "concat_ws(' ', 'region', document_id, edition_year, region_code)"
_RANKED = "concat_ws(' ', 'rank', document_id, edition_year, peer_group)"
_LINE = "concat_ws(' ', 'line', agency_code, fiscal_year, {quarter}, {line})"
_TARGET = "concat_ws(' ', 'target', agency_code, fiscal_year, quarter, indicator_code)"
_QUARTER = "concat(t.fiscal_year, ' quarter ', t.quarter)"

# Published figures of regions that are no scores of a tree: differences, and grades, which are the
# categories printed elsewhere than in the number or the name of a row.
BESIDE_THE_TREE = """
    select claims.*, claims.subject_code as region_code, documents.instrument
    from {side}.marts.reconciliation as claims
    inner join {side}.marts.documents as documents on claims.document_id = documents.document_id
    semi join {side}.marts.regions as regions on claims.subject_code = regions.region_code
    anti join {side}.marts.score_components as components
        on documents.instrument = components.instrument
        and claims.edition_year = components.edition_year
        and claims.component_code = components.component_code
    where claims.column_name not in ('row_no', 'region_name')
"""
_CLAIM = ("rule_id", "document_id", "edition_year", "subject_code", "component_code")

# The order is that of the report.
MEASURES = (
    Measure(
        kind="score",
        mart="index_scores",
        key=("document_id", "edition_year", "region_code", "component_code"),
        printed={"score_printed": ""},
        computed=("score_recomputed", "score_low", "score_high"),
        item="""concat_ws(' ', t.instrument, (
            select any_value(label_en) from after.marts.score_components as c
            where c.instrument = t.instrument and c.edition_year = t.edition_year
                and c.component_code = t.component_code
        ))""",
        moved_by=_BELOW.format(component="component_code"),
        moves=(
            f"""
            select no, {_BELOW.format(component="counted_into")} as moved
            from {{changed}}
            inner join after.marts.score_components using (instrument, edition_year, component_code)
            where counted_into is not null
            """,
            f"select no, {_BESIDE} as moved from {{changed}}",
            f"""
            select no, {_RANKED} as moved
            from {{changed}}
            semi join (from after.marts.score_components where component_depth = 0)
                using (instrument, edition_year, component_code)
            inner join after.marts.index_rankings using (document_id, edition_year, region_code)
            """,
        ),
    ),
    Measure(
        kind="score",
        mart="reconciliation",
        rows=BESIDE_THE_TREE + "and claims.recomputed_text is null",
        key=_CLAIM,
        printed={"published_text": ""},
        computed=("recomputed",),
        item="concat_ws(' ', t.instrument, t.component_code)",
        moved_by=_BESIDE,
    ),
    Measure(
        kind="rank",
        mart="index_rankings",
        rows="select *, null as row_no from {side}.marts.index_rankings",
        key=("document_id", "edition_year", "region_code", "peer_group"),
        printed={},
        computed=("rank",),
        item="concat(t.instrument, ' among ', t.peer_group)",
        moved_by=_RANKED,
    ),
    Measure(
        kind="grade",
        mart="reconciliation",
        rows=BESIDE_THE_TREE + "and claims.recomputed_text is not null",
        key=_CLAIM,
        printed={"published_text": ""},
        computed=("recomputed_text",),
        item="t.rule_id",
        moved_by=_BESIDE,
    ),
    Measure(
        kind="amount",
        mart="budget_realization",
        key=("agency_code", "fiscal_year", "quarter", "line_code"),
        printed={
            "ceiling_rupiah": "ceiling",
            "realization_rupiah": "realization",
            "realization_pct_published": "realization_pct",
        },
        computed=(
            "realization_pct",
            "cumulative_realization_rupiah",
            "cumulative_realization_pct",
            "remaining_rupiah",
        ),
        subject="t.agency_code",
        item="concat_ws(' ', t.line_code, t.line_name)",
        when=_QUARTER,
        moved_by=_LINE.format(quarter="quarter", line="line_code"),
        # A line, those above it and the agency itself, in this quarter and those after.
        moves=(
            f"""
            select no, {_LINE.format(quarter="later", line="line")} as moved
            from
                {{changed}},
                unnest(range(quarter, 5)) as quarters (later),
                unnest(list_append(list_transform(
                    range(1, len(string_split(line_code, '.')) + 1),
                    lambda places: array_to_string(string_split(line_code, '.')[:places], '.')
                ), '0')) as lines (line)
            """,
        ),
    ),
    Measure(
        kind="amount",
        mart="target_achievement",
        key=("agency_code", "fiscal_year", "quarter", "indicator_code"),
        printed={
            "target": "target",
            "realization": "realization",
            "achievement_pct_published": "achievement_pct",
        },
        computed=("achievement_pct", "achievement_pct_capped"),
        subject="t.agency_code",
        item="t.indicator_name",
        when=_QUARTER,
        moved_by=_TARGET,
        moves=(f"select no, {_TARGET} as moved from {{changed}}",),
    ),
)


def between(before: Path, after: Path, names: tuple[str, str]) -> Changes:
    """Compare two releases or builds. Raises BadInputError if one does not open."""
    result = Changes(*names)
    seeds = _seeds()
    with attached(before=before, after=after) as connection:
        compared = []
        for number, measure in enumerate(MEASURES):
            try:
                moved = _one_sided(connection, measure)
                count = _find_changed(connection, measure, number)
            except (duckdb.BinderException, duckdb.CatalogException) as error:
                # Releases of long ago lack columns that came later.
                reason = str(error).splitlines()[0]
                result.not_compared.append(f"{measure.mart}: {reason}")
                continue
            compared.append((number, measure))
            result.moved += moved
            if count:
                result.counts[measure.kind] = result.counts.get(measure.kind, 0) + count
        _find_cells(connection, compared)
        for number, measure in compared:
            result.changes += _changes(connection, measure, number, seeds)
    return result


def _seeds() -> dict[tuple[str, str], str]:
    """(document, table) → its raw seed, from the project's register where it is at hand."""
    try:
        register = paths.seeds() / "reference" / "expected_rows.csv"
        with register.open(encoding="utf-8", newline="") as handle:
            return {
                (row["document_id"], row["table_id"]): f"seeds/raw/{row['seed_name']}.csv"
                for row in csv.DictReader(handle)
            }
    except (OSError, KeyError):
        return {}


def _one_sided(connection: duckdb.DuckDBPyConnection, measure: Measure) -> list[Moved]:
    """How many rows of each document only one of the two has."""
    key = ", ".join(measure.key)
    sides = [
        f"""
        select document_id, {int(side == "after")} as added, {int(side == "before")} as removed
        from ({measure.of(side)})
        anti join ({measure.of(other)}) using ({key})
        """
        for side, other in (("after", "before"), ("before", "after"))
    ]
    found = connection.execute(
        f"select document_id, sum(added), sum(removed) from ({' union all '.join(sides)}) "
        "group by document_id order by document_id"
    ).fetchall()
    return [
        Moved(measure.kind, str(document), int(new), int(gone)) for document, new, gone in found
    ]


def _find_changed(connection: duckdb.DuckDBPyConnection, measure: Measure, number: int) -> int:
    """Keep the rows that both have and that differ: as they are after, with was_… from before."""
    key = ", ".join(f"t.{name}" for name in measure.key)
    same = " and ".join(f"t.{name} is not distinct from was.{name}" for name in measure.key)
    differ = " or ".join(f"t.{name} is distinct from was.{name}" for name in measure.figures)
    row = connection.execute(
        f"""
        create temp table changed_{number} as
        select
            row_number() over (order by {key}) as no,
            t.*,
            {", ".join(f"was.{name} as was_{name}" for name in measure.figures)}
        from ({measure.of("after")}) as t
        inner join ({measure.of("before")}) as was on {same}
        where {differ}
        """
    ).fetchone()
    assert row is not None
    return int(row[0])


def _find_cells(connection: duckdb.DuckDBPyConnection, compared: list[tuple[int, Measure]]) -> None:
    """Keep the raw cells that changed, by their row, and the cells that move a key."""
    connection.execute(
        """
        create temp table cells (
            number integer, no bigint, document_id varchar, table_id varchar, row_no integer,
            column_name varchar, source_line varchar
        );
        create temp table moves (number integer, no bigint, moved varchar);
        """
    )
    for number, measure in compared:
        for figure, column in measure.printed.items():
            # A line that no document prints (the sum of the programs) has computed figures only.
            connection.execute(
                f"""
                insert into cells
                select
                    {number}, no, document_id, table_id, row_no,
                    {f"'{column}'" if column else "column_name"}, source_line
                from changed_{number}
                where row_no is not null and {figure} is distinct from was_{figure}
                """
            )
        for moves in measure.moves:
            query = moves.format(changed=f"changed_{number}")
            connection.execute(f"insert into moves select {number}, no, moved from ({query})")
    for table, key, source in (
        ("own_cells", "number, no", "cells"),
        ("moving_cells", "moved", "moves inner join cells using (number, no)"),
    ):
        connection.execute(
            f"""
            create temp table {table} as
            select
                {key},
                count(*) as cell_count,
                list(
                    [document_id, table_id, cast(row_no as varchar), column_name, source_line]
                    order by number, no, column_name
                )[:{CELLS}] as cells
            from {source}
            group by {key}
            """
        )


def _changes(
    connection: duckdb.DuckDBPyConnection,
    measure: Measure,
    number: int,
    seeds: Mapping[tuple[str, str], str],
) -> list[Change]:
    """A printed figure is its own cell; a computed one has the cells that it is computed from."""
    was_and_is = [name for figure in measure.figures for name in (f"was_{figure}", figure)]
    found = connection.execute(
        f"""
        select
            {measure.subject}, {measure.item}, cast({measure.when} as varchar),
            t.row_no is not null,
            coalesce(own_cells.cells, moving_cells.cells, []),
            coalesce(own_cells.cell_count, moving_cells.cell_count, 0),
            {", ".join(f"cast(t.{name} as varchar)" for name in was_and_is)}
        from changed_{number} as t
        left join own_cells on own_cells.number = {number} and t.no = own_cells.no
        left join moving_cells on {measure.moved_by} = moving_cells.moved
        order by t.no
        limit {AT_MOST}
        """
    )
    return [_change(measure, row, seeds) for row in found.fetchall()]


def _change(measure: Measure, row: tuple[Any, ...], seeds: Mapping[tuple[str, str], str]) -> Change:
    subject, item, when, is_in_a_document, cells, cell_count, *texts = row
    return Change(
        kind=measure.kind,
        subject=str(subject),
        item=str(item),
        when=str(when),
        fields=tuple(
            Field(figure, before, after, bool(is_in_a_document) and figure in measure.printed)
            for figure, before, after in zip(measure.figures, texts[::2], texts[1::2], strict=True)
            if before != after
        ),
        cells=tuple(
            Cell(document, table, int(number), column, line, seeds.get((document, table)))
            for document, table, number, column, line in cells
        ),
        cell_count=int(cell_count),
    )
