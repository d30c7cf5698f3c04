"""Tests on the whole shop: a price rise that loses some volume, and a weak month made less weak."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.impact.initiative import payback_month, share_by

MONTHS_A_YEAR = 12
YEARS_FOR_A_SEASON = 2  # a month that was weak once is an event, not a season


@dataclass(frozen=True)
class PriceTest:
    """A price rise on part of the range. Units lost save their cost, and cost their margin.

    `baseline` is the revenue expected from today's customers in the horizon without action.
    """

    baseline: float
    rise: float
    items: float  # share of the revenue whose prices rise
    volume: float  # share of its units that are still bought
    margin: float
    cost: float
    start_month: int
    horizon_months: int
    source: str
    in_plan: bool = False
    key: str = "price"

    @property
    def months_in_effect(self) -> int:
        """Return the months of the horizon after the rise."""
        return max(0, self.horizon_months - self.start_month + 1)

    @property
    def concerned(self) -> float:
        """Return the revenue, at today's prices, that the rise concerns."""
        return self.baseline * self.items * self.months_in_effect / self.horizon_months

    def kept(self, case: float = 1.0) -> float:
        """Return the share of units still bought: half a case more loses half as much more, half a case less the reverse.

        >>> PriceTest(100, 0.05, 0.25, 0.9, 0.4, 0, 1, 12, "assumption").kept(0.5)
        0.85
        """
        return max(0.0, 1 - (1 - self.volume) * max(0.0, 2 - case))

    def revenue(self, case: float = 1.0) -> float:
        """Return the change in revenue: (1 + rise) × units kept − 1, of the revenue concerned."""
        return self.concerned * ((1 + self.rise) * self.kept(case) - 1)

    def gross_profit(self, case: float = 1.0) -> float:
        """Return the change in gross profit: the units lost no longer cost anything."""
        each = (self.rise + self.margin) * self.kept(case) - self.margin
        return self.concerned * each

    @property
    def investment(self) -> float:
        """Return what the test costs."""
        return self.cost

    @property
    def break_even(self) -> float | None:
        """Return the share of units that must stay for the rise to earn its cost: (margin + cost / concerned) / (margin + rise)."""
        if self.concerned <= 0:
            return None
        return (self.margin + self.cost / self.concerned) / (self.margin + self.rise)

    def payback_month(self, case: float = 1.0) -> int | None:
        """Return the month by whose end it has earned its cost; None when that is not within the horizon."""
        return payback_month(self.investment, self.gross_profit(case), self.start_month, self.months_in_effect)

    def earned_by(self, month: int, case: float = 1.0) -> float:
        """Return the change in gross profit by the end of a month of the horizon."""
        return self.gross_profit(case) * share_by(month, self.start_month, self.months_in_effect)

    def spent_by(self, month: int) -> float:
        """Return the investment that has fallen due by the end of a month of the horizon."""
        return self.investment if self.start_month <= month else 0.0


@dataclass(frozen=True)
class SeasonDip:
    """The weakest month of the year against the average month: part of what it lacks is won back.

    `gap` is None where the orders do not reach over two whole years: then nobody can say that a month is weak.
    """

    gap: float | None  # revenue that the weakest month lacks, a year
    month: str  # its name
    recovered: float
    margin: float
    cost: float
    horizon_months: int
    source: str
    in_plan: bool = False
    key: str = "dip"

    @property
    def planned_gap(self) -> float:
        """Return the revenue that is lacking in the horizon."""
        return (self.gap or 0.0) * self.horizon_months / MONTHS_A_YEAR

    def revenue(self, case: float = 1.0) -> float:
        """Return the revenue won back: gap × share recovered, which stays a share."""
        return self.planned_gap * min(self.recovered * case, 1.0)

    def gross_profit(self, case: float = 1.0) -> float:
        """Return its gross profit."""
        return self.revenue(case) * self.margin

    @property
    def investment(self) -> float:
        """Return what the campaign costs; nothing where no month is known to be weak."""
        return self.cost if self.gap else 0.0

    @property
    def break_even(self) -> float | None:
        """Return the share of the gap that pays the campaign."""
        each = self.planned_gap * self.margin
        return self.investment / each if each > 0 else None

    def earned_by(self, month: int, case: float = 1.0) -> float:
        """Return the gross profit by the end of a month: counted at the horizon's end, as the weak month may come last."""
        return self.gross_profit(case) if month >= self.horizon_months else 0.0

    def spent_by(self, month: int) -> float:
        """Return the investment that has fallen due by the end of a month: all of it from the first on."""
        return self.investment if month else 0.0
