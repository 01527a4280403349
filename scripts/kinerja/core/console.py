"""What commands print: results to standard output, progress to standard error.

No colour and no bars where it is not a terminal (and with NO_COLOR); lines are never broken.
"""

import os
import sys

from rich.console import Console

_WIDTH_OF_FILES = 160


def results(*, quiet: bool = False) -> Console:
    """The console for what a command found; `quiet` where a machine asked."""
    for stream in (sys.stdout, sys.stderr):
        # A console of Windows that lacks a sign shows another; it must not end the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    is_narrow = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    width = _WIDTH_OF_FILES if is_narrow else None
    return Console(highlight=False, soft_wrap=True, quiet=quiet, width=width)


def progress() -> Console:
    """The console for what a command is doing."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
