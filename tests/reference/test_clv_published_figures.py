"""The purchase and spend models give the published figures for CDNOW, and where none is published, recomputed ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.clv.bgnbd import fit_bgnbd
from regulars.clv.gammagamma import fit_gammagamma
from regulars.clv.mbgnbd import fit_mbgnbd
from regulars.clv.paretonbd import ParetoNBD, fit_paretonbd
from regulars.clv.statistics import purchase_statistics, spend_statistics

DATA = Path(__file__).parents[1] / "data"
SPLIT = pd.Timestamp("1997-09-30")
FITS: dict[str, Any] = {"BG/NBD": fit_bgnbd, "MBG/NBD": fit_mbgnbd, "Pareto/NBD": fit_paretonbd}


@cache
def cdnow() -> Any:
    return pd.read_csv(DATA / "cdnow_customers_summary.csv")


@cache
def purchase_days() -> Any:
    """One row a customer and day, with the amount, and whether it is the first."""
    lines = pd.read_csv(DATA / "cdnow_sample.csv", dtype={"customer_id": str}, parse_dates=["date"])
    days = lines.groupby(["customer_id", "date"], as_index=False)["amount"].sum()
    days["newcomer"] = ~days["customer_id"].duplicated()
    return days


@cache
def fitted(model: Any) -> Any:
    frame = cdnow()
    return FITS[model](purchase_statistics(frame["frequency"], frame["recency"], frame["T"]))


@cache
def repeat_spend() -> Any:
    days = purchase_days()
    repeats = days[~days["newcomer"] & (days["date"] <= SPLIT)]
    return repeats.groupby("customer_id")["amount"].agg(["size", "mean"])


@cache
def fitted_spend() -> Any:
    spend = repeat_spend()
    return fit_gammagamma(spend_statistics(spend["size"], spend["mean"]))


def forecast(model: Any, weeks: Any = 39) -> Any:
    frame = cdnow()
    return fitted(model).expected_orders(frame["frequency"], frame["recency"], frame["T"], weeks)


@pytest.mark.parametrize(
    ("model", "published", "digits", "log_likelihood"),
    [
        ("BG/NBD", (0.243, 4.414, 0.793, 2.426), 3, -9582.43),  # Fader, Hardie & Lee (2005a), table 2
        ("BG/NBD", (0.2426, 4.4135, 0.7929, 2.4258), 4, -9582.43),
        ("MBG/NBD", (0.525, 6.183, 0.891, 1.614), 3, -9582.13),  # Batislam et al. (2007)
        ("MBG/NBD", (0.5248, 6.183, 0.8914, 1.614), 4, -9582.13),
        ("Pareto/NBD", (0.553, 10.578, 0.606, 11.668), 3, -9594.97),  # FHL 2005a: 11.669; CLVTools: LL -9594.976
    ],
)
def test_cdnow_has_its_published_parameters(model: Any, published: Any, digits: Any, log_likelihood: Any) -> None:
    fit = fitted(model)
    assert tuple(round(getattr(fit.params, name), digits) for name in fit.params.names) == published
    assert round(fit.log_likelihood, 2) == log_likelihood
    assert fit.converged
    assert fit.at_bound == ()
    assert fit.customers == 2357


@pytest.mark.parametrize(
    ("model", "errors"),
    [
        ("BG/NBD", (0.0126, 0.3782, 0.1857, 0.7053)),
        ("Pareto/NBD", (0.0476264, 0.8427222, 0.1872594, 6.2105448)),  # CLVTools
    ],
)
def test_cdnow_has_its_published_standard_errors(model: Any, errors: Any) -> None:
    assert fitted(model).standard_errors == pytest.approx(errors, rel=1e-4, abs=5e-5)
    assert np.sqrt(np.diag(fitted(model).covariance)) == pytest.approx(errors, rel=1e-4, abs=5e-5)


def test_the_covariance_is_that_of_the_observed_information() -> None:
    """Second differences of the log-likelihood itself, in the natural parameters, give the same information."""
    frame, fit = cdnow(), fitted("BG/NBD")
    statistics = purchase_statistics(frame["frequency"], frame["recency"], frame["T"])
    at = np.array(fit.params.values)
    step = np.diag(1e-3 * at)

    def log_likelihood(point: Any) -> Any:
        return type(fit.params)(*point).log_likelihood(statistics)

    information = np.empty((4, 4))
    for i in range(4):
        for j in range(4):
            corners = [log_likelihood(at + u * step[i] + v * step[j]) for u in (1, -1) for v in (1, -1)]
            information[i, j] = -(corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step[i, i] * step[j, j])
    assert np.linalg.inv(information) == pytest.approx(fit.covariance, rel=1e-3)


def test_gamma_gamma_has_its_published_parameters() -> None:
    """Fader & Hardie (2013), note 025, section 4; the log-likelihood is that of CLVTools."""
    fit = fitted_spend()
    assert len(repeat_spend()) == fit.customers == 946
    assert tuple(round(value, 2) for value in (fit.params.p, fit.params.q, fit.params.v)) == (6.25, 3.74, 15.44)
    assert fit.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert round(fit.population_mean, 2) == 35.17
    assert all(error > 0 for error in fit.standard_errors)


def test_gamma_gamma_expects_the_published_spend_of_the_first_ten_customers() -> None:
    customers = pd.read_csv(DATA / "cdnow_sample.csv", dtype=str)["customer_id"].unique()[:10]
    known = repeat_spend().reindex(customers)
    expected = fitted_spend().expected_spend(known["size"].fillna(0), known["mean"].fillna(0))
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert expected.tolist() == pytest.approx(published, abs=0.01)


@pytest.mark.parametrize(("model", "orders", "alive"), [("BG/NBD", 1.22591, 0.72661), ("Pareto/NBD", 1.45512, 0.86912)])
def test_the_customer_of_the_authors_worksheet(model: Any, orders: Any, alive: Any) -> None:
    history = {"x": 2, "t_x": 30.43, "T": 38.86}
    assert float(fitted(model).expected_orders(**history, t=39)) == pytest.approx(orders, abs=2e-5)
    assert float(fitted(model).alive(**history)) == pytest.approx(alive, abs=1e-5)


def test_the_frequent_customer_of_the_btyd_walkthrough() -> None:
    history = {"x": 26, "t_x": 30.86, "T": 31}
    assert round(float(fitted("Pareto/NBD").expected_orders(**history, t=52)), 2) == 25.46
    assert round(float(fitted("Pareto/NBD").alive(**history)), 4) == 0.9979


def test_a_new_customer_of_cdnow() -> None:
    assert float(fitted("BG/NBD").expected_purchases(39)) == pytest.approx(1.195016, abs=1e-6)


@pytest.mark.parametrize(("model", "total"), [("BG/NBD", 1653.42), ("MBG/NBD", 1576.74), ("Pareto/NBD", 1665.54)])
def test_the_total_of_the_next_39_weeks(model: Any, total: Any) -> None:
    assert forecast(model).sum() == pytest.approx(total, abs=0.015)


@pytest.mark.parametrize(
    ("model", "means"),
    [
        ("BG/NBD", (0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157)),
        ("Pareto/NBD", (0.138, 0.599, 1.196, 1.714, 2.398, 2.907, 3.819, 6.403)),
    ],
)
def test_the_forecast_by_number_of_purchases(model: Any, means: Any) -> None:
    by_x = pd.Series(forecast(model)).groupby(cdnow()["frequency"].clip(upper=7)).mean()
    assert by_x.tolist() == pytest.approx(means, abs=1e-3)


def test_the_holdout_is_the_counted_one() -> None:
    days = purchase_days()
    assert int((days["date"] > SPLIT).sum()) == 1882


@pytest.mark.parametrize(("model", "total"), [("BG/NBD", 4160.6), ("Pareto/NBD", 4270.0)])
def test_the_repeat_purchases_of_all_customers_up_to_week_78(model: Any, total: Any) -> None:
    first = purchase_days().loc[lambda days: days["newcomer"], "date"]
    weeks = 78 - (first - pd.Timestamp("1997-01-01")).dt.days.to_numpy() / 7
    assert fitted(model).expected_purchases(weeks).sum() == pytest.approx(total, rel=2e-3)


def test_pareto_is_finite_where_others_overflow() -> None:
    """Histories of real customers on which the closed form overflows (a test of CLVTools)."""
    model = ParetoNBD(r=0.5143, alpha=2.8845, s=0.2856, beta=14.1087)
    history = ([221, 254, 161, 204], [103.43, 97.14, 94.71, 98.57], [103.57, 97.29, 98.0, 99.43])
    for found in (model.alive(*history), model.chance_of_purchase(*history, 52), model.expected_orders(*history, 52)):
        assert np.isfinite(found).all()
        assert (found > 0).all()
    assert model.alive(*history)[:2] == pytest.approx([0.9996, 0.9995], abs=1e-4)
    assert np.isfinite(model.log_likelihood(purchase_statistics(*history)))
