"""
One contender in processes of its own: seconds, processor seconds, and the peak memory of all its
processes.
"""

import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kinerja.core.errors import BadInputError

_TICK = os.sysconf("SC_CLK_TCK")
_PAUSE = 0.2


@dataclass(frozen=True)
class Measurement:
    """
    One run. `work_seconds` is what the contender says of itself: without start-up, or dbt's own
    execution.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    work_seconds: float


def run(
    command: Sequence[str], *, env: Mapping[str, str], folder: Path, log: Path, limit: float
) -> tuple[float, float, float]:
    """
    Run it to its end in `folder`; wall seconds, processor seconds, peak MB. A failure is a
    BadInputError.
    """
    start = time.monotonic()
    with log.open("w", encoding="utf-8") as text:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **env}, stdout=text, stderr=subprocess.STDOUT
        )
        tree = _Tree(process.pid)
        try:
            code = process.wait(timeout=limit)
        except subprocess.TimeoutExpired as error:
            raise BadInputError(f"not done after {limit:.0f} s (log: {log})") from error
        finally:
            tree.end()
            if process.poll() is None:
                process.kill()
                process.wait()
    seconds = time.monotonic() - start
    if code != 0:
        lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
        raise BadInputError(
            f"ended with {code}: {lines[-1] if lines else 'no output'} (log: {log})"
        )
    return seconds, tree.cpu_seconds, tree.peak_bytes / 1e6


class _Tree:
    """Looks at /proc now and then, in a thread, until told to end."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._cpu: dict[int, float] = {}
        self.peak_bytes = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def cpu_seconds(self) -> float:
        """Of all processes seen, each as last seen."""
        return sum(self._cpu.values())

    def end(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.is_set():
            self._look()
            self._done.wait(_PAUSE)

    def _look(self) -> None:
        parents: dict[int, int] = {}
        found: dict[int, tuple[float, float]] = {}
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            try:
                fields = Path(f"/proc/{entry.name}/stat").read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            pid = int(entry.name)
            parents[pid] = int(fields[1])
            found[pid] = (
                (int(fields[11]) + int(fields[12])) / _TICK,
                int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
            )
        total = 0.0
        for pid, (cpu, resident) in found.items():
            above = pid
            while above in parents and above != self._root:
                above = parents[above]
            if above == self._root:
                self._cpu[pid] = cpu
                total += resident
        self.peak_bytes = max(self.peak_bytes, total)


def last_line(log: Path) -> dict[str, float]:
    """What a contender wrote as its last line."""
    found: dict[str, float] = json.loads(log.read_text(encoding="utf-8").strip().splitlines()[-1])
    return found
