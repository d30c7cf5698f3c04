"""Facts about what the plan's net profit loses and gains as one assumption at a time changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, TEXT
from regulars.impact.initiative import Initiative
from regulars.impact.model import Impact

MARGIN_POINTS = 0.05
SHARE_CHANGED = 0.5  # of costs, rates and losses, down and up


@dataclass(frozen=True)
class Swing:
    """How much net profit changes as one assumption gets worse (`less`, nought or below) and better (`more`)."""

    key: str
    name: str  # of the initiative; empty for margin, costs and tests
    less: float
    more: float

    @property
    def width(self) -> float:
        """Return how far the two lie apart."""
        return abs(self.less) + abs(self.more)


def swings(impact: Impact) -> tuple[Swing, ...]:
    """Return the swings of margin, costs and of each initiative and test in the plan, the widest first."""
    case, price, dip = impact.case, impact.price, impact.dip
    # What a rise in price brings has no cost of goods, so that no margin is taken of it.
    rise = price.concerned * price.rise * price.kept(case) if price.in_plan else 0.0
    margin, cost = MARGIN_POINTS * (impact.revenue(case) - rise), SHARE_CHANGED * impact.investment
    found = [Swing("margin", "", -margin, margin), Swing("costs", "", -cost, cost)]
    found += [_of_rate(one, case) for one in impact.plan]
    if price.in_plan:
        lost, now = 1 - price.volume, price.gross_profit(case)
        worse, better = (
            replace(price, volume=1 - lost * (1 + change)).gross_profit(case)
            for change in (SHARE_CHANGED, -SHARE_CHANGED)
        )
        found.append(Swing("price_volume", "", worse - now, better - now))
    if dip in impact.tests and dip.in_plan:
        now = dip.gross_profit(case)
        worse, better = (dip.gross_profit(case * (1 + change)) for change in (-SHARE_CHANGED, SHARE_CHANGED))
        found.append(Swing("dip_recovered", "", worse - now, better - now))
    return tuple(sorted(found, key=lambda swing: -swing.width))


def _of_rate(one: Initiative, case: float) -> Swing:
    now = one.gross_profit(case)
    worse, better = (one.gross_profit(case * (1 + change)) for change in (-SHARE_CHANGED, SHARE_CHANGED))
    return Swing(one.key, one.short, worse - now, better - now)


def sensitivity_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield each swing with the net profit at both ends; none where nothing is in the plan."""
    impact = analysis.impact
    found = swings(impact) if impact.moves else ()
    net = impact.gross_profit(impact.case) - impact.investment
    what = {
        "margin": f"gross margin {MARGIN_POINTS * 100:.0f} points lower or higher",
        "costs": f"all costs {SHARE_CHANGED:.0%} higher or lower",
        "price_volume": f"{SHARE_CHANGED:.0%} more or fewer of the units lost to the price test",
        "dip_recovered": f"{SHARE_CHANGED:.0%} less or more of the weak month won back",
    }
    yield Fact("sensitivity.widest", found[0].key if found else None, TEXT, "the assumption that moves net profit most")
    losing = sum(net + swing.less < 0 for swing in found)
    yield Fact("sensitivity.losing", losing, COUNT, "assumptions that alone would turn the plan's net profit negative")
    for swing in found:
        how = what.get(swing.key, f"{swing.name}: success rate {SHARE_CHANGED:.0%} lower or higher, a share at most")
        key = f"sensitivity.{swing.key}"
        yield Fact(f"{key}.less", swing.less, MONEY, f"change of the plan's net profit at worst; {how}")
        yield Fact(f"{key}.more", swing.more, MONEY, f"change of the plan's net profit at best; {how}")
        yield Fact(f"{key}.net_low", net + swing.less, MONEY, f"the plan's net profit at worst; {how}")
        yield Fact(f"{key}.net_high", net + swing.more, MONEY, f"the plan's net profit at best; {how}")
