"""Formulas: spelt as Excel spells them outside, and as LibreOffice spells them inside the program.

LibreOffice separates arguments by ';' and writes `$Sheet.A1` where Excel writes ',' and `Sheet!A1`. Its own parser translates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from regulars_addin.libreoffice.bridge import constant, struct

# Without one of these signs both spell a formula alike, and no question to the program is needed.
SIGNS_OF_EXCEL = frozenset(",!'{[")
# Names of sheets, arrays, unions; a point that stands in no number may follow the name of a sheet.
PARTED = re.compile(r"['{\[~!|]|(?<!\d)\.|\.(?!\d)")
TEXT = re.compile(r'("[^"]*")')
ALL_MAPPINGS = 0x7FFFFFFF


def is_formula(text: Any) -> bool:
    """Tell whether a cell takes this as a formula.

    >>> is_formula("=1+1"), is_formula("="), is_formula(2.0)
    (True, False, False)
    """
    return isinstance(text, str) and len(text) > 1 and text.startswith("=")


def parser(document: Any) -> Any:
    """Return the document's parser, set to Excel's English spelling."""
    made = document.createInstance("com.sun.star.sheet.FormulaParser")
    mapper = document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
    english = constant("com.sun.star.sheet.FormulaLanguage.XL_ENGLISH")
    made.OpCodeMap = mapper.getAvailableMappings(english, ALL_MAPPINGS)
    made.FormulaConvention = constant("com.sun.star.sheet.AddressConvention.XL_A1")
    return made


def _place(cell: Any) -> Any:
    address = cell.CellAddress
    return struct("com.sun.star.table.CellAddress", address.Sheet, address.Column, address.Row)


def set_formulas(cells: Any, document: Any, formulas: list[tuple[int, int, str]]) -> None:
    """Put formulas, spelt as in Excel, into cells of a range by (row, column) from 0."""
    read = None
    alike: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row, column, formula in formulas:
        if SIGNS_OF_EXCEL.isdisjoint(formula):
            alike[column].append((row, formula))
        else:
            cell = cells.getCellByPosition(column, row)
            read = read or parser(document)
            cell.setTokens(read.parseFormula(formula, _place(cell)))
    for column, rows in alike.items():
        for run in _without_gaps(sorted(rows)):
            first, last = run[0][0], run[-1][0]
            cells.getCellRangeByPosition(column, first, column, last).setFormulaArray(tuple((text,) for _, text in run))


def _without_gaps(rows: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    run: list[tuple[int, str]] = []
    for row in rows:
        if run and row[0] != run[-1][0] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def with_commas(formula: str) -> str | None:
    """Return a formula of LibreOffice as Excel spells it, None where only the program can tell.

    >>> with_commas('=IF(A1>0.5;"a;b";2)'), with_commas("=Orders.A1+1")
    ('=IF(A1>0.5,"a;b",2)', None)
    """
    parts = TEXT.split(formula)
    if any(PARTED.search(part) for part in parts[::2]):
        return None
    return "".join(part if number % 2 else part.replace(";", ",") for number, part in enumerate(parts))


def formulas_of(cells: Any, document: Any) -> tuple[tuple[str, ...], ...]:
    """Return the formulas of a range as rows, spelt as in Excel; where a cell has none, what was typed into it."""
    written = None
    block = [list(row) for row in cells.getFormulaArray()]
    for row, line in enumerate(block):
        for column, formula in enumerate(line):
            if not is_formula(formula):
                continue
            spelt = with_commas(formula)
            if spelt is None:
                cell = cells.getCellByPosition(column, row)
                tokens = cell.getTokens()
                if not tokens:  # a text that begins with "="
                    continue
                written = written or parser(document)
                spelt = "=" + written.printFormula(tokens, _place(cell)).removeprefix("=")
            line[column] = spelt
    return tuple(tuple(row) for row in block)
