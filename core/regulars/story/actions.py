"""What to do first: the moves that pay, the tests worth making, and whom to protect and call whatever pays."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import MONEY, SHARE
from regulars.impact.initiative import Initiative, Lever
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.story.case import Case, case_of, open_tests
from regulars.story.texts import text
from regulars.story.words import (
    best_moves,
    filled,
    leaving_names,
    no_plan,
    segment_words,
    shares_are_known,
    top_segment,
)

FEWEST = 3  # actions that a stranger can name from the Summary alone
FIRST = {Case.LOSS: "finding.first_loss", Case.RETURNS: "finding.first_returns"}  # what comes before any move
CASES = {
    "careful": "impact.total.gross_profit_low", "base": "impact.total.gross_profit",
    "bold": "impact.total.gross_profit_high",
}  # fmt: skip  # facts of the plan's gross profit, by scenario
CONCENTRATED = 0.4  # share of revenue of the best tenth above which revenue counts as concentrated


def actions(analysis: Analysis, facts: Facts) -> tuple[str, ...]:
    """Return whom to protect whatever pays, the moves that bring most, then tests and calls until there are three, and the sum."""
    impact = analysis.impact
    case = case_of(analysis, facts)
    lines = [text(FIRST[case], facts)] if case in FIRST else []
    lines += _carrier(facts)
    lines += [_line(move, analysis, facts) for move in best_moves(analysis)[:FEWEST]]
    tests = [test for test in impact.tests if test.in_plan or test in open_tests(analysis)]
    tests.sort(key=lambda test: -test.gross_profit(impact.case))
    best = max((move.gross_profit(impact.case) for move in impact.plan), default=0.0)
    for test in tests:
        # A test that would bring more than any initiative is named however many of them pay.
        if len(lines) < FEWEST or test.gross_profit(impact.case) > best:
            lines.append(_test(test, analysis, facts))
    for line in _whatever_pays(analysis, facts):
        if len(lines) < FEWEST:
            lines.append(line)
    if not impact.moves:
        return (*lines, text(f"finding.{no_plan(analysis)}", facts))
    one, other = (name for name in CASES if name != impact.scenario)
    return (
        *lines,
        text(
            "finding.plan", facts, one=facts.show(CASES[one]), one_case=one, other=facts.show(CASES[other]),
            other_case=other,
        ),
    )  # fmt: skip


def standing(analysis: Analysis, facts: Facts, source: str) -> str:
    """Return whose figures the money rests on: confirmed, set by the owner, or assumed."""
    if analysis.impact.confirmed:
        return text("action.standing_confirmed", facts)
    if source.startswith("set by"):
        return text("action.standing_yours", facts)
    return text("action.standing_assumed", facts)


def _line(move: Initiative, analysis: Analysis, facts: Facts) -> str:
    never = move.break_even is None or move.break_even > 1
    base = analysis.impact.scenario == "base"
    words = {
        "gross_profit": facts.show(f"impact.plan.{move.key}.gross_profit"),
        "investment": facts.show(f"impact.{move.key}.investment"),
        # What the owner set or confirmed is the rate of the base case.
        "rate": text(
            "action.rate" if base else "action.rate_in_case", facts,
            success_rate=facts.show(f"impact.plan.{move.key}.success_rate"),
            base_rate=facts.show(f"impact.{move.key}.success_rate"),
            standing=standing(analysis, facts, move.source),
        ),
    }  # fmt: skip
    money = (
        text("action.money_never", facts, **words)
        if never
        else text("action.money", facts, **words, break_even=facts.show(f"impact.{move.key}.break_even"))
    )
    names = [one.name for one in filled(analysis.segmentations.lead) if move.taken_from.get(one.key)]
    return text(
        "action.line", facts, name=move.name, audience=facts.show(f"impact.{move.key}.audience"),
        segments=", ".join(names), action=move.action, money=money,
    )  # fmt: skip


def _test(test: PriceTest | SeasonDip, analysis: Analysis, facts: Facts) -> str:
    case = analysis.impact.case
    gross_profit = facts.show(f"impact.plan.{test.key}.gross_profit")
    investment = MONEY.show(test.investment, facts.currency)
    word = standing(analysis, facts, test.source)
    if isinstance(test, PriceTest):
        return text(
            "action.price", facts, rise=SHARE.show(test.rise), items=SHARE.show(test.items),
            volume=SHARE.show(test.kept(case)), gross_profit=gross_profit, investment=investment, standing=word,
            break_even=facts.show("impact.price.break_even"),
        )  # fmt: skip
    return text(
        "action.dip", facts, recovered=SHARE.show(min(test.recovered * case, 1.0)), gross_profit=gross_profit,
        investment=investment, standing=word, break_even=facts.show("impact.dip.break_even"),
    )  # fmt: skip


def _carrier(facts: Facts) -> list[str]:
    """Return the advice to protect the one customer who carries the shop, where there is one: it is right at any rate."""
    if facts.value("largest.carries") != "yes":
        return []
    return [text("action.protect_customer", facts, name=facts.show("concentration.top_customer"))]


def _whatever_pays(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Yield what is right at any success rate: protect what carries the shop, and ask those who went quiet."""
    lead = analysis.segmentations.lead
    if not shares_are_known(facts):
        return
    tenth = facts.value("concentration.top_10_share")
    if isinstance(tenth, float) and tenth >= CONCENTRATED:
        yield text("action.protect_best", facts)
    late, won_back = facts.value("at_risk.late"), any(move.lever is Lever.WIN_BACK for move in analysis.impact.plan)
    if facts.number("at_risk.customers") and late != 0 and not won_back:
        # Who is as quiet as ever has not left: where rhythms are known, only those beyond their own are called.
        yield text("action.quiet" if late is None else "action.quiet_late", facts, names=leaving_names(lead))
    words = segment_words(lead, top_segment(lead, facts), facts)
    yield text(
        "action.protect_segment", facts, name=words["name"], customers=words["customers"],
        revenue_share=words["revenue_share"],
    )  # fmt: skip
