"""Findings about customer lists: their size, who is left alone, and the smallest lift that they can show."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, MONEY, SHARE
from regulars.impact.lift import ALPHA, POWER, smallest_lift
from regulars.impact.lists import MEASURED, ListKind

UNMEASURED = frozenset({"lookalike_seed"})  # seeds are shown to an advertiser; nobody on the list is contacted


def list_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the figures of every list, and when alerts look back to."""
    lists, revenue = analysis.lists, analysis.summary.customers.frame["revenue"].to_numpy(float)
    for one in lists.lists:
        key, count = f"lists.{one.key}", int(one.members.sum())
        held = int((one.members & lists.held_out).sum())
        yield Fact(f"{key}.customers", count, COUNT, "customers on the list")
        yield Fact(f"{key}.revenue", float(revenue[one.members].round(4).sum()), MONEY, "their revenue to date")
        yield Fact(f"{key}.treat", count - held, COUNT, "of those, to treat")
        yield Fact(
            f"{key}.hold_out", held, COUNT,
            f"of those, left alone: {SHARE.show(analysis.settings.holdout_share)} of each list to act on, drawn by seed and "
            "customer; a list to look at has those that come with it",
        )  # fmt: skip
        yield Fact(
            f"{key}.base_rate", one.base, SHARE,
            f"ordered within {MEASURED} days, of those who would have been on the list {MEASURED} days ago",
        )  # fmt: skip
        measured = one.key not in UNMEASURED and one.base is not None
        lift = smallest_lift(count - held, held, one.base or 0.0) if measured else None
        yield Fact(
            f"{key}.smallest_lift", lift, SHARE,
            f"rise of that share that treat against hold-out notices with power {POWER:.0%} at {ALPHA:.0%}, two-sided",
        )  # fmt: skip
    yield Fact("lists.alerts_since", lists.alerts_since, DATE, "alerts compare today with this day, a month ago")
    actions = [one for one in lists.lists if one.kind is ListKind.ACTION]
    yield Fact("lists.actions", len(actions), COUNT, "lists to act on, which share no customer")
    held = int(lists.held_out.sum())
    yield Fact("lists.hold_out", held, COUNT, "customers left alone in whatever list they are")
