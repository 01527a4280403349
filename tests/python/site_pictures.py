"""The pictures of the README, of a site: `uv run python tests/python/site_pictures.py`.

Asks for Chromium and its driver; give another site's folder as an argument.
"""

import shutil
import sys
from pathlib import Path

from kinerja.core import paths
from selenium import webdriver
from warehouse import PROJECT

PICTURES = {
    "map.png": ("map.html", "", 1200, 820),
    "region.png": ("region/15.71.html", "#public-service", 1200, 900),
}
"""Picture → page, place in it, width and height in pixels."""


def take(site: Path, folder: Path) -> list[Path]:
    """Take each picture of the site into a folder."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    browser = webdriver.Chrome(
        options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
    )
    taken = []
    try:
        for name, (page, place, width, height) in PICTURES.items():
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            browser.get((site / page).as_uri() + place)
            browser.execute_async_script("setTimeout(arguments[0], 1000)")
            browser.save_screenshot(str(folder / name))
            taken.append(folder / name)
    finally:
        browser.quit()
    return taken


if __name__ == "__main__":
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else paths.output("site")
    target = PROJECT / "docs" / "pictures"
    target.mkdir(exist_ok=True)
    print(*take(site.resolve(), target), sep="\n")
