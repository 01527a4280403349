"""The auditor's sheet: choose a region, and formulas recompute what follows from its scores.

A block per component that others add up to: a line per score below it, then what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ..sheets import VERDICTS, Book, Formula, Values, fit
from .results import Results
from .trees import UNITS_OF_FACTORS, Trees, half_up, whole

_COLUMNS = (
    ("Komponen / component", 62),
    ("Pengali / counts with", 32),
    ("Nilai / score", 14),
    ("Pengali × nilai / product", 27),
    ("Paling rendah / at least", 25),
    ("Paling tinggi / at most", 25),
)
# The ends of what printed scores stand for, and of what they were computed with.
_ENDS = {"E": ("low", "printed_step"), "F": ("high", "printed_step")}
_ENDS |= {"H": ("low", "effective_step"), "I": ("high", "effective_step")}


def fill(book: Book, page: Worksheet, trees: Trees, evaluations: Sequence[Results]) -> None:
    """Per evaluation a drop-down, and its blocks: look up, multiply, add, divide, compare."""
    lists = book.file.add_worksheet("Daftar")
    lists.hide()
    for column, (_, width) in enumerate(_COLUMNS):
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
        units = lcm(*(whole(row["printed_step"]) for row in (*below, parent)))
        self.book.write(self.page, line, 0, parent["label_id"], "label")
        for column, (heading, _) in enumerate(_COLUMNS):
            self.book.write(self.page, line + 1, column, heading, "head")
        stored = self._stored()
        first, last = line + 3, line + 2 + len(below)
        for at, component in enumerate(below, start=first):
            self._line(at, component, units, stored.get(component["component_code"], {}))
        total, by, exact, rounded, published, verdict = range(last + 1, last + 7)
        for at, name in zip(range(last + 1, last + 7), _CLOSING, strict=True):
            self.book.write(self.page, at - 1, 0, name, "total_text")
        self._put("G", by, self._place(code), stored["place"])
        step, steps = self._of("printed_step", by), f"ROUND(1/{self._of('printed_step', by)},0)"
        added = f'{self._of("aggregation", by)}="sum"'
        counted = f"SUMPRODUCT(--ISNUMBER(D{first}:D{last}),B{first}:B{last})"
        self._put("D", by, f"IF({added},1,{counted})", stored["by"], "factor")
        for letter in ("D", *_ENDS):
            summed = f"SUM({letter}{first}:{letter}{last})"
            self._put(letter, total, summed, stored["sum"][letter], "product")
        # Only where every score is printed that it needs: the sheet of results knows.
        known = f'AND({self._result("recomputed")}<>"",D{by}>0)'
        in_units = f"ROUND(D{total}*{UNITS_OF_FACTORS * units},0)"
        factors = f"ROUND(D{by}*{UNITS_OF_FACTORS},0)"
        divisor = f"({factors}*{units})"
        self._put("D", exact, f'IF({known},{in_units}/{divisor},"")', stored["exact"], "product")
        for letter in "EF":
            end = f'IF(D{exact}="","",{letter}{total}/D{by})'
            self._put(letter, exact, end, stored["ends"][letter], "product")
        half_rounded = f"ROUND({in_units}/({divisor}/{steps}),0)/{steps}"
        half_up_at = f'IF(D{exact}="","",{half_rounded})'
        self._put("D", rounded, half_up_at, stored["rounded"], "total")
        self._put("D", published, self._result("printed", blank=True), stored["printed"], "total")

        def meet(low: str, high: str) -> str:
            ends = [f"ROUND({end}{total}*{2 * UNITS_OF_FACTORS * units},0)" for end in (low, high)]
            printed = [
                f"ROUND((D{published}{sign}{step}/2)*{2 * units},0)*{factors}" for sign in "+-"
            ]
            return f"AND({ends[0]}<={printed[0]},{ends[1]}>={printed[1]})"

        words = {name: f'"{word}"' for name, word in VERDICTS.items()}
        self._put(
            "D",
            verdict,
            f'IF(D{published}="","",IF(D{exact}="",{self._result("verdict")}&"",'
            f"IF(ROUND((D{rounded}-D{published})*{steps},0)=0,{words['exact']},"
            f"IF({meet('E', 'F')},{words['within_rounding']},"
            f"IF({meet('H', 'I')},{words['within_bounds']},{words['outside']})))))",
            stored["verdict"],
            "total_text",
        )
        self.book.mark(self.page, (verdict - 1, 3, verdict - 1, 3))
        return int(verdict) + 1

    def _line(self, at: int, component: Values, units: int, stored: Values) -> None:
        """A score that is looked up, and what it adds; what is not there stays empty."""
        code = component["component_code"]
        self.book.write(self.page, at - 1, 0, component["label_id"])
        self._put("G", at, f'IFERROR({self._place(code)},"")', stored.get("place"))
        factor = f'IF(G{at}="","",{self._of("counted_with", at)})'
        self._put("B", at, factor, stored.get("factor"), "factor")
        score = self._result("printed", code, blank=True)
        self._put("C", at, score, stored.get("score"), "score")
        whole_units = UNITS_OF_FACTORS * units
        product = f"ROUND(B{at}*C{at}*{whole_units},0)/{whole_units}"
        product = f'IF(OR(B{at}="",C{at}=""),"",{product})'
        self._put("D", at, product, stored.get("D"), "product")
        for letter, (side, step) in _ENDS.items():
            half = f"{self._of(step, at)}/2"
            # Clipped to its scale, unless it is printed outside it.
            end = (
                f"MAX(C{at}-{half},MIN({self._of('score_min', at)},C{at}))"
                if side == "low"
                else f"MIN(C{at}+{half},MAX({self._of('score_max', at)},C{at}))"
            )
            scaled = f"ROUND(B{at}*{end}*{2 * whole_units},0)/{2 * whole_units}"
            text = f'IF(D{at}="","",{scaled})'
            self._put(letter, at, text, stored.get(letter), "product")

    def _put(self, letter: str, at: int, text: str, value: object, kind: str = "count") -> None:
        self.book.write(self.page, at - 1, ord(letter) - ord("A"), Formula(f"={text}", value), kind)

    def _place(self, code: str) -> str:
        """Formula of the row of a component in the sheet of components, in the chosen edition."""
        edition = self.results.sheet.lookup("edition_year", self.row)
        key = f'"{self.parent["instrument"]} "&{edition}&" {code}"'
        return self.trees.sheet.row_of("key", key)

    def _of(self, column: str, at: int) -> str:
        """Formula of what the sheet of components says of the component of a line."""
        return self.trees.sheet.lookup(column, f"G{at}")

    def _result(self, what: str, code: str = "", *, blank: bool = False) -> str:
        """Formula of what the sheet of results says of the chosen row."""
        name = f"{code or self.parent['component_code']} {what}"
        found = self.results.sheet.lookup(name, self.row)
        return f'IF({found}="","",{found})' if blank else found

    def _stored(self) -> dict[str, Any]:
        """What the formulas give for the row that the sheet opens with."""
        row, code = self.results.sheet.rows[self.index], self.parent["component_code"]
        lines: dict[str, Any] = {}
        for place, component in self.trees.below(self.parent, row["edition_year"]):
            score = row.get(f"{component['component_code']} printed")
            factor = component["counted_with"]
            line = {"place": place + 1, "factor": factor, "score": score}
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
        by = sum(line["factor"] for line in counted)
        if self.parent["aggregation"] == "sum":
            by = 1
        known = row[f"{code} recomputed"] is not None and by
        ends = {letter: sums[letter] / by if known else None for letter in "DEF"}
        return {
            **lines,
            "place": self.trees.place(self.parent, row["edition_year"]),
            "by": by,
            "sum": sums,
            "exact": ends["D"],
            "ends": ends,
            "printed": row[f"{code} printed"],
            "rounded": half_up(ends["D"], self.parent["printed_step"]),
            "verdict": row[f"{code} verdict"] or "",
        }


_CLOSING = (
    "Jumlah / sum",
    "Pembagi / divided by",
    "Hitung ulang / recomputed",
    "Dibulatkan / rounded half up",
    "Terbitan / published",
    "Putusan / verdict",
)
