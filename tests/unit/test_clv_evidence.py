"""The backtest, its baselines, the choice, the gates and the ranges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.analysis import analyse
from regulars.base.settings import Settings
from regulars.clv import FitError, estimate_lifetime, fit, summarise
from regulars.clv.backtest import backtest
from regulars.clv.baselines import learn_baselines
from regulars.clv.engine import OwnEngine
from regulars.clv.gates import Gate, drift_between_cohorts
from regulars.clv.history import History
from regulars.clv.scores import Score, best_of, score

OrdersOf = Callable[..., Any]


def history(days: dict[int, list[int]], end: int) -> History:
    """Customers by number, each with purchase days since the start."""
    who = np.repeat(sorted(days), [len(days[one]) for one in sorted(days)])
    day = np.concatenate([np.array(sorted(days[one])) for one in sorted(days)])
    first = np.array([min(days[one]) for one in sorted(days)])
    return History(who, day, first, dt.date(2024, 1, 1), end)


def estimate(orders: Any, **settings: Any) -> Any:
    return analyse(orders, Settings(**settings)).lifetime


def test_a_standing_knows_nothing_of_later_days() -> None:
    told = history({0: [0, 10, 40], 1: [30], 2: [50]}, 60)
    then = told.standing(35)
    assert then.known.tolist() == [0, 1]
    assert then.frequency.tolist() == [1, 0]
    assert then.recency.tolist() == [10, 0]
    assert then.age.tolist() == [35, 5]
    assert then.silence.tolist() == [25, 5]
    assert then.counts(35, 60).tolist() == [1, 0]


def test_as_in_the_last_period_leaves_first_purchases_out() -> None:
    told = history({0: [0, 25], 1: [25], 2: [5, 22, 28]}, 30)
    rules = {one.key: one for one in learn_baselines(told, 30, 10)}
    assert rules["last_period"].orders(told.standing(30), 10.0).tolist() == [1, 0, 2]
    assert "last_season" not in rules


def test_as_last_year_takes_the_days_of_last_year_and_newcomers_as_the_mean() -> None:
    told = history({0: [0, 40, 45], 1: [10], 2: [200]}, 395)
    rule = next(one for one in learn_baselines(told, 395, 30) if one.key == "last_season")
    assert rule.orders(told.standing(395), 30.0).tolist() == [2, 0, 1]


def test_class_means_and_the_recency_rule_are_learned_on_the_period_before() -> None:
    told = history({0: [0], 1: [0], 2: [0, 5, 15], 3: [0, 9, 12, 18]}, 30)
    rules = {one.key: one for one in learn_baselines(told, 20, 10)}
    today = told.standing(20)
    # At day 10: two with no repeat, who bought nothing until 20, and two with one, who bought 1 and 2 times.
    assert rules["class_mean"].orders(today, 10.0).tolist() == [0, 0, 1.5, 1.5]
    assert rules["recency_rule"].orders(told.standing(10), 10.0).tolist() == [0, 0, 1.5, 1.5]


def test_equal_forecasts_share_what_their_customers_bought() -> None:
    flat = score("x", "x", np.ones(10), np.arange(10.0))
    assert flat.gini == pytest.approx(0.0)
    assert flat.top_decile == pytest.approx(0.1)
    assert score("x", "x", -np.arange(10.0), np.arange(10.0)).gini == pytest.approx(-1.0)


def candidate(key: str, rmse: float, bias: float) -> Score:
    return Score(key, key, 100 * (1 + bias), 100.0, 1.0, rmse, 0.5, 0.5)


def test_the_least_error_wins_then_the_least_bias_then_bgnbd() -> None:
    assert best_of([candidate("bgnbd", 1.10, 0.0), candidate("paretonbd", 1.0, 0.2)]).key == "paretonbd"
    assert best_of([candidate("bgnbd", 1.01, 0.2), candidate("class_mean", 1.0, 0.1)]).key == "class_mean"
    assert best_of([candidate("bgnbd", 1.01, 0.103), candidate("mbgnbd", 1.0, -0.1)]).key == "bgnbd"


def test_the_window_that_reports_has_no_part_in_the_choice(cdnow: Any) -> None:
    summary = cdnow.analysis.summary
    told = History.of(summary.customers, summary.days)
    last = told.end - told.end // 4
    # The same shop up to the split, with nothing but one order after it.
    kept = (told.day <= last) | (np.arange(len(told.day)) == np.flatnonzero(told.day > last)[0])
    other = replace(told, who=told.who[kept], day=told.day[kept])
    one, two = backtest(told, OwnEngine()), backtest(other, OwnEngine())
    assert not isinstance(one, str)
    assert not isinstance(two, str)
    assert one.winner == two.winner
    assert one.choice is not None
    assert two.choice is not None
    assert one.choice.scores == two.choice.scores
    assert one.choice.split + one.choice.length == one.test.split


def test_the_report_of_cdnow_adds_up(cdnow: Any) -> None:
    facts, lifetime = cdnow.facts, cdnow.analysis.lifetime
    test = lifetime.holdout
    # The total of the quarter by which the model was chosen lay outside its range.
    assert lifetime.gate is Gate.FLAGGED
    assert [one for one in lifetime.cautions if "ranges here are widened" in one]
    assert lifetime.uncertainty.error > 0
    assert test.predicted == pytest.approx(sum(one.customers * one.expected for one in test.classes))
    assert test.actual == pytest.approx(sum(one.customers * one.actual for one in test.classes))
    assert test.customers == sum(one.customers for one in test.classes)
    repeats = cdnow.analysis.summary.customers.frame["frequency"].sum()
    assert repeats * 0.98 < test.tracking.actual[-1] <= repeats
    assert f"{test.actual:.0f}" in lifetime.verdict
    assert facts.value("clv.candidates.last_period.rmse") > facts.value("clv.holdout.rmse")
    assert facts.number("clv.total_low") < facts.number("clv.total") < facts.number("clv.total_high")
    assert facts.value("clv.bgnbd.r_se") == pytest.approx(0.0109, abs=1e-4)


def test_segments_have_wider_ranges_than_all_together(cdnow: Any) -> None:
    lifetime, lead = cdnow.analysis.lifetime, cdnow.analysis.segmentations.lead
    low, high = lifetime.total_range()
    parts = lifetime.segment_ranges(lead.labels)
    assert set(parts) == set(lead.labels)
    assert sum(one[0] for one in parts.values()) <= low
    assert sum(one[1] for one in parts.values()) >= high


def test_what_is_said_of_each_customer_is_in_its_bounds(cdnow: Any) -> None:
    frame, customers = cdnow.analysis.lifetime.frame, cdnow.analysis.summary.customers.frame
    assert np.isfinite(frame.to_numpy()).all()
    assert (frame["clv_low"] <= frame["clv_high"]).all()
    assert (frame["next_from"] <= frame["next_to"]).all()
    assert set(frame["late"]) == {0.0, 1.0}
    assert not (frame["late"].to_numpy() > customers["frequency"].to_numpy()).any()
    assert not frame.loc[(customers["days_since"] == 0).to_numpy(), "late"].any()


def test_the_lifetimes_package_runs_the_same_report(cdnow: Any) -> None:
    summary = cdnow.analysis.summary
    other = estimate_lifetime(summary.customers, summary.days, Settings(clv_engine="lifetimes", currency="USD"))
    own = cdnow.analysis.lifetime
    assert other.chosen == own.chosen
    assert other.frame["clv"].sum() == pytest.approx(own.frame["clv"].sum(), rel=1e-5)
    assert other.total_range() == pytest.approx(own.total_range(), rel=1e-4)
    assert other.holdout is not None
    assert [one.key for one in other.holdout.scores] == [one.key for one in own.holdout.scores]


def test_drift_between_cohorts_is_seen_and_its_absence_too() -> None:
    rng = np.random.default_rng(3)

    def shop(late: float) -> History:
        days = {}
        for one in range(400):
            first = 100 + one // 2
            often = 0.5 if one < 200 else late
            days[one] = [first, *(first + rng.choice(np.arange(1, 100), rng.poisson(often), replace=False))]
        return history(days, 400)

    changed, same = drift_between_cohorts(shop(2.0)), drift_between_cohorts(shop(0.5))
    assert changed is not None
    assert same is not None
    assert changed.matters
    assert changed.later > changed.earlier
    assert not same.matters


def regular(count: int, *, amount: float = 20.0, every: int = 30) -> list[tuple[Any, ...]]:
    """Customers of whom every second comes back some times, at slightly different days."""
    told = []
    start = dt.date(2023, 1, 1)
    for one in range(count):
        first = start + dt.timedelta(days=(one * 7) % 300)
        told += [
            (f"C{one:04}", str(first + dt.timedelta(days=repeat * (every + one % 11))), amount)
            for repeat in range(1 + (one % 2) * (1 + one % 5))
        ]
    return told


@pytest.mark.parametrize(
    ("told", "shown", "words"),
    [
        pytest.param([("A", "2023-01-01")], False, "bought on a second day", id="one customer"),
        pytest.param(
            [(f"C{one}", f"2023-01-{1 + one % 28:02}") for one in range(300)],
            False,
            "0 customers",
            id="one-time buyers",
        ),
        pytest.param(regular(20), False, "10 customers bought on a second day", id="20 customers"),
        pytest.param(regular(60), True, "weak prior", id="30 repeaters"),
        pytest.param(regular(300, amount=0.0), False, "no repeat customer spent anything", id="spends of zero"),
        pytest.param(regular(400), True, "", id="identical spends"),
    ],
)
def test_a_shop_that_is_too_odd_gets_a_fallback_or_a_reason(
    orders_of: OrdersOf, told: Any, shown: Any, words: Any
) -> None:
    lifetime = estimate(orders_of(told, end="2024-06-30"))
    assert (lifetime.reason is None) == shown
    said = " ".join(lifetime.cautions) + (lifetime.reason or "")
    assert words in said
    if shown:
        assert np.isfinite(lifetime.frame.to_numpy()).all()
        assert lifetime.total_range()[0] <= lifetime.frame["clv"].sum() <= lifetime.total_range()[1]
    else:
        assert lifetime.name == "none"
        assert lifetime.gate is Gate.REFUSED
        assert lifetime.total_range() is None


def test_a_customer_who_orders_every_day_and_one_who_ordered_today_do_no_harm(orders_of: OrdersOf) -> None:
    start = dt.date(2015, 1, 1)
    daily = [("Daily", str(start + dt.timedelta(days=day)), 5.0 + day % 7) for day in range(3001)]
    others = [
        (f"C{one}", str(start + dt.timedelta(days=(one * 31) % 2000 + repeat * (40 + one % 90))), 10.0 + one % 13)
        for one in range(400)
        for repeat in range(1 + one % 4)
    ]
    lifetime = estimate(orders_of(daily + others))
    assert lifetime.reason is None
    assert np.isfinite(lifetime.frame.to_numpy()).all()


def test_transactions_become_what_a_fit_needs() -> None:
    rows = pd.DataFrame(
        {
            "who": ["a", "a", "a", "b", "c"],
            "when": ["2025-01-01", "2025-01-11", "2025-01-11", "2025-01-05", "2025-03-01"],
            "paid": [5.0, 7.0, 3.0, 9.0, 1.0],
        }
    )
    found = summarise(rows, customer="who", day="when", amount="paid", end=dt.date(2025, 1, 31))
    assert found.index.tolist() == ["a", "b"]
    assert found.to_numpy().tolist() == [[1.0, 10.0, 30.0, 10.0], [0.0, 0.0, 26.0, 0.0]]
    with pytest.raises(FitError, match="no column 'customer'"):
        summarise(rows, day="when")


def test_a_weight_of_two_is_two_customers() -> None:
    x, t_x, age, m = [0, 1, 3, 0, 2, 5], [0, 20, 28, 0, 9, 29], [30, 30, 30, 25, 30, 40], [0, 4.0, 9.0, 0, 6.0, 7.0]
    one = fit(x, t_x, age, m, weights=[2] * 6)
    two = fit(x * 2, t_x * 2, age * 2, m * 2)
    for name in one.purchases.params.names:
        assert getattr(one.purchases.params, name) == pytest.approx(getattr(two.purchases.params, name), rel=1e-6)
    assert one.purchases.log_likelihood == pytest.approx(two.purchases.log_likelihood)


def test_a_fit_that_cannot_be_says_why() -> None:
    with pytest.raises(FitError, match="no customer purchased again"):
        fit([0, 0], [0, 0], [5, 9])
    with pytest.raises(FitError, match="there is no model 'arima'"):
        fit([0, 1], [0, 2], [5, 9], model="arima")
    with pytest.raises(ValueError, match="t_x is not between 0 and T"):
        fit([0, 1], [0, 12], [5, 9])
    with pytest.raises(FitError, match="there is no spend model"):
        fit([0, 1, 3], [0, 2, 8], [9, 9, 9]).expected_spend([1], [5.0])
