"""A weak prior under each purchase model: below the gates it carries a fit, above them it hardly matters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from regulars.clv.bgnbd import WEAK_PRIOR, fit_bgnbd
from regulars.clv.maximise import LogNormal
from regulars.clv.mbgnbd import fit_mbgnbd
from regulars.clv.paretonbd import fit_paretonbd
from regulars.clv.statistics import PurchaseStatistics, purchase_statistics

# Of Pareto/NBD, beta's is of its multiple of the longest time observed.
CASES: Any = (
    pytest.param(fit_bgnbd, WEAK_PRIOR, id="BG/NBD"),
    pytest.param(fit_mbgnbd, WEAK_PRIOR, id="MBG/NBD"),
    pytest.param(fit_paretonbd, (LogNormal("s", 0.0, 1.5), LogNormal("beta", 0.0, 1.5)), id="Pareto/NBD"),
)


def drawn(seed: int, customers: int, rate: float = 0.12, gone: float = 0.25) -> PurchaseStatistics:
    """Customers who purchase at a gamma rate and leave after a purchase with a chance of their own; times in weeks."""
    rng = np.random.default_rng(seed)
    each, leave = rng.gamma(1.0, rate, customers), rng.beta(2 * gone, 2 * (1 - gone), customers)
    age = rng.integers(20, 80, customers).astype(float)
    x, last = np.zeros(customers), np.zeros(customers)
    for one in range(customers):
        moment = rng.exponential(1 / each[one])
        while moment <= age[one]:
            x[one] += 1
            last[one] = moment
            if rng.random() < leave[one]:
                break
            moment += rng.exponential(1 / each[one])
    return purchase_statistics(x, last, age)


def never_leaving(customers: int) -> PurchaseStatistics:
    """Regular purchases up to the end: dropping out has no use."""
    rng = np.random.default_rng(3)
    x = rng.poisson(rng.gamma(2.0, 3.0, customers)).astype(float)
    age = np.full(customers, 52.0)
    return purchase_statistics(x, np.where(x > 0, age * (1 - 0.5 / (x + 1)), 0.0), age)


@pytest.mark.parametrize(("fit", "prior"), CASES)
def test_a_prior_takes_parameters_off_their_bounds(fit: Any, prior: Any) -> None:
    statistics = never_leaving(300)
    free, held = fit(statistics), fit(statistics, prior=prior)
    assert free.at_bound
    assert held.at_bound == ()
    assert held.converged
    assert held.covariance is not None
    assert np.linalg.eigvalsh(held.covariance)[0] > 0
    assert held.log_likelihood <= free.log_likelihood + 1e-6
    assert np.isfinite(held.expected_orders(*statistics.rows(), 52.0)).all()


@pytest.mark.parametrize(("fit", "prior"), CASES)
def test_a_prior_hardly_moves_a_large_shop(fit: Any, prior: Any) -> None:
    statistics = drawn(11, 8_000)
    free, held = fit(statistics), fit(statistics, prior=prior)
    assert held.log_likelihood <= free.log_likelihood
    ahead = [one.expected_orders(*statistics.rows(), 52.0) @ statistics.weights for one in (free, held)]
    assert ahead[1] == pytest.approx(ahead[0], rel=0.01)
    for error, one, other in zip(free.standard_errors, free.params.values, held.params.values, strict=True):
        assert error is not None
        assert abs(other - one) < error


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("fit", "prior"), CASES)
def test_a_tiny_shop_gets_a_finite_forecast_with_a_prior(fit: Any, prior: Any, seed: int) -> None:
    statistics = drawn(100 + seed, 40)
    held = fit(statistics, prior=prior)
    assert held.converged
    orders = held.expected_orders(*statistics.rows(), 52.0)
    assert np.isfinite(orders).all()
    assert (orders >= 0).all()


@pytest.mark.parametrize(("fit", "prior"), CASES)
def test_a_narrow_prior_is_followed_and_a_wide_one_is_not(fit: Any, prior: Any) -> None:
    statistics = drawn(5, 400)
    name = prior[0].parameter
    free = getattr(fit(statistics).params, name)
    target = np.log(3 * free)
    narrow, wide = (
        getattr(fit(statistics, prior=(LogNormal(name, target, width),)).params, name) for width in (1e-3, 50.0)
    )
    assert narrow == pytest.approx(3 * free, rel=0.02)
    assert wide == pytest.approx(free, rel=0.02)
