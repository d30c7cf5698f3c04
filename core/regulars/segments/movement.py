"""Movement: where today's customers stood some time ago by the same scheme, beside what chance alone would move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from regulars.base.settings import Settings
from regulars.base.units import counted
from regulars.segments.cells import Scored
from regulars.segments.churn import Churn, churn_of
from regulars.segments.form import Former, codes_of
from regulars.segments.model import Segment, SegmentRole, Segments
from regulars.segments.past import Amounts, Counts, Past, date, months_before
from regulars.segments.ranks import Codes

TOP = frozenset({SegmentRole.BEST, SegmentRole.LOYAL})
NOT_YET = -1  # no customer at the time
NOT_YET_KEY, NOT_YET_NAME = "not_yet_customer", "Not yet a customer"
FEWEST = 30  # customers at the time
ENOUGH_DAYS = 90  # of orders before it; as many as the step has, where that is less
MOST_DRAWS = 5  # shops in which nobody changes
ENOUGH_DRAWN = 10_000  # customers in them all together: then chance is known to about one in a hundred


@dataclass(frozen=True)
class Step:
    """How far to look back."""

    key: str
    months: int
    words: str


STEPS = (Step("month", 1, "a month"), Step("quarter", 3, "a quarter"), Step("year", 12, "a year"))


@dataclass(frozen=True, eq=False)
class Crossing:
    """Customers by segment then (rows; the last one for those who had not come yet) and now (columns).

    `money` is the revenue to date of these customers.
    """

    scheme: str
    title: str
    step: Step
    since: dt.date
    until: dt.date
    definitions: tuple[Segment, ...]
    customers: Counts  # (segments + 1, segments)
    money: Amounts

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the rows."""
        return (*(segment.key for segment in self.definitions), NOT_YET_KEY)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the rows."""
        return (*(segment.name for segment in self.definitions), NOT_YET_NAME)


@dataclass(frozen=True, eq=False)
class Movement(Crossing):
    """The crossing of the scheme that is followed, beside chance, and with who moved.

    `expected` says where those of each row would stand in a shop in which nobody changes: every customer's repeat
    orders fall anew at even chances between the first order and today (see Past.redrawn), and the shares of each row of
    that shop are taken of the customers of this one.
    """

    expected: Amounts
    before: Codes  # each customer's segment then, NOT_YET where there was none
    after: Codes
    spent_before: Amounts  # revenue in as many days before `since` as lie after it
    spent_since: Amounts

    def __post_init__(self) -> None:
        """Check that nobody is lost on the way."""
        if int(self.customers.sum()) != len(self.after):
            raise AssertionError("the movement does not hold every customer once")

    @property
    def known(self) -> int:
        """Return how many were customers then."""
        return int(self.customers[:-1].sum())

    def moved(self, *, expected: bool = False) -> float:
        """Return how many of those stand in another segment now, or would by chance."""
        matrix = (self.expected if expected else self.customers)[:-1]
        return float(matrix.sum() - np.trace(matrix))

    @property
    def top(self) -> npt.NDArray[np.bool_]:
        """Tell which segments are the top: the best and the loyal ones."""
        return np.array([segment.role in TOP for segment in self.definitions])

    def left_top(self, *, expected: bool = False) -> float:
        """Return how many were in the top then and are not now, or would be by chance."""
        matrix = self.expected if expected else self.customers
        return float(matrix[:-1][np.ix_(self.top, ~self.top)].sum())

    def reached_top(self, *, expected: bool = False) -> float:
        """Return how many were customers outside the top then and are in it now, or would be by chance."""
        matrix = self.expected if expected else self.customers
        return float(matrix[:-1][np.ix_(~self.top, self.top)].sum())

    def fallers(self) -> Counts:
        """Return the places of those who left the top, the most spent before first."""
        was, now = self._in_top()
        found = np.flatnonzero(was & ~now)
        return found[np.lexsort((found, -self.spent_before[found]))]

    def risers(self) -> Counts:
        """Return the places of those who reached the top, the most spent since first; new customers are not risers."""
        was, now = self._in_top()
        found = np.flatnonzero((self.before != NOT_YET) & ~was & now)
        return found[np.lexsort((found, -self.spent_since[found]))]

    def _in_top(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        top = np.append(self.top, [False])  # NOT_YET is the last place
        return top[self.before], top[self.after]


@dataclass(frozen=True, eq=False)
class Movements:
    """The movement of one scheme over each step, why a step is missing, and churn by month."""

    scheme: str
    title: str
    steps: tuple[Movement, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)  # step to reason
    instead_of: str | None = None  # why this scheme is followed and not the lead
    churn: Churn | None = None

    @property
    def main(self) -> Movement | None:
        """Return the quarter, else the longest step there is."""
        return next((one for one in self.steps if one.step.key == "quarter"), self.steps[-1] if self.steps else None)


def movements_of(
    segments: Segments, form: Former, past: Past, settings: Settings, instead_of: str | None = None
) -> Movements:
    """Follow a scheme: form it as of a month, a quarter and a year ago from the same orders."""
    days, missing = _days(past)
    after, count = codes_of(segments), len(segments.definitions)
    then = {step: _stood(form, past, day) for step, day in days.items()}
    expected = _by_chance(form, past, days, count, settings)
    revenue = past.between(past.start - 1, past.end)[1]
    customers = {step: _matrix(then[step], after, count) for step in days}
    steps = tuple(
        Movement(
            segments.scheme,
            segments.title,
            step,
            date(day),
            date(past.end),
            segments.definitions,
            customers[step].astype(np.int64),
            np.round(_matrix(then[step], after, count, revenue), 4),
            _as_shares(expected[step], customers[step]),
            then[step],
            after,
            past.between(2 * day - past.end, day)[1],
            past.between(day, past.end)[1],
        )
        for step, day in days.items()
    )
    return Movements(
        segments.scheme,
        segments.title,
        steps,
        missing,
        instead_of,
        churn_of(segments, form, past, settings.lapsed_days),
    )


def crossings_of(schemes: Sequence[tuple[Segments, Former]], past: Past) -> tuple[Crossing, ...]:
    """Return the crossings of several schemes over every step there is: without chance, which costs the most."""
    revenue = past.between(past.start - 1, past.end)[1]
    after = [codes_of(segments) for segments, _ in schemes]
    found = []
    for step, day in _days(past)[0].items():
        frame = past.as_of(day)
        scored: Scored = {}
        for (segments, form), now in zip(schemes, after, strict=True):
            then = np.full(len(past.customers), NOT_YET, dtype=np.int64)
            then[frame.index.to_numpy()] = form(frame, scored)
            count = len(segments.definitions)
            found.append(
                Crossing(
                    segments.scheme,
                    segments.title,
                    step,
                    date(day),
                    date(past.end),
                    segments.definitions,
                    _matrix(then, now, count).astype(np.int64),
                    np.round(_matrix(then, now, count, revenue), 4),
                )
            )
    return tuple(found)


def _days(past: Past) -> tuple[dict[Step, int], dict[str, str]]:
    """Return the day of each step that the orders reach back to, and why the others are missing."""
    days, missing = {}, {}
    for step in STEPS:
        day = months_before(past.end, step.months)
        reason = _too_early(step, day, past)
        if reason is None:
            days[step] = day
        else:
            missing[step.key] = reason
    return days, missing


def _too_early(step: Step, day: int, past: Past) -> str | None:
    enough = min(past.end - day, ENOUGH_DAYS)
    if day - past.start + 1 < enough:
        return f"the orders begin {counted(max(day - past.start + 1, 0), 'day')} before {date(day)}, and {step.words} needs {enough}"
    known = int(np.count_nonzero(past.first <= day))
    if known < FEWEST:
        return f"{counted(known, 'customer')} had come by {date(day)}, and a movement needs {FEWEST}"
    return None


def _stood(form: Former, past: Past, day: int) -> Codes:
    """Return each customer's segment at the end of a day, NOT_YET for those who came later."""
    frame = past.as_of(day)
    codes = np.full(len(past.customers), NOT_YET, dtype=np.int64)
    codes[frame.index.to_numpy()] = form(frame, {})
    return codes


def _by_chance(
    form: Former, past: Past, days: Mapping[Step, int], count: int, settings: Settings
) -> dict[Step, Amounts]:
    found = {step: np.zeros((count + 1, count)) for step in days}
    if not days:
        return found
    draws = min(max(ENOUGH_DRAWN // len(past.customers), 1), MOST_DRAWS)
    for number in range(draws):
        drawn = past.redrawn(np.random.default_rng([settings.seed, number]))
        after = _stood(form, drawn, drawn.end)
        for step, day in days.items():
            found[step] += _matrix(_stood(form, drawn, day), after, count) / draws
    return found


def _as_shares(drawn: Amounts, customers: Amounts) -> Amounts:
    """Return the drawn rows as shares of the customers of each row; a row that was never drawn stays as it is."""
    held = drawn.sum(axis=1, keepdims=True)
    shares = np.divide(drawn, held, out=np.zeros_like(drawn), where=held > 0)
    return np.where(held > 0, shares * customers.sum(axis=1, keepdims=True), customers)


def _matrix(before: Codes, after: Codes, count: int, weights: Amounts | None = None) -> Amounts:
    cell = np.where(before == NOT_YET, count, before) * count + after
    return np.bincount(cell, weights, (count + 1) * count).reshape(count + 1, count).astype(np.float64)
