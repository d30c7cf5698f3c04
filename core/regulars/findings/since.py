"""Facts about an earlier forecast: what was expected then, and what came since."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, MONEY, SHARE, TEXT, counted
from regulars.hindsight import Comparison, Promise


def since_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield them where the run follows an earlier result; every key then exists, without a value where none is known."""
    hindsight = analysis.hindsight
    if hindsight is None:
        return
    promise, found = hindsight.promise, hindsight.found
    yield Fact("since.end", promise.end, DATE, "last day of the earlier result")
    yield Fact(
        "since.recorded",
        promise.total,
        MONEY,
        f"expected in {counted(promise.months, 'month')}, as the earlier result says",
    )
    yield Fact("since.reason", hindsight.reason, TEXT, "why nothing can be compared")
    if found is not None:
        yield from _comparison_facts(found, promise)


def _comparison_facts(found: Comparison, promise: Promise) -> Iterator[Fact]:
    frame = found.frame
    expected, actual = float(frame["expected"].sum()), _sum(frame["actual"])
    yield Fact("since.until", found.until, DATE, f"{counted(found.months, 'month')} after the earlier result")
    yield Fact("since.months", found.months, COUNT, "whole months that have passed, at most the horizon of then")
    yield Fact("since.customers", len(frame), COUNT, f"customers known on {promise.end}")
    yield Fact("since.came", int(frame["came"].sum()), COUNT, "of them, those who ordered since")
    yield Fact("since.expected", expected, MONEY, f"forecast of the orders up to {promise.end}, not discounted")
    yield Fact("since.low", found.low, MONEY, "one case in ten was expected below")
    yield Fact("since.high", found.high, MONEY, "one case in ten was expected above")
    yield Fact("since.actual", actual, MONEY, f"revenue of these customers up to {found.until}")
    bias = expected / actual - 1 if actual > 0 else None
    yield Fact("since.bias", bias, SHARE, "expected / actual − 1")
    change = actual / expected - 1 if expected > 0 else None
    yield Fact("since.change", change, SHARE, "actual / expected − 1")
    yield Fact(
        "since.again",
        found.again,
        MONEY,
        f"what these orders up to {promise.end} give for {counted(promise.months, 'month')}",
    )
    for segment in found.segments.definitions:
        rows = frame[frame["segment"] == segment.key]
        key = f"since.segments.{segment.key}"
        yield Fact(f"{key}.customers", len(rows), COUNT, f"customers of {segment.name} on {promise.end}")
        yield Fact(f"{key}.came", int(rows["came"].sum()), COUNT, "of them, those who ordered since")
        yield Fact(f"{key}.expected", float(rows["expected"].sum()), MONEY, "their share of the forecast")
        yield Fact(f"{key}.actual", _sum(rows["actual"]), MONEY, "their revenue since")


def _sum(money: pd.Series) -> float:
    return round(float(money.sum()), 4)  # whole ten-thousandths, also after adding up
