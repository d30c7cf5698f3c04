"""What must hold of the purchase and spend models whatever the customers and the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.clv import betageometric, gammagamma, paretonbd
from regulars.clv.bgnbd import BGNBD, WEAK_PRIOR, fit_bgnbd
from regulars.clv.fitted import NoFit
from regulars.clv.gammagamma import GammaGamma, fit_gammagamma
from regulars.clv.maximise import LogNormal, maximise
from regulars.clv.mbgnbd import MBGNBD, fit_mbgnbd
from regulars.clv.paretonbd import ParetoNBD, fit_paretonbd
from regulars.clv.statistics import purchase_statistics, spend_statistics

calmly = settings(deadline=None, max_examples=60)
MODELS = (BGNBD, MBGNBD, ParetoNBD)
FITS: Any = (fit_bgnbd, fit_mbgnbd, fit_paretonbd)
PAIRS = tuple(zip(MODELS, FITS, strict=True))
LIKELIHOODS = {
    BGNBD: lambda params, statistics: betageometric.log_likelihood(params, statistics, 0),
    MBGNBD: lambda params, statistics: betageometric.log_likelihood(params, statistics, 1),
    ParetoNBD: paretonbd._log_likelihood,
}
TRUE = {
    BGNBD: (0.243, 4.414, 0.793, 2.426),
    MBGNBD: (0.525, 6.183, 0.891, 1.614),
    ParetoNBD: (0.553, 10.578, 0.606, 11.669),
}

models = st.sampled_from(MODELS)
anything = st.tuples(*[st.floats(-5, 5).map(lambda power: 10**power) for _ in range(4)])
usual = st.tuples(*[st.floats(-1.3, 1.3).map(lambda power: 10**power) for _ in range(4)])


@st.composite
def histories(draw: Any) -> Any:
    x = draw(st.sampled_from([0, 0, 1, 2, 5, 30, 300, 3000]))
    age = draw(st.floats(0.01, 300))
    last = age * draw(st.floats(0, 1)) if x else 0.0
    return float(x), min(last, age), age


horizons = st.floats(1e-3, 1e3)


def simulated(model: Any, seed: Any, customers: Any, ages: Any = (13, 39)) -> Any:
    """Draw histories from the model itself, customer by customer, and what each purchases after T."""
    rng = np.random.default_rng(seed)
    r, alpha, third, fourth = TRUE[model]
    rate = rng.gamma(r, 1 / alpha, customers)
    drop = rng.beta(third, fourth, customers)
    end = (
        rng.exponential(1 / rng.gamma(third, 1 / fourth, customers))
        if model is ParetoNBD
        else np.full(customers, np.inf)
    )
    age = rng.integers(ages[0], ages[1] + 1, customers).astype(float)
    x, last, later = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = rng.random(customers) >= drop if model is MBGNBD else np.full(customers, True)
    time, who = np.zeros(customers), np.flatnonzero(here)
    horizon = 39.0
    while len(who):
        time[who] += rng.exponential(1 / rate[who])
        who = who[(time[who] <= age[who] + horizon) & (time[who] <= end[who])]
        seen = who[time[who] <= age[who]]
        x[seen] += 1
        last[seen] = time[seen]
        later[np.setdiff1d(who, seen, assume_unique=True)] += 1
        if model is not ParetoNBD:
            who = who[rng.random(len(who)) >= drop[who]]
    return x, last, age, later, horizon


@calmly
@given(model=models, params=anything, history=histories(), t=horizons)
@example(model=BGNBD, params=(0.5, 3.0, 1.0, 2.0), history=(4.0, 20.0, 30.0), t=52.0)  # a = 1
@example(model=BGNBD, params=(0.5, 3.0, 1.0 + 1e-9, 2.0), history=(4.0, 20.0, 30.0), t=52.0)
@example(model=BGNBD, params=(0.5, 3.0, 0.25, 0.75), history=(0.0, 0.0, 30.0), t=52.0)  # a + b = 1
@example(model=BGNBD, params=(0.5, 3.0, 0.2, 0.3), history=(0.0, 0.0, 30.0), t=52.0)  # a + b < 1
@example(model=BGNBD, params=(0.5, 3.0, 1.0, 1e-5), history=(0.0, 0.0, 30.0), t=52.0)
@example(model=BGNBD, params=(1e5, 1e5, 1e5, 1e5), history=(3000.0, 20.0, 30.0), t=52.0)
@example(model=BGNBD, params=(1e-5, 1e-5, 1e-5, 1e-5), history=(0.0, 0.0, 0.0), t=52.0)
@example(model=MBGNBD, params=(0.5, 3.0, 1.0, 1.0), history=(0.0, 0.0, 30.0), t=52.0)
@example(model=ParetoNBD, params=(0.5, 3.0, 1.0, 2.0), history=(4.0, 20.0, 30.0), t=52.0)  # s = 1
@example(model=ParetoNBD, params=(0.5, 3.0, 0.5, 3.0), history=(4.0, 20.0, 30.0), t=52.0)  # alpha = beta
@example(model=ParetoNBD, params=(0.5143, 2.8845, 0.2856, 14.1087), history=(254.0, 97.14, 97.29), t=52.0)
@example(model=ParetoNBD, params=(1e5, 1e-5, 1e5, 1e-5), history=(3000.0, 0.1, 300.0), t=52.0)
def test_every_forecast_is_finite_and_a_chance_is_a_chance(model: Any, params: Any, history: Any, t: Any) -> None:
    known = model(*params)
    alive, chance = float(known.alive(*history)), float(known.chance_of_purchase(*history, t))
    orders, newcomer = float(known.expected_orders(*history, t)), float(known.expected_purchases(t))
    assert np.isfinite([alive, chance, orders, newcomer]).all()
    assert 0 <= chance <= alive <= 1
    # One purchase or more: the expected number is at least the chance of one.
    assert orders >= chance * (1 - 1e-9)
    assert newcomer >= 0
    assert np.isfinite(known.log_likelihood(purchase_statistics(*history)))


@calmly
@given(model=models, params=usual, history=histories(), t=horizons, more=st.floats(1.01, 10))
def test_a_longer_horizon_never_expects_less(model: Any, params: Any, history: Any, t: Any, more: Any) -> None:
    known = model(*params)
    for forecast in (known.expected_orders, known.chance_of_purchase):
        assert float(forecast(*history, t * more)) >= float(forecast(*history, t)) * (1 - 1e-9)
    assert float(known.expected_purchases(t * more)) >= float(known.expected_purchases(t)) * (1 - 1e-9)


@calmly
@given(model=models, params=usual, t=horizons)
def test_a_new_customer_is_one_without_history(model: Any, params: Any, t: Any) -> None:
    known = model(*params)
    assert float(known.expected_purchases(t)) == pytest.approx(float(known.expected_orders(0, 0, 0, t)), rel=1e-9)


@calmly
@given(a=st.floats(-4, 4).map(lambda power: 10**power), b=st.floats(-4, 4).map(lambda power: 10**power),
       r=st.floats(-3, 3).map(lambda power: 10**power), k=st.floats(-2, 2).map(lambda power: 10**power))  # fmt: skip
@example(a=1.0 - 1e-7, b=2.0, r=3.0, k=1.0)
@example(a=0.3, b=0.7 + 1e-9, r=0.2, k=5.0)
@example(a=0.7, b=3000.3, r=3000.2, k=0.4)
def test_closed_form_and_quadrature_agree(a: Any, b: Any, r: Any, k: Any) -> None:
    found = betageometric.expected_until_dropout(a, np.array([b]), np.array([r]), np.array([k]))
    other = betageometric._by_quadrature(a, np.array([b]), np.array([r]), np.array([k]))
    assert found == pytest.approx(other, rel=1e-7)


def held_to_differences(likelihood: Any, params: Any) -> None:
    """The gradient is that of the value, and the second derivatives are those of the gradient, in log-parameters."""
    point = np.array(params)
    value, gradient, hessian = likelihood(point)
    steps = 1e-5 * point * np.eye(len(point))
    for place, step in enumerate(steps):
        (up, slope_up, _), (down, slope_down, _) = likelihood(point + step), likelihood(point - step)
        numeric = (up - down) / 2e-5
        assert gradient[place] * point[place] == pytest.approx(numeric, rel=1e-6, abs=1e-9 * abs(value))
        curved = (slope_up - slope_down) / 2e-5 * point
        size = 1e-8 * (abs(value) + np.abs(gradient * point).max())
        assert hessian[place] * point[place] * point == pytest.approx(curved, rel=1e-5, abs=size)
    assert (hessian == hessian.T).all() or hessian == pytest.approx(hessian.T, rel=1e-12, abs=1e-12)


@calmly
@given(model=models, params=usual, seed=st.integers(0, 999))
def test_the_derivatives_are_those_of_the_log_likelihood(model: Any, params: Any, seed: Any) -> None:
    x, last, age, *_ = simulated(model, seed, 60)
    statistics = purchase_statistics([*x, 254, 3000], [*last, 97.14, 1], [*age, 97.29, 200])
    held_to_differences(lambda point: LIKELIHOODS[model](point, statistics), params)


@calmly
@given(params=usual, seed=st.integers(0, 999))
def test_the_derivatives_of_gamma_gamma_are_those_of_its_log_likelihood(params: Any, seed: Any) -> None:
    rng = np.random.default_rng(seed)
    statistics = spend_statistics(rng.integers(1, 9, 50), rng.gamma(3, 12, 50))
    held_to_differences(lambda point: gammagamma._log_likelihood(point, statistics), params[:3])


@pytest.mark.parametrize("model", MODELS)
def test_merging_equal_customers_loses_nothing(model: Any) -> None:
    x, last, age, *_ = simulated(model, 5, 400)
    last = np.floor(last)
    known = model(*TRUE[model])
    merged = purchase_statistics(x, last, age)
    one_by_one = [known.log_likelihood(purchase_statistics(*row)) for row in zip(x, last, age, strict=True)]
    assert len(merged.weights) < 400 == merged.customers
    assert known.log_likelihood(merged) == pytest.approx(sum(one_by_one), rel=1e-12)
    twice = purchase_statistics(*merged.rows(), weights=2 * merged.weights)
    assert known.log_likelihood(twice) == pytest.approx(2 * sum(one_by_one), rel=1e-12)
    assert merged.reweighted(2 * merged.weights).weights.tolist() == twice.weights.tolist()


@pytest.mark.parametrize(("model", "fit"), PAIRS)
def test_the_order_of_the_customers_changes_nothing(model: Any, fit: Any) -> None:
    x, last, age, *_ = simulated(model, 6, 500)
    order = np.random.default_rng(1).permutation(500)
    fitted, again = fit(purchase_statistics(x, last, age)), fit(purchase_statistics(x[order], last[order], age[order]))
    assert fitted.params == again.params
    assert fitted.log_likelihood == again.log_likelihood
    assert (
        fitted.expected_orders(x, last, age, 9.0)[order]
        == again.expected_orders(x[order], last[order], age[order], 9.0)
    ).all()


@pytest.mark.parametrize(("model", "fit"), PAIRS)
def test_the_unit_of_time_changes_nothing(model: Any, fit: Any) -> None:
    x, last, age, *_ = simulated(model, 7, 2000)
    weeks, days = fit(purchase_statistics(x, last, age)), fit(purchase_statistics(x, last * 7, age * 7))
    assert days.log_likelihood + x.sum() * np.log(7) == pytest.approx(weeks.log_likelihood, rel=1e-10)
    assert days.expected_orders(x, last * 7, age * 7, 7 * 26.0) == pytest.approx(
        weeks.expected_orders(x, last, age, 26.0), rel=1e-5
    )


@pytest.mark.parametrize(("model", "fit"), PAIRS)
def test_a_fit_finds_the_parameters_the_customers_were_drawn_with(model: Any, fit: Any) -> None:
    x, last, age, *_ = simulated(model, 8, 20_000, ages=(26, 104))
    fitted = fit(purchase_statistics(x, last, age))
    assert fitted.converged
    for name, true, error in zip(model.names, TRUE[model], fitted.standard_errors, strict=True):
        assert getattr(fitted.params, name) == pytest.approx(true, abs=4 * error), name
    assert np.linalg.eigvalsh(fitted.covariance)[0] > 0
    assert (fitted.covariance == fitted.covariance.T).all()


@pytest.mark.parametrize("model", MODELS)
def test_forecasts_are_the_means_of_simulated_futures(model: Any) -> None:
    """Within five standard errors of the simulation, for all customers and for those with few and many purchases."""
    x, last, age, later, horizon = simulated(model, 9, 200_000)
    known = model(*TRUE[model])
    orders = known.expected_orders(x, last, age, horizon)
    chance = known.chance_of_purchase(x, last, age, horizon)
    for group in (x >= 0, x == 0, x == 1, (x > 1) & (x < 5), x >= 5, last > 0.8 * age, (x > 0) & (last < 0.3 * age)):
        assert group.sum() > 1000
        for expected, seen in ((orders, later), (chance, later > 0)):
            miss = seen[group] - expected[group]
            assert abs(miss.mean()) < 5 * miss.std() / np.sqrt(group.sum())


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("customers", [30, 100, 400])
def test_a_small_shop_gets_a_fit_that_is_finite(model: Any, seed: Any, customers: Any) -> None:
    x, last, age, *_ = simulated(model, 1000 + seed, customers)
    fitted = FITS[MODELS.index(model)](purchase_statistics(x, last, age))
    assert fitted.converged
    assert np.isfinite(fitted.params.values).all()
    assert np.isfinite(fitted.expected_orders(x, last, age, 52.0)).all()
    assert fitted.covariance is None or np.isfinite(fitted.covariance).all()
    assert all(error is None or error >= 0 for error in fitted.standard_errors)


def test_customers_who_never_drop_out_put_a_parameter_at_its_bound() -> None:
    """Regular purchases up to the end: dropping out has no use, and the estimate says so and stays finite."""
    rng = np.random.default_rng(3)
    x = rng.poisson(rng.gamma(2.0, 3.0, 300)).astype(float)
    age = np.full(300, 52.0)
    last = np.where(x > 0, age * (1 - 0.5 / (x + 1)), 0.0)
    fitted: Any = fit_bgnbd(purchase_statistics(x, last, age))
    assert fitted.at_bound
    assert fitted.converged
    for name, error in zip(fitted.params.names, fitted.standard_errors, strict=True):
        assert (error is None) >= (name in fitted.at_bound)
    assert np.isfinite(fitted.expected_orders(x, last, age, 52.0)).all()
    calmer: Any = fit_bgnbd(purchase_statistics(x, last, age), prior=WEAK_PRIOR)
    assert calmer.at_bound == ()
    assert calmer.covariance is not None


def test_a_weak_prior_hardly_moves_a_large_shop() -> None:
    x, last, age, *_ = simulated(BGNBD, 11, 20_000)
    statistics = purchase_statistics(x, last, age)
    free: Any = fit_bgnbd(statistics)
    held: Any = fit_bgnbd(statistics, prior=WEAK_PRIOR)
    assert held.params.values == pytest.approx(free.params.values, rel=0.02)
    assert held.log_likelihood <= free.log_likelihood


def test_a_refit_from_the_whole_finds_the_same_maximum() -> None:
    x, last, age, *_ = simulated(BGNBD, 12, 3000)
    statistics = purchase_statistics(x, last, age)
    whole: Any = fit_bgnbd(statistics)
    drawn = statistics.reweighted(np.random.default_rng(0).poisson(statistics.weights))
    quick: Any = fit_bgnbd(drawn, start=whole.params, information=False)
    slow: Any = fit_bgnbd(drawn)
    assert quick.covariance is None
    assert quick.standard_errors == (None,) * 4
    assert quick.params.values == pytest.approx(slow.params.values, rel=1e-5)


@pytest.mark.parametrize("fit", FITS)
def test_without_repeats_there_is_no_model(fit: Any) -> None:
    assert fit(purchase_statistics([], [], [])) == NoFit("there is no customer")
    assert fit(purchase_statistics([0, 0], [0, 0], [3, 4])) == NoFit("no customer purchased again")
    one = purchase_statistics([0, 2], [0, 3], [3, 4])
    assert fit(one.reweighted([4, 0])) == NoFit("no customer purchased again")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (([1.5], [1], [2]), "x is not a whole number"),
        (([-1], [1], [2]), "x is not a whole number"),
        (([1], [3], [2]), "t_x is not between 0 and T"),
        (([0], [1], [2]), "t_x is above 0 without"),
        (([1], [np.nan], [2]), "missing or infinite in 1 of 1 rows"),
        (([1, 2], [1], [2]), "different lengths"),
        (([1], [1], [2], [-1]), "a weight is not"),
    ],
)
def test_what_is_no_purchase_history_is_refused(row: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=message):
        purchase_statistics(*row)


def test_spend_without_a_finite_mean_has_no_model() -> None:
    rng = np.random.default_rng(4)
    mean = 10 * rng.pareto(0.6, 500) + 1
    refused = fit_gammagamma(spend_statistics(np.full(500, 20), mean))
    assert isinstance(refused, NoFit)
    assert "no finite mean (q = 0." in refused.reason


def test_gamma_gamma_finds_the_parameters_the_spend_was_drawn_with() -> None:
    rng = np.random.default_rng(5)
    p, q, v = 6.25, 3.74, 15.44
    x = rng.integers(1, 12, 30_000)
    mean = rng.gamma(p * x, 1 / (rng.gamma(q, 1 / v, 30_000) * x))
    fitted: Any = fit_gammagamma(spend_statistics(x, mean))
    assert fitted.converged
    for name, true, error in zip(GammaGamma.names, (p, q, v), fitted.standard_errors, strict=True):
        assert getattr(fitted.params, name) == pytest.approx(true, abs=4 * error), name


@calmly
@given(x=st.integers(0, 3000), mean=st.floats(0.01, 1e6), params=st.tuples(*[st.floats(0.1, 50)] * 3))
def test_expected_spend_lies_between_the_population_and_the_customer(x: Any, mean: Any, params: Any) -> None:
    p, q, v = params
    model = GammaGamma(p, 1 + q, v)
    low, high = sorted((model.population_mean, mean if x else model.population_mean))
    assert low * (1 - 1e-9) <= float(model.expected_spend(x, mean)) <= high * (1 + 1e-9)


def test_a_slope_that_remains_is_reported() -> None:
    """A likelihood that rises without end within the bounds ends at a bound; one without a top is never 'converged'."""
    rising = maximise(lambda params: (float(np.log(params[0])), 1 / params, -np.diag(params**-2)), ("r",), (1.0,), 1.0)
    assert rising.at_bound == ("r",)
    assert rising.covariance is None
    broken = maximise(
        lambda params: (float(np.cos(50 * np.log(params[0]))), np.ones(1), np.zeros((1, 1))), ("r",), (1.0,), 1.0
    )
    assert broken.at_bound or not broken.converged


def test_a_prior_is_counted_once_whatever_the_number_of_customers() -> None:
    """With a flat likelihood the mode is that of the prior."""
    flat = maximise(
        lambda _: (0.0, np.zeros(1), np.zeros((1, 1))), ("a",), (1.0,), 7.0, prior=(LogNormal("a", 1.0, 0.5),)
    )
    assert flat.params[0] == pytest.approx(np.e, rel=1e-5)
    assert flat.covariance is not None
    assert float(flat.covariance[0, 0]) == pytest.approx(0.25 * np.e**2, rel=1e-4)
