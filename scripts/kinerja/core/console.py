"""What commands print: results to standard output, progress to standard error.

No colour and no bars where it is not a terminal (and with NO_COLOR); lines are never broken.
"""

import os
import sys
from typing import Any

from rich.console import Console

_WIDTH_OF_FILES = 160


def results(*, quiet: bool = False) -> Console:
    """The console for what a command found; `quiet` where a machine asked."""
    for stream in (sys.stdout, sys.stderr):
        # A console of Windows that lacks a sign shows another; it must not end the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    is_file = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return _console(quiet=quiet, width=_WIDTH_OF_FILES if is_file else None)


def progress() -> Console:
    """The console for what a command is doing."""
    return _console(stderr=True)


def _console(**settings: Any) -> Console:
    # What documents print may look like markup.
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, **settings)
