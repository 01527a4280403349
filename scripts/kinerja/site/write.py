"""Writing the site: every page beside the old one, then in its place.

OUT/index.html        Indonesian; OUT/en/index.html is the same in English
OUT/assets, OUT/data  styles, scripts, fonts; figures for the map, the ranks and the weights
OUT/downloads         the exports of the release
"""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import yaml
from markdown_it import MarkdownIt

from kinerja.core import paths
from kinerja.core.errors import BadInputError

from . import numbers
from .content import CAUSES, VERDICTS, Content
from .warehouse import Row, by, opened

Tell = Callable[[int, int], None]
_HERE = Path(__file__).parent
_BORDERS = _HERE / "borders" / "regencies.topojson"


@dataclass(frozen=True)
class Page:
    """A page of both languages: where it stands, its template, what the template is given."""

    path: str
    template: str
    values: Row = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What was written: pages of both languages, and the bytes of all files."""

    folder: Path
    pages: int
    size: int


def write(database: Path, out: Path, tell: Tell = lambda done, of: None) -> Written:
    """Write the site of a published file into a folder; the old site stays until it is whole.

    `tell` hears how many pages are written, and of how many. Raises BadInputError for a file that
    is no release, a region without borders, a full disk.
    """
    _recover(out)
    if out.exists() and not (out.is_dir() and _is_ours(out)):
        raise BadInputError(f"{out} holds something else than a site; name another folder.")
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}.draft")
    try:
        with opened(database) as warehouse:
            content = Content(warehouse)
            _check_borders(content)
            draft.mkdir(parents=True)
            _copy_assets(draft)
            downloads = _copy_exports(content, draft / "downloads")
            pages = [*_pages(content, downloads)]
            _write_data(content, draft / "data")
            for done, of in enumerate(_rendered(content, pages, draft), start=1):
                tell(done, of)
        _swap(draft, out)
    except OSError as error:
        raise BadInputError(
            f"{error.filename or out}: {error.strerror or error}. The site was not written; "
            "make room or allow writing there, then do it again."
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return Written(out, len(pages) * len(numbers.LANGUAGES), size)


def _is_ours(folder: Path) -> bool:
    return not any(folder.iterdir()) or (folder / "assets" / "site.css").is_file()


def _swap(draft: Path, out: Path) -> None:
    """Put the draft in the place of the old site, which comes back if that is refused."""
    old = _old(out)
    if out.exists():
        out.rename(old)
    try:
        draft.rename(out)
    except OSError:
        _recover(out)
        raise
    _recover(out)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _recover(out: Path) -> None:
    """Finish what was left undone between the two names: the old site goes, or comes back."""
    if out.exists():
        shutil.rmtree(_old(out), ignore_errors=True)
    elif _old(out).exists():
        _old(out).rename(out)


def _check_borders(content: Content) -> None:
    drawn = {shape["id"] for shape in _borders()["objects"]["data"]["geometries"]}
    provinces = {code[:2] for code in drawn}
    if without := [code for code in content.regions if code not in drawn | provinces]:
        raise BadInputError(
            f"{_BORDERS} has no borders of {', '.join(without[:5])}"
            f"{' and others' if len(without) > 5 else ''}; add them there."
        )


def _borders() -> Any:
    return json.loads(_BORDERS.read_text(encoding="utf-8"))


def _copy_assets(draft: Path) -> None:
    assets = draft / "assets"
    shutil.copytree(_HERE / "assets", assets)
    for file in (_HERE / "vendor").glob("*.[jw]*"):
        if file.suffix in (".js", ".woff2"):
            shutil.copy(file, assets)
    shutil.copytree(_HERE / "vendor" / "licences", assets / "licences")
    shutil.copy(_HERE / "borders" / "LICENSE", assets / "licences" / "borders.txt")


def _copy_exports(content: Content, folder: Path) -> list[Row]:
    """Bring the exports of the release along, if it has any; name, table and size of each."""
    beside = content.warehouse.file.parent
    places = (beside / "exports", beside / "releases" / content.release["version"] / "exports")
    exports = next((one for one in places if (one / "datapackage.json").is_file()), None)
    if exports is None:
        return []
    shutil.copytree(exports, folder, copy_function=shutil.copyfile)
    return [
        {
            "name": file.relative_to(folder).as_posix(),
            "table": file.stem,
            "size": file.stat().st_size,
        }
        for file in sorted(folder.rglob("*.*"))
    ]


def _pages(content: Content, downloads: list[Row]) -> Iterator[Page]:
    values: Row
    yield Page("index.html", "index")
    yield Page("map.html", "map")
    yield Page("rankings.html", "rankings")
    for edition in content.compared:
        values = {"edition": edition, "ranks": content.rank_rows(edition)}
        yield Page(f"ranking/{edition['slug']}.html", "ranking", values)
    yield Page("regions.html", "regions")
    weighed = [edition for edition in content.compared if content.what_if_data(edition)]
    yield Page("what-if.html", "what_ifs", {"editions": weighed})
    for edition in weighed:
        values = {"edition": edition, "data": content.what_if_data(edition)}
        yield Page(f"what-if/{edition['slug']}.html", "what_if", values)
    yield Page("budget.html", "budgets")
    for agency in content.rows("agencies"):
        lines = content.budget[(agency["agency_code"], agency["fiscal_year"])]
        values = {"agency": agency, "lines": by(lines, "line_code")}
        yield Page(f"budget/{_slug_of(agency)}.html", "budget", values)
    yield Page("targets.html", "targets")
    yield Page("reconciliation.html", "reconciliation")
    yield Page("findings.html", "findings")
    bands = content.rows("bands")
    method, decisions = _markdown("docs/method.md"), _markdown("DECISIONS.md")
    values = {"bands": bands, "text": method, "has_decisions": bool(decisions)}
    yield Page("method.html", "method", values)
    rows = content.rows("dictionary")
    yield Page("dictionary.html", "dictionary", {"tables": by(rows, "table_name")})
    if decisions:
        yield Page("decisions.html", "decisions", {"text": decisions})
    yield Page("downloads.html", "downloads", {"files": by(downloads, "table")})
    yield Page("licences.html", "licences", {"libraries": _libraries()})
    whole = {edition["slug"] for edition in weighed}
    for values in content.region_pages():
        path = f"region/{values['region']['region_code']}.html"
        yield Page(path, "region", {**values, "weighed": whole})


def _slug_of(agency: Row) -> str:
    return f"{agency['agency_code']}-{agency['fiscal_year']}"


def _markdown(name: str) -> str:
    """A page of the docs as HTML, markup in it as text; empty where the project has no docs."""
    file = paths.project() / name
    if not file.is_file():
        return ""
    text = file.read_text(encoding="utf-8")
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def _libraries() -> list[Row]:
    lock = json.loads((_HERE / "vendor" / "package-lock.json").read_text(encoding="utf-8"))
    return [
        {"name": name, "file": name.rpartition("/")[2], **lock["packages"][f"node_modules/{name}"]}
        for name in lock["packages"][""]["dependencies"]
    ]


def _write_data(content: Content, folder: Path) -> None:
    """Figures as scripts, as pages from the disk may load nothing else."""
    regions = {
        code: [row["region_name"], row["region_type"], row["province_code"], row["island_code"]]
        for code, row in content.regions.items()
    }
    _put(folder, "regions", regions)
    _put(folder, "borders", _borders())
    for edition in content.compared:
        _put(folder, f"scores/{edition['slug']}", content.map_data(edition))
        _put(folder, f"ranks/{edition['slug']}", content.rank_data(edition))
        if weighed := content.what_if_data(edition):
            _put(folder, f"weights/{edition['slug']}", weighed)
    for agency in content.rows("agencies"):
        lines = content.budget[(agency["agency_code"], agency["fiscal_year"])]
        shown = (
            *("line_code", "parent_line_code", "budget_level", "line_name", "quarter"),
            *("ceiling_rupiah", "cumulative_realization_pct", "reference_pct"),
            *("year_realization_pct", "year_unspent_rupiah", "is_printed_in_quarter"),
        )
        rows = [{name: line[name] for name in shown} for line in lines]
        _put(folder, f"budget/{_slug_of(agency)}", rows)


def _put(folder: Path, name: str, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_as_number)
    file = folder / f"{name}.js"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"K.put({json.dumps(name)},{text});\n", encoding="utf-8")


def _as_number(value: Any) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _rendered(content: Content, pages: list[Page], draft: Path) -> Iterator[int]:
    """Write every page in each language; gives the number of all."""
    words = yaml.safe_load((_HERE / "words.yml").read_text(encoding="utf-8"))
    for place, language in enumerate(numbers.LANGUAGES):
        said = {key: texts[place] for key, texts in words.items()}
        environment = _environment(content, language, said)
        base = draft / ("" if place == 0 else language)
        for page in pages:
            up = "../" * page.path.count("/")
            root = up if place == 0 else f"../{up}"
            other = numbers.LANGUAGES[1 - place]
            text = environment.get_template(f"{page.template}.html.j2").render(
                page=page,
                root=root,
                home=up,
                other=other,
                other_path=f"{root}{'' if place else f'{other}/'}{page.path}",
                **page.values,
            )
            file = base / page.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            yield len(pages) * len(numbers.LANGUAGES)


def _environment(content: Content, language: str, words: dict[str, str]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def text(key: str, **figures: Any) -> str:
        return words[key].format(**figures) if figures else words[key]

    for name in ("number", "score", "signed", "percent", "rupiah", "bytes_of"):
        environment.filters[name] = partial(_in, getattr(numbers, name), language)
    environment.filters["titled"] = lambda row: row[f"title_{language}"] or row["title_id"]
    environment.filters["first_of"] = lambda rows, count: rows[:count]
    environment.filters["decimal"] = lambda text: Decimal(text) if text else None
    environment.filters["label"] = lambda row, name="label": row[f"{name}_{language}"]
    environment.globals.update(
        t=text,
        language=language,
        content=content,
        release=content.release,
        file_hash=content.file_hash,
        verdicts=VERDICTS,
        causes=CAUSES,
        words=words,
        places=numbers.places,
        slug_of=_slug_of,
    )
    return environment


def _in(form: Callable[..., str], language: str, value: Any, *rest: Any, **named: Any) -> str:
    return form(value, language, *rest, **named)


__all__ = ["Written", "write"]
