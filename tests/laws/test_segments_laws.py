"""Scores and segments of any customers: equals are equal, more is never worse, rows may stand in any order."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.segments.scheme import shipped_scheme
from regulars.segments.scores import rfm_scores, score_down, score_up
from regulars.segments.supplied import supplied_segments

many = settings(deadline=None, max_examples=60)
amounts = st.lists(st.one_of(st.integers(-5, 20), st.floats(-1e12, 1e12)), min_size=1, max_size=60).map(
    lambda values: pd.Series(values, dtype=float)
)
customers = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 4), st.integers(-3, 40)), min_size=1, max_size=60
).map(lambda rows: pd.DataFrame(rows, columns=["days_since", "orders", "revenue"]).astype({"revenue": float}))


@many
@given(amounts)
def test_equals_score_equal_and_more_never_scores_less(values: Any) -> None:
    by_value = pd.DataFrame({"value": values, "up": score_up(values), "down": score_down(values)}).sort_values("value")
    assert by_value.groupby("value")[["up", "down"]].nunique().max(axis=None) == 1
    assert by_value["up"].is_monotonic_increasing
    assert by_value["down"].is_monotonic_decreasing


@many
@given(amounts)
def test_scores_are_one_to_five_and_the_lowest_value_is_at_the_end(values: Any) -> None:
    up, down = score_up(values), score_down(values)
    assert set(up) | set(down) <= {1, 2, 3, 4, 5}
    assert (up[values == values.min()] == 1).all()
    assert (down[values == values.min()] == 5).all()


@many
@given(amounts, st.integers(2, 5))
def test_a_shop_of_the_same_customers_several_times_scores_the_same(values: Any, times: int) -> None:
    assert score_up(pd.concat([values] * times, ignore_index=True)).tolist() == score_up(values).tolist() * times


@many
@given(customers, st.randoms(use_true_random=False))
def test_the_order_of_the_customers_does_not_matter(frame: Any, chance: random.Random) -> None:
    places = list(frame.index)
    chance.shuffle(places)
    scheme = shipped_scheme("rfm11")
    labels = scheme.segment(rfm_scores(frame)).labels
    shuffled = scheme.segment(rfm_scores(frame.loc[places])).labels
    assert shuffled.tolist() == labels[places].tolist()


@many
@given(customers)
def test_every_customer_has_one_segment_and_equals_have_the_same(frame: Any) -> None:
    found = shipped_scheme("rfm11").segment(rfm_scores(frame))
    assert len(found.labels) == len(frame)
    assert frame.assign(label=found.labels).groupby(["days_since", "orders", "revenue"])["label"].nunique().max() == 1


@many
@given(customers, st.data())
def test_supplied_names_come_back_as_they_were_typed(frame: Any, data: Any) -> None:
    typed = st.one_of(st.none(), st.text("aA1 _-!é株", min_size=1, max_size=3))
    names = data.draw(st.lists(typed, min_size=len(frame), max_size=len(frame)))
    found = supplied_segments(frame.assign(segment=pd.Series(names, dtype=object)))
    given_names = {name for name in names if name is not None}
    if not given_names or len(given_names) > 30:
        assert found is None
    else:
        assert found is not None
        assert [name or "(no segment)" for name in names] == found.names().tolist()
