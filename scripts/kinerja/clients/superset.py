"""Apache Superset on the published file, which it opens read-only.

It gets an environment of its own (clients/superset/requirements.txt, pinned by hash) and the
dashboard of clients/superset/assets.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from kinerja.core import paths, ports
from kinerja.core.database import built
from kinerja.core.errors import BadInputError

_WARM_UP_SECONDS = 180


@contextmanager
def served(
    database: Path, home: Path, port: int, tell: Callable[[str], None]
) -> Iterator[tuple[dict[str, str], Callable[[], None]]]:
    """Serve the dashboard on the loopback interface until the block ends.

    Gives its url, user and password_file, and a function that waits until Superset is interrupted.
    `home` holds Superset's environment, database and keys. Raises BadInputError.
    """
    if sys.platform == "win32":
        raise BadInputError(
            "Superset serves on Linux and macOS only; use kinerja dashboard bundle for one there."
        )
    database, home = _published(database), home.absolute()
    if ports.is_taken(port):
        raise BadInputError(f"Port {port} is taken: name another with --port.")
    # Asked to end by another program, it stops the server as Ctrl+C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home.mkdir(parents=True, exist_ok=True)
    _write_secrets(home)
    tell("Installing Superset (694 MB, once)")
    python = _environment(home)
    tell("Preparing Superset and importing the dashboard")
    _prepare(python, home, database)
    tell("Starting")
    server = _serve(python, home, port)

    def wait() -> None:
        with suppress(KeyboardInterrupt):
            code = server.wait()
            raise BadInputError(f"Superset ended with code {code}; see {home / 'server.log'}")

    try:
        url = f"http://{ports.HOST}:{port}/superset/dashboard/kinerja/"
        facts = {"url": url, "user": "admin", "password_file": str(home / "admin_password")}
        yield facts, wait
    finally:
        _stop(server)


def bundle(target: Path, database: Path) -> None:
    """The dashboard as a ZIP for Superset's `Import dashboard`, the path of the file filled in."""
    database, assets = _published(database), _shipped() / "assets"
    shipped = (assets / "databases" / "kinerja.yaml").read_text(encoding="utf-8")
    placeholder = next(line for line in shipped.splitlines() if line.startswith("sqlalchemy_uri:"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(assets.rglob("*.yaml")):
            text = file.read_text(encoding="utf-8").replace(
                placeholder, f"sqlalchemy_uri: {_address(database)}"
            )
            archive.writestr(f"kinerja/{file.relative_to(assets).as_posix()}", text)


def _shipped() -> Path:
    return paths.project() / "clients" / "superset"


def _published(database: Path) -> Path:
    return built(database.absolute(), "Publish it first: uv run kinerja publish")


def _address(database: Path) -> str:
    """SQLAlchemy's address of a DuckDB file."""
    return f"duckdb:///{quote(str(database))}"


def _environment(home: Path) -> Path:
    """The Python of Superset's environment, installed anew when the requirements have changed."""
    environment, requirements = home / "env", _shipped() / "requirements.txt"
    python, installed = environment / "bin" / "python", environment / "installed.txt"
    if installed.is_file() and installed.read_bytes() == requirements.read_bytes():
        return python
    uv = shutil.which("uv")
    if uv is None:
        raise BadInputError(
            "uv is not on the PATH: https://docs.astral.sh/uv/ tells how to install it."
        )
    sync = ("pip", "sync", "--quiet", "--require-hashes", "--python", python, requirements)
    for words in (("venv", "--quiet", "--clear", "--python", "3.11", environment), sync):
        done = subprocess.run([uv, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise BadInputError(f"Superset cannot be installed: {done.stderr.strip()}")
    shutil.copyfile(requirements, installed)
    return python


def _write_secrets(home: Path) -> None:
    """A signing key and the administrator's password, made once, readable by their owner only."""
    for name, length in (("secret_key", 42), ("admin_password", 12)):
        with suppress(FileExistsError):
            (home / name).touch(0o600, exist_ok=False)
            (home / name).write_text(secrets.token_urlsafe(length), encoding="utf-8")


def _variables(home: Path) -> dict[str, str]:
    return os.environ | {
        "KINERJA_SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(_shipped() / "superset_config.py"),
        "FLASK_APP": "superset",
    }


def _prepare(python: Path, home: Path, database: Path) -> None:
    done = subprocess.run(
        [python, _shipped() / "prepare.py", _shipped() / "assets", _address(database)],
        cwd=home,
        env=_variables(home),
        capture_output=True,
        text=True,
        check=False,
    )
    (home / "prepare.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise BadInputError(
            f"Superset cannot be prepared: {''.join(last)} (more in {home / 'prepare.log'})"
        )


def _serve(python: Path, home: Path, port: int) -> subprocess.Popen[bytes]:
    """The server's process, answering."""
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(python, "-m", "gunicorn", "--bind", f"{ports.HOST}:{port}", "--workers", "1"),
                *("--worker-class", "gthread", "--threads", "8", "--timeout", "120"),
                "superset.app:create_app()",
            ],
            cwd=home,
            env=_variables(home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + _WARM_UP_SECONDS
    try:
        while time.monotonic() < deadline and server.poll() is None:
            with (
                suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(f"http://{ports.HOST}:{port}/health", timeout=5) as answer,
            ):
                if answer.status == 200:
                    return server
            time.sleep(0.5)
    except BaseException:
        _stop(server)
        raise
    _stop(server)
    raise BadInputError(f"Superset did not start; see {home / 'server.log'}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
