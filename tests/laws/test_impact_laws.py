"""Money of any initiative, and how often customers come back, against counting one by one."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.impact import Initiative, Lever
from regulars.impact.outlook import comeback_share

many = settings(deadline=None, max_examples=60)
money = st.just(0.0) | st.floats(0.0001, 1e6)  # the smallest amount that we count
shares = st.floats(0, 1)
initiatives = st.builds(
    Initiative,
    key=st.just("k"), name=st.just("n"), short=st.just("s"), lever=st.sampled_from(Lever), action=st.just("a"),
    segments=st.just(("S",)), eligible=st.just(10_000), audience=st.integers(0, 10_000),
    expected=money, value=money, reach=shares, success_rate=shares, contact_cost=money, fixed_cost=money,
    margin=st.floats(0.01, 1), source=st.just("assumption"),
)  # fmt: skip


@many
@given(initiatives, st.floats(0, 1), st.floats(1, 10))
def test_money_is_never_negative_and_grows_with_the_success_rate(one: Any, low: float, high: float) -> None:
    assert 0 <= one.gross_profit(low) <= one.gross_profit() <= one.gross_profit(high)
    assert one.gross_profit(high) <= one.revenue(high)
    assert one.investment >= 0
    assert one.gain <= one.value


@many
@given(initiatives)
def test_gross_multiple_and_net_roi_differ_by_one_and_are_unknown_together(one: Any) -> None:
    if one.investment == 0:
        assert one.gross_multiple is one.net_roi is None
    else:
        assert one.net_roi == pytest.approx(one.gross_multiple - 1, abs=1e-9)


@many
@given(initiatives)
def test_an_initiative_pays_exactly_where_its_rate_beats_the_break_even_rate(one: Any) -> None:
    if one.break_even is None:
        assert not one.pays
    elif abs(one.success_rate - one.break_even) > 1e-9 * max(one.break_even, 1):
        assert one.pays == (one.success_rate > one.break_even)


purchases = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 60)), min_size=1, max_size=30, unique=True)


@many
@given(purchases, st.lists(st.integers(0, 90), min_size=1, max_size=8), st.integers(0, 30))
def test_the_share_who_came_back_is_what_counting_finds(bought: Any, silences: Any, later: int) -> None:
    first = dt.date(2025, 1, 1)
    days = pd.DataFrame(
        {"customer": [one for one, _ in bought], "day": pd.to_datetime([first + dt.timedelta(n) for _, n in bought])}
    )
    end = max(n for _, n in bought) + later
    found = comeback_share(days, pd.Series(silences), pd.Timestamp(first + dt.timedelta(end)))
    gaps, still = [], []
    for customer in {one for one, _ in bought}:
        own = sorted(n for one, n in bought if one == customer)
        gaps += [after - before for before, after in itertools.pairwise(own)]
        still.append(end - own[-1])
    for silence, share in zip(silences, found, strict=True):
        ended, open_ = sum(gap > silence for gap in gaps), sum(one >= silence for one in still)
        assert share == (ended / (ended + open_) if ended + open_ else 0.0)
