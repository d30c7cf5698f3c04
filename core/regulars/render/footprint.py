"""What a run wrote into which cells of a sheet, in few words: what stands there besides was typed by somebody.

The cells of a sheet are kept as spans of rows by column, and so are its formulas, fills and conditional formats; its
texts as their number and the sum of their checksums by column, its numbers as their number and their sum: sorting a list
changes none of it. Sums are compared to the ninth digit, since programs write the last ones differently. Which cells
hold something else, tallies tell. Cells that are there to be edited are not looked at.
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
from typing import Generic, TypeVar

from regulars.orders.grid import letters
from regulars.render import tally

SHEET = "cells_of"  # the key by which such an entry is found among the cells of a workbook
_LARGEST = 2**32
_ESCAPED = re.compile(r"(?:_x005F)?_?x[0-9A-Fa-f]{4}_", re.IGNORECASE)  # escapes, and escapes of such
_SAME = 1e-9  # of the numbers of a column, all taken as positive: what programs may change by writing them
_NEAR = (1, 2)  # rows and columns that a program may shift a drawing by when it saves it

_LONGEST = 30_000  # characters of an entry, of which a cell holds 32,767

Address = tuple[int, int]  # row and column, counted from zero
Spans = Mapping[int, tuple[Address, ...]]  # by column: first and last rows


class Other(Enum):
    """What a cell holds that is neither a text nor a number."""

    FORMULA = "formula"
    VALUE = "value"  # true, false, an error, a date written as such


# A cell that holds something.
Cell = tuple[Address, str | float | Other]


Held = TypeVar("Held", int, float)


@dataclass(frozen=True)
class _Column(Generic[Held]):
    """What a column holds today, with the rows that it stands in."""

    held: array[Held]
    rows: array[int] = field(default_factory=lambda: array("L"))

    def add(self, row: int, held: Held) -> None:
        self.held.append(held)
        self.rows.append(row)


@dataclass(frozen=True)
class Footprint:
    """What was written into a sheet."""

    sheet: str
    spans: Spans
    inputs: frozenset[Address]
    texts: Mapping[int, Address]  # by column: how many texts, and the sum of their checksums
    drawings: tuple[Address, ...] = field(default=())  # where charts and pictures begin
    numbers: Mapping[int, tuple[int, float]] | None = (
        None  # by column: how many numbers, and their sum; None: not known
    )
    formulas: Spans = field(default_factory=dict)
    fills: Mapping[str, Spans] | None = None  # by colour, as six digits; None: not known
    conditional: Spans = field(default_factory=dict)  # cells with conditional formats
    tallies: Mapping[tuple[int, bool], tally.Buckets] = field(default_factory=dict)  # by column, and whether of numbers

    def added(self, cells: Iterable[Cell]) -> list[str]:
        """Return what stands on a sheet that was not written: cells one by one, changed texts and numbers by column.

        >>> written = Footprint("List", {1: ((2, 4),)}, frozenset(), {1: (2, checksum("A") + checksum("B"))})
        >>> written.added([((2, 1), "B"), ((3, 1), "A"), ((399, 2), "call!")])
        ['C400']
        >>> written.added([((2, 1), "B"), ((3, 1), "A, called")])
        ['a text in column B']
        >>> kept = {(1, False): tally.tallied(tally.of_texts([checksum("A"), checksum("B")]))}
        >>> Footprint(written.sheet, written.spans, frozenset(), written.texts, tallies=kept).added([((2, 1), "B"), ((3, 1), "A, called")])
        ['B4']
        >>> money = Footprint("Money", {2: ((0, 2),)}, frozenset(), {}, (), {2: (2, 30.0)}, {2: ((2, 2),)})
        >>> money.added([((0, 2), 20.0), ((1, 2), 10.0), ((2, 2), Other.FORMULA)])
        []
        >>> money.added([((0, 2), 10.0), ((1, 2), 21.0), ((2, 2), 31.0)])
        ['C3', 'a number in column C']
        """
        found: list[Address] = []
        texts: dict[int, _Column[int]] = {}
        numbers: dict[int, _Column[float]] = {}
        for cell, held in cells:
            if cell in self.inputs:
                continue
            row, column = cell
            is_other = (held is Other.FORMULA) != is_in(row, self.formulas.get(column, ()))
            if (is_other and self.numbers is not None) or not is_in(row, self.spans.get(column, ())):
                found.append(cell)
            elif isinstance(held, str):
                if column not in texts:
                    texts[column] = _Column(array("L"))
                texts[column].add(row, checksum(held))
            elif isinstance(held, float):
                if column not in numbers:
                    numbers[column] = _Column(array("d"))
                numbers[column].add(row, held)
        unnamed = []
        for number in sorted(texts):
            rows = self._strange_texts(number, texts[number])
            found += [(row, number) for row in rows or ()]
            unnamed += [] if rows else [f"a text in column {letters(number)}"] * (rows is not None)
        for number in sorted(numbers):
            if self._differ(number, numbers[number].held):
                known = self.tallies.get((number, True))
                places = [] if known is None else tally.strangers(known, tally.of_numbers(numbers[number].held))
                found += [(numbers[number].rows[place], number) for place in places]
                unnamed += [] if places else [f"a number in column {letters(number)}"]
        return [*map(address, sorted(found)), *unnamed]

    def _strange_texts(self, number: int, column: _Column[int]) -> list[int] | None:
        """Return the rows of texts that were not written; none if it is not known which, None if all were."""
        count, total = self.texts.get(number, (0, 0))
        if sum(column.held) % _LARGEST == total % _LARGEST and len(column.held) == count:
            return None
        known = self.tallies.get((number, False))
        places = [] if known is None else tally.strangers(known, tally.of_texts(column.held))
        # Fewer texts than were written are no addition: somebody emptied cells.
        return [column.rows[place] for place in places] if places or len(column.held) >= count else None

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
        """Return the footprint as plain texts; tallies are left away where a cell cannot hold them."""
        said = self._entry()
        tallies = {
            "tallies": " ".join(
                f"{letters(column)}:{'n' if numbers else 't'}:{tally.written(buckets)}"
                for (column, numbers), buckets in self.tallies.items()
            )
        }
        return said | tallies if sum(map(len, [*said.values(), *tallies.values()])) < _LONGEST else said

    def _entry(self) -> dict[str, str]:
        fills = self.fills or {}
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
            "fills": "; ".join(f"{colour} {_spans(fills[colour])}" for colour in sorted(fills)),
            "conditional": _spans(self.conditional),
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
            _read_fills(said["fills"]) if "fills" in said else None,
            _read_spans(said.get("conditional", "")),
            _read_tallies(said.get("tallies", "")),
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError):
        return None


def _read_numbers(text: str) -> dict[int, tuple[int, float]]:
    parts = (part.split(":") for part in text.split())
    return {_column(letter): (int(count), float(total)) for letter, count, total in parts}


def _read_fills(text: str) -> dict[str, Spans]:
    parts = (part.partition(" ") for part in text.split("; ") if part)
    return {colour: _read_spans(spans) for colour, _, spans in parts}


def _read_tallies(text: str) -> dict[tuple[int, bool], tally.Buckets]:
    parts = (part.split(":") for part in text.split())
    return {(_column(letter), kind == "n"): tally.read(said) for letter, kind, said in parts}


def is_in(row: int, runs: Iterable[Address]) -> bool:
    """Tell whether a row is in one of some runs of rows."""
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


def areas(text: str) -> Iterator[tuple[Address, Address]]:
    """Yield the areas that a text such as "B2:C9 E4" names, each as its first and its last cell.

    >>> list(areas("B2:C9 E4"))
    [((1, 1), (8, 2)), ((3, 4), (3, 4))]
    """
    for part in text.replace("$", "").split():
        first, _, last = part.partition(":")
        yield _address(first), _address(last or first)


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


def _spans(spans: Spans) -> str:
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
