"""The file that may become the published one: public tables, texts, keys, macros, releases."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from kinerja.core.database import (
    PUBLIC,
    attached,
    columns_of,
    explained,
    fingerprint,
    literal,
    public,
    public_tables,
    public_views,
    quoted,
)
from kinerja.core.errors import BadInputError, StoppedError
from kinerja.gates.contracts import NO_TEXT, UNKNOWN, Contract
from kinerja.instruments.declarations import Label

MACROS = Path(__file__).parent / "sql"
_ARGUMENTS = Path(__file__).with_name("arguments.sql")

# DuckDB enforces a key with an index that it stores and loads. Up to here that costs nothing
# that a reader notices (docs/publish.md has the figures); above, keys stand in the data package.
KEYS_UP_TO_ROWS = 100_000

# A small table fills a fraction of DuckDB's default block of 256 kB; blocks of 16 kB make the
# file of the real data a quarter as large. Large tables are read faster in large blocks, and
# row groups of a quarter of the default let readers skip more: a region's ranks in 5 million rows
# are found in a third of the time. Any DuckDB since 1.0 reads the small ones; millions of rows are
# written a quarter faster in the format of 1.3.
_SMALL = "block_size 16384"
_SMALL_UP_TO_ROWS = 1_000_000
_LARGE = "block_size 262144, row_group_size 30720, storage_version 'v1.3.0'"

# Tables that publishing adds.
_OWN: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("own_tables.yml").read_text(encoding="utf-8")
)
OWN_TABLES = {
    name: Contract(
        Label(own["id"], own["en"]),
        {column: Label(one["id"], one["en"]) for column, one in own["columns"].items()},
        key=tuple(own["key"]),
        not_null=frozenset(
            column for column, one in own["columns"].items() if "not null" in one["type"]
        ),
    )
    for name, own in _OWN.items()
}

Tables = Mapping[str, Contract]


@dataclass(frozen=True)
class Stamp:
    """What a release says of itself, before its content is known."""

    release_no: int
    version: str
    git_revision: str | None
    is_clean_revision: bool | None
    # UTC.
    published_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Written:
    """The candidate that was written: table → rows, and table → fingerprint."""

    rows: dict[str, int]
    fingerprints: dict[str, str]


def write(
    build: Path,
    file: Path,
    tables: Tables,
    stamp: Stamp,
    history: Path | None,
) -> Written:
    """Write the candidate from dbt's file; `history` is the release before, if there is one.

    Raises StoppedError for a build that is not whole, BadInputError for files and disk.
    """
    source = _name_of(build)
    files = {source: build} if history is None else {source: build, "history": history}
    with attached(**files) as connection:
        build_id = _whole_build(connection, source, build)
        with (
            _origins(connection, source, file) as origins,
            _candidate(connection, origins, file),
        ):
            written = _copy(connection, origins, tables)
            _add_releases(connection, stamp, build_id, written, with_history=history is not None)
            _add_dictionary(connection, tables)
            _add_macros(connection)
    return written


def write_marts(build: Path, file: Path, tables: Tables, only: Collection[str]) -> dict[str, int]:
    """Lay out some marts as a release does, of a build that need not be whole: to measure readers.

    Table → rows.
    """
    source = _name_of(build)
    with (
        attached(**{source: build}) as connection,
        _origins(connection, source, file, only) as origins,
        _candidate(connection, origins, file),
    ):
        written = _copy(connection, origins, tables)
    return written.rows


def _name_of(build: Path) -> str:
    """The name to attach a build under: its file's, which views over Parquet hold."""
    if build.stem in {"candidate", "history", "memory", "worked_out"}:
        raise BadInputError(f"{build}: a build of that name cannot be published; rename it.")
    return build.stem


@contextmanager
def _origins(
    connection: duckdb.DuckDBPyConnection, source: str, file: Path, only: Collection[str] = ()
) -> Iterator[dict[str, str]]:
    """Public table → the relation that it is copied from.

    Of a build at scale some are views. A view is first worked out into a file of its own beside the
    new one: once, and before it is sorted, as joins and sorting each want all of the memory.
    """
    names = [name for name in public_tables(connection, source) if not only or name in only]
    missing = sorted(set(only).difference(names))
    if missing or not names:
        raise StoppedError(
            f"The build lacks {', '.join(missing) or 'public tables'}. "
            "Build it again: uv run dbt build"
        )
    views = public_views(connection, source)
    beside = file.with_name(f"{file.name}.worked_out")
    beside.unlink(missing_ok=True)
    try:
        if views:
            connection.execute(f"attach {literal(str(beside))} as worked_out ({_LARGE})")
            # As in the build (profiles.yml): DuckDB misjudges how large the views are.
            connection.execute("set disabled_optimizers = 'build_side_probe_side'")
            connection.execute("set preserve_insertion_order = false")
        origins = {name: public(source, name) for name in names}
        for name in views.intersection(names):
            worked_out = f"worked_out.{quoted(name)}"
            connection.execute(f"create table {worked_out} as from {origins[name]}")
            origins[name] = worked_out
        connection.execute("reset preserve_insertion_order")
        connection.execute("reset disabled_optimizers")
        yield origins
    except duckdb.Error as error:
        raise BadInputError(explained(error, file)) from None
    finally:
        # After a failure the candidate's transaction is still open, and nothing can be detached.
        with suppress(duckdb.TransactionException):
            connection.execute("rollback")
        connection.execute("detach database if exists worked_out")
        beside.unlink(missing_ok=True)


@contextmanager
def _candidate(
    connection: duckdb.DuckDBPyConnection, origins: Mapping[str, str], file: Path
) -> Iterator[None]:
    """The new file, attached and in use; written whole or not at all."""
    try:
        rows = sum(_count(connection, relation) for relation in origins.values())
        layout = _SMALL if rows <= _SMALL_UP_TO_ROWS else _LARGE
        connection.execute(f"attach {literal(str(file))} as candidate ({layout})")
        connection.execute("use candidate")
        # One transaction: a commit per statement would wait for the disk hundreds of times.
        connection.execute("begin")
        connection.execute(f"create schema {PUBLIC}")
        yield
        connection.execute("commit")
        connection.execute("checkpoint candidate")
        connection.execute("use memory")
        connection.execute("detach candidate")
    except duckdb.Error as error:
        raise BadInputError(explained(error, file)) from None


def _whole_build(connection: duckdb.DuckDBPyConnection, source: str, build: Path) -> str:
    again = "Build it again until every test passes: uv run dbt build"
    try:
        found = connection.execute(
            f"select state, invocation_id from {quoted(source)}.build.state"
        ).fetchone()
    except duckdb.Error:
        raise StoppedError(f"{build} does not say that it holds a whole build. {again}") from None
    what = {
        "running": "a build of it was begun and did not end",
        "failed": "a model or a test failed in its last build",
        "partial": "its last run built only a part, or ran without tests",
    }
    state = str(found[0]) if found else "running"
    if found is None or state != "whole":
        raise StoppedError(f"{build}: {what.get(state, state)}. {again}")
    return str(found[1])


def _copy(
    connection: duckdb.DuckDBPyConnection, origins: Mapping[str, str], tables: Tables
) -> Written:
    rows = {table: _count(connection, relation) for table, relation in origins.items()}
    keyed = {table for table in rows if rows[table] <= KEYS_UP_TO_ROWS}
    prints = {}
    for table in _parents_first(origins, tables):
        origin, target = origins[table], public("candidate", table)
        known = tables.get(table, UNKNOWN)
        lines = [
            f"{quoted(column)} {kind}{' not null' if column in known.not_null else ''}"
            for column, kind in columns_of(connection, origin).items()
        ]
        if table in keyed and known.key:
            lines.append(f"primary key ({', '.join(map(quoted, known.key))})")
        for column, (other, other_column) in known.references.items():
            if table in keyed and other in keyed and tables[other].key == (other_column,):
                lines.append(
                    f"foreign key ({quoted(column)}) "
                    f"references {PUBLIC}.{quoted(other)} ({quoted(other_column)})"
                )
        connection.execute(f"create table {target} ({', '.join(lines)})")
        # Readers skip what they do not ask for when the rows that they ask for stand together.
        order = ", ".join(map(quoted, dict.fromkeys((*known.release_order, *known.key)))) or "all"
        connection.execute(f"insert into {target} select * from {origin} order by {order}")
        prints[table] = fingerprint(connection, target)
        if prints[table] != fingerprint(connection, origin):
            raise BadInputError(f"{table} differs after copying; the disk or memory is at fault.")
    return Written(rows, prints)


def _parents_first(names: Collection[str], tables: Tables) -> list[str]:
    """Tables in an order in which every foreign key finds its target; a circle keeps its order."""
    ordered: dict[str, None] = {}

    def put(name: str, waiting: tuple[str, ...] = ()) -> None:
        for parent, _ in tables.get(name, UNKNOWN).references.values():
            if parent in names and parent not in (name, *waiting):
                put(parent, (*waiting, name))
        ordered.setdefault(name)

    for name in names:
        put(name)
    return list(ordered)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    [(rows,)] = connection.execute(f"select count(*) from {relation}").fetchall()
    return int(rows)


def _add_releases(
    connection: duckdb.DuckDBPyConnection,
    stamp: Stamp,
    build_id: str,
    written: Written,
    *,
    with_history: bool,
) -> None:
    _create_own(connection, "releases")
    if with_history:
        connection.execute("insert into marts.releases by name from history.marts.releases")
    documents = connection.execute(_DOCUMENTS).fetchall()
    verdicts: dict[str, dict[str, int]] = {}
    for rule, verdict, figures in connection.execute(_VERDICTS).fetchall():
        verdicts.setdefault(rule, {})[verdict] = figures
    says: list[str | int | bool | None] = [
        stamp.release_no,
        stamp.version,
        stamp.published_at.strftime("%Y-%m-%d %H:%M:%S"),
        stamp.git_revision,
        stamp.is_clean_revision,
        build_id,
        json.dumps({name: str(sha256) for name, sha256 in documents}),
        json.dumps(written.rows),
        json.dumps(verdicts),
        json.dumps(written.fingerprints),
    ]
    connection.execute(f"insert into marts.releases values ({', '.join(map(literal, says))})")


def _create_own(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    columns = [f"{column} {one['type']}" for column, one in _OWN[name]["columns"].items()]
    key = ", ".join(_OWN[name]["key"])
    connection.execute(f"create table marts.{name} ({', '.join(columns)}, primary key ({key}))")


_DOCUMENTS = "select document_id, file_sha256 from marts.documents order by document_id"
_VERDICTS = "select rule_id, verdict, count(*) from marts.reconciliation group by all order by all"


def _add_dictionary(connection: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    _create_own(connection, "data_dictionary")
    known = {**tables, **OWN_TABLES}
    entries: list[tuple[str | int | bool | None, ...]] = []
    for name in public_tables(connection, "candidate"):
        if name not in known:
            continue
        table, relation = known[name], public("candidate", name)
        _comment(connection, f"table {relation}", table.text)
        entries.append((name, 0, None, None, False, None, table.text.en, table.text.id))
        columns = columns_of(connection, relation).items()
        for position, (column, kind) in enumerate(columns, start=1):
            text = table.columns.get(column, NO_TEXT)
            _comment(connection, f"column {relation}.{quoted(column)}", text)
            target = ".".join(table.references.get(column, ())) or None
            place = (name, position, column, kind, column in table.key, target)
            entries.append((*place, text.en, text.id))
    cells = ", ".join(f"({', '.join(map(literal, entry))})" for entry in entries)
    connection.execute(f"insert into {PUBLIC}.data_dictionary values {cells}")


def _comment(connection: duckdb.DuckDBPyConnection, what: str, text: Label) -> None:
    both = literal(f"{text.en}\n{text.id}")
    connection.execute(f"comment on {what} is {both}")


def macros() -> dict[str, tuple[str, str]]:
    """Macro name → (what it answers, its statement), from the .sql files beside this module.

    A file begins with comment lines, which become the macro's comment, and creates the macro
    that it is named after.
    """
    found = {}
    for path in sorted(MACROS.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        comment = " ".join(
            line.removeprefix("--").strip()
            for line in re.match(r"(--.*\n)*", text)[0].splitlines()  # type: ignore[index]
        )
        found[path.stem] = (comment, text)
    return found


def argument_checks() -> list[str]:
    """The statements that create what macros ask of their arguments, in their order."""
    return _ARGUMENTS.read_text(encoding="utf-8").strip().rstrip(";").split(";\n")


def _add_macros(connection: duckdb.DuckDBPyConnection) -> None:
    for statement in argument_checks():
        connection.execute(statement)
    for name, (comment, statement) in macros().items():
        connection.execute(statement)
        kind = "macro table" if " as table\n" in statement else "macro"
        connection.execute(f"comment on {kind} {name} is {literal(comment)}")


def missing_texts(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """ "table" or "table.column" of everything public without a description in both languages."""
    found = connection.execute(
        f"select concat_ws('.', table_name, column_name) from {public(database, 'data_dictionary')}"
        " where description_en = '' or description_id = '' order by all"
    ).fetchall()
    return [name for (name,) in found]
