"""SQL that stands in files beside the code that asks it, as templates of Jinja."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from .database import literal, quoted


@cache
def templates(folder: Path) -> jinja2.Environment:
    """The templates of a folder; what is filled in is quoted by the filters, where it is a name
    (`quoted`), a value (`literal`) or several of one kind (`names`, `literals`)."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "quoted": quoted,
        "literal": literal,
        "names": lambda names: ", ".join(map(quoted, names)),
        "literals": _literals,
    }
    return environment


def macro(file: Path, name: str, *arguments: object) -> str:
    """A query from a file of macros."""
    return str(getattr(_module(file), name)(*arguments))


@cache
def _module(file: Path) -> Any:
    return templates(file.parent).get_template(file.name).module


def _literals(values: Sequence[str]) -> str:
    """Values to be looked among; none is among none of them."""
    return ", ".join(map(literal, values)) or "''"
