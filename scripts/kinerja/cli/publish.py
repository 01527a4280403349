"""Releases: make one, list them, compare them, go back to one."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kinerja.core import console

from . import options
from .answers import Answer, Session, verb

if TYPE_CHECKING:
    from kinerja.publish.changes import Cell, Changes

_SHOWN = 20
_WAITS = (
    "release {} is complete, but another program holds {} open: readers have the release before "
    "until it is closed, and the next kinerja publish, releases or rollback puts the new one there"
)


@verb(
    "publish",
    "publish --accept public_service_2024",
    stops="a gate refused, or the release waits for a reader to close the file",
)
@options.database
@options.manifest
@options.releases
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="Releases to keep, the new one included.",
)
@click.option("--without-exports", is_flag=True, help="No Parquet, CSV, workbook and site.")
@options.accept("Figures of this document may differ from the last release.")
def publish(
    session: Session,
    database: Path,
    manifest: Path,
    to: Path,
    keep: int,
    without_exports: bool,
    accepted: tuple[str, ...],
) -> Answer:
    """Make what dbt built the published file.

    It goes through the gates first. The last step is a single one, which no reader notices;
    readers open published/kinerja.duckdb.
    """
    from kinerja.publish import release, store
    from kinerja.site.write import write

    given = release.Options(database, manifest, to, keep, not without_exports, accepted, write)
    if session.release_gates is not None:
        given = replace(given, gates=session.release_gates)
    with console.progress().status("Publishing …") as status:
        done = release.publish(given, lambda step: status.update(f"{step} …"))
    file = to / store.FILE
    result = {
        "version": done.version,
        "is_new": done.is_new,
        "is_pending": done.is_pending,
        "file": file,
        "changes": None if done.changes is None else done.changes.counts,
        "seconds": done.seconds,
    }
    if done.changes is not None:
        session.out.print(f"Since {done.changes.before}: {_counts(done.changes)}")
    if done.is_pending:
        return Answer(f"The {_WAITS.format(done.version, file)}.", result, 1)
    if not done.is_new:
        message = f"Nothing has changed since release {done.version}; it stays as it is."
        return Answer(message, result)
    session.out.print(", ".join(f"{name} {spent:.1f} s" for name, spent in done.seconds.items()))
    size = file.stat().st_size / 1e6
    then = "uv run kinerja diff shows what changed, uv run kinerja rollback takes it back"
    return Answer(f"Published {done.version}: {file}, {size:.1f} MB", result, next_step=then)


@verb("releases", "releases --to /srv/kinerja")
@options.releases
def releases(session: Session, to: Path) -> Answer:
    """List the kept releases, oldest first."""
    from kinerja.publish import store

    if (to / store.PENDING).exists():
        with store.locked(to):
            pass  # what waited for its place is there now, if nobody holds the file any more
    now, waiting = store.published_version(to), store.pending(to)
    kept = store.kept(to)
    for one in kept:
        mark = "  published" if one.version == now else "  waits" if one == waiting else ""
        session.out.print(f"{one.version}  {one.published_at}{mark}")
    result = {
        "published": now,
        "pending": waiting and waiting.version,
        "releases": [asdict(one) for one in kept],
    }
    if not kept:
        return Answer(f"No release in {to}.", result, next_step="uv run kinerja publish")
    return Answer(f"{len(kept)} releases in {to}; {now or 'none'} is published.", result)


@verb("diff", "diff 2026-11-21.1", "diff 2026-11-21.1..2026-11-23.1")
@click.argument("versions", required=False, metavar="[VERSION | A..B]")
@options.database
@options.manifest
@options.releases
def diff(
    session: Session, versions: str | None, database: Path, manifest: Path, to: Path
) -> Answer:
    """Show what changed, and from which raw cells.

    Scores, ranks, grades and amounts: from VERSION (the published one) to the build, or from
    release A to B. When the build holds nothing new: from the release before to the published one.
    """
    from kinerja.publish import release

    found = release.compare(release.Options(database, manifest, to), versions)
    _show(session, found)
    return Answer(f"{found.before} → {found.after}: {_counts(found)}", found.as_json())


@verb(
    "rollback",
    "rollback 2026-11-21.1",
    stops="it waits for a reader to close the file",
)
@click.argument("version", required=False)
@options.releases
def rollback(session: Session, version: str | None, to: Path) -> Answer:
    """Publish a kept release again.

    VERSION, or the one before. The withdrawn release is kept.
    """
    from kinerja.publish import release, store

    done = release.rollback(to, version)
    if done.is_pending:
        message = f"The {_WAITS.format(done.version, to / store.FILE)}."
        return Answer(message, asdict(done), 1)
    place = done.before or "a damaged file"
    return Answer(f"Published again: {done.version}, in place of {place}.", asdict(done))


def _counts(found: "Changes") -> str:
    parts = [f"{count} {kind}s changed" for kind, count in found.counts.items()]
    moved = [
        f"{one.document_id}: {one.added} {one.kind}s new, {one.removed} gone" for one in found.moved
    ]
    return "; ".join([*parts, *moved]) or "no score, rank, grade or amount changed"


def _show(session: Session, found: "Changes") -> None:
    show = session.out.print
    for kind in found.counts:
        of_kind = [change for change in found.changes if change.kind == kind]
        for change in of_kind[:_SHOWN]:
            figures = ", ".join(
                f"{one.name} {one.before or '–'} → {one.after or '–'}"
                + (" (printed)" if one.is_printed else "")
                for one in change.fields
            )
            show(f"  {kind}: {change.subject}, {change.item}, {change.when}: {figures}")
            for cell in change.cells[:3]:
                show(f"      from {_place(cell)}", style="dim")
            if change.cell_count > 3:
                show(f"      and {change.cell_count - 3} more raw cells", style="dim")
            if not change.cells:
                show("      from the rules or the code: no raw cell of it changed", style="dim")
        if found.counts[kind] > _SHOWN:
            show(f"  … {found.counts[kind] - _SHOWN} more; --json shows them")
    for place in found.not_compared:
        show(f"  not compared: {place}")


def _place(cell: "Cell") -> str:
    seed = cell.seed or "raw data"
    line = "" if cell.source_line is None else f", line {cell.source_line} of the document"
    return (
        f"{seed}: document {cell.document_id}, table {cell.table_id}, row {cell.row_no}, "
        f"column {cell.column_name}{line}"
    )
