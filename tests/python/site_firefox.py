"""Firefox over WebDriver BiDi, which it speaks itself: Debian brings no driver for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from client_support import unavailable

if TYPE_CHECKING:
    from websocket import WebSocket

_SECONDS_TO_START = 60


class Firefox:
    """One open tab: where it is sent, what it is asked, what it said and requested meanwhile."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket, self._asked = socket, 0
        self._events: list[dict[str, Any]] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while (told := json.loads(self._socket.recv())).get("id") != self._asked:
            self._events.append(told)
        assert told["type"] == "success", told
        result: dict[str, Any] = told["result"]
        return result

    def open(self, address: str) -> None:
        """Open a page, loaded whole."""
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def width(self, pixels: int) -> None:
        """Make the page so wide."""
        viewport = {"width": pixels, "height": 900}
        self._ask("browsingContext.setViewport", context=self._tab, viewport=viewport)

    def run(self, script: str) -> Any:
        """The value of an expression, or of what it promises."""
        told = self._ask(
            "script.evaluate",
            expression=f"Promise.resolve({script}).then(JSON.stringify)",
            target={"context": self._tab},
            awaitPromise=True,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"].get("value", "null"))

    def said(self) -> list[str]:
        """What it said on the console and asked of hosts since the last time."""
        events, self._events = self._events, []
        found = []
        for event in events:
            if event["method"] == "log.entryAdded":
                found.append(str(event["params"]["text"]))
            elif not (url := event["params"]["request"]["url"]).startswith(
                ("file:", "data:", "about:")
            ):
                found.append(url)
        return found


@contextmanager
def opened(folder: Path) -> Iterator[Firefox]:
    """Start Firefox with a new profile in a folder."""
    command = shutil.which("firefox-esr") or shutil.which("firefox")
    if command is None:
        unavailable("firefox-esr is not installed")
    try:
        from websocket import create_connection
    except ImportError:
        unavailable("websocket-client is not installed (uv sync --group clients)")
    told = folder / "WebDriverBiDiServer.json"
    words = ("--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0")
    with subprocess.Popen(
        [command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            last = time.monotonic() + _SECONDS_TO_START
            while not told.exists() and time.monotonic() < last:
                time.sleep(0.1)
            time.sleep(0.1)
            where = json.loads(told.read_text(encoding="utf-8"))
            socket = create_connection(
                f"ws://{where['ws_host']}:{where['ws_port']}/session",
                suppress_origin=True,
                timeout=_SECONDS_TO_START,
            )
            try:
                yield Firefox(socket)
            finally:
                socket.close()
        finally:
            process.terminate()
