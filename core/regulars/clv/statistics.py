"""What a likelihood needs of the customers: each distinct (x, t_x, T) or (x, m) once, with the number of customers behind it."""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Distinct:
    """The distinct values of one column, and for each row which of them it has."""

    values: Floats
    at: Places

    @classmethod
    def of(cls, column: Floats) -> Distinct:
        """Return the distinct values in rising order."""
        values, at = np.unique(column, return_inverse=True)
        return cls(values, at)


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

    @property
    def customers(self) -> float:
        """Return how many customers there are."""
        return float(self.weights.sum())

    @property
    def repeaters(self) -> float:
        """Return how many customers purchased again."""
        return float(self.weights[self.x.values[self.x.at] > 0].sum())

    @property
    def longest(self) -> float:
        """Return the longest time observed."""
        return float(self.T.values[-1])

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """Return x, t_x and T of each distinct row."""
        return self.x.values[self.x.at], self.t_x.values[self.t_x.at], self.T.values[self.T.at]

    def weights_by_x(self) -> Floats:
        """Return the number of customers with each distinct x."""
        return np.bincount(self.x.at, self.weights, len(self.x.values)).astype(np.float64)

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

    @property
    def customers(self) -> float:
        """Return how many customers there are."""
        return float(self.weights.sum())

    def weights_by_x(self) -> Floats:
        """Return the number of customers with each distinct x."""
        return np.bincount(self.x.at, self.weights, len(self.x.values)).astype(np.float64)

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
    columns = _columns(x, t_x, T)
    frequency, last, age = columns
    counts = _checked_weights(np.ones(len(age)) if weights is None else weights, len(age))
    _refuse((frequency < 0) | (frequency != np.floor(frequency)), "x is not a whole number of purchases")
    _refuse((last < 0) | (last > age), "t_x is not between 0 and T")
    _refuse((frequency == 0) & (last > 0), "t_x is above 0 without a repeat purchase")
    (frequency, last, age), merged = _merged(columns, counts)
    return PurchaseStatistics(Distinct.of(frequency), Distinct.of(last), Distinct.of(age), merged)


def spend_statistics(x: npt.ArrayLike, m: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> SpendStatistics:
    """Merge customers with the same number of purchases and the same mean value into one weighted row.

    Raises ValueError when a customer has no purchase, or a mean value of 0 or less: the model does not speak of those.
    """
    columns = _columns(x, m)
    counts = _checked_weights(np.ones(len(columns[0])) if weights is None else weights, len(columns[0]))
    _refuse(columns[0] <= 0, "x is not above 0")
    _refuse(columns[1] <= 0, "the mean value is not above 0")
    (frequency, mean), merged = _merged(columns, counts)
    return SpendStatistics(Distinct.of(frequency), mean, merged)


def distinct_rows(*columns: Floats) -> tuple[Places, Places]:
    """Return the first place of each distinct row, rows in rising order, and for each row which of them it is.

    >>> first, at = distinct_rows(np.array([2.0, 1.0, 2.0]), np.array([7.0, 7.0, 7.0]))
    >>> first.tolist(), at.tolist()
    ([1, 0], [1, 0, 1])
    """
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for place, column in enumerate(columns):
        values, at = np.unique(column, return_inverse=True)
        # Ranks keep the codes below rows², whatever the number of columns.
        if place > 1:
            code = np.unique(code, return_inverse=True)[1]
        code = code * len(values) + at
    _, first, at = np.unique(code, return_index=True, return_inverse=True)
    return first, at


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


def _merged(columns: list[Floats], weights: Floats) -> tuple[list[Floats], Floats]:
    first, at = distinct_rows(*columns)
    return [column[first] for column in columns], np.bincount(at, weights, len(first)).astype(np.float64)
