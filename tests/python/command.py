"""The command, as the tests run it."""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from kinerja.cli import main
from kinerja.cli.answers import Session
from kinerja.ingest.engine import Gate as RawGate
from kinerja.publish.audit import Gate as ReleaseGate

KINERJA = str(Path(sys.executable).with_name("kinerja"))
"""The installed command, for tests that start a process of their own."""


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one document that --json prints."""
        [line] = self.out.splitlines()
        document: dict[str, Any] = json.loads(line)
        assert list(document) == ["command", "status", "exit_code", "message", "result"]
        assert document["exit_code"] == self.code
        assert document["status"] == {0: "done", 1: "stopped"}.get(self.code, "failed")
        return document

    @property
    def result(self) -> Any:
        return self.answer["result"]


def kinerja(
    *words: object,
    raw_gate: RawGate | None = None,
    release_gates: Mapping[str, ReleaseGate] | None = None,
) -> Ended:
    """Run the command in this process; the gates can be others.

    Nobody is there to be asked, so what an ingest leaves no doubt about is stored.
    """
    words = (*words, "--yes") if words[:1] == ("ingest",) else words
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(
            [str(word) for word in words], Session(raw_gate=raw_gate, release_gates=release_gates)
        )
    return Ended(code, out.getvalue(), err.getvalue())


def kill(pid: int) -> None:
    """Kill a process with all that it started, as when its machine is lost."""
    process = psutil.Process(pid)
    for one in (process, *process.children(recursive=True)):
        one.kill()


def started(*words: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a process of its own, as a person does."""
    return subprocess.run(
        [KINERJA, *map(str, words)], capture_output=True, text=True, check=False, **more
    )
