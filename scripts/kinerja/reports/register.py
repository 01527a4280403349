"""The register of known discrepancies: what is not in it yet, and how a person takes it in.

Nothing is registered without a cause that a person names: the cause says that somebody looked.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from kinerja.core.database import built
from kinerja.core.errors import BadInputError
from kinerja.core.files import write_whole

_REGISTER = Path("reference", "known_discrepancies.csv")
_CAUSES = Path("reference", "discrepancy_causes.csv")
_COLUMNS = ["finding_id", "cause_code", "accepted_on"]


@dataclass(frozen=True, slots=True)
class Open:
    """A finding that is not registered: what it says, and the causes that its rule had so far.

    A note may wait; errors and warnings stop the build. `proposed` is the cause that the one repair
    of the finding stands for.
    """

    finding_id: str
    severity: str
    explanation: str
    causes_so_far: dict[str, int]
    proposed: str | None = None

    def matches(self, name: str) -> bool:
        """Whether a name is its id, or begins it: its rule, or its rule and document."""
        return f"{self.finding_id}:".startswith(f"{name}:")


@dataclass(frozen=True, slots=True)
class Register:
    """What a person has to decide. `gone` are registered ids that the warehouse does not find."""

    open: list[Open]
    gone: list[str]
    causes: dict[str, str]


def compare(database: Path, seeds: Path) -> Register:
    """Compare the findings of a warehouse file with the register as it is on disk."""
    rows = _rows(seeds / _REGISTER, _COLUMNS)
    causes = {
        cause["cause_code"]: cause["label_en"]
        for cause in _rows(seeds / _CAUSES, ["cause_code", "label_id", "label_en"])
    }
    try:
        with duckdb.connect(built(database), read_only=True) as connection:
            found = connection.execute(
                "select finding_id, severity, explanation_en, proposed_cause_code "
                "from marts.findings order by all"
            ).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise BadInputError(f"{database} has no findings to register: {reason}") from None
    so_far: dict[str, Counter[str]] = {}
    for row in rows:
        so_far.setdefault(_rule(row["finding_id"]), Counter())[row["cause_code"]] += 1
    registered = {row["finding_id"] for row in rows}
    return Register(
        open=[
            Open(
                name, severity, text, dict(so_far.get(_rule(name), Counter()).most_common()), cause
            )
            for name, severity, text, cause in found
            if name not in registered
        ],
        gone=sorted(registered - {name for name, *_ in found}),
        causes=causes,
    )


def add(seeds: Path, register: Register, names: Sequence[str], cause: str) -> list[str]:
    """Register the open findings of these names with the cause; give their ids.

    A name is a finding's id, or the beginning of ids up to a colon (a rule, or a rule and a
    document). A name that no open finding has is a BadInputError, and nothing is written.
    """
    if cause not in register.causes:
        known = ", ".join(register.causes)
        raise BadInputError(f"--cause {cause} is not in {seeds / _CAUSES}; it has {known}.")
    chosen = set()
    for name in names:
        matching = {one.finding_id for one in register.open if one.matches(name)}
        if not matching:
            raise BadInputError(f"{name}: no finding of this name waits to be registered.")
        chosen |= matching
    today = datetime.now(UTC).date().isoformat()
    rows = [list(row.values()) for row in _rows(seeds / _REGISTER, _COLUMNS)]
    _write(seeds / _REGISTER, [*rows, *([name, cause, today] for name in chosen)])
    return sorted(chosen)


def remove(seeds: Path, register: Register, names: Sequence[str]) -> list[str]:
    """Take rows out of the register whose finding is gone; give their ids. Else a BadInputError."""
    for name in names:
        if name not in register.gone:
            raise BadInputError(f"{name} is not a registered finding that is gone.")
    rows = [list(row.values()) for row in _rows(seeds / _REGISTER, _COLUMNS)]
    _write(seeds / _REGISTER, [row for row in rows if row[0] not in names])
    return sorted(set(names))


def _rule(finding_id: str) -> str:
    return finding_id.split(":", 1)[0]


def _rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != columns:
                raise BadInputError(f"{path} must begin with the line {','.join(columns)}")
            rows = list(reader)
    except OSError as error:
        raise BadInputError(f"{path} cannot be read ({error.strerror}); choose --seeds.") from None
    except UnicodeDecodeError:
        raise BadInputError(f"{path} is not UTF-8; save it as CSV in UTF-8.") from None
    if any(None in row or None in row.values() for row in rows):
        raise BadInputError(f"{path} has a row that is not of {len(columns)} cells.")
    return rows


def _write(path: Path, rows: list[list[str]]) -> None:
    """Replace the register in one step, sorted by finding."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *sorted(rows)])
    write_whole(path, text.getvalue())
