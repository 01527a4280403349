"""Where things are: the project, its database, its releases. The one place that says so.

KINERJA_PROJECT names another project folder, KINERJA_DB another database, KINERJA_PUBLISHED
another folder of releases, KINERJA_SPARK_DIR that of the cluster; every command honours them. A
relative one is meant from the project, as dbt means it.
"""

import os
from pathlib import Path

from .errors import BadInputError

_MARK = "dbt_project.yml"
_INSTALLED = Path(__file__).resolve().parents[1] / "_project"
"""The project as the package was built from it, in an installation without a checkout."""


def project() -> Path:
    """The project's folder: as told, else around the working directory, else around this file.

    An installed package holds a copy to read. Raises BadInputError when KINERJA_PROJECT names
    something else.
    """
    told = os.environ.get("KINERJA_PROJECT")
    if told:
        folder = Path(told).absolute()
        if not _is_project(folder):
            raise BadInputError(f"KINERJA_PROJECT names {folder}, which is no project of Kinerja.")
        return folder
    here, checkout = Path.cwd(), Path(__file__).resolve().parents[3]
    return next(filter(_is_project, (here, *here.parents, checkout)), _INSTALLED)


def to_change(folder: Path) -> Path:
    """The folder, unless it is part of the installed copy, which is only to be read."""
    if folder.resolve().is_relative_to(_INSTALLED):
        raise BadInputError(
            "No project is here, and the installed copy is only to be read: clone the project, "
            "or name its folder with KINERJA_PROJECT."
        )
    return folder


def seeds() -> Path:
    """The folder with raw/ and reference/."""
    return project() / "seeds"


def database() -> Path:
    """The file that dbt builds."""
    return _named("KINERJA_DB", "kinerja.duckdb")


def published() -> Path:
    """The folder of releases."""
    return _named("KINERJA_PUBLISHED", "published")


def manifest() -> Path:
    """What dbt wrote of the last run."""
    return _named("DBT_TARGET_PATH", "target") / "manifest.json"


def spark() -> Path:
    """The folder of the Spark cluster and its tables."""
    return _named("KINERJA_SPARK_DIR", "target/spark")


def output(name: str) -> Path:
    """A folder for files that a command makes for people: build/NAME."""
    return _place() / "build" / name


def _is_project(folder: Path) -> bool:
    return (folder / _MARK).is_file() and (folder / "seeds" / "raw").is_dir()


def _place() -> Path:
    """Where files are made: in the project, or here when there is only the installed copy."""
    folder = project()
    return Path.cwd() if folder == _INSTALLED else folder


def _named(variable: str, default: str) -> Path:
    return _place() / (os.environ.get(variable) or default)
