"""The gates between a build and its publication. Each reads the candidate, none changes it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .candidate import missing_texts
from .database import attached, columns_of, literal, public_tables, quoted
from .errors import GateFailed

PROJECT = Path(__file__).resolve().parents[2]

# The gate of Great Expectations; it reads the database that KINERJA_DB names.
VALIDATE = ("scripts/validate.py", "marts")

# What no published text may hold. Names of persons follow no pattern; the titles and numbers
# that officials are printed with do.
FORBIDDEN = {
    "an employee number (NIP)": r"\b(19|20)\d{6} ?(19|20)\d{4} ?[12] ?\d{3}\b",
    "an identity number (NIK)": r"(^|[^\d.,])\d{16}($|[^\d.,])",
    "an e-mail address": r"[\w.+-]+@[\w-]+\.[a-z]{2,}",
    "a telephone number": r"(\+62|\b08)[\d -]{8,}\d\b",
    "the title of an official": (
        r"\b(NIP|S\.H|S\.Sos|S\.STP|S\.Kom|S\.IP|M\.Si|M\.Kom|M\.AP|Dr?rs|Dra|Pembina Utama)\b\.?"
    ),
    "a path of a computer": r"(^|[\s\"'=(:])(/(home|root|tmp|Users|var|mnt|opt|srv|usr)/|[A-Za-z]:\\\\)",
    "a secret": r"(?i)(password|passwd|secret|api[_-]?key|access[_-]?token)\s*[=:]|BEGIN [A-Z ]*PRIVATE KEY",
}

Gate = Callable[[Path], None]


def descriptions(file: Path) -> None:
    """Every public table and column is described in both languages."""
    with attached(candidate=file) as connection:
        missing = missing_texts(connection, "candidate")
    if missing:
        raise GateFailed(
            f"{len(missing)} public tables or columns lack a description in English or Indonesian: "
            f"{', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}. "
            "A description in models/marts is two lines, English and Indonesian."
        )


def personal_data(file: Path) -> None:
    """No text in the file, comments included, looks like personal data, a path or a secret."""
    found = forbidden_texts(file)
    if found:
        raise GateFailed(
            f"The file must not be published: {found[0]}"
            + (f" (and {len(found) - 1} more such columns)." if len(found) > 1 else ".")
        )


def forbidden_texts(file: Path) -> list[str]:
    """One line per column and kind of forbidden text: where, what, and how often."""
    everything = "|".join(f"({pattern})" for pattern in FORBIDDEN.values())
    local = [str(path) for path in (Path.cwd(), Path.home(), PROJECT) if str(path) != "/"]
    found = []
    with attached(candidate=file) as connection:
        texts = [
            (f"{schema}.{table}.{column}", f"candidate.{schema}.{quoted(table)}", quoted(column))
            for schema, table in public_tables(connection, "candidate")
            for column, kind in columns_of(connection, "candidate", schema, table).items()
            if kind == "VARCHAR"
        ]
        for place, relation, column in texts:
            # One pass over the column; only a column at fault is asked what it holds.
            here = " or ".join(
                [f"regexp_matches({column}, {literal(everything)})"]
                + [f"contains({column}, {literal(path)})" for path in local]
            )
            hits = connection.execute(
                f"select {column} from {relation} where {here} limit 1"
            ).fetchone()
            if hits is None:
                continue
            text = str(hits[0])
            kinds = [
                kind
                for kind, pattern in FORBIDDEN.items()
                if connection.execute(
                    f"select regexp_matches({literal(text)}, {literal(pattern)})"
                ).fetchone()
                == (True,)
            ]
            found.append(f"{place} holds {kinds[0] if kinds else 'a path of this computer'}")
    return found


def expectations(file: Path) -> None:
    """The suite over the finished warehouse, as its own program."""
    script = PROJECT / VALIDATE[0]
    done = subprocess.run(
        [sys.executable, str(script), *VALIDATE[1:]],
        env={**os.environ, "KINERJA_DB": str(file)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise GateFailed(
            f"{' '.join(VALIDATE)} refused it: {lines[0].strip() if lines else 'no message'}"
        )


GATES: dict[str, Gate] = {
    "descriptions": descriptions,
    "personal data": personal_data,
    # To wire: "expectations": expectations, once scripts/validate.py is in the project.
}
