"""Events as people read them; `--json` prints the same events as JSON lines."""

from collections import defaultdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .engine import Event

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

_STOPS = {
    "unresolved": "unknown names. Run again with one --accept NAME=CODE:REASON for each.",
    "unclear": "names that can be read in two ways. Put each on one line of the document.",
    "refused": "documents differ from what is stored. Run again with --replace to take them.",
}
"""Why nothing was stored, by the count of the summary that says so."""


def show(console: Console, event: Event, *, brief: bool) -> None:
    """Print one event; `brief` keeps documents without findings to one line."""
    if event["event"] == "document":
        _show_document(console, event, brief=brief)
    elif event["event"] == "warning":
        _say(console, event["message"], "yellow")
    elif event["event"] == "summary":
        _show_summary(console, event)


def _say(console: Console, text: str, style: str = "") -> None:
    """Print one line as it is: printed text is never markup, and options stay in one piece."""
    console.print(Text(text, style=style), soft_wrap=True)


def _show_document(console: Console, event: Event, *, brief: bool) -> None:
    facts = event["facts"]
    title = Text.assemble((event["document_id"], "bold"), f"  {_STATUS[event['status']]}")
    console.print(title, soft_wrap=True)
    if not brief:
        told = (facts[name] for name in ("title", "number", "issued_on", "subject_name"))
        _say(console, "  " + ", ".join(text for text in told if text))
        table = Table("table", "of", "rows", "columns", box=None, pad_edge=True)
        for found in event["tables"]:
            counts = str(found["rows"]), str(found["columns"])
            table.add_row(found["table_id"], found["seed"], *counts)
        console.print(table)
    _show_findings(console, event)
    for name in event["unresolved"]:
        _say(console, f"  unknown name: {name['printed']} ({name['source']})", "red")
        for region in name["suggestions"]:
            option = f'--accept "{name["printed"]}={region["code"]}:reason"'
            _say(console, f"    {region['name']}?  {option}")
    _show_changes(console, event)


def _show_findings(console: Console, event: Event) -> None:
    kinds = defaultdict(list)
    for finding in event["findings"]:
        kinds[finding["kind"], finding["meaning"]].append(finding)
    for (kind, meaning), findings in kinds.items():
        _say(console, f"  {kind} ({len(findings)}): {meaning}", "yellow")
        for finding in findings[:_SHOWN]:
            where = " ".join(part for part in (finding["table_id"], finding["source"]) if part)
            _say(console, f"    {where}: {finding['printed'][:_WIDEST]}")
        if len(findings) > _SHOWN:
            _say(console, f"    and {len(findings) - _SHOWN} more (--json prints all)")


def _show_changes(console: Console, event: Event) -> None:
    changes = event["changes"]
    if not changes or event["status"] == "same_figures":
        return
    table = Table("seed", "row", "column", "stored", "document")
    for change in changes[:_CHANGES_SHOWN]:
        cells = (change[name] for name in ("seed", "key", "column", "before", "after"))
        table.add_row(*(Text("(none)" if cell is None else cell) for cell in cells))
    console.print(table)
    if len(changes) > _CHANGES_SHOWN:
        _say(console, f"  and {len(changes) - _CHANGES_SHOWN} more (--json prints all)")


def _show_summary(console: Console, event: Event) -> None:
    counts = ", ".join(f"{count} {status}" for status, count in event["documents"].items())
    _say(console, f"Documents: {counts}.")
    for name, what in _STOPS.items():
        if event[name]:
            _say(console, f"Nothing stored: {event[name]} {what}", "red")
    if event["exit_code"]:
        return
    verb = "Would change" if event["dry_run"] else "Changed"
    changed = f"{verb}: {', '.join(event['changed_files'])}."
    _say(console, changed if event["changed_files"] else "Nothing to change.")
