"""dbt plugins that look before dbt does: which seed is not UTF-8, and can Spark run at all.

dbt reads every seed, and connects, before any of the project's own SQL can run, and then ends with
a traceback that names neither file nor cause. dbt loads modules whose name starts with `dbt_` (its
plugins, an interface that it calls experimental; the version of dbt is pinned) before it reads the
first file.
"""

import os
import warnings
from pathlib import Path

from dbt import flags
from dbt.plugins.manager import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError


def first_undecodable_line(path: Path) -> tuple[int, bytes] | None:
    """Number and bytes of the first line that is not UTF-8; None where all are."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number, line.rstrip(b"\r\n")
    return None


class SeedEncoding(dbtPlugin):
    """Looks at the seeds of the project that dbt was started in."""

    def initialize(self) -> None:
        for path in sorted(Path("seeds").rglob("*.csv")):
            found = first_undecodable_line(path)
            if found is not None:
                number, line = found
                raise DbtRuntimeError(
                    f'{path}, line {number}: "{line.decode("latin-1")}" is not UTF-8; '
                    "save the file as UTF-8"
                )


class SparkIsThere(dbtPlugin):
    """Before a run on Spark: Java, a master and a worker are there. Keeps Spark's chatter out."""

    def initialize(self) -> None:
        given = flags.GLOBAL_FLAGS
        if getattr(given, "TARGET", None) != "spark":
            return
        # Only here: the other targets never read a line of it.
        from kinerja.cluster import cluster
        from kinerja.core.errors import BadInputError

        os.environ.setdefault("SPARK_CONF_DIR", str(cluster.CONFIGURATION))
        # pyspark warns of the version of pandas, which nothing here hands it.
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        if getattr(given, "WHICH", None) == "parse":
            return
        try:
            cluster.check_before_build(
                os.environ.get("KINERJA_SPARK_MASTER", cluster.DEFAULT_MASTER),
                Path(os.environ.get("KINERJA_SPARK_DIR", "target/spark")),
            )
        except BadInputError as error:
            raise DbtRuntimeError(str(error)) from None


plugins = [SeedEncoding, SparkIsThere]
