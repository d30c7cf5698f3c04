"""The case that deck and Summary make: a plan, or what stands before any plan; and the tests that beat it."""

from __future__ import annotations

from enum import StrEnum

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.findings.customers import FEWEST
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.story.words import gain_is_known, shares_are_known


class Case(StrEnum):
    """What these orders ask for; the ending of the keys of the texts that say it."""

    PLAN = "plan"
    NO_PLAN = "no_plan"  # initiatives have something to gain, and none earns its cost back at the assumed rates
    NO_GAIN = "no_gain"  # the orders add up to nothing
    LOSS = "loss"  # the profit or cost column says that they lose money, and nobody has said another margin
    RETURNS = "returns"  # returns that match no purchase outweigh the revenue
    FEW = "few"  # no group large enough to be compared with one left alone
    ONCE = "once"  # nobody has come back, so that no gain of coming back is known
    NOTHING = "nothing"  # the initiatives have nothing to gain, and nothing is wrong


BEFORE_ANY_PLAN = frozenset({Case.NO_GAIN, Case.LOSS, Case.RETURNS, Case.FEW})


def case_of(analysis: Analysis, facts: Facts) -> Case:
    """Return the case that these orders make: the first that applies of what spoils a plan, then whether there is one."""
    if not shares_are_known(facts):
        return Case.NO_GAIN
    if loses_money(analysis, facts):
        return Case.LOSS
    if facts.number("revenue.net_of_all_returns") <= 0:
        return Case.RETURNS
    if facts.number("customers.count") < FEWEST:
        return Case.FEW
    if analysis.impact.moves:
        return Case.PLAN
    if gain_is_known(analysis):
        return Case.NO_PLAN
    return Case.NOTHING if facts.number("customers.repeaters") else Case.ONCE


def loses_money(analysis: Analysis, facts: Facts) -> bool:
    """Tell whether the orders themselves say a loss, so that the margin of the run is an assumption against them."""
    loss = facts.value("profit.loss")
    return analysis.impact.margin_is_assumed and isinstance(loss, float) and loss > 0


def open_tests(analysis: Analysis) -> list[PriceTest | SeasonDip]:
    """Return the tests outside the plan that would earn more than they cost, the best first."""
    case = analysis.impact.case
    found = [
        test for test in analysis.impact.tests if not test.in_plan and test.gross_profit(case) > test.investment > 0
    ]
    return sorted(found, key=lambda test: -test.gross_profit(case))


def first_test(analysis: Analysis) -> PriceTest | SeasonDip | None:
    """Return the open test that would bring more than the whole plan; None where there is none."""
    found = open_tests(analysis)
    case = analysis.impact.case
    return found[0] if found and found[0].gross_profit(case) > analysis.impact.gross_profit(case) else None
