"""Scores and schemes of shops made by hand: names hold literally, and equal customers are treated equally."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.base.errors import SettingsError
from regulars.base.scheme_ids import CELL_SCHEMES, SHIPPED
from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments import SegmentRole, segment_customers
from regulars.segments.axes import SHORTEST_GAP, Axis, By, rfm_scores, usual_gap
from regulars.segments.scheme import shipped_scheme
from regulars.segments.scores import score_down, score_repeaters, score_up
from regulars.summary import summarise

OrdersOf = Callable[..., Orders]


def frame_of(rows: list[tuple[int, int, float]], **columns: Any) -> pd.DataFrame:
    """Customers of (days since the last order, orders, revenue); the first order 30 days before for each order but one."""
    frame = pd.DataFrame(rows, columns=["days_since", "orders", "revenue"]).astype({"revenue": float})
    frame["frequency"] = frame["orders"] - 1
    frame["recency"] = 30 * frame["frequency"]
    frame["age"] = frame["recency"] + frame["days_since"]
    frame["average_order"] = frame["revenue"] / frame["orders"]
    return frame.assign(**columns)


def test_one_time_buyers_score_one_also_where_they_are_85_of_100() -> None:
    scores = score_up(pd.Series([1] * 85 + [2] * 10 + [9] * 5))
    assert scores.tolist() == [1] * 85 + [5] * 15


def test_a_second_order_is_not_the_highest_frequency_where_85_of_100_came_once() -> None:
    scores = score_repeaters(pd.Series([1] * 85 + [2] * 10 + [9] * 5))
    assert scores.tolist() == [1] * 85 + [2] * 10 + [4] * 5


def test_customers_with_several_orders_never_score_one_for_frequency() -> None:
    assert score_repeaters(pd.Series([40, 41, 42, 43])).tolist() == [2, 3, 4, 5]
    assert score_repeaters(pd.Series([1, 2, 2, 2, 2, 2, 2, 2])).tolist() == [1] + [2] * 7


def test_a_single_customer_scores_lowest_for_amounts_and_highest_for_recency() -> None:
    assert score_up(pd.Series([3])).tolist() == [1]
    assert score_down(pd.Series([0])).tolist() == [5]


def test_customers_who_are_all_equal_share_one_segment(orders_of: OrdersOf) -> None:
    customers = summarise(orders_of([(f"C{n}", "2025-01-01") for n in range(60)])).customers
    found = segment_customers(customers, Settings())
    assert len(set(found.lead.labels)) == 1
    assert found.clusters is None
    assert found.clusters_reason == "customers buy in too few different ways (1) for 5 clusters"


def test_twelve_different_customers_are_spread_over_all_scores(orders_of: OrdersOf) -> None:
    lines = [(f"C{n:02}", f"2025-{month:02}-01", 10 + n) for n in range(12) for month in range(1, n + 2)]
    frame = summarise(orders_of(lines)).customers.frame
    assert all(set(rfm_scores(frame)[name]) == {1, 2, 3, 4, 5} for name in "fm")
    # The customer who came in January alone was last seen 334 days ago: not even a 3 lies within a year from a 1 or 2.
    assert set(rfm_scores(frame)["r"]) == {1, 2, 3, 4, 5}


def test_sums_that_differ_in_the_last_bit_score_equal(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 0.1, str(n)) for n in range(3)] + [("B", "2025-01-01", 0.3, "9")]
    scores = rfm_scores(summarise(orders_of(lines)).customers.frame)
    assert len(set(scores["m"])) == 1


def test_nobody_with_several_orders_is_called_new_in_a_dense_shop() -> None:
    dense = frame_of([(day % 12, 20 + day % 30, 500 + day) for day in range(200)])
    for name in CELL_SCHEMES:
        scheme = shipped_scheme(name)
        labels = scheme.segment(dense).labels
        roles = labels.map({one.key: one.role for one in scheme.definitions})
        assert SegmentRole.NEW not in set(roles), name


@pytest.mark.parametrize("name", ["rfm11", "rfm9"])
def test_nobody_is_new_or_a_champion_where_the_last_order_is_a_year_old(name: str) -> None:
    old = frame_of([(400 + day, 1 + day % 6, 50 + day) for day in range(100)])
    held = set(shipped_scheme(name).segment(old).labels)
    assert held <= {"at_risk", "cannot_lose_them", "hibernating", "lost"}


def test_new_is_one_order_within_ninety_days_and_promising_within_half_a_year() -> None:
    shop = frame_of([(2 * day, 1 if day % 2 else 3, 10 + day) for day in range(250)])
    labels = shipped_scheme("rfm11").segment(shop).labels
    for key, most in (("new", 90), ("promising", 180)):
        part = shop[labels == key]
        assert len(part) > 0
        assert set(part["orders"]) == {1}
        assert part["days_since"].max() <= most


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_names_each_cell_once(name: str) -> None:
    scheme = shipped_scheme(name)
    assert set(scheme.cells) == set(itertools.product(*(range(1, axis.levels + 1) for axis in scheme.axes)))
    assert set(scheme.cells.values()) == {segment.key for segment in scheme.definitions}
    assert not scheme.in_money


@pytest.mark.parametrize(
    ("name", "segments"), [("rfm11", 11), ("rfm9", 9), ("lifecycle6", 6), ("behaviour4", 4), ("repeat2", 2)]
)
def test_a_shipped_scheme_has_as_many_segments_as_its_name_says(name: str, segments: int) -> None:
    assert len(shipped_scheme(name).definitions) == segments


def test_champions_hold_the_best_cell_and_lost_the_worst() -> None:
    cells = shipped_scheme("rfm11").cells
    assert (cells[5, 5, 5], cells[1, 1, 1], cells[1, 5, 5], cells[5, 1, 1]) == (
        "champions",
        "lost",
        "cannot_lose_them",
        "new",
    )


def test_the_nine_segments_merge_the_eleven_and_cut_none_in_two() -> None:
    eleven, nine = shipped_scheme("rfm11").cells, shipped_scheme("rfm9").cells
    merged = {(eleven[cell], nine[cell]) for cell in eleven}
    assert len(merged) == len(set(eleven.values()))


def test_big_spenders_are_a_part_of_the_active_and_groups_are_the_published_three() -> None:
    scheme = shipped_scheme("lifecycle6")
    parts = {one.key: one.part_of for one in scheme.definitions if one.part_of}
    assert parts == {"big_spenders": "active"}
    assert {one.group for one in scheme.definitions} == {"Top", "At risk", "Potential"}
    shop = frame_of([(day % 60, 2 + day % 3, (10 + 90 * (day % 5 == 0)) * (2 + day % 3)) for day in range(300)])
    labels = scheme.segment(shop).labels
    spent = shop["average_order"].groupby(labels).mean()
    assert spent["big_spenders"] > 5 * spent["active"]


def test_silence_is_counted_in_the_shops_own_gaps() -> None:
    scheme = shipped_scheme("lifecycle6")
    monthly = frame_of([(days, 1 + days % 5, 10.0 * (1 + days % 5)) for days in range(200)])
    assert usual_gap(monthly) == 30
    labels = scheme.segment(monthly).labels
    by_days = monthly["days_since"].groupby(labels)
    assert (by_days.min()["churner"], by_days.max()["potential_churner"], by_days.min()["potential_churner"]) == (
        121,
        120,
        61,
    )


def test_a_gap_of_days_is_not_taken_for_a_rhythm_and_few_repeaters_have_none() -> None:
    daily = frame_of([(0, 5, 50.0)] * 20, recency=4)
    assert usual_gap(daily) == SHORTEST_GAP
    assert usual_gap(frame_of([(0, 1, 5.0)] * 90 + [(0, 2, 5.0)] * 4)) is None


def test_without_a_usual_gap_silence_is_counted_in_days_and_the_scheme_says_so() -> None:
    shop = frame_of([(day, 1, 10.0) for day in (0, 60, 61, 180, 181)])
    found = shipped_scheme("lifecycle6").segment(shop)
    assert found.labels.tolist() == ["new", "new", "potential_churner", "potential_churner", "churner"]
    assert "counted in days" in found.how


def test_budget_conscious_is_told_by_discounts_where_a_column_says_them() -> None:
    scheme = shipped_scheme("behaviour4")
    rows = [(5, 2 + n % 3, 100.0 + n) for n in range(40)]
    told = scheme.segment(frame_of(rows, discount_share=[0.3 if n < 10 else 0.0 for n in range(40)]))
    assert [n for n, key in enumerate(told.labels) if key == "budget_conscious"] == list(range(10))
    assert "by the discount taken" in told.how
    untold = scheme.segment(frame_of(rows))
    assert "low average order alone" in untold.how
    small = frame_of(rows)["average_order"].groupby(untold.labels).mean()
    assert small["budget_conscious"] < small["new_and_potential"]


def test_discounts_reach_the_scheme_from_the_order_lines(superstore: Any) -> None:
    found = superstore.analysis.segmentations.scheme("behaviour4")
    assert "by the discount taken" in found.how


def test_upper_ends_of_cuts_are_inclusive_and_may_count_backwards() -> None:
    frame = frame_of([(30, 1, 1.0), (31, 3, 1.0), (91, 4, 1.0)])
    assert Axis("o", "orders", By.CUTS, cuts=(1, 3)).score(frame).tolist() == [1, 2, 3]
    assert Axis("d", "days_since", By.CUTS, less_is_high=True, cuts=(30, 90)).score(frame).tolist() == [3, 2, 1]


def test_a_scheme_with_thresholds_in_money_is_known_to_have_them() -> None:
    assert Axis("v", "average_order", By.CUTS, cuts=(119,)).in_money
    assert not Axis("v", "average_order").in_money
    assert not Axis("o", "orders", By.CUTS, cuts=(1,)).in_money


@pytest.mark.parametrize(
    ("customers", "scheme"),
    [(1, "repeat2"), (3, "repeat2"), (4, "behaviour4"), (8, "lifecycle6"), (9, "rfm9"), (11, "rfm11")],
)
def test_a_shop_with_fewer_customers_than_segments_gets_a_coarser_scheme_that_is_named(
    orders_of: OrdersOf, customers: int, scheme: str
) -> None:
    lines = [(f"C{n}", f"2025-01-{1 + n:02}") for n in range(customers)]
    found = segment_customers(summarise(orders_of(lines)).customers, Settings())
    assert found.lead.scheme == scheme
    assert found.scheme("rfm11") is not None
    if scheme == "rfm11":
        assert found.lead_reason is None
    else:
        assert found.lead_reason is not None
        assert f"({scheme})" in found.lead_reason
        assert "cannot fill the 11 segments" in found.lead_reason


@pytest.mark.parametrize(
    ("scheme", "what", "remedy"),
    [
        ("supplied", "needs a segment column", "--map segment"),
        ("recipe004", "it needs the order lines", "lead with rfm11"),
        ("rfm1", "there is no scheme 'rfm1'", "use 'rfm11'"),
        ("deciles", "there is no scheme 'deciles'", "use one of 'rfm11'"),
    ],
)
def test_a_scheme_that_cannot_lead_says_what_to_do(orders_of: OrdersOf, scheme: str, what: str, remedy: str) -> None:
    customers = summarise(orders_of([("A", "2025-01-01"), ("B", "2025-01-02")])).customers
    with pytest.raises(SettingsError) as found:
        segment_customers(customers, Settings(scheme=scheme))
    assert what in found.value.what
    assert remedy in found.value.remedy


@pytest.mark.parametrize("wanted", ["kmeans5", "kmeans5_value", "recipe004"])
@pytest.mark.parametrize(("customers", "scheme"), [(2, "repeat2"), (4, "behaviour4"), (20, "rfm11")])
def test_a_shop_too_small_for_clusters_is_led_by_a_scheme_that_fits_and_is_named(
    orders_of: OrdersOf, wanted: str, customers: int, scheme: str
) -> None:
    orders = orders_of([(f"C{n}", f"2025-01-{1 + n:02}") for n in range(customers)])
    found = segment_customers(summarise(orders).customers, Settings(scheme=wanted), orders)
    assert found.lead.scheme == scheme
    assert found.lead_reason is not None
    assert f"{wanted} is not possible ({customers} customers are too few for clusters" in found.lead_reason
    assert f"({scheme}) leads instead." in found.lead_reason


def test_labels_are_the_cells_segment_for_every_cell() -> None:
    scheme = shipped_scheme("behaviour4")
    random = np.random.default_rng(0)
    shop = frame_of([(a, b, float(c)) for a, b, c in random.integers(1, 300, (400, 3)).tolist()])
    labels = scheme.segment(shop).labels
    scores = [axis.known(shop).score(shop) for axis in scheme.axes]
    assert labels.tolist() == [scheme.cells[cell] for cell in zip(*(s.tolist() for s in scores), strict=True)]
