"""The auditor's sheet: choose a region, and formulas recompute what follows from its scores.

A block per component that others add up to: a line per score below it, then what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ..sheets import AUDITOR, VERDICTS, Book, Formula, Values, fit
from .results import Results
from .trees import UNITS_OF_FACTORS, Trees, half_up, whole

# Of a line: which end of what a score stands for is in which column, by which of its steps.
_ENDS = {"E": ("low", "printed_step"), "F": ("high", "printed_step")}
_ENDS |= {"H": ("low", "effective_step"), "I": ("high", "effective_step")}
_LOOKED_UP = ("counted_with", "printed_step", "effective_step", "score_min", "score_max")


def fill(book: Book, page: Worksheet, trees: Trees, evaluations: Sequence[Results]) -> None:
    """Per evaluation a drop-down, and its blocks: look up, multiply, add, divide, compare."""
    lists = book.file.add_worksheet("Daftar")
    lists.hide()
    for column, (_, width) in enumerate(AUDITOR["columns"]):
        page.set_column(column, column, width)
    # For formulas, not for people: where each component stands in its sheet, and the other ends.
    page.set_column("G:I", None, None, {"hidden": True})
    book.write(page, 0, 0, "Lembar pemeriksa / auditor's sheet", "title")
    note = "Pilih di sel kuning; semua angka lain adalah rumus. / "
    note += "Choose in a yellow cell; every other figure is a formula."
    book.write(page, 1, 0, note, "note")
    line = 3
    for number, results in enumerate(one for one in evaluations if one.parents):
        source, index = results.sheet, _whole(results)
        lists.write_column(0, number, sorted(str(row["choice"]) for row in source.rows))
        letter = xl_col_to_name(number)
        book.write(page, line, 0, f"{source.name}: pilih daerah / choose a region", "label")
        book.write(page, line, 1, source.rows[index]["choice"], "choose")
        rule = {
            "validate": "list",
            "source": f"=Daftar!${letter}$1:${letter}${len(source.rows)}",
            "error_title": "Kinerja",
            "error_message": "Pilih dari daftar. / Choose from the list.",
        }
        page.data_validation(line, 1, line, 1, rule)
        row = f"G{line + 1}"
        place = source.row_of("choice", f"B{line + 1}")
        book.write(page, line, 6, Formula(f"={place}", index + 1), "count")
        line += 1
        for parent in results.parents:
            line = _Block(book, page, trees, results, parent, index, row).write(line)
        line += 1
    fit(page)


def _whole(results: Results) -> int:
    """The row that the sheet opens with: the first whose total can be recomputed."""
    total = f"{results.parents[0]['component_code']} recomputed"
    rows = enumerate(results.sheet.rows)
    return next((index for index, row in rows if row[total] is not None), 0)


@dataclass(frozen=True)
class _Block:
    """The lines of one component for the row whose number stands in the cell `row`.

    All is compared in whole numbers: scores in steps, factors in UNITS_OF_FACTORS. Formulas are
    stored with their results for the row of `index`.
    """

    book: Book
    page: Worksheet
    trees: Trees
    results: Results
    parent: Values
    index: int
    row: str

    def write(self, line: int) -> int:
        """Write the block from a line on; give the line behind it."""
        parent, code = self.parent, self.parent["component_code"]
        below = [row for row in self.results.shown if row["counted_into"] == code]
        scores = lcm(*(whole(row["printed_step"]) for row in (*below, parent)))
        units = UNITS_OF_FACTORS * scores
        self.book.write(self.page, line, 0, parent["label_id"], "label")
        for column, (heading, _) in enumerate(AUDITOR["columns"]):
            self.book.write(self.page, line + 1, column, heading, "head")
        lines, closing = self._stored()
        first, behind = line + 3, line + 3 + len(below)
        for at, component in enumerate(below, start=first):
            one = component["component_code"]
            self.book.write(self.page, at - 1, 0, component["label_id"])
            found: Values = {name: self._of(name, at) for name in _LOOKED_UP}
            found |= {"place": self._place(one), "printed": self._result("printed", one)}
            found |= {"at": at, "units": units, "twice": 2 * units}
            self._put(at, AUDITOR["line"], found, lines.get(one, {}))
        rows = {name: at for at, name in enumerate(AUDITOR["closing"], start=behind)}
        of_parent = ("printed_step", "aggregation")
        given: Values = {name: self._of(name, rows["by"]) for name in of_parent}
        given |= {"place": self._place(code), "printed": self._result("printed")}
        given |= {"recomputed": self._lookup("recomputed"), "words": VERDICTS}
        given |= {"verdict_of_results": self._lookup("verdict"), "factors": UNITS_OF_FACTORS}
        given |= {"units": units, "twice": 2 * units, "scores": scores, "two_scores": 2 * scores}
        given |= {**rows, "first": first, "last": behind - 1}
        for name, text in AUDITOR["parts"].items():
            given[name] = text.format_map(given)
        for name, (label, cells) in AUDITOR["closing"].items():
            self.book.write(self.page, rows[name] - 1, 0, label, "total_text")
            self._put(rows[name], cells, given, closing[name])
        self.book.mark(self.page, (rows["verdict"] - 1, 3, rows["verdict"] - 1, 3))
        return rows["verdict"] + 1

    def _put(self, at: int, cells: dict[str, list[str]], given: Values, stored: Values) -> None:
        """Write the cells of a line as formulas with their results."""
        for letter, (kind, text) in cells.items():
            formula = Formula(f"={text.format_map(given)}", stored.get(letter))
            self.book.write(self.page, at - 1, ord(letter) - ord("A"), formula, kind)

    def _place(self, code: str) -> str:
        """Formula of the row of a component in the sheet of components, in the chosen edition."""
        edition = self.results.sheet.lookup("edition_year", self.row)
        key = f'"{self.parent["instrument"]} "&{edition}&" {code}"'
        return self.trees.sheet.row_of("key", key)

    def _of(self, column: str, at: int) -> str:
        """Formula of what the sheet of components says of the component of a line."""
        return self.trees.sheet.lookup(column, f"G{at}")

    def _lookup(self, what: str, code: str = "") -> str:
        """Formula of what the sheet of results says of the chosen row."""
        name = f"{code or self.parent['component_code']} {what}"
        return self.results.sheet.lookup(name, self.row)

    def _result(self, what: str, code: str = "") -> str:
        """The same; an empty cell stays empty."""
        found = self._lookup(what, code)
        return f'IF({found}="","",{found})'

    def _stored(self) -> tuple[dict[str, Values], dict[str, Values]]:
        """What the formulas give for the row that the sheet opens with: by component, by row."""
        row, code = self.results.sheet.rows[self.index], self.parent["component_code"]
        lines: dict[str, Values] = {}
        for place, component in self.trees.below(self.parent, row["edition_year"]):
            score = row.get(f"{component['component_code']} printed")
            factor = component["counted_with"]
            line = {"G": place + 1, "B": factor, "C": score}
            if score is not None:
                line["D"] = factor * score
                for letter, (side, step) in _ENDS.items():
                    half = component[step] / 2
                    line[letter] = factor * (
                        max(score - half, min(component["score_min"], score))
                        if side == "low"
                        else min(score + half, max(component["score_max"], score))
                    )
            lines[component["component_code"]] = line
        counted = [line for line in lines.values() if "D" in line]
        sums = {letter: sum(line[letter] for line in counted) for letter in ("D", *_ENDS)}
        by = sum(line["B"] for line in counted)
        if self.parent["aggregation"] == "sum":
            by = 1
        known = row[f"{code} recomputed"] is not None and by
        exact = {letter: sums[letter] / by if known else None for letter in "DEF"}
        return lines, {
            "sum": sums,
            "by": {"G": self.trees.place(self.parent, row["edition_year"]), "D": by},
            "exact": exact,
            "rounded": {"D": half_up(exact["D"], self.parent["printed_step"])},
            "published": {"D": row[f"{code} printed"]},
            "verdict": {"D": row[f"{code} verdict"] or ""},
        }
