"""What a column's values look like, from a sample: dates, numbers, amounts of money, ids that come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow.compute as pc

from regulars.orders.dates import excel_serial, read_date
from regulars.orders.numbers import read_number
from regulars.orders.raw import RawSource
from regulars.orders.written import as_text

SAMPLE = 300  # values of a column, evenly spaced


@dataclass(frozen=True)
class Look:
    """A sample of a column's values."""

    values: tuple[str, ...]

    def _share(self, count: int) -> float:
        return count / len(self.values) if self.values else 0.0

    @cached_property
    def dates(self) -> float:
        """Return the share of values that are dates as written."""
        return self._share(sum(1 for value in self.values if read_date(value) is not None))

    @cached_property
    def serials(self) -> float:
        """Return the share of values that could be Excel's day numbers."""
        return self._share(sum(1 for value in self.values if excel_serial(value) is not None))

    @cached_property
    def numbers(self) -> float:
        """Return the share of values that are numbers."""
        return self._share(sum(1 for value in self.values if read_number(value) is not None))

    @cached_property
    def money(self) -> float:
        """Return the share of values with a currency or with decimals."""
        read = [read_number(value) for value in self.values]
        return self._share(
            sum(1 for one in read if one is not None and (one.currency is not None or one.mark in {".", ","}))
        )

    @cached_property
    def words(self) -> float:
        """Return the share of values with letters in them."""
        return self._share(sum(1 for value in self.values if any(letter.isalpha() for letter in value)))

    @cached_property
    def longest(self) -> int:
        """Return the length of the longest value in characters."""
        return max((len(value) for value in self.values), default=0)


def look_at(raw: RawSource, index: int) -> Look:
    """Return a sample of a column."""
    filled = pc.drop_null(raw.cells[f"c{index}"])
    count = len(filled)
    if count > SAMPLE:
        filled = filled.take([position * count // SAMPLE for position in range(SAMPLE)])
    return Look(tuple(as_text(filled).to_pylist()))


def comes_back(raw: RawSource, index: int) -> bool:
    """Tell whether a column holds short ids of many things that come back over the rows, as customers do."""
    column = raw.cells[f"c{index}"]
    filled = len(column) - column.null_count
    if filled < 20:
        return False
    distinct = pc.count_distinct(column).as_py()
    look = look_at(raw, index)
    return (
        max(10, filled * 0.02) <= distinct <= filled * 0.9
        and look.longest <= 40
        and look.dates < 0.5
        and look.money < 0.5
    )


def is_order_level(raw: RawSource, columns: Sequence[int]) -> bool:
    """Tell whether an amount belongs to the order and comes again on each of its lines.

    `columns` are order, amount, quantity and price. It does when orders of several lines have one amount each (or
    have it on their first line only) that is not quantity times price.
    """
    order, amount, quantity, price = (as_text(raw.cells[f"c{index}"].slice(0, 5_000)).to_pylist() for index in columns)
    orders: dict[str, list[tuple[float | None, float | None]]] = {}
    for key, total, units, each in zip(order, amount, quantity, price, strict=True):
        if key is not None:
            units_, each_ = _rough(units), _rough(each)
            line = units_ * each_ if units_ is not None and each_ is not None else None
            orders.setdefault(key, []).append((_rough(total), line))
    several = [lines for lines in orders.values() if len(lines) > 1 and any(total is not None for total, _ in lines)]
    if not several:
        return False
    repeated = sum(1 for lines in several if _is_one_amount(lines))
    return repeated >= 0.9 * len(several)


def _is_one_amount(lines: Sequence[tuple[float | None, float | None]]) -> bool:
    totals = {total for total, _ in lines if total is not None}
    own = sum(1 for total, line in lines if total is not None and line is not None and abs(total - line) <= 0.02)
    filled = sum(1 for total, _ in lines if total is not None)
    return len(totals) == 1 and own <= filled / 2


def _rough(text: str | None) -> float | None:
    read = read_number(text) if text is not None else None
    return None if read is None else read.value()
