"""The workbook for officials: one readable sheet per evaluation, and a sheet that recomputes.

Figures stand as the documents print them; what is recomputed is a formula over the cells beside
it. A spreadsheet counts in binary, so formulas round to whole numbers of steps before they divide:
half a step then rounds up, as in the warehouse. Every formula is stored with its result, for
programs that show a workbook without calculating it.
"""

from itertools import chain
from pathlib import Path

import duckdb
import xlsxwriter

from kinerja.core.database import attached, explained
from kinerja.core.errors import BadInputError

from .. import errata
from ..sheets import VERDICTS, Book, declared, rows_of
from . import auditor, read_me, results, trees


def write(database: Path, file: Path) -> None:
    """Write the workbook of a release. Raises BadInputError when it cannot be written."""
    with attached(release=database) as release:
        try:
            release.execute("use release")
            book = Book(xlsxwriter.Workbook(str(file), {"in_memory": False}))
            _fill(book, release)
            book.file.close()
        except duckdb.Error as error:
            raise BadInputError(explained(error, database)) from None


def _fill(book: Book, release: duckdb.DuckDBPyConnection) -> None:
    first = book.file.add_worksheet("Baca dahulu")
    second = book.file.add_worksheet("Pemeriksa")
    components = trees.read(release)
    evaluated = [row["instrument"] for row in rows_of(release, "instruments")]
    evaluations = [results.add(book, release, components, instrument) for instrument in evaluated]
    book.add(declared("intervals", rows_of(release, "intervals")))
    forms = (rows_of(release, "budget", form) for form in rows_of(release, "forms"))
    book.add(declared("budget", [*chain.from_iterable(forms)]))
    book.add(declared("targets", rows_of(release, "targets")))
    found = errata.findings(release)
    for language, name in (("id", "Temuan"), ("en", "Findings")):
        book.add(errata.sheet(found, language, name))
    book.add(components.sheet)
    auditor.fill(book, second, components, evaluations)
    read_me.fill(book, first, release)


__all__ = ["VERDICTS", "write"]
