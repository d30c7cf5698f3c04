"""What must hold of variances and ranges: they are those of simulated futures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.clv.api import fit
from regulars.clv.engine import OwnEngine
from regulars.clv.fitted import NoFit
from regulars.clv.forecast import Rhythm
from regulars.clv.history import History, Standing
from regulars.clv.moments import betageometric_pairs, pareto_pairs
from regulars.clv.ranges import lognormal_range
from regulars.clv.spending import spending_of
from regulars.clv.value import values_of

TRUE = {
    "bgnbd": (0.243, 4.414, 0.793, 2.426),
    "mbgnbd": (0.525, 6.183, 0.891, 1.614),
    "paretonbd": (0.553, 10.578, 0.606, 11.669),
}
NAMES = {
    "bgnbd": ("r", "alpha", "a", "b"),
    "mbgnbd": ("r", "alpha", "a", "b"),
    "paretonbd": ("r", "alpha", "s", "beta"),
}
A_YEAR = 12 * 365.25 / 12 / 7  # weeks
P, Q, V = 6.25, 3.74, 15.44
calmly = settings(deadline=None, max_examples=60)
positive = st.floats(-3, 3).map(lambda power: 10**power)


@calmly
@given(params=st.tuples(positive, positive, positive, positive), x=st.sampled_from([0.0, 1.0, 7.0, 300.0]),
       age=st.floats(0.1, 300), t=st.floats(0.01, 300))  # fmt: skip
@example(params=(1e-3, 1e3, 1e-3, 1e3), x=0.0, age=30.0, t=52.0)
@example(params=(0.9, 10.0, 2e-5, 9e4), x=3.0, age=30.0, t=52.0)
def test_the_spread_of_purchases_is_finite_and_grows_with_the_horizon(params: Any, x: Any, age: Any, t: Any) -> None:
    frequency, observed = np.array([x]), np.array([age])
    for model in TRUE:
        near, far = (
            float(
                pareto_pairs(params, frequency, observed, ahead)[0]
                if model == "paretonbd"
                else betageometric_pairs(params, frequency, observed, ahead, int(model == "mbgnbd"))[0]
            )
            for ahead in (t, 2 * t)
        )
        assert np.isfinite([near, far]).all()
        assert 0 <= near <= far * 1.005 + 1e-4


@pytest.mark.parametrize("model", TRUE)
@pytest.mark.parametrize(("x", "age", "t"), [(0.0, 30.0, 39.0), (3.0, 30.0, 52.0), (20.0, 60.0, 52.0)])
def test_pairs_of_purchases_are_those_of_simulated_futures(model: str, x: Any, age: Any, t: Any) -> None:
    rng = np.random.default_rng(5)
    r, alpha, third, fourth = TRUE[model]
    rate = rng.gamma(r + x, 1 / (alpha + age), 400_000)
    if model == "paretonbd":
        end = rng.exponential(1 / rng.gamma(third, 1 / (fourth + age), len(rate)))
        bought = rng.poisson(rate * np.minimum(end, t)).astype(float)
        found = pareto_pairs(TRUE[model], np.array([x]), np.array([age]), t)
    else:
        toss = int(model == "mbgnbd")
        stays = rng.geometric(rng.beta(third, fourth + x + toss, len(rate)))
        bought = np.minimum(rng.poisson(rate * t), stays).astype(float)
        found = betageometric_pairs(TRUE[model], np.array([x]), np.array([age]), t, toss)
    pairs = bought * (bought - 1)
    assert float(found[0]) == pytest.approx(pairs.mean(), abs=4 * pairs.std() / np.sqrt(len(pairs)))


@calmly
@given(mean=positive, share=st.floats(0.001, 5))
def test_a_range_holds_eighty_of_a_hundred_draws_of_its_distribution(mean: Any, share: Any) -> None:
    low, high = lognormal_range(mean, (share * mean) ** 2)
    width = np.log1p(share**2)
    draws = np.exp(np.random.default_rng(1).normal(np.log(mean) - width / 2, np.sqrt(width), 20_000))
    assert ((low <= draws) & (draws <= high)).mean() == pytest.approx(0.8, abs=0.015)


def shop(model: str, seed: int, customers: int) -> Any:
    """Draw a shop from the model: x, t_x, T in weeks, money of repeats, and the discounted money of the next year."""
    rng = np.random.default_rng(seed)
    r, alpha, third, fourth = TRUE[model]
    rate, drop = rng.gamma(r, 1 / alpha, customers), rng.beta(third, fourth, customers)
    lasting = model == "paretonbd"
    end = rng.exponential(1 / rng.gamma(third, 1 / fourth, customers)) if lasting else np.full(customers, np.inf)
    age, scale = rng.integers(26, 79, customers).astype(float), 1 / rng.gamma(Q, 1 / V, customers)
    x, last, money, later, time = (np.zeros(customers) for _ in range(5))
    here = rng.random(customers) >= drop if model == "mbgnbd" else np.full(customers, True)
    who = np.flatnonzero(here)
    while len(who):
        time[who] += rng.exponential(1 / rate[who])
        who = who[(time[who] <= age[who] + A_YEAR) & (time[who] <= end[who])]
        spent, seen = rng.gamma(P, scale[who]), time[who] <= age[who]
        before, ahead = who[seen], who[~seen]
        x[before] += 1
        last[before] = time[before]
        money[before] += spent[seen]
        month = np.floor((time[ahead] - age[ahead]) / A_YEAR * 12)
        later[ahead] += spent[~seen] * 1.1 ** -((month + 0.5) / 12)
        if not lasting:
            who = who[rng.random(len(who)) >= drop[who]]
    return x, last, age, money, later


def held(model: str, shops: int) -> tuple[float, float, float]:
    """The shares of totals, segments (by number of repeats) and customers that lie in their 80 % range."""
    engine, totals, segments, customers = OwnEngine(), [], [], []
    for seed in range(shops):
        x, last, age, money, later = shop(model, seed, 1500)
        none = np.zeros(0, dtype=np.int64)
        empty = History(none, none, np.zeros(len(x), dtype=np.int64), dt.date(2025, 1, 1), 1)
        standing = Standing(empty, 0, np.arange(len(x)), x, last * 7, age * 7)
        fitted = engine.fit_purchases(model, standing, information=True)
        spending = spending_of(x, money / np.maximum(x, 1), engine)
        assert not isinstance(fitted, NoFit)
        assert not isinstance(spending, NoFit)
        frame, uncertainty = values_of(standing, fitted, spending, Rhythm(1.0, 1.0), 12, 0.10, 0.0)
        low, high = uncertainty.group()
        totals.append(low <= later.sum() <= high)
        for repeats in range(4):
            part = np.minimum(x, 3) == repeats
            low, high = uncertainty.group(part)
            segments.append(low <= later[part].sum() <= high)
        customers.append(((frame["clv_low"] <= later) & (later <= frame["clv_high"])).mean())
    return float(np.mean(totals)), float(np.mean(segments)), float(np.mean(customers))


@pytest.mark.slow
@pytest.mark.parametrize("model", TRUE)
def test_ranges_hold_the_truth_as_often_as_they_say_when_the_model_is_right(model: str) -> None:
    totals, segments, customers = held(model, 200)
    assert 0.75 <= totals <= 0.85
    assert 0.72 <= segments <= 0.88
    # Whoever may well bring nothing has a low end of nought, so that only one tenth can lie outside.
    assert 0.85 <= customers <= 0.95


def test_ranges_of_a_few_shops_hold_the_truth_about_as_often_as_they_say() -> None:
    """Of 40 shops, 32 are expected to lie inside, give or take 2.5: the bounds are two standard errors off."""
    totals, segments, customers = held("bgnbd", 40)
    assert 0.67 <= totals <= 0.93
    assert 0.72 <= segments <= 0.88
    assert 0.85 <= customers <= 0.95


def outside(model: str, seeds: int, customers: int) -> int:
    """The number of shops of whose parameters one lies more than three standard errors off the true one."""
    count = 0
    for seed in range(seeds):
        x, last, age, *_ = shop(model, 1000 + seed, customers)
        fitted = fit(x, last, age, model=model).purchases
        assert fitted.params.names == NAMES[model]
        errors = [error or 0.0 for error in fitted.standard_errors]
        assert min(errors) > 0
        off = np.abs(np.array(fitted.params.values) - TRUE[model]) / errors
        count += bool((off > 3).any())
    return count


@pytest.mark.slow
@pytest.mark.parametrize("model", TRUE)
def test_parameters_are_recovered_on_twenty_seeds(model: str) -> None:
    assert outside(model, 20, 50_000) <= 1


@pytest.mark.parametrize("model", TRUE)
def test_parameters_are_recovered_on_a_few_seeds(model: str) -> None:
    assert outside(model, 4, 5_000) == 0
