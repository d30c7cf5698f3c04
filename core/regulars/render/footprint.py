"""What a run wrote into which cells of a sheet, in few words: what stands there besides was typed by somebody.

The cells of a sheet are kept as spans of rows by column, and so are its formulas; its texts as their number and the sum
of their checksums by column, its numbers as their number and their sum: sorting a list changes none of it. Sums are
compared to the ninth digit, since programs write the last ones differently. Cells that are there to be edited are not looked at.
"""

from __future__ import annotations

import math
import re
import tomllib
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from regulars.orders.grid import letters

SHEET = "cells_of"  # the key by which such an entry is found among the cells of a workbook
_LARGEST = 2**32
_ESCAPED = re.compile(r"(?:_x005F)?_?x[0-9A-Fa-f]{4}_", re.IGNORECASE)  # escapes, and escapes of such
_SAME = 1e-9  # of the numbers of a column, all taken as positive: what programs may change by writing them
_NEAR = (1, 2)  # rows and columns that a program may shift a drawing by when it saves it

Address = tuple[int, int]  # row and column, counted from zero


class Other(Enum):
    """What a cell holds that is neither a text nor a number."""

    FORMULA = "formula"
    VALUE = "value"  # true, false, an error, a date written as such


# A cell that holds something.
Cell = tuple[Address, str | float | Other]


@dataclass(frozen=True)
class Footprint:
    """What was written into a sheet."""

    sheet: str
    spans: Mapping[int, tuple[Address, ...]]  # by column: first and last rows
    inputs: frozenset[Address]
    texts: Mapping[int, Address]  # by column: how many texts, and the sum of their checksums
    drawings: tuple[Address, ...] = field(default=())  # where charts and pictures begin
    numbers: Mapping[int, tuple[int, float]] | None = (
        None  # by column: how many numbers, and their sum; None: not known
    )
    formulas: Mapping[int, tuple[Address, ...]] = field(default_factory=dict)  # by column: first and last rows

    def added(self, cells: Iterable[Cell]) -> list[str]:
        """Return what stands on a sheet that was not written: cells one by one, changed texts and numbers by column.

        >>> written = Footprint("List", {1: ((2, 4),)}, frozenset(), {1: (2, checksum("A") + checksum("B"))})
        >>> written.added([((2, 1), "B"), ((3, 1), "A"), ((399, 2), "call!")])
        ['C400']
        >>> written.added([((2, 1), "B"), ((3, 1), "A, called")])
        ['a text in column B']
        >>> money = Footprint("Money", {2: ((0, 2),)}, frozenset(), {}, (), {2: (2, 30.0)}, {2: ((2, 2),)})
        >>> money.added([((0, 2), 20.0), ((1, 2), 10.0), ((2, 2), Other.FORMULA)])
        []
        >>> money.added([((0, 2), 10.0), ((1, 2), 21.0), ((2, 2), 31.0)])
        ['C3', 'a number in column C']
        """
        found: list[Address] = []
        counts: dict[int, int] = {}
        sums: dict[int, int] = {}
        numbers: dict[int, array[float]] = {}
        for cell, held in cells:
            if cell in self.inputs:
                continue
            row, column = cell
            is_other = (held is Other.FORMULA) != _is_in(row, self.formulas.get(column, ()))
            if (is_other and self.numbers is not None) or not _is_in(row, self.spans.get(column, ())):
                found.append(cell)
            elif isinstance(held, str):
                counts[column] = counts.get(column, 0) + 1
                sums[column] = (sums.get(column, 0) + checksum(held)) % _LARGEST
            elif isinstance(held, float):
                numbers.setdefault(column, array("d")).append(held)
        said = [address(cell) for cell in sorted(found)]
        for column in sorted(counts):
            count, total = self.texts.get(column, (0, 0))
            # Fewer texts than were written are no loss: somebody emptied cells.
            if counts[column] >= count and sums[column] != total % _LARGEST:
                said.append(f"a text in column {letters(column)}")
        said += [
            f"a number in column {letters(column)}"
            for column in sorted(numbers)
            if self._differ(column, numbers[column])
        ]
        return said

    def _differ(self, column: int, numbers: Sequence[float]) -> bool:
        """Tell whether other numbers stand in a column than were written."""
        if self.numbers is None:
            return False
        count, total = self.numbers.get(column, (0, 0.0))
        return len(numbers) >= count and abs(math.fsum(numbers) - total) > _SAME * math.fsum(map(abs, numbers))

    @staticmethod
    def nearest(place: Address | None, left: Iterable[Address]) -> Address | None:
        """Return the drawing, of those left, that begins where another does, give or take what programs shift it by."""
        if place is None:
            return None
        near = (
            (abs(place[0] - row) + abs(place[1] - column), (row, column))
            for row, column in left
            if abs(place[0] - row) <= _NEAR[0] and abs(place[1] - column) <= _NEAR[1]
        )
        return min(near, default=(0, None))[1]

    def entry(self) -> dict[str, str]:
        """Return the footprint as plain texts."""
        return {
            SHEET: self.sheet,
            "cells": _spans(self.spans),
            "inputs": _spans(joined(self.inputs)),
            "texts": " ".join(f"{letters(column)}:{count}:{total:x}" for column, (count, total) in self.texts.items()),
            "drawings": " ".join(map(address, self.drawings)),
            "formulas": _spans(self.formulas),
            "numbers": " ".join(
                f"{letters(column)}:{count}:{total!r}" for column, (count, total) in (self.numbers or {}).items()
            ),
        }


def read_footprint(text: str) -> Footprint | None:
    """Return the footprint that a cell holds as TOML; None when it holds none."""
    if not text.startswith("{") or SHEET not in text:
        return None
    try:
        said = tomllib.loads(f"entry = {text}")["entry"]
        texts = (part.split(":") for part in said["texts"].split())
        return Footprint(
            said[SHEET],
            _read_spans(said["cells"]),
            frozenset(
                (row, column)
                for column, spans in _read_spans(said["inputs"]).items()
                for first, last in spans
                for row in range(first, last + 1)
            ),
            {_column(letter): (int(count), int(total, 16)) for letter, count, total in texts},
            tuple(_address(part) for part in said["drawings"].split()),
            _read_numbers(said["numbers"]) if "numbers" in said else None,
            _read_spans(said.get("formulas", "")),
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError):
        return None


def _read_numbers(text: str) -> dict[int, tuple[int, float]]:
    parts = (part.split(":") for part in text.split())
    return {_column(letter): (int(count), float(total)) for letter, count, total in parts}


def _is_in(row: int, runs: Iterable[Address]) -> bool:
    return any(first <= row <= last for first, last in runs)


def checksum(text: str) -> int:
    """Return a number that stands for a text, however programs write its blanks and odd letters."""
    if "_" in text:
        text = _ESCAPED.sub("", text)
    return zlib.crc32("".join(text.split()).encode())


def address(cell: Address) -> str:
    """Return a cell as people call it.

    >>> address((399, 2))
    'C400'
    """
    return f"{letters(cell[1])}{cell[0] + 1}"


def _address(text: str) -> Address:
    letter = text.rstrip("0123456789")
    return int(text[len(letter) :]) - 1, _column(letter)


def _column(letter: str) -> int:
    number = 0
    for one in letter:
        number = number * 26 + ord(one) - 64
    return number - 1


def joined(cells: Iterable[Address]) -> dict[int, tuple[Address, ...]]:
    """Return cells as spans of rows by column."""
    rows: dict[int, list[int]] = {}
    for row, column in cells:
        rows.setdefault(column, []).append(row)
    return {column: tuple(_runs(sorted(rows[column]))) for column in sorted(rows)}


def merged(runs: Iterable[Address]) -> tuple[Address, ...]:
    """Return runs of rows joined where they meet or overlap.

    >>> merged([(5, 9), (1, 2), (3, 3), (6, 7)])
    ((1, 3), (5, 9))
    """
    found: list[Address] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _runs(rows: list[int]) -> Iterator[Address]:
    first = last = rows[0]
    for row in rows[1:]:
        if row > last + 1:
            yield first, last
            first = row
        last = row
    yield first, last


def _spans(spans: Mapping[int, tuple[Address, ...]]) -> str:
    return " ".join(
        letters(column)
        + ",".join(f"{first + 1}-{last + 1}" if last > first else f"{first + 1}" for first, last in runs)
        for column, runs in spans.items()
    )


def _read_spans(text: str) -> dict[int, tuple[Address, ...]]:
    found = {}
    for part in text.split():
        letter = part.rstrip("0123456789,-")
        runs = (run.partition("-") for run in part[len(letter) :].split(","))
        found[_column(letter)] = tuple((int(first) - 1, int(last or first) - 1) for first, _, last in runs)
    return found
