"""The verdict on a scheme: whether its segments differ in what customers do, or are names only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd

from regulars.base.settings import Settings
from regulars.base.units import counted
from regulars.segments.cells import Scored
from regulars.segments.form import Former
from regulars.segments.model import Segments
from regulars.segments.past import Past, date
from regulars.segments.ranks import Codes, Floats, RankTest, holm, midranks, rank_test
from regulars.segments.together import Together, moving_together

LATER = 0.25  # of the window's days are later: what a computed scheme is judged on
SHORTEST, LONGEST = 28, 365  # days of later orders
FEWEST = 100  # customers known when the scheme is formed
FEWEST_LATER = 30  # of them with a later order
FEWEST_EACH = 10  # in at least two segments


class Result(StrEnum):
    """What is found."""

    DIFFER = "differ"
    DO_NOT_DIFFER = "do_not_differ"
    INCONCLUSIVE = "inconclusive"
    TOO_FEW = "too_few"


class Measure(StrEnum):
    """What segments are compared in."""

    FREQUENCY = "frequency"  # orders
    SPEND = "spend"  # revenue
    ORDER_VALUE = "order_value"  # revenue an order, of those who ordered


class Period(StrEnum):
    """Which orders are compared."""

    TO_DATE = "to_date"  # all of them: supplied segments only, for computed ones were cut by them
    LATER = "later"  # after the day on which the scheme was formed


@dataclass(frozen=True)
class Comparison:
    """One measure over one period, tested."""

    measure: Measure
    period: Period
    test: RankTest
    p: float  # corrected for all comparisons of the verdict (Holm)


@dataclass(frozen=True)
class Verdict:
    """The verdict on one scheme. `reason` says why there is none where the result is TOO_FEW, or missing."""

    scheme: str
    title: str
    result: Result | None
    formed: dt.date  # the last day that the segments know of; later orders judge them
    comparisons: tuple[Comparison, ...] = ()
    reason: str | None = None
    together: Together | None = None

    @property
    def strongest(self) -> Comparison | None:
        """Return the comparison of later orders with the largest effect; None where nothing was compared."""
        later = (one for one in self.comparisons if one.period is Period.LATER)
        return max(later, key=lambda one: one.test.effect, default=None)


def formation(past: Past) -> int:
    """Return the day on which computed schemes are formed for judgement: later orders are the last quarter.

    At least SHORTEST and at most LONGEST days are later.
    """
    later = round((past.end - past.start + 1) * LATER)
    return past.end - min(max(later, SHORTEST), LONGEST)


def judge_computed(scheme: Segments, form: Former, later: Later, settings: Settings) -> Verdict:
    """Judge a scheme formed as of `later.day` by the orders after it: it always differs in what it was cut by."""
    if later.reason is None:
        return _judged(scheme, [(Period.LATER, later.ranks, form(later.frame, later.scored))], later, settings)
    return Verdict(scheme.scheme, scheme.title, Result.TOO_FEW, date(later.day), reason=later.reason)


def judge_supplied(given: Segments, past: Past, later: Later, settings: Settings) -> Verdict:
    """Judge segments that came with the data on all orders, and on the later ones of the customers known before."""
    codes = np.asarray(pd.factorize(given.labels, sort=True)[0], dtype=np.int64)
    if later.reason is not None:
        return Verdict(given.scheme, given.title, Result.TOO_FEW, date(later.day), reason=later.reason)
    frame = past.customers
    everything = ranked(frame["orders"].to_numpy(np.float64), frame["revenue"].to_numpy(np.float64))
    periods = [(Period.TO_DATE, everything, codes), (Period.LATER, later.ranks, codes[later.known])]
    return _judged(given, periods, later, settings, moving_together(given, past))


@dataclass(frozen=True, eq=False)
class Later:
    """What customers known at the end of a day did after it; the same for every scheme."""

    day: int
    known: Codes  # places in the customers' frame
    frame: pd.DataFrame  # these customers as of the day
    ranks: dict[Measure, tuple[Codes, Floats]]
    reason: str | None  # why this shop cannot be judged
    scored: Scored = field(default_factory=dict)  # scores that schemes share

    @classmethod
    def of(cls, past: Past) -> Later:
        """Look back to the day of formation, and at what came after it."""
        day = formation(past)
        frame = past.as_of(day)
        known = frame.index.to_numpy(np.int64)
        orders, money = (values[known] for values in past.between(day, past.end))
        reason, came = None, int(np.count_nonzero(orders))
        if len(known) < FEWEST:
            reason = f"{counted(len(known), 'customer was', 'customers were')} known on {date(day)}, and a verdict needs {FEWEST}"
        elif came < FEWEST_LATER:
            reason = f"{counted(came, 'customer')} ordered after {date(day)}, and a verdict needs {FEWEST_LATER}"
        return cls(day, known, frame, {} if reason else ranked(orders, money), reason)


def ranked(orders: Floats, money: Floats) -> dict[Measure, tuple[Codes, Floats]]:
    """Return places and ranks for each measure; order value ranks those with an order only."""
    everyone, buyers = np.arange(len(orders)), np.flatnonzero(orders)
    # Sums of cents differ in the last bit; equal customers must not.
    return {
        Measure.FREQUENCY: (everyone, midranks(orders)),
        Measure.SPEND: (everyone, midranks(np.round(money, 4))),
        Measure.ORDER_VALUE: (buyers, midranks(np.round(money[buyers] / orders[buyers], 4))),
    }


def _judged(
    scheme: Segments,
    periods: Sequence[tuple[Period, dict[Measure, tuple[Codes, Floats]], Codes]],
    later: Later,
    settings: Settings,
    together: Together | None = None,
) -> Verdict:
    formed = date(later.day)
    if min(int(np.count_nonzero(np.bincount(codes) >= FEWEST_EACH)) for _, _, codes in periods) < 2:
        reason = f"fewer than two segments hold {FEWEST_EACH} customers or more"
        return Verdict(scheme.scheme, scheme.title, Result.TOO_FEW, formed, reason=reason)
    comparisons = tuple(one for period, ranks, codes in periods for one in _compared(period, ranks, codes, settings))
    result = _result(comparisons, len(periods), settings)
    alike = "all customers did the same" if result is Result.TOO_FEW else None
    return Verdict(scheme.scheme, scheme.title, result, formed, comparisons, alike, together)


def _compared(
    period: Period, ranks: dict[Measure, tuple[Codes, Floats]], codes: Codes, settings: Settings
) -> Iterator[Comparison]:
    tested = {
        measure: rank_test(values, codes[places], settings.verdict_p, settings.verdict_effect, settings.seed)
        for measure, (places, values) in ranks.items()
    }
    found = {measure: test for measure, test in tested.items() if test is not None}
    for (measure, test), p in zip(found.items(), holm([test.p for test in found.values()]), strict=True):
        yield Comparison(measure, period, test, p)


def _result(comparisons: Sequence[Comparison], periods: int, settings: Settings) -> Result:
    if not comparisons:
        return Result.TOO_FEW
    apart = [
        {one.measure for one in comparisons if one.period is period and differs(one, settings)} for period in Period
    ]
    # What came with the data must show the same difference twice: names given for past spend prove nothing by it.
    if apart[1] and (periods == 1 or apart[0] & apart[1]):
        return Result.DIFFER
    # The whole range must lie below: a large shop that shows nothing, not a small one that cannot show it.
    if all(one.test.high < settings.verdict_effect for one in comparisons):
        return Result.DO_NOT_DIFFER
    return Result.INCONCLUSIVE


def differs(one: Comparison, settings: Settings) -> bool:
    """Tell whether a comparison shows a difference that is both certain and large enough to matter."""
    return one.p < settings.verdict_p and one.test.effect >= settings.verdict_effect
