"""The exports of a release, read by the programs that people will open them with."""

import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pyarrow.parquet
import pytest
from client_support import unavailable
from frictionless import validate
from kinerja.publish import release, store, workbook
from publish_support import build_of, options
from warehouse import Warehouse

soffice = pytest.mark.usefixtures("libreoffice")


@pytest.fixture(scope="session")
def libreoffice() -> None:
    """LibreOffice recalculates the workbook; a person may do without, CI may not."""
    if shutil.which("soffice") is None:
        unavailable("LibreOffice is not installed (Debian: libreoffice-calc)")


@pytest.fixture(scope="module")
def published(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with its exports: the folder of the release."""
    folder = tmp_path_factory.mktemp("published")
    release.publish(options(build_of(built), folder, with_exports=True))
    return store.kept(folder)[0].folder


@pytest.fixture(scope="module")
def tables(published: Path) -> list[str]:
    with duckdb.connect(str(published / store.FILE), read_only=True) as connection:
        found = connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
    return [str(name) for (name,) in found]


def test_every_mart_is_exported_twice(published: Path, tables: list[str]) -> None:
    exports = published / "exports"
    assert sorted(path.stem for path in (exports / "parquet").iterdir()) == tables
    assert sorted(path.stem for path in (exports / "csv").iterdir()) == tables


def test_parquet_is_equal_in_duckdb_polars_and_pandas(published: Path, tables: list[str]) -> None:
    connection = duckdb.connect(str(published / store.FILE), read_only=True)
    for table in tables:
        file = published / "exports" / "parquet" / f"{table}.parquet"
        mart = connection.execute(f"select * from marts.{table} order by all")
        columns = [column[0] for column in mart.description]
        expected = mart.fetchall()
        assert expected
        in_duckdb = connection.execute(f"from read_parquet('{file}') order by all").fetchall()
        assert in_duckdb == expected, table
        in_polars = pl.read_parquet(file)
        assert in_polars.columns == columns
        assert _sorted(in_polars.rows()) == _sorted(expected), table
        # With Arrow's types, as NumPy has neither decimals nor missing integers.
        in_pandas = pyarrow.parquet.read_table(file).to_pandas(types_mapper=_arrow_types())
        assert list(in_pandas.columns) == columns
        rows = [
            tuple(None if _missing(cell) else _plain(cell) for cell in row)
            for row in in_pandas.itertuples(index=False, name=None)
        ]
        assert _sorted(rows) == _sorted(expected), table
    connection.close()


def _arrow_types() -> Callable[[pyarrow.DataType], object]:
    import pandas

    types: Callable[[pyarrow.DataType], object] = pandas.ArrowDtype
    return types


def _missing(cell: object) -> bool:
    import pandas

    return cell is None or cell is pandas.NA or cell is pandas.NaT


def _plain(cell: object) -> object:
    import pandas

    return cell.to_pydatetime() if isinstance(cell, pandas.Timestamp) else cell


def _sorted(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(rows, key=lambda row: [(cell is None, str(cell)) for cell in row])


def test_csv_holds_the_same_rows(published: Path, tables: list[str]) -> None:
    connection = duckdb.connect(str(published / store.FILE), read_only=True)
    for table in tables:
        file = published / "exports" / "csv" / f"{table}.csv"
        types = dict(
            connection.execute(
                "select column_name, data_type from duckdb_columns() "
                f"where table_name = '{table}' order by column_index"
            ).fetchall()
        )
        declared = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        connection.execute(
            f"create or replace temp table read_back as from read_csv('{file}', "
            f"auto_detect = false, header = true, nullstr = '', allow_quoted_nulls = false, "
            f"quote = '\"', escape = '\"', columns = {{{declared}}})"
        )
        for one, other in (("read_back", f"marts.{table}"), (f"marts.{table}", "read_back")):
            lost = connection.execute(f"from {one} except all from {other}").fetchall()
            assert lost == [], f"{table}: in {one}, not in {other}"
    connection.close()


def test_frictionless_accepts_the_data_package(published: Path, tables: list[str]) -> None:
    package = published / "exports" / "datapackage.json"
    report = validate(str(package))
    assert report.valid, report.flatten(["name", "type", "note"])[:5]
    said = json.loads(package.read_text(encoding="utf-8"))
    tabular = {one["name"]: one for one in said["resources"] if one.get("schema")}
    assert sorted(tabular) == tables
    for one in tabular.values():
        assert one["schema"]["primaryKey"]
        assert one["description"]
        assert one["description_id"]
        for field in one["schema"]["fields"]:
            assert all((field["description"], field["description_id"])), (one["name"], field)
    assert tabular["index_scores"]["schema"]["foreignKeys"]


def test_frictionless_refuses_a_changed_file(published: Path, tmp_path: Path) -> None:
    copy = tmp_path / "exports"
    shutil.copytree(published / "exports", copy)
    file = copy / "csv" / "smart_city.csv"
    file.chmod(0o644)
    file.write_text(file.read_text(encoding="utf-8").replace("smart_city_2021", "other", 1))
    assert not validate(str(copy / "datapackage.json")).valid


def test_sha256sum_accepts_the_checksums(published: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", store.CHECKSUMS], cwd=published, capture_output=True
    )
    assert done.returncode == 0, done.stdout
    listed = {
        line.split("  ", 1)[1] for line in (published / store.CHECKSUMS).read_text().splitlines()
    }
    assert listed == {
        str(path.relative_to(published))
        for path in published.rglob("*")
        if path.is_file() and path.name != store.CHECKSUMS
    }


# --- the workbook ---

# (mart, its printed column, its recomputed column, rule of its verdict)
_RECOMPUTED = (
    ("smart_city", "final_score", "final_score_recomputed", "smart_city.weighted_final"),
    ("public_service", "index_published", "index_recomputed", "public_service.unit_mean"),
)


def _recalculated(folder: Path, book: openpyxl.Workbook) -> openpyxl.Workbook:
    """The workbook after LibreOffice has calculated every formula anew."""
    book.save(folder / "book.xlsx")
    out = folder / "recalculated"
    done = subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            str(folder / "book.xlsx"),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    return openpyxl.load_workbook(out / "book.xlsx", data_only=True)


def _without_results(published: Path) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it: formulas without their stored results."""
    return openpyxl.load_workbook(published / "exports" / "kinerja.xlsx")


def _cents(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@soffice
def test_the_sheets_recalculate_to_the_same_finals(published: Path, tmp_path: Path) -> None:
    book = _without_results(published)
    calculated = _recalculated(tmp_path, book)
    stored = openpyxl.load_workbook(published / "exports" / "kinerja.xlsx", data_only=True)
    with duckdb.connect(str(published / store.FILE), read_only=True) as connection:
        finals = dict(
            connection.execute(
                "select region_code, final_score_recomputed from marts.smart_city "
                "where final_score_recomputed is not null"
            ).fetchall()
        )
        indices = dict(
            connection.execute(
                "select region_code, index_recomputed from marts.public_service "
                "where index_recomputed is not null"
            ).fetchall()
        )
    assert (len(finals), len(indices)) == (98, 490)
    for name, code, column, expected in (
        ("Smart City", 3, 12, finals),
        ("Pelayanan publik", 4, 11, indices),
    ):
        for copy in (calculated, stored):
            found = {
                row[code]: _cents(row[column])
                for row in copy[name].iter_rows(min_row=5, values_only=True)
                if row[column] is not None
            }
            assert found == {region: _cents(score) for region, score in expected.items()}
    budget = [
        row
        for row in calculated["Anggaran"].iter_rows(min_row=5, values_only=True)
        if row[2] == "0"
    ]
    assert [row[9:] for row in budget] == [(67737399834, 94.28, 71845569394 - 67737399834)]
    assert _errors(calculated) == []


def _errors(book: openpyxl.Workbook) -> list[str]:
    return [
        f"{sheet.title}!{cell.coordinate} {cell.value}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("#")
    ]


def _block(sheet: openpyxl.worksheet.worksheet.Worksheet, title: str) -> dict[str, object]:
    """The choice and the four closing figures of a block of the auditor's sheet."""
    rows = list(sheet.iter_rows(max_col=4, values_only=True))
    start = next(i for i, row in enumerate(rows) if str(row[0]).startswith(title))
    closing = {}
    for row in rows[start:]:
        closing[str(row[0]).split(" / ")[0]] = row[3]
        if str(row[0]).startswith("Putusan"):
            return closing
    raise AssertionError(f"{title} has no verdict")


@soffice
def test_the_auditors_sheet_recomputes_every_region(published: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(published / store.FILE), read_only=True) as connection:
        smart_city, services = (
            connection.execute(
                f"""
                select
                    concat(region_name, ' ', {mart}.edition_year), {published_as}, {recomputed},
                    verdict
                from marts.{mart} inner join marts.regions using (region_code)
                inner join marts.reconciliation as claims
                    on rule_id = '{rule}' and subject_code = region_code
                    and claims.document_id = {mart}.document_id
                order by hash(region_code)
                """
            ).fetchall()
            for mart, published_as, recomputed, rule in _RECOMPUTED
        )
    assert (len(smart_city), len(services)) == (98, 490)
    book = _without_results(published)
    sheet = book["Pemeriksa"]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    choices = sorted(lists, key=lambda place: int(place[1:]))
    assert len(choices) == 3
    offered = {cell for row in book["Daftar"].iter_rows(values_only=True) for cell in row}
    assert offered >= {row[0] for row in (*smart_city, *services)}
    # A copy of the sheet per choice: one recalculation answers for every region.
    chosen = list(zip(itertools.cycle(smart_city), services, strict=False))
    for number, (one, other) in enumerate(chosen):
        copy = book.copy_worksheet(sheet)
        copy.title = f"choice {number}"
        copy[choices[0]], copy[choices[1]] = one[0], other[0]
    calculated = _recalculated(tmp_path, book)
    for number, rows in enumerate(chosen):
        copy = calculated[f"choice {number}"]
        for title, (name, printed, recomputed, verdict) in zip(
            ("Smart City", "Indeks pelayanan publik"), rows, strict=True
        ):
            block = _block(copy, title)
            assert _cents(block["Dibulatkan"]) == _cents(recomputed), name
            assert _cents(block["Terbitan"]) == _cents(printed), name
            assert block["Putusan"] == workbook.VERDICTS[verdict], name
        total = _block(copy, "Akuntabilitas")
        assert (_cents(total["Dibulatkan"]), total["Putusan"]) == (_cents("68.64"), "tepat")


@soffice
def test_the_auditors_formulas_are_live(published: Path, tmp_path: Path) -> None:
    """Another score in the sheet gives another final; a tie of half a hundredth rounds up."""
    book = _without_results(published)
    sheet, auditor = book["Smart City"], book["Pemeriksa"]
    # 0.1 × 3.15 + 0.9 × 3.00 = 3.015: in binary a little less, on paper a tie.
    for column, score in zip("GHIJK", (3.15, 3.0, 3.0, 3.0, 3.0), strict=True):
        sheet[f"{column}5"] = score
    auditor["B5"] = sheet["A5"].value
    calculated = _recalculated(tmp_path, book)
    block = _block(calculated["Pemeriksa"], "Smart City")
    assert (
        _cents(block["Dibulatkan"])
        == _cents("3.02")
        == _cents(calculated["Smart City"]["M5"].value)
    )
    assert block["Putusan"] == workbook.VERDICTS["outside"]
