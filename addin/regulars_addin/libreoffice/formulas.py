"""Formulas: spelt as Excel spells them outside, and as LibreOffice spells them inside the program.

LibreOffice separates arguments by ';' and writes `$Sheet.A1` where Excel writes ',' and `Sheet!A1`. Its own parser translates.
"""

from __future__ import annotations

import re
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
    for row, column, formula in formulas:
        cell = cells.getCellByPosition(column, row)
        if SIGNS_OF_EXCEL.isdisjoint(formula):
            cell.setFormula(formula)
            continue
        read = read or parser(document)
        cell.setTokens(read.parseFormula(formula, _place(cell)))


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
