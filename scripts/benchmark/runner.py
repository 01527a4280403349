"""The benchmark: every contender on every folder, some runs each, results equal or it fails."""

import importlib.util
import json
import math
import os
import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kinerja.core.errors import BadInputError

from . import compare, measure, runs
from .engines import CONTENDERS


@dataclass
class Outcome:
    """One contender on one folder: its runs, or why there is none."""

    stream: str
    folder: str
    size: int  # printed scores, or budget lines
    contender: str
    runs: list[measure.Measurement] = field(default_factory=list)
    fingerprints: dict[str, tuple[int, str]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    failure: str = ""

    def median(self, name: str) -> float:
        """Of one figure of its runs."""
        return float(statistics.median(getattr(run, name) for run in self.runs))


def run(
    folders: Sequence[Path],
    streams: Sequence[str],
    names: Sequence[str],
    repeat: int,
    means: runs.Means,
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
        for size, folder in sorted((_size(folder, stream), folder) for folder in folders):
            place = scratch / stream / folder.name
            shutil.rmtree(place, ignore_errors=True)
            inputs = runs.prepare(folder, stream, place / "inputs")
            for name, contender in CONTENDERS.items():
                if name in names and stream in contender.streams:
                    outcome = Outcome(stream, str(folder), size, name)
                    outcomes.append(outcome)
                    try:
                        for number in range(repeat):
                            report(f"{stream}, {size:,}: {name}, run {number + 1} of {repeat}")
                            measured = runs.run(name, stream, inputs, place / name, means)
                            outcome.runs.append(measured)
                        _compare(outcome, place / name, place / "limit")
                    except BadInputError as error:
                        outcome.runs, outcome.failure = [], str(error)
                    keep(outcomes)
                    if name != "limit":
                        shutil.rmtree(place / name, ignore_errors=True)
            shutil.rmtree(place, ignore_errors=True)
    return outcomes


def _compare(outcome: Outcome, output: Path, limit: Path) -> None:
    outcome.fingerprints = compare.fingerprints(outcome.stream, output)
    if limit.exists() and outcome.fingerprints != compare.fingerprints(outcome.stream, limit):
        outcome.differences = compare.differences(outcome.stream, output, limit)


def _size(folder: Path, stream: str) -> int:
    file = folder / "shape.json"
    if not file.exists():
        raise BadInputError(
            f"{folder} holds no shape.json; make it with: python -m benchmark generate {folder}"
        )
    shape = json.loads(file.read_text(encoding="utf-8"))
    return int(shape["cells" if stream == "index" else "lines"])


def exponents(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Stream and contender → k of seconds ~ size^k, from its smallest to its largest folder."""
    found = {}
    for stream, name in dict.fromkeys((one.stream, one.contender) for one in outcomes):
        sizes = {
            one.size: one.median("work_seconds")
            for one in outcomes
            if (one.stream, one.contender) == (stream, name) and one.runs
        }
        if len(sizes) > 1:
            least, most = min(sizes), max(sizes)
            grown = math.log(sizes[most] / sizes[least])
            found[f"{stream}: {name}"] = grown / math.log(most / least)
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
        cells = [one.stream, f"{one.size:,}", CONTENDERS[one.contender].label]
        if one.runs:
            seconds, work, cpu, peak = map(
                one.median, ("seconds", "work_seconds", "cpu_seconds", "peak_mb")
            )
            limit = limits.get((one.stream, one.size))
            cells += [f"{seconds:.1f}", f"{work:.1f}", f"{cpu:.1f}"]
            cells += [f"{work / limit:.2f}" if limit else "–", f"{peak:,.0f}"]
            cells += ["differ" if one.differences else "equal"]
        else:
            cells += ["–"] * 5 + [one.failure]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def as_data(outcomes: Sequence[Outcome]) -> dict[str, Any]:
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
    written[0].write_text(json.dumps(as_data(outcomes), indent=2) + "\n", encoding="utf-8")
    written[1].write_text(table(outcomes) + "\n", encoding="utf-8")
    rows = [
        {
            "printed figures": one.size,
            "seconds": one.median("work_seconds"),
            "contender": CONTENDERS[one.contender].label,
            "stream": one.stream,
        }
        for one in outcomes
        if one.runs
    ]
    if rows and importlib.util.find_spec("vl_convert"):
        import altair

        scale = altair.Scale(type="log")
        chart = altair.Chart(altair.InlineData(values=rows)).mark_line(point=True)
        written.append(folder / "benchmark.svg")
        chart.encode(
            x=altair.X("printed figures:Q", scale=scale),
            y=altair.Y("seconds:Q", scale=scale),
            color="contender:N",
            column="stream:N",
        ).properties(width=420, height=320).save(written[-1])
    return written
