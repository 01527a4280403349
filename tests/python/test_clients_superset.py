"""Superset for real: installed, started, the dashboard imported, its charts equal the warehouse.

Minutes, not seconds: run with `uv run pytest -m superset`.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import duckdb
import pytest
from client_support import replace_atomically, unavailable
from command import KINERJA
from warehouse import PROJECT, Warehouse

pytestmark = pytest.mark.superset

SCREENSHOT = PROJECT / "build" / "superset-dashboard.png"

# Chart -> what it must show, in the order of its columns.
EXPECTED = {
    "Peringkat Smart City": """
        select rank, region_name, province_name, final_score, improvement
        from marts.smart_city join marts.regions using (region_code) where took_part
    """,
    "Nilai dimensi Smart City": """
        select label_id, region_name, score
        from (
            unpivot marts.smart_city on baseline, output, quick_win, impact, outcome
            into name component_code value score
        )
        join marts.regions using (region_code)
        join marts.score_components using (component_code)
        where instrument = 'smart_city'
    """,
    "Indeks Pelayanan Publik menurut kategori": """
        select grade_published, {region_type}, count(*) from marts.public_service
        join marts.regions using (region_code) where grade_published is not null group by all
    """,
    "Indeks Pelayanan Publik menurut jenis daerah": """
        select {region_type}, count(*), round(avg(index_published), 9), min(index_published),
            max(index_published)
        from marts.public_service join marts.regions using (region_code)
        where index_published is not null group by all
    """,
    "Realisasi anggaran per triwulan": """
        select 'Triwulan ' || quarter, line_name, realization_rupiah
        from marts.budget_realization where budget_level = 'program'
    """,
    "Serapan anggaran menurut program": """
        select line_name, ceiling_rupiah, cumulative_realization_rupiah, cumulative_realization_pct,
            remaining_rupiah
        from marts.budget_realization where budget_level in ('agency', 'program') and quarter = 4
    """,
    "Capaian target kinerja": """
        select indicator_name, target, realization, achievement_pct_published, achievement_pct
        from marts.target_achievement where quarter = 4
    """,
    "Temuan menurut aturan": """
        select rule_id, severity, count(*) from marts.findings group by all
    """,
    "Angka yang dihitung ulang, menurut putusan": """
        select rule_id, verdict, count(*) from marts.reconciliation group by all
    """,
}
REGION_TYPE = (
    "case region_type when 'province' then 'Provinsi' when 'city' then 'Kota' else 'Kabupaten' end"
)


class Superset(NamedTuple):
    base: str
    password: str
    published: Path
    token: str

    def ask(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of a REST request."""
        request = urllib.request.Request(
            self.base + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                **({} if body is None else {"Content-Type": "application/json"}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or "null")

    def charts(self) -> dict[str, int]:
        status, answer = self.ask("/api/v1/chart/?q=(page_size:100)")
        assert status == 200
        return {chart["slice_name"]: chart["id"] for chart in answer["result"]}

    def rows(self, chart: int) -> list[tuple[Any, ...]]:
        status, answer = self.ask(f"/api/v1/chart/{chart}/data/")
        assert status == 200, answer
        [result] = answer["result"]
        assert result["error"] is None
        return [tuple(map(plain, row.values())) for row in result["data"]]


def plain(value: Any) -> Any:
    """A figure as the shortest decimal; nine decimals hold what the warehouse and a mean need."""
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).quantize(Decimal("1e-9")).normalize()
    return value


@pytest.fixture(scope="module")
def superset(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    if shutil.which("uv") is None:
        unavailable("uv is not on the PATH")
    folder = tmp_path_factory.mktemp("superset")
    published = folder / "kinerja.duckdb"
    shutil.copyfile(built.database, published)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [KINERJA, "dashboard", "start", "--json"]
    options: list[str | Path] = [
        "--home",
        folder / "home",
        "--database",
        published,
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            ready = process.stdout.readline()
            if not ready:
                message = process.stderr.read()
                if "cannot be installed" in message:
                    unavailable(message)
                pytest.fail(message, pytrace=False)
            facts = json.loads(ready)["result"]
            password = Path(facts["password_file"]).read_text()
            anonymous = Superset(base, password, published, "")
            login = {"username": "admin", "password": password, "provider": "db"}
            _, answer = anonymous.ask("/api/v1/security/login", login)
            yield anonymous._replace(token=answer["access_token"])
        finally:
            process.terminate()
            process.wait(60)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server outlived the script"


def test_each_chart_shows_the_figures_of_the_warehouse(superset: Superset) -> None:
    charts = superset.charts()
    assert set(charts) == set(EXPECTED)
    for title, statement in EXPECTED.items():
        with duckdb.connect(str(superset.published), read_only=True) as connection:
            rows = connection.execute(statement.format(region_type=REGION_TYPE)).fetchall()
        expected = [tuple(map(plain, row)) for row in rows]
        shown = superset.rows(charts[title])
        assert sorted(map(str, shown)) == sorted(map(str, expected)), title


def test_the_dashboard_holds_the_charts_and_datasets(superset: Superset) -> None:
    status, answer = superset.ask("/api/v1/dashboard/kinerja/charts")
    assert status == 200
    assert {chart["slice_name"] for chart in answer["result"]} == set(EXPECTED)
    status, answer = superset.ask("/api/v1/dashboard/kinerja/datasets")
    assert status == 200
    assert len(answer["result"]) == 7


@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.smart_city",
        "create table marts.mine (n integer)",
        "select * from read_csv('/etc/hostname')",
        "set enable_external_access = true",
    ],
)
def test_its_sql_editor_changes_and_reaches_nothing(superset: Superset, statement: str) -> None:
    _, answer = superset.ask("/api/v1/database/")
    [database] = answer["result"]
    before = superset.published.read_bytes()
    answers = []
    for sql in ("select count(*) as n from marts.regions", statement):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        headers = {"Authorization": f"Bearer {superset.token}", "Content-Type": "application/json"}
        csrf = urllib.request.Request(
            superset.base + "/api/v1/security/csrf_token/", headers=headers
        )
        token = json.load(opener.open(csrf))["result"]
        request = urllib.request.Request(
            superset.base + "/api/v1/sqllab/execute/",
            data=json.dumps({"database_id": database["id"], "sql": sql}).encode(),
            headers={**headers, "X-CSRFToken": token, "Referer": superset.base},
        )
        try:
            answers.append((200, json.load(opener.open(request, timeout=60))))
        except urllib.error.HTTPError as error:
            answers.append((error.code, json.loads(error.read())))
    (allowed, rows), (refused, reason) = answers
    assert allowed == 200, rows
    assert rows["data"] == [{"n": 552}]
    assert refused >= 400, reason
    assert "errors" in reason
    assert superset.published.read_bytes() == before


def test_charts_show_whole_releases_while_they_are_replaced(superset: Superset) -> None:
    """Four readers ask while 20 releases are published; the newest is shown without a restart."""
    chart = superset.charts()["Peringkat Smart City"]
    releases = [superset.published.with_name(name) for name in ("first.duckdb", "second.duckdb")]
    for release in releases:
        shutil.copyfile(superset.published, release)
    with duckdb.connect(str(releases[1])) as connection:
        connection.execute("update marts.smart_city set final_score = final_score - 0.01")
    first = frozenset(superset.rows(chart))
    replace_atomically(releases[1], superset.published)
    second = frozenset(superset.rows(chart))
    assert len(first) == len(second) == 98
    assert not first & second

    seen: list[frozenset[Any]] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.append(frozenset(superset.rows(chart)))
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(20):
        time.sleep(0.25)
        replace_atomically(releases[(turn + 1) % 2], superset.published)
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(seen) >= 8
    assert set(seen) <= {first, second}
    replace_atomically(releases[0], superset.published)
    assert frozenset(superset.rows(chart)) == first


def test_a_browser_shows_the_dashboard_and_reaches_no_other_host(
    superset: Superset, tmp_path: Path
) -> None:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        unavailable("chromium and chromedriver are not installed")
    try:
        from selenium import webdriver
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import WebDriverWait
    except ImportError:
        unavailable("selenium is not installed (uv sync --group clients)")

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"),
        *("disable-background-networking", "disable-component-update", "window-size=1500,2860"),
    ):
        options.add_argument(f"--{switch}")
    options.add_argument(f"--user-data-dir={tmp_path / 'profile'}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    service = webdriver.ChromeService(driver)
    with webdriver.Chrome(options=options, service=service) as browser:
        wait = WebDriverWait(browser, 90)
        browser.get(superset.base + "/login/")
        password = wait.until(lambda _: browser.find_element(By.CSS_SELECTOR, "[type=password]"))
        browser.find_element(By.CSS_SELECTOR, "#username, [name=username]").send_keys("admin")
        password.send_keys(superset.password)
        browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        wait.until(lambda _: "/login" not in browser.current_url)
        browser.get(superset.base + "/superset/dashboard/kinerja/")
        # Four charts are tables, five are drawn on a canvas.
        wait.until(lambda _: len(browser.find_elements(By.CSS_SELECTOR, "table")) >= 4)
        wait.until(lambda _: len(browser.find_elements(By.CSS_SELECTOR, "canvas")) >= 5)
        wait.until(
            lambda _: not browser.find_elements(By.CSS_SELECTOR, "[data-test=loading-indicator]")
        )
        time.sleep(2)  # the bars grow for a second
        text = browser.find_element(By.TAG_NAME, "body").text
        SCREENSHOT.parent.mkdir(exist_ok=True)
        assert browser.save_screenshot(str(SCREENSHOT))
        log: list[dict[str, str]] = browser.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in log]

    assert [title for title in EXPECTED if title not in text] == []
    for printed in ("Kota Bandung", "3,71", "67.737.399.834", "94,28", "Kota Jambi"):
        assert printed in text
    # Superset's pages hold a usage counter; the content security policy must stop it unasked.
    foreign = {
        event["params"]["requestId"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
        and urlsplit(event["params"]["request"]["url"]).scheme in {"http", "https"}
        and urlsplit(event["params"]["request"]["url"]).hostname != "127.0.0.1"
    }
    stopped = {
        event["params"]["requestId"]
        for event in events
        if event["method"] == "Network.loadingFailed"
        and event["params"].get("blockedReason") == "csp"
    }
    assert foreign <= stopped


def test_keys_and_password_are_private(superset: Superset) -> None:
    home = superset.published.parent / "home"
    for name in ("secret_key", "admin_password"):
        assert (home / name).stat().st_mode & 0o777 == 0o600
