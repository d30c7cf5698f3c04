"""How near a forecast came to what customers did: the total, each customer, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regulars.clv.statistics import Floats

TOP = 0.1
AS_GOOD = 0.02  # RMSE within this share of the best is as good
SAME_BIAS = 0.005


@dataclass(frozen=True)
class Score:
    """One candidate on one test window. Errors are in purchase days of a customer."""

    key: str
    name: str
    predicted: float
    actual: float
    mae: float
    rmse: float
    gini: float | None  # normalised: 1 ranks customers as they turned out, 0 tells nothing
    top_decile: float | None  # share of the purchase days that came from the tenth ranked highest

    @property
    def bias(self) -> float:
        """Return by how much the total was missed, as a share of it."""
        return self.predicted / self.actual - 1


def score(key: str, name: str, predicted: Floats, actual: Floats) -> Score:
    """Compare a forecast with what came; both have one entry a customer, and `actual` is not nought throughout.

    >>> perfect = score("x", "x", np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 3.0]))
    >>> perfect.bias, perfect.mae, perfect.gini
    (0.0, 0.0, 1.0)
    """
    error = predicted - actual
    people, held = lorenz(predicted, actual)
    best = _area(*lorenz(actual, actual))
    return Score(
        key,
        name,
        float(predicted.sum()),
        float(actual.sum()),
        float(np.abs(error).mean()),
        float(np.sqrt((error**2).mean())),
        float(_area(people, held) / best) if best > 0 else None,
        float(np.interp(TOP, people, held)),
    )


def lorenz(predicted: Floats, actual: Floats) -> tuple[Floats, Floats]:
    """Return shares of customers, ranked from the highest forecast down, and of purchase days: a curve from 0 to 1.

    Customers with equal forecasts share theirs evenly: the curve is straight between them.
    """
    # Rounding must not rank what is equal.
    values, at = np.unique(np.round(-predicted, 9), return_inverse=True)
    people = np.cumsum(np.bincount(at, minlength=len(values)))
    held = np.cumsum(np.bincount(at, actual, len(values)))
    return np.append(0.0, people / people[-1]), np.append(0.0, held / held[-1])


def _area(people: Floats, held: Floats) -> float:
    return float((np.diff(people) * (held[1:] + held[:-1])).sum() - 1)


def best_of(scores: Sequence[Score]) -> Score:
    """Return the winner: least RMSE; within 2 % of it the least absolute bias; BG/NBD where that ties too."""
    least = min(one.rmse for one in scores)
    near = [one for one in scores if one.rmse <= least * (1 + AS_GOOD)]
    least = min(abs(one.bias) for one in near)
    tied = [one for one in near if abs(one.bias) <= least + SAME_BIAS]
    return min(tied, key=lambda one: (one.key != "bgnbd", abs(one.bias), one.rmse))
