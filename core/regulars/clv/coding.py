"""Codes of rows: which of the distinct values of a column a row has, and which rows are the same in several columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Column = npt.NDArray[Any]

SAMPLE = 4096  # values from which the step of a grid is read; as many are sorted at once
LARGEST_TABLE = 1 << 22  # entries
A_ROW = 4  # entries of a table for each row, above which sorting is quicker


def code_of(column: Column) -> tuple[Column, Places]:
    """Return the distinct values of a column (n,) in rising order, and for each row which of them it has.

    >>> values, at = code_of(np.array([3.0, 1.0, 3.0]))
    >>> values.tolist(), at.tolist()
    ([1.0, 3.0], [1, 0, 1])
    """
    found = _looked_up(column) if len(column) > SAMPLE else None
    if found is None:
        values, at = np.unique(column, return_inverse=True)
        return values, at
    return found


def distinct_rows(*columns: Column) -> tuple[Places, Places]:
    """Return the first place of each distinct row, rows in rising order, and for each row which of them it is.

    >>> first, at = distinct_rows(np.array([2.0, 1.0, 2.0]), np.array([7.0, 7.0, 7.0]))
    >>> first.tolist(), at.tolist()
    ([1, 0], [1, 0, 1])
    """
    coded = [code_of(column) for column in columns]
    code, size = code_of_rows([(at, len(values)) for values, at in coded])
    rows = np.arange(len(code), dtype=np.intp)
    if size is not None and size <= max(A_ROW * len(code), SAMPLE):
        # The last assignment to an entry stays: made backwards, it is that of the first row.
        table = np.full(size, -1, dtype=np.intp)
        table[code[::-1]] = rows[::-1]
        taken = np.flatnonzero(table >= 0)
        first = table[taken]
        table[taken] = rows[: len(taken)]
        return first, table[code]
    order = np.argsort(code)
    begin = begins(code[order])
    at = np.empty(len(code), dtype=np.intp)
    at[order] = np.repeat(rows[: len(begin)], np.diff(begin, append=len(code)))
    return np.minimum.reduceat(order, begin) if len(begin) else order, at


def code_of_rows(columns: Sequence[tuple[Places, int]]) -> tuple[Places, int | None]:
    """Return one whole number for each row, rising as the rows do, from its codes in the columns and how many each has.

    With it comes how many numbers there could be: the number is then (first · count of the second + second) · ….
    None instead where these exceed the largest whole number: ranks stand for the columns before.
    """
    (code, size), exact = columns[0], True
    for at, count in columns[1:]:
        if size * count > np.iinfo(np.intp).max:
            ranks, code = np.unique(code, return_inverse=True)
            size, exact = len(ranks), False
        code, size = code * count + at, size * count
    return code, size if exact else None


def begins(*columns: Column) -> Places:
    """Return where each run of equal rows begins.

    >>> begins(np.array([1, 1, 2]), np.array([5, 5, 5])).tolist()
    [0, 2]
    """
    new = np.zeros(len(columns[0]), dtype=np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def _looked_up(column: Column) -> tuple[Column, Places] | None:
    """Return what `code_of` does without sorting, or None.

    Counts, whole days, and weeks of whole days lie on a grid: they are entered in a table with an entry for each of its
    points. Where a row does not find its own value in there again, the values are closer than the grid.
    """
    sample = np.unique(column[:: len(column) // SAMPLE])
    lowest, highest = float(column.min()), float(column.max())
    if len(sample) < 2 or lowest < 0:
        return None
    step = float(np.diff(sample).min())
    if not highest / step < min(LARGEST_TABLE, A_ROW * len(column)):
        return None
    place = (column * (1 / step) + 0.5).astype(np.intp)
    table = np.full(int(highest / step) + 2, -1, dtype=column.dtype)
    table[place] = column
    if not (table[place] == column).all():
        return None
    taken = table >= 0
    return table[taken], (np.cumsum(taken) - 1)[place]
