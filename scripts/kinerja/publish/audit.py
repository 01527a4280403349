"""The gates between a build and its publication. Each reads the candidate, none changes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from kinerja.core import paths
from kinerja.core.database import (
    PUBLIC,
    attached,
    columns_of,
    literal,
    public,
    public_tables,
    quoted,
)
from kinerja.core.errors import BadInputError, StoppedError
from kinerja.gates import marts_gate
from kinerja.gates.page import write as write_page

from .candidate import missing_texts

FORBIDDEN: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("forbidden.yml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be published: its file, dbt's manifest of its build, the published file (None for
    the first), and the documents whose figures may differ from that."""

    file: Path
    manifest: Path
    previous: Path | None = None
    accepted: Sequence[str] = ()


Gate = Callable[[Candidate], None]
"""Looks at a candidate; raises StoppedError if it must not be published."""


def descriptions(candidate: Candidate) -> None:
    """Every public table and column is described in both languages."""
    with attached(candidate=candidate.file) as connection:
        missing = missing_texts(connection, "candidate")
    if missing:
        raise StoppedError(
            f"{len(missing)} public tables or columns lack a description in English or Indonesian: "
            f"{', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}. "
            "A description in models/marts is two lines, English and Indonesian."
        )


def personal_data(candidate: Candidate) -> None:
    """No text in the file, comments included, looks like personal data, a path or a secret."""
    found = forbidden_texts(candidate.file)
    if found:
        raise StoppedError(
            f"The file must not be published: {found[0]}"
            + (f" (and {len(found) - 1} more such columns)." if len(found) > 1 else ".")
        )


def forbidden_texts(file: Path) -> list[str]:
    """One line per column that holds forbidden text: where, and what kind."""
    local = [str(path) for path in (Path.cwd(), Path.home(), paths.project()) if str(path) != "/"]
    found = []
    with attached(candidate=file) as connection:
        for table in public_tables(connection, "candidate"):
            relation = public("candidate", table)
            kinds = columns_of(connection, relation).items()
            columns = [column for column, kind in kinds if kind == "VARCHAR"]
            if not columns:
                continue
            # One pass over the table; only a column at fault is asked what it holds.
            asked = ", ".join(_a_forbidden(quoted(column), local) for column in columns)
            [hits] = connection.execute(f"select {asked} from {relation}").fetchall()
            for column, text in zip(columns, hits, strict=True):
                if text is not None:
                    found.append(f"{PUBLIC}.{table}.{column} holds {_kind_of(connection, text)}")
    return found


def _a_forbidden(column: str, local: Sequence[str]) -> str:
    everything = "|".join(f"({pattern})" for pattern in FORBIDDEN.values())
    conditions = [f"regexp_matches({column}, {literal(everything)})"]
    conditions += [f"contains({column}, {literal(path)})" for path in local]
    return f"any_value({column}) filter (where {' or '.join(conditions)})"


def _kind_of(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    for kind, pattern in FORBIDDEN.items():
        query = f"select regexp_matches({literal(text)}, {literal(pattern)})"
        if connection.execute(query).fetchone() == (True,):
            return kind
    return "a path of this computer"


def expectations(candidate: Candidate) -> None:
    """The suite over the finished warehouse, as `kinerja validate marts`; its page is written.

    The first call in a process imports Great Expectations, which takes longer than all the rest.
    """
    try:
        verdict = marts_gate(
            candidate.file,
            candidate.previous,
            candidate.accepted if candidate.previous is not None else (),
            manifest=candidate.manifest,
        )
        page, _ = write_page(verdict, paths.output("gates"))
    except BadInputError as error:
        raise StoppedError(f"The gate of expectations could not run: {error}") from None
    if not verdict.passed:
        raise StoppedError(
            f"The gate of expectations refused the release: {verdict.told(3)}. All of them: {page}"
        )


# The gate that takes seconds stands last: a release that fails before does not wait for it.
CHEAP_GATES: dict[str, Gate] = {"descriptions": descriptions, "personal data": personal_data}
GATES: dict[str, Gate] = {**CHEAP_GATES, "expectations": expectations}
