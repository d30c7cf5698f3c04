"""What the deck argues for: the executive summary, and the decision requested at its end."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.story.case import BEFORE_ANY_PLAN, Case, case_of, first_test, open_tests
from regulars.story.slide_spec import Role, SlideKind, SlideSpec, Statement, Statements, Tile
from regulars.story.texts import text
from regulars.story.words import (
    best_moves,
    customer_named,
    gain_is_known,
    in_scenario,
    joined,
    money_source,
    moves_in_words,
    plan_steps,
    shares_are_known,
    sources,
)

RESOLUTIONS = {True: "slide.summary.resolution_plan_all", False: "slide.summary.resolution_plan"}  # all moves named?
MOST_NAMED = 3  # moves in the executive summary
UNMATCHED = 0.1  # share of revenue from which returns without a purchase are told at once
TESTED = frozenset({Case.PLAN, Case.NO_PLAN, Case.NOTHING})  # cases in which a test on the whole shop is worth making


def summary_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Say everything on one page: situation, complication, resolution, decision."""
    case, test = case_of(analysis, facts), _first(analysis, facts)
    ending = _ending(case, test)
    rows = (
        Statement(text("slide.summary.situation", facts), _situation(facts)),
        Statement(text("slide.summary.complication", facts), _complication(case, facts)),
        Statement(text("slide.summary.resolution", facts), " ".join(_resolution(case, analysis, facts))),
        Statement(
            text("slide.summary.decision", facts), text(f"slide.summary.decision_{ending}", facts, **_tested(test, facts))
        ),
    )  # fmt: skip
    moves = moves_in_words(len(plan_steps(analysis, facts)))
    title = text(
        f"slide.summary.title_{ending}", facts, moves=moves if test is None else moves[0].lower() + moves[1:],
        scenario=in_scenario(analysis, facts), **_tested(test, facts),
    )  # fmt: skip
    plain = case in BEFORE_ANY_PLAN
    money = f"Gross profit: {facts['impact.plan.gross_profit'].how}. Investment: {facts['impact.plan.investment'].how}."
    return SlideSpec(
        "summary", SlideKind.CONTENT, title, text(f"slide.summary.subtitle{'' if facts.currency.code else '_bare'}", facts),
        (Statements(rows, _tiles(case, facts)),),
        source=text("deck.source", facts, sources=sources(analysis)) if plain else money_source(analysis, facts),
        notes=f"Revenue: {facts['revenue.total'].how}." if plain else money,
    )  # fmt: skip


def closing_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Ask for the decision: the same moves, in the order in which the roadmap starts them."""
    case, test = case_of(analysis, facts), _first(analysis, facts)
    ending = _ending(case, test)
    first = _first_move(analysis, facts) if case is Case.PLAN else ""
    title = text(f"slide.closing.title_{ending}", facts, first=first, **_tested(test, facts))
    confirmed = analysis.impact.confirmed
    steps = tuple(Statement("", one) for one in _steps(case, test, facts, confirmed=confirmed))
    return SlideSpec(
        "closing", SlideKind.CLOSING, title, exhibits=(Statements(steps),),
        notes=text("warning.confirmed" if confirmed else "warning.rates", facts)
        if gain_is_known(analysis) and case not in BEFORE_ANY_PLAN
        else f"Revenue: {facts['revenue.total'].how}.",
    )  # fmt: skip


def test_in_words(test: PriceTest | SeasonDip, facts: Facts) -> str:
    """Return a test on the whole shop for the middle of a sentence."""
    return text("slide.test.price" if isinstance(test, PriceTest) else "slide.test.dip", facts)


def tests_in_words(analysis: Analysis, facts: Facts) -> str:
    """Return the tests outside the plan with what they could bring and cost, as a list in words."""
    return joined(
        [
            text(
                "slide.test.money", facts, test=test_in_words(test, facts),
                profit=facts.show(f"impact.plan.{test.key}.gross_profit", brief=True),
                cost=facts.show(f"impact.{test.key}.investment", brief=True),
            )
            for test in open_tests(analysis)
        ]
    )  # fmt: skip


def _first(analysis: Analysis, facts: Facts) -> PriceTest | SeasonDip | None:
    return first_test(analysis) if case_of(analysis, facts) in TESTED else None


def _ending(case: Case, test: PriceTest | SeasonDip | None) -> str:
    return case if test is None else f"{case}_test"


def _tested(test: PriceTest | SeasonDip | None, facts: Facts) -> dict[str, str]:
    """Return the words of the test that would bring more than the plan, where there is one."""
    if test is None:
        return {}
    return {
        "test": test_in_words(test, facts),
        "profit": facts.show(f"impact.plan.{test.key}.gross_profit", brief=True),
        "cost": facts.show(f"impact.{test.key}.investment", brief=True),
    }


def _situation(facts: Facts) -> str:
    if not shares_are_known(facts):
        return text("slide.summary.situation_text_none", facts)
    few = not facts.known("concentration.top_10_share")
    said = [text("slide.summary.situation_text_few" if few else "slide.summary.situation_text", facts)]
    if facts.value("largest.carries") == "yes":
        said.append(text("slide.summary.situation_one", facts, name=customer_named(facts)))
    unmatched, net = -facts.number("revenue.returns_unmatched"), facts.number("revenue.net_of_all_returns")
    if net > 0 and unmatched >= UNMATCHED * facts.number("revenue.total"):
        said.append(text("slide.summary.situation_returns", facts))
    return " ".join(said)


def _complication(case: Case, facts: Facts) -> str:
    if case is Case.LOSS:
        return text("slide.summary.complication_text_loss", facts)
    if case is Case.RETURNS:
        return text("slide.summary.complication_text_returns", facts)
    quiet = facts.number("at_risk.customers") and shares_are_known(facts)
    return text("slide.summary.complication_text" if quiet else "slide.summary.complication_text_none", facts)


def _resolution(case: Case, analysis: Analysis, facts: Facts) -> Iterator[str]:
    if case is Case.PLAN:
        moves = plan_steps(analysis, facts)
        named, total = moves[:MOST_NAMED], facts.number("impact.plan.gross_profit")
        brought = sum(facts.number(move.profit) for move in named)
        low, high = (facts.show(f"impact.total.gross_profit_{name}", brief=True) for name in ("low", "high"))
        yield text(
            RESOLUTIONS[len(named) == len(moves)], facts,
            moves=joined([f"{move.name} ({facts.show(move.profit, brief=True)})" for move in named]),
            low=low, high=high, bring="brings" if len(named) == 1 else "bring",
            part="most" if brought > total / 2 else "part",
        )  # fmt: skip
    else:
        yield text(f"slide.summary.resolution_{case}", facts)
    if case in TESTED and open_tests(analysis):
        yield text("slide.summary.resolution_tests", facts, tests=tests_in_words(analysis, facts))


def _tiles(case: Case, facts: Facts) -> tuple[Tile, ...]:
    return (
        Tile(facts.show("revenue.total", brief=True), text("slide.summary.tile_revenue", facts)),
        Tile(facts.show("customers.repeat_share"), text("slide.summary.tile_repeat", facts)),
        Tile(facts.show("at_risk.customers"), text("slide.summary.tile_risk", facts), Role.NEGATIVE),
        _last_tile(case, facts),
    )


def _last_tile(case: Case, facts: Facts) -> Tile:
    if case is Case.LOSS:
        return Tile(facts.show("profit.measured", brief=True), text("slide.summary.tile_loss", facts), Role.NEGATIVE)
    if case is Case.RETURNS:
        net = facts.show("revenue.net_of_all_returns", brief=True)
        return Tile(net, text("slide.summary.tile_returns", facts), Role.NEGATIVE)
    if facts.known("clv.total"):
        return Tile(facts.show("clv.total", brief=True), text("slide.summary.tile_clv", facts))
    if case is Case.PLAN:
        return Tile(facts.show("impact.plan.gross_profit", brief=True), text("slide.summary.tile_plan", facts))
    return Tile(facts.show("revenue.average_order", brief=True), text("slide.summary.tile_order", facts))


def _first_move(analysis: Analysis, facts: Facts) -> str:
    """Return the name of what starts first, as on the roadmap; a plan of tests alone has no start of its own."""
    found = sorted(best_moves(analysis), key=lambda move: move.start_month)
    return found[0].name if found else plan_steps(analysis, facts)[0].name


def _steps(case: Case, test: PriceTest | SeasonDip | None, facts: Facts, *, confirmed: bool) -> Iterator[str]:
    if case in BEFORE_ANY_PLAN or case is Case.ONCE:
        yield text(f"slide.closing.step_1_{case}", facts)
        yield text(f"slide.closing.step_2_{case}", facts)
    else:
        yield text("slide.closing.step_1_confirmed" if confirmed else "slide.closing.step_1", facts)
        if test is not None:
            yield text("slide.closing.step_test", facts, test=test_in_words(test, facts))
        yield text("slide.closing.step_2" if case is Case.PLAN else "slide.closing.step_2_pilot", facts)
    yield text("slide.closing.step_3", facts)
