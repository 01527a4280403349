"""docs/commands.md, from the command's own help: `uv run python tests/python/commands_page.py`."""

from collections.abc import Iterator

import click
from kinerja.cli import kinerja
from warehouse import PROJECT

PAGE = PROJECT / "docs" / "commands.md"
_MARK = "<!-- From here on: uv run python tests/python/commands_page.py -->\n"


def page(written: str) -> str:
    """The page with the help of every verb as it is now; what stands above the mark stays."""
    sections = [
        f"\n## {context.command_path}\n\n```text\n{context.get_help()}\n```\n"
        for context in _contexts(click.Context(kinerja, info_name="kinerja", terminal_width=90))
    ]
    return written.partition(_MARK)[0] + _MARK + "".join(sections)


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            yield from _contexts(click.Context(command, context, name))


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
