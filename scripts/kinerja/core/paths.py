"""Where things are: the project, its database, its releases. The one place that says so.

KINERJA_PROJECT names another project folder, KINERJA_DB another database, KINERJA_PUBLISHED
another folder of releases; every command honours them.
"""

import os
from pathlib import Path

_MARK = "dbt_project.yml"


def project() -> Path:
    """The project's folder: as told, else around the working directory, else around this file."""
    told = os.environ.get("KINERJA_PROJECT")
    if told:
        return Path(told).absolute()
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / _MARK).is_file() and (folder / "seeds" / "raw").is_dir():
                return folder
    return Path.cwd()


def seeds() -> Path:
    """The folder with raw/ and reference/."""
    return project() / "seeds"


def database() -> Path:
    """The file that dbt builds; a relative KINERJA_DB is meant from the project."""
    return project() / os.environ.get("KINERJA_DB", "kinerja.duckdb")


def published() -> Path:
    """The folder of releases."""
    return project() / os.environ.get("KINERJA_PUBLISHED", "published")


def manifest() -> Path:
    """What dbt wrote of the last run."""
    return project() / os.environ.get("DBT_TARGET_PATH", "target") / "manifest.json"


def output(name: str) -> Path:
    """A folder for files that a command makes for people: build/NAME."""
    return project() / "build" / name
