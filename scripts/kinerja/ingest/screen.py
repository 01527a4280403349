"""Events as people read them; `--json` prints the same events."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .account import Finding
from .compare import Change
from .events import DocumentRead, Event, Summary, Warned
from .facts import Candidate
from .sheet import Sum, TableSheet, indonesian

_SHOWN = 12
"""Findings shown of each kind; `--json` has all of them."""
_CHANGES_SHOWN = 48
_WIDEST = 100

_STATUS = {
    "undecided": "a person must decide first",
    "new": "new",
    "unchanged": "stored already, nothing changes",
    "same_figures": "stored already from another file with the same figures, nothing changes",
    "changed": "DIFFERS from what is stored; look at the changes, then add --replace",
    "replaced": "replaces what is stored",
}

_UNRESOLVED = "unknown names. Run again with one --accept NAME=CODE:REASON for each."
_UNCLEAR = (
    "doubts about what is printed. Correct the document as printed; or say --without TABLE for a "
    "table that it does not have, --allow KIND=REASON for the rest."
)
_ASKED = "facts or totals to be decided. Run again with the option that each names."
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
        _show_facts(console, read)
        for sheet in read.sheets:
            _show_sheet(console, sheet)
        said = (f"{count} (line {source})" for count, source in document.counts[:_SHOWN])
        if text := ", ".join(said):
            console.print(f"  numbers that its text says: {text}")
    _show_findings(console, document.findings)
    for doubt in read.doubts:
        console.print(f"  DECIDE {doubt}", style="red")
    for name in read.unresolved:
        why = f": {name.misfit}" if name.misfit else ""
        kind = "wrong name" if name.misfit else "unknown name"
        console.print(f"  {kind}: {name.printed} ({name.source}){why}", style="red")
        for region in name.suggestions:
            option = f'--accept "{name.printed}={region.code}:reason"'
            console.print(f"    {region.name}?  {option}")
    if read.changes and read.status != "same_figures":
        _show_changes(console, read.changes)


def _show_facts(console: Console, read: DocumentRead) -> None:
    """Each fact, the line that says it, and what else it may be."""
    document = read.document
    console.print(f"  {document.facts['title']}")
    table = Table("fact", "is", "said in", "also said", box=None, pad_edge=True)
    for fact in document.told:
        own = [one for one in fact.candidates if one.value == fact.value]
        others = {one.value: one for one in reversed(fact.candidates) if one.value != fact.value}
        also = ", ".join(f"{value} ({one.source})" for value, one in others.items())
        table.add_row(fact.name, fact.value, _said_in(own), also[:_WIDEST])
    console.print(table)


def _said_in(own: Sequence[Candidate]) -> str:
    if not own:
        return "nowhere: taken for granted"
    if own[0].place == "decided":
        return "decided by a person"
    return f'line {own[0].source}: "{own[0].printed[:60]}"'


def _show_sheet(console: Console, sheet: TableSheet) -> None:
    """A table's rows and columns, its first and last row, and its sums to hold beside the paper."""
    numbered = f", numbered to {sheet.last_number}" if sheet.last_number else ""
    console.print(f"  {sheet.table_id} of {sheet.seed}: {sheet.rows} rows{numbered}")
    console.print(f"    first  {sheet.first[:_WIDEST]}")
    console.print(f"    last   {sheet.last[:_WIDEST]}")
    for one in sheet.sums:
        console.print(f"    {one.column}: {_told_sum(one)}")


def _told_sum(one: Sum) -> str:
    """A sum in words, and whose it is."""
    top = "" if one.top is None else f", {indonesian(one.top)} over its programs"
    text = f"{one.cells} figures that add up to {indonesian(one.total)}{top}"
    if one.basis == "person":
        return f"{text}; the typed total {one.checked} agrees"
    if one.basis == "document":
        return f"{text}; the printed total {one.checked} agrees"
    if one.printed is not None:
        return f"{text}; the printed total {indonesian(one.printed)} DIFFERS"
    return f"{text}; worked out from what was read"


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
        (summary.asked, _ASKED),
        (summary.refused, _REFUSED),
    ):
        if count:
            words.append(f"Nothing stored: {count} {what}")
    if not summary.exit_code:
        verb = "Would change" if summary.dry_run else "Changed"
        changed = f"{verb}: {', '.join(summary.changed_files)}."
        words.append(changed if summary.changed_files else "Nothing to change.")
    return " ".join(words)
