"""Facts about the customer with the most revenue: which averages rest on that one, and what they are without."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import MONEY, SHARE, TEXT

DOMINANT = 0.1  # share of revenue from which one customer is named wherever averages are
DISTINCT = 1.5  # equal shares: less than that is no customer of another kind


def largest_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield whether one customer carries the shop, and the averages of the groups that hold them with and without.

    An average without the customer is null where nobody else is in the group.
    """
    revenue, lead = analysis.summary.customers.frame["revenue"], analysis.segmentations.lead
    place, scores = int(revenue.to_numpy(float).argmax()), analysis.segmentations.scores
    most, whole = float(revenue.iloc[place]), float(revenue.clip(lower=0).sum())
    # Of few customers each has a large share, and of equal ones none carries more than the others.
    carries = len(revenue) > 1 and revenue.sum() > 0 and most >= max(DOMINANT, DISTINCT / len(revenue)) * whole
    yield Fact(
        "largest.carries", "yes" if carries else "no", TEXT,
        f"whether one customer of several brings {DOMINANT:.0%} of revenue or more, and {DISTINCT:g} equal shares or more",
    )  # fmt: skip
    segment = lead.named(str(lead.labels.iloc[place]))
    yield Fact("largest.segment", segment.key, TEXT, "key of the segment of the customer with the most revenue")
    yield from _group("segment", "that segment", revenue, lead.labels == segment.key, place)
    r, f = (int(scores[name].iloc[place]) for name in ("r", "f"))
    yield Fact("largest.cell", f"R{r}\N{NO-BREAK SPACE}F{f}", TEXT, "scores of the customer with the most revenue")
    yield from _group("cell", "those scores", revenue, (scores["r"] == r) & (scores["f"] == f), place)
    clv = analysis.lifetime.frame["clv"]
    expected = float(clv.sum()) if analysis.lifetime.reason is None else 0.0
    yield Fact(
        "largest.clv_share", float(clv.iloc[place]) / expected if expected > 0 else None, SHARE,
        "expected revenue of the customer with the most revenue / that of all",
    )  # fmt: skip


def _group(name: str, called: str, revenue: pd.Series, rows: pd.Series, place: int) -> Iterator[Fact]:
    inside = revenue.to_numpy(float)[rows.to_numpy(bool)]
    most, others, whole = float(revenue.iloc[place]), len(inside) - 1, float(inside.sum())
    yield Fact(
        f"largest.{name}_share", most / whole if whole > 0 else None, SHARE,
        f"revenue of the largest customer / that of all with {called}",
    )  # fmt: skip
    yield Fact(f"largest.{name}_each", whole / len(inside), MONEY, f"revenue to date / customers of {called}")
    yield Fact(
        f"largest.{name}_each_without", (whole - most) / others if others else None, MONEY,
        f"revenue to date / customers of {called}, without the largest",
    )  # fmt: skip
