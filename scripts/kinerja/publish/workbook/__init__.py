"""The workbook for officials: one readable sheet per evaluation, and a sheet that recomputes.

Figures stand as the documents print them; what is recomputed is a formula over the cells beside
it. A spreadsheet counts in binary, so formulas round to whole hundredths before they divide: half
a hundredth then rounds up, as in the warehouse. Every formula is stored with its result, for
programs that show a workbook without calculating it.
"""

from pathlib import Path

import duckdb
import xlsxwriter

from kinerja.core.database import explained
from kinerja.core.errors import BadInputError

from . import (
    accountability,
    auditor,
    budget,
    public_service,
    read_me,
    smart_city,
    targets,
    weights,
)
from .cells import VERDICTS, add_formats, row_of


def write(database: Path, file: Path) -> None:
    """Write the workbook of a release. Raises BadInputError when it cannot be written."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        book = xlsxwriter.Workbook(str(file), {"in_memory": False})
        book.set_calc_mode("auto")
        formats = add_formats(book)
        release = row_of(
            connection,
            "select version, strftime(published_at, '%Y-%m-%d %H:%M') from marts.releases "
            "order by release_no desc limit 1",
        )
        book.set_properties(
            {
                "title": f"Kinerja {release[0]}",
                "subject": "Evaluasi kinerja pemerintahan / performance evaluations",
                "comments": "Recomputed cells are formulas; see the sheet Pemeriksa.",
            }
        )
        read_me.add(book, formats, connection, release)
        auditors = book.add_worksheet("Pemeriksa")
        of_smart_city = smart_city.add(book, formats, connection)
        of_public_service = public_service.add(book, formats, connection)
        of_accountability = accountability.add(book, formats, connection)
        budget.add(book, formats, connection)
        targets.add(book, formats, connection)
        of_weights = weights.add(book, formats, connection)
        auditor.fill(
            auditors, book, formats, of_smart_city, of_public_service, of_accountability, of_weights
        )
        book.close()
    except duckdb.Error as error:
        raise BadInputError(explained(error, database)) from None
    finally:
        connection.close()


__all__ = ["VERDICTS", "write"]
