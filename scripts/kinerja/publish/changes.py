"""What changed between two releases: scores, ranks, grades, amounts, and from which raw cell.

A printed figure that changed is a raw cell that changed, and is named as such. A computed figure
that changed is traced to the raw cells that it depends on. Where none of them changed, the reason
is the rules (weights, bands, code), and the change says so.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from kinerja.core import paths
from kinerja.core.database import attached, columns_of

# Fetched per measure; counts are always of all.
AT_MOST = 10_000

Values = Mapping[str, object]


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
    """One row of a mart of which at least one figure changed."""

    kind: str
    subject: str
    item: str
    when: str
    fields: tuple[Field, ...]
    cells: tuple[Cell, ...]


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

    `printed` is figure → raw column (empty: the row's own column_name); `subject`, `item` and
    `when` are SQL over the mart; `depends` says whether a changed cell can move a computed figure.
    """

    kind: str
    table: str
    where: str
    key: tuple[str, ...]
    printed: Mapping[str, str]
    computed: tuple[str, ...]
    subject: str
    item: str
    when: str
    depends: Callable[[Values, Values], bool]


def _same(*names: str) -> Callable[[Values, Values], bool]:
    return lambda row, cell: all(row.get(name) == cell.get(name) for name in names)


def _score_depends(row: Values, cell: Values) -> bool:
    same_sheet = _same("document_id", "edition_year", "region_code")(row, cell)
    return same_sheet and row["component_code"] in (cell["component_code"], cell.get("parent_code"))


def _rank_depends(row: Values, cell: Values) -> bool:
    return _same("document_id", "edition_year")(row, cell) and (
        cell.get("component_level") == "index"
    )


def _budget_depends(row: Values, cell: Values) -> bool:
    line, below = str(row["line_code"]), str(cell.get("line_code"))
    return (
        _same("agency_code", "fiscal_year")(row, cell)
        and int(str(cell["quarter"])) <= int(str(row["quarter"]))
        and (line == "0" or below == line or below.startswith(line + "."))
    )


_REGION = "(select region_name from {database}.marts.regions as r where r.region_code = t.{code})"
_PARENT = """(
    select any_value(parent_code) from after.marts.score_components as c
    where c.instrument = t.instrument and c.edition_year = t.edition_year
        and c.component_code = t.component_code
)"""
_LABEL = """(
    select any_value(label_en) from {database}.marts.score_components as c
    where c.instrument = t.instrument and c.edition_year = t.edition_year
        and c.component_code = t.component_code
)"""

# The order is that of the report; printed scores come first, as ranks are traced to them.
MEASURES = (
    Measure(
        kind="score",
        table="index_scores",
        where="true",
        key=("document_id", "edition_year", "region_code", "component_code"),
        printed={"score_printed": ""},
        computed=("score_recomputed", "score_low", "score_high"),
        subject=_REGION.replace("{code}", "region_code"),
        item=f"concat_ws(' ', instrument, {_LABEL})",
        when="edition_year",
        depends=_score_depends,
    ),
    Measure(
        kind="score",
        table="reconciliation",
        where="rule_id = 'smart_city.improvement'",
        key=("rule_id", "document_id", "edition_year", "subject_code"),
        printed={"published_text": ""},
        computed=("recomputed",),
        subject=_REGION.replace("{code}", "subject_code"),
        item="'smart_city improvement'",
        when="edition_year",
        depends=lambda row, cell: (
            _same("document_id", "edition_year")(row, cell)
            and row["subject_code"] == cell.get("region_code")
            and cell.get("component_code") in ("smart_city", "baseline_01")
        ),
    ),
    Measure(
        kind="rank",
        table="index_rankings",
        where="true",
        key=("document_id", "edition_year", "region_code", "peer_group"),
        printed={},
        computed=("rank",),
        subject=_REGION.replace("{code}", "region_code"),
        item="concat(instrument, ' among ', peer_group)",
        when="edition_year",
        depends=_rank_depends,
    ),
    Measure(
        kind="grade",
        table="reconciliation",
        where="rule_id in ('public_service.grade', 'accountability.predicate')",
        key=("rule_id", "document_id", "edition_year", "subject_code"),
        printed={"published_text": ""},
        computed=("recomputed_text",),
        subject=_REGION.replace("{code}", "subject_code"),
        item="rule_id",
        when="edition_year",
        depends=lambda row, cell: (
            _same("document_id", "edition_year")(row, cell)
            and row["subject_code"] == cell.get("region_code")
        ),
    ),
    Measure(
        kind="amount",
        table="budget_realization",
        where="true",
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
        subject="agency_code",
        item="concat_ws(' ', line_code, line_name)",
        when="concat(fiscal_year, ' quarter ', quarter)",
        depends=_budget_depends,
    ),
    Measure(
        kind="amount",
        table="target_achievement",
        where="true",
        key=("agency_code", "fiscal_year", "quarter", "indicator_code"),
        printed={
            "target": "target",
            "realization": "realization",
            "achievement_pct_published": "achievement_pct",
        },
        computed=("achievement_pct", "achievement_pct_capped"),
        subject="agency_code",
        item="indicator_name",
        when="concat(fiscal_year, ' quarter ', quarter)",
        depends=_same("agency_code", "fiscal_year", "quarter", "indicator_code"),
    ),
)


def between(before: Path, after: Path, names: tuple[str, str]) -> Changes:
    """Compare two releases or builds. Raises BadInputError if one does not open."""
    result = Changes(*names)
    seeds = _seeds()
    changed_cells: list[tuple[Values, Cell]] = []
    with attached(before=before, after=after) as connection:
        for measure in MEASURES:
            missing = _missing(connection, measure)
            if missing:
                result.not_compared.append(f"{measure.table}: {', '.join(missing)}")
                continue
            for document, added, removed in _one_sided(connection, measure):
                result.moved.append(Moved(measure.kind, document, added, removed))
            rows = list(_changed(connection, measure))
            count = len(rows)
            for row in rows:
                changed_cells += _printed_cells(measure, row, seeds)
            for row in rows[:AT_MOST]:
                result.changes.append(_as_change(measure, row, changed_cells))
            if count:
                result.counts[measure.kind] = result.counts.get(measure.kind, 0) + count
    return result


def _seeds() -> dict[tuple[str, str], str]:
    """(document, table) → its raw seed, from the project's register where it is at hand."""
    register = paths.seeds() / "reference" / "expected_rows.csv"
    try:
        with register.open(encoding="utf-8", newline="") as handle:
            return {
                (row["document_id"], row["table_id"]): f"seeds/raw/{row['seed_name']}.csv"
                for row in csv.DictReader(handle)
            }
    except (OSError, KeyError):
        return {}


def _missing(connection: duckdb.DuckDBPyConnection, measure: Measure) -> list[str]:
    needed = {*measure.key, *measure.printed, *measure.computed}
    return [
        f"{column} is not in {database}"
        for database in ("before", "after")
        for column in sorted(needed - set(columns_of(connection, database, "marts", measure.table)))
    ]


def _one_sided(
    connection: duckdb.DuckDBPyConnection, measure: Measure
) -> list[tuple[str, int, int]]:
    key = ", ".join(measure.key)
    sides = [
        f"""
        select document_id, {int(side == "after")} as added, {int(side == "before")} as removed
        from {side}.marts.{measure.table}
        anti join (select {key} from {other}.marts.{measure.table} where {measure.where})
            using ({key})
        where {measure.where}
        """
        for side, other in (("after", "before"), ("before", "after"))
    ]
    rows = connection.execute(
        f"select document_id, sum(added), sum(removed) from ({' union all '.join(sides)}) "
        "group by document_id order by document_id"
    ).fetchall()
    return [(str(document), int(added), int(removed)) for document, added, removed in rows]


def _changed(connection: duckdb.DuckDBPyConnection, measure: Measure) -> Iterator[Values]:
    """Rows that both have, with some figure changed: columns of `after`, and `was_…` of before."""
    figures = [*measure.printed, *measure.computed]
    found = connection.execute(
        f"""
        with was as (select * from before.marts.{measure.table} where {measure.where}),

        t as (
            select
                *,
                {_PARENT if measure.table == "index_scores" else "null"} as parent_code,
                {measure.subject.format(database="after")} as subject_,
                {measure.item.format(database="after")} as item_,
                {measure.when} as when_
            from after.marts.{measure.table} as t
            where {measure.where}
        )

        select t.*, {", ".join(f"was.{name} as was_{name}" for name in figures)}
        from t
        inner join was
            on {" and ".join(f"t.{name} is not distinct from was.{name}" for name in measure.key)}
        where {" or ".join(f"t.{name} is distinct from was.{name}" for name in figures)}
        order by {", ".join(f"t.{name}" for name in measure.key)}
        """
    )
    names = [column[0] for column in found.description or []]
    while chunk := found.fetchmany(2_000):
        for row in chunk:
            yield dict(zip(names, row, strict=True))


def _is_printed(measure: Measure, figure: str, row: Values) -> bool:
    """A line that no document prints (the sum of the programs) has computed figures only."""
    return figure in measure.printed and row.get("row_no") is not None


def _differs(figure: str, row: Values) -> bool:
    return row[figure] != row[f"was_{figure}"]


def _printed_cells(
    measure: Measure, row: Values, seeds: Mapping[tuple[str, str], str]
) -> list[tuple[Values, Cell]]:
    return [
        (
            row,
            Cell(
                document_id=str(row["document_id"]),
                table_id=str(row["table_id"]),
                row_no=int(str(row["row_no"])),
                column_name=column or str(row["column_name"]),
                source_line=None if row["source_line"] is None else str(row["source_line"]),
                seed=seeds.get((str(row["document_id"]), str(row["table_id"]))),
            ),
        )
        for figure, column in measure.printed.items()
        if _is_printed(measure, figure, row) and _differs(figure, row)
    ]


def _as_change(measure: Measure, row: Values, changed_cells: list[tuple[Values, Cell]]) -> Change:
    fields = tuple(
        Field(
            name=figure,
            before=None if row[f"was_{figure}"] is None else str(row[f"was_{figure}"]),
            after=None if row[figure] is None else str(row[figure]),
            is_printed=_is_printed(measure, figure, row),
        )
        for figure in [*measure.printed, *measure.computed]
        if _differs(figure, row)
    )
    own = [cell for changed, cell in changed_cells if changed is row]
    others = [cell for changed, cell in changed_cells if measure.depends(row, changed)]
    return Change(
        kind=measure.kind,
        subject=str(row["subject_"]),
        item=str(row["item_"]),
        when=str(row["when_"]),
        fields=fields,
        # A printed figure is its own cell; a computed one has the cells that it depends on.
        cells=tuple(dict.fromkeys(own or others)),
    )
