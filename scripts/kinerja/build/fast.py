"""dbt 2 on this project: one executable, fetched once, that starts in a second.

It is an alpha, so version and content are pinned, and dbt 1.11 is what judges it
(docs/fast-build.md). It looks for its driver as libduckdb.so, else on a server of its maker's; here
it is given the DuckDB of this environment, so that both engines compute with one version.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import _duckdb

from kinerja.core import building, paths
from kinerja.core.errors import BadInputError, InterruptedByUserError

VERSION = "2.0.0a4"
_SAYS = "dbt-core 2.0.0-alpha.4"
# Where it was tried: as (system, machine) → SHA-256 of the wheel.
_WHEELS = {
    ("Linux", "x86_64"): "bb9524d16e83c389fdbc1cc06a5791a66c5c7c28d7914437afed307575b2e713",
}
_INSTEAD = "build with dbt 1.11: uv run dbt build"

# What uv says when it cannot fetch → what a person reads.
_WHY_NOT_FETCHED = {
    "Failed to fetch": "PyPI cannot be reached, which is needed the first time",
    "network was disabled": "the network is switched off (UV_OFFLINE), which is needed once",
    "Hash mismatch": "what came is not the file that was tried",
    "matching platform tag": "there is none for this system",
}

# dbt 2 warns of these, and the project turns warnings into errors: metrics, which it reads only in
# a form that dbt 1.11 does not read; its own guess at the types of seeds, which DuckDB loads.
_SILENCED = ["SemanticModelDeprecated", "ColumnTypeMismatch"]

# What dbt 2 puts around the cause of an error.
_NOISE = (
    r"^\[error\](?: \[[^]]*\])?: ",
    r"^.*? invalid operation: ",
    r"^Compilation Error for operation\S* from \S+: ",
    r"(?s)\n\(in (?:\./dbt_project\.yml|dbt_internal_packages).*",
    r"(?s)\nsuggestion: .*",
)
_OURS = "Compilation Error for operation"
_STEPS = ("LogSeedResult", "LogModelResult", "LogTestResult")


@dataclass
class Build:
    """What dbt 2 said: lines of the project's hooks, errors, how many steps ended, exit code."""

    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rest: str = "nothing"
    steps: int = 0
    code: int = 0
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """What the hooks say at the end, before what comes next; nothing if they did not run."""
        return self.lines[-2] if self.lines[-1:] and self.lines[-1].startswith("Next: ") else ""


def build(database: Path, progress: Callable[[str], None] = lambda _: None) -> Build:
    """Build and test everything.

    Raises BadInputError, one sentence, where nothing could be built; a model or a test that failed
    is told in the result.
    """
    project = paths.to_change(paths.project())
    database = database.absolute()
    building.check_encoding(project)
    program, python = fetched(), _python_library()
    # Closed again: the engine is a process of its own, and takes the file a second later.
    building.hold(database, {}).close()
    started = time.monotonic()
    with TemporaryDirectory() as folder:
        Path(folder, "libduckdb.so").symlink_to(_duckdb.__file__)
        environment = {
            **os.environ,
            "LD_LIBRARY_PATH": _before("LD_LIBRARY_PATH", folder),
            # DuckDB's Python module is the whole of DuckDB, and asks for Python's symbols as well.
            "LD_PRELOAD": _before("LD_PRELOAD", str(python)),
            # As dbt 1.11 names it, which says it in its messages.
            "KINERJA_DB": str(database).removeprefix(f"{project}{os.sep}"),
            "DBT_WARN_ERROR_OPTIONS": json.dumps({"error": "all", "silence": _SILENCED}),
            "RUST_BACKTRACE": "0",
        }
        # As the profile says, which dbt 2 does not ask. Even so it has up to three at work;
        # with more threads there are more to share the memory, and the build ends no sooner.
        options = "--target duckdb --project-dir . --profiles-dir . --threads 1 --log-format json"
        done = _run([str(program), "build", *options.split()], project, environment, progress)
    done.seconds = time.monotonic() - started
    if not done.outcome.startswith("Failed" if done.code else "Built"):
        silent = f"dbt 2 ended with {done.code} and said {done.rest}; {_INSTEAD}"
        raise BadInputError(next(iter(done.errors), silent))
    return done


def _run(
    words: list[str],
    project: Path,
    environment: dict[str, str],
    progress: Callable[[str], None],
) -> Build:
    done = Build()
    with subprocess.Popen(
        words, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        try:
            for line in process.stdout or ():
                try:
                    told = json.loads(line)["info"]
                except (ValueError, KeyError):
                    done.rest = line.strip() or done.rest
                    continue
                if told["name"] == "JinjaLogInfo":
                    done.lines.append(told["msg"])
                elif told["level"] == "error":
                    done.errors.append(told["msg"])
                elif told["name"] in _STEPS:
                    done.steps += 1
                    progress(f"{done.steps} seeds, models and tests …")
        except KeyboardInterrupt:
            process.kill()
            raise InterruptedByUserError(
                "Interrupted; what is built so far mixes old and new, and cannot be published."
            ) from None
    done.code = process.returncode
    # A sentence of the project's own hooks says more than what followed from its cause.
    done.errors = [_plain(error) for error in sorted(done.errors, key=lambda it: _OURS not in it)]
    return done


def _plain(error: str) -> str:
    for pattern in _NOISE:
        error = re.sub(pattern, "", error)
    return error.strip()


def fetched() -> Path:
    """The executable of the pinned version; fetched from PyPI when it is not there yet."""
    machine = (platform.system(), platform.machine())
    if machine not in _WHEELS:
        raise BadInputError(
            f"The fast engine was tried on {', '.join(map(' '.join, _WHEELS))} only, and this is "
            f"{' '.join(machine)}; {_INSTEAD}"
        )
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kinerja"
    folder = cache / f"dbt-{VERSION}"
    program = folder / "bin" / "dbt"
    if not program.is_file():
        _fetch(folder, f"dbt-core=={VERSION} --hash=sha256:{_WHEELS[machine]}")
    try:
        run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        said = (run.stdout or run.stderr).strip()
    except OSError as error:
        said = str(error.strerror)
    if said != _SAYS:
        raise BadInputError(
            f"{program} is not {_SAYS}, which is the one that was tried ({said}): remove {folder}, "
            "then start again"
        )
    return program


def _fetch(folder: Path, requirement: str) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise BadInputError(f"uv, which fetches the fast engine, is not here; {_INSTEAD}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as draft:
        run = subprocess.run(
            [uv, "pip", "install", "--no-deps", "--require-hashes", "--python", sys.executable,
             "--target", f"{draft}/whole", "--requirement", "-"],
            input=requirement, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if run.returncode:
            lines = run.stderr.strip().splitlines() or ["it says nothing"]
            reasons = (why for said, why in _WHY_NOT_FETCHED.items() if said in run.stderr)
            raise BadInputError(
                f"dbt {VERSION} could not be fetched: {next(reasons, lines[-1])}; {_INSTEAD}"
            )
        # Whole or not at all; another build may have been as fast.
        if not folder.exists():
            Path(draft, "whole").rename(folder)


def _python_library() -> Path:
    """This Python as a shared library."""
    name = str(sysconfig.get_config_var("INSTSONAME"))
    places = [Path(sys.base_prefix, "lib"), Path(str(sysconfig.get_config_var("LIBDIR")))]
    places += [place / str(sysconfig.get_config_var("MULTIARCH")) for place in places]
    for place in places:
        if ".so" in name and (place / name).is_file():
            return place / name
    raise BadInputError(
        f"The fast engine needs Python as a shared library, which {sys.base_prefix} has not (on "
        f"Debian: apt-get install libpython{sysconfig.get_python_version()}); {_INSTEAD}"
    )


def _before(variable: str, first: str) -> str:
    return os.pathsep.join(filter(None, (first, os.environ.get(variable))))
