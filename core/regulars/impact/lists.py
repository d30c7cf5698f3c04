"""Customer lists: who to act on, who to look at, who is left alone, and how such customers did without the action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.base.settings import Settings
from regulars.clv.forecast import Rhythm
from regulars.clv.history import History
from regulars.clv.model import Lifetime
from regulars.clv.units import DAYS_A_WEEK
from regulars.impact.assumptions import defaults
from regulars.impact.audiences import audiences
from regulars.impact.lift import held_out
from regulars.segments.form import Former, former_of
from regulars.segments.model import Segmentations, SegmentRole, Segments
from regulars.segments.past import Past, date, months_before
from regulars.summary.model import Summary

Mask = npt.NDArray[np.bool_]
MEASURED = 90  # days in which an order counts as an answer
FEWEST = 30  # customers on the earlier list: fewer say nothing of a share
TOP = (SegmentRole.BEST, SegmentRole.LOYAL)


class ListKind(StrEnum):
    """What a list is for: actions share no customer, views look at all customers again."""

    ACTION = "action"
    VIEW = "view"


VIEWS = ("alerts", "protect", "lookalike_seed", "high_frequency", "lapsed")


@dataclass(frozen=True, eq=False)
class CustomerList:
    """One list: its customers, and how those who would have been on it MEASURED days ago did since.

    `then` and `ordered` are None where the orders do not reach back far enough, or too few were on the list.
    """

    key: str
    kind: ListKind
    members: Mask  # in the order of the customers' frame
    then: int | None = None  # customers on the list MEASURED days ago
    ordered: int | None = None  # of those, with an order since

    @property
    def base(self) -> float | None:
        """Return the share that ordered within MEASURED days, with whatever was done at the time."""
        return None if self.then is None or self.ordered is None else self.ordered / self.then


@dataclass(frozen=True, eq=False)
class CustomerLists:
    """All lists: actions in their order of priority, then views."""

    lists: tuple[CustomerList, ...]
    held_out: Mask
    fell_from: npt.NDArray[np.object_]  # the top segment that a customer left since `alerts_since`, else ""
    became_late: Mask
    scheme: str  # title of the scheme that tells who fell
    alerts_since: dt.date | None  # None: the orders do not reach back that far

    def named(self, key: str) -> CustomerList:
        """Return a list by key."""
        return next(one for one in self.lists if one.key == key)


def customer_lists(
    summary: Summary,
    past: Past,
    segmentations: Segmentations,
    followed: Segments,
    lifetime: Lifetime,
    settings: Settings,
    plan: Collection[str],
) -> CustomerLists:
    """Return the lists as of the window's end. `followed` is the scheme that can be formed as of an earlier day.

    `plan` has the keys of the initiatives that come first in their order of priority.
    """
    form = former_of(followed, settings)
    alerts = _Alerts(summary, past, followed, form, lifetime)
    fell, late, since = alerts.at(past.end)
    frame = summary.customers.frame
    today = _masks(frame, segmentations.lead, settings, plan)
    today["alerts"] = (fell != "") | late
    earlier = past.end - MEASURED
    lists = _listed(today)
    if earlier - past.start >= MEASURED and form is not None:
        known = past.as_of(earlier)
        then = _masks(known, _formed(followed, form, known), settings, plan)
        fell_then, late_then, _ = alerts.at(earlier)
        then["alerts"] = ((fell_then != "") | late_then)[known.index]
        orders = past.between(earlier, past.end)[0][known.index.to_numpy()]
        lists = tuple(_with_base(one, then[one.key], orders) for one in lists)
    return CustomerLists(
        lists,
        held_out(frame["customer"].tolist(), _acted_on(lists, len(frame)), settings.holdout_share, settings.seed),
        fell,
        late,
        followed.title,
        since,
    )


def _acted_on(lists: tuple[CustomerList, ...], customers: int) -> list[str]:
    """Return the key of each customer's list to act on, empty for those in none."""
    keys = np.full(customers, "", dtype=object)
    for one in lists:
        if one.kind is ListKind.ACTION:
            keys[one.members] = one.key
    return [str(key) for key in keys]


def _listed(masks: dict[str, Mask]) -> tuple[CustomerList, ...]:
    return tuple(
        CustomerList(key, ListKind.VIEW if key in VIEWS else ListKind.ACTION, members) for key, members in masks.items()
    )


def _with_base(one: CustomerList, then: Mask, orders: npt.NDArray[np.float64]) -> CustomerList:
    count = int(then.sum())
    return one if count < FEWEST else replace(one, then=count, ordered=int((orders[then] > 0).sum()))


def _masks(frame: pd.DataFrame, segments: Segments, settings: Settings, plan: Collection[str]) -> dict[str, Mask]:
    """Return who is on each list by the customers' frame of a day; alerts, which need two days, are left empty."""
    initiative = audiences(frame, segments, plan).to_numpy()
    roles = segments.labels.map({segment.key: segment.role for segment in segments.definitions})
    masks = {spec["key"]: np.asarray(initiative == spec["key"]) for spec in defaults()["initiative"]}
    often = (frame["year_orders"] > settings.frequent_orders_a_year) | (frame["orders"] >= settings.frequent_orders)
    return masks | {
        "alerts": np.zeros(len(frame), dtype=bool),
        "protect": (roles == SegmentRole.BEST).to_numpy(),
        "lookalike_seed": roles.isin(TOP).to_numpy(),
        "high_frequency": often.to_numpy(),
        "lapsed": (frame["days_since"] > settings.lapsed_days).to_numpy(),
    }


def _formed(segments: Segments, form: Former, frame: pd.DataFrame) -> Segments:
    keys = np.array([segment.key for segment in segments.definitions], dtype=object)
    return replace(segments, labels=pd.Series(keys[form(frame, {})], index=frame.index))


@dataclass(frozen=True, eq=False)
class _Alerts:
    """Who needs a look on a day: left the top segments, or became late, in the month before it."""

    summary: Summary
    past: Past
    segments: Segments
    form: Former | None
    lifetime: Lifetime

    def at(self, day: int) -> tuple[npt.NDArray[np.object_], Mask, dt.date | None]:
        """Return the top segment that each customer left (else ""), who became late, and since when."""
        before = months_before(day, 1)
        nobody = np.full(len(self.summary.customers), "", dtype=object)
        if self.form is None or before < self.past.start:
            return nobody, nobody != "", None
        top = {segment.key: segment.name for segment in self.segments.definitions if segment.role in TOP}
        was, now = self._names(before, top), self._names(day, top)
        late = self._late(day) & ~self._late(before) & (self.past.first <= before)
        return np.where((was != "") & (now == ""), was, ""), late, date(before)

    def _names(self, day: int, top: dict[str, str]) -> npt.NDArray[np.object_]:
        """Return the name of each customer's segment on a day where it is a top one, else ""."""
        names = np.full(len(self.summary.customers), "", dtype=object)
        if self.form is None:
            return names
        frame = self.past.as_of(day)
        if len(frame):
            labels = _formed(self.segments, self.form, frame).labels
            names[frame.index.to_numpy()] = labels.map(top).fillna("").to_numpy()
        return names

    def _late(self, day: int) -> Mask:
        """Tell who was late on a day, by the same rule and the same parameters as today."""
        late = np.zeros(len(self.summary.customers), dtype=bool)
        if self.lifetime.reason is not None:
            return late
        history = History.of(self.summary.customers, self.summary.days)
        standing = history.standing(day - self.past.start)
        model = self.lifetime.purchases
        if model is not None:
            rhythm = Rhythm(model.r, model.alpha * DAYS_A_WEEK)
        else:
            today = history.standing(history.end)
            rhythm = Rhythm(1.0, float(today.age.sum() / today.frequency.sum()))
        late[standing.known] = rhythm.late(standing) == 1
        return late
