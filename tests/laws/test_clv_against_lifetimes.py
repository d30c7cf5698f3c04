"""The `lifetimes` package as an oracle: same values at the same parameters, and no better optimum than ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.clv.bgnbd import BGNBD, fit_bgnbd
from regulars.clv.gammagamma import fit_gammagamma
from regulars.clv.mbgnbd import MBGNBD, fit_mbgnbd
from regulars.clv.paretonbd import ParetoNBD, fit_paretonbd
from regulars.clv.statistics import purchase_statistics, spend_statistics

DATA = Path(__file__).parents[1] / "data"
CASES = (
    (BGNBD, fit_bgnbd, "BetaGeoFitter"),
    (MBGNBD, fit_mbgnbd, "ModifiedBetaGeoFitter"),
    (ParetoNBD, fit_paretonbd, "ParetoNBDFitter"),
)


@pytest.fixture
def lifetimes() -> Iterator[Any]:
    """The package, with its warnings of overflow and of old pandas kept to these tests."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        import lifetimes as package  # noqa: PLC0415  its import warns

        yield package


def grid() -> Any:
    """Histories from one-time buyers to the very frequent, early and late."""
    rows = [
        (x, share * age if x else 0.0, age)
        for x in (0, 1, 2, 3, 7, 20, 60)
        for share in (0.05, 0.5, 0.9, 1.0)
        for age in (2.0, 20.0, 39.0, 150.0)
    ]
    return tuple(np.array(column, dtype=float) for column in zip(*rows, strict=True))


def parameters(seed: Any, count: Any) -> Any:
    """Parameters around those of real shops. Beta's stay off a = 1 and a + b = 1, where the package has no value."""
    rng = np.random.default_rng(seed)
    return [
        (float(r), float(alpha), float(third), float(fourth))
        for r, alpha, third, fourth in np.exp(rng.normal([-0.7, 1.5, 0.3, 1.2], [0.7, 0.7, 0.5, 0.6], (count, 4)))
    ]


def set_to(package: Any, name: Any, model: Any) -> Any:
    fitter = getattr(package, name)()
    fitter.params_ = pd.Series(dict(zip(model.names, model.values, strict=True)))
    return fitter


def compare_values(package: Any, kind: Any, name: Any, seed: Any, count: Any) -> None:
    x, last, age = grid()
    for values in parameters(seed, count):
        ours = kind(*values)
        theirs = set_to(package, name, ours)
        for t in (1.0, 26.0, 104.0):
            expected = np.asarray(theirs.conditional_expected_number_of_purchases_up_to_time(t, x, last, age))
            assert ours.expected_orders(x, last, age, t) == pytest.approx(expected, rel=1e-8)
            assert float(ours.expected_purchases(t)) == pytest.approx(
                float(theirs.expected_number_of_purchases_up_to_time(t)), rel=1e-8
            )
        expected = np.asarray(theirs.conditional_probability_alive(x, last, age))
        assert ours.alive(x, last, age) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("kind", "_", "name"), CASES)
def test_values_at_the_same_parameters_are_the_same(lifetimes: Any, kind: Any, _: Any, name: Any) -> None:
    compare_values(lifetimes, kind, name, 1, 5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 20))
@pytest.mark.parametrize(("kind", "_", "name"), CASES)
def test_values_on_a_long_grid_are_the_same(lifetimes: Any, kind: Any, _: Any, name: Any, seed: Any) -> None:
    compare_values(lifetimes, kind, name, seed, 20)


def log_likelihood_of_theirs(fitter: Any, kind: Any, statistics: Any) -> Any:
    return kind(*(float(fitter.params_[name]) for name in kind.names)).log_likelihood(statistics)


def fit_both(package: Any, kind: Any, fit: Any, name: Any, history: Any) -> None:
    statistics = purchase_statistics(*history)
    ours = fit(statistics)
    theirs = getattr(package, name)().fit(*history)
    reached = log_likelihood_of_theirs(theirs, kind, statistics)
    assert ours.log_likelihood >= reached - 1e-6 * abs(reached)
    assert tuple(getattr(ours.params, each) for each in kind.names) == pytest.approx(
        [float(theirs.params_[each]) for each in kind.names], rel=2e-3
    )
    assert ours.expected_orders(*history, 39.0).sum() == pytest.approx(
        float(np.sum(theirs.conditional_expected_number_of_purchases_up_to_time(39.0, *history))), rel=2e-4
    )


@pytest.mark.parametrize(("kind", "fit", "name"), CASES)
def test_our_optimum_on_cdnow_is_no_worse(lifetimes: Any, kind: Any, fit: Any, name: Any) -> None:
    frame = pd.read_csv(DATA / "cdnow_customers_summary.csv")
    fit_both(lifetimes, kind, fit, name, [frame[column].to_numpy() for column in ("frequency", "recency", "T")])


@pytest.mark.parametrize(("kind", "_", "name"), CASES)
def test_the_log_likelihood_is_the_same_function(lifetimes: Any, kind: Any, _: Any, name: Any) -> None:
    x, last, age = grid()
    ones = np.ones(len(x))
    statistics = purchase_statistics(x, last, age)
    for values in parameters(2, 5):
        ours = kind(*values)
        theirs = getattr(lifetimes, name)
        given = np.log(values) if kind is not ParetoNBD else np.array(values)
        # The mean over the customers (of Pareto/NBD: the sum), without the penalty.
        found = -float(theirs._negative_log_likelihood(given, x, last, age, ones, 0.0))
        assert ours.log_likelihood(statistics) == pytest.approx(found * (1 if kind is ParetoNBD else len(x)), rel=1e-8)


def test_gamma_gamma_is_the_same(lifetimes: Any) -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 12, 2000).astype(float)
    mean = rng.gamma(6.25 * x, 1 / (rng.gamma(3.74, 1 / 15.44, 2000) * x))
    ours: Any = fit_gammagamma(spend_statistics(x, mean))
    theirs = lifetimes.GammaGammaFitter().fit(x, mean)
    assert (ours.params.p, ours.params.q, ours.params.v) == pytest.approx(
        [float(theirs.params_[name]) for name in "pqv"], rel=1e-3
    )
    assert ours.expected_spend(x, mean) == pytest.approx(
        np.asarray(theirs.conditional_expected_average_profit(x, mean)), rel=1e-4
    )
