"""The command line of publish."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from kinerja.core.errors import BadInputError, StoppedError

from . import changes, release, store
from .audit import PROJECT

_SHOWN = 20


def main(arguments: list[str] | None = None) -> int:
    """Run the command; give its exit code (0 done, 1 a gate refused the build, 2 bad input)."""
    given = _parser().parse_args(arguments)
    out = Console(highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    options = release.Options(
        build=given.build,
        manifest=given.manifest,
        folder=given.to,
        keep=given.keep,
        with_exports=not given.without_exports,
        accepted=tuple(given.accept),
    )
    try:
        if given.list:
            _list(options.folder, given.json, out)
        elif given.rollback is not None:
            _rollback(options.folder, given.rollback or None, given.json, out)
        elif given.diff is not None:
            found = release.compare(options, given.diff or None)
            if given.json:
                print(json.dumps(found.as_json(), ensure_ascii=False))
            else:
                _show(found, out)
        else:
            _publish(options, given.json, out, errors)
    except StoppedError as error:
        print(_as_one_line(error), file=sys.stderr)
        return 1
    except BadInputError as error:
        print(_as_one_line(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the published release is the one before.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="publish.py",
        description="Take the file that dbt built through the gates, and make it the published "
        "one in a single step that no reader notices.",
        epilog="Afterwards readers open published/kinerja.duckdb; docs/publish.md says how.",
    )
    parser.add_argument(
        "--build",
        type=Path,
        default=Path(os.environ.get("KINERJA_DB", PROJECT / "kinerja.duckdb")),
        metavar="FILE",
        help="the file that dbt built (KINERJA_DB, or kinerja.duckdb of the project)",
    )
    parser.add_argument(
        "--manifest",
        type=Path,
        default=Path(os.environ.get("DBT_TARGET_PATH", PROJECT / "target")) / "manifest.json",
        metavar="FILE",
        help="dbt's manifest, for descriptions and keys (target/manifest.json)",
    )
    parser.add_argument(
        "--to",
        type=Path,
        default=Path(os.environ.get("KINERJA_PUBLISHED", PROJECT / "published")),
        metavar="FOLDER",
        help="where releases are kept (KINERJA_PUBLISHED, or published/ of the project)",
    )
    parser.add_argument(
        "--keep",
        type=_at_least_one,
        default=5,
        metavar="N",
        help="releases to keep, the new one included",
    )
    parser.add_argument(
        "--without-exports", action="store_true", help="no Parquet, CSV and workbook"
    )
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="DOCUMENT",
        help="figures of this document may differ from the last release (may be repeated)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--diff",
        nargs="?",
        const="",
        metavar="VERSION|A..B",
        help="show what changed: from VERSION (the published one) to the build, or from A to B",
    )
    what.add_argument(
        "--rollback",
        nargs="?",
        const="",
        metavar="VERSION",
        help="publish a kept release again (the one before)",
    )
    what.add_argument("--list", action="store_true", help="list the kept releases")
    parser.add_argument("--json", action="store_true", help="for machines")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1, as the published release is always kept")
    return number


def _as_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _publish(options: release.Options, as_json: bool, out: Console, errors: Console) -> None:
    with errors.status("Publishing …") as status:
        done = release.publish(options, lambda step: status.update(f"{step} …"))
    file = options.folder / store.FILE
    if as_json:
        print(
            json.dumps(
                {
                    "version": done.version,
                    "is_new": done.is_new,
                    "file": str(file),
                    "changes": None if done.changes is None else done.changes.counts,
                    "seconds": done.seconds,
                }
            )
        )
        return
    if not done.is_new:
        out.print(f"Nothing has changed since release {done.version}; it stays as it is.")
        return
    size = file.stat().st_size / 1e6
    out.print(f"Published [bold]{done.version}[/bold]: {_shown(file)}, {size:.1f} MB")
    out.print("  " + ", ".join(f"{name} {spent:.1f} s" for name, spent in done.seconds.items()))
    if done.changes is not None:
        out.print(f"  since {done.changes.before}: {_counts(done.changes)}")
    out.print("  next: scripts/publish.py --diff shows what changed, --rollback takes it back")


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _rollback(folder: Path, version: str | None, as_json: bool, out: Console) -> None:
    before, after = release.rollback(folder, version)
    if as_json:
        print(json.dumps({"before": before, "published": after}))
        return
    out.print(f"Published again: [bold]{after}[/bold], in place of {before or 'a damaged file'}.")
    out.print("  The withdrawn release is kept; --rollback VERSION publishes any kept one.")


def _list(folder: Path, as_json: bool, out: Console) -> None:
    now = store.published_version(folder)
    releases = store.kept(folder)
    if as_json:
        print(
            json.dumps(
                [
                    {**asdict(one), "folder": str(one.folder), "is_published": one.version == now}
                    for one in releases
                ]
            )
        )
        return
    for one in releases:
        mark = "  published" if one.version == now else ""
        out.print(f"{one.version}  {one.published_at}{mark}")
    if not releases:
        out.print(f"No release in {folder}. Publish one: uv run python scripts/publish.py")


def _counts(found: changes.Changes) -> str:
    parts = [f"{count} {kind}s changed" for kind, count in found.counts.items()]
    moved = [
        f"{one.document_id}: {one.added} {one.kind}s new, {one.removed} gone" for one in found.moved
    ]
    return "; ".join([*parts, *moved]) or "no score, rank, grade or amount changed"


def _show(found: changes.Changes, out: Console) -> None:
    out.print(f"[bold]{found.before} → {found.after}[/bold]: {_counts(found)}")
    for kind in found.counts:
        of_kind = [change for change in found.changes if change.kind == kind]
        for change in of_kind[:_SHOWN]:
            figures = ", ".join(
                f"{one.name} {one.before or '–'} → {one.after or '–'}"
                + (" (printed)" if one.is_printed else "")
                for one in change.fields
            )
            out.print(f"  {kind}: {change.subject}, {change.item}, {change.when}: {figures}")
            for cell in change.cells[:3]:
                out.print(f"      from {_place(cell)}", style="dim")
            if len(change.cells) > 3:
                out.print(f"      and {len(change.cells) - 3} more raw cells", style="dim")
            if not change.cells:
                out.print(
                    "      from the rules or the code: no raw cell of it changed", style="dim"
                )
        if found.counts[kind] > _SHOWN:
            out.print(f"  … {found.counts[kind] - _SHOWN} more; --json shows them")
    for place in found.not_compared:
        out.print(f"  not compared: {place}")


def _place(cell: changes.Cell) -> str:
    seed = cell.seed or "raw data"
    line = "" if cell.source_line is None else f", line {cell.source_line} of the document"
    return (
        f"{seed}: document {cell.document_id}, table {cell.table_id}, row {cell.row_no}, "
        f"column {cell.column_name}{line}"
    )
