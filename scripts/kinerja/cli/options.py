"""Options that several verbs share, each said once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kinerja.core import paths

PATH = click.Path(path_type=Path)


def _place(
    name: str, default: Callable[[], Path], shown: str, text: str, metavar: str = "FILE"
) -> Callable[[Any], Any]:
    """An option for a file or folder whose default is worked out when the verb runs."""
    return click.option(
        name, type=PATH, default=default, show_default=shown, metavar=metavar, help=text
    )


database = _place(
    *("--database", paths.database, "KINERJA_DB, or kinerja.duckdb"),
    "The warehouse that dbt built.",
)
manifest = _place(
    *("--manifest", paths.manifest, "target/manifest.json"),
    "What dbt wrote of that build, for descriptions and keys.",
)
published_file = _place(
    *("--database", lambda: paths.published() / "kinerja.duckdb", "the published file"),
    "The file that readers open.",
)
seeds = _place(
    *("--seeds", paths.seeds, "seeds/"),
    *("Folder with raw/ and reference/.", "FOLDER"),
)
releases = _place(
    *("--to", paths.published, "KINERJA_PUBLISHED, or published/"),
    *("Where releases are kept.", "FOLDER"),
)
cluster = _place(
    *("--folder", paths.spark, "KINERJA_SPARK_DIR, or target/spark"),
    *("Where the files of the cluster are.", "FOLDER"),
)


def out(name: str) -> Callable[[Any], Any]:
    """A folder for files that are made for people."""
    default = lambda: paths.output(name)  # noqa: E731 - worked out when the verb runs
    return _place("--out", default, f"build/{name}", "Folder for the files.", "FOLDER")


def accept(text: str, metavar: str = "DOCUMENT") -> Callable[[Any], Any]:
    """What a person confirms by naming it; may be repeated."""
    text = f"{text} May be repeated."
    return click.option("--accept", "accepted", multiple=True, metavar=metavar, help=text)
