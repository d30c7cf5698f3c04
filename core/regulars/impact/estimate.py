"""Estimate what acting would earn, from segments, outlook and assumptions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pandas as pd

from regulars.base.settings import Settings
from regulars.clv.model import Lifetime
from regulars.impact.model import Impact, Initiative, Lever
from regulars.impact.outlook import outlook
from regulars.segments.model import SegmentRole, Segments
from regulars.summary.model import Summary


def defaults() -> Mapping[str, Any]:
    """Return the shipped assumptions."""
    return tomllib.loads(files("regulars.impact").joinpath("defaults.toml").read_text(encoding="utf-8"))


def estimate_impact(summary: Summary, segments: Segments, lifetime: Lifetime, settings: Settings) -> Impact:
    """Return the initiatives over the lead scheme's segments, each customer in at most one of them."""
    shipped = defaults()
    customers = summary.customers
    expected = outlook(customers, summary.days, lifetime)
    margin, source, assumed = _margin(customers.frame, settings, shipped)
    # Where returns count, customers in the red must not make contacts cheap.
    order = float(customers.frame["revenue"].clip(lower=0).sum() / customers.frame["orders"].sum())
    # A year's revenue from a shorter window is scaled up; from a longer one the last 365 days count.
    year = float(customers.frame["year_revenue"].clip(lower=0).sum()) * max(1.0, 365 / customers.window.days)
    roles = segments.labels.map({segment.key: segment.role for segment in segments.definitions})
    free = pd.Series(True, index=customers.frame.index)
    initiatives = []
    for spec in shipped["initiative"]:
        wanted = [SegmentRole(role) for role in spec["roles"]]
        eligible = roles.isin(wanted)
        audience = eligible & free
        free &= ~audience
        names = tuple(segment.name for segment in segments.definitions if segment.role in wanted)
        without = _mean(expected.frame["expected"][audience])
        initiatives.append(
            Initiative(
                key=spec["key"],
                name=spec["name"],
                short=spec["short"],
                lever=Lever(spec["lever"]),
                action=spec["action"],
                segments=names,
                phase=spec["phase"],
                eligible=int(eligible.sum()),
                audience=int(audience.sum()),
                expected=without,
                value=_value(spec, audience, without, expected.frame, summary, roles),
                reach=spec["reach"],
                success_rate=spec["success_rate"],
                contact_cost=_cost(spec["contact_cost"] * order),
                fixed_cost=_cost(spec["fixed_cost"] * year),
                margin=margin,
                source=spec["source"],
            )
        )
    return Impact(
        initiatives=tuple(initiative for initiative in initiatives if initiative.eligible),
        outlook=expected,
        margin=margin,
        margin_source=source,
        margin_is_assumed=assumed,
        low_case=shipped["cases"]["low"],
        high_case=shipped["cases"]["high"],
        horizon_months=settings.horizon_months,
    )


def _value(
    spec: Mapping[str, Any],
    audience: pd.Series,
    without: float,
    expected: pd.DataFrame,
    summary: Summary,
    roles: pd.Series,
) -> float:
    """Return the revenue that one success brings, by lever."""
    lever = Lever(spec["lever"])
    if lever in {Lever.WIN_BACK, Lever.RETAIN}:
        return _mean(expected["if_active"][audience])
    if lever is Lever.ORDER_VALUE:
        return without * (1 + float(spec["uplift"]))
    if lever is Lever.SECOND_ORDER:
        # Those who made a second order and are as recent as the audience: not the average of all repeaters,
        # who have had years to become what they are.
        frame = summary.customers.frame
        recent = frame["days_since"] <= frame["days_since"][audience].max() if audience.any() else audience
        return _mean(expected["expected"][(frame["orders"] == 2) & recent])
    joined = roles.isin([SegmentRole(role) for role in spec["joins"]])
    return _mean(expected["expected"][joined])


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else 0.0


def _cost(amount: float) -> float:
    """Round an assumed cost to two significant digits: it is a guess, and should look like one."""
    return float(f"{amount:.2g}")


def _margin(customers: pd.DataFrame, settings: Settings, shipped: Mapping[str, Any]) -> tuple[float, str, bool]:
    """Return margin, its source, and whether it is an assumption. Option beats profit column beats default."""
    if settings.margin is not None:
        return settings.margin, "set with --margin", False
    profit, revenue = float(customers["profit"].sum()), float(customers["revenue_with_profit"].sum())
    if 0 < profit <= revenue:
        return profit / revenue, "profit or cost column of the orders", False
    return float(shipped["margin"]["value"]), str(shipped["margin"]["source"]), True
