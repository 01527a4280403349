"""The gates between a build and its publication. Each reads the candidate, none changes it."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .candidate import missing_texts
from .database import attached, columns_of, literal, public_tables, quoted
from .errors import GateFailedError

PROJECT = Path(__file__).resolve().parents[2]

# The gate of Great Expectations over a finished warehouse, alone and against the last release.
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
    "a path of a computer": (
        r"(^|[\s\"'=(:])(/(home|root|tmp|Users|var|mnt|opt|srv|usr)/|[A-Za-z]:\\)"
    ),
    "a secret": (
        r"(?i)(password|passwd|secret|api[_-]?key|access[_-]?token)\s*[=:]"
        r"|BEGIN [A-Z ]*PRIVATE KEY"
    ),
}

# (candidate, published file or None, documents whose figures may differ from it)
Gate = Callable[[Path, Path | None, Sequence[str]], None]


def descriptions(file: Path, previous: Path | None, accepted: Sequence[str]) -> None:
    """Every public table and column is described in both languages."""
    with attached(candidate=file) as connection:
        missing = missing_texts(connection, "candidate")
    if missing:
        raise GateFailedError(
            f"{len(missing)} public tables or columns lack a description in English or Indonesian: "
            f"{', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}. "
            "A description in models/marts is two lines, English and Indonesian."
        )


def personal_data(file: Path, previous: Path | None, accepted: Sequence[str]) -> None:
    """No text in the file, comments included, looks like personal data, a path or a secret."""
    found = forbidden_texts(file)
    if found:
        raise GateFailedError(
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


def expectations(file: Path, previous: Path | None, accepted: Sequence[str]) -> None:
    """The suite over the finished warehouse, as its own program; see its page in build/gates."""
    words = [*VALIDATE, "--database", str(file)]
    if previous is not None:
        words += ["--previous", str(previous)]
        words += [word for document in accepted for word in ("--accept", document)]
    done = subprocess.run(
        [sys.executable, *words], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    # 1: breaches, told on standard output; else it could not run, and its last line says why.
    told = [line.strip() for line in done.stdout.splitlines() if line.strip()][:3]
    if done.returncode != 1 or not told:
        told = done.stderr.strip().splitlines()[-1:] or ["no message"]
    raise GateFailedError(f"The gate {' '.join(VALIDATE)} refused the release: {'; '.join(told)}")


# The gate that takes seconds stands last: a release that fails before does not wait for it.
CHEAP_GATES: dict[str, Gate] = {"descriptions": descriptions, "personal data": personal_data}
GATES: dict[str, Gate] = {**CHEAP_GATES, "expectations": expectations}
