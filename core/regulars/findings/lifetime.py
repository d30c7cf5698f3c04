"""Facts about lifetime value: the fitted parameters, the totals, and how the model did in its test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, DAYS, MONEY, PARAMETER, SHARE, TEXT


def lifetime_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the model, its parameters and its results; null with a reason where the model is withheld."""
    lifetime, margin = analysis.lifetime, analysis.impact.margin
    shown = lifetime.reason is None
    months = lifetime.horizon_months
    yield Fact("clv.model", lifetime.name, TEXT, lifetime.how)
    yield Fact("clv.reason", lifetime.reason, TEXT, "why the model is withheld")
    yield Fact("clv.horizon_months", months, COUNT, "months of 365.25/12 days after the window's end")
    for name in ("r", "alpha", "a", "b", "log_likelihood"):
        value = getattr(lifetime.purchases, name) if lifetime.purchases else None
        yield Fact(f"clv.bgnbd.{name}", value, PARAMETER, "BG/NBD, Fader, Hardie & Lee (2005); time in weeks")
    for name in ("p", "q", "v"):
        value = getattr(lifetime.spend, name) if lifetime.spend else None
        yield Fact(f"clv.gammagamma.{name}", value, PARAMETER, "Gamma-Gamma, Fader & Hardie (2013); v in the currency")
    clv = lifetime.frame["clv"].to_numpy(float)
    total = float(clv.sum()) if shown else None
    how = f"expected revenue of today's customers in the next {months} months, discounted at {lifetime.discount_rate:.0%} a year"
    yield Fact("clv.total", total, MONEY, f"{how}, before margin")
    yield Fact(
        "clv.gross_profit_total",
        total * margin if total is not None else None,
        MONEY,
        f"{how}, times the margin of {margin:.1%}",
    )
    yield Fact("clv.average", float(clv.mean()) if shown else None, MONEY, "expected revenue / customers")
    yield Fact(
        "clv.median",
        float(np.median(clv)) if shown else None,
        MONEY,
        "half of the customers are expected to bring less",
    )
    top = int(np.ceil(len(clv) / 10))
    best = float(np.sort(clv)[::-1][:top].sum()) if shown else None
    yield Fact(
        "clv.top_10_share",
        best / total if best is not None and total else None,
        SHARE,
        f"expected revenue of the {top} customers (10%) who are expected to bring most / all",
    )
    orders = float(lifetime.frame["expected_orders"].sum()) if shown else None
    yield Fact("clv.expected_orders", orders, COUNT, "expected purchase days in the horizon")
    yield from _holdout_facts(analysis)


def _holdout_facts(analysis: Analysis) -> Iterator[Fact]:
    test = analysis.lifetime.holdout
    how = "orders up to the split day were fitted, later ones predicted"
    yield Fact("clv.holdout.split", test.split_day if test else None, DATE, how)
    yield Fact(
        "clv.holdout.days", test.days if test else None, DAYS, "length of the test: the last third of the window"
    )
    yield Fact("clv.holdout.actual", test.actual if test else None, COUNT, "repeat purchase days in the test")
    yield Fact("clv.holdout.predicted", test.predicted if test else None, COUNT, how)
    yield Fact(
        "clv.holdout.naive",
        test.naive if test else None,
        COUNT,
        "repeat purchase days in the period of that length before",
    )
    yield Fact("clv.holdout.bias", test.bias if test else None, SHARE, "predicted / actual − 1")
    yield Fact(
        "clv.holdout.naive_bias", test.naive_bias if test else None, SHARE, "as in the period before / actual − 1"
    )
    yield Fact("clv.holdout.reason", analysis.lifetime.holdout_reason, TEXT, "why there is no test")
