"""Apache Superset on the published file: `uv run python scripts/dashboard.py --help`.

`start` makes Superset's own environment (clients/superset/requirements.txt, pinned by hash),
prepares it, imports the dashboard of clients/superset/assets and serves it on 127.0.0.1 until
interrupted. `bundle` writes the dashboard as a ZIP for the import of a Superset that runs already.
The warehouse is opened read-only. Bad input is one message and exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from rich.console import Console

PROJECT = Path(__file__).resolve().parent.parent
SHIPPED = PROJECT / "clients" / "superset"
WARM_UP_SECONDS = 180

console = Console(stderr=True)


class RefusedError(Exception):
    """Something the person can put right; its text is all they need."""


def database_uri(database: Path) -> str:
    """SQLAlchemy's address of a DuckDB file."""
    return f"duckdb:///{quote(str(database))}"


def checked_database(database: Path) -> Path:
    database = database.absolute()
    if not database.is_file():
        raise RefusedError(
            f"no published file at {database}: run `uv run python scripts/publish.py`, "
            "or name one with --database"
        )
    return database


def make_environment(home: Path) -> Path:
    """The Python of Superset's environment, installed anew when the requirements have changed."""
    environment, requirements = home / "env", SHIPPED / "requirements.txt"
    python, installed = environment / "bin" / "python", environment / "installed.txt"
    if installed.is_file() and installed.read_bytes() == requirements.read_bytes():
        return python
    uv = shutil.which("uv")
    if uv is None:
        raise RefusedError(
            "uv is not on the PATH: https://docs.astral.sh/uv/ tells how to install it"
        )
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", "3.11", str(environment)],
        [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            str(python),
            str(requirements),
        ],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RefusedError(f"Superset cannot be installed:\n{done.stderr.strip()}")
    shutil.copyfile(requirements, installed)
    return python


def write_secrets(home: Path) -> None:
    """A signing key and the administrator's password, made once, readable by their owner only."""
    for name, length in (("secret_key", 42), ("admin_password", 12)):
        with suppress(FileExistsError), open(home / name, "x", opener=private_file) as file:
            file.write(secrets.token_urlsafe(length))


def private_file(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def superset_variables(home: Path) -> dict[str, str]:
    return os.environ | {
        "KINERJA_SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(SHIPPED / "superset_config.py"),
        "FLASK_APP": "superset",
    }


def prepare(python: Path, home: Path, database: Path) -> None:
    done = subprocess.run(
        [python, SHIPPED / "prepare.py", SHIPPED / "assets", database_uri(database)],
        cwd=home,
        env=superset_variables(home),
        capture_output=True,
        text=True,
        check=False,
    )
    (home / "prepare.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise RefusedError(
            f"Superset cannot be prepared: {''.join(last)} (more in {home / 'prepare.log'})"
        )


def serve(python: Path, home: Path, port: int) -> subprocess.Popen[bytes]:
    """The server's process, answering."""
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [
                *(python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"),
                *("--worker-class", "gthread", "--threads", "8", "--timeout", "120"),
                "superset.app:create_app()",
            ],
            cwd=home,
            env=superset_variables(home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + WARM_UP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer,
        ):
            if answer.status == 200:
                return server
        time.sleep(0.5)
    stop(server)
    raise RefusedError(f"Superset did not start; see {home / 'server.log'}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise RefusedError(f"port {port} is taken: name another with --port") from error


def start(database: Path, home: Path, port: int, as_json: bool) -> None:
    database, home = checked_database(database), home.absolute()
    check_port(port)
    home.mkdir(parents=True, exist_ok=True)
    write_secrets(home)
    with console.status("Installing Superset (694 MB, once) …"):
        python = make_environment(home)
    with console.status("Preparing Superset and importing the dashboard …"):
        prepare(python, home, database)
    with console.status("Starting …"):
        server = serve(python, home, port)
    address = f"http://127.0.0.1:{port}/superset/dashboard/kinerja/"
    try:
        if as_json:
            facts = {"url": address, "user": "admin", "password_file": str(home / "admin_password")}
            print(json.dumps(facts), flush=True)
        else:
            console.print(f"[bold]{address}[/]")
            console.print(f"User admin, password in {home / 'admin_password'}. Stop with Ctrl+C.")
        code = server.wait()
        raise RefusedError(f"Superset ended with code {code}; see {home / 'server.log'}")
    except KeyboardInterrupt:
        pass
    finally:
        stop(server)


def bundle(target: Path, database: Path) -> None:
    """The dashboard as a ZIP for Superset's `Import dashboard`, the path of the file filled in."""
    shipped = (SHIPPED / "assets" / "databases" / "kinerja.yaml").read_text(encoding="utf-8")
    placeholder = next(line for line in shipped.splitlines() if line.startswith("sqlalchemy_uri:"))
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted((SHIPPED / "assets").rglob("*.yaml")):
                text = file.read_text(encoding="utf-8").replace(
                    placeholder, f"sqlalchemy_uri: {database_uri(database)}"
                )
                archive.writestr(f"kinerja/{file.relative_to(SHIPPED / 'assets').as_posix()}", text)
    except OSError as error:
        raise RefusedError(f"{target} cannot be written: {error.strerror}") from error
    console.print(f"{target}: import it in Superset under Dashboards > Import")


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("start", help="install, prepare and serve on 127.0.0.1")
    starting.add_argument("--port", type=int, default=8088)
    starting.add_argument("--home", type=Path, default=PROJECT / "build" / "superset")
    starting.add_argument("--json", action="store_true", help="one line of JSON when it answers")
    bundling = commands.add_parser("bundle", help="write the dashboard as a ZIP")
    bundling.add_argument("target", type=Path)
    default = PROJECT / "published" / "kinerja.duckdb"
    for command in (starting, bundling):
        command.add_argument("--database", type=Path, default=default, help="the published file")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parsed(arguments)
    # Asked to end by another program, it stops the server as Ctrl+C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if options.command == "start":
            start(options.database, options.home, options.port, options.json)
        else:
            bundle(options.target, checked_database(options.database))
    except RefusedError as refused:
        console.print(str(refused), style="red", highlight=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
