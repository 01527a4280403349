"""Starting, asking and stopping the processes of a standalone cluster on the loopback interface.

A folder holds all of it: `cluster.json` (which processes run), `logs/`, `work/` (of the workers).
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from kinerja.core import ports
from kinerja.core.errors import BadInputError
from kinerja.core.ports import HOST

from . import requirements

DEFAULT_PORT = 7077
DEFAULT_MASTER = f"spark://{HOST}:{DEFAULT_PORT}"
DEFAULT_MEMORY = "1g"
# What the driver logs; the processes of the cluster log as Spark does by default, into files.
CONFIGURATION = Path(__file__).parent / "conf"
# One JVM of Spark takes a few seconds on a busy machine.
_START_SECONDS = 60
_STOP_SECONDS = 15
_CLASSES = {"master": "deploy.master.Master", "worker": "deploy.worker.Worker"}


@dataclass(frozen=True, slots=True)
class Process:
    """One JVM of the cluster; `role` is master or worker."""

    role: str
    pid: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """What `cluster.json` holds. `memory` (as Spark writes it) and `cores` are of each worker."""

    master: str
    web: str
    cores: int
    memory: str
    processes: tuple[Process, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cluster shall be."""

    workers: int = 2
    cores: int = 1
    memory: str = DEFAULT_MEMORY


def start(folder: Path, size: Size, port: int = DEFAULT_PORT) -> Cluster:
    """Starts a master and its workers and waits until all have registered.

    Raises BadInputError, with nothing left running, when that cannot be.
    """
    if sys.platform == "win32":
        raise BadInputError("Spark's cluster is started on Linux and macOS only.")
    requirements.java()
    home = requirements.spark_home()
    _check_size(size)
    running = read(folder)
    if running is not None and any(map(_running, running.processes)):
        raise BadInputError(
            f"A cluster of {folder} runs already, at {running.master}. Stop it first."
        )
    if ports.is_taken(port):
        raise BadInputError(f"Port {port} of {HOST} is taken. Name another: --port")
    shutil.rmtree(folder / "work", ignore_errors=True)
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    master, web = f"spark://{HOST}:{port}", ports.a_free_one()
    cluster = Cluster(master, f"http://{HOST}:{web}", size.cores, size.memory, ())
    try:
        ours = ("--port", str(port), "--webui-port", str(web))
        cluster = _with(folder, cluster, "master", home, *ours)
        _wait(lambda: _alive_workers(cluster) is not None, folder, cluster)
        for _ in range(size.workers):
            options = ["--cores", str(size.cores), "--memory", size.memory, "--webui-port", "0"]
            cluster = _with(folder, cluster, "worker", home, *options, master)
        _wait(lambda: _alive_workers(cluster) == size.workers, folder, cluster)
    except BaseException:
        stop(folder)
        raise
    return cluster


def stop(folder: Path) -> int:
    """Ends the processes of the folder's cluster, and what they started; gives how many ran."""
    cluster = read(folder)
    if cluster is None:
        return 0
    # Workers first: a master that goes before them makes them complain.
    ours = [found for one in reversed(cluster.processes) if (found := _running(one)) is not None]
    everything = [*ours, *_executors(folder)]
    for end in (psutil.Process.terminate, psutil.Process.kill):
        for process in everything:
            with suppress(psutil.Error):
                end(process)
        _, everything = psutil.wait_procs(everything, timeout=_STOP_SECONDS)
    _state_file(folder).unlink(missing_ok=True)
    shutil.rmtree(folder / "work", ignore_errors=True)
    return len(ours)


def status(folder: Path) -> dict[str, Any] | None:
    """What runs, as plain values; None without a cluster.

    Keys: master, web, cores, memory, processes (role, pid, is_running), workers_alive (as the
    master counts them; None when it does not answer).
    """
    cluster = read(folder)
    if cluster is None:
        return None
    return {
        **asdict(cluster),
        "processes": [
            {**asdict(process), "is_running": _running(process) is not None}
            for process in cluster.processes
        ],
        "workers_alive": _alive_workers(cluster),
    }


def read(folder: Path) -> Cluster | None:
    """The cluster that was started in the folder, running or not."""
    try:
        written = json.loads(_state_file(folder).read_text())
        processes = tuple(Process(**process) for process in written.pop("processes"))
        return Cluster(**written, processes=processes)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise BadInputError(
            f"{_state_file(folder)} is not what kinerja cluster start writes: {error}"
        ) from None


def check_before_build(master: str, folder: Path) -> None:
    """Raises BadInputError when no build can begin on this master: no Java, master or worker."""
    requirements.java()
    if not master.startswith("spark://"):
        return
    begin = "Start one: uv run --extra spark kinerja cluster start"
    if not requirements.answers(master):
        raise BadInputError(f"No Spark master answers at {master}. {begin}")
    cluster = read(folder)
    if cluster is not None and cluster.master == master and _alive_workers(cluster) == 0:
        raise BadInputError(f"The Spark master at {master} has no worker left. Stop it. {begin}")


def _with(folder: Path, cluster: Cluster, role: str, home: Path, *options: str) -> Cluster:
    """The cluster with one more process, written down before anything else can fail."""
    options = ("--host", HOST, *options)
    log = folder / "logs" / f"{role}-{len(cluster.processes)}.log"
    with log.open("w") as output:
        started = subprocess.Popen(
            [home / "bin" / "spark-class", f"org.apache.spark.{_CLASSES[role]}", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Closing the terminal leaves it.
            start_new_session=True,
            env={
                **os.environ,
                "SPARK_HOME": str(home),
                "SPARK_LOCAL_IP": HOST,
                "SPARK_LOCAL_DIRS": str((folder / "work").resolve()),
                "SPARK_WORKER_DIR": str((folder / "work").resolve()),
                "SPARK_DAEMON_MEMORY": "512m",
            },
        )
    cluster = replace(cluster, processes=(*cluster.processes, Process(role, started.pid)))
    _state_file(folder).write_text(json.dumps(asdict(cluster), indent=2) + "\n")
    return cluster


def _wait(is_ready: Callable[[], bool], folder: Path, cluster: Cluster) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not is_ready():
        ended = [process for process in cluster.processes if _running(process) is None]
        if ended or time.monotonic() > deadline:
            number = cluster.processes.index(ended[0]) if ended else len(cluster.processes) - 1
            log = folder / "logs" / f"{cluster.processes[number].role}-{number}.log"
            what = "ended" if ended else f"did not register within {_START_SECONDS} s"
            raise BadInputError(
                f"The {cluster.processes[number].role} {what}. Its last lines ({log}):\n"
                + "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            )
        time.sleep(0.2)


def _alive_workers(cluster: Cluster) -> int | None:
    """How many workers the master counts as alive; None when it does not answer."""
    try:
        with urllib.request.urlopen(f"{cluster.web}/json/", timeout=5) as answer:
            states = [str(worker["state"]) for worker in json.load(answer)["workers"]]
    except (OSError, ValueError, KeyError):
        return None
    return states.count("ALIVE")


def _check_size(size: Size) -> None:
    if size.workers < 1 or size.cores < 1:
        raise BadInputError("A cluster needs at least one worker with one core.")
    written = re.fullmatch(r"([1-9]\d*)([mg])", size.memory)
    if written is None:
        raise BadInputError(f'Memory is written like 1g or 1500m, not "{size.memory}".')
    megabytes = int(written[1]) * (1024 if written[2] == "g" else 1)
    if megabytes < 512:
        raise BadInputError(f"{size.memory} is too little for a worker; Spark needs 512m.")
    machine = psutil.virtual_memory().total // 2**20
    if size.workers * megabytes > machine:
        raise BadInputError(
            f"{size.workers} workers of {size.memory} are more than this machine's {machine} MB."
        )


def _running(process: Process) -> psutil.Process | None:
    """The JVM that was started under this pid; None when it has ended, or the pid is another's."""
    try:
        found = psutil.Process(process.pid)
        ours = _CLASSES[process.role] in " ".join(found.cmdline())
    except psutil.Error:
        return None
    return found if ours else None


def _executors(folder: Path) -> Iterator[psutil.Process]:
    """What the workers started: it works in their folder, also when its worker is gone."""
    work = str((folder / "work").resolve()) + os.sep
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd().startswith(work):
                yield process


def _state_file(folder: Path) -> Path:
    return folder / "cluster.json"
