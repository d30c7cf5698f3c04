"""What acting would earn: differences over disjoint audiences, at rates that break even where they say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regulars.base.settings import Settings
from regulars.clv import estimate_lifetime
from regulars.clv.estimate import monthly_discounts
from regulars.findings import find_facts
from regulars.impact import Impact, Initiative, Lever, estimate_impact
from regulars.impact.estimate import defaults
from regulars.orders.model import Orders
from regulars.segments import segment_customers
from regulars.summary import summarise

OrdersOf = Callable[..., Orders]
MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


def shop(profit: float | None = None, amount: float = 20) -> list[tuple[Any, ...]]:
    """Twenty customers: some come monthly, some stopped, some came once."""
    lines = []
    for number in range(20):
        came = MONTHS[: 3 + number % 10] if number < 14 else MONTHS[number - 9 : number - 8]
        lines += [(f"C{number:02}", f"{month}-{1 + number:02}", amount + number, "", None, profit) for month in came]
    return lines


def impact_of(orders: Orders, **options: Any) -> Impact:
    settings = Settings(**options)
    summary = summarise(orders)
    segments = segment_customers(summary.customers, settings).lead
    lifetime = estimate_lifetime(summary.customers, summary.days, settings)
    return estimate_impact(summary, segments, lifetime, settings)


def initiative(**other: Any) -> Initiative:
    plain = Initiative(
        key="win_back", name="Win back", short="Win back", lever=Lever.WIN_BACK, action="Write", segments=("At Risk",),
        eligible=120, audience=100, expected=20.0, value=70.0, reach=0.9, success_rate=0.1,
        contact_cost=0.5, fixed_cost=30.0, margin=0.4, source="assumption",
    )  # fmt: skip
    return replace(plain, **other)


def test_a_gain_is_the_difference_and_its_money_follows() -> None:
    one = initiative()
    assert one.gain == 50.0
    assert one.revenue() == pytest.approx(100 * 0.9 * 0.1 * 50)
    assert one.gross_profit() == pytest.approx(180.0)
    assert one.investment == 75.0
    assert one.gross_multiple == pytest.approx(2.4)
    assert one.net_roi == pytest.approx(1.4)


def test_a_success_that_is_worth_less_than_doing_nothing_gains_nothing() -> None:
    one = initiative(value=5.0)
    assert (one.gain, one.revenue(), one.pays, one.break_even) == (0.0, 0.0, False, None)


def test_the_break_even_rate_gives_a_net_roi_of_nought() -> None:
    rate = initiative().break_even
    assert rate == pytest.approx(75 / (90 * 50 * 0.4))
    assert rate is not None
    assert initiative(success_rate=rate).net_roi == pytest.approx(0.0)


def test_a_success_rate_stays_a_share_in_the_bold_case() -> None:
    assert initiative(success_rate=0.8).revenue(1.5) == initiative(success_rate=1.0).revenue()


def test_nobody_addressed_costs_nothing_and_has_no_ratio() -> None:
    one = initiative(audience=0)
    assert (one.investment, one.gross_multiple, one.net_roi, one.break_even) == (0.0, None, None, None)


def test_without_an_investment_there_is_no_ratio(orders_of: OrdersOf) -> None:
    free = initiative(contact_cost=0.0, fixed_cost=0.0)
    assert (free.gross_multiple, free.net_roi, free.break_even) == (None, None, 0.0)
    nothing = replace(impact_of(orders_of(shop())), initiatives=())
    assert (nothing.investment, nothing.gross_multiple, nothing.net_roi) == (0, None, None)


@pytest.fixture(scope="module")
def chosen(superstore: Any) -> Impact:
    """Superstore with everything in the plan: at its own margins nothing pays by itself."""
    analysis = superstore.analysis
    said = {f"{spec['key']}.in_plan": True for spec in defaults()["initiative"]}
    settings = Settings(assumptions=said | {"price.in_plan": True, "dip.in_plan": True})
    return estimate_impact(analysis.summary, analysis.segmentations.lead, analysis.lifetime, settings)


def test_totals_are_the_sums_over_the_plan_alone(superstore: Any, chosen: Impact) -> None:
    facts = find_facts(replace(superstore.analysis, impact=chosen))
    assert len(chosen.moves) == len(chosen.initiatives) + 2
    sums: tuple[tuple[str, Callable[[Any], float]], ...] = (
        ("investment", lambda one: one.investment),
        ("revenue", lambda one: one.revenue()),
        ("gross_profit", lambda one: one.gross_profit()),
        ("gross_profit_low", lambda one: one.gross_profit(chosen.low_case)),
        ("gross_profit_high", lambda one: one.gross_profit(chosen.high_case)),
    )
    for name, each in sums:
        assert facts.number(f"impact.total.{name}") == pytest.approx(sum(each(one) for one in chosen.moves)), name
    net = facts.number("impact.total.gross_profit") - facts.number("impact.total.investment")
    assert facts.number("impact.total.net_roi") == pytest.approx(net / facts.number("impact.total.investment"))
    assert facts.number("impact.total.gross_multiple") == pytest.approx(facts.number("impact.total.net_roi") + 1)


def test_no_customer_is_in_two_initiatives(superstore: Any, chosen: Impact) -> None:
    sizes = superstore.analysis.segmentations.lead.labels.value_counts()
    taken: dict[str, int] = {}
    for one in chosen.initiatives:
        assert one.audience == sum(one.taken_from.values()) <= one.eligible
        for segment, count in one.taken_from.items():
            taken[segment] = taken.get(segment, 0) + count
    assert all(count <= sizes[segment] for segment, count in taken.items())


def test_loyal_customers_are_asked_to_come_sooner_or_to_order_more_and_never_both(chosen: Impact) -> None:
    by_key = {one.key: one for one in chosen.initiatives}
    sooner, more, best = (by_key[key] for key in ("frequency", "order_value", "keep_best"))
    assert sooner.audience > 0
    assert more.eligible == more.audience + sooner.audience + best.audience


def told(analysis: Any, **planned: bool) -> dict[str, Initiative]:
    settings = Settings(assumptions={f"{key}.in_plan": value for key, value in planned.items()})
    impact = estimate_impact(analysis.summary, analysis.segmentations.lead, analysis.lifetime, settings)
    return {one.key: one for one in impact.initiatives}


def test_an_initiative_outside_the_plan_keeps_nobody_from_those_after_it(superstore: Any) -> None:
    default = told(superstore.analysis)
    assert not default["keep_best"].planned
    assert not default["frequency"].planned
    assert default["order_value"].audience == default["order_value"].eligible
    kept = told(superstore.analysis, keep_best=True)
    assert kept["order_value"].audience == kept["order_value"].eligible - kept["keep_best"].audience
    both = told(superstore.analysis, keep_best=True, frequency=True)
    assert both["order_value"].audience == kept["order_value"].audience - both["frequency"].audience
    assert default["keep_best"].audience == kept["keep_best"].audience > 0  # whom it would address


def test_the_parts_of_an_audience_add_up_to_it_whatever_is_in_the_plan(superstore: Any) -> None:
    for planned in ({}, {"keep_best": True}, {"keep_best": True, "frequency": True}, {"order_value": False}):
        found = told(superstore.analysis, **planned)
        for one in found.values():
            free = [part for part in one.parts if not any(found[key].planned for key in part.rivals)]
            assert sum(part.customers for part in free) == one.audience
            assert sum(part.expected for part in free) == pytest.approx(one.expected * one.audience)


def test_those_who_change_segment_are_wanted_by_no_earlier_initiative(superstore: Any, cdnow: Any) -> None:
    """The sheet moves fixed shares of their audiences between segments, which must not depend on the plan."""
    for shop in (superstore, cdnow):
        assert not [one.key for one in shop.analysis.impact.initiatives if one.becomes and one.shares]


def test_a_later_start_earns_in_fewer_months_and_costs_the_same() -> None:
    now, later = initiative(), initiative(start_month=7)
    assert later.gross_profit() == pytest.approx(now.gross_profit() / 2)
    assert later.investment == now.investment
    assert (now.phase, initiative(start_month=6).phase, later.phase) == (0, 1, 2)


def test_an_initiative_is_paid_back_in_the_month_that_covers_its_cost() -> None:
    one = initiative()  # 180 a year against 75
    assert one.payback_month == 5
    assert initiative(start_month=3).payback_month == 2 + 5
    assert initiative(success_rate=0.01).payback_month is None


def test_each_audience_earns_at_its_own_margin_where_profit_is_known(chosen: Impact) -> None:
    margins = {one.key: one.margin for one in chosen.initiatives if one.audience}
    assert len(set(margins.values())) > 1
    assert all(0 <= margin <= 1 for margin in margins.values())


def test_a_customer_won_back_is_worth_no_more_than_the_own_spend_a_year(cdnow: Any) -> None:
    analysis = cdnow.analysis
    outlook, frame = analysis.impact.outlook.frame, analysis.summary.customers.frame
    years = frame["recency"].clip(lower=365.25) / 365.25
    above = outlook["if_active"] > (frame["revenue"] / years).clip(lower=outlook["expected"]) + 1e-9
    assert not above.any()


def test_every_gain_is_a_difference_and_never_negative(chosen: Impact) -> None:
    for one in chosen.initiatives:
        assert one.gain == max(one.value - one.expected, 0.0)
        assert one.revenue() <= one.audience * one.gain
        assert 0 <= one.success_rate < 1


@pytest.mark.parametrize(
    ("profit", "option", "margin", "source", "assumed"),
    [
        (5.0, 0.7, 0.7, "set with --margin", False),
        (5.0, None, 0.25, "profit or cost column of the orders", False),
        (None, 0.7, 0.7, "set with --margin", False),
        (None, None, 0.4, "assumption", True),
        (-5.0, None, 0.4, "assumption, as the profit or cost column says -25.0%", True),
        (25.0, None, 0.4, "assumption, as the profit or cost column says 125.0%", True),
    ],
)
def test_an_option_beats_a_profit_column_and_that_beats_the_default(
    orders_of: OrdersOf, profit: float | None, option: float | None, margin: float, source: str, *, assumed: bool
) -> None:
    lines = [(f"C{n}", "2025-01-01", 20, "", None, profit) for n in range(5)]
    found = impact_of(orders_of(lines), margin=option)
    assert found.margin == pytest.approx(margin)
    assert found.margin_source.startswith(source)
    assert found.margin_is_assumed == assumed


def test_the_margin_is_that_of_the_lines_that_say_their_profit(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 100, "1", None, 30), ("A", "2025-01-02", 900, "2"), ("B", "2025-01-01", 50)]
    assert impact_of(orders_of(lines)).margin == pytest.approx(0.3)


def test_customers_in_the_red_do_not_make_contacts_cheaper_than_nothing(orders_of: OrdersOf) -> None:
    total = sum(line[2] for line in shop())
    impact = impact_of(orders_of([*shop(), ("Z", "2025-06-01", 1 - total)]))
    assert all(one.contact_cost >= 0 and one.investment >= 0 for one in impact.initiatives)
    assert impact.investment > 0


def test_a_shop_whose_returns_outweigh_its_orders_has_no_plan(orders_of: OrdersOf) -> None:
    impact = impact_of(orders_of([*shop(), ("Z", "2025-06-01", -1_000_000)]))
    assert all(one.contact_cost >= 0 and one.investment >= 0 for one in impact.initiatives)
    assert impact.plan == ()


def test_costs_are_shares_of_the_average_order(orders_of: OrdersOf) -> None:
    small, large = impact_of(orders_of(shop())), impact_of(orders_of(shop(amount=20_000)))
    pairs = zip(small.initiatives, large.initiatives, strict=True)
    assert all(one.fixed_cost < other.fixed_cost for one, other in pairs)


def test_when_the_lifetime_model_is_withheld_the_shops_history_speaks(orders_of: OrdersOf) -> None:
    orders = orders_of(shop())
    summary = summarise(orders)
    impact = impact_of(orders)
    assert not impact.outlook.from_model
    assert "no lifetime model is used" in impact.outlook.how
    frame = summary.customers.frame
    gaps = [
        int(gap)
        for _, days in summary.days.groupby("customer")["day"]
        for gap in days.sort_values().diff().dt.days.dropna()
    ]
    discount = monthly_discounts(12, 0.10).mean()
    for place in range(len(frame)):
        row = frame.iloc[place]
        ended = sum(gap > row["days_since"] for gap in gaps)
        silent = (frame["days_since"] >= row["days_since"]).sum()
        wanted = row["revenue"] / max(row["age"] / 365.25, 1) * ended / (ended + silent) * discount
        assert impact.outlook.frame["expected"].iloc[place] == pytest.approx(wanted)
    assert np.isfinite(impact.outlook.frame.to_numpy()).all()


def test_the_outlook_is_the_lifetime_models_where_there_is_one(cdnow: Any) -> None:
    analysis = cdnow.analysis
    assert analysis.lifetime.reason is None
    assert analysis.impact.outlook.from_model
    assert analysis.impact.outlook.frame["expected"].equals(analysis.lifetime.frame["clv"])


def test_a_longer_horizon_earns_more_and_costs_the_same(orders_of: OrdersOf) -> None:
    year, two = (impact_of(orders_of(shop()), horizon_months=months) for months in (12, 24))
    pairs = list(zip(year.initiatives, two.initiatives, strict=True))
    assert all(one.investment == other.investment and one.gain <= other.gain for one, other in pairs)
    assert any(one.gain < other.gain for one, other in pairs)
