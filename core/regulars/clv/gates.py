"""Gates: whether a forecast is accepted, flagged or refused, and the words for each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from regulars.base.units import NUMBER, SHARE, counted
from regulars.clv.history import History, Standing
from regulars.clv.ranges import Miss
from regulars.clv.statistics import Floats

# Judgement, from the errors of simulated small shops: below them the total is often wrong by half.
FEWEST_REPEATERS = 50
FEWEST_WITH_PRIOR = 15  # from here on a weak prior carries a fit
INDICATIVE_BELOW = 200
FEWEST_SPENDERS = 30
DEPENDENCE = 0.3  # |correlation| of frequency and spend above which Gamma-Gamma's assumption is doubtful
MISSED = 0.25  # share of the test's orders; a model at the edge that misses by more is not shown
DRIFT = 0.25  # change of the repeat rate between earlier and later customers from which it counts
CERTAIN = 2.58  # standard errors, so that chance is not called drift


class Gate(StrEnum):
    """What became of the forecast."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Drift:
    """Repeat purchase days in the first `days` of a customer: of those who came earlier, and later."""

    days: int
    earlier: float
    later: float
    certain: bool

    @property
    def matters(self) -> bool:
        """Tell whether it is both large and beyond chance."""
        return self.certain and abs(self.later - self.earlier) > DRIFT * max(self.earlier, self.later)


def too_small(standing: Standing) -> str | None:
    """Return why there can be no forecast of these customers, None where one can be tried."""
    if standing.repeaters < FEWEST_WITH_PRIOR:
        return (
            f"{counted(standing.repeaters, 'customer')} bought on a second day; "
            f"a model needs {FEWEST_REPEATERS}, with a weak prior {FEWEST_WITH_PRIOR}"
        )
    again = standing.frequency > 0
    gap = float(np.median(standing.recency[again] / standing.frequency[again]))
    if float(standing.age.max()) <= 2 * gap:
        return f"nobody is observed for longer than two usual gaps between purchases ({gap:.0f} days each)"
    return None


def drift_between_cohorts(history: History) -> Drift | None:
    """Compare repeat purchases in the first days of earlier and later customers, over a quarter of the window.

    The first quarter's customers are left out: those who seem new there may be old. None where a half is too small.
    """
    length = history.end // 4
    whole = np.flatnonzero((history.first >= length) & (history.first <= history.end - length))
    if length < 1 or len(whole) < 2 * FEWEST_REPEATERS:
        return None
    since = history.day - history.first[history.who]
    early = (since > 0) & (since <= length)
    repeats = np.bincount(history.who[early], minlength=len(history.first))[whole].astype(float)
    later = history.first[whole] > np.median(history.first[whole])
    if min(later.sum(), (~later).sum()) < FEWEST_REPEATERS:
        return None
    one, other = repeats[~later], repeats[later]
    error = float(np.sqrt(one.var() / len(one) + other.var() / len(other)))
    return Drift(length, float(one.mean()), float(other.mean()), bool(abs(one.mean() - other.mean()) > CERTAIN * error))


def cautions(
    standing: Standing,
    *,
    prior: bool,
    edge: Sequence[str],
    horizon_days: float,
    calibration_days: int,
    drift: Drift | None,
    dependence: float,
    uncertain: bool,
    error: float,
    misses: Sequence[Miss] = (),
) -> tuple[str, ...]:
    """Return what the reader should know of a forecast that is shown; nothing when it is accepted as it is.

    `error` is the relative deviation that the tests in `misses` showed beyond the forecast's own; `uncertain` says that the parameters
    have no covariance.
    """
    found = []
    if prior:
        found.append(
            f"Fewer than {FEWEST_REPEATERS} customers ({standing.repeaters}) bought on a second day: the fit leans on a "
            "weak prior for dropping out, and only its order of magnitude holds."
        )
    elif standing.repeaters < INDICATIVE_BELOW:
        found.append(
            f"Indicative only: {counted(standing.repeaters, 'customer')} bought on a second day; from {INDICATIVE_BELOW} the model is dependable."
        )
    if edge:
        found.append(f"The {at_edge(edge)}: customers hardly drop out, or hardly differ.")
    if uncertain:
        found.append(
            "Several settings of the model fit these orders about equally well: the ranges leave that doubt out, and are too narrow."
        )
    if horizon_days > calibration_days:
        found.append(
            f"The horizon of {horizon_days:.0f} days is longer than the {calibration_days} days of orders behind it."
        )
    if drift is not None and drift.matters:
        found.append(
            f"Customers change: those who came later bought again {NUMBER.show(drift.later)} times in their first "
            f"{drift.days} days, those before them {NUMBER.show(drift.earlier)} times; one model for both is a compromise."
        )
    if abs(dependence) > DEPENDENCE:
        found.append(f"Spend depends on frequency (correlation {dependence:.2f}), which the spend model rules out.")
    if error:
        found.append(
            f"Held-out orders fell outside the range that was forecast for them in {sum(not one.inside for one in misses)} of "
            f"{counted(len(misses), 'quarter')}: the ranges here are widened by an error of {SHARE.show(error)} (one standard deviation)."
        )
    return tuple(found)


def at_edge(parameters: Sequence[str]) -> str:
    """Return the words for parameters at the edge of their range.

    >>> at_edge(["a"]), at_edge(["a", "b"])
    ('parameter a lies at the edge of its range', 'parameters a and b lie at the edge of their ranges')
    """
    if len(parameters) == 1:
        return f"parameter {parameters[0]} lies at the edge of its range"
    return f"parameters {', '.join(parameters[:-1])} and {parameters[-1]} lie at the edge of their ranges"


def correlation(one: Floats, other: Floats) -> float:
    """Return the correlation of two columns; a constant one depends on nothing."""
    if len(one) < 2 or one.min() == one.max() or other.min() == other.max():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
