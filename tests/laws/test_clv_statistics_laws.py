"""What must hold of the merged customers that the likelihoods see: nothing is lost, and the short ways are no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.clv import bgnbd, coding, mbgnbd, paretonbd, statistics
from regulars.clv.bgnbd import fit_bgnbd
from regulars.clv.coding import code_of, distinct_rows
from regulars.clv.gammagamma import fit_gammagamma
from regulars.clv.mbgnbd import fit_mbgnbd
from regulars.clv.paretonbd import fit_paretonbd
from regulars.clv.statistics import purchase_statistics, spend_statistics

calmly = settings(deadline=None, max_examples=40)
MANY = 3 * coding.SAMPLE


def column(kind: Any, seed: Any, rows: Any) -> Any:
    """Whole days, weeks of whole days, money, and what comes close to a grid without lying on it."""
    rng = np.random.default_rng(seed)
    days = rng.integers(0, 400, rows).astype(float)
    return {
        "days": days,
        "weeks": days / 7,
        "late": days + 1e5,
        "few": np.where(days < 5, days, 0.0),
        "one": np.full(rows, 3.0),
        "money": rng.gamma(3, 10, rows),
        "negative": days - 200,
        "uneven": np.where(rng.random(rows) < 1e-3, days + 1e-9, days),
        "far": np.where(rng.random(rows) < 1e-3, 1e12, days),
    }[kind]


kinds = st.sampled_from(["days", "weeks", "late", "few", "one", "money", "negative", "uneven", "far"])


@calmly
@given(kind=kinds, seed=st.integers(0, 99), rows=st.sampled_from([0, 1, 50, coding.SAMPLE + 1, MANY]))
def test_a_code_says_exactly_which_value_each_row_has(kind: Any, seed: Any, rows: Any) -> None:
    given_ = column(kind, seed, rows)
    values, at = code_of(given_)
    assert (values[at] == given_).all()
    assert (np.diff(values) > 0).all()
    assert set(at.tolist()) == set(range(len(values)))


@calmly
@given(one=kinds, other=kinds, seed=st.integers(0, 99), rows=st.sampled_from([0, 1, 300, MANY]))
def test_distinct_rows_are_those_that_sorting_finds(one: Any, other: Any, seed: Any, rows: Any) -> None:
    columns = column(one, seed, rows), column(other, seed + 1, rows)
    first, at = distinct_rows(*columns)
    table = np.column_stack(columns)
    expected, places, inverse = np.unique(table, axis=0, return_index=True, return_inverse=True)
    assert (table[first] == expected).all()
    assert (first == places).all()
    assert (at == inverse.ravel()).all()


def test_rows_are_told_apart_when_there_are_more_codes_than_whole_numbers() -> None:
    rng = np.random.default_rng(1)
    columns = [np.append(rng.random(3000), [0.5, 0.5]) for _ in range(6)]
    first, at = distinct_rows(*columns)
    assert len(first) == 3001
    assert at[-1] == at[-2]
    assert (np.column_stack(columns)[first][at] == np.column_stack(columns)).all()


@calmly
@given(unit=st.sampled_from([1.0, 7.0, None]), seed=st.integers(0, 99), rows=st.sampled_from([1, 40, MANY]))
def test_merged_customers_are_the_same_with_and_without_weights(unit: Any, seed: Any, rows: Any) -> None:
    rng = np.random.default_rng(seed)
    x = rng.poisson(rng.gamma(0.5, 3, rows)).astype(float)
    age = rng.integers(30, 90, rows) / unit if unit else rng.uniform(30, 90, rows)
    last = np.where(x > 0, np.minimum(np.ceil(age * rng.random(rows)), age), 0.0)
    plain, weighted = purchase_statistics(x, last, age), purchase_statistics(x, last, age, np.ones(rows))
    for ours, theirs in zip(plain.rows(), weighted.rows(), strict=True):
        assert (ours == theirs).all()
    assert (plain.weights == weighted.weights).all()
    assert plain.customers == rows == plain.by_x.sum()
    table = np.column_stack(plain.rows())
    assert (table == np.unique(np.column_stack([x, last, age]), axis=0)).all()
    again = x > 0
    if again.any():
        spend, counted = (spend_statistics(x[again], age[again], w) for w in (None, np.ones(again.sum())))
        assert (spend.m == counted.m).all()
        assert (spend.amounts == counted.amounts).all()
        assert (spend.weights == counted.weights).all()


def shop(seed: Any, customers: Any) -> Any:
    """BG/NBD customers, times off any grid, so that there are as many rows as customers."""
    rng = np.random.default_rng(seed)
    rate, drop = rng.gamma(0.6, 1 / 5, customers), rng.beta(0.8, 2.4, customers)
    age = rng.uniform(10, 80, customers)
    x, last, time = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    who = np.arange(customers)
    while len(who):
        time[who] += rng.exponential(1 / rate[who])
        who = who[time[who] <= age[who]]
        x[who] += 1
        last[who] = time[who]
        who = who[rng.random(len(who)) >= drop[who]]
    return x, last, age


@pytest.mark.parametrize(("module", "fit"), [(bgnbd, fit_bgnbd), (mbgnbd, fit_mbgnbd), (paretonbd, fit_paretonbd)])
def test_a_start_from_coarse_customers_ends_at_the_same_maximum(module: Any, fit: Any, monkeypatch: Any) -> None:
    merged = purchase_statistics(*shop(2, 9000))
    coarse = merged.coarse()
    assert len(coarse.weights) < 0.3 * len(merged.weights)
    assert coarse.customers == pytest.approx(merged.customers)
    quick = fit(merged)
    monkeypatch.setattr(module, "MANY_ROWS", 1_000_000)
    slow = fit(merged)
    assert quick.converged
    assert slow.converged
    assert quick.params != slow.params  # the way was another one
    assert quick.params.values == pytest.approx(slow.params.values, rel=1e-5)
    assert quick.standard_errors == pytest.approx(slow.standard_errors, rel=1e-5)


def test_a_start_from_some_of_the_spends_ends_at_the_same_maximum(monkeypatch: Any) -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 12, 30_000)
    merged = spend_statistics(x, rng.gamma(6.25 * x, 1 / (rng.gamma(3.74, 1 / 15.44, 30_000) * x)))
    assert len(merged.thinned().weights) < 5000
    assert merged.thinned().customers == pytest.approx(merged.customers)
    quick: Any = fit_gammagamma(merged)
    monkeypatch.setattr(statistics, "MANY_ROWS", 1_000_000)
    assert merged.thinned() is merged
    slow: Any = fit_gammagamma(merged)
    assert quick.params != slow.params
    assert quick.converged
    assert (quick.params.p, quick.params.q, quick.params.v) == pytest.approx(
        (slow.params.p, slow.params.q, slow.params.v), rel=1e-5
    )


def test_the_order_of_the_customers_changes_nothing_in_their_spend() -> None:
    rng = np.random.default_rng(4)
    x, mean = rng.integers(1, 9, 2000).astype(float), rng.gamma(3, 12, 2000).round(1)
    order = rng.permutation(2000)
    one: Any = fit_gammagamma(spend_statistics(x, mean))
    other: Any = fit_gammagamma(spend_statistics(x[order], mean[order]))
    assert len(spend_statistics(x, mean).weights) < 2000
    assert one.params == other.params


def test_a_bootstrap_may_draw_nobody_from_a_row() -> None:
    merged = purchase_statistics(*shop(5, 9000))
    drawn = merged.reweighted(np.random.default_rng(0).poisson(merged.weights))
    assert (drawn.coarse().weights > 0).all()
    fitted: Any = fit_bgnbd(drawn)
    assert fitted.converged


@pytest.mark.parametrize("spend", [[20.0] * 40, [20.0] * 39 + [20.001]])
def test_spends_that_are_all_the_same_give_a_finite_model_or_a_reason(spend: Any) -> None:
    fitted: Any = fit_gammagamma(spend_statistics([1, 2] * 20, spend))
    if hasattr(fitted, "reason"):
        assert fitted.reason
    else:
        assert np.isfinite(fitted.expected_spend([0, 1], [0.0, 20.0])).all()
