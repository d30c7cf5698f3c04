"""What a run wrote into which cells of a sheet, in few words: what stands there besides was typed by somebody.

The cells of a sheet are kept as spans of rows by column, its texts as their number and the sum of their checksums by
column: sorting a list changes neither. Numbers are not compared, since programs write their last digits differently, and
neither are formulas nor the cells that are there to be edited.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from regulars.orders.grid import letters

SHEET = "cells_of"  # the key by which such an entry is found among the cells of a workbook
_LARGEST = 2**32
_ESCAPED = re.compile(r"(?:_x005F)?_?x[0-9A-Fa-f]{4}_", re.IGNORECASE)  # escapes, and escapes of such
_NEAR = (1, 2)  # rows and columns that a program may shift a drawing by when it saves it

Address = tuple[int, int]  # row and column, counted from zero


# A cell that holds something, with its text where it holds a text and no formula.
Cell = tuple[Address, str | None]


@dataclass(frozen=True)
class Footprint:
    """What was written into a sheet."""

    sheet: str
    spans: Mapping[int, tuple[Address, ...]]  # by column: first and last rows
    inputs: frozenset[Address]
    texts: Mapping[int, Address]  # by column: how many texts, and the sum of their checksums
    drawings: tuple[Address, ...] = field(default=())  # where charts and pictures begin

    def added(self, cells: Iterable[Cell]) -> list[str]:
        """Return what stands on a sheet that was not written: cells one by one, changed texts by their column.

        >>> written = Footprint("List", {1: ((2, 4),)}, frozenset(), {1: (2, checksum("A") + checksum("B"))})
        >>> written.added([((2, 1), "B"), ((3, 1), "A"), ((399, 2), "call!")])
        ['C400']
        >>> written.added([((2, 1), "B"), ((3, 1), "A, called")])
        ['a text in column B']
        """
        found: list[Address] = []
        counts: dict[int, int] = {}
        sums: dict[int, int] = {}
        for cell, text in cells:
            if cell in self.inputs:
                continue
            row, column = cell
            if not any(first <= row <= last for first, last in self.spans.get(column, ())):
                found.append(cell)
            elif text is not None:
                counts[column] = counts.get(column, 0) + 1
                sums[column] = (sums.get(column, 0) + checksum(text)) % _LARGEST
        said = [address(cell) for cell in sorted(found)]
        for column in sorted(counts):
            count, total = self.texts.get(column, (0, 0))
            # Fewer texts than were written are no loss: somebody emptied cells.
            if counts[column] >= count and sums[column] != total % _LARGEST:
                said.append(f"a text in column {letters(column)}")
        return said

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
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError):
        return None


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
