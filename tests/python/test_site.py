"""The site without a browser: its figures are those of the file, hostile text stays text."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
from command import kinerja
from kinerja.publish import release
from kinerja.site.warehouse import apart
from kinerja.site.write import write
from publish_support import build_of, options, tree
from site_pages import LANGUAGES, Element, number, read
from warehouse import Warehouse

HOSTILE = "<script>alert('x')</script>\"'&\u202eKota"


@pytest.fixture(scope="module")
def published(editions: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up documents, published with their exports and their site."""
    folder = tmp_path_factory.mktemp("published")
    done = release.publish(options(build_of(editions), folder, with_exports=True, site=write))
    assert done.is_new
    return folder


@pytest.fixture(scope="module")
def site(published: Path) -> Path:
    [folder] = published.glob("releases/*/site")
    return folder


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """The published file, to be changed."""
    target = tmp_path / "changed" / "kinerja.duckdb"
    target.parent.mkdir()
    shutil.copyfile(published / "kinerja.duckdb", target)
    return target


def _change(file: Path, statement: str) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)


def _rows(published: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(published / "kinerja.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_every_region_has_a_page_in_both_languages(published: Path, site: Path) -> None:
    codes = {str(code) for (code,) in _rows(published, "select region_code from marts.regions")}
    for place in LANGUAGES.values():
        assert {page.stem for page in (site / place / "region").iterdir()} == codes


def test_every_link_leads_somewhere(site: Path) -> None:
    """Files of the site, and places within their pages."""
    pages = {page: read(page) for page in site.rglob("*.html") if page.parent.name != "region"}
    for page in [*site.glob("region/1*.html"), *site.glob("en/region/9*.html")]:
        pages[page] = read(page)
    for page, content in pages.items():
        for link in content.find("a"):
            target, _, place = link.attributes["href"].partition("#")
            file = (page.parent / target).resolve() if target else page
            assert file.is_file(), (page, target)
            if place and "=" not in place and file in pages:
                assert _ids(pages[file]) & {place}, (page, target, place)


def _ids(element: Element) -> set[str]:
    found = {element.attributes["id"]} if "id" in element.attributes else set()
    for child in element.children:
        if isinstance(child, Element):
            found |= _ids(child)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scores_of_every_region_are_those_of_the_file(
    published: Path, site: Path, language: str
) -> None:
    """Each score, its peers' mean and its rank, to the printed decimal."""
    expected: dict[object, list[tuple[object, ...]]] = {}
    for code, *row in _rows(
        published,
        """
        select
            scores.region_code, scores.component_code, scores.score_published,
            if(peers.group_size > 1, peers.mean, null), if(peers.group_size > 1, peers.rank, null),
            components.printed_step
        from marts.index_scores as scores
        inner join marts.score_components as components
            using (instrument, edition_year, component_code)
        inner join marts.regions as regions on scores.region_code = regions.region_code
        left join marts.peer_benchmarks as peers
            on scores.document_id = peers.document_id
            and scores.edition_year = peers.edition_year
            and scores.region_code = peers.region_code
            and scores.component_code = peers.component_code
            and peers.peer_group = regions.region_type
        where components.component_depth <= 1
        """,
    ):
        expected.setdefault(code, []).append(tuple(row))
    assert expected
    shown = 0
    for code, scores in expected.items():
        page = read(site / LANGUAGES[language] / "region" / f"{code}.html")
        found = []
        for table in page.find("table", **{"class": "plain profile"}):
            for line in table.find("tr"):
                if "data-component" in line.attributes:
                    cells = [cell for cell in line.children if isinstance(cell, Element)]
                    [figure] = cells[-6].find("summary")
                    found.append(
                        (
                            line.attributes["data-component"],
                            _value(figure.text(), language),
                            _value(cells[-4].text(), language),
                            _value(cells[-2].text(), language),
                        )
                    )
        wanted = [
            (component, _as_printed(score, step), _as_printed(mean, step), rank)
            for component, score, mean, rank, step in scores
        ]
        assert sorted(found, key=str) == sorted(wanted, key=str), code
        shown += len(found)
    assert shown == sum(map(len, expected.values()))


def _value(text: str, language: str) -> Decimal | None:
    return None if text == "–" else number(text, language)


def _as_printed(value: object, step: object) -> Decimal | None:
    if value is None:
        return None
    assert isinstance(value, Decimal)
    assert isinstance(step, Decimal)
    return value.quantize(step.normalize() if step < 1 else Decimal(1), ROUND_HALF_UP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ranking_is_that_of_the_file(published: Path, site: Path, language: str) -> None:
    pages = list((site / LANGUAGES[language] / "ranking").glob("*.html"))
    assert pages
    for page in pages:
        [table] = read(page).find("table", id="ranking")
        [year] = {name for name in page.stem.split("_") if name.isdigit()}
        expected = _rows(
            published,
            f"""
            select ranks.region_code, rank, score, rank_best, rank_worst
            from marts.rank_uncertainty as ranks
            inner join (select document_id, edition_year, region_code, score
                from marts.index_rankings where peer_group = 'all') as scores
                using (document_id, edition_year, region_code)
            where peer_group = 'all' and cause = 'all'
                and document_id = '{page.stem}' and edition_year = {year}
            """,
        )
        found = []
        for row in table.find("tr"):
            if "data-region" in row.attributes:
                cells = [cell.text() for cell in row.children if isinstance(cell, Element)]
                ends = [number(end, language) for end in cells[4].split("–")]
                rank, score = number(cells[0], language), number(cells[2], language)
                found.append((row.attributes["data-region"], rank, score, ends[0], ends[-1]))
        assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_region_of_any_sort_reads_as_what_it_is(
    published: Path, site: Path, language: str
) -> None:
    """Named by one document or by many, scored or not, left out, with findings, with an agency."""
    regions = _rows(
        published,
        """
        select
            region_code,
            evaluations_scored,
            (select count(*) from marts.findings as findings
                where regexp_extract(findings.subject_code, '^[^/]*') in (
                    select profiles.region_code union all
                    select unnest([agency_code, agency_name]) from marts.agencies as agencies
                    where agencies.region_code = profiles.region_code
                )) as findings,
            agencies,
            (select count(*) from marts.missing_regions as missing
                where missing.region_code = profiles.region_code)
        from marts.region_profiles as profiles
        """,
    )
    for code, scored, findings, agencies, left_out in regions:
        page = read(site / LANGUAGES[language] / "region" / f"{code}.html")
        [about] = page.find("section", id="findings")
        assert sum("id" in row.attributes for row in about.find("tr")) == findings, code
        cards = [card for part in page.find("ul", **{"class": "cards"}) for card in part.find("b")]
        assert bool([card for card in cards if card.text() != "–"]) == bool(scored), code
        assert len(page.find("p", **{"class": "notice"})) == left_out, code
        assert bool(page.find("section", id="agencies")) == bool(agencies), code
        # Nothing of the program's own: an empty value, a word that was not filled in.
        assert not re.search(r"\bNone\b|\bnan\b|\bnull\b|\{\w+\}", page.text()), code
    for left in (1, 2, 3, 4):
        assert any(region[left] for region in regions)
    assert any(not region[1] for region in regions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agency_with_lost_pages_says_what_is_not_known(
    published: Path, site: Path, language: str
) -> None:
    lost = _rows(
        published,
        """
        select agency_code, fiscal_year, count(distinct line_code), list(distinct line_code)
        from marts.budget_pace where year_withheld_reason is not null group by all
        """,
    )
    assert lost
    for agency, year, count, lines in lost:
        page = read(site / LANGUAGES[language] / "budget" / f"{agency}-{year}.html")
        assert number(page.find("p", **{"class": "source"})[1].text(), language) == count
        for line in lines:  # type: ignore[attr-defined]
            [row] = page.find("tr", id=f"line-{line}")
            *_, total, _, unspent = row.find("td")
            assert total.find("span", **{"class": "lost"})
            assert unspent.text() == "–"


def test_the_checks_are_counted_as_in_the_file(published: Path, site: Path) -> None:
    counted = _rows(
        published,
        """
        select
            rule_id || '--' || document_id, count(*),
            count(*) filter (verdict = 'exact'), count(*) filter (verdict = 'within_rounding'),
            count(*) filter (verdict = 'within_bounds'), count(*) filter (verdict = 'outside'),
            count(*) filter (verdict = 'not_computable')
        from marts.reconciliation group by all
        """,
    )
    for place in LANGUAGES.values():
        [table] = read(site / place / "reconciliation.html").find("table")
        found = [
            (row.attributes["id"], *(int(cell.attributes["data-order"]) for cell in cells[1:7]))
            for row in table.find("tr")
            if "id" in row.attributes
            for cells in [row.find("td")]
        ]
        assert sorted(found) == sorted(counted)


def test_findings_and_budget_lines_are_all_there(published: Path, site: Path) -> None:
    [table] = read(site / "findings.html").find("table")
    named = {row.attributes["id"] for row in table.find("tr") if "id" in row.attributes}
    assert named == {name for (name,) in _rows(published, "select finding_id from marts.findings")}
    lines = {
        (f"{agency}-{year}", f"line-{line}", amount)
        for agency, year, line, amount in _rows(
            published,
            "select agency_code, fiscal_year, line_code, arg_max(ceiling_rupiah, quarter) "
            "from marts.budget_pace group by all",
        )
    }
    found = {
        (page.stem, row.attributes["id"], number(row.find("td")[0].text(), "en"))
        for page in site.glob("en/budget/*.html")
        for row in read(page).find("tr")
        if row.attributes.get("id", "").startswith("line-")
    }
    assert found == lines
    assert lines


def test_a_hostile_name_is_text(copy: Path, tmp_path: Path) -> None:
    quoted = HOSTILE.replace("'", "''")
    _change(copy, f"update marts.regions set region_name = '{quoted}' where region_code = '15.71'")
    site = write(copy, tmp_path / "site").folder
    for place in LANGUAGES.values():
        page = site / place / "region" / "15.71.html"
        assert read(page).find("h1")[0].text() == HOSTILE.replace("\u202e", "[U+202E]")
    for file in (*site.rglob("*.html"), *site.glob("data/**/*.js")):
        text = file.read_text(encoding="utf-8")
        assert file.suffix == ".js" or "<script>alert" not in text
        assert "\u202e" not in text


def test_unseen_signs_are_shown_and_leftward_letters_stand_apart() -> None:
    assert apart("Kota Jambi – 15.71") == "Kota Jambi – 15.71"
    assert apart({"name": ["a\u202eb\u2069", 1]}) == {"name": ["a[U+202E]b[U+2069]", 1]}
    assert apart("\u0643\u200f 7") == "\u2068\u0643[U+200F] 7\u2069"


def test_a_new_site_takes_the_place_of_the_old_one(published: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = kinerja("site", "--json", "--database", published / "kinerja.duckdb", "--out", out)
    assert done.result["pages"] == len(list(out.rglob("*.html")))
    (out / "region" / "15.71.html").unlink()
    again = kinerja("site", "--database", published / "kinerja.duckdb", "--out", out)
    assert again.code == 0, again.err
    assert (out / "region" / "15.71.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_site_between_two_names_comes_back(site: Path, copy: Path, tmp_path: Path) -> None:
    """As a kill between the two last steps leaves it."""
    before = tree(shutil.copytree(site, tmp_path / ".site.old"))
    _unpublished(copy)
    assert kinerja("site", "--database", copy, "--out", tmp_path / "site").code == 2
    assert tree(tmp_path / "site") == before
    assert {path.name for path in tmp_path.iterdir()} == {"site", "changed"}


def _unpublished(copy: Path) -> None:
    _change(copy, "drop table marts.releases")


def _without_a_mart(copy: Path) -> None:
    _change(copy, "drop table marts.top_lists")


def _without_borders(copy: Path) -> None:
    _change(copy, "insert into marts.regions values ('99.71', 'city', 'Kota Baru', '99', 'Baru')")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_unpublished, "is no release that a site can be made of"),
        (_without_a_mart, "top_lists"),
        (_without_borders, "has no borders of 99.71"),
        (Path.unlink, "uv run kinerja publish"),
    ],
)
def test_bad_input_is_one_sentence_and_the_old_site_stays(
    site: Path, copy: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    out = shutil.copytree(site, tmp_path / "site")
    before = tree(out)
    spoil(copy)
    done = kinerja("site", "--database", copy, "--out", out)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") <= 2
    assert "Traceback" not in done.err
    assert tree(out) == before
    assert {path.name for path in tmp_path.iterdir()} == {"site", "changed"}


def test_a_full_disk_is_one_sentence_and_the_old_site_stays(
    published: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("mounting needs root")
    try:
        (disk / "site" / "assets").mkdir(parents=True)
        (disk / "site" / "assets" / "site.css").write_text("old", encoding="utf-8")
        done = kinerja("site", "--database", published / "kinerja.duckdb", "--out", disk / "site")
        assert done.code == 2
        assert "No space left" in done.err
        assert tree(disk).keys() == {"site/assets/site.css"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_of_something_else_stays(published: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to.txt").write_text("keep", encoding="utf-8")
    done = kinerja(
        "site", "--database", published / "kinerja.duckdb", "--out", tmp_path / "letters"
    )
    assert done.code == 2
    assert "holds something else than a site" in done.err
    assert tree(tmp_path).keys() == {"letters/to.txt"}
