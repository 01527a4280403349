"""Events as people read them; `--json` prints the same events as JSON lines."""

from collections import defaultdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .engine import Event

_SHOWN = 12
"""Findings and changes shown of each kind; `--json` has all of them."""
_WIDEST = 100

_STATUS = {
    "new": "new",
    "unchanged": "stored already, nothing changes",
    "same_figures": "stored already from another file with the same figures, nothing changes",
    "changed": "DIFFERS from what is stored; look at the changes, then add --replace",
    "replaced": "replaces what is stored",
}


def show(console: Console, event: Event, *, brief: bool) -> None:
    """Print one event; `brief` keeps documents without findings to one line."""
    if event["event"] == "document":
        _show_document(console, event, brief=brief)
    elif event["event"] == "warning":
        console.print(Text(event["message"], style="yellow"))
    elif event["event"] == "summary":
        _show_summary(console, event)


def _show_document(console: Console, event: Event, *, brief: bool) -> None:
    facts = event["facts"]
    console.print(
        Text.assemble((event["document_id"], "bold"), f"  {_STATUS[event['status']]}"),
        soft_wrap=True,
    )
    if not brief:
        told = (facts[name] for name in ("title", "number", "issued_on", "subject_name"))
        console.print(Text("  " + ", ".join(text for text in told if text)), soft_wrap=True)
        table = Table("table", "of", "rows", "columns", box=None, pad_edge=True)
        for found in event["tables"]:
            table.add_row(
                found["table_id"], found["seed"], str(found["rows"]), str(found["columns"])
            )
        console.print(table)
    _show_findings(console, event)
    for name in event["unresolved"]:
        console.print(Text(f"  unknown name: {name['printed']} ({name['source']})", style="red"))
        for region in name["suggestions"]:
            option = f'--accept "{name["printed"]}={region["code"]}:reason"'
            console.print(Text(f"    {region['name']}?  {option}"), soft_wrap=True)
    _show_changes(console, event)


def _show_findings(console: Console, event: Event) -> None:
    kinds = defaultdict(list)
    for finding in event["findings"]:
        kinds[finding["kind"], finding["meaning"]].append(finding)
    for (kind, meaning), findings in kinds.items():
        console.print(Text(f"  {kind} ({len(findings)}): {meaning}", style="yellow"))
        for finding in findings[:_SHOWN]:
            where = " ".join(part for part in (finding["table_id"], finding["source"]) if part)
            console.print(Text(f"    {where}: {finding['printed'][:_WIDEST]}"), soft_wrap=True)
        if len(findings) > _SHOWN:
            console.print(Text(f"    and {len(findings) - _SHOWN} more (--json prints all)"))


def _show_changes(console: Console, event: Event) -> None:
    changes = event["changes"]
    if not changes or event["status"] == "same_figures":
        return
    table = Table("seed", "row", "column", "stored", "document")
    for change in changes[: 4 * _SHOWN]:
        table.add_row(
            *(
                Text("(none)" if change[name] is None else change[name])
                for name in ("seed", "key", "column", "before", "after")
            )
        )
    console.print(table)
    if len(changes) > 4 * _SHOWN:
        console.print(Text(f"  and {len(changes) - 4 * _SHOWN} more (--json prints all)"))


def _show_summary(console: Console, event: Event) -> None:
    counts = ", ".join(f"{count} {status}" for status, count in event["documents"].items())
    console.print(Text(f"Documents: {counts}."))
    if event["unresolved"]:
        console.print(
            Text(
                f"Nothing stored: {event['unresolved']} unknown names. Run again with one "
                "--accept NAME=CODE:REASON for each.",
                style="red",
            )
        )
    if event["unclear"]:
        console.print(
            Text(
                f"Nothing stored: {event['unclear']} names that can be read in two ways. Put each "
                "on one line of the document.",
                style="red",
            )
        )
    if event["refused"]:
        console.print(
            Text(
                f"Nothing stored: {event['refused']} documents differ from what is stored. "
                "Run again with --replace to take them.",
                style="red",
            )
        )
    if event["exit_code"]:
        return
    if not event["changed_files"]:
        console.print(Text("Nothing to change."))
    else:
        verb = "Would change" if event["dry_run"] else "Changed"
        console.print(Text(f"{verb}: {', '.join(event['changed_files'])}."), soft_wrap=True)
