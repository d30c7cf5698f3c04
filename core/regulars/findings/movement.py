"""Facts about movement: who stands elsewhere than some time ago, what chance alone would move, and churn by month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, MONEY, SHARE, TEXT
from regulars.segments.churn import FEWEST, Churn
from regulars.segments.movement import Crossing, Movement

NOTHING = "nothing to compare with"
CHANCE = "as many as would if every customer kept one rate: repeat orders redrawn at even chances"


def movement_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the main movement in words' reach, every cell of each matrix, and churn by segment and month."""
    movements = analysis.movements
    main = movements.main
    whole = analysis.summary.months.last_is_complete
    yield Fact(
        "trend.last_month_complete", "yes" if whole else "no", TEXT,
        "whether the window ends on the last day of a month; an incomplete month is compared with nothing",
    )  # fmt: skip
    yield Fact("movement.scheme", movements.scheme, TEXT, "the scheme that is followed")
    yield Fact("movement.step", main.step.words if main else None, TEXT, "how far the main movement looks back")
    yield Fact("movement.since", main.since if main else None, DATE, "the day it looks back to, at its end")
    said = None
    if movements.instead_of is not None:
        lead = analysis.segmentations.lead
        said = f"{movements.title} ({movements.scheme}) instead of {lead.title} ({lead.scheme}): {movements.instead_of}"
    yield Fact(
        "movement.instead_of", said, TEXT, "whose movement is shown where the lead scheme cannot be followed, and why"
    )
    yield Fact("movement.reason", _reason(analysis), TEXT, "why a step, or the lead scheme, is not followed")
    yield from _headline("movement", main)
    yield from _by_segment(main)
    for one in movements.steps:
        if one is not main:
            yield from _headline(f"movement.{one.step.key}", one)
        key = f"movement.{one.scheme}" if one is main else f"movement.{one.scheme}.{one.step.key}"
        yield from _matrix(key, one, every=one is main)
    for crossing in analysis.crossings:
        key = f"movement.{crossing.scheme}"
        yield from _matrix(key if _is_main(crossing, main) else f"{key}.{crossing.step.key}", crossing, every=False)
    for scheme, reason in analysis.not_followed.items():
        yield Fact(f"movement.{scheme}.reason", reason, TEXT, "why it is not followed")
    if movements.churn is not None:
        yield from _churn(f"churn.{movements.scheme}", movements.churn)


def _is_main(one: Crossing, main: Movement | None) -> bool:
    return main is not None and one.step == main.step


def _reason(analysis: Analysis) -> str | None:
    said = [analysis.movements.instead_of, *analysis.movements.missing.values()]
    return "; ".join(reason for reason in said if reason) or None


def _headline(key: str, one: Movement | None) -> Iterator[Fact]:
    """Yield counts of the movement as a whole; nulls where there is none."""
    known = one.known if one else None
    yield Fact(f"{key}.known", known, COUNT, f"customers on {one.since}" if one else NOTHING)
    came = int(one.customers[-1].sum()) if one else None
    yield Fact(f"{key}.came", came, COUNT, "customers who came since")
    figures = (
        ("moved", "customers of then in another segment now", Movement.moved),
        ("left_top", "customers of the best or loyal segments then who are in neither now", Movement.left_top),
        ("reached_top", "customers of other segments then who are in the best or loyal ones now", Movement.reached_top),
    )
    for name, how, count in figures:
        yield Fact(f"{key}.{name}", int(count(one)) if one else None, COUNT, how)
        chance = round(count(one, expected=True)) if one else None
        yield Fact(f"{key}.{name}_by_chance", chance, COUNT, f"{CHANCE} ({how})")
    for name, by_chance in (("moved_share", False), ("moved_by_chance_share", True)):
        value = one.moved(expected=by_chance) / one.known if one else None
        how = f"those who moved{' by chance' if by_chance else ''} / customers of then"
        yield Fact(f"{key}.{name}", value, SHARE, how)
    for name, places in (("fallers", one.fallers() if one else None), ("risers", one.risers() if one else None)):
        for period, how in (("before", "what they spent in as many days before"), ("since", "what they spent since")):
            value = float(np.round(getattr(one, f"spent_{period}")[places].sum(), 4)) if one else None
            yield Fact(f"{key}.{name}_{period}", value, MONEY, how)


def _by_segment(main: Movement | None) -> Iterator[Fact]:
    """Yield who stayed, went and came by segment of the main movement, and those who stayed in all; none without one."""
    known = main.known if main else None
    for name, by_chance in (("stayed", False), ("stayed_by_chance", True)):
        value = None if main is None or known is None else round(known - main.moved(expected=by_chance))
        yield Fact(
            f"movement.{name}", value, COUNT, f"customers of then in the same segment now{', by chance' * by_chance}"
        )
    if main is None:
        return
    yield Fact("movement.now", len(main.after), COUNT, f"customers on {main.until}")
    for place, segment in enumerate(main.definitions):
        then, now = int(main.customers[place].sum()), int(main.customers[:, place].sum())
        stayed, new = int(main.customers[place, place]), int(main.customers[-1, place])
        for name, value, how in (
            ("then", then, f"on {main.since}"),
            ("stayed", stayed, "then and now"),
            ("stayed_by_chance", round(float(main.expected[place, place])), f"then and now; {CHANCE}"),
            ("went", then - stayed, "then, elsewhere now"),
            ("came", now - stayed - new, "now, elsewhere then"),
            ("new", new, "now, not yet a customer then"),
            ("now", now, f"on {main.until}"),
        ):
            yield Fact(f"movement.segment.{segment.key}.{name}", value, COUNT, f"customers in {segment.name} {how}")


def _matrix(key: str, one: Crossing, *, every: bool) -> Iterator[Fact]:
    """Yield the cells, all of them or those with customers: then, now."""
    for row, (then, was) in enumerate(zip(one.keys, one.names, strict=True)):
        for column, now in enumerate(one.definitions):
            count = int(one.customers[row, column])
            if count or every:
                pair = f"{key}.{then}.{now.key}"
                how = f"{was} on {one.since}, {now.name} on {one.until}"
                yield Fact(f"{pair}.customers", count, COUNT, how)
                yield Fact(f"{pair}.revenue", float(one.money[row, column]), MONEY, f"revenue to date: {how}")


def _churn(key: str, churn: Churn) -> Iterator[Fact]:
    rates = churn.rates
    for row, segment in enumerate(churn.definitions):
        for column, month in enumerate(churn.months):
            at, present = f"{key}.{segment.key}.{month}", int(churn.present[row, column])
            how = f"{segment.name} when {month:%b %Y} began, with an order within {churn.lapsed_days} days"
            yield Fact(f"{at}.customers", present, COUNT, how)
            rate = float(rates[row, column])
            yield Fact(
                f"{at}.churn", None if np.isnan(rate) else rate, SHARE,
                f"lapsed by its end / {how}; none where fewer than {FEWEST} of them could have lapsed in the month",
            )  # fmt: skip
