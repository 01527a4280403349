"""An expectation as data, before anything runs it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold of `relation` (a view of the gate's database), in words and to be run.

    `query` selects the rows that break it, as columns csv_line, column_name, value, problem and
    message, from `{batch}`. Instead, `native` names an expectation of Great Expectations with its
    arguments. `in_numbers` is a distribution: it is judged by the full gate only, not on ingest.
    """

    relation: str
    subject: str
    name: str
    label_id: str
    label_en: str
    query: str | None = None
    native: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    column: str | None = None
    in_numbers: bool = False

    def sql(self, limit: int | None = None) -> str:
        """The query on its relation."""
        if self.query is None:
            raise ValueError(f"{self.name} is not a query")
        query = self.query.replace("{batch}", f'"{self.relation}"')
        return f"select * from ({query}) limit {limit}" if limit is not None else query
