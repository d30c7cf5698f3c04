"""Naive forecasts that a model has to beat: as in the last period, as last year, class means, a recency rule."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from regulars.clv.history import History, Standing
from regulars.clv.statistics import Floats, Places

CLASSES = 8  # frequency 0, 1, …, 6, and 7 or more
A_YEAR = 365
CUTS = 40  # cut-offs that the recency rule may choose from


def frequency_class(frequency: Floats) -> Places:
    """Return 0 to 7, where 7 stands for seven or more repeat purchase days.

    >>> frequency_class(np.array([0.0, 3.0, 12.0])).tolist()
    [0, 3, 7]
    """
    return np.minimum(frequency, CLASSES - 1).astype(np.intp)


@dataclass(frozen=True, eq=False)
class Baseline(ABC):
    """What the naive forecasts share: the spread of purchase days around them, as a multiple of what they expect."""

    counted: float  # purchase days that the rule was learned from
    dispersion: float = 1.0  # variance / mean, from a test
    key: str = ""

    @abstractmethod
    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the expected purchase days of each customer in the next `days`."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        return NAMES[self.key]

    def spread(self, dispersion: float) -> Self:
        """Return the same rule with the dispersion that a test has shown."""
        return replace(self, dispersion=dispersion)

    def chance(self, standing: Standing, days: float) -> Floats:
        """Return the chance of at least one purchase: negative binomial with this mean and dispersion."""
        mean, spread = self.orders(standing, days), max(self.dispersion, 1.0 + 1e-9)
        return np.asarray(-np.expm1(-mean * np.log(spread) / (spread - 1)))

    def variance(self, standing: Standing, days: float) -> Floats:
        """Return the dispersion times the mean."""
        return self.dispersion * self.orders(standing, days)

    def slopes(self, standing: Standing, days: float) -> tuple[Floats, Floats]:
        """Return the slope in the logarithm of the whole level, and its variance: that of the purchase days learned from."""
        return self.orders(standing, days)[:, None], np.array([[self.dispersion / max(self.counted, 1.0)]])


@dataclass(frozen=True, eq=False)
class LastPeriod(Baseline):
    """Each customer purchases on as many days as in the period before of the same length; first purchases do not count."""

    key: str = "last_period"

    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the repeat purchase days of the period before, stretched where the orders do not reach that far back."""
        length = min(round(days), standing.day)
        return standing.counts(standing.day - length, standing.day, repeats_only=True) * (days / length)


@dataclass(frozen=True, eq=False)
class LastSeason(Baseline):
    """Each customer purchases on as many days as in the same days of last year; newer ones as the mean of the others."""

    key: str = "last_season"

    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the purchase days from a year ago on, stretched where more than a year is asked for."""
        length = min(round(days), A_YEAR)
        begin = standing.day - A_YEAR
        counts = standing.counts(begin, begin + length)
        known = standing.age >= A_YEAR
        mean = float(counts[known].mean()) if known.any() else float(counts.mean())
        return np.asarray(np.where(known, counts, mean) * (days / length))


@dataclass(frozen=True, eq=False)
class ClassMean(Baseline):
    """Each customer purchases as the mean of those who had purchased as often, one period earlier."""

    means: Floats = field(default_factory=lambda: np.zeros(CLASSES))  # purchase days a day, by frequency class

    key: str = "class_mean"

    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the mean of the class, stretched to the days asked for."""
        return np.asarray(self.means[frequency_class(standing.frequency)] * days)


@dataclass(frozen=True, eq=False)
class RecencyRule(Baseline):
    """Two means, learned one period earlier: of customers silent for no longer than a cut-off, and of the others."""

    cut: float = 0.0  # days
    active: float = 0.0  # purchase days a day
    idle: float = 0.0

    key: str = "recency_rule"

    def orders(self, standing: Standing, days: float) -> Floats:
        """Return the mean of the active or of the others, stretched to the days asked for."""
        return np.where(standing.silence <= self.cut, self.active, self.idle) * days


NAMES = {
    "last_period": "same as last period",
    "last_season": "same season last year",
    "class_mean": "mean of customers with as many orders",
    "recency_rule": "recency rule",
}


def learn_baselines(history: History, day: int, length: int) -> list[Baseline]:
    """Return the naive forecasts as of the end of a day, learned from the `length` days before it.

    Same season last year is left out where the orders do not reach back a year.
    """
    standing = history.standing(day - length)
    after = standing.counts(day - length, day)
    recent = float(history.counts(day - length, day, repeats_only=True).sum())
    found: list[Baseline] = [LastPeriod(recent)]
    if day >= A_YEAR:
        found.append(LastSeason(float(history.counts(day - A_YEAR, day).sum())))
    if len(standing):
        counted = float(after.sum())
        found += [ClassMean(counted, means=_class_means(standing, after) / length), _rule(standing, after, length)]
    return found


def active_class_means(history: History, day: int) -> ClassMean:
    """Return the class means, learned on the last quarter, of customers on the active side of the recency rule."""
    length = max(history.end // 4, 1)
    standing = history.standing(day - length)
    after = standing.counts(day - length, day)
    active = standing.silence <= _rule(standing, after, length).cut
    part = replace(standing, known=standing.known[active], frequency=standing.frequency[active])
    return ClassMean(float(after[active].sum()), means=_class_means(part, after[active]) / length)


def _class_means(standing: Standing, after: Floats) -> Floats:
    """Return the mean of each class; an empty one gets the value between its neighbours."""
    classes = frequency_class(standing.frequency)
    held = np.bincount(classes, minlength=CLASSES)
    total = np.bincount(classes, after, CLASSES)
    filled = np.flatnonzero(held)
    return np.interp(np.arange(CLASSES), filled, total[filled] / held[filled])


def _rule(standing: Standing, after: Floats, length: int) -> RecencyRule:
    """Return the cut-off with the least squared error of two means, and the means."""
    silence = standing.silence
    best: tuple[float, float, float, float] | None = None
    mean = float(after.mean())
    for cut in np.unique(np.quantile(silence, np.linspace(0, 1, CUTS + 1), method="lower")):
        active = silence <= cut
        inside = float(after[active].mean())
        outside = float(after[~active].mean()) if not active.all() else mean
        explained = active.sum() * (inside - mean) ** 2 + (~active).sum() * (outside - mean) ** 2
        if best is None or explained > best[0]:
            best = (float(explained), float(cut), inside, outside)
    if best is None:
        raise AssertionError("there is always a cut-off")
    return RecencyRule(float(after.sum()), cut=best[1], active=best[2] / length, idle=best[3] / length)
