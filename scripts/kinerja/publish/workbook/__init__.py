"""The workbook for officials: one readable sheet per evaluation, and a sheet that recomputes.

Figures stand as the documents print them; what is recomputed is a formula over the cells beside
it. A spreadsheet counts in binary, so formulas round to whole numbers of steps before they divide:
half a step then rounds up, as in the warehouse. Every formula is stored with its result, for
programs that show a workbook without calculating it.
"""

from pathlib import Path

import duckdb
import xlsxwriter

from kinerja.core.database import attached, explained
from kinerja.core.errors import BadInputError

from . import auditor, budget, read_me, results, targets, trees
from .sheets import VERDICTS, Book


def write(database: Path, file: Path) -> None:
    """Write the workbook of a release. Raises BadInputError when it cannot be written."""
    with attached(release=database) as connection:
        try:
            connection.execute("use release")
            book = Book(xlsxwriter.Workbook(str(file), {"in_memory": False}), connection)
            _fill(book)
            book.file.close()
        except duckdb.Error as error:
            raise BadInputError(explained(error, database)) from None


def _fill(book: Book) -> None:
    (release,) = book.rows(
        "select arg_max(version, release_no) as version, "
        "strftime(max(published_at), '%Y-%m-%d %H:%M') as published from marts.releases"
    )
    book.file.set_calc_mode("auto")
    book.file.set_properties(
        {
            "title": f"Kinerja {release['version']}",
            "subject": "Evaluasi kinerja pemerintahan / performance evaluations",
            "comments": "Recomputed cells are formulas; see the sheet Pemeriksa.",
        }
    )
    first = book.file.add_worksheet("Baca dahulu")
    second = book.file.add_worksheet("Pemeriksa")
    components = trees.read(book)
    evaluated = book.rows("select distinct instrument from marts.index_scores order by instrument")
    evaluations = [results.add(book, components, row["instrument"]) for row in evaluated]
    budget.add(book)
    targets.add(book)
    trees.add(book, components)
    auditor.fill(book, second, components, evaluations)
    read_me.fill(book, first, release)


__all__ = ["VERDICTS", "write"]
