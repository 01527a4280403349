"""The benchmark: every contender on every folder, some runs each, results equal or it fails."""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import altair
import duckdb
import psutil
from kinerja.core.errors import BadInputError

from . import compare, measure, runs, sources
from .engines import CONTENDERS


@dataclass
class Outcome:
    """One contender on one folder: its runs, or why there is none."""

    stream: str
    folder: str
    size: int  # printed scores, or budget lines
    contender: str
    label: str
    runs: list[measure.Measurement] = field(default_factory=list)
    fingerprints: dict[str, tuple[int, str]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    failure: str = ""


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
                if name not in names or stream not in contender.streams:
                    continue
                outcome = Outcome(stream, str(folder), size, name, contender.label)
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
        raise BadInputError(f"{folder} holds no shape.json; {runs.MAKE_IT} {folder}")
    shape = json.loads(file.read_text(encoding="utf-8"))
    return int(shape["cells" if stream == "index" else "lines"])


def write(outcomes: Sequence[Outcome], folder: Path) -> str:
    """Write benchmark.json, .md and, if there is anything to show, .svg; give the table."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "benchmark.json"
    found = {
        "processors": os.cpu_count(),
        "load_average": psutil.getloadavg(),
        "outcomes": [asdict(one) for one in outcomes],
    }
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    rows = duckdb.sql(sources.sql("outcomes.sql", file=file)).pl()
    table = markdown(rows.columns, rows.rows())
    file.with_suffix(".md").write_text(table + "\n", encoding="utf-8")
    if rows["of it work"].count():
        logarithmic = altair.Scale(type="log")
        chart = altair.Chart(altair.InlineData(values=rows.drop_nulls("of it work").to_dicts()))
        chart.mark_line(point=True).encode(
            x=altair.X("size:Q", title="printed figures", scale=logarithmic),
            y=altair.Y("of it work:Q", title="seconds", scale=logarithmic),
            color="contender:N",
            column="stream:N",
        ).properties(width=420, height=320).save(file.with_suffix(".svg"))
    return table


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as a Markdown table."""
    shown = [
        [f"{cell:,}" if isinstance(cell, int | float) else str(cell or "–") for cell in row]
        for row in rows
    ]
    lines = [columns, ["---"] * len(columns), *shown]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
