"""Facts about priority: which initiatives gain much for little, against the mean of all."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY
from regulars.impact.initiative import Initiative
from regulars.impact.model import Impact


def compared(impact: Impact) -> tuple[Initiative, ...]:
    """Return the initiatives that address somebody and gain something: the others have no place among effort and gain."""
    return tuple(one for one in impact.initiatives if one.audience > 0 and one.gross_profit(impact.case) > 0)


def first_ones(impact: Impact) -> tuple[Initiative, ...]:
    """Return those of the plan that gain the mean of all or more, for the mean investment or less."""
    effort, gain = means(impact)
    return tuple(
        one
        for one in compared(impact)
        if one.planned and one.investment <= effort and one.gross_profit(impact.case) >= gain
    )


def means(impact: Impact) -> tuple[float, float]:
    """Return mean investment and mean gross profit of the initiatives compared; noughts where there are none."""
    ones = compared(impact)
    count = max(len(ones), 1)
    return sum(one.investment for one in ones) / count, sum(one.gross_profit(impact.case) for one in ones) / count


def priority_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the means that part the four fields, and what the field of much for little holds together."""
    impact = analysis.impact
    (effort, gain), first = means(impact), first_ones(impact)
    names = ", ".join(one.name for one in first) or "no initiative"
    scope = f"of {len(compared(impact))} initiatives with an audience and a gain, {impact.scenario} case"
    yield Fact("priority.compared", len(compared(impact)), COUNT, "initiatives with an audience and a gain")
    yield Fact("priority.mean_investment", effort, MONEY, f"mean investment {scope}")
    yield Fact("priority.mean_gross_profit", gain, MONEY, f"mean gross profit {scope}")
    yield Fact(
        "priority.first", len(first), COUNT, f"{names}: the mean gross profit or more for the mean investment or less"
    )
    yield Fact("priority.first_investment", sum(one.investment for one in first), MONEY, f"investment of {names}")
    yield Fact(
        "priority.first_gross_profit", sum(one.gross_profit(impact.case) for one in first), MONEY,
        f"gross profit of {names}, {impact.scenario} case",
    )  # fmt: skip
