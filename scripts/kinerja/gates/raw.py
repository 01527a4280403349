"""The gate before a load: the raw files as people hand them in.

The suite is data (raw_suite.yml); here it becomes one query for each file, column and check.
`check_raw` runs the queries alone, in well under a second, for a program that is about to replace
the seeds. `validate_raw` runs the same queries, and the distributions, as Great Expectations.
"""

# ruff: noqa: E501 - SQL reads better in whole lines

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from kinerja.core.database import literal, quoted
from kinerja.core.errors import BadInputError

from .csv_files import LINE, Loaded, load
from .database import open_database
from .expectations import Expectation
from .results import LISTED, Breach, Outcome, Verdict, in_order
from .totals import COLUMNS as TOTAL_COLUMNS
from .totals import NAME as TOTALS
from .totals import accept, differences_query

_SUITE = Path(__file__).with_name("raw_suite.yml")
_REFERENCE = (
    "document_register",
    "region_names",
    "printed_words",
    "score_trees",
    "grade_bands",
    "note_topics",
    "known_discrepancies",
)
_ROWS = "select {line}, {column} as column_name, {value} as value, {problem} as problem, {message} as message"
_FORM = {
    "file": ("berkas berisi tabel", "the file holds a table"),
    "encoding": ("berkas adalah teks UTF-8", "the file is text in UTF-8"),
    "separator": ("sel dipisah koma", "cells are separated by commas"),
    "row_length": ("setiap baris sepanjang judulnya", "each row is as long as the header"),
    "quotation": ("tanda kutip ditutup", "quotation marks are closed"),
}
"""Checks of a file's form: by name, with the label in Indonesian and English."""

_DIAGNOSES = (
    # (problem, the cell looks like this, what is wrong with it)
    ("text_in_number", r"regexp_matches({value}, '[^-0-9.,%\s]')", "text in a number"),
    ("text_in_number", r"regexp_matches({value}, '\s')", "a space in a number"),
    ("thousands_separator", r"{is_rupiah} and contains({value}, ',')", "whole rupiah have no comma"),
    ("thousands_separator", r"{is_rupiah}", "dots must stand before each three digits"),
    ("thousands_separator", r"regexp_full_match({value}, '-?\d+(,\d{3}){2,}(\.\d+)?%?|-?\d{1,3}(,\d{3})+\.\d+%?')", "commas between thousands; decimals follow a comma, thousands a dot"),
    ("decimal_point", r"regexp_full_match({value}, '-?\d*\.\d+%?')", "a decimal point where a decimal comma belongs"),
    ("thousands_separator", r"contains({value}, '.')", "dots where no thousands begin"),
    ("number_format", "true", "not a number of this column"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite as written: kinds of cells, and files with their columns."""

    kinds: dict[str, dict[str, Any]]
    files: dict[str, dict[str, Any]]


@cache
def suite() -> Suite:
    """Read the suite."""
    data = yaml.safe_load(_SUITE.read_text(encoding="utf-8"))
    return Suite(data["kinds"], data["files"])


def check_raw(seeds: Path) -> list[Breach]:
    """Every breach of the raw files in `seeds`, by file and line; empty if they may be loaded.

    Raise BadInputError if `seeds` is no folder of seeds. Of one expectation at most `LISTED` breaches
    are listed. Distributions and control totals are left to `validate_raw`: a small document has
    no distribution, and a reprint that is being taken has other totals.
    """
    with tempfile.TemporaryDirectory(prefix="kinerja-gate-") as scratch:
        connection = open_database(Path(scratch) / "gate.duckdb")
        try:
            loaded = _load(connection, seeds, Path(scratch))
            breaches = [fault for file in loaded.values() for fault in file.faults]
            for expectation in expectations(loaded):
                if expectation.query is None:
                    breaches += _header_breaches(expectation, loaded)
                elif not expectation.in_numbers:
                    breaches += rows_of(connection, expectation)
        finally:
            connection.close()
    return in_order(breaches)


def validate_raw(seeds: Path) -> Verdict:
    """Run the whole suite on the raw files in `seeds` as Great Expectations."""
    start = time.monotonic()
    from .engine import run  # Great Expectations takes seconds to import

    with tempfile.TemporaryDirectory(prefix="kinerja-gate-") as scratch:
        connection = open_database(Path(scratch) / "gate.duckdb")
        try:
            loaded = _load(connection, seeds, Path(scratch))
            form = list(_form_outcomes(loaded))
            outcomes = []
            for expectation, outcome in run(connection, expectations(loaded)):
                listed: list[Breach] = []
                if not outcome.passed and expectation.query is not None:
                    listed = rows_of(connection, expectation)
                elif not outcome.passed:
                    listed = _header_breaches(expectation, loaded) or list(outcome.listed)
                count = outcome.breaches if expectation.query is not None else len(listed)
                outcomes.append(replace(outcome, listed=tuple(listed), breaches=count))
        finally:
            connection.close()
    rows = {f"{name}.csv": file.rows for name, file in loaded.items()}
    return Verdict("raw", str(seeds), time.monotonic() - start, rows, (*form, *outcomes))


def accept_totals(seeds: Path, documents: Sequence[str]) -> int:
    """Write the control totals of these documents into the seeds; give how many.

    Raise BadInputError if a document has no rows, or if the raw files break any other expectation.
    """
    with tempfile.TemporaryDirectory(prefix="kinerja-gate-") as scratch:
        connection = open_database(Path(scratch) / "gate.duckdb")
        try:
            loaded = _load(connection, seeds, Path(scratch))
            breaches = [fault for file in loaded.values() for fault in file.faults]
            for expectation in expectations(loaded):
                if expectation.query is None:
                    breaches += _header_breaches(expectation, loaded)
                elif expectation.name != "totals":
                    breaches += rows_of(connection, expectation)
            if breaches:
                raise BadInputError(f"Nothing was accepted: {in_order(breaches)[0]}")
            files = {name: _numbers(file) for name, file in suite().files.items()}
            files = {name: numbers for name, numbers in files.items() if numbers}
            for document in documents:
                known = any(
                    connection.execute(
                        f"select 1 from {quoted(name)} where document_id = ? limit 1", [document]
                    ).fetchone()
                    for name in files
                )
                if not known:
                    raise BadInputError(f"--accept {document}: no raw file has figures of it.")
            return accept(connection, seeds, files, documents)
        finally:
            connection.close()


def rows_of(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> list[Breach]:
    """The rows that break an expectation, at most `LISTED`."""
    rows = connection.execute(expectation.sql(LISTED)).fetchall()
    return [
        Breach(expectation.subject, line, column, value, problem, message)
        for line, column, value, problem, message in rows
    ]


def expectations(loaded: dict[str, Loaded]) -> list[Expectation]:
    """The suite for files with these columns; checks of a column that is missing are left out."""
    found: list[Expectation] = []
    for name, file in suite().files.items():
        if not loaded[name].columns:
            continue
        present = set(loaded[name].columns)
        found.append(
            _expectation(
                name,
                "columns",
                ("kolom-kolom yang diharapkan, dalam urutannya", "the expected columns in order"),
                native="ExpectTableColumnsToMatchOrderedList",
                arguments={"column_list": [LINE, *file["columns"]]},
            )
        )
        columns = [column for column in file["columns"] if column in present]
        found.append(_text_hygiene(name, columns))
        for column in columns:
            found += _column(name, file, column, present)
        if set(file["key"]) <= present:
            found.append(_repeated(name, file["key"], "key"))
        if file.get("once") and {term.split(" -> ")[0] for term in file["once"]} <= present:
            found.append(_repeated(name, file["once"], "once"))
        found += _per_document(name, file, present)
        if set(file["columns"]) <= present and (numbers := _numbers(file)):
            labels = ("jumlah kontrol seperti yang diterima", "control totals as accepted")
            query = differences_query(name, numbers)
            found.append(_expectation(name, "totals", labels, query=query, in_numbers=True))
    return found


def _load(connection: duckdb.DuckDBPyConnection, seeds: Path, scratch: Path) -> dict[str, Loaded]:
    """Load what the suite needs of a folder of seeds; a raw file that is not there is a fault."""
    if not (seeds / "raw").is_dir():
        raise BadInputError(f"{seeds} has no folder raw/; name a folder of seeds with --seeds.")
    for name in _REFERENCE:
        path = seeds / "reference" / f"{name}.csv"
        if not path.is_file():
            raise BadInputError(f"{path} is not there; the raw files are checked against it.")
        reference = load(connection, path, name, f"reference/{name}.csv", scratch)
        if reference.faults:
            raise BadInputError(f"{reference.faults[0]}; the raw files are checked against it.")
    loaded = {}
    for name in suite().files:
        path = seeds / "raw" / f"{name}.csv"
        if path.is_file():
            loaded[name] = load(connection, path, name, _shown(name), scratch)
        else:
            missing = Breach(_shown(name), None, None, None, "file", "the file is missing")
            loaded[name] = Loaded(faults=[missing])
    _load_totals(connection, seeds, scratch)
    unknown = {path.stem for path in (seeds / "raw").glob("*.csv")} - set(suite().files)
    for name in sorted(unknown):
        message = "no raw file of this name is known"
        loaded[name] = Loaded(faults=[Breach(_shown(name), None, None, None, "file", message)])
    connection.execute("checkpoint")
    return loaded


def _load_totals(connection: duckdb.DuckDBPyConnection, seeds: Path, scratch: Path) -> None:
    """Load the accepted control totals; without the file nothing has been accepted yet."""
    path = seeds / "reference" / f"{TOTALS}.csv"
    if path.is_file():
        totals = load(connection, path, TOTALS, f"reference/{TOTALS}.csv", scratch)
        if totals.faults or tuple(totals.columns) != TOTAL_COLUMNS:
            raise BadInputError(f"{path} is not a table of control totals; restore it.")
    else:
        columns = ", ".join(f"{column} varchar" for column in TOTAL_COLUMNS)
        connection.execute(f"create table {TOTALS} ({columns})")


def _shown(name: str) -> str:
    return f"raw/{name}.csv"


def _form_outcomes(loaded: dict[str, Loaded]) -> Iterator[Outcome]:
    """The checks of form, made while a file was loaded, one outcome for each file and check."""
    for name, file in loaded.items():
        for check, (label_id, label_en) in _FORM.items():
            faults = tuple(fault for fault in file.faults if fault.expectation == check)
            yield Outcome(
                _shown(name), check, "form", label_id, label_en, not faults, len(faults),
                faults[:LISTED],
            )  # fmt: skip


def _header_breaches(expectation: Expectation, loaded: dict[str, Loaded]) -> list[Breach]:
    """What a header lacks, what it has too much, and whether the order differs."""
    expected = expectation.arguments["column_list"][1:]
    printed = loaded[expectation.relation].columns
    found = [
        Breach(expectation.subject, 1, column, None, "columns", "the column is missing")
        for column in expected
        if column not in printed
    ]
    for position, column in enumerate(printed):
        message = None
        if column not in expected:
            message = "no column of this name is known"
        elif column in printed[:position]:
            message = "the column stands twice"
        if message:
            found.append(Breach(expectation.subject, 1, column, None, "columns", message))
    if not found and printed != expected:
        message = f"the columns must stand in this order: {','.join(expected)}"
        found.append(Breach(expectation.subject, 1, None, ",".join(printed), "columns", message))
    return found


def _expectation(name: str, check: str, labels: tuple[str, str], **more: Any) -> Expectation:
    return Expectation(name, _shown(name), check, *labels, **more)


def _rows(column: str, value: str, problem: str, message: str) -> str:
    return _ROWS.format(
        line=LINE, column=literal(column), value=value, problem=literal(problem), message=message
    )


def _text_hygiene(name: str, columns: list[str]) -> Expectation:
    """Cells without traces of a wrong encoding, control characters or outer blanks."""
    cells = ", ".join(
        f"{{'column_name': {literal(column)}, 'value': {quoted(column)}}}" for column in columns
    )
    together = f"concat_ws(chr(31), {', '.join(quoted(column) for column in columns)})"
    # Ã, Â or â before a sign of the Latin-1 range: UTF-8 that was read as Latin-1 and saved again.
    wrong = r"[\x{FFFD}]|[ÃÂ][\x{0080}-\x{00BF}]|â[\x{0080}-\x{00BF}\x{20AC}]"
    control = r"[\x00-\x1e\x7f]"
    outer = r"(^|\x1f)\s|\s(\x1f|$)"
    query = f"""
        select {LINE}, cell.column_name, cell.value,
            case
                when regexp_matches(cell.value, '{wrong}') then 'encoding'
                when regexp_matches(cell.value, '{control}') then 'control_character'
                else 'outer_blank'
            end as problem,
            case
                when regexp_matches(cell.value, '{wrong}') then 'characters of another encoding than UTF-8'
                when regexp_matches(cell.value, '{control}') then 'a line break, tab or other control character inside the cell'
                else 'blanks before or after the text'
            end as message
        from (
            select {LINE}, unnest([{cells}]) as cell
            from {{batch}}
            where regexp_matches({together}, '{wrong}|{control}|{outer}')
        )
        where regexp_matches(cell.value, '{wrong}|{control}|^\\s|\\s$')
    """
    labels = ("teks bersih dalam UTF-8", "clean text in UTF-8")
    return _expectation(name, "text", labels, query=query)


def _column(
    name: str, file: dict[str, Any], column: str, present: set[str]
) -> Iterator[Expectation]:
    """The checks of one column: filled, known value, format, bounds."""
    rule = file["columns"][column]
    rule = {"kind": rule} if isinstance(rule, str) else rule
    kind = suite().kinds[rule["kind"]] | rule
    cell = quoted(column)
    labels = (f"{column}: {kind['label_id']}", f"{column}: {kind['label_en']}")
    found: list[tuple[str, tuple[str, str], str]] = []
    if kind.get("required"):
        query = (
            f"{_rows(column, cell, 'filled', literal('the cell is blank'))} "
            f"from {{batch}} where {cell} is null"
        )
        found.append(("filled", (f"{column}: terisi", f"{column}: filled"), query))
    if "among" in kind:
        message = f"not in seeds/reference/{kind['among'].split('.')[0]}.csv"
        query = (
            f"{_rows(column, cell, 'vocabulary', literal(message))} "
            f"from {{batch}} where {cell} not in ({_values(kind, file)})"
        )
        found.append(("vocabulary", labels, query))
    elif "pattern" in kind:
        found.append(("format", labels, _format_query(column, kind, file)))
    if "between" in kind or ("scale" in kind and set(_instrument_columns(file)) <= present):
        found.append(_bounds(column, kind, file, present))
    for check, texts, query in found:
        yield _expectation(name, f"{column}.{check}", texts, query=query, column=column)


def _instrument_columns(file: dict[str, Any]) -> list[str]:
    """Columns that a scale needs beside its own."""
    return ["document_id", "table_id"] + [
        column for column in ("region_name",) if column in file["columns"]
    ]


def _values(kind: dict[str, Any], file: dict[str, Any], source: str = "among") -> str:
    """A query for the values that a cell may have."""
    table, column = kind[source].split(".")
    query = f"select {column} from {table} where {column} is not null"
    if table == "grade_bands":
        query += f" and instrument = {literal(file['instrument'])}"
    if kind.get("words"):
        query += " union all select printed_text from printed_words"
    for value in kind.get("but", []):
        query += f" union all select {literal(value)}"
    return query


def _format_query(column: str, kind: dict[str, Any], file: dict[str, Any]) -> str:
    cell = quoted(column)
    problem, message = literal("format"), literal(f"not {kind['label_en']}")
    if kind.get("number"):
        is_rupiah = "true" if rule_is_rupiah(kind) else "false"
        tests = [
            (test.replace("{value}", cell).replace("{is_rupiah}", is_rupiah), name, text)
            for name, test, text in _DIAGNOSES
        ]
        problem = " ".join(f"when {test} then {literal(name)}" for test, name, _ in tests)
        expected = f"; expected {kind['label_en']}"
        message = " ".join(
            f"when {test} then {literal(text + expected)}" for test, _, text in tests
        )
        problem, message = f"case {problem} end", f"case {message} end"
    allowed = ""
    if kind.get("words"):
        allowed += f" and {cell} not in (select printed_text from printed_words)"
    if "among_too" in kind:
        allowed += f" and {cell} not in ({_values(kind, file, 'among_too')})"
    rows = _ROWS.format(
        line=LINE, column=literal(column), value=cell, problem=problem, message=message
    )
    return (
        f"{rows} from {{batch}} "
        f"where not regexp_full_match({cell}, {literal(kind['pattern'])}){allowed}"
    )


def rule_is_rupiah(kind: dict[str, Any]) -> bool:
    """Whether the numbers of a kind have thousands but no decimals."""
    return "," not in str(kind["pattern"]).replace("{1,3}", "")


def _number(column: str, pattern: str) -> str:
    """A cell as a decimal; null where it is not a number of its kind."""
    cell = quoted(column)
    plain = f"replace(replace(replace({cell}, '.', ''), ',', '.'), '%', '')"
    # The pattern guards words such as "1e3" that a cast would take for a number.
    return (
        f"case when regexp_full_match({cell}, {literal(pattern)}) "
        f"then try_cast({plain} as decimal(18, 4)) end"
    )


def _bounds(
    column: str, kind: dict[str, Any], file: dict[str, Any], present: set[str]
) -> tuple[str, tuple[str, str], str]:
    cell, number = quoted(column), _number(column, kind["pattern"])
    if "between" in kind:
        low, high = kind["between"]
        text = f"{'' if low is None else low}–{'' if high is None else high}"
        outside = " or ".join(
            f"{number} {sign} {bound}"
            for sign, bound in (("<", low), (">", high))
            if bound is not None
        )
        query = (
            f"{_rows(column, cell, 'bounds', literal(f'outside {text}'))} "
            f"from {{batch}} where {outside}"
        )
        labels = (f"{column}: dalam batas {text}", f"{column}: within {text}")
        return "bounds", labels, query
    (tree_column, key), *_ = kind["scale"].items()
    place = kind.get("place", literal(column))
    query = f"""
        with scales as (
            select documents.document_id, trees.{tree_column} as scale_key,
                min(cast(trees.score_min as decimal(18, 4))) as score_min,
                max(cast(trees.score_max as decimal(18, 4))) as score_max
            from document_register as documents
            inner join score_trees as trees
                on documents.instrument = trees.instrument
                and cast(documents.edition_year as integer)
                    between cast(trees.valid_from as integer)
                    and coalesce(cast(trees.valid_to as integer), 9999)
            group by all
        ),
        outside as (
            select cells.*, scales.score_min, scales.score_max, {place} as place
            from (select *, {key} as scale_key, {number} as number from {{batch}}) as cells
            inner join scales
                on cells.document_id = scales.document_id
                and cast(cells.scale_key as varchar) = cast(scales.scale_key as varchar)
            where cells.number not between scales.score_min and scales.score_max
        )
        select {LINE}, {literal(column)} as column_name, {cell} as value, 'scale' as problem,
            concat('outside the scale ', cast(score_min as double), '–', cast(score_max as double))
                as message
        from outside
        {_unless_registered(file)}
    """
    labels = (f"{column}: di dalam skala", f"{column}: inside the scale")
    return "scale", labels, query


def _unless_registered(file: dict[str, Any]) -> str:
    """Leave out the scores that the register already holds as printed outside their scale.

    A finding's id is rule:document:table:region/component:column; the gate does not place
    columns, so it matches the id without the component.
    """
    if "region_name" not in file["columns"]:
        return ""
    return """
        where not exists (
            select 1
            from known_discrepancies as register
            inner join region_names as names on names.printed_name = outside.region_name
            where starts_with(
                register.finding_id,
                concat('index.scale:', outside.document_id, ':', outside.table_id, ':', names.region_code, '/')
            )
            and ends_with(register.finding_id, concat(':', outside.place))
        )
    """


def _repeated(name: str, terms: list[str], check: str) -> Expectation:
    """Rows that stand again: the second and later ones, naming the first."""
    keys = []
    for term in terms:
        column, _, lookup = term.partition(" -> ")
        cell = f"cells.{quoted(column)}"
        if lookup:
            table, code = lookup.split(".")
            key = "printed_name"
            cell = f"coalesce((select any_value({code}) from {table} where {table}.{key} = {cell}), {cell})"
        keys.append(cell)
    columns = [term.partition(" -> ")[0] for term in terms]
    shown = " | ".join(columns)
    # Without its last term a row says nothing: entries that are blank in the document may repeat.
    last = quoted(columns[-1])
    value = f"concat_ws(' | ', {', '.join(quoted(column) for column in columns)})"
    query = f"""
        select {LINE}, {literal(shown)} as column_name, {value} as value,
            {literal("repeated_row")} as problem,
            concat('the same as line ', first_line) as message
        from (
            select *, min({LINE}) over (partition by {", ".join(f"key_{i}" for i in range(len(keys)))}) as first_line
            from (
                select cells.*, {", ".join(f"{key} as key_{i}" for i, key in enumerate(keys))}
                from (select * from {{batch}}) as cells
                where cells.{last} is not null
            )
        )
        where {LINE} > first_line
    """
    labels = (f"{shown}: tidak berulang", f"{shown}: stands once")
    return _expectation(name, check, labels, query=query, column=shown)


def _numbers(file: dict[str, Any]) -> dict[str, str]:
    """The columns of figures and grades of a file, each with its cell as a decimal."""
    found = {}
    for column, rule in file["columns"].items():
        kind = suite().kinds[rule if isinstance(rule, str) else rule["kind"]]
        if kind.get("number") or kind.get("among") == "grade_bands.grade":
            found[column] = _number(column, kind.get("pattern", "[^\\s\\S]"))
    return found


def _per_document(name: str, file: dict[str, Any], present: set[str]) -> Iterator[Expectation]:
    """The distributions: one figure for each document."""
    if not set(file["columns"]) <= present:
        return
    numbers = [f"{number} as {column}_number" for column, number in _numbers(file).items()]
    for check, rule in file.get("per_document", {}).items():
        low, high = rule["between"]
        outside = " or ".join(
            f"figure {sign} {bound}"
            for sign, bound in (("<", low), (">", high))
            if bound is not None
        )
        text = f"{'' if low is None else low}–{'' if high is None else high}"
        message = f"{rule['label_en']} (expected {text})"
        query = f"""
            select cast(null as bigint) as {LINE}, cast(null as varchar) as column_name,
                concat(document_id, ': ', round(cast(figure as double), 3)) as value,
                {literal(check)} as problem, {literal(message)} as message
            from (
                select document_id, {rule["value"]} as figure
                from (select {", ".join(["*", *numbers])} from {{batch}})
                group by document_id
                having count(*) >= {rule.get("rows", 1)}
            )
            where {outside}
        """
        labels = (rule["label_id"], rule["label_en"])
        yield _expectation(name, f"document.{check}", labels, query=query, in_numbers=True)
