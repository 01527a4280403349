"""Events as people read them; `--json` prints the same events."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .account import Finding
from .compare import Change
from .events import DocumentRead, Event, Summary, Warned

_SHOWN = 12
"""Findings shown of each kind; `--json` has all of them."""
_CHANGES_SHOWN = 48
_WIDEST = 100

_STATUS = {
    "new": "new",
    "unchanged": "stored already, nothing changes",
    "same_figures": "stored already from another file with the same figures, nothing changes",
    "changed": "DIFFERS from what is stored; look at the changes, then add --replace",
    "replaced": "replaces what is stored",
}

_UNRESOLVED = "unknown names. Run again with one --accept NAME=CODE:REASON for each."
_UNCLEAR = "names that can be read in two ways. Put each on one line of the document."
_REFUSED = "documents differ from what is stored. Run again with --replace to take them."


def show(console: Console, event: Event, *, brief: bool) -> None:
    """Print one event; `brief` keeps documents without findings to one line."""
    if isinstance(event, DocumentRead):
        _show_document(console, event, brief=brief)
    elif isinstance(event, Warned):
        console.print(event.message, style="yellow")


def _show_document(console: Console, read: DocumentRead, *, brief: bool) -> None:
    document = read.document
    title = Text.assemble((document.document_id, "bold"), f"  {_STATUS[read.status]}")
    console.print(title)
    if not brief:
        told = (document.facts[name] for name in ("title", "number", "issued_on", "subject_name"))
        console.print("  " + ", ".join(text for text in told if text))
        table = Table("table", "of", "rows", "columns", box=None, pad_edge=True)
        for (seed, table_id), rows in document.row_counts().items():
            table.add_row(table_id, seed, str(rows), str(len(document.rows[seed][0])))
        console.print(table)
    _show_findings(console, document.findings)
    for name in read.unresolved:
        console.print(f"  unknown name: {name.printed} ({name.source})", style="red")
        for region in name.suggestions:
            option = f'--accept "{name.printed}={region.code}:reason"'
            console.print(f"    {region.name}?  {option}")
    if read.changes and read.status != "same_figures":
        _show_changes(console, read.changes)


def _show_findings(console: Console, found: Sequence[Finding]) -> None:
    kinds = defaultdict(list)
    for finding in found:
        kinds[finding.kind, finding.meaning].append(finding)
    for (kind, meaning), findings in kinds.items():
        console.print(f"  {kind} ({len(findings)}): {meaning}", style="yellow")
        for finding in findings[:_SHOWN]:
            where = " ".join(part for part in (finding.table_id, finding.source) if part)
            console.print(f"    {where}: {finding.printed[:_WIDEST]}")
        if len(findings) > _SHOWN:
            console.print(f"    and {len(findings) - _SHOWN} more (--json prints all)")


def _show_changes(console: Console, changes: Sequence[Change]) -> None:
    table = Table("seed", "row", "column", "stored", "document")
    for change in changes[:_CHANGES_SHOWN]:
        cells = (change.seed, change.key, change.column, change.before, change.after)
        table.add_row(*("(none)" if cell is None else cell for cell in cells))
    console.print(table)
    if len(changes) > _CHANGES_SHOWN:
        console.print(f"  and {len(changes) - _CHANGES_SHOWN} more (--json prints all)")


def told(summary: Summary) -> str:
    """The end of a run in words: what was found, and why nothing is stored or what is."""
    counts = ", ".join(f"{count} {status}" for status, count in summary.documents.items())
    words = [f"Documents: {counts}."]
    for count, what in (
        (summary.unresolved, _UNRESOLVED),
        (summary.unclear, _UNCLEAR),
        (summary.refused, _REFUSED),
    ):
        if count:
            words.append(f"Nothing stored: {count} {what}")
    if not summary.exit_code:
        verb = "Would change" if summary.dry_run else "Changed"
        changed = f"{verb}: {', '.join(summary.changed_files)}."
        words.append(changed if summary.changed_files else "Nothing to change.")
    return " ".join(words)
