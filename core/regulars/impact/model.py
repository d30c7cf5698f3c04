"""Impact: initiatives with their audience, assumptions and money. Every gain is a difference, never a level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class Lever(StrEnum):
    """How an initiative earns: it decides what one success is worth."""

    WIN_BACK = "win_back"
    RETAIN = "retain"
    SECOND_ORDER = "second_order"
    UPGRADE = "upgrade"
    ORDER_VALUE = "order_value"


@dataclass(frozen=True)
class Outlook:
    """What each customer is expected to spend in the horizon without any action, before margin.

    `frame` has `expected` and `if_active` for each customer: the revenue expected today, and the revenue that was
    expected on the day of the last order, which is what winning the customer back restores. They come from the lifetime model, or from the shop's own history when that is withheld.
    """

    frame: pd.DataFrame
    from_model: bool
    how: str


@dataclass(frozen=True)
class Initiative:
    """One initiative in the base case. Rates are shares, money is in the shop's currency, the period is the horizon."""

    key: str
    name: str
    short: str  # the name where space is short
    lever: Lever
    action: str
    segments: tuple[str, ...]  # names of the lead scheme's segments it addresses
    phase: int  # 0: the first 30 days, 1: months 1 to 6, 2: months 6 to 12
    eligible: int  # customers in its segments
    audience: int  # of those, not in an initiative before it
    expected: float  # revenue a customer of the audience is expected to bring without action
    value: float  # revenue a success brings
    reach: float
    success_rate: float
    contact_cost: float  # a customer reached
    fixed_cost: float
    margin: float
    source: str  # of the rates

    @property
    def gain(self) -> float:
        """Return the extra revenue of one success; never below nought: then the data show nothing to gain."""
        return max(self.value - self.expected, 0.0)

    def revenue(self, case: float = 1.0) -> float:
        """Return the incremental revenue; `case` scales the success rate, which stays a share."""
        return self.audience * self.reach * min(self.success_rate * case, 1.0) * self.gain

    def gross_profit(self, case: float = 1.0) -> float:
        """Return the incremental gross profit, before the investment."""
        return self.revenue(case) * self.margin

    @property
    def investment(self) -> float:
        """Return what it costs, whether it works or not; nothing when nobody is addressed."""
        return self.audience * self.reach * self.contact_cost + self.fixed_cost if self.audience else 0.0

    @property
    def gross_multiple(self) -> float | None:
        """Return gross profit per unit of money invested."""
        return self.gross_profit() / self.investment if self.investment else None

    @property
    def net_roi(self) -> float | None:
        """Return (gross profit − investment) / investment."""
        return (self.gross_profit() - self.investment) / self.investment if self.investment else None

    @property
    def pays(self) -> bool:
        """Tell whether the base case earns more than it costs."""
        return self.gross_profit() > self.investment

    @property
    def break_even(self) -> float | None:
        """Return the success rate at which gross profit pays the investment; above 1 no rate does, None without a gain."""
        each = self.audience * self.reach * self.gain * self.margin
        return self.investment / each if each > 0 else None


@dataclass(frozen=True)
class Impact:
    """All initiatives in order of priority, with what they rest on."""

    initiatives: tuple[Initiative, ...]
    outlook: Outlook
    margin: float
    margin_source: str
    margin_is_assumed: bool
    low_case: float
    high_case: float
    horizon_months: int

    @property
    def plan(self) -> tuple[Initiative, ...]:
        """Return the initiatives that earn their cost back in the base case: the others are shown, not proposed."""
        return tuple(initiative for initiative in self.initiatives if initiative.pays)

    @property
    def investment(self) -> float:
        """Return the sum of the plan's investments."""
        return sum(initiative.investment for initiative in self.plan)

    def revenue(self, case: float = 1.0) -> float:
        """Return the incremental revenue of the plan; no customer is counted twice."""
        return sum(initiative.revenue(case) for initiative in self.plan)

    def gross_profit(self, case: float = 1.0) -> float:
        """Return the incremental gross profit of the plan."""
        return sum(initiative.gross_profit(case) for initiative in self.plan)

    @property
    def gross_multiple(self) -> float | None:
        """Return gross profit per unit of money invested, null at zero investment."""
        return self.gross_profit() / self.investment if self.investment else None

    @property
    def net_roi(self) -> float | None:
        """Return (gross profit − investment) / investment, null at zero investment."""
        return (self.gross_profit() - self.investment) / self.investment if self.investment else None
