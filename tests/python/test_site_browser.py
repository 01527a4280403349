"""The site in Chromium, from the disk: `uv run pytest -m site`, a few minutes.

Every page in both languages at three widths: nothing on the console, no request, nothing beyond
the edge. The checks of accessibility are those of axe-core, which npm brings from the lock file.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from client_support import unavailable
from kinerja.publish import release
from kinerja.site.write import write
from publish_support import FULL, build_of, options
from site_firefox import opened
from site_pages import LANGUAGES, number
from warehouse import PROJECT, Warehouse

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.site

WIDTHS = (360, 768, 1440)
MORE = range(1, 10)
VENDOR = PROJECT / "scripts" / "kinerja" / "site" / "vendor"
BORDERS = VENDOR.with_name("borders") / "regencies.topojson"
LARGEST_FIRST_PAGE = 1_000_000
SECONDS_TO_INTERACTIVE = 2


@pytest.fixture(scope="module")
def published(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents that the project ships, published with their exports and their site."""
    folder = tmp_path_factory.mktemp("published")
    release.publish(options(build_of(built), folder, with_exports=True, site=write))
    return folder


@pytest.fixture(scope="module")
def site(published: Path) -> Path:
    [folder] = published.glob("releases/*/site")
    return folder


@pytest.fixture(scope="module")
def vendored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the lock file names, as npm installs it."""
    if shutil.which("npm") is None:
        unavailable("npm is not installed")
    folder = tmp_path_factory.mktemp("vendor")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(VENDOR / name, folder)
    (folder / "licences").mkdir()
    for words in (("ci", "--ignore-scripts"), ("run", "vendor")):
        subprocess.run(["npm", *words], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        unavailable("chromium and chromedriver are not installed")
    try:
        from selenium import webdriver
    except ImportError:
        unavailable("selenium is not installed (uv sync --group clients)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    started.set_script_timeout(300)
    yield started
    started.quit()


@dataclass(frozen=True)
class Compared:
    """An edition whose weights can be moved, its largest group of cities, and one of these."""

    slug: str
    instrument: str
    group: str
    region: str


@pytest.fixture(scope="module")
def compared(published: Path) -> Compared:
    [found] = _rows(
        published,
        """
        select document_id, instrument, peer_group, min(region_code) from marts.rank_uncertainty
        where peer_group like 'city:%' and not regexp_matches(peer_group, '[0-9]')
            and document_id in (select document_id from marts.weight_rankings)
        group by all order by count(*) desc, peer_group limit 1
        """,
    )
    return Compared(*map(str, found))


def _rows(published: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(published / "kinerja.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def _width(browser: Chrome, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _open(browser: Chrome, page: Path, place: str = "") -> float:
    """Open a page; give the seconds until it was drawn and had nothing more to do."""
    browser.get("about:blank")
    _console(browser)
    browser.get(page.as_uri() + place)
    # Data arrives in scripts of its own; when nothing was drawn for a moment, it is there.
    spent: float = browser.execute_async_script(
        "const done = arguments[0];"
        "requestIdleCallback(() => { const spent = performance.now();"
        " setTimeout(() => done(spent), 30); }, {timeout: 5000})"
    )
    return spent / 1000


def _console(browser: Chrome) -> list[str]:
    log: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in log]


def _requests(browser: Chrome) -> list[str]:
    log = browser.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in log]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def _kinds(site: Path, published: Path) -> list[Path]:
    """In a language, one page of each kind (KINERJA_FULL=1: all), and regions unlike most."""
    folders = [folder for folder in site.iterdir() if folder.name not in ("en", "region")]
    pages = [*site.glob("*.html")]
    for folder in filter(Path.is_dir, folders):
        pages += sorted(folder.glob("*.html"))[: None if FULL else 1]
    any_number = "" if FULL else "> 0"
    codes = _rows(
        published,
        f"""
        select min(region_code) from marts.region_profiles
        group by
            evaluations_scored {any_number}, evaluations_without_score {any_number},
            findings > 0, agencies > 0
        """,
    )
    regions = [site / "region" / f"{code}.html" for (code,) in codes]
    return sorted({*pages, *regions})


def test_every_page_at_every_width(site: Path, published: Path, browser: Chrome) -> None:
    """Nothing on the console, no request but to the disk, nothing beyond the right edge.

    All pages but those of regions, and of these each twentieth (KINERJA_FULL=1: all).
    """
    every = sorted(site.rglob("*.html"))
    regions_shown = [page for page in every if page.parent.name == "region"]
    left_out = set(regions_shown) - set(regions_shown[:: 1 if FULL else 20])
    pages = [page for page in every if page not in left_out]
    wrong: list[object] = []
    for page in pages:
        if page.parent.name == "region":
            browser.get(page.as_uri())  # it loads nothing more
        else:
            _open(browser, page)
        for width in WIDTHS:
            _width(browser, width)
            if (
                wide := browser.execute_script("return document.documentElement.scrollWidth")
            ) > width:
                wrong.append((page.name, width, wide))
        said = _console(browser)
        asked = [
            url for url in _requests(browser) if not url.startswith(("file:", "data:", "about:"))
        ]
        if said or asked:
            wrong.append((page.name, said, asked))
    assert not wrong
    [(regions,)] = _rows(published, "select count(*) from marts.regions")
    assert len(every) > len(LANGUAGES) * regions


@pytest.mark.parametrize(("theme", "language"), [("light", "id"), ("dark", "en")])
def test_axe_finds_nothing_serious(
    site: Path, published: Path, browser: Chrome, vendored: Path, theme: str, language: str
) -> None:
    """Of tables, the first rows: the others are like them (KINERJA_FULL=1: all, both languages)."""
    axe = (vendored / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    wrong = []
    languages = LANGUAGES if FULL else (language,)
    pages = [page for one in languages for page in _kinds(site / LANGUAGES[one], published)]
    for page in pages:
        _width(browser, 1440 if theme == "light" else 360)
        _open(browser, page)
        browser.execute_script(
            "document.documentElement.dataset.theme = arguments[0];"
            "document.querySelectorAll('main details:not(.know)')"
            ".forEach((one) => { one.open = true; });"
            "document.querySelectorAll('tbody').forEach((one) => "
            "[...one.rows].slice(arguments[1]).forEach((row) => row.remove()))",
            theme,
            1_000_000 if FULL else 30,
        )
        browser.execute_script(axe)
        found: list[dict[str, Any]] = browser.execute_async_script(
            "const done = arguments[0];"
            "axe.run({preload: false}).then((told) => done(told.violations))"
        )
        wrong += [
            (page.relative_to(site), one["id"], one["nodes"][0]["html"][:160])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
    assert not wrong


def test_the_first_page_is_light_and_quick(site: Path, browser: Chrome) -> None:
    size, spent = _weight(browser, site / "index.html")
    assert size < LARGEST_FIRST_PAGE
    assert spent < SECONDS_TO_INTERACTIVE


@pytest.mark.on_demand
def test_five_thousand_regions_have_the_same_site(
    published: Path,
    browser: Chrome,
    compared: Compared,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each regency and city ten times over: what the site weighs and how soon it can be used."""
    file = tmp_path / "kinerja.duckdb"
    shutil.copyfile(published / "kinerja.duckdb", file)
    with duckdb.connect(str(file)) as connection:
        regions = _ten_of_each(connection)
    borders = json.loads(BORDERS.read_text(encoding="utf-8"))
    shapes = borders["objects"]["data"]["geometries"]
    shapes += [shape | {"id": f"{shape['id']}{number}"} for shape in shapes for number in MORE]
    (tmp_path / "borders.topojson").write_text(json.dumps(borders), encoding="utf-8")
    monkeypatch.setattr("kinerja.site.write._BORDERS", tmp_path / "borders.topojson")
    start = time.monotonic()
    done = write(file, tmp_path / "site")
    print(f"{regions} regions: {time.monotonic() - start:.0f} s, {done.pages} pages", end=", ")
    print(f"{done.size / 1e6:.0f} MB")
    assert regions > 5_000
    _width(browser, 1440)
    for page in (
        "index.html",
        "map.html",
        "regions.html",
        *(f"{kind}/{compared.slug}.html" for kind in ("ranking", "what-if")),
    ):
        size, spent = _weight(browser, done.folder / page)
        print(f"{page}: {size / 1e6:.2f} MB, {spent:.2f} s")
        if page == "index.html":
            assert size < LARGEST_FIRST_PAGE
            assert spent < SECONDS_TO_INTERACTIVE


def _ten_of_each(connection: duckdb.DuckDBPyConnection) -> int:
    """Repeat all that marts say of a regency or city; give the number of regions."""
    numbers = f"(select unnest(range({MORE.start}, {MORE.stop})) as no)"
    # Regions first, as the others point to them.
    for table in (
        *("regions", "region_profiles", "peer_groups", "narratives", "index_scores"),
        *("index_rankings", "reconciliation", "rank_uncertainty", "top_lists", "peer_benchmarks"),
        *("grade_distance", "improvement_decomposition", "scenario_rankings"),
        *("score_contributions", "missing_regions"),
    ):
        column = "subject_code" if table in ("reconciliation", "narratives") else "region_code"
        also = {
            "regions": ", region_name || ' ' || no as region_name",
            "reconciliation": ", row_no + 100000 * no as row_no",
        }.get(table, "")
        connection.execute(
            f"""
            insert into marts.{table}
            select more.* exclude (no) replace ({column} || no as {column}{also})
            from (select * from marts.{table}, {numbers}) as more
            where regexp_full_match({column}, '[0-9]{{2}}[.][0-9]{{2}}')
            """
        )
    [(regions,)] = connection.sql("select count(*) from marts.regions").fetchall()
    return int(regions)


def _weight(browser: Chrome, page: Path) -> tuple[int, float]:
    """Bytes of the files that a page asks for, and seconds until it is at rest."""
    _open(browser, page)
    _requests(browser)
    spent = _open(browser, page)
    files = {Path(url.removeprefix("file://")) for url in _requests(browser) if "file:" in url}
    return sum(file.stat().st_size for file in files), spent


def test_pages_print_on_a4_with_nothing_cut_off(
    site: Path, browser: Chrome, compared: Compared
) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    for page in (f"region/{compared.region}.html", "index.html"):
        _open(browser, site / page)
        asked = {"preferCSSPageSize": True, "printBackground": True}
        printed = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", asked)["data"])
        with pdfplumber.open(io.BytesIO(printed)) as paper:
            for sheet in paper.pages:
                assert (round(sheet.width), round(sheet.height)) in ((595, 842), (596, 842))
                words = [(word["x0"], word["x1"], word["text"]) for word in sheet.extract_words()]
                assert [word for word in words if word[0] < 30 or word[1] > sheet.width - 30] == []


def test_from_a_ranking_to_a_region_to_other_weights_and_back(
    site: Path, published: Path, browser: Chrome, compared: Compared
) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select

    _width(browser, 1440)
    page = site / "ranking" / f"{compared.slug}.html"
    kind, _, area = compared.group.partition(":")
    _open(browser, page)
    Select(browser.find_element(By.NAME, "kind")).select_by_value(kind)
    Select(browser.find_element(By.NAME, "area")).select_by_value(area)
    expected = _rows(
        published,
        f"""
        select region_code, rank, rank_best, rank_worst from marts.rank_uncertainty
        where document_id = '{compared.slug}' and peer_group = '{compared.group}' and cause = 'all'
        """,
    )
    rows = browser.find_elements(By.CSS_SELECTOR, "#ranking tbody tr")
    found = []
    for row in rows:
        cells = [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")]
        ends = [number(end, "id") for end in cells[4].split("–")]
        code = row.get_attribute("data-region")
        found.append((code, number(cells[0], "id"), ends[0], ends[-1]))
    assert sorted(found) == sorted(expected)

    rows[0].find_element(By.TAG_NAME, "a").click()
    assert "/region/" in browser.current_url
    assert browser.current_url.endswith("#" + compared.instrument.replace("_", "-"))
    browser.execute_script(
        "const link = document.querySelector(`a[href*='what-if/${arguments[0]}']`);"
        "link.closest('details').open = true; link.click()",
        compared.slug,
    )
    assert f"what-if/{compared.slug}" in browser.current_url
    assert browser.find_elements(By.CSS_SELECTOR, "tr.own")
    browser.back()
    browser.back()
    assert browser.current_url.split("#")[0] == page.as_uri()
    assert len(browser.find_elements(By.CSS_SELECTOR, "#ranking tbody tr")) == len(expected)


def test_weights_moved_by_hand_give_the_ranks_of_the_warehouse(
    site: Path, published: Path, browser: Chrome
) -> None:
    """Official weights, and all weights alike: each total's rank as the scenarios have it."""
    with duckdb.connect(str(published / "kinerja.duckdb"), read_only=True) as connection:
        for page in sorted((site / "what-if").glob("*.html")):
            _open(browser, page)
            title = browser.execute_script(
                "return document.getElementById('what-if-title').innerText"
            )
            assert title == "Bobot resmi: peringkat seperti yang dihitung ulang"
            for scenario in ("official", "equal_weights"):
                found = browser.execute_script(f"return {_weighed(scenario)}")
                assert _ranks(found) == sorted(
                    connection.sql(_scenario(page.stem, scenario)).fetchall()
                )


def _weighed(scenario: str) -> str:
    """Script that moves the weights: each region's code and new rank as written."""
    moved = "s.value = 500;" if scenario == "equal_weights" else ""
    return f"""(() => {{
        const all = document.querySelectorAll("#weights input");
        all.forEach((s) => {{ {moved} }});
        all[0].dispatchEvent(new Event("input", {{bubbles: true}}));
        return [...document.querySelectorAll("#what-if tbody tr")]
            .map((row) => [row.dataset.region, row.cells[0].textContent]);
    }})()"""


def _ranks(found: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    return sorted((code, number(rank, "id")) for code, rank in found)


def _scenario(document: str, scenario: str) -> str:
    return f"""
        select region_code, rank from marts.scenario_rankings
        where document_id = '{document}' and peer_group = 'all'
            and scenario_code = '{scenario}' and rank is not null
        """


def test_the_map_is_walked_with_the_keys(
    site: Path, published: Path, browser: Chrome, compared: Compared
) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    _open(browser, site / "map.html", f"#region={compared.region}")
    here = browser.find_element(By.CSS_SELECTOR, "#map a[tabindex='0']")
    assert here.get_attribute("data-region") == compared.region
    here.send_keys(Keys.ARROW_UP)
    time.sleep(0.2)
    there = browser.switch_to.active_element
    code = there.get_attribute("data-region")
    assert code != compared.region
    said = browser.find_element(By.ID, "map-said").text
    assert said
    there.send_keys(Keys.ESCAPE)
    [(drawn,)] = _rows(
        published, "select count(*) from marts.regions where region_type != 'province'"
    )
    assert len(browser.find_elements(By.CSS_SELECTOR, "#map a")) == drawn
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.current_url.endswith(f"region/{code}.html")


def test_firefox_opens_the_main_pages(
    site: Path, published: Path, compared: Compared, tmp_path: Path
) -> None:
    """From the disk: nothing said, nothing asked, nothing beyond the edge; map, ranks, weights."""
    kind, _, _ = compared.group.partition(":")
    [agency] = [page.name for page in sorted((site / "budget").glob("*.html"))][:1]
    pages = (
        *("index.html", "map.html", "rankings.html", "regions.html", "what-if.html"),
        *(f"ranking/{compared.slug}.html", f"region/{compared.region}.html"),
        *(f"what-if/{compared.slug}.html", f"budget/{agency}", "targets.html"),
        *("reconciliation.html", "findings.html", "method.html", "downloads.html"),
    )
    with opened(tmp_path) as firefox:
        for page in (site / place / page for place in LANGUAGES.values() for page in pages):
            firefox.open(page.as_uri())
            for width in WIDTHS:
                firefox.width(width)
                assert firefox.run("document.documentElement.scrollWidth") <= width, page
            assert firefox.said() == [], page

        firefox.open((site / "map.html").as_uri() + f"#region={compared.region}")
        there = firefox.run(
            "new Promise((done) => setTimeout(() => {"
            "const key = new KeyboardEvent('keydown', {key: 'ArrowUp', bubbles: true});"
            "document.querySelector('#map a[tabindex=\"0\"]').dispatchEvent(key);"
            "const there = document.activeElement;"
            # A window without a screen has no focus to tell of; a pointer tells the same.
            "there.dispatchEvent(new PointerEvent('pointerenter'));"
            "done([there.dataset.region,"
            " document.getElementById('map-said').textContent])}, 300))"
        )
        assert there[0] not in (None, compared.region)
        assert there[1]

        firefox.open((site / "ranking" / f"{compared.slug}.html").as_uri())
        shown = firefox.run(
            "(() => {const form = document.querySelector('.filters');"
            f"form.elements.kind.value = '{kind}';"
            "form.dispatchEvent(new Event('change', {bubbles: true}));"
            "return [...document.querySelectorAll('#ranking tbody tr')]"
            ".map((row) => [row.dataset.region, row.cells[0].textContent])})()"
        )
        assert _ranks(shown) == sorted(
            _rows(
                published,
                f"""
                select region_code, rank from marts.rank_uncertainty
                where document_id = '{compared.slug}' and peer_group = '{kind}' and cause = 'all'
                """,
            )
        )

        firefox.open((site / "what-if" / f"{compared.slug}.html").as_uri())
        weighed = firefox.run(_weighed("equal_weights"))
        assert _ranks(weighed) == sorted(
            _rows(published, _scenario(compared.slug, "equal_weights"))
        )
        assert firefox.said() == []
        # What would be heard: an error, and a request that the policy of the pages forbids.
        firefox.open("about:blank")
        firefox.run("console.error('heard'), new Image().src = 'http://kinerja.invalid/asked'")
        firefox.run("new Promise((done) => setTimeout(done, 300))")
        assert firefox.said() == ["heard", "http://kinerja.invalid/asked"]


HOSTILE = "<script>document.title = 1</script><img src=x onerror=alert(1)>\"'\u202eKota"
LEFTWARD = "\u2069\u202e\u0643\u0648\u062a\u0627"


@pytest.fixture(scope="module")
def strange(published: Path, compared: Compared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose names are read leftward; one is markup."""
    folder = tmp_path_factory.mktemp("strange")
    shutil.copyfile(published / "kinerja.duckdb", folder / "kinerja.duckdb")
    with duckdb.connect(str(folder / "kinerja.duckdb")) as connection:
        connection.execute(
            "update marts.regions set region_name = if(region_code = ?, ?, ?)",
            [compared.region, HOSTILE, LEFTWARD],
        )
    return write(folder / "kinerja.duckdb", folder / "site").folder


def test_a_name_read_leftward_turns_nothing_around_it(
    strange: Path, browser: Chrome, compared: Compared
) -> None:
    """What follows a name stands right of it: in a row, in a title, in a title that moves."""
    _width(browser, 3000)
    for path, before in (
        (f"ranking/{compared.slug}.html", ""),
        ("regions.html", ""),
        ("map.html", ""),
        (f"what-if/{compared.slug}.html", _weighed("equal_weights")),
    ):
        _open(browser, strange / path)
        browser.execute_script(before)
        found = browser.execute_script(
            """
            // Of each name on the page: its right edge, and the left one of what follows it.
            const box = (node, from, to) => {
                const range = document.createRange();
                range.setStart(node, from);
                range.setEnd(node, to);
                return range.getBoundingClientRect();
            };
            const walker = document.createTreeWalker(document.querySelector("main"), 4);
            const shown = [];
            while (walker.nextNode()) {
                const text = walker.currentNode;
                if (text.data.trim() && box(text, 0, text.length).width) shown.push(text);
            }
            const found = [];
            shown.forEach((text, number) => {
                const at = text.data.indexOf("\u0643");
                if (at < 0) return;
                const behind = text.data.slice(at + 4).search(/[^\\s\u2069]/);
                const [next, from] = behind < 0 ? [shown[number + 1], 0] : [text, at + 4 + behind];
                if (!next) return;
                const [name, follows] = [box(text, at, at + 4), box(next, from, from + 1)];
                if (Math.abs(follows.bottom - name.bottom) < 8) {
                    found.push([name.right, follows.left]);
                }
            });
            return found;
            """
        )
        assert found, path
        assert all(follows >= end - 1 for end, follows in found), path


def test_a_hostile_name_runs_nothing(strange: Path, browser: Chrome, compared: Compared) -> None:
    shown = HOSTILE.replace("\u202e", "[U+202E]")
    for path, place in (
        (f"region/{compared.region}.html", ""),
        ("regions.html", ""),
        ("map.html", f"#region={compared.region}"),
        (f"what-if/{compared.slug}.html", ""),
        (f"ranking/{compared.slug}.html", ""),
    ):
        _open(browser, strange / path, place)
        if place:
            browser.execute_script("document.querySelector('#map a[tabindex=\"0\"]').focus()")
        assert shown in browser.execute_script("return document.body.textContent"), path
        assert browser.title != "1"
        # An image or a script of the name would be asked for, or refused aloud.
        assert not _console(browser)


def test_the_libraries_are_those_of_the_lock_file(vendored: Path) -> None:
    ours = {path.relative_to(VENDOR) for path in VENDOR.rglob("*") if path.is_file()}
    ours = {path for path in ours if path.parts[0] != "node_modules"}
    assert ours
    for path in ours:
        assert (vendored / path).read_bytes() == (VENDOR / path).read_bytes(), path
