"""One initiative: whom it addresses, what it assumes, what it earns. Every gain is a difference, never a level."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Lever(StrEnum):
    """How an initiative earns: it decides what one success is worth."""

    WIN_BACK = "win_back"
    RETAIN = "retain"
    SECOND_ORDER = "second_order"
    UPGRADE = "upgrade"
    ORDER_VALUE = "order_value"
    FREQUENCY = "frequency"


UPLIFTS = frozenset({Lever.ORDER_VALUE, Lever.FREQUENCY})
RESTORES = frozenset({Lever.WIN_BACK, Lever.RETAIN})
FIRST_DAYS, HALF_YEAR = 1, 6  # the last start month of a phase


@dataclass(frozen=True)
class Part:
    """Customers whom an initiative wants, and with it the same earlier ones: theirs while one of those is in the plan."""

    rivals: tuple[str, ...]  # keys of the earlier initiatives; none: nobody else wants them
    customers: int
    expected: float  # revenue that all of them together are expected to bring without action
    if_active: float  # that was expected of them on the day of their last orders


@dataclass(frozen=True)
class Initiative:
    """One initiative in the base case. Rates are shares, money is in the shop's currency, the period is the horizon."""

    key: str
    name: str
    short: str  # the name where space is short
    lever: Lever
    action: str
    segments: tuple[str, ...]  # names of the lead scheme's segments it addresses, of those with customers
    eligible: int  # customers in its segments
    audience: int  # of those it wants, not in one of the plan's initiatives before it
    expected: float  # revenue a customer of the audience is expected to bring without action
    value: float  # revenue a success brings
    reach: float
    success_rate: float
    contact_cost: float  # a customer reached
    fixed_cost: float
    margin: float
    source: str  # of the rates
    start_month: int = 1
    months: int = 12  # that the effect lasts
    horizon_months: int = 12
    uplift: float | None = None  # of the levers that raise what customers do anyway
    own_margin: bool = False  # the margin is that of this audience, not the shop's
    margin_is_said: bool = False  # by the owner, for this initiative
    margin_of_orders: float | None = None  # of this audience, where the orders have profit
    in_plan: bool | None = None  # the owner's choice; None: what pays is in
    taken_from: Mapping[str, int] = field(default_factory=dict)  # audience by segment key
    becomes: str = ""  # key of the segment that successes join; empty: they stay
    parts: tuple[Part, ...] = ()  # whom it wants, by the earlier initiatives that want them too

    @property
    def shares(self) -> bool:
        """Tell whether an earlier initiative wants some of the same customers: then its audience depends on the plan."""
        return any(part.rivals for part in self.parts)

    @property
    def phase(self) -> int:
        """Return when it starts: 0 in the first 30 days, 1 in months 2 to 6, 2 later."""
        return 0 if self.start_month <= FIRST_DAYS else 1 if self.start_month <= HALF_YEAR else 2

    @property
    def months_in_effect(self) -> int:
        """Return the months of the horizon in which it earns.

        Revenue is taken as spread evenly over the horizon: what starts in month 7 of 12 earns half.
        """
        return max(0, min(self.months, self.horizon_months - self.start_month + 1))

    @property
    def gain(self) -> float:
        """Return the extra revenue of one success in a whole horizon; never below nought: then there is nothing to gain."""
        return max(self.value - self.expected, 0.0)

    @property
    def _each(self) -> float:
        """Return the extra revenue if every customer reached were a success, in the months in effect."""
        return self.audience * self.reach * self.gain * self.months_in_effect / self.horizon_months

    def successes(self, case: float = 1.0) -> float:
        """Return the customers with whom it succeeds; `case` scales the success rate, which stays a share."""
        return self.audience * self.reach * min(self.success_rate * case, 1.0)

    def revenue(self, case: float = 1.0) -> float:
        """Return the incremental revenue."""
        return self._each * min(self.success_rate * case, 1.0)

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
    def planned(self) -> bool:
        """Tell whether it is in the plan: by the owner's choice, else because it pays."""
        return self.pays if self.in_plan is None else self.in_plan

    @property
    def break_even(self) -> float | None:
        """Return the success rate at which gross profit pays the investment; above 1 no rate does, None without a gain."""
        each = self._each * self.margin
        return self.investment / each if each > 0 else None

    @property
    def payback_month(self) -> int | None:
        """Return the month of the horizon by whose end it has earned its cost; None when that is not within it.

        The investment falls due at the start, the gross profit comes evenly over the months in effect.
        """
        return payback_month(self.investment, self.gross_profit(), self.start_month, self.months_in_effect)

    def earned_by(self, month: int, case: float = 1.0) -> float:
        """Return the gross profit earned by the end of a month of the horizon."""
        return self.gross_profit(case) * share_by(month, self.start_month, self.months_in_effect)

    def spent_by(self, month: int) -> float:
        """Return the investment that has fallen due by the end of a month of the horizon."""
        return self.investment if self.start_month <= month else 0.0


def share_by(month: int, start_month: int, months: int) -> float:
    """Return the share of an effect, even over its months, that has come by the end of a month.

    >>> share_by(1, start_month=2, months=4), share_by(3, start_month=2, months=4), share_by(9, start_month=2, months=4)
    (0.0, 0.5, 1.0)
    """
    return max(0, min(month - start_month + 1, months)) / months if months else 0.0


def payback_month(investment: float, gross_profit: float, start_month: int, months: int) -> int | None:
    """Return the month by whose end gross profit, even over its months, has paid the investment.

    >>> payback_month(100.0, 1200.0, start_month=2, months=11)
    2
    >>> payback_month(100.0, 90.0, start_month=1, months=12) is None
    True
    """
    if investment <= 0 or gross_profit < investment or not months:
        return None
    # Rounded first: a cost that is earned exactly at a month's end must not fall into the next by a rounding error.
    return start_month - 1 + max(1, math.ceil(round(investment / (gross_profit / months), 9)))
