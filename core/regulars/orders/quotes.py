"""Records of delimited text in which a quote may never be closed: no line may vanish in the cell of another."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from regulars.base.errors import InputError
from regulars.orders.dates import read_date
from regulars.orders.numbers import read_number

SAMPLE = 200  # lines from which the shape of a row is known


@dataclass(frozen=True)
class Shape:
    """What the rows of a table look like: their number of cells, and which of these are numbers or dates."""

    width: int
    measured: frozenset[int]

    def fits(self, cells: Sequence[str]) -> bool:
        """Tell whether cells look like a row: as many as usual, and values where the others have values."""
        values = sum(1 for index in self.measured if index < len(cells) and _is_value(cells[index]))
        return len(cells) == self.width and values > 0 and 2 * values >= len(self.measured)


def shape_of(lines: Iterable[str], delimiter: str) -> Shape:
    """Return the shape that most lines have, each read by itself.

    >>> shape_of(["day,client,total", "2025-01-01,Ann,3", "2025-01-02,Bob,4"], ",") == Shape(3, frozenset({0, 2}))
    True
    """
    read = [cells for line in islice(lines, SAMPLE) if (cells := _alone(line, delimiter))]
    width = Counter(len(cells) for cells in read).most_common(1)[0][0] if read else 0
    rows = [cells for cells in read if len(cells) == width]
    # A third is enough: the sample has the header, titles and pieces of notes among its rows.
    measured = (index for index in range(width) if 3 * sum(1 for cells in rows if _is_value(cells[index])) >= len(rows))
    return Shape(width, frozenset(measured))


@dataclass
class Records:
    """The records of a text, and the lines in which a quote is never closed."""

    name: str
    delimiter: str
    shape: Shape
    unclosed: list[int] = field(default_factory=list)  # numbers of lines, as an editor counts them

    def read(self, lines: Iterable[str], first_line: int = 1) -> Iterator[list[str]]:
        """Yield the records; a line whose quote is never closed is a record of its own, the quote a part of its text.

        Raises InputError when such a line can be read in several ways.
        """
        source = _Lines(iter(lines), first_line)
        reader = csv.reader(source, delimiter=self.delimiter)
        while True:
            source.taken.clear()
            record: list[str] | None
            try:
                record = next(reader, None)
            except csv.Error:  # a cell longer than any
                record, reader = None, csv.reader(source, delimiter=self.delimiter)
            if not source.taken:
                return
            if record is None or self._is_never_closed(source) or self._swallows(source.taken):
                line, first = source.number - len(source.taken) + 1, source.taken[0]
                source.give_back(source.taken[1:])
                record = self._mended(first, line)
                self.unclosed.append(line)
            yield record

    def _is_never_closed(self, source: _Lines) -> bool:
        """Tell whether a record has a quote that is open where the text ends."""
        return '"' in source.taken[0] and source.is_at_end() and is_open(source.taken, self.delimiter)

    def _swallows(self, lines: Sequence[str]) -> bool:
        """Tell whether a record of several lines has whole rows in one of its cells.

        A note of several lines is well formed, or at least holds no line that looks like a row.
        """
        if len(lines) == 1:
            return False
        within = [_alone(line, self.delimiter) for line in lines[1:]]
        if _strict(lines, self.delimiter) is None:
            return any(len(cells) == self.shape.width for cells in within)
        rows = any(self.shape.fits(cells) for cells in within)
        return rows and any(self.shape.fits(cells) for cells in self._without_a_quote(lines[0]))

    def _mended(self, line: str, number: int) -> list[str]:
        readings = self._without_a_quote(line)
        if len(readings) != 1:
            raise InputError(
                f"'{self.name}' has a quote in line {number:,} that is never closed, so that the lines after it"
                " would be read as one cell",
                remedy=f"close or delete the quote in line {number:,}, or export the file again",
            )
        return readings[0]

    def _without_a_quote(self, line: str) -> list[list[str]]:
        """Return the ways to read a line by itself, when one of its quotes is taken for none."""
        readings: list[list[str]] = []
        for place, letter in enumerate(line):
            if letter == '"':
                cells = _strict([line[:place] + line[place + 1 :]], self.delimiter)
                if cells is not None and len(cells) == self.shape.width and cells not in readings:
                    readings.append(cells)
        return readings


@dataclass
class _Lines:
    """Lines that remember which of them the record in progress has taken."""

    ahead: Iterator[str]
    before_first: int
    taken: list[str] = field(default_factory=list)
    returned: deque[str] = field(default_factory=deque)
    number: int = 0  # of the line that was taken last

    def __post_init__(self) -> None:
        self.number = self.before_first - 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.returned.popleft() if self.returned else next(self.ahead)
        self.taken.append(line)
        self.number += 1
        return line

    def is_at_end(self) -> bool:
        """Tell whether no line is left."""
        if not self.returned:
            self.returned.extend(islice(self.ahead, 1))
        return not self.returned

    def give_back(self, lines: Sequence[str]) -> None:
        """Have lines read again."""
        self.returned.extendleft(reversed(lines))
        self.number -= len(lines)


def _alone(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])


def _strict(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """Return the cells of a record that keeps the rules of quoting; None for one that does not."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def is_open(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether a quote is open at the end of a record, so that it would go on with whatever follows.

    >>> is_open(['a,"b,c'], ","), is_open(['a,"b",c'], ","), is_open(['a,"b" pot,c'], ",")
    (True, False, False)
    """
    if not any('"' in line for line in lines):
        return False
    reader = csv.reader([*lines, ""], delimiter=delimiter)
    try:
        next(reader, None)
    except csv.Error:
        return True
    return reader.line_num > len(lines)


def _is_value(cell: str) -> bool:
    return read_number(cell) is not None or read_date(cell) is not None
