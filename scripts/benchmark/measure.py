"""One run in processes of its own: seconds, processor seconds, peak memory of all of them."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from kinerja.core.errors import BadInputError

_PAUSE = 0.2


@dataclass(frozen=True)
class Measurement:
    """One run; `work_seconds` is what the contender says of itself, without its start-up."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    work_seconds: float = 0.0


def run(
    command: Sequence[str], *, env: Mapping[str, str], folder: Path, log: Path, limit: float
) -> Measurement:
    """Run it to its end in `folder`, output to `log`; a failure is a BadInputError."""
    start = time.monotonic()
    cpu: dict[psutil.Process, float] = {}
    peak = 0
    with log.open("w", encoding="utf-8") as text:
        process = psutil.Popen(
            command, cwd=folder, env={**os.environ, **env}, stdout=text, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            # One of them may end while it is looked at.
            with suppress(psutil.Error):
                every = [process, *process.children(recursive=True)]
                cpu |= {one: sum(one.cpu_times()[:2]) for one in every}
                peak = max(peak, sum(one.memory_info().rss for one in every))
            if time.monotonic() - start > limit:
                for one in cpu:
                    with suppress(psutil.Error):
                        one.kill()
            with suppress(psutil.TimeoutExpired):
                process.wait(_PAUSE)
    seconds = time.monotonic() - start
    if seconds > limit:
        raise BadInputError(f"not done after {limit:.0f} s (log: {log})")
    if code := process.wait():
        last = log.read_text(encoding="utf-8").strip().rpartition("\n")[2] or "no output"
        raise BadInputError(f"ended with {code}: {last} (log: {log})")
    return Measurement(seconds, sum(cpu.values()), peak / 1e6)
