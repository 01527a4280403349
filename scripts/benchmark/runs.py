"""One run of a contender, in processes of its own: an engine, or the project's dbt models."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl
from kinerja.core import paths
from kinerja.core.errors import BadInputError

from . import compare, measure, seeds
from .engines import CONTENDERS

MAKE_IT = "make it with: python -m benchmark generate"
_SCRIPTS = Path(__file__).resolve().parents[1]
# Marts of each stream, for `dbt build --select`.
_MARTS = {
    "index": ("+index_scores", "+index_rankings", "+reconciliation"),
    "budget": ("+budget_realization", "+reconciliation"),
}
# The seed of each stream's cells, and how the files of its documents begin.
_CELLS = {"index": "smart_city__details", "budget": "agency_performance__budget"}
_FILES = {"index": ("smart_city_", "public_service_"), "budget": ("performance_",)}


@dataclass(frozen=True)
class Means:
    """What a run is given: memory of its engine, threads, seconds after which it is ended."""

    memory: str = "4GB"
    threads: int = 2
    seconds: float = 1800


def prepare(folder: Path, stream: str, target: Path, without_last: bool = False) -> Path:
    """
    The folder with one stream only, as links; the seeds of the other stream are empty.

    `without_last` leaves out the last part of the stream, the edition that comes later.
    """
    whole = sorted((folder / _CELLS[stream]).glob("*.parquet"))
    if not whole:
        raise BadInputError(f"{folder} holds no {_CELLS[stream]}; {MAKE_IT} {folder}")
    left_out = {whole[-1].name} if without_last else set()
    others = tuple(name for other in _FILES.keys() - {stream} for name in _FILES[other])
    for seed in sorted(path for path in folder.iterdir() if path.is_dir()):
        place = target / seed.name
        place.mkdir(parents=True)
        files = [file for file in seed.glob("*.parquet") if not file.name.startswith(others)]
        for file in files:
            if file.name not in left_out:
                (place / file.name).symlink_to(file.resolve())
        if not files:
            seeds.write(target, seed.name, "none", pl.DataFrame(schema=seeds.schema(seed.name)))
    return target


def run(name: str, stream: str, folder: Path, output: Path, means: Means) -> measure.Measurement:
    """One run; its results stay in `output`."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    if name == "dbt":
        return run_dbt(stream, folder, output, means)
    log, packages = output / "log.txt", output.with_name(f"{name}_packages")
    _install(name, packages)
    words = (name, stream, str(folder), str(output), means.memory, str(means.threads))
    measured = measure.run(
        [sys.executable, "-m", "benchmark.engines", *words],
        env={"PYTHONPATH": f"{packages}{os.pathsep}{_SCRIPTS}"},
        folder=output,
        log=log,
        limit=means.seconds,
    )
    work = float(log.read_text(encoding="utf-8").strip().splitlines()[-1])
    return replace(measured, work_seconds=work)


def _install(name: str, packages: Path) -> None:
    """Fetch what a contender needs into a folder of its own."""
    needs = CONTENDERS[name].needs
    if not needs or packages.exists():
        return
    uv = shutil.which("uv")
    if uv is None:
        raise BadInputError(f"{name} needs uv to fetch {', '.join(needs)}")
    if name == "spark" and shutil.which("java") is None:
        raise BadInputError("spark needs Java 17: apt-get install openjdk-17-jre-headless")
    where = ("--python", sys.executable, "--target", str(packages))
    done = subprocess.run([uv, "pip", "install", *where, *needs], capture_output=True, check=False)
    if done.returncode:
        raise BadInputError(f"{name}: {done.stderr.decode().strip().splitlines()[-1]}")


def run_dbt(
    stream: str, folder: Path, output: Path, means: Means, documents: Sequence[str] = ()
) -> measure.Measurement:
    """Build a stream's marts, or these documents into those that `output` holds already."""
    (output / "is_dbt").touch()
    # The others solve no rule for its cells.
    given: dict[str, object] = {"parquet_seeds": str(folder), "detection_power": "withheld"}
    chosen = ["--select", *_MARTS[stream]]
    if documents:
        given["documents"] = list(documents)
        chosen = ["--selector", "more_documents"]
    project, target = str(paths.project()), output / "target"
    measured = measure.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "build", *chosen),
            *("--exclude-resource-type", "test", "unit_test", "--vars", json.dumps(given)),
            *("--project-dir", project, "--profiles-dir", project),
            *("--target-path", str(target), "--log-path", str(output)),
        ],
        env={
            "KINERJA_DB": str(output / "results.duckdb"),
            "KINERJA_MEMORY_LIMIT": means.memory,
            "NO_COLOR": "1",
        },
        folder=paths.project(),
        log=output / "log.txt",
        limit=means.seconds,
    )
    return replace(measured, work_seconds=_execution(target))


def _execution(target: Path) -> float:
    """Seconds from dbt's first node to its last: without start-up and parsing."""
    [(seconds,)] = duckdb.sql(
        f"""
        select epoch(max(step.completed_at) - min(step.started_at))
        from (select unnest(results) as result from '{target}/run_results.json'),
            unnest(result.timing) as steps(step)
        where step.name = 'execute'
        """
    ).fetchall()
    if seconds is None:
        raise BadInputError("dbt executed nothing")
    return float(seconds)


def one_more_edition(folder: Path, scratch: Path, means: Means) -> dict[str, measure.Measurement]:
    """Build without the last letter, that letter into it, and all anew: the marts are equal."""
    shutil.rmtree(scratch, ignore_errors=True)
    printed, grown, anew = scratch / "printed", scratch / "grown", scratch / "anew"
    last = max(file.stem for file in (folder / _CELLS["index"]).glob("*.parquet"))
    prepare(folder, "index", printed, without_last=True)
    found = {"history": run("dbt", "index", printed, grown, means)}
    # The letter comes into the folder of the others.
    shutil.rmtree(printed)
    prepare(folder, "index", printed)
    found["edition"] = run_dbt("index", printed, grown, means, documents=[last])
    found["anew"] = run("dbt", "index", printed, anew, means)
    different = compare.differences("index", grown, anew)
    if different:
        raise BadInputError(f"{last} added to the history is not a build anew: {different[0]}")
    shutil.rmtree(scratch)
    return found
