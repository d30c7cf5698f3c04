"""Scores and segments of any customers: equals are equal, more is never worse, rows may stand in any order."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.base.scheme_ids import SHIPPED
from regulars.segments.axes import Axis, By
from regulars.segments.cells import CellScheme
from regulars.segments.scheme import shipped_scheme
from regulars.segments.scores import score_down, score_repeaters, score_up
from regulars.segments.supplied import supplied_segments

many = settings(deadline=None, max_examples=60)
amounts = st.lists(st.one_of(st.integers(-5, 20), st.floats(-1e12, 1e12)), min_size=1, max_size=60).map(
    lambda values: pd.Series(values, dtype=float)
)


def customers_of(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["days_since", "orders", "revenue"]).astype({"revenue": float})
    frame = frame.assign(frequency=frame["orders"] - 1, average_order=frame["revenue"] / frame["orders"])
    frame["recency"] = 20 * frame["frequency"]
    return frame.assign(age=frame["recency"] + frame["days_since"])


customers = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 4), st.integers(-3, 40)), min_size=1, max_size=60
).map(customers_of)


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
@given(st.lists(st.integers(1, 9), min_size=1, max_size=60).map(pd.Series))
def test_a_one_for_frequency_is_one_order_and_nothing_else(orders: Any) -> None:
    scores = score_repeaters(orders)
    assert ((scores == 1) == (orders == 1)).all()
    assert set(scores) <= {1, 2, 3, 4, 5}
    assert pd.DataFrame({"orders": orders, "score": scores}).sort_values("orders")["score"].is_monotonic_increasing


SCHEMES = pytest.mark.parametrize("scheme", [shipped_scheme(name) for name in SHIPPED], ids=SHIPPED)


@SCHEMES
@many
@given(customers, st.randoms(use_true_random=False))
def test_the_order_of_the_customers_does_not_matter(scheme: CellScheme, frame: Any, chance: random.Random) -> None:
    places = list(frame.index)
    chance.shuffle(places)
    labels = scheme.segment(frame).labels
    shuffled = scheme.segment(frame.loc[places]).labels
    assert shuffled.tolist() == labels[places].tolist()


@SCHEMES
@many
@given(customers)
def test_every_customer_has_one_segment_and_equals_have_the_same(scheme: CellScheme, frame: Any) -> None:
    found = scheme.segment(frame)
    assert len(found.labels) == len(frame)
    assert frame.assign(label=found.labels).groupby(["days_since", "orders", "revenue"])["label"].nunique().max() == 1


@SCHEMES
@many
@given(customers, st.sampled_from([0.01, 0.37, 7.0, 100.0, 1_234.5]))
def test_the_currency_moves_nobody(scheme: CellScheme, frame: Any, rate: float) -> None:
    other = frame.assign(revenue=frame["revenue"] * rate, average_order=frame["average_order"] * rate)
    assert scheme.segment(other).labels.tolist() == scheme.segment(frame).labels.tolist()


@many
@given(customers)
def test_a_threshold_in_money_may_move_customers_with_the_currency(frame: Any) -> None:
    axis = Axis("v", "average_order", By.CUTS, cuts=(5.0,))
    assert axis.in_money
    assert axis.score(frame).tolist() == [1 + (value > 5) for value in frame["average_order"].tolist()]


@many
@given(customers, st.data())
def test_supplied_names_come_back_as_they_were_typed_but_for_case_and_blanks(frame: Any, data: Any) -> None:
    typed = st.one_of(st.none(), st.text("aA1 _-!é株", min_size=1, max_size=3))
    names = data.draw(st.lists(typed, min_size=len(frame), max_size=len(frame)))
    found = supplied_segments(frame.assign(segment=pd.Series(names, dtype=object)))
    folded = [" ".join((name or "").split()).casefold() for name in names]
    if not any(folded) or len(set(folded) - {""}) > 30:
        assert found is None
    else:
        assert found is not None
        assert [name or "(no segment)" for name in folded] == found.names().str.casefold().tolist()
        spelt = {" ".join(name.split()) for name in names if name}
        assert set(found.names()) <= spelt | {"(no segment)"}
