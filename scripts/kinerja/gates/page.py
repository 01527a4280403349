"""A verdict as a page that needs no network, and as JSON."""

import json
from itertools import groupby
from pathlib import Path

import jinja2

from kinerja.core.errors import BadInputError
from kinerja.core.files import write_whole

from .results import Verdict

_SHOWN = 2_000
"""Breaches on the page; the JSON lists them all up to the limit of an expectation."""

_TITLES = {
    "raw": ("Gerbang berkas mentah", "The gate for raw files, before they are loaded"),
    "marts": ("Gerbang gudang data", "The gate for the finished warehouse, before it is published"),
}
_FACTS = {"previous": "Dibandingkan dengan / compared with"}


def page(verdict: Verdict) -> str:
    """The verdict as one HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}".replace(",", ".")
    breaches = verdict.breaches[:_SHOWN]
    by_subject = sorted(verdict.outcomes, key=lambda outcome: outcome.subject)
    title_id, title_en = _TITLES[verdict.gate]
    return environment.get_template("page.html.j2").render(
        verdict=verdict,
        breaches=breaches,
        unlisted=verdict.breach_count - len(breaches),
        subjects=[(s, list(o)) for s, o in groupby(by_subject, lambda outcome: outcome.subject)],
        title_id=title_id,
        title_en=title_en,
        fact_labels=_FACTS,
    )


def write(verdict: Verdict, folder: Path) -> tuple[Path, Path]:
    """Write the page and the JSON of a verdict; give their paths. Neither is ever half-written."""
    as_json = json.dumps(verdict.as_json(), ensure_ascii=False, indent=1, default=str)
    texts = {
        folder / f"{verdict.gate}.html": page(verdict),
        folder / f"{verdict.gate}.json": as_json,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            write_whole(path, text)
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}); choose --out."
        ) from None
    html, json_file = texts
    return html, json_file
