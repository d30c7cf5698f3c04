"""The validation practice on CDNOW: 39 weeks to fit, 39 to compare, against the counted figures."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.clv.api import fit, summarise
from regulars.clv.baselines import frequency_class
from regulars.clv.engine import OwnEngine
from regulars.clv.fitted import NoFit
from regulars.clv.history import History, Standing
from regulars.clv.scores import score
from regulars.clv.value import discounted_orders

DATA = Path(__file__).parents[1] / "data"
SPLIT = (dt.date(1997, 9, 30) - dt.date(1997, 1, 1)).days
AHEAD = 39 * 7


@pytest.fixture(scope="module")
def standing(cdnow: Any) -> Standing:
    summary = cdnow.analysis.summary
    return History.of(summary.customers, summary.days).standing(SPLIT)


@pytest.mark.parametrize(
    ("model", "bias", "mae", "rmse"),
    [("bgnbd", -0.121, 0.785, 1.608), ("mbgnbd", -0.162, 0.765, 1.607), ("paretonbd", -0.115, 0.755, 1.603)],
)
def test_the_models_miss_cdnow_by_the_counted_errors(
    standing: Standing, model: str, bias: float, mae: float, rmse: float
) -> None:
    fitted = OwnEngine().fit_purchases(model, standing)
    assert not isinstance(fitted, NoFit)
    found = score(model, model, fitted.orders(standing, AHEAD), standing.counts(SPLIT, SPLIT + AHEAD))
    assert found.actual == 1882
    assert found.bias == pytest.approx(bias, abs=0.001)
    assert found.mae == pytest.approx(mae, abs=0.001)
    assert found.rmse == pytest.approx(rmse, abs=0.001)
    if model == "bgnbd":
        assert found.gini == pytest.approx(0.662, abs=0.001)
        assert found.top_decile == pytest.approx(0.467, abs=0.003)


def test_cdnow_buys_by_frequency_class_as_counted(standing: Standing) -> None:
    classes, actual = frequency_class(standing.frequency), standing.counts(SPLIT, SPLIT + AHEAD)
    assert np.bincount(classes).tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    means = [round(float(actual[classes == one].mean()), 3) for one in range(8)]
    assert means == [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]


def test_the_switch_discounts_as_the_lifetimes_package_does(cdnow: Any) -> None:
    lines = pd.read_csv(DATA / "cdnow_customers_summary.csv")
    x, t_x, age = (lines[name].to_numpy(float) for name in ("frequency", "recency", "T"))
    days = np.round(np.column_stack([t_x, age]) * 7)
    money = np.where(x > 0, 10.0 + x % 7, 0.0)
    fitted = fit(x, days[:, 0], days[:, 1], money)
    ours = fitted.clv(x, days[:, 0], days[:, 1], money, months=12, rate=0.01, as_lifetimes=True)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: PLC0415

        orders, spend = BetaGeoFitter(), GammaGammaFitter()
        orders.params_ = pd.Series({name: getattr(fitted.purchases.params, name) for name in ("r", "alpha", "a", "b")})
        orders.predict = orders.conditional_expected_number_of_purchases_up_to_time
        assert fitted.spend is not None
        params = fitted.spend.params
        spend.params_ = pd.Series({"p": params.p, "q": params.q, "v": params.v})
        columns = [pd.Series(column) for column in (x, days[:, 0], days[:, 1], money)]
        theirs = spend.customer_lifetime_value(orders, *columns, time=12, discount_rate=0.01, freq="D")
    assert ours == pytest.approx(theirs.to_numpy(), rel=1e-8)
    summary = cdnow.analysis.summary
    today = History.of(summary.customers, summary.days)
    known = OwnEngine().fit_purchases("bgnbd", today.standing(today.end))
    assert not isinstance(known, NoFit)
    plain = discounted_orders(known, today.standing(today.end), 3, 0.0)
    assert plain == pytest.approx(known.orders(today.standing(today.end), 3 * 365.25 / 12))


def test_transactions_of_cdnow_give_its_published_parameters() -> None:
    rows = pd.read_csv(DATA / "cdnow_sample.csv")
    customers = summarise(rows, customer="customer_id", day="date", end=dt.date(1997, 9, 30))
    fitted = fit(customers["frequency"], customers["recency"] / 7, customers["T"] / 7)
    found = [round(getattr(fitted.purchases.params, name), 3) for name in ("r", "alpha", "a", "b")]
    assert found == [0.243, 4.414, 0.793, 2.426]
