"""What Spark needs of a machine, asked before it starts: it would answer with a traceback.

Nothing of pyspark is imported here: finding it takes milliseconds, importing it a second.
"""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from kinerja.core.errors import BadInputError

MINIMUM_JAVA = 17


def spark_home() -> Path:
    """The folder of the Spark that comes with pyspark; BadInputError when it is not installed."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise BadInputError("Spark is not installed. Start with: uv run --extra spark …")
    return Path(found.origin).parent


def java() -> str:
    """The Java program that Spark will use: of JAVA_HOME, or the first on the path.

    Raises BadInputError when there is none, or when it is older than Spark needs.
    """
    home = os.environ.get("JAVA_HOME")
    program = shutil.which(str(Path(home) / "bin" / "java") if home else "java")
    install = f"Install Java {MINIMUM_JAVA}, on Debian: apt-get install openjdk-17-jre-headless"
    if program is None:
        where = f"in JAVA_HOME ({home})" if home else "on this machine"
        raise BadInputError(f"Spark runs on Java, and there is no java {where}. {install}")
    run = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(?:1\.)?(\d+)', run.stderr + run.stdout)
    if version is None or int(version[1]) < MINIMUM_JAVA:
        lines = (run.stderr + run.stdout).strip().splitlines() or ["it prints nothing"]
        raise BadInputError(
            f"{program} is not Java {MINIMUM_JAVA} or newer, which Spark needs ({lines[0]}). "
            f"{install}"
        )
    return program


def answers(master: str) -> bool:
    """True when something accepts connections where spark://host:port says."""
    address = urlsplit(master)
    try:
        with socket.create_connection((address.hostname or "", address.port or 7077), timeout=5):
            return True
    except OSError:
        return False
