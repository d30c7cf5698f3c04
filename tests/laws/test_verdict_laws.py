"""The verdict on segments: what it says of shops whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments import segment_customers
from regulars.segments.judged import judge
from regulars.segments.past import Past
from regulars.segments.ranks import _beta_tail, _between, _drawn, _moments, holm, interval, midranks, rank_test
from regulars.segments.supplied import supplied_segments
from regulars.segments.verdict import Later, Result, Verdict, judge_supplied
from regulars.summary import summarise

SETTINGS = Settings()
CUSTOMERS, RATE = 1_000, 6.0
NAMES, SHARES = np.array(["A", "B", "C"]), (0.48, 0.35, 0.17)
Shop = Callable[..., Orders]
SHOPS = [10, pytest.param(100, marks=pytest.mark.slow)]


def judged(orders: Orders) -> dict[str, Verdict]:
    summary = summarise(orders)
    found = segment_customers(summary.customers, SETTINGS)
    return {verdict.scheme: verdict for verdict in judge(found, Past.of(summary), SETTINGS)}


def judged_as_supplied(orders: Orders) -> dict[str, Verdict]:
    """Judge the supplied segments alone: nothing else is computed."""
    summary = summarise(orders)
    given, past = supplied_segments(summary.customers.frame), Past.of(summary)
    assert given is not None
    return {"supplied": judge_supplied(given, past, Later.of(past), SETTINGS)}


def results(
    shop: Callable[[np.random.Generator], Orders], shops: int, judging: Callable[[Orders], dict[str, Verdict]]
) -> dict[str, Counter[str | None]]:
    """Count the results of each scheme over many shops."""
    found: dict[str, Counter[str | None]] = {}
    for number in range(shops):
        for scheme, verdict in judging(shop(np.random.default_rng([11, number]))).items():
            found.setdefault(scheme, Counter())[verdict.result] += 1
    return found


def with_random_names(drawn_shop: Shop, random: np.random.Generator) -> Orders:
    rate = random.gamma(1.5, RATE / 1.5, CUSTOMERS)
    return drawn_shop(random, rate, random.choice(NAMES, CUSTOMERS, p=SHARES))


def with_planted_groups(drawn_shop: Shop, random: np.random.Generator) -> Orders:
    segment = random.choice(NAMES, CUSTOMERS, p=SHARES)
    rate = RATE * np.select([segment == "A", segment == "B"], [1.0, 0.5], 3.0)
    return drawn_shop(random, rate, segment)


def homogeneous(drawn_shop: Shop, random: np.random.Generator) -> Orders:
    return drawn_shop(random, np.full(CUSTOMERS, RATE))


@pytest.mark.parametrize("shops", SHOPS)
def test_segments_that_were_drawn_at_random_are_not_called_different(drawn_shop: Shop, shops: int) -> None:
    found = results(partial(with_random_names, drawn_shop), shops, judged_as_supplied)["supplied"]
    assert found[Result.DIFFER] <= 0.05 * shops
    assert found[Result.DO_NOT_DIFFER] >= 0.5 * shops


@pytest.mark.parametrize("shops", SHOPS)
def test_planted_groups_are_called_different(drawn_shop: Shop, shops: int) -> None:
    found = results(partial(with_planted_groups, drawn_shop), shops, judged_as_supplied)["supplied"]
    assert found[Result.DIFFER] >= 0.95 * shops


@pytest.mark.parametrize("shops", SHOPS)
def test_computed_schemes_find_nothing_where_all_customers_are_alike(drawn_shop: Shop, shops: int) -> None:
    found = results(partial(homogeneous, drawn_shop), shops, judged)
    assert {"rfm11", "rfm9", "lifecycle6", "behaviour4", "kmeans5", "kmeans5_value"} <= set(found)
    for scheme, counted in found.items():
        assert counted[Result.DIFFER] <= 0.05 * shops, scheme
        assert counted[Result.TOO_FEW] == 0, scheme


def test_computed_schemes_find_customers_who_order_at_rates_of_their_own(drawn_shop: Shop) -> None:
    random = np.random.default_rng(4)
    for scheme, verdict in judged(drawn_shop(random, random.gamma(1.0, RATE, CUSTOMERS))).items():
        assert verdict.result is Result.DIFFER, scheme


def test_names_given_for_past_spend_do_not_pass_for_segments(drawn_shop: Shop) -> None:
    """Where all are alike, the best third to date differs in all orders and in nothing that repeats."""
    random = np.random.default_rng(7)
    orders = drawn_shop(random, np.full(CUSTOMERS, RATE))
    summary = summarise(orders)
    day = np.datetime64(orders.window.end) - np.timedelta64(91, "D")
    early = orders.lines.to_pandas().assign(kept=lambda lines: lines["day"].to_numpy().astype("datetime64[D]") <= day)
    spent = early[early["kept"]].groupby("customer")["amount"].sum()
    frame = summary.customers.frame
    best = frame["customer"].map(spent).fillna(0).rank(pct=True) > 0.67
    customers = replace(summary.customers, frame=frame.assign(segment=np.where(best, "VIP", "Standard")))
    named = replace(summary, customers=customers)
    verdicts = judge(segment_customers(customers, SETTINGS), Past.of(named), SETTINGS)
    assert next(one for one in verdicts if one.scheme == "supplied").result is not Result.DIFFER


S0 = {"Standard": (482, 10_417, 749_745.0), "Casual": (354, 7_769, 560_928.0), "VIP": (164, 3_608, 260_175.0)}


def shop_of_the_report(made_orders: Callable[..., Orders]) -> Orders:
    """Draw a shop with the segment table of an example report: its customers, orders and revenue to the cent."""
    random = np.random.default_rng(2025)
    parts, first = [], 0
    for customers, orders, revenue in S0.values():
        who = np.concatenate([np.arange(customers), random.integers(0, customers, orders - customers)]) + first
        money = np.exp(random.normal(4.0, 0.7, orders))
        cents = np.floor(money / money.sum() * revenue * 100)
        cents[: round(revenue * 100 - cents.sum())] += 1
        parts.append((who, cents / 100))
        first += customers
    who, money = (np.concatenate(part) for part in zip(*parts, strict=True))
    segment = np.repeat(list(S0), [size for size, _, _ in S0.values()])
    return made_orders(who, random.integers(0, 365, len(who)), money, segment)


def test_the_shop_of_the_example_report_has_its_table_and_no_segments(made_orders: Callable[..., Orders]) -> None:
    orders = shop_of_the_report(made_orders)
    frame = summarise(orders).customers.frame
    table = frame.groupby("segment").agg(
        customers=("customer", "size"), orders=("orders", "sum"), revenue=("revenue", "sum")
    )
    for name, (customers, count, revenue) in S0.items():
        assert tuple(table.loc[name, ["customers", "orders"]]) == (customers, count)
        assert table.loc[name, "revenue"] == pytest.approx(revenue, abs=0.005)
    verdict = judged(orders)["supplied"]
    assert verdict.result is Result.DO_NOT_DIFFER
    assert len(verdict.comparisons) == 6
    assert max(one.test.high for one in verdict.comparisons) < SETTINGS.verdict_effect


@given(st.lists(st.integers(0, 6), min_size=8, max_size=60), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_the_moments_of_the_null_are_those_of_all_permutations(values: list[int], groups: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    codes = random.integers(0, groups, len(values))
    sizes = np.bincount(codes)[np.bincount(codes) > 0]
    ranks = midranks(np.array(values, dtype=float))
    centred = ranks - ranks.mean()
    total = float(centred @ centred)
    if total == 0 or len(sizes) < 2:
        return
    mean, variance = _moments(centred, sizes)
    drawn = np.array([_between(random.permutation(centred), codes) / total for _ in range(600)])
    error = drawn.std() / np.sqrt(len(drawn))
    assert drawn.mean() == pytest.approx(mean, abs=5 * error + 1e-12)
    assert drawn.var() == pytest.approx(variance, rel=0.6, abs=1e-12)


def test_the_effect_and_the_p_are_those_of_kruskal_and_wallis() -> None:
    from scipy.stats import kruskal  # noqa: PLC0415

    random = np.random.default_rng(5)
    values, codes = random.poisson(1.5, 900).astype(float), random.integers(0, 5, 900)
    oracle = kruskal(*(values[codes == code] for code in range(5)))
    test = rank_test(midranks(values), codes, 0.01, 0.02, 1)
    assert test is not None
    assert test.effect * 899 == pytest.approx(oracle.statistic)
    assert test.p == pytest.approx(oracle.pvalue, rel=0.02)


def test_the_beta_null_and_drawn_permutations_agree_in_a_small_skewed_shop() -> None:
    random = np.random.default_rng(8)
    values, codes = random.poisson(0.4, 120).astype(float), np.repeat([0, 1, 2], [10, 30, 80])
    values[:10] += random.poisson(0.6, 10)
    ranks = midranks(values)
    centred = ranks - ranks.mean()
    between = _between(centred, codes)
    smooth = _beta_tail(between / float(centred @ centred), *_moments(centred, np.bincount(codes)))
    assert 0.001 < smooth < 0.2
    assert _drawn(centred, codes, between, 3) == pytest.approx(smooth, abs=0.02)


@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(30, 400))
def test_the_interval_holds_its_own_estimate(seed: int, groups: int, size: int) -> None:
    random = np.random.default_rng(seed)
    test = rank_test(midranks(random.poisson(2.0, size).astype(float)), random.integers(0, groups, size), 0.01, 0.02, 1)
    if test is not None:
        assert 0 <= test.low <= test.effect <= test.high <= 1


@pytest.mark.parametrize("shift", [0.15, 0.3, 0.6])
def test_the_interval_holds_the_effect_of_a_very_large_shop(shift: float) -> None:
    random = np.random.default_rng(13)

    def effect(size: int) -> tuple[float, float, float]:
        codes = random.integers(0, 3, size)
        test = rank_test(midranks(random.normal(shift * codes, 1.0)), codes, 0.01, 0.02, 1)
        assert test is not None
        return test.effect, test.low, test.high

    truth = effect(400_000)[0]
    held = sum(low <= truth <= high for _, low, high in (effect(1_000) for _ in range(300)))
    assert 0.85 <= held / 300 <= 0.97


@given(st.floats(0.01, 50_000), st.integers(1, 12))
def test_an_interval_grows_with_what_is_observed(h: float, freedom: int) -> None:
    low, high = interval(h, freedom)
    assert 0 <= low <= high
    further = interval(h * 1.2 + 0.1, freedom)
    assert further[0] >= low - 1e-6
    assert further[1] >= high - 1e-6


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_nor_changes_their_order(ps: list[float]) -> None:
    corrected = holm(ps)
    assert all(after >= before for before, after in zip(ps, corrected, strict=True))
    assert max(corrected) <= 1
    order = np.argsort(ps, kind="stable")
    assert all(np.diff(np.array(corrected)[order]) >= 0)


def test_another_currency_and_other_names_change_no_verdict(made_orders: Callable[..., Any]) -> None:
    random = np.random.default_rng(21)
    rate = random.gamma(1.0, RATE, 300)
    who = np.repeat(np.arange(300), random.poisson(rate))
    day, money = random.integers(0, 365, len(who)), np.round(np.exp(random.normal(3.5, 0.6, len(who))), 2)
    segment = random.choice(NAMES, 300)
    renamed = random.permutation(300)
    back = np.argsort(renamed)
    plain, other = (
        judged(made_orders(who, day, money, segment)),
        judged(made_orders(renamed[who], day, money * 8, segment[back])),
    )
    for scheme, verdict in plain.items():
        assert other[scheme].result is verdict.result, scheme
        for one, two in zip(verdict.comparisons, other[scheme].comparisons, strict=True):
            assert two.test.effect == pytest.approx(one.test.effect, abs=1e-9), scheme
