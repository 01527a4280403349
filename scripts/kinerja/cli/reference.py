"""docs/commands.md, from the command's own help: `uv run python -m kinerja.cli.reference`."""

from collections.abc import Iterator
from pathlib import Path

import click

from kinerja.core import paths

from . import kinerja

_MARK = "<!-- From here on: uv run python -m kinerja.cli.reference -->\n"


def page(written: str) -> str:
    """The page with the help of every verb as it is now; what stands above the mark stays."""
    head = written.partition(_MARK)[0]
    sections = [
        f"\n## {context.command_path}\n\n```text\n{context.get_help()}\n```\n"
        for context in _contexts(click.Context(kinerja, info_name="kinerja", terminal_width=90))
    ]
    return head + _MARK + "".join(sections)


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            yield from _contexts(click.Context(command, context, name))


def _write(file: Path) -> None:
    file.write_text(page(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write(paths.project() / "docs" / "commands.md")
