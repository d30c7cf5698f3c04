"""Facts about lifetime value: the fitted parameters, the totals, and how the model did in its test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, DAYS, MONEY, NUMBER, PARAMETER, SHARE, TEXT
from regulars.clv.baselines import NAMES
from regulars.clv.engine import MODELS
from regulars.clv.ranges import MEANING

MAE = "mean absolute error of a customer's purchase days in the test"
RMSE = "root mean square error of a customer's purchase days in the test"
GINI = "normalised Gini of the ranking in the test: 1 as it turned out, 0 by chance"
TOP_DECILE = "share of the test's purchases made by the tenth of customers ranked highest"


def lifetime_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the model, its parameters and its results; null with a reason where the model is withheld."""
    lifetime, margin = analysis.lifetime, analysis.impact.margin
    shown = lifetime.reason is None
    months = lifetime.horizon_months
    yield Fact("clv.model", lifetime.name, TEXT, lifetime.how)
    yield Fact("clv.reason", lifetime.reason, TEXT, "why the forecast is withheld")
    yield Fact("clv.horizon_months", months, COUNT, "months of 365.25/12 days after the window's end")
    for name in ("r", "alpha", "a", "b", "log_likelihood"):
        value = getattr(lifetime.purchases, name) if lifetime.purchases else None
        yield Fact(f"clv.bgnbd.{name}", value, PARAMETER, "BG/NBD, Fader, Hardie & Lee (2005); time in weeks")
        if name != "log_likelihood":
            error = lifetime.purchases_errors.get(name)
            yield Fact(f"clv.bgnbd.{name}_se", error, PARAMETER, "standard error, from the observed information")
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
    yield from _range_facts(analysis)
    yield from _segment_facts(analysis)
    yield from _evidence_facts(analysis)
    yield from _holdout_facts(analysis)


def _range_facts(analysis: Analysis) -> Iterator[Fact]:
    lifetime, frame = analysis.lifetime, analysis.lifetime.frame
    low, high = lifetime.total_range() or (None, None)
    shown = lifetime.reason is None
    yield Fact(
        "clv.total_low", low, MONEY, "one case in ten is expected below: chance, parameters, and the test's error"
    )
    yield Fact(
        "clv.total_high", high, MONEY, "one case in ten is expected above: chance, parameters, and the test's error"
    )
    yield Fact("clv.range_meaning", MEANING if shown else None, TEXT, "what the range covers")
    late = int(frame["late"].sum()) if shown else None
    yield Fact("clv.late", late, COUNT, "repeat customers, silent for longer than nine in ten of their own gaps")


def _segment_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the range of each segment of the lead scheme, and what acquiring such a customer may cost at most."""
    lead, lifetime, margin = analysis.segmentations.lead, analysis.lifetime, analysis.impact.margin
    ranges = lifetime.segment_ranges(lead.labels)
    means = lifetime.frame["clv"].groupby(lead.labels.to_numpy()).mean().to_dict() if ranges else {}
    for segment in lead.definitions:
        key, (low, high) = f"segments.{lead.scheme}.{segment.key}", ranges.get(segment.key, (None, None))
        each = means.get(segment.key)
        yield Fact(f"{key}.clv_low", low, MONEY, f"{segment.name}: one case in ten is expected below")
        yield Fact(f"{key}.clv_high", high, MONEY, f"{segment.name}: one case in ten is expected above")
        yield Fact(
            f"{key}.cac_ceiling",
            float(each) * margin if each is not None else None,
            MONEY,
            f"{segment.name}: expected revenue of a customer in the horizon × margin; acquiring one more such customer "
            "pays within the horizon up to this cost",
        )


def _evidence_facts(analysis: Analysis) -> Iterator[Fact]:
    lifetime, test = analysis.lifetime, analysis.lifetime.holdout
    yield Fact("clv.verdict", lifetime.verdict or None, TEXT, "what the test on held-out orders says")
    yield Fact("clv.chosen_by", lifetime.chosen_by or None, TEXT, "why this forecast is used")
    yield Fact("clv.gate", str(lifetime.gate), TEXT, "accepted, flagged (the cautions say why) or refused")
    for parameter in lifetime.parameters:
        how = f"{lifetime.name}; time in weeks"
        yield Fact(f"clv.parameters.{parameter.name}", parameter.value, PARAMETER, how)
        yield Fact(f"clv.parameters.{parameter.name}_se", parameter.standard_error, PARAMETER, "standard error")
    scores = {one.key: one for one in test.scores} if test else {}
    for key, name in (MODELS | NAMES).items():
        one = scores.get(key)
        yield Fact(f"clv.candidates.{key}.bias", one.bias if one else None, SHARE, f"{name}: predicted / actual − 1")
        yield Fact(f"clv.candidates.{key}.mae", one.mae if one else None, NUMBER, f"{name}: {MAE}")
        yield Fact(f"clv.candidates.{key}.rmse", one.rmse if one else None, NUMBER, f"{name}: {RMSE}")
        yield Fact(f"clv.candidates.{key}.gini", one.gini if one else None, NUMBER, f"{name}: {GINI}")
        yield Fact(f"clv.candidates.{key}.top_decile", one.top_decile if one else None, SHARE, f"{name}: {TOP_DECILE}")


def _holdout_facts(analysis: Analysis) -> Iterator[Fact]:
    test = analysis.lifetime.holdout
    how = "orders up to the split day were fitted, later ones predicted"
    yield Fact("clv.holdout.split", test.split_day if test else None, DATE, how)
    yield Fact(
        "clv.holdout.days", test.days if test else None, DAYS, "length of the test: the last quarter of the window"
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
    chosen = test.chosen if test else None
    yield Fact("clv.holdout.customers", test.customers if test else None, COUNT, "customers known at the split")
    yield Fact("clv.holdout.excluded", test.excluded if test else None, COUNT, "customers who came later; not tested")
    yield Fact("clv.holdout.mae", chosen.mae if chosen else None, NUMBER, MAE)
    yield Fact("clv.holdout.rmse", chosen.rmse if chosen else None, NUMBER, RMSE)
    yield Fact("clv.holdout.gini", chosen.gini if chosen else None, NUMBER, GINI)
    yield Fact("clv.holdout.top_decile", chosen.top_decile if chosen else None, SHARE, TOP_DECILE)
    yield Fact("clv.holdout.low", test.low if test else None, COUNT, "one case in ten was expected below")
    yield Fact("clv.holdout.high", test.high if test else None, COUNT, "one case in ten was expected above")
    spend = test.spend_bias if test else None
    yield Fact(
        "clv.holdout.spend_bias", spend, SHARE, "predicted / actual revenue of the test − 1, where days say money"
    )
    yield Fact("clv.holdout.reason", analysis.lifetime.holdout_reason, TEXT, "why there is no test")
