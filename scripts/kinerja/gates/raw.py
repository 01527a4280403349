"""The gate before a load: the raw files as people hand them in.

loading.py reads the files, rules.py says what must hold of them, sql/raw.sql how that is asked.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from kinerja.core.database import literal, quoted
from kinerja.core.errors import BadInputError, StoppedError
from kinerja.instruments.checks import check
from kinerja.instruments.declarations import tables as declared

from . import totals
from .csv_files import Loaded
from .expectations import Runner, in_duckdb
from .loading import form_of, load_seeds, scratch_database
from .results import Verdict
from .rules import expectations, is_allowable, shown


def raw_gate(seeds: Path, accepted: Sequence[str] = (), run: Runner = in_duckdb) -> Verdict:
    """Judge the raw files of a folder of seeds, which declares them itself.

    `accepted` names documents whose control totals are to be what they are now: they are written
    into the seeds if all else holds of all files. `run` decides who evaluates: DuckDB alone takes
    half a second, Great Expectations (`gx.run`) finds the same and takes seconds to import.
    Raise BadInputError if the folder cannot be used, its declaration contradicts itself, or no
    file has rows of such a document.
    """
    start = time.monotonic()
    if not (seeds / "raw").is_dir():
        raise BadInputError(f"{seeds} has no folder raw/; name a folder of seeds with --seeds.")
    check(seeds)
    tables = declared(seeds)
    with scratch_database() as (connection, scratch):
        loaded = load_seeds(connection, seeds, tables, scratch)
        _check_accepted(connection, loaded, accepted)
        expected = [
            expectation
            for name, table in tables.items()
            if loaded[name].columns
            for expectation in expectations(table, loaded[name].columns, accepted)
        ]
        outcomes = (*form_of(loaded), *run(connection, expected))
        if accepted and all(each.passed for each in outcomes if each.expectation != "totals"):
            totals.accept(connection, seeds, tables.values(), accepted)
    rows = {shown(name): file.rows for name, file in loaded.items()}
    return Verdict("raw", str(seeds), time.monotonic() - start, rows, outcomes)


def before_storing(seeds: Path, documents: Sequence[str]) -> None:
    """The gate as ingest takes it, before staged seeds with these documents take their place.

    The documents' control totals are written into the staged seeds; StoppedError says what the
    gate found.
    """
    verdict = raw_gate(seeds, documents)
    if not verdict.passed:
        raise StoppedError(
            f"Nothing was stored; the raw gate found {verdict.breach_count} breaches: "
            f"{verdict.told(5)}{_may_be_allowed(verdict)}"
        )


def _may_be_allowed(verdict: Verdict) -> str:
    """What a person can say of rules that bound what is plausible, where the paper breaks them."""
    broken = {each.expectation for each in verdict.outcomes if not each.passed}
    rules = sorted(rule for rule in broken if is_allowable(rule))
    options = " ".join(f'--allow "{rule}=REASON"' for rule in rules)
    return f"; if it is printed so: {options}" if rules else ""


def _check_accepted(
    connection: duckdb.DuckDBPyConnection, loaded: Mapping[str, Loaded], accepted: Sequence[str]
) -> None:
    files = [quoted(name) for name, file in loaded.items() if "document_id" in file.columns]
    for document in accepted:
        query = " union all ".join(
            f"(from {file} select 1 where document_id = {literal(document)} limit 1)"
            for file in files
        )
        if not files or connection.execute(query).fetchone() is None:
            raise BadInputError(f"--accept {document}: no raw file has rows of it.")
