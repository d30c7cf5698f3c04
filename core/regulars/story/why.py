"""A why for each customer: one sentence from their own purchase days, the next best action, and its date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.units import COUNT, MONEY, MULTIPLE, WHOLE_SHARE
from regulars.impact.audiences import audiences
from regulars.story.texts import sentences
from regulars.summary.habits import YEAR, habits

DAYS_A_MONTH = 365.25 / 12
SAME = 0.1  # a smaller change from year to year is not worth a word
TIMES = 3.0  # from here on a growth is said as a multiple
GONE = 0.01  # a fall to less than this would be shown as one of 100%
LATE = frozenset({"late", "twice_late"})
PAST = frozenset({"over", "twice_over"})
IN_TIME = frozenset({"on_time", "twice"})
LEFT_ALREADY = frozenset({"win_back", "wake_up", "last_try"})  # their actions speak to the silent as it is

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Part = Callable[[Places], list[str]]


def why(analysis: Analysis) -> pd.DataFrame:
    """Return `why`, `action` and `date` of each customer, in the order of the customers' frame.

    The sentence needs purchase days only; where the lifetime model is withheld, nobody is called late.
    """
    frame = analysis.summary.customers.frame
    habit = habits(analysis.summary.customers, analysis.summary.days)
    kinds = _kinds(frame, _gaps(habit), analysis.lifetime.frame["late"].to_numpy(np.float64))
    initiative = audiences(frame, analysis.segmentations.lead, [one.key for one in analysis.impact.plan])
    return pd.DataFrame(
        {
            "why": _sentences(analysis, habit, kinds),
            "action": _actions(initiative, kinds),
            "date": _dates(analysis, habit, initiative, kinds),
        },
        index=frame.index,
    )


def _gaps(habit: pd.DataFrame) -> Numbers:
    """Return the usual gap in whole days, as it is said."""
    return np.asarray(np.rint(habit["gap"].to_numpy(np.float64)))


def _kinds(frame: pd.DataFrame, gap: Numbers, late: Numbers) -> npt.NDArray[np.str_]:
    """Return which sentence says how each customer buys; `late` is NaN where the lifetime model is withheld."""
    repeats, silence = frame["frequency"].to_numpy(), frame["days_since"].to_numpy()
    with np.errstate(invalid="ignore"):
        past = silence > gap
    past_one, past_more = past & (repeats == 1), past & (repeats > 1)
    return np.select(
        [
            (repeats == 0) & (frame["orders"].to_numpy() == 1),
            repeats == 0,
            past_one & (late == 1),
            past_one & np.isnan(late),
            past_one,
            repeats == 1,
            past_more & (late == 1),
            past_more & np.isnan(late),
            past_more,
        ],
        ["once", "one_day", "twice_late", "twice_untested", "twice_over", "twice", "late", "untested", "over"],
        default="on_time",
    )


def _sentences(analysis: Analysis, habit: pd.DataFrame, kinds: npt.NDArray[np.str_]) -> npt.NDArray[np.object_]:
    templates: Mapping[str, str] = sentences("why")["sentence"]
    parts = _parts(analysis, habit)
    said = np.empty(len(kinds), dtype=object)
    for kind in np.unique(kinds).tolist():
        at = np.flatnonzero(kinds == kind)
        names = re.findall(r"\{(\w+)\}", templates[kind])
        columns = [parts[name](at) for name in names]
        fill = re.sub(r"\{\w+\}", "{}", templates[kind]).format
        said[at] = [fill(*row) for row in zip(*columns, strict=True)]
    return said


def _parts(analysis: Analysis, habit: pd.DataFrame) -> Mapping[str, Part]:
    """Return how each word in braces is said for customers at some places: only what a sentence needs is worked out."""
    words: Mapping[str, str] = sentences("why")["part"]
    frame, currency = analysis.summary.customers.frame, analysis.orders.currency
    gap, silence = _gaps(habit), frame["days_since"].to_numpy(np.float64)
    last = frame["last_day"].to_numpy().astype("datetime64[D]")
    recency, last_year = frame["recency"].to_numpy(), habit["last_year"].to_numpy()
    revenue, orders, before = frame["revenue"].to_numpy(), frame["orders"].to_numpy(), habit["year_before"].to_numpy()

    def days(count: float) -> str:
        return words["day"] if count == 1 else words["days"].format(count=COUNT.show(count))

    def worth(place: int) -> str:
        # Of those who bought for less than a year, all of it is what a part of a year brought.
        if recency[place] < YEAR:
            return words["worth_so_far"].format(money=MONEY.show(float(revenue[place]), currency))
        return words["worth_a_year"].format(money=MONEY.show(float(last_year[place]), currency))

    def trend(place: int) -> str:
        # The same seasons, and only where both years are whole.
        known = recency[place] >= 2 * YEAR and before[place] > 0 and last_year[place] > 0
        return _trend(words, float(last_year[place] / before[place])) if known else ""

    return {
        "orders": lambda at: [COUNT.show(count) for count in orders[at].tolist()],
        "revenue": lambda at: [MONEY.show(money, currency) for money in revenue[at].tolist()],
        "last": lambda at: _iso(last[at]),
        "month": lambda at: _months(last[at]),
        "due": lambda at: _iso(last[at] + gap[at].astype("timedelta64[D]")),
        "gap": lambda at: _each(days, gap[at]),
        "every": lambda at: _each(lambda count: words["every_day"] if count <= 1 else days(count), gap[at]),
        "over": lambda at: _each(days, silence[at] - gap[at]),
        "ago": lambda at: _each(lambda count: words["ago"].format(days=days(count)) if count else "", silence[at]),
        "worth": lambda at: [worth(place) for place in at.tolist()],
        "trend": lambda at: [trend(place) for place in at.tolist()],
    }


def _each(say: Callable[[float], str], values: Numbers) -> list[str]:
    """Say each distinct value once."""
    distinct, at = np.unique(values, return_inverse=True)
    said = [say(value) for value in distinct.tolist()]
    return [said[place] for place in at.tolist()]


def _iso(days: npt.NDArray[np.datetime64]) -> list[str]:
    return list(np.datetime_as_string(days, unit="D").tolist())


def _months(days: npt.NDArray[np.datetime64]) -> list[str]:
    distinct, at = np.unique(days.astype("datetime64[M]"), return_inverse=True)
    said = [f"{month:%b %Y}" for month in distinct.astype("datetime64[D]").tolist()]
    return [said[place] for place in at.tolist()]


def _trend(words: Mapping[str, str], ratio: float) -> str:
    if ratio >= TIMES:
        return words["trend_times"].format(times=MULTIPLE.show(ratio))
    if abs(ratio - 1) < SAME:
        return words["trend_same"]
    if ratio < GONE:
        return words["trend_gone"]
    return words["trend_up" if ratio > 1 else "trend_down"].format(change=WHOLE_SHARE.show(abs(ratio - 1)))


def _actions(initiative: pd.Series, kinds: npt.NDArray[np.str_]) -> pd.Series:
    """Return what to do: by initiative, unless the customer's own days say otherwise."""
    words: Mapping[str, Any] = sentences("why")
    keys = initiative.to_numpy()
    silent = np.isin(kinds, list(LATE)) & ~np.isin(keys, list(LEFT_ALREADY))
    in_time = np.isin(kinds, list(IN_TIME)) & (keys == "win_back")
    past = np.isin(kinds, list(PAST)) & (keys == "win_back")  # by their own days they have not stopped
    planned = initiative.map(words["action"])
    instead = words["instead"]
    return planned.mask(silent, instead["late"]).mask(in_time, instead["in_time"]).mask(past, instead["past"])


def _dates(
    analysis: Analysis, habit: pd.DataFrame, initiative: pd.Series, kinds: npt.NDArray[np.str_]
) -> npt.NDArray[np.datetime64]:
    """Return the day to act: when the initiative starts, or later, when the customer's next order is due.

    The first month starts the day after the window's end, and late customers wait for no other month. A customer
    without a gap of their own has the usual one.
    """
    start = np.datetime64(analysis.summary.customers.window.end, "D") + np.timedelta64(1, "D")
    months = {one.key: one.start_month - 1 for one in analysis.impact.initiatives}
    wait = initiative.map({key: round(month * DAYS_A_MONTH) for key, month in months.items()}).fillna(0)
    late = np.isin(kinds, list(LATE)) & ~np.isin(initiative.to_numpy(), list(LEFT_ALREADY))
    begins = start + np.where(late, 0, wait.to_numpy(np.int64)).astype("timedelta64[D]")
    gap = habit["gap"].fillna(habit["gap"].median()).fillna(0.0).to_numpy(np.float64)
    last = analysis.summary.customers.frame["last_day"].to_numpy().astype("datetime64[D]")
    return np.asarray(np.maximum(begins, last + np.rint(gap).astype("timedelta64[D]")))
