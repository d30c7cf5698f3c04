"""What a likelihood needs of the customers: each distinct (x, t_x, T) or (x, m) once, with the number of customers behind it."""

# ruff: noqa: N803, N806  T is the literature's symbol, and lower-case t another
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from regulars.clv.coding import Floats, Places, begins, code_of, code_of_rows, distinct_rows

__all__ = [
    "Distinct",
    "Floats",
    "Places",
    "PurchaseStatistics",
    "SpendStatistics",
    "distinct_rows",
    "purchase_statistics",
    "spend_statistics",
]

TIME_BINS = 16  # of coarse statistics
MANY_ROWS, FEW_ROWS = 20_000, 4_000  # of spend, before and after thinning


@dataclass(frozen=True, eq=False)
class Distinct:
    """The distinct values of one column, and for each row which of them it has."""

    values: Floats
    at: Places

    @classmethod
    def of(cls, column: Floats) -> Distinct:
        """Return the distinct values in rising order."""
        return cls(*code_of(column))

    def rows(self) -> Floats:
        """Return the column."""
        return np.asarray(self.values[self.at])


@dataclass(frozen=True, eq=False)
class PurchaseStatistics:
    """Sufficient statistics of BG/NBD, MBG/NBD and Pareto/NBD. Build them with `purchase_statistics`.

    Fader, Hardie & Lee (2005a), section 3: a customer is (x, t_x, T): repeat purchases, time of the last one and time
    observed, both counted from the first purchase. Rows are distinct and sorted, whatever the order of the customers.
    """

    x: Distinct
    t_x: Distinct
    T: Distinct
    weights: Floats  # customers with this (x, t_x, T)

    @cached_property
    def customers(self) -> float:
        """Return how many customers there are."""
        return float(self.weights.sum())

    @cached_property
    def by_x(self) -> Floats:
        """Return the number of customers with each distinct x."""
        return np.bincount(self.x.at, self.weights, len(self.x.values)).astype(np.float64)

    @property
    def repeaters(self) -> float:
        """Return how many customers purchased again."""
        return float(self.by_x[self.x.values > 0].sum())

    @property
    def longest(self) -> float:
        """Return the longest time observed."""
        return float(self.T.values[-1])

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """Return x, t_x and T of each distinct row."""
        return self.x.rows(), self.t_x.rows(), self.T.rows()

    def coarse(self) -> PurchaseStatistics:
        """Return far fewer rows: customers with the same x and about the same times count as one, at their mean times.

        What is most likely for these is nearly so for the customers themselves: a search that starts there is short.
        """
        bins = [(np.sqrt(times.values / self.longest) * (TIME_BINS - 1)).round().astype(np.intp)
                for times in (self.t_x, self.T)]  # fmt: skip
        cell = (self.x.at * TIME_BINS + bins[0][self.t_x.at]) * TIME_BINS + bins[1][self.T.at]
        customers = np.bincount(cell, self.weights).astype(np.float64)
        kept = np.flatnonzero(customers)
        t_x, T = (
            np.bincount(cell, self.weights * times.rows())[kept] / customers[kept] for times in (self.t_x, self.T)
        )
        x = self.x.values[kept // TIME_BINS**2]
        return PurchaseStatistics(Distinct.of(x), Distinct.of(np.minimum(t_x, T)), Distinct.of(T), customers[kept])

    def reweighted(self, weights: npt.ArrayLike) -> PurchaseStatistics:
        """Return the same rows with other weights, one for each distinct row.

        A bootstrap draws Poisson(weight) for a row, the sum of Poisson(1) over the customers it stands for.
        """
        return replace(self, weights=_checked_weights(weights, len(self.weights)))


@dataclass(frozen=True, eq=False)
class SpendStatistics:
    """Sufficient statistics of Gamma-Gamma: number of purchases x and their mean value m. Build with `spend_statistics`."""

    x: Distinct
    m: Floats
    weights: Floats

    @cached_property
    def customers(self) -> float:
        """Return how many customers there are."""
        return float(self.weights.sum())

    @cached_property
    def by_x(self) -> Floats:
        """Return the number of customers with each distinct x."""
        return np.bincount(self.x.at, self.weights, len(self.x.values)).astype(np.float64)

    @cached_property
    def amounts(self) -> Floats:
        """Return what a customer of each row spent in all, x·m."""
        return np.asarray(self.x.rows() * self.m)

    @cached_property
    def log_m(self) -> Floats:
        """Return ln m of each row."""
        return np.asarray(np.log(self.m))

    @cached_property
    def counts(self) -> Floats:
        """Return two rows, with an entry for each row of the statistics: customers, and their purchases."""
        return np.stack([self.weights, self.weights * self.x.rows()])

    def thinned(self) -> SpendStatistics:
        """Return some thousand of the rows, evenly spread over x and m; the same statistics where there are no more."""
        if len(self.weights) <= MANY_ROWS:
            return self
        every = slice(None, None, len(self.weights) // FEW_ROWS)
        weights = self.weights[every]
        weights = weights * (self.customers / weights.sum())
        return SpendStatistics(Distinct(self.x.values, self.x.at[every]), self.m[every], weights)

    def reweighted(self, weights: npt.ArrayLike) -> SpendStatistics:
        """Return the same rows with other weights, one for each distinct row."""
        return replace(self, weights=_checked_weights(weights, len(self.weights)))


def purchase_statistics(
    x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> PurchaseStatistics:
    """Merge customers with the same (x, t_x, T) into one weighted row. Times are not rounded: nothing is lost.

    `weights` counts customers when the rows are merged already. Raises ValueError when a row is no purchase history.

    >>> merged = purchase_statistics([0, 2, 0], [0, 5, 0], [9, 9, 9])
    >>> merged.rows()[0].tolist(), merged.weights.tolist()
    ([0.0, 2.0], [2.0, 1.0])
    """
    frequency, last, age = columns = _columns(x, t_x, T)
    counts = None if weights is None else _checked_weights(weights, len(age))
    _refuse((frequency < 0) | (frequency != np.floor(frequency)), "x is not a whole number of purchases")
    _refuse((last < 0) | (last > age), "t_x is not between 0 and T")
    _refuse((frequency == 0) & (last > 0), "t_x is above 0 without a repeat purchase")
    coded = [Distinct.of(column) for column in columns]
    places, merged = _merged(coded, counts)
    in_x, in_last, in_age = (Distinct(column.values, at) for column, at in zip(coded, places, strict=True))
    return PurchaseStatistics(in_x, in_last, in_age, merged)


def spend_statistics(x: npt.ArrayLike, m: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> SpendStatistics:
    """Merge customers with the same number of purchases and the same mean value into one weighted row.

    Raises ValueError when a customer has no purchase, or a mean value of 0 or less: the model does not speak of those.
    """
    frequency, mean = _columns(x, m)
    counts = None if weights is None else _checked_weights(weights, len(mean))
    _refuse(frequency <= 0, "x is not above 0")
    _refuse(mean <= 0, "the mean value is not above 0")
    coded = Distinct.of(frequency)
    if counts is None:
        return SpendStatistics(*_merged_within(coded, mean))
    first, at = distinct_rows(frequency, mean)
    merged = np.bincount(at, counts, len(first)).astype(np.float64)
    return SpendStatistics(Distinct(coded.values, coded.at[first]), mean[first], merged)


def _columns(*columns: npt.ArrayLike) -> list[Floats]:
    arrays = [np.asarray(column, dtype=np.float64).ravel() for column in columns]
    if len({len(array) for array in arrays}) != 1:
        raise ValueError(f"the columns have different lengths: {[len(array) for array in arrays]}")
    for array in arrays:
        _refuse(~np.isfinite(array), "a number is missing or infinite")
    return arrays


def _checked_weights(weights: npt.ArrayLike, rows: int) -> Floats:
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != (rows,):
        raise ValueError(f"expected {rows} weights, got {array.size}")
    _refuse(~(np.isfinite(array) & (array >= 0)), "a weight is not a finite number from 0")
    return array


def _refuse(wrong: npt.NDArray[np.bool_], what: str) -> None:
    if wrong.any():
        raise ValueError(f"{what} in {int(wrong.sum())} of {len(wrong)} rows (first: row {int(wrong.argmax())})")


def _merged(columns: Sequence[Distinct], weights: Floats | None) -> tuple[list[Places], Floats]:
    """Return for each distinct row which value it has in each column, and how many customers it stands for."""
    code, size = code_of_rows([(column.at, len(column.values)) for column in columns])
    if size is None or weights is not None:
        first, at = distinct_rows(*(column.at for column in columns))
        counted = np.bincount(at, weights, len(first)).astype(np.float64)
        return [column.at[first] for column in columns], counted
    # One-time buyers, often most of all, have the lowest codes: these are counted, the others sorted.
    few = len(columns[-1].values)
    counts = np.bincount(code[code < few], minlength=few)
    common = np.flatnonzero(counts)
    rising = np.sort(code[code >= few].astype(np.int32 if size <= np.iinfo(np.int32).max else np.int64))
    begin = begins(rising)
    rest = np.append(common, rising[begin]).astype(np.intp)
    merged = np.append(counts[common], np.diff(begin, append=len(rising))).astype(np.float64)
    places: list[Places] = []
    for column in reversed(columns):
        rest, place = rest // len(column.values), rest % len(column.values)
        places.insert(0, place)
    return places, merged


def _merged_within(x: Distinct, m: Floats) -> tuple[Distinct, Floats, Floats]:
    """Return x and m of each distinct row, rows in rising order, and how many customers each stands for."""
    # The places of small numbers are sorted by counting, and the means of each then without their places.
    order = np.argsort(x.at.astype(np.uint16) if len(x.values) <= np.iinfo(np.uint16).max else x.at, kind="stable")
    at, mean = x.at[order], m[order]
    ends = np.append(begins(at), len(at)).tolist()
    for begin, end in pairwise(ends):
        mean[begin:end].sort()
    first = begins(at, mean)
    if len(first) == len(at):
        return Distinct(x.values, at), mean, np.ones(len(at))
    return Distinct(x.values, at[first]), mean[first], np.diff(first, append=len(at)).astype(np.float64)
