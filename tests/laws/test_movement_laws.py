"""Movement: nobody is lost between two days, nothing later is looked at, and chance is what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.base.scheme_ids import CELL_SCHEMES
from regulars.base.settings import Settings
from regulars.orders.model import Orders, Window
from regulars.segments import segment_customers
from regulars.segments.form import codes_of, former_of
from regulars.segments.judged import follow, follow_others
from regulars.segments.movement import NOT_YET, Movement, Movements
from regulars.segments.past import PAST_COLUMNS, Past, date, number
from regulars.summary import Summary, summarise

SETTINGS = Settings()
Shop = Callable[..., Orders]


@pytest.fixture(scope="module")
def shop(drawn_shop: Shop) -> Orders:
    random = np.random.default_rng(3)
    return drawn_shop(random, random.gamma(1.0, 5.0, 400), days=500)


@pytest.fixture(scope="module")
def summary(shop: Orders) -> Summary:
    return summarise(shop)


@pytest.fixture(scope="module")
def movements(summary: Summary) -> Movements:
    return follow(segment_customers(summary.customers, SETTINGS), Past.of(summary), SETTINGS)


def until(orders: Orders, day: dt.date) -> Orders:
    """Return what the orders would be, had they been read at the end of an earlier day."""
    lines = orders.lines.filter(pc.less_equal(orders.lines["day"], day))
    amount = pc.sum(lines["amount"]).as_py()
    ledger = replace(orders.ledger, revenue_written=amount, rows_read=lines.num_rows, rows_kept=lines.num_rows)
    return replace(orders, lines=lines, window=Window(orders.window.start, day), ledger=ledger)


@pytest.mark.parametrize("back", [0, 1, 29, 91, 250, 400])
def test_the_past_is_what_the_orders_said_at_the_time(shop: Orders, summary: Summary, back: int) -> None:
    past = Past.of(summary)
    day = past.end - back
    then = summarise(until(shop, date(day))).customers.frame
    frame = past.as_of(day)
    assert past.customers["customer"].to_numpy()[frame.index].tolist() == then["customer"].tolist()
    exact = [name for name in PAST_COLUMNS if name not in {"products", "orders", "average_order", "year_orders"}]
    for name in exact:
        np.testing.assert_allclose(frame[name].to_numpy(float), then[name].to_numpy(float), atol=1e-9, err_msg=name)
    # Two orders on one day of a month are spread over the days of that month.
    assert (frame["orders"].to_numpy() == then["orders"].to_numpy()).mean() > 0.97
    assert frame["orders"].sum() == pytest.approx(then["orders"].sum(), abs=0.01 * len(shop.lines))


@pytest.mark.parametrize("scheme", CELL_SCHEMES)
def test_a_scheme_formed_again_as_of_today_is_the_scheme_of_today(summary: Summary, scheme: str) -> None:
    segments = segment_customers(summary.customers, SETTINGS).scheme(scheme)
    assert segments is not None
    form = former_of(segments, SETTINGS)
    assert form is not None
    past = Past.of(summary)
    np.testing.assert_array_equal(form(past.as_of(past.end), {}), codes_of(segments))


def test_every_movement_holds_every_customer_and_all_revenue_once(movements: Movements, summary: Summary) -> None:
    assert [one.step.key for one in movements.steps] == ["month", "quarter", "year"]
    past = Past.of(summary)
    for one in movements.steps:
        known = past.as_of(number(one.since))
        assert one.customers[:-1].sum() == len(known) == one.known
        assert one.customers[-1].sum() == len(summary.customers) - len(known)
        np.testing.assert_array_equal(one.customers.sum(axis=0), np.bincount(one.after, minlength=len(one.definitions)))
        assert one.money.sum() == pytest.approx(summary.customers.revenue)
        np.testing.assert_allclose(one.expected.sum(axis=1), one.customers.sum(axis=1))


def test_a_row_of_the_matrix_is_the_segment_as_it_was(movements: Movements, shop: Orders) -> None:
    quarter = movements.main
    assert quarter is not None
    assert quarter.step.key == "quarter"
    then = segment_customers(summarise(until(shop, quarter.since)).customers, SETTINGS).lead
    counted = then.labels.value_counts()
    rows = quarter.customers[:-1].sum(axis=1)
    for segment, count in zip(quarter.definitions, rows.tolist(), strict=True):
        assert count == pytest.approx(counted.get(segment.key, 0), abs=3), segment.key


def test_who_fell_and_who_rose_are_named_by_what_they_spent(movements: Movements) -> None:
    for one in movements.steps:
        top = set(np.flatnonzero(one.top).tolist())
        fallers, risers = one.fallers(), one.risers()
        assert len(fallers) == one.left_top()
        assert len(risers) == one.reached_top()
        assert all(one.before[place] in top and one.after[place] not in top for place in fallers)
        assert all(one.before[place] not in {*top, NOT_YET} and one.after[place] in top for place in risers)
        assert all(np.diff(one.spent_before[fallers]) <= 0)
        assert all(np.diff(one.spent_since[risers]) <= 0)


def test_what_they_spent_covers_spans_of_equal_length(movements: Movements, shop: Orders) -> None:
    quarter = movements.main
    assert quarter is not None
    span = quarter.until - quarter.since
    lines = shop.lines.to_pandas()
    days = pd.to_datetime(lines["day"]).dt.date
    before = lines[(days > quarter.since - span) & (days <= quarter.since)]
    since = lines[days > quarter.since]
    assert quarter.spent_before.sum() == pytest.approx(before["amount"].sum() / 10_000)
    assert quarter.spent_since.sum() == pytest.approx(since["amount"].sum() / 10_000)


def test_in_a_shop_in_which_nobody_changes_movement_is_what_chance_expects(drawn_shop: Shop) -> None:
    random = np.random.default_rng(9)
    rate = random.gamma(2.0, 5.0, 3_000)
    summary = summarise(drawn_shop(random, rate, days=730))
    found = follow(segment_customers(summary.customers, SETTINGS), Past.of(summary), SETTINGS)
    for one in found.steps:
        for count in (Movement.moved, Movement.left_top, Movement.reached_top):
            seen, chance = count(one), count(one, expected=True)
            assert abs(seen - chance) < 4 * np.sqrt(max(chance, 1.0)), (one.step.key, count.__name__, seen, chance)


def test_customers_who_stop_are_movement_beyond_chance(drawn_shop: Shop) -> None:
    random = np.random.default_rng(10)
    orders = drawn_shop(random, random.gamma(4.0, 4.0, 1_500), days=730)
    lines = orders.lines.to_pandas()
    halted = lines["customer"].str.slice(1).astype(int) % 2 == 0
    late = pd.to_datetime(lines["day"]) > pd.Timestamp(orders.window.end) - pd.Timedelta(days=91)
    kept = orders.lines.filter((~(halted & late)).to_numpy())
    amount = pc.sum(kept["amount"]).as_py()
    ledger = replace(orders.ledger, rows_read=kept.num_rows, rows_kept=kept.num_rows, revenue_written=amount)
    summary = summarise(replace(orders, lines=kept, ledger=ledger))
    # Silence in the shop's own gaps: by fifths of all customers, half of them stopping moves the others up.
    chosen = Settings(scheme="lifecycle6")
    quarter = follow(segment_customers(summary.customers, chosen), Past.of(summary), chosen).main
    assert quarter is not None
    assert quarter.left_top() > 2 * quarter.left_top(expected=True)


def test_churn_counts_those_who_lapsed_within_the_month(movements: Movements, summary: Summary) -> None:
    churn = movements.churn
    assert churn is not None
    assert len(churn.months) == 6
    days = summary.days.assign(day=pd.to_datetime(summary.days["day"]))
    for place, month in enumerate(churn.months):
        begin, end = month.start_time.normalize() - pd.Timedelta(days=1), month.end_time.normalize()
        first = days[days["day"] <= begin].groupby("customer")["day"].max()
        last = days[days["day"] <= end].groupby("customer")["day"].max()
        present = first[first >= begin - pd.Timedelta(days=60)].index
        lapsed = (last[present] < end - pd.Timedelta(days=60)).sum()
        assert churn.present[:, place].sum() == len(present)
        assert churn.lapsed[:, place].sum() == lapsed


def test_churn_is_told_only_where_enough_customers_could_lapse(movements: Movements, summary: Summary) -> None:
    churn = movements.churn
    assert churn is not None
    assert (churn.lapsed <= churn.could).all()
    assert (churn.could <= churn.present).all()
    np.testing.assert_array_equal(np.isnan(churn.rates), churn.could < 10)
    new = [one.key for one in churn.definitions].index("new")
    day = number(churn.months[-1].start_time.date()) - 1
    past = Past.of(summary)
    frame = past.as_of(day)
    form = former_of(segment_customers(summary.customers, SETTINGS).lead, SETTINGS)
    assert form is not None
    silence = frame["days_since"].to_numpy()[form(frame, {}) == new]
    month = churn.months[-1].days_in_month
    assert churn.could[new, -1] == ((silence <= 60) & (silence + month > 60)).sum()


def test_every_scheme_of_rules_is_followed_and_its_rows_add_up(summary: Summary, movements: Movements) -> None:
    past, found = Past.of(summary), segment_customers(summary.customers, SETTINGS)
    crossings, missing = follow_others(found, "rfm11", past, SETTINGS)
    assert {one.scheme for one in crossings} == set(CELL_SCHEMES) - {"rfm11"}
    assert set(missing) == {"kmeans5", "kmeans5_value"}
    for one in crossings:
        segments, day = found.scheme(one.scheme), number(one.since)
        assert segments is not None
        form = former_of(segments, SETTINGS)
        assert form is not None
        known = past.as_of(day)
        assert one.customers[:-1].sum() == len(known)
        np.testing.assert_array_equal(
            one.customers[:-1].sum(axis=1), np.bincount(form(known, {}), minlength=len(one.definitions))
        )
        np.testing.assert_array_equal(
            one.customers.sum(axis=0), np.bincount(codes_of(segments), minlength=len(one.definitions))
        )
        assert one.money.sum() == pytest.approx(summary.customers.revenue)
    again, _ = follow_others(found, "rfm9", past, SETTINGS)
    lead = [one for one in again if one.scheme == "rfm11"]
    for one, other in zip(lead, movements.steps, strict=True):
        np.testing.assert_array_equal(one.customers, other.customers)


def test_a_scheme_that_purchase_days_do_not_give_is_not_followed(summary: Summary) -> None:
    segmentations = segment_customers(summary.customers, SETTINGS)
    behaviour = segmentations.scheme("behaviour4")
    assert behaviour is not None
    keys = [segment.key for segment in behaviour.definitions]
    other = replace(behaviour, labels=behaviour.labels.map(lambda key: keys[keys.index(key) - 1]))
    changed = replace(segmentations, schemes=(segmentations.lead, other), lead=other)
    found = follow(changed, Past.of(summary), SETTINGS)
    assert found.scheme == "rfm11"
    assert found.instead_of == "it goes by what purchase days do not say, such as products"


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_a_redrawn_past_keeps_first_days_numbers_and_money(summary: Summary, seed: int) -> None:
    past = Past.of(summary)
    drawn = past.redrawn(np.random.default_rng(seed))
    np.testing.assert_array_equal(drawn.first, past.first)
    np.testing.assert_array_equal(drawn.seen(past.end), past.seen(past.end))
    assert (np.diff(drawn.day)[np.diff(drawn.who) == 0] >= 0).all()
    assert drawn.day.max() <= past.end
    for one, two in zip(drawn.between(past.start - 1, past.end), past.between(past.start - 1, past.end), strict=True):
        np.testing.assert_allclose(one, two)


def test_the_same_orders_and_seed_move_the_same(movements: Movements, summary: Summary) -> None:
    again = follow(segment_customers(summary.customers, SETTINGS), Past.of(summary), SETTINGS)
    for one, two in zip(movements.steps, again.steps, strict=True):
        np.testing.assert_array_equal(one.expected, two.expected)


@pytest.mark.parametrize("lead", ["kmeans5", "supplied"])
def test_a_lead_that_cannot_be_formed_again_is_replaced_and_the_reason_said(drawn_shop: Shop, lead: str) -> None:
    random = np.random.default_rng(2)
    orders = drawn_shop(random, np.full(200, 6.0), random.choice(["A", "B"], 200))
    chosen = Settings(scheme=lead)
    summary = summarise(orders)
    found = follow(segment_customers(summary.customers, chosen), Past.of(summary), chosen)
    assert found.scheme == "rfm11"
    assert found.instead_of


def test_a_shop_too_young_to_look_back_says_so(orders_of: Callable[..., Any]) -> None:
    summary = summarise(orders_of([("A", "2025-01-01"), ("B", "2025-01-20")]))
    found = follow(segment_customers(summary.customers, SETTINGS), Past.of(summary), SETTINGS)
    assert found.steps == ()
    assert found.main is None
    assert set(found.missing) == {"month", "quarter", "year"}
    assert found.churn is None


def test_the_order_of_the_tables_and_odd_names_decide_nothing(orders_of: Callable[..., Any]) -> None:
    names = ["z", "Z", "a", "Ä", "ä", "😀", "~", "10", "9", "é"]
    lines = [
        (name, f"2025-0{1 + at}-{2 + at + turn:02d}", 5.0 + at) for turn, name in enumerate(names) for at in range(4)
    ]
    summary = summarise(orders_of(lines))
    shuffled = replace(
        summary,
        days=summary.days.sample(frac=1, random_state=1),
        months=replace(summary.months, frame=summary.months.frame.sample(frac=1, random_state=2)),
    )
    plain, other = Past.of(summary), Past.of(shuffled)
    for one in ("who", "day", "money", "orders"):
        np.testing.assert_array_equal(getattr(plain, one), getattr(other, one))
    pd.testing.assert_frame_equal(plain.as_of(plain.end - 30), other.as_of(plain.end - 30))
