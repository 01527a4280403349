"""dbt plugins that look before dbt does: is a seed UTF-8, is the database free, can Spark run.

dbt reads every seed, and connects, before any of the project's own SQL can run, and then ends with
tracebacks that name neither file nor cause. dbt loads modules whose name starts with `dbt_` (its
plugins, an interface that it calls experimental; the version of dbt is pinned) before it reads the
first file. Each of these stops the run with one sentence.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from dbt.plugins.manager import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError
from kinerja.core import building
from kinerja.core.errors import BadInputError

# Commands that make the database when it is not there; the others want one that was built.
MAKES_THE_FILE = ("build", "run", "seed", "snapshot", "compile", "run-operation")


@contextmanager
def in_words_of_dbt() -> Iterator[None]:
    """Within it, a sentence of ours (BadInputError) ends dbt without a traceback."""
    try:
        yield
    except BadInputError as error:
        raise DbtRuntimeError(str(error)) from None


def command() -> dict[str, Any]:
    """What dbt knows of the command that it runs; empty where another tool reads the project."""
    context = click.get_current_context(silent=True)
    given = context.obj if context is not None else None
    return given if isinstance(given, dict) and "project" in given else {}


class SeedEncoding(dbtPlugin):
    """Looks at the seeds, which dbt decodes while it parses to see whether they changed."""

    def initialize(self) -> None:
        given = command()
        with in_words_of_dbt():
            building.check_encoding(Path(given["project"].project_root) if given else Path.cwd())


class DatabaseIsFree(dbtPlugin):
    """Opens the database file as dbt will, and keeps it until dbt ends: nobody comes between."""

    def initialize(self) -> None:
        given = command()
        if not given or given["flags"].WHICH in ("parse", "list"):
            return
        credentials = given["profile"].credentials
        if credentials.type != "duckdb":
            return
        with in_words_of_dbt():
            connection = building.hold(
                Path(given["project"].project_root) / credentials.path,
                dict(credentials.config_options or {}),
                may_be_new=given["flags"].WHICH in MAKES_THE_FILE,
            )
        click.get_current_context().call_on_close(connection.close)


class SparkIsThere(dbtPlugin):
    """Before a run on Spark: Java, a master and a worker are there. Keeps Spark's chatter out."""

    def initialize(self) -> None:
        given = command()
        if not given or given["profile"].credentials.type != "spark":
            return
        # Only here: the other targets never read a line of it.
        from kinerja.cluster import cluster
        from kinerja.core import paths

        os.environ.setdefault("SPARK_CONF_DIR", str(cluster.CONFIGURATION))
        # pyspark warns of the version of pandas, which nothing here hands it.
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        if given["flags"].WHICH == "parse":
            return
        with in_words_of_dbt():
            cluster.check_before_build(
                os.environ.get("KINERJA_SPARK_MASTER", cluster.DEFAULT_MASTER),
                paths.spark(),
            )


plugins = [SeedEncoding, DatabaseIsFree, SparkIsThere]
