"""Customer lists: who is on them, who is left alone, and how small a lift they can show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regulars.analysis import analyse
from regulars.base.errors import SettingsError
from regulars.base.settings import Settings
from regulars.clv.history import History
from regulars.findings import find_facts
from regulars.findings.lists import UNMEASURED, list_facts
from regulars.impact.lift import held_out, smallest_lift
from regulars.impact.lists import MEASURED, VIEWS, ListKind
from regulars.segments.model import SegmentRole
from regulars.story.contacts import alerts, contacts, list_file, notes
from regulars.story.sheets.lists import lists_sheet
from regulars.story.texts import sentences

Orders = Callable[..., Any]
SHOPS = ["superstore", "cdnow"]


@pytest.mark.parametrize("name", SHOPS)
def test_lists_to_act_on_are_the_audiences_of_the_plan_and_who_is_left_and_share_no_customer(
    request: pytest.FixtureRequest, name: str
) -> None:
    analysis = request.getfixturevalue(name).analysis
    actions = [one for one in analysis.lists.lists if one.kind is ListKind.ACTION]
    sizes = {one.key: int(one.members.sum()) for one in actions}
    assert analysis.impact.plan
    for one in analysis.impact.initiatives:
        assert sizes[one.key] == one.audience if one.planned else sizes[one.key] <= one.audience, one.key
    assert np.sum([one.members for one in actions], axis=0).max() == 1


@pytest.mark.parametrize("name", SHOPS)
def test_every_list_has_words_and_views_come_last(request: pytest.FixtureRequest, name: str) -> None:
    lists = request.getfixturevalue(name).analysis.lists
    keys = [one.key for one in lists.lists]
    assert set(keys) | {"words"} == set(sentences("lists"))
    assert tuple(keys[-len(VIEWS) :]) == VIEWS
    assert len({list_file(key) for key in keys}) == len(keys)


def test_the_lapsed_and_the_frequent_are_those_that_the_settings_say(cdnow: Any) -> None:
    frame = cdnow.analysis.summary.customers.frame
    lists = cdnow.analysis.lists
    assert np.array_equal(lists.named("lapsed").members, frame["days_since"] > 60)
    often = (frame["year_orders"] > 25) | (frame["orders"] >= 15)
    assert np.array_equal(lists.named("high_frequency").members, often)
    assert 0 < often.sum() < len(often)


def test_other_settings_make_other_lists(orders_of: Orders) -> None:
    orders = orders_of([("a", "2025-01-01"), ("b", "2025-01-20"), ("b", "2025-01-25"), ("c", "2025-01-31")])
    lists = analyse(orders, Settings(lapsed_days=10, frequent_orders=2, holdout_share=0.0)).lists
    assert lists.named("lapsed").members.tolist() == [True, False, False]
    assert lists.named("high_frequency").members.tolist() == [False, True, False]
    assert not lists.held_out.any()


@pytest.mark.parametrize(
    ("setting", "value"), [("holdout_share", 0.6), ("holdout_share", -0.1), ("lapsed_days", 0), ("frequent_orders", 0)]
)
def test_settings_that_make_no_list_are_refused(setting: str, value: float) -> None:
    with pytest.raises(SettingsError, match=f"{setting} = {value} is out of range"):
        Settings(**{setting: value})  # type: ignore[arg-type]


def test_a_tenth_of_each_list_is_left_alone_to_one_customer_in_any_order() -> None:
    sizes = [0, 1, 4, 5, 14, 15, 18, 60, 2_000]
    lists = [f"list {size}" for size in sizes for _ in range(size)]
    names = [f"customer {number}" for number in range(len(lists))]
    drawn = held_out(names, lists, 0.1, 42)
    held = [int(drawn[[name == f"list {size}" for name in lists]].sum()) for size in sizes]
    assert held == [0, 0, 0, 1, 1, 2, 2, 6, 200]
    assert np.array_equal(held_out(names[::-1], lists[::-1], 0.1, 42), drawn[::-1])
    assert (held_out(names, lists, 0.1, 43) != drawn).any()
    assert not (drawn & ~held_out(names, lists, 0.2, 42)).any()
    renamed = held_out([f"x{name}" for name in names], lists, 0.1, 42)
    assert renamed.sum() == drawn.sum()
    assert (renamed != drawn).any()


def test_who_is_left_alone_mostly_stays_so_when_others_join_the_list() -> None:
    names = [f"customer {number}" for number in range(1_100)]
    before, after = held_out(names[:1_000], ["a"] * 1_000, 0.1, 42), held_out(names, ["a"] * 1_100, 0.1, 42)
    assert (before & after[:1_000]).sum() > 85


@pytest.mark.parametrize("name", SHOPS)
def test_every_list_to_act_on_has_its_tenth_to_one_customer(request: pytest.FixtureRequest, name: str) -> None:
    lists = request.getfixturevalue(name).analysis.lists
    for one in lists.lists:
        size, held = int(one.members.sum()), int((one.members & lists.held_out).sum())
        if one.kind is ListKind.ACTION and size >= 5:
            assert held >= 1
            assert abs(held - 0.1 * size) <= 0.5, one.key


def test_a_list_in_which_nobody_is_left_alone_says_so(orders_of: Orders) -> None:
    analysis = analyse(
        orders_of([("a", "2025-01-01"), ("b", "2025-01-20"), ("c", "2025-01-31")]), Settings(sheets="full")
    )
    facts = find_facts(analysis)
    overview: Any = lists_sheet(analysis, facts).blocks[0]
    bare = [row.cells[0] for row in overview.rows if row.cells[3] and not row.cells[5]]
    assert bare
    said = overview.remark.partition("Nobody is left alone in ")[2]
    assert all(name in said for name in bare)


def test_the_smallest_lift_is_noticed_four_times_in_five() -> None:
    treated, held, base = 900, 100, 0.3
    lift = smallest_lift(treated, held, base)
    assert lift is not None
    random = np.random.default_rng(7)
    one = random.binomial(treated, base + lift, 20_000) / treated
    other = random.binomial(held, base, 20_000) / held
    pooled = (one * treated + other * held) / (treated + held)
    noticed = np.abs(one - other) > 1.959964 * np.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / held))
    assert noticed.mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("treated", "held", "base"), [(0, 10, 0.1), (10, 0, 0.1), (5, 1, 0.5), (90, 10, 0.95), (9, 9, 1.0)]
)
def test_a_group_too_small_to_show_anything_has_no_smallest_lift(treated: int, held: int, base: float) -> None:
    assert smallest_lift(treated, held, base) is None


def test_more_customers_show_a_smaller_lift() -> None:
    lifts = [smallest_lift(9 * held, held, 0.2) or 1.0 for held in (10, 50, 250, 1250)]
    assert lifts == sorted(lifts, reverse=True)


def test_the_base_rate_is_that_of_customers_who_stood_so_at_the_time(cdnow: Any) -> None:
    analysis = cdnow.analysis
    days = analysis.summary.days
    cut = pd.Timestamp(analysis.summary.customers.window.end) - pd.Timedelta(days=MEASURED)
    last = days[days["day"] <= cut].groupby("customer")["day"].max()
    lapsed = last[(cut - last).dt.days > 60].index
    after = days[days["day"] > cut]["customer"].unique()
    one = analysis.lists.named("lapsed")
    assert one.then == len(lapsed)
    assert one.ordered == int(lapsed.isin(after).sum())
    assert cdnow.facts.value("lists.lapsed.base_rate") == pytest.approx(one.ordered / one.then)


def test_alerts_are_those_who_left_the_top_and_those_who_became_late(superstore: Any) -> None:
    analysis = superstore.analysis
    lists, month = analysis.lists, next(one for one in analysis.movements.steps if one.step.key == "month")
    assert lists.alerts_since == month.since
    assert np.array_equal(np.flatnonzero(lists.fell_from != ""), np.sort(month.fallers()))
    late = analysis.lifetime.frame["late"].to_numpy() == 1
    assert lists.became_late.any()
    assert not (lists.became_late & ~late).any()
    # Late for longer than the month: the silence was as odd a month ago.
    history = History.of(analysis.summary.customers, analysis.summary.days)
    quiet = history.standing(history.end).silence > 365
    assert not (lists.became_late & quiet & (analysis.summary.customers.frame["recency"] < 100)).any()
    assert np.array_equal(alerts(lists) != "", lists.named("alerts").members)


def test_young_shops_have_no_alerts_and_no_base_rates(orders_of: Orders) -> None:
    analysis = analyse(orders_of([(name, f"2025-01-{day:02}") for name in "abc" for day in (3, 12, 21)]), Settings())
    assert analysis.lists.alerts_since is None
    assert not analysis.lists.named("alerts").members.any()
    facts = {fact.key: fact.value for fact in list_facts(analysis)}
    assert all(facts[f"lists.{one.key}.base_rate"] is None for one in analysis.lists.lists)
    assert all(facts[f"lists.{one.key}.smallest_lift"] is None for one in analysis.lists.lists)


@pytest.mark.parametrize("name", SHOPS)
def test_treated_and_held_out_add_up_on_the_sheet(request: pytest.FixtureRequest, name: str) -> None:
    analysed = request.getfixturevalue(name)
    overview, everyone = lists_sheet(analysed.analysis, analysed.facts).blocks
    assert len(everyone.rows) == analysed.facts.value("customers.count")  # type: ignore[union-attr]
    place = {column.key: number for number, column in enumerate(overview.columns)}  # type: ignore[union-attr]
    for row in overview.rows:  # type: ignore[union-attr]
        cells: Any = row.cells
        assert cells[place["treat"]] + cells[place["hold_out"]] == cells[place["customers"]]
        if row.key in UNMEASURED:
            assert cells[place["smallest_lift"]] is None


def test_contacts_are_addressed_by_what_the_orders_know(orders_of: Orders) -> None:
    orders = orders_of(
        [
            ("ann@shop.example", "2025-01-01"),
            ("=cmd|'/c calc'!A0@x.y", "2025-01-02"),
            ("+tag@x.org", "2025-01-03"),
            ("77", "2025-01-04"),
        ]
    )
    rows = pd.concat(contacts(analyse(orders, Settings())).values()).drop_duplicates("Customer ID")
    addresses = dict(zip(rows["Customer ID"], rows["Email"], strict=True))
    assert addresses["ann@shop.example"] == "ann@shop.example"
    assert {address for customer, address in addresses.items() if customer != "ann@shop.example"} == {""}


def test_who_is_left_alone_has_no_next_action_and_a_tag_of_their_own(cdnow: Any) -> None:
    lists = contacts(cdnow.analysis)
    rows = lists["keep_best"]
    alone = rows["Group"] == "hold out"
    assert 0 < alone.sum() < len(rows)
    assert (rows["Next Action"][alone] == "Leave alone, to compare").all()
    assert rows["Action Date"][alone].isna().all()
    assert rows["Action Date"][~alone].notna().all()
    assert (rows["Tags"][alone] == "regulars-keep-best,regulars-hold-out").all()
    assert "Alert" in lists["alerts"]
    assert notes(lists, cdnow.facts)
    # Mailchimp cuts a text at 255 bytes.
    assert max(len(text.encode()) for text in rows["Why"]) <= 255


def test_the_best_customers_are_on_the_list_to_protect_whatever_else_they_get(superstore: Any) -> None:
    analysis = superstore.analysis
    best = {one.key for one in analysis.segmentations.lead.definitions if one.role is SegmentRole.BEST}
    protect = analysis.lists.named("protect")
    assert protect.members.tolist() == analysis.segmentations.lead.labels.isin(best).tolist()
    assert protect.members.any()
    assert protect.kind is ListKind.VIEW
