"""What a purchase day will bring: by Gamma-Gamma, or the shop's mean where that cannot be fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regulars.clv.engine import Engine
from regulars.clv.fitted import Fitted, NoFit
from regulars.clv.gammagamma import GammaGamma
from regulars.clv.gates import FEWEST_SPENDERS
from regulars.clv.statistics import Floats

STEP = 1e-3  # of log-parameters


@dataclass(frozen=True, eq=False)
class Spending:
    """The spend of a future purchase day, for each customer."""

    mean: Floats
    squared: Floats  # E[ζ²] of the customer's own mean ζ
    within: float  # variance of one purchase day, as a multiple of ζ²
    slopes: Floats  # of the mean in what was estimated: customers by k
    covariance: Floats
    fitted: Fitted[GammaGamma] | None
    instead: str  # why the shop's mean stands in for the model; empty where it does not
    name: str


def spending_of(frequency: Floats, repeat_spend: Floats, engine: Engine) -> Spending | NoFit:
    """Return the spend forecast of all customers; `repeat_spend` is the mean of a repeat purchase day, 0 without any.

    There is none where no repeat customer spent anything.
    """
    spenders = (frequency > 0) & (repeat_spend > 0)
    count = int(spenders.sum())
    if not count:
        return NoFit("no repeat customer spent anything")
    fitted: Fitted[GammaGamma] | NoFit
    if count < FEWEST_SPENDERS:
        fitted = NoFit(f"{count} repeat customers spent anything; the spend model needs {FEWEST_SPENDERS}")
    else:
        fitted = engine.fit_spend(frequency[spenders], repeat_spend[spenders])
    customers, days = frequency[spenders], repeat_spend[spenders]
    mean = float(customers @ days / customers.sum())
    # The spread between customers' means, which bounds what the model makes of a few large orders.
    between = float(((days - mean) ** 2 @ customers) / customers.sum() / mean**2)
    if isinstance(fitted, NoFit):
        size = len(frequency)
        flat = np.full(size, mean)
        error = between / count
        return Spending(
            flat, flat**2 * (1 + between), between, flat[:, None], np.array([[error]]), None, fitted.reason,
            "the mean of a repeat purchase day",
        )  # fmt: skip
    params = fitted.params
    expected = params.expected_spend(frequency, repeat_spend)
    shape = params.p * frequency + params.q
    with np.errstate(divide="ignore"):
        factor = np.where(shape > 2, (shape - 1) / np.maximum(shape - 2, 1e-9), np.inf)
    slopes, covariance = _slopes(fitted, frequency, repeat_spend)
    return Spending(
        expected, expected**2 * np.minimum(factor, 1 + between), 1 / params.p, slopes, covariance, fitted, "", "Gamma-Gamma"
    )  # fmt: skip


def _slopes(fitted: Fitted[GammaGamma], frequency: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Return the slopes in log-parameters, and their covariance; none where the likelihood is flat."""
    params, covariance = fitted.params, fitted.covariance
    if covariance is None:
        return np.zeros((len(frequency), 0)), np.zeros((0, 0))
    values = np.array([params.p, params.q, params.v])
    columns = []
    for place in range(3):
        up, down = values.copy(), values.copy()
        up[place] *= np.exp(STEP)
        # Below q = 1 there is no mean.
        down[place] = max(down[place] * np.exp(-STEP), 1 + 1e-9 if place == 1 else 0.0)
        ends = [GammaGamma(*end).expected_spend(frequency, mean) for end in (up, down)]
        columns.append((ends[0] - ends[1]) / np.log(up[place] / down[place]))
    return np.column_stack(columns), np.asarray(covariance / np.outer(values, values))
