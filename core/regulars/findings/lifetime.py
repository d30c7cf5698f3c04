"""Facts about lifetime value: the fitted parameters, the totals, and how the model did in its test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, DAYS, MONEY, NUMBER, PARAMETER, SHARE, TEXT, counted
from regulars.clv.baselines import NAMES
from regulars.clv.engine import MODELS
from regulars.clv.model import Holdout
from regulars.clv.ranges import MEANING

MOST_WEEKS = 26  # told one by one
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
    how = f"expected revenue of today's customers in the next {counted(months, 'month')}, discounted at {lifetime.discount_rate:.0%} a year"
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
    top = _tenth(len(clv))
    yield Fact(
        "clv.top_10_share",
        _share_of_the_best(clv) if shown else None,
        SHARE,
        f"expected revenue of the {counted(top, 'customer')} (10%) who are expected to bring most / all",
    )
    yield from _one_time_facts(analysis)
    orders = float(lifetime.frame["expected_orders"].sum()) if shown else None
    yield Fact("clv.expected_orders", orders, COUNT, "expected purchase days in the horizon")
    yield from _range_facts(analysis)
    yield from _segment_facts(analysis)
    yield from _evidence_facts(analysis)
    yield from _course_facts(analysis)
    yield from _holdout_facts(analysis)


def _one_time_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield what customers with one purchase day are taken to spend, beside what they spent."""
    customers, lifetime = analysis.summary.customers.frame, analysis.lifetime
    once = (customers["frequency"] == 0).to_numpy()
    known = bool(once.any())
    spend = lifetime.frame["expected_spend"].to_numpy(float)[once]
    yield Fact("clv.one_time_customers", int(once.sum()), COUNT, "customers with one purchase day")
    yield Fact(
        "clv.one_time_first",
        float(customers["revenue"].to_numpy(float)[once].mean()) if known else None,
        MONEY,
        "mean revenue of that day; no part of the spend model",
    )
    yield Fact(
        "clv.one_time_spend",
        float(spend.mean()) if known and lifetime.reason is None else None,
        MONEY,
        "what a later purchase day of theirs is taken to bring: the mean of all customers",
    )


def _tenth(customers: int) -> int:
    return -(-customers // 10)


def _share_of_the_best(clv: npt.NDArray[np.float64]) -> float | None:
    """Return the share of expected revenue that the best tenth of customers brings; None where nothing is expected."""
    total = float(clv.sum())
    return float(np.sort(clv)[::-1][: _tenth(len(clv))].sum()) / total if total > 0 else None


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
    total = float(lifetime.frame["clv"].sum()) if shown else 0.0
    wide = max(total - low, high - total) / total if low is not None and high is not None and total > 0 else None
    yield Fact("clv.range_width", wide, SHARE, "the farther end of the 80% range from the total / the total")
    yield Fact("clv.range_meaning", MEANING if shown else None, TEXT, "what the range covers")
    tested = lifetime.holdout.misses if lifetime.holdout else ()
    yield Fact(
        "clv.range_error",
        lifetime.uncertainty.error if lifetime.uncertainty else None,
        SHARE,
        "standard deviation common to all customers by which ranges are widened: root mean square miss of the held-out "
        "quarters beyond what was stated, times Student's t for so few; 0 where all lay in their ranges",
    )
    yield Fact("clv.range_tests", len(tested) if shown else None, COUNT, "held-out quarters behind that")
    yield Fact(
        "clv.range_tests_outside",
        sum(not one.inside for one in tested) if shown else None,
        COUNT,
        "held-out quarters whose total lay outside its 80% range",
    )
    late = int(frame["late"].sum()) if shown else None
    yield Fact("clv.late", late, COUNT, "repeat customers, silent for longer than nine in ten of their own gaps")


def _segment_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the range of each segment of the lead scheme, and what acquiring such a customer may cost at most."""
    lead, lifetime, margin = analysis.segmentations.lead, analysis.lifetime, analysis.impact.margin
    ranges = lifetime.segment_ranges(lead.labels)
    parts = {str(name): part.to_numpy(float) for name, part in lifetime.frame["clv"].groupby(lead.labels.to_numpy())}
    for segment in lead.definitions:
        key, (low, high) = f"segments.{lead.scheme}.{segment.key}", ranges.get(segment.key, (None, None))
        clv = parts.get(segment.key) if ranges else None
        yield Fact(f"{key}.clv_low", low, MONEY, f"{segment.name}: one case in ten is expected below")
        yield Fact(f"{key}.clv_high", high, MONEY, f"{segment.name}: one case in ten is expected above")
        half = f"{segment.name}: half of its customers are expected to bring less"
        yield Fact(f"{key}.clv_median", None if clv is None else float(np.median(clv)), MONEY, half)
        best = f"{segment.name}: expected revenue of the best tenth of its customers / all of it"
        yield Fact(f"{key}.clv_top_10_share", None if clv is None else _share_of_the_best(clv), SHARE, best)
        yield Fact(
            f"{key}.cac_ceiling",
            None if clv is None else float(clv.mean()) * margin,
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


def _course_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the course of the test: purchase days by week, and by repeat purchase days before it."""
    test = analysis.lifetime.holdout
    if test is None:
        return
    for week, actual, expected in tracking_points(test):
        how = f"repeat purchase days up to week {week}"
        yield Fact(f"clv.tracking.week_{week}.actual", actual, COUNT, how)
        yield Fact(f"clv.tracking.week_{week}.expected", expected, COUNT, f"expected {how}")
    for number, one in enumerate(test.classes):
        how = f"purchase days in the test a customer with {one.label} repeat purchase days before"
        yield Fact(f"clv.classes.{number}.actual", one.actual, NUMBER, how)
        yield Fact(f"clv.classes.{number}.expected", one.expected, NUMBER, f"expected {how}")


def tracking_points(holdout: Holdout, most: int = MOST_WEEKS) -> list[tuple[int, float, float]]:
    """Return week, actual and expected repeat purchase days, every so many weeks and at the end of the window."""
    track = holdout.tracking
    points = list(zip(track.weeks, track.actual, track.expected, strict=True))
    step = -(-len(points) // most)
    return points[::-1][::step][::-1]


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
