"""The benchmark: every contender on every folder, some runs each, results equal or it fails."""

import importlib.util
import json
import math
import os
import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kinerja.core.errors import BadInputError

from . import compare, contenders, measure


@dataclass(frozen=True)
class Outcome:
    """One contender on one folder: medians over its runs, or why there is none."""

    stream: str
    folder: str
    size: int  # printed scores, or budget lines
    contender: str
    runs: list[measure.Measurement]
    fingerprints: dict[str, tuple[int, str]]
    differences: list[str]
    failure: str = ""

    def median(self, name: str) -> float:
        """Of one figure of its runs."""
        return float(statistics.median(getattr(run, name) for run in self.runs))


def run(
    folders: Sequence[Path],
    streams: Sequence[str],
    names: Sequence[str],
    repeat: int,
    memory: str,
    threads: int,
    limit_seconds: float,
    scratch: Path,
    report: Callable[[str], None],
    keep: Callable[[list[Outcome]], object],
) -> list[Outcome]:
    """
    The limit first: every other contender's results are compared with its.

    What is known so far is kept after each contender, as a run at scale takes hours.
    """
    outcomes = []
    for stream in streams:
        for folder in sorted(folders, key=lambda one: _size(one, stream)):
            size = _size(folder, stream)
            place = scratch / stream / folder.name
            shutil.rmtree(place, ignore_errors=True)
            inputs = contenders.prepare(folder, stream, place / "inputs")
            reference = place / "limit"
            for name in sorted(
                names, key=lambda one: (one != "limit", list(contenders.CONTENDERS).index(one))
            ):
                one = contenders.CONTENDERS[name]
                if stream not in one.streams or size > one.largest_cells:
                    continue
                outcomes.append(
                    _one(
                        stream,
                        folder,
                        size,
                        name,
                        repeat,
                        memory,
                        threads,
                        limit_seconds,
                        inputs,
                        place,
                        reference,
                        report,
                    )
                )
                keep(outcomes)
                if name != "limit":
                    shutil.rmtree(place / name, ignore_errors=True)
            shutil.rmtree(place, ignore_errors=True)
    return outcomes


def _one(
    stream: str,
    folder: Path,
    size: int,
    name: str,
    repeat: int,
    memory: str,
    threads: int,
    limit_seconds: float,
    inputs: Path,
    place: Path,
    reference: Path,
    report: Callable[[str], None],
) -> Outcome:
    runs = []
    output = place / name
    try:
        for number in range(repeat):
            report(f"{stream}, {size:,}: {name}, run {number + 1} of {repeat}")
            runs.append(
                contenders.run(name, stream, inputs, output, memory, threads, limit_seconds)
            )
        found = compare.fingerprints(stream, output)
    except BadInputError as error:
        return Outcome(stream, str(folder), size, name, [], {}, [], str(error))
    different = []
    if reference.exists() and name != "limit" and found != compare.fingerprints(stream, reference):
        different = compare.differences(stream, output, reference)
    return Outcome(stream, str(folder), size, name, runs, found, different)


def _size(folder: Path, stream: str) -> int:
    file = folder / "shape.json"
    if not file.exists():
        raise BadInputError(
            f"{folder} holds no shape.json; make it with: benchmark.py generate {folder}"
        )
    shape = json.loads(file.read_text(encoding="utf-8"))
    return int(shape["cells" if stream == "index" else "lines"])


def exponents(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Contender and stream → k of seconds ~ size^k, from its smallest to its largest folder."""
    found = {}
    for stream, name in dict.fromkeys((one.stream, one.contender) for one in outcomes):
        mine = [
            one for one in outcomes if (one.stream, one.contender) == (stream, name) and one.runs
        ]
        if len({one.size for one in mine}) > 1:
            least, most = min(mine, key=lambda one: one.size), max(mine, key=lambda one: one.size)
            found[f"{stream}: {name}"] = math.log(
                most.median("work_seconds") / least.median("work_seconds")
            ) / math.log(most.size / least.size)
    return found


def table(outcomes: Sequence[Outcome]) -> str:
    """A Markdown table: medians, the ratio to the limit, and whether results are equal."""
    lines = [
        "| stream | size | contender | seconds | of it work | CPU seconds | × limit | peak MB "
        "| results |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    limits = {
        (one.stream, one.size): one.median("work_seconds")
        for one in outcomes
        if one.contender == "limit" and one.runs
    }
    for one in outcomes:
        label = contenders.CONTENDERS[one.contender].label
        start = f"| {one.stream} | {one.size:,} | {label} "
        if not one.runs:
            lines.append(f"{start}| – | – | – | – | – | {one.failure} |")
            continue
        base = limits.get((one.stream, one.size))
        ratio = f"{one.median('work_seconds') / base:.2f}" if base else "–"
        lines.append(
            f"{start}| {one.median('seconds'):.1f} | {one.median('work_seconds'):.1f} "
            f"| {one.median('cpu_seconds'):.1f} | {ratio} | {one.median('peak_mb'):,.0f} "
            f"| {'differ' if one.differences else 'equal'} |"
        )
    return "\n".join(lines)


def as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Everything measured, and on what."""
    return {
        "processors": os.cpu_count(),
        "load_average": os.getloadavg(),
        "exponents": exponents(outcomes),
        "outcomes": [asdict(one) for one in outcomes],
    }


def write(outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """benchmark.json, benchmark.md and, with the group `benchmark`, benchmark.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "benchmark.json", folder / "benchmark.md"]
    written[0].write_text(json.dumps(as_json(outcomes), indent=2) + "\n", encoding="utf-8")
    written[1].write_text(table(outcomes) + "\n", encoding="utf-8")
    if importlib.util.find_spec("vl_convert") is None or not any(one.runs for one in outcomes):
        return written
    import altair as alt

    rows = [
        {
            "printed figures": one.size,
            "seconds": one.median("work_seconds"),
            "contender": contenders.CONTENDERS[one.contender].label,
            "stream": one.stream,
        }
        for one in outcomes
        if one.runs
    ]
    scale = alt.Scale(type="log")
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("printed figures:Q", scale=scale),
            y=alt.Y("seconds:Q", scale=scale),
            color="contender:N",
            column="stream:N",
        )
        .properties(width=420, height=320)
    )
    chart.save(folder / "benchmark.svg")
    return [*written, folder / "benchmark.svg"]
