"""The results of one evaluation, whichever it is: a row per region and edition, recomputed."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import lcm

import duckdb

from .. import labels
from ..sheets import VERDICTS, Book, Column, Formula, Sheet, Values, columns_of, declared, rows_of
from .trees import UNITS_OF_FACTORS, Trees, half_up, whole


@dataclass(frozen=True)
class Results:
    """The sheet of an evaluation, its components, and those of them that follow from others."""

    sheet: Sheet
    shown: list[Values]
    parents: list[Values]


def add(book: Book, release: duckdb.DuckDBPyConnection, trees: Trees, instrument: str) -> Results:
    """Scores of the total and the levels below as printed, ranks, doubt, and where it is printed.

    What follows from scores beside it is a formula.
    """
    shown = trees.shown(instrument)
    above = {row["counted_into"] for row in shown}
    parents = [row for row in shown if row["component_code"] in above]
    figures = rows_of(release, "figures_beside", instrument)
    rows = rows_of(release, "results", instrument, shown, figures, VERDICTS)
    sheet = declared(
        "results",
        rows,
        name=instrument.replace("_", " ").title()[:31],  # as long as spreadsheets allow
        title=f"{shown[0]['label_id']} / {shown[0]['label_en']}",
        columns=[
            *columns_of("results"),
            *_scores(shown, parents),
            *_beside_the_tree(instrument, figures),
            *columns_of("results", "places"),
        ],
    )
    for parent in parents:
        name = f"{parent['component_code']} recomputed"
        for index, row in enumerate(rows):
            if row[name] is not None:
                value = half_up(row[name], parent["printed_step"])
                row[name] = Formula(_recomputed(trees, sheet, index, parent), value)
    book.add(sheet)
    return Results(sheet, shown, parents)


def _scores(shown: list[Values], parents: list[Values]) -> list[Column]:
    """The components below each parent, then what the parent itself is and should be."""
    columns = []
    for parent in parents:
        code, label_id, label_en = parent["component_code"], parent["label_id"], parent["label_en"]
        below = [row for row in shown if row["counted_into"] == code]
        own = [parent] if parent is shown[0] else []
        columns += [
            _score(f"{row['component_code']} printed", row["label_id"], row["label_en"])
            for row in (*below, *own)
        ]
        again = f"{label_id}, hitung ulang", f"{label_en}, recomputed"
        columns.append(_score(f"{code} recomputed", *again))
        columns.append(Column(f"{code} verdict", "Putusan", "verdict", 14, "wrap"))
        power = f"{label_id}, daya tangkap", f"{label_en}, detection power"
        columns.append(Column(f"{code} power", *power, 12, "weight"))
    return columns


def _score(name: str, indonesian: str, english: str) -> Column:
    """A column of scores, as wide as a heading of five lines."""
    return Column(
        name, indonesian, english, max(9, len(indonesian) // 5, len(english) // 5), "score"
    )


def _beside_the_tree(instrument: str, figures: list[Values]) -> Iterator[Column]:
    """Grades and differences of a region, as printed and as they follow from the scores."""
    for figure in figures:
        label = labels.of_column(instrument, figure["table_id"], figure["column_name"], {})
        code, kind = figure["component_code"], "text" if figure["is_grade"] else "score"
        yield Column(f"{code} figure", label.id, label.en, 11, kind)
        again = f"{label.id}, menurut nilai", f"{label.en}, by the scores"
        yield Column(f"{code} checked", *again, 11, kind)


def _recomputed(trees: Trees, sheet: Sheet, index: int, parent: Values) -> str:
    """What follows from the printed scores beside it, half up.

    In whole numbers before they are divided: half a step is then exactly half.
    """
    steps = units = whole(parent["printed_step"])
    total, divisor = [], []
    for place, row in trees.below(parent, sheet.rows[index]["edition_year"]):
        if row["is_printed"]:
            score = sheet.cell(f"{row['component_code']} printed", index)
            factor = f"{trees.sheet.name}!{trees.sheet.cell('counted_with', place)}"
            total.append(f"{score}*{factor}")
            divisor.append(f"ISNUMBER({score})*{factor}")
            units = lcm(units, whole(row["printed_step"]))
    by = "1" if parent["aggregation"] == "sum" else "+".join(divisor)
    return (
        f"=ROUND(ROUND(({'+'.join(total)})*{UNITS_OF_FACTORS * units},0)"
        f"/(ROUND(({by})*{UNITS_OF_FACTORS},0)*{units // steps}),0)/{steps}"
    )
