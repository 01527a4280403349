"""Who is compared: the project's dbt models, the limit, and other engines."""

import functools
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
from kinerja.core.errors import BadInputError

from . import compare, measure, peers, seeds, sources

# Marts of each stream, for `dbt build --select`.
_MARTS = {
    "index": ["+index_scores", "+index_rankings", "+reconciliation"],
    "budget": ["+budget_realization", "+reconciliation"],
}
_INDEX_SEEDS = (
    "smart_city__invitations",
    "smart_city__results",
    "smart_city__detail_columns",
    "smart_city__details",
    "public_service__scores",
    "public_service__bands",
)
_BUDGET_SEEDS = ("agency_performance__budget", "source_gaps")


@dataclass(frozen=True)
class Contender:
    """How a contender is called."""

    label: str
    streams: tuple[str, ...]
    # None: dbt, which is a command of its own.
    work: Callable[[str, Path, Path, str, int], None] | None
    # Packages beyond the project's own.
    needs: tuple[str, ...] = ()
    largest_cells: float = float("inf")


def limit(stream: str, folder: Path, output: Path, memory: str, threads: int) -> None:
    """Hand-written SQL in one DuckDB process."""
    with sources.connect(folder, str(output / "results.duckdb"), memory, threads) as database:
        years = database.execute(
            "select distinct edition_year from document_register "
            "where instrument = 'agency_performance' order by all"
        ).fetchall()
        database.execute(sources.sql(f"limit_{stream}.sql", years=[year for (year,) in years]))


def _peer(
    work: Callable[[Path, Path, str, int], None],
) -> Callable[[str, Path, Path, str, int], None]:
    return lambda _, folder, output, memory, threads: work(folder, output, memory, threads)


CONTENDERS = {
    "limit": Contender("hand-written SQL, DuckDB 1.5.5", ("index", "budget"), limit),
    "dbt": Contender("dbt build, DuckDB 1.5.5", ("index", "budget"), None),
    "polars": Contender("polars 2.1.0, streaming", ("index",), _peer(peers.polars)),
    "clickhouse": Contender(
        "ClickHouse, chdb 4.4.0", ("index",), _peer(peers.clickhouse), ("chdb==4.4.0",)
    ),
    "sail": Contender(
        "Sail, pysail 0.7.2",
        ("index",),
        _peer(peers.sail),
        ("pysail==0.7.2", "pyspark[connect]==4.1.4"),
    ),
    "spark": Contender("Spark 4.1.4, local", ("index",), _peer(peers.spark), ("pyspark==4.1.4",)),
    "pandas": Contender("pandas 3.1.1", ("index",), _peer(peers.pandas), ("pandas==3.1.1",), 3e7),
}


def prepare(folder: Path, stream: str, target: Path, without_last: bool = False) -> Path:
    """
    The folder with one stream only, as links; the other stream's seeds are empty.

    `without_last` leaves out the last part of the stream, the edition that comes later.
    """
    other = {"index": _BUDGET_SEEDS, "budget": _INDEX_SEEDS}[stream]
    main = {"index": "smart_city__details", "budget": "agency_performance__budget"}[stream]
    mine = {"index": ("smart_city_", "public_service_"), "budget": ("performance_",)}[stream]
    whole = sorted((folder / main).glob("*.parquet"))
    if not whole:
        raise BadInputError(
            f"{folder} holds no {main}; make it with: benchmark.py generate {folder}"
        )
    left_out = {whole[-1].name} if without_last else set()
    for seed in sorted(path for path in folder.iterdir() if path.is_dir()):
        place = target / seed.name
        place.mkdir(parents=True)
        if seed.name in other:
            empty = pl.DataFrame(schema=seeds.schema(seed.name))
            seeds.write(target, seed.name, "none", empty)
            continue
        for file in seed.glob("*.parquet"):
            is_other = seed.name in {
                "document_register",
                "expected_rows",
            } and not file.name.startswith(mine)
            is_real = file.name == "real.parquet"
            if (is_real or not is_other) and file.name not in left_out:
                (place / file.name).symlink_to(file.resolve())
    return target


def work(
    name: str, stream: str, folder: Path, output: Path, memory: str, threads: int
) -> dict[str, float]:
    """
    Do a contender's work in this process.

    `seconds` since the process began, and `work_seconds` without its start and imports, which is to
    a contender what execution is to dbt.
    """
    contender = CONTENDERS[name]
    if contender.work is None:
        raise BadInputError(f"{name} is a command of its own")
    start = _age()
    contender.work(stream, folder, output, memory, threads)
    end = _age()
    return {"seconds": end, "work_seconds": end - start}


def _age() -> float:
    """Seconds since this process began."""
    began = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    up = float(Path("/proc/uptime").read_text().split()[0])
    return up - began / os.sysconf("SC_CLK_TCK")


def run(
    name: str,
    stream: str,
    folder: Path,
    output: Path,
    memory: str,
    threads: int,
    limit_seconds: float,
) -> measure.Measurement:
    """One run in processes of its own; results stay in `output`."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    log = output / "log.txt"
    if CONTENDERS[name].work is None:
        return _run_dbt(stream, folder, output, log, memory, limit_seconds)
    script = str(seeds.PROJECT / "scripts" / "benchmark.py")
    call = [
        script, "work", name, stream, str(folder), str(output),
        "--memory", memory, "--threads", str(threads),
    ]  # fmt: skip
    wall, cpu, peak = measure.run(
        [*python(name), *call], env={}, folder=output, log=log, limit=limit_seconds
    )
    own = measure.last_line(log)
    # Making an environment is not the contender's work.
    seconds = own["seconds"] if CONTENDERS[name].needs else wall
    return measure.Measurement(seconds, cpu, peak, own["work_seconds"])


def python(name: str) -> list[str]:
    """The interpreter of a contender: this one, or one with the packages that it needs."""
    needs = CONTENDERS[name].needs
    if not needs:
        return [sys.executable]
    uv = shutil.which("uv")
    if uv is None:
        raise BadInputError(f"{name} needs uv to fetch {', '.join(needs)}")
    if name == "spark" and shutil.which("java") is None:
        raise BadInputError("spark needs Java 17: apt-get install openjdk-17-jre-headless")
    own = ("duckdb==1.5.5", "polars==2.1.0", "pyarrow==26.0.1", "jinja2", "pyyaml", "rich", "numpy")
    given = [word for one in (*own, *needs) for word in ("--with", one)]
    return [uv, "run", "--quiet", "--no-project", "--python", "3.11", *given, "python"]


def one_more_edition(
    folder: Path, scratch: Path, memory: str, limit_seconds: float
) -> dict[str, measure.Measurement]:
    """
    Build the index stream without its last letter, then the letter alone into that, and all anew.

    Raises a BadInputError unless both ways give the same finals, ranks and verdicts.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    printed = scratch / "printed"
    last = max(file.stem for file in (folder / "smart_city__details").glob("*.parquet"))
    grown, anew = scratch / "grown", scratch / "anew"
    for place in (grown, anew):
        place.mkdir(parents=True)
    build = functools.partial(
        _run_dbt, "index", printed, memory=memory, limit_seconds=limit_seconds
    )
    prepare(folder, "index", printed, without_last=True)
    found = {"history": build(grown, grown / "history.txt")}
    # The letter comes into the folder of the others.
    shutil.rmtree(printed)
    prepare(folder, "index", printed)
    found["edition"] = build(grown, grown / "edition.txt", documents=[last])
    found["anew"] = build(anew, anew / "log.txt")
    different = compare.differences("index", grown, anew)
    if different:
        raise BadInputError(f"{last} added to the history is not a build anew: {different[0]}")
    shutil.rmtree(scratch)
    return found


def _run_dbt(
    stream: str,
    folder: Path,
    output: Path,
    log: Path,
    memory: str,
    limit_seconds: float,
    documents: Sequence[str] = (),
) -> measure.Measurement:
    (output / "is_dbt").touch()
    given: dict[str, object] = {"parquet_seeds": str(folder)}
    chosen = ["--select", *_MARTS[stream]]
    if documents:
        given["documents"] = list(documents)
        chosen = ["--selector", "more_documents"]
    dbt = shutil.which("dbt", path=str(Path(sys.executable).parent)) or "dbt"
    command = [
        dbt, "build", *chosen, "--exclude-resource-type", "test", "unit_test",
        "--vars", json.dumps(given), "--project-dir", str(seeds.PROJECT),
        "--profiles-dir", str(seeds.PROJECT), "--target-path", str(output / "target"),
        "--log-path", str(output),
    ]  # fmt: skip
    env = {
        "KINERJA_DB": str(output / "results.duckdb"),
        "KINERJA_MEMORY_LIMIT": memory,
        "NO_COLOR": "1",
    }
    wall, cpu, peak = measure.run(
        command, env=env, folder=seeds.PROJECT, log=log, limit=limit_seconds
    )
    return measure.Measurement(wall, cpu, peak, dbt_execution(output / "target"))


def dbt_execution(target: Path) -> float:
    """Seconds from dbt's first node to its last: without start-up and parsing."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    times = [
        step
        for result in results
        for step in result["timing"]
        if step["name"] == "execute" and step["started_at"] and step["completed_at"]
    ]
    if not times:
        raise BadInputError("dbt executed nothing")
    first = min(_seconds(step["started_at"]) for step in times)
    return max(_seconds(step["completed_at"]) for step in times) - first


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
