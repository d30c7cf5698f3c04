"""Backtest: candidates forecast a part of the user's own orders that they have not seen.

The window's third quarter decides which candidate is chosen; the last quarter, with everything fitted afresh on the
first three, says how good that choice is. Only purchases after the split by customers known at the split count.
How far the chosen one misses a total is seen on every quarter but the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regulars.clv.baselines import CLASSES, Baseline, frequency_class, learn_baselines
from regulars.clv.engine import MODELS, Engine
from regulars.clv.fitted import NoFit
from regulars.clv.forecast import Forecast, ModelForecast, total_of, weeks
from regulars.clv.gates import FEWEST_REPEATERS
from regulars.clv.history import History, Standing
from regulars.clv.model import FrequencyClass, Holdout, Tracking
from regulars.clv.ranges import Miss, lognormal_range
from regulars.clv.scores import Score, best_of, score
from regulars.clv.spending import spending_of
from regulars.clv.statistics import Floats
from regulars.clv.units import DAYS_A_WEEK

QUARTERS = 4
ALL_THERE = 0.95  # mean P(alive) from which dropping out does not matter


@dataclass(frozen=True, eq=False)
class Trial:
    """All candidates on one test window."""

    split: int
    length: int
    standing: Standing
    actual: Floats
    forecasts: dict[str, Forecast]
    predicted: dict[str, Floats]
    scores: tuple[Score, ...]


@dataclass(frozen=True, eq=False)
class Backtest:
    """All candidates on the test, and on the window before it, by which one of them was chosen."""

    test: Trial
    choice: Trial | None
    winner: str  # key
    chosen_by: str


def backtest(history: History, engine: Engine) -> Backtest | str:
    """Let the candidates compete, or say why these orders allow no test."""
    length = history.end // QUARTERS
    last = history.end - length
    if history.standing(last).repeaters < FEWEST_REPEATERS:
        return "the first three quarters of the orders hold too few repeat customers for a test"
    choice = _trial(history, last - length, length, engine, {})
    test = _trial(history, last, length, engine, {} if choice is None else choice.forecasts)
    if test is None:
        return "nobody known before it bought in the last quarter of the window"
    return Backtest(test, choice, *_choice(choice, test))


def _trial(history: History, split: int, length: int, engine: Engine, starts: dict[str, Forecast]) -> Trial | None:
    standing = history.standing(split)
    actual = standing.counts(split, split + length)
    if length < 1 or standing.repeaters < FEWEST_REPEATERS or not actual.any():
        return None
    forecasts: dict[str, Forecast] = {}
    for key in MODELS:
        if key == "paretonbd" and nobody_drops_out(forecasts, standing):
            continue
        start = starts.get(key)
        # With its covariance at once: another fit, where a parameter lies at its bound, costs far more.
        fitted = engine.fit_purchases(
            key, standing, start=start if isinstance(start, ModelForecast) else None, information=True
        )
        if not isinstance(fitted, NoFit):
            forecasts[key] = fitted
    forecasts |= {one.key: one for one in learn_baselines(history, split, length)}
    predicted = {key: forecast.orders(standing, float(length)) for key, forecast in forecasts.items()}
    predicted = {key: orders for key, orders in predicted.items() if np.isfinite(orders).all()}
    # How far purchase days spread around what a rule expects is known from this window only.
    for key, forecast in forecasts.items():
        if isinstance(forecast, Baseline) and key in predicted:
            forecasts[key] = forecast.spread(_dispersion(predicted[key], actual))
    scores = tuple(score(key, forecasts[key].name, orders, actual) for key, orders in predicted.items())
    return Trial(split, length, standing, actual, forecasts, predicted, scores)


def nobody_drops_out(forecasts: Mapping[str, Forecast], standing: Standing) -> bool:
    """Tell whether both faster models find everyone still there: all three are then one model, the NBD.

    Pareto/NBD is left out of such a contest: its likelihood is a flat ridge there, and slow to climb.
    """
    fitted = [forecasts.get(key) for key in ("bgnbd", "mbgnbd")]
    return all(
        isinstance(one, ModelForecast) and float(one.params.alive(*weeks(standing)).mean()) > ALL_THERE
        for one in fitted
    )


def _dispersion(predicted: Floats, actual: Floats) -> float:
    """Return the variance around the forecast as a multiple of it, its bias apart; 1 is a Poisson process."""
    total = float(predicted.sum())
    if not total:
        return 1.0
    level = float(actual.sum()) / total
    return max(1.0, float(((actual - level * predicted) ** 2).sum() / actual.sum()))


def _choice(choice: Trial | None, test: Trial) -> tuple[str, str]:
    """Return the key of the winner and why it is chosen."""
    named = {one.key: one.name for one in test.scores}
    if choice is None:
        key = "bgnbd" if "bgnbd" in named else best_of(test.scores).key
        return key, "by default: the orders are too few for a choice before the test"
    known = [one for one in choice.scores if one.key in named]
    best = best_of(known)
    return best.key, (
        f"least root mean square error of a customer's purchase days among {len(known)} candidates on the "
        f"{choice.length} days up to {choice.standing.history.date(test.split)}; of those within 2% of it, least miss of the total"
    )


def holdout_of(competition: Backtest, winner: str, engine: Engine) -> Holdout:
    """Return how one candidate did in the test."""
    test, choice = competition.test, competition.choice
    history, forecast = test.standing.history, test.forecasts[winner]
    predicted = test.predicted[winner]
    total, variance = total_of(forecast, test.standing, float(test.length))
    low, high = lognormal_range(total, variance)
    last = _miss(test.standing, forecast, test.length)
    scores = {one.key: one for one in test.scores}
    return Holdout(
        split_day=history.date(test.split).isoformat(),
        days=test.length,
        customers=len(test.standing),
        actual=float(test.actual.sum()),
        predicted=total,
        naive=scores["last_period"].predicted,
        excluded=len(history.first) - len(test.standing),
        chosen=scores[winner],
        scores=test.scores,
        choice=() if choice is None else choice.scores,
        choice_day=None if choice is None else history.date(choice.split).isoformat(),
        low=low,
        high=high,
        misses=(*_earlier_misses(competition, forecast, engine), last),
        classes=_classes(test.standing, predicted, test.actual),
        tracking=_tracking(test, forecast),
        spend_bias=_spend_bias(test, predicted, engine),
    )


def _miss(standing: Standing, forecast: Forecast, length: int) -> Miss:
    """Return how a forecast missed the total of the days after its standing."""
    total, variance = total_of(forecast, standing, float(length))
    actual = float(standing.counts(standing.day, standing.day + length).sum())
    deviation = float(np.sqrt(variance)) / total if total > 0 else 0.0
    return Miss(standing.history.date(standing.day).isoformat(), actual, total, deviation)


def _earlier_misses(competition: Backtest, winner: Forecast, engine: Engine) -> list[Miss]:
    """Return how the winner missed the quarters before the test; each is forecast from the orders before it alone."""
    test, choice = competition.test, competition.choice
    history = test.standing.history
    found = []
    for split in range(test.split - (QUARTERS - 2) * test.length, test.split, test.length):
        standing = history.standing(split)
        if standing.repeaters < FEWEST_REPEATERS or not standing.counts(split, split + test.length).any():
            continue
        forecast: Forecast | None = winner
        if choice is not None and choice.split == split and winner.key in choice.forecasts:
            forecast = choice.forecasts[winner.key]
        elif isinstance(winner, ModelForecast):
            fitted = engine.fit_purchases(winner.key, standing, start=winner, information=True)
            forecast = None if isinstance(fitted, NoFit) else fitted
        elif isinstance(winner, Baseline):
            learned = {one.key: one for one in learn_baselines(history, split, test.length)}
            forecast = learned[winner.key].spread(winner.dispersion) if winner.key in learned else None
        if forecast is not None and forecast.orders(standing, float(test.length)).sum() > 0:
            found.append(_miss(standing, forecast, test.length))
    return found


def _classes(standing: Standing, predicted: Floats, actual: Floats) -> tuple[FrequencyClass, ...]:
    classes = frequency_class(standing.frequency)
    held = np.bincount(classes, minlength=CLASSES)
    means = [np.bincount(classes, column, CLASSES) / np.maximum(held, 1) for column in (actual, predicted)]
    return tuple(
        FrequencyClass(
            f"{place}{'+' if place == CLASSES - 1 else ''}",
            int(held[place]),
            float(means[0][place]),
            float(means[1][place]),
        )
        for place in np.flatnonzero(held)
    )


def _spend_bias(test: Trial, predicted: Floats, engine: Engine) -> float | None:
    """Return by how much the revenue of the test was missed, with spend as it was known at the split."""
    standing, history = test.standing, test.standing.history
    if history.spend is None:
        return None
    actual = float(history.spent(test.split, test.split + test.length)[standing.known].sum())
    repeat_spend = history.spent(-1, test.split)[standing.known] / np.maximum(standing.frequency, 1)
    spending = spending_of(standing.frequency, np.maximum(repeat_spend, 0.0), engine)
    if isinstance(spending, NoFit) or actual <= 0:
        return None
    return float(predicted @ spending.mean) / actual - 1


def _tracking(test: Trial, forecast: Forecast) -> Tracking:
    """Return both curves; a rule expects nothing before the split, so that its curve is the actual one up to there."""
    history, standing = test.standing.history, test.standing
    end = test.split + test.length
    weeks = np.arange(1, end // int(DAYS_A_WEEK) + 1)
    at = weeks * int(DAYS_A_WEEK)
    known = np.zeros(len(history.first), dtype=bool)
    known[standing.known] = True
    repeat = known[history.who] & (history.day > history.first[history.who])
    actual = np.cumsum(np.bincount(history.day[repeat], minlength=end + 1))[at].astype(float)
    if isinstance(forecast, ModelForecast):
        joined = np.bincount(history.first[standing.known], minlength=end + 1)[: end + 1]
        each = forecast.params.expected_purchases(np.arange(end + 1) / DAYS_A_WEEK)
        expected = np.convolve(joined, each)[at]
    else:
        split = np.cumsum(np.bincount(history.day[repeat], minlength=end + 1))[test.split]
        ahead = split + test.predicted[forecast.key].sum() * (at - test.split) / test.length
        expected = np.where(at <= test.split, actual, ahead)
    return Tracking(tuple(weeks.tolist()), tuple(actual.tolist()), tuple(float(value) for value in expected))
