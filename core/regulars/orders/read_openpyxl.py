"""The second reader: openpyxl, for workbooks that stop the first one, such as cells with errors newer than it knows."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Collection
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl

from regulars.orders.grid import Grid, grid_from_rows

# What openpyxl raises for workbooks that it cannot read either.
GIVEN_UP = (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, zipfile.BadZipFile, ParseError)


def second_opinion(path: Path, wanted: Collection[str] | None) -> list[Grid] | None:
    """Return the sheets that have cells, or None when this reader cannot read the workbook either.

    It is slow and keeps every cell in memory: it is asked only when the first reader has failed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of parts that it leaves out, and we ask for cells only
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheets = [
                sheet
                for sheet in book.worksheets
                if (sheet.title in wanted if wanted is not None else sheet.sheet_state == "visible")
            ]
            several = len(book.worksheets) > 1
            grids = []
            for sheet in sheets:
                sheet.reset_dimensions()  # what the file says of its extent may be wrong
                rows = [list(row) for row in sheet.iter_rows(values_only=True)]
                if any(cell is not None for row in rows for cell in row):
                    grids.append(grid_from_rows(f"{path.name} › {sheet.title}" if several else path.name, rows, 1, 0))
            book.close()
    except GIVEN_UP:
        return None
    return grids
