"""Impact: the plan in the owner's assumptions, and what the next months look like with and without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from regulars.impact.initiative import Initiative
from regulars.impact.projection import Projection
from regulars.impact.shopwide import PriceTest, SeasonDip

Move = Initiative | PriceTest | SeasonDip
_NOISE = 6  # decimals of money: what is earned exactly at a month's end must not fall into the next


@dataclass(frozen=True)
class Outlook:
    """What each customer is expected to spend in the horizon without any action, before margin.

    `frame` has `expected` and `if_active` for each customer: the revenue expected today, and the revenue that was
    expected on the day of the last order, which is what winning the customer back restores; never more than the
    customer's own spend a year. They come from the lifetime model, or from the shop's own history when that is withheld.
    """

    frame: pd.DataFrame
    from_model: bool
    how: str


@dataclass(frozen=True)
class Impact:
    """All initiatives in order of priority, the tests on the whole shop, and what they rest on."""

    initiatives: tuple[Initiative, ...]
    outlook: Outlook
    margin: float
    margin_source: str
    margin_is_assumed: bool
    low_case: float
    high_case: float
    horizon_months: int
    discount_rate: float
    price: PriceTest
    dip: SeasonDip
    projection: Projection
    acquisition_ratio: float
    acquisition_source: str
    margins: Mapping[str, tuple[float, bool]] = field(default_factory=dict)  # by segment: margin, and whether its own
    scenario: str = "base"
    confirmed: bool = False  # the owner has confirmed the assumptions: gains are no longer illustrative
    margin_of_orders: float | None = None  # where the orders have profit
    margins_of_orders: Mapping[str, float] = field(default_factory=dict)  # by segment, where they have
    shipped: Impact | None = None  # the same orders at the defaults, where the owner has said nothing

    @property
    def plan(self) -> tuple[Initiative, ...]:
        """Return the initiatives of the plan: those that earn their cost back in the base case, unless the owner chose."""
        return tuple(initiative for initiative in self.initiatives if initiative.planned)

    @property
    def tests(self) -> tuple[PriceTest | SeasonDip, ...]:
        """Return the tests on the whole shop that the orders allow: a weak month needs two years of them."""
        return (self.price,) if self.dip.gap is None else (self.price, self.dip)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return everything that the plan adds up: its initiatives, and the tests that the owner put into it."""
        return (*self.plan, *(test for test in self.tests if test.in_plan))

    @property
    def case(self) -> float:
        """Return the share of the success rates in the chosen scenario."""
        return {"careful": self.low_case, "bold": self.high_case}.get(self.scenario, 1.0)

    @property
    def paying(self) -> tuple[Initiative, ...]:
        """Return the initiatives that earn their cost back in the chosen scenario, in the plan or not."""
        return tuple(one for one in self.initiatives if one.gross_profit(self.case) > one.investment)

    @property
    def defaults(self) -> Impact:
        """Return the impact at the defaults: itself, where nothing else is known."""
        return self.shipped or self

    @property
    def investment(self) -> float:
        """Return the sum of the plan's investments."""
        return sum(move.investment for move in self.moves)

    def revenue(self, case: float = 1.0) -> float:
        """Return the incremental revenue of the plan; no customer is counted twice."""
        return sum(move.revenue(case) for move in self.moves)

    def gross_profit(self, case: float = 1.0) -> float:
        """Return the incremental gross profit of the plan."""
        return sum(move.gross_profit(case) for move in self.moves)

    def payback_month(self, case: float = 1.0) -> int | None:
        """Return the month by whose end the plan's gross profit has paid its whole investment; None when none has."""
        months = range(1, self.horizon_months + 1)
        left = [
            round(sum(move.earned_by(month, case) for move in self.moves) - self.investment, _NOISE) for month in months
        ]
        return sum(one < 0 for one in left) + 1 if self.investment > 0 and left[-1] >= 0 else None

    def break_even(self, case: float = 1.0) -> float | None:
        """Return the share of its gross profit that pays the plan's investment; None where it has no gross profit."""
        profit = self.gross_profit(case)
        return self.investment / profit if profit > 0 else None

    @property
    def gross_multiple(self) -> float | None:
        """Return gross profit per unit of money invested, null at zero investment."""
        return self.gross_profit() / self.investment if self.investment else None

    @property
    def net_roi(self) -> float | None:
        """Return (gross profit − investment) / investment, null at zero investment."""
        return (self.gross_profit() - self.investment) / self.investment if self.investment else None
