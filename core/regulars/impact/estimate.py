"""Estimate what acting would earn, from segments, outlook and assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from regulars.base.settings import Settings
from regulars.clv.model import Lifetime
from regulars.impact.assumptions import OwnerAssumptions, defaults
from regulars.impact.audiences import wanted_by
from regulars.impact.initiative import RESTORES, UPLIFTS, Initiative, Lever, Part
from regulars.impact.model import Impact, Outlook
from regulars.impact.outlook import outlook
from regulars.impact.projection import project
from regulars.impact.season import weak_month
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.segments.model import SegmentRole, Segments
from regulars.summary.model import Summary

__all__ = ["defaults", "estimate_impact"]

SET_BY_OPTION = "set with --margin"
SET_BY_OWNER = "set by the owner"
SAME_MARGIN = 1e-9


@dataclass(frozen=True)
class _Margin:
    """The shop's margin, and each customer's profit where a column says it."""

    value: float
    source: str
    is_assumed: bool
    of_orders: float | None = None  # what a profit column says, where it can be used

    @property
    def by_audience(self) -> bool:
        """Tell whether the profit column speaks for each audience by itself: until the owner gives a margin for all."""
        return self.of_orders is not None and math.isclose(self.value, self.of_orders, abs_tol=SAME_MARGIN)


@dataclass(frozen=True)
class _Shop:
    """What every initiative looks at."""

    frame: pd.DataFrame
    segments: Segments
    roles: pd.Series
    expected: Outlook
    order: float  # the average order
    year: float  # a year's revenue
    margin: _Margin
    owner: OwnerAssumptions
    horizon: int


def estimate_impact(summary: Summary, segments: Segments, lifetime: Lifetime, settings: Settings) -> Impact:
    """Return the initiatives over the lead scheme's segments, each customer in at most one of those in the plan.

    Raises SettingsError when the owner's assumptions name what is not known, or hold what cannot be.
    """
    said = _impact(summary, segments, lifetime, settings)
    plain = replace(settings, assumptions={}, margin=None)
    return said if plain == settings else replace(said, shipped=_impact(summary, segments, lifetime, plain))


def _impact(summary: Summary, segments: Segments, lifetime: Lifetime, settings: Settings) -> Impact:
    shipped = defaults()
    owner = OwnerAssumptions(settings.assumptions)
    customers = summary.customers
    frame = customers.frame
    margin = _margin(frame, settings, owner, shipped)
    shop = _Shop(
        frame=frame,
        segments=segments,
        roles=segments.labels.map({segment.key: segment.role for segment in segments.definitions}),
        expected=outlook(customers, summary.days, lifetime),
        # Where returns count, customers in the red must not make contacts cheap.
        order=float(frame["revenue"].clip(lower=0).sum() / frame["orders"].sum()),
        # A year's revenue from a shorter window is scaled up; from a longer one the last 365 days count.
        year=float(frame["year_revenue"].clip(lower=0).sum()) * max(1.0, 365 / customers.window.days),
        margin=margin,
        owner=owner,
        horizon=settings.horizon_months,
    )
    new = tuple(
        float(owner.said[key]) if key in owner.said else None for key in ("new_customers", "new_customer_revenue")
    )
    acquisition = shipped["acquisition"]
    return Impact(
        initiatives=_initiatives(shop, shipped["initiative"]),
        outlook=shop.expected,
        margin=margin.value,
        margin_source=margin.source,
        margin_is_assumed=margin.is_assumed,
        low_case=owner.number("low", shipped["cases"]["low"]),
        high_case=owner.number("high", shipped["cases"]["high"]),
        horizon_months=settings.horizon_months,
        discount_rate=settings.discount_rate,
        price=_price(shop, shipped["price"]),
        dip=_dip(shop, summary, shipped["dip"]),
        projection=project(customers, segments, lifetime, shop.expected.frame["expected"], (new[0], new[1])),
        acquisition_ratio=owner.number("acquisition_ratio", acquisition["ratio"]),
        margins={segment.key: _margin_of(shop, segments.labels == segment.key) for segment in segments.definitions},
        margin_of_orders=margin.of_orders,
        margins_of_orders={
            segment.key: own
            for segment in segments.definitions
            if (own := _margin_in_orders(shop, segments.labels == segment.key)) is not None
        },
        acquisition_source=owner.source(("acquisition_ratio",), acquisition["source"]),
        scenario=owner.word("scenario", "base"),
        confirmed=bool(owner.flag("confirmed")),
    )


def _initiatives(shop: _Shop, specs: list[Mapping[str, Any]]) -> tuple[Initiative, ...]:
    wanted = wanted_by(shop.frame, shop.segments)
    taken = pd.Series(data=False, index=shop.roles.index)
    initiatives: list[Initiative] = []
    for spec in specs:
        eligible = shop.roles.isin([SegmentRole(role) for role in spec["roles"]])
        if not eligible.any():
            continue
        before = {one.key: wanted[one.key] for one in initiatives}
        audience = wanted[spec["key"]] & ~taken
        one = _initiative(spec, eligible, wanted[spec["key"]], audience, before, shop)
        # One that does not pay keeps nobody from those after it.
        if one.planned:
            taken |= audience
        initiatives.append(one)
    return tuple(initiatives)


def _parts(wants: pd.Series, before: Mapping[str, pd.Series], shop: _Shop) -> tuple[Part, ...]:
    """Return those whom an initiative wants by the earlier initiatives that want them too, nobody's rivals first."""
    if not wants.any():
        return ()
    rivals = pd.Series("", index=wants.index[wants], dtype=object)
    for key, others in before.items():
        rivals = rivals.where(~others[wants], rivals + f" {key}")
    frame = shop.expected.frame[wants]
    parts = (
        Part(tuple(keys.split()), len(rows), float(rows["expected"].sum()), float(rows["if_active"].sum()))
        for keys, rows in ((str(keys), rows) for keys, rows in frame.groupby(rivals))
    )
    return tuple(sorted(parts, key=lambda part: (len(part.rivals), part.rivals)))


def _initiative(
    spec: Mapping[str, Any], eligible: pd.Series, wants: pd.Series, audience: pd.Series,
    before: Mapping[str, pd.Series], shop: _Shop,
) -> Initiative:  # fmt: skip
    key, owner = spec["key"], shop.owner
    wanted = [SegmentRole(role) for role in spec["roles"]]
    definitions, labels = shop.segments.definitions, shop.segments.labels
    without = _mean(shop.expected.frame["expected"][audience])
    uplift = owner.number(f"{key}.uplift", spec["uplift"]) if "uplift" in spec else None
    # Of all it is for: which of them are in another initiative must not change a margin that somebody reads.
    margin, own = _audience_margin(shop, wants, key)
    counts = labels[audience].value_counts()
    rates = tuple(f"{key}.{name}" for name in ("reach", "success_rate", "uplift", "contact_cost", "fixed_cost"))
    return Initiative(
        key=key,
        name=spec["name"],
        short=spec["short"],
        lever=Lever(spec["lever"]),
        action=spec["action"],
        segments=tuple(one.name for one in definitions if one.role in wanted and (labels == one.key).any()),
        eligible=int(eligible.sum()),
        audience=int(audience.sum()),
        expected=without,
        value=_value(spec, wants, audience, uplift, shop),
        reach=owner.number(f"{key}.reach", spec["reach"]),
        success_rate=owner.number(f"{key}.success_rate", spec["success_rate"]),
        contact_cost=owner.number(f"{key}.contact_cost", _cost(spec["contact_cost"] * shop.order)),
        fixed_cost=owner.number(f"{key}.fixed_cost", _cost(spec["fixed_cost"] * shop.year)),
        margin=margin,
        source=owner.source(rates, spec["source"]),
        start_month=int(owner.number(f"{key}.start_month", spec["start_month"])),
        months=int(owner.number(f"{key}.months", spec.get("months", shop.horizon))),
        horizon_months=shop.horizon,
        uplift=uplift,
        own_margin=own,
        margin_is_said=f"{key}.margin" in owner.said,
        margin_of_orders=_margin_in_orders(shop, wants),
        in_plan=owner.flag(f"{key}.in_plan"),
        taken_from={segment.key: int(counts[segment.key]) for segment in definitions if segment.key in counts.index},
        becomes=_joined_segment(spec, shop.segments),
        parts=_parts(wants, before, shop),
    )


def _joined_segment(spec: Mapping[str, Any], segments: Segments) -> str:
    """Return the key of the first segment with the role that successes take on; empty where the scheme has none."""
    role = spec.get("becomes")
    return next((segment.key for segment in segments.definitions if segment.role == role), "") if role else ""


def _value(spec: Mapping[str, Any], wants: pd.Series, audience: pd.Series, uplift: float | None, shop: _Shop) -> float:
    """Return the revenue that one success brings, by lever."""
    lever, expected = Lever(spec["lever"]), shop.expected.frame
    if lever in RESTORES:
        return _mean(expected["if_active"][audience])
    if lever in UPLIFTS:
        return _mean(expected["expected"][audience]) * (1 + (uplift or 0.0))
    if lever is Lever.SECOND_ORDER:
        # Those who made a second order and are as recent as those it is for: not the average of all repeaters,
        # who have had years to become what they are.
        recent = shop.frame["days_since"] <= shop.frame["days_since"][wants].max() if wants.any() else wants
        return _mean(expected["expected"][(shop.frame["orders"] == 2) & recent])
    joined = shop.roles.isin([SegmentRole(role) for role in spec["joins"]])
    return _mean(expected["expected"][joined])


def _price(shop: _Shop, spec: Mapping[str, Any]) -> PriceTest:
    owner = shop.owner
    return PriceTest(
        baseline=float(shop.expected.frame["expected"].sum()),
        rise=owner.number("price.rise", spec["rise"]),
        items=owner.number("price.items", spec["items"]),
        volume=owner.number("price.volume", spec["volume"]),
        margin=shop.margin.value,
        cost=owner.number("price.cost", _cost(spec["cost"] * shop.year)),
        start_month=int(owner.number("price.start_month", 1)),
        horizon_months=shop.horizon,
        source=owner.source(("price.rise", "price.items", "price.volume", "price.cost"), spec["source"]),
        in_plan=bool(owner.flag("price.in_plan")),
    )


def _dip(shop: _Shop, summary: Summary, spec: Mapping[str, Any]) -> SeasonDip:
    owner, weak = shop.owner, weak_month(summary.months)
    return SeasonDip(
        gap=None if weak is None else weak.gap,
        month="" if weak is None else weak.name,
        recovered=owner.number("dip.recovered", spec["recovered"]),
        margin=shop.margin.value,
        cost=owner.number("dip.cost", _cost(spec["cost"] * shop.year)),
        horizon_months=shop.horizon,
        source=owner.source(("dip.recovered", "dip.cost"), spec["source"]),
        in_plan=bool(owner.flag("dip.in_plan")) and weak is not None,
    )


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else 0.0


def _cost(amount: float) -> float:
    """Round an assumed cost to two significant digits: it is a guess, and should look like one."""
    return float(f"{amount:.2g}")


def _margin(
    customers: pd.DataFrame, settings: Settings, owner: OwnerAssumptions, shipped: Mapping[str, Any]
) -> _Margin:
    """Return the shop's margin. Option beats the owner's cell beats profit column beats default."""
    has_profit, of_orders = _profit_share(customers)
    known = of_orders if has_profit else None
    if settings.margin is not None:
        return _Margin(settings.margin, SET_BY_OPTION, is_assumed=False, of_orders=known)
    if "margin" in owner.said:
        return _Margin(owner.number("margin", 0.0), SET_BY_OWNER, is_assumed=False, of_orders=known)
    if has_profit:
        return _Margin(of_orders, "profit or cost column of the orders", is_assumed=False, of_orders=known)
    default = shipped["margin"]
    source = str(default["source"])
    if float(customers["revenue_with_profit"].sum()) > 0:
        source = f"assumption, as the profit or cost column says {of_orders:.1%}, at which no plan can be reckoned"
    return _Margin(float(default["value"]), source, is_assumed=True)


def _audience_margin(shop: _Shop, audience: pd.Series, key: str) -> tuple[float, bool]:
    """Return the margin of an audience, and whether it is its own: by the owner, or by the profit column."""
    said = f"{key}.margin"
    if said in shop.owner.said:
        return shop.owner.number(said, 0.0), True
    return _margin_of(shop, audience)


def _margin_of(shop: _Shop, rows: pd.Series) -> tuple[float, bool]:
    """Return the margin of some customers, and whether the profit column tells it of them."""
    own = _margin_in_orders(shop, rows) if shop.margin.by_audience else None
    return (shop.margin.value, False) if own is None else (own, True)


def _margin_in_orders(shop: _Shop, rows: pd.Series) -> float | None:
    """Return what the profit column says of some customers' margin; None where it says nothing.

    Customers on whom the shop loses money have a margin of nought: more of their orders earn nothing.
    """
    of = shop.frame[rows]
    revenue = float(of["revenue_with_profit"].sum())
    if shop.margin.of_orders is None or revenue <= 0:
        return None
    return min(max(float(of["profit"].sum()) / revenue, 0.0), 1.0)


def _profit_share(customers: pd.DataFrame) -> tuple[bool, float]:
    profit, revenue = float(customers["profit"].sum()), float(customers["revenue_with_profit"].sum())
    share = profit / revenue if revenue > 0 else 0.0
    return 0 < share <= 1, share
