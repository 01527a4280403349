"""Starting, asking and stopping the processes of a standalone cluster on the loopback interface.

A folder holds all of it: `cluster.json` (which processes run), `logs/`, `work/` (of the workers).
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kinerja.core.errors import BadInputError

from . import requirements

HOST = "127.0.0.1"
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

    @property
    def workers(self) -> tuple[Process, ...]:
        return tuple(process for process in self.processes if process.role == "worker")


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
    requirements.java()
    home = requirements.spark_home()
    _check_size(size)
    running = read(folder)
    if running is not None and any(_is_running(process) for process in running.processes):
        raise BadInputError(
            f"A cluster of {folder} runs already, at {running.master}. Stop it first."
        )
    if _is_taken(port):
        raise BadInputError(f"Port {port} of {HOST} is taken. Name another: --port")
    shutil.rmtree(folder / "work", ignore_errors=True)
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    master, web = f"spark://{HOST}:{port}", _free_port()
    cluster = Cluster(master, f"http://{HOST}:{web}", size.cores, size.memory, ())
    try:
        cluster = _with(
            folder, cluster, "master", home, ["--port", str(port), "--webui-port", str(web)]
        )
        _wait(lambda: _alive_workers(cluster) is not None, folder, cluster)
        for _ in range(size.workers):
            options = ["--cores", str(size.cores), "--memory", size.memory, "--webui-port", "0"]
            cluster = _with(folder, cluster, "worker", home, [*options, master])
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
    running = [process for process in cluster.processes if _is_running(process)]
    # Workers first: a master that goes before them makes them complain.
    # The last signal also ends the executors of a worker that was killed.
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in reversed(cluster.processes):
            _signal(process, number)
        deadline = time.monotonic() + _STOP_SECONDS
        while any(_is_running(process) for process in running) and time.monotonic() < deadline:
            time.sleep(0.1)
    _state_file(folder).unlink(missing_ok=True)
    shutil.rmtree(folder / "work", ignore_errors=True)
    return len(running)


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
            {**asdict(process), "is_running": _is_running(process)} for process in cluster.processes
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
            f"{_state_file(folder)} is not what `cluster.py start` writes: {error}"
        ) from None


def check_before_build(master: str, folder: Path) -> None:
    """Raises BadInputError when no build can begin on this master: no Java, master or worker."""
    requirements.java()
    if not master.startswith("spark://"):
        return
    begin = "Start one: uv run --extra spark python scripts/cluster.py start"
    if not requirements.answers(master):
        raise BadInputError(f"No Spark master answers at {master}. {begin}")
    cluster = read(folder)
    if cluster is not None and cluster.master == master and _alive_workers(cluster) == 0:
        raise BadInputError(f"The Spark master at {master} has no worker left. Stop it. {begin}")


def _with(folder: Path, cluster: Cluster, role: str, home: Path, options: list[str]) -> Cluster:
    """The cluster with one more process, written down before anything else can fail."""
    log = folder / "logs" / f"{role}-{len(cluster.processes)}.log"
    with log.open("w") as output:
        started = subprocess.Popen(
            [
                str(home / "bin" / "spark-class"),
                f"org.apache.spark.{_CLASSES[role]}",
                "--host",
                HOST,
                *options,
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A group of its own: closing the terminal leaves it, and its executors end with it.
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
    processes = (*cluster.processes, Process(role, started.pid))
    cluster = Cluster(cluster.master, cluster.web, cluster.cores, cluster.memory, processes)
    _state_file(folder).write_text(json.dumps(asdict(cluster), indent=2) + "\n")
    return cluster


def _wait(is_ready: Callable[[], bool], folder: Path, cluster: Cluster) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not is_ready():
        ended = [process for process in cluster.processes if not _is_running(process)]
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
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    if size.workers * megabytes > machine:
        raise BadInputError(
            f"{size.workers} workers of {size.memory} are more than this machine's {machine} MB."
        )


def _is_running(process: Process) -> bool:
    """True when the pid is still the JVM that was started under it."""
    asked = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, command = asked.stdout.strip().partition(" ")
    return not state.startswith("Z") and _CLASSES[process.role] in command


def _signal(process: Process, number: signal.Signals) -> None:
    """To the process and all in its group; nothing when the pid is somebody else's by now."""
    group = subprocess.run(
        ["ps", "-A", "-o", "pgid=,command="], capture_output=True, text=True, check=False
    ).stdout
    for line in group.splitlines():
        pgid, _, command = line.strip().partition(" ")
        if pgid == str(process.pid) and "org.apache.spark" in command:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            return


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _state_file(folder: Path) -> Path:
    return folder / "cluster.json"
