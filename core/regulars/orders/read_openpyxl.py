"""The second reader: openpyxl, for workbooks that stop the first one, such as cells with errors newer than it knows."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl

from regulars.orders.grid import Grid, grid_from_rows
from regulars.orders.hidden import EARLIER_RUN, NO_CELLS, about_hidden, unread, why_not

# What openpyxl raises for workbooks that it cannot read either.
GIVEN_UP = (KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, zipfile.BadZipFile, ParseError)


def second_opinion(path: Path, wanted: Collection[str] | None, left_out: Collection[str] = ()) -> list[Grid] | None:
    """Return the sheets that have cells, or None when this reader cannot read the workbook either.

    It is slow and keeps every cell in memory: it is asked only when the first reader has failed.
    """
    try:
        # Opened here: a workbook under another ending is one all the same, and by name this reader would refuse it.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of parts that it leaves out, and we ask for cells only
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            there = [sheet for sheet in book.worksheets if sheet.title not in left_out]
            several = len(there) > 1
            grids = [unread(path, sheet.title, EARLIER_RUN) for sheet in book.worksheets if sheet not in there]
            for sheet in there:
                if not (sheet.title in wanted if wanted is not None else sheet.sheet_state == "visible"):
                    grids.append(unread(path, sheet.title, why_not(wanted)))
                    continue
                sheet.reset_dimensions()  # what the file says of its extent may be wrong
                rows = [list(row) for row in sheet.iter_rows(values_only=True)]
                if any(cell is not None for row in rows for cell in row):
                    title = f"{path.name} › {sheet.title}" if several else path.name
                    hidden = about_hidden(title, 0, visible=sheet.sheet_state == "visible")
                    grids.append(replace(grid_from_rows(title, rows, 1, 0), notices=hidden))
                else:
                    grids.append(unread(path, sheet.title, NO_CELLS))
            book.close()
    except GIVEN_UP:
        return None
    return grids
