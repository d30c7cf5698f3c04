"""What acting would earn: the waterfall, the portfolio, and when each initiative runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MULTIPLE, SHARE, Value, counted
from regulars.impact.initiative import FIRST_DAYS, HALF_YEAR, Initiative
from regulars.impact.shopwide import PriceTest, SeasonDip
from regulars.story.case import open_tests
from regulars.story.slide_spec import (
    Bar,
    Chart,
    ChartKind,
    Roadmap,
    Role,
    Series,
    SlideColumn,
    SlideKind,
    SlideSpec,
    SlideTable,
    Statement,
    Workstream,
)
from regulars.story.slides.decision import test_in_words
from regulars.story.texts import text
from regulars.story.words import best_moves, gain_is_known, joined, money_source, moves_in_words, plan_steps

FEWEST_STREAMS = 2
PHASE_COLOURS = (Role.NEGATIVE, Role.POSITIVE, Role.NEUTRAL)


def waterfall_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Build up gross profit initiative by initiative, and take the investment off."""
    moves = plan_steps(analysis, facts)
    if not moves:
        return None
    total, cost, net = (text(f"slide.waterfall.{name}", facts) for name in ("total", "cost", "net"))
    steps = tuple(facts.number(move.profit) for move in moves)
    gross, investment, rest = (
        facts.number(f"impact.plan.{name}") for name in ("gross_profit", "investment", "net_profit")
    )
    parts = "; ".join(f"{move.name} {facts.show(move.profit)}" for move in moves)
    chart = Chart(
        ChartKind.WATERFALL,
        (*(move.short for move in moves), total, cost, net),
        (Series("Gross profit", (*steps, gross, -investment, rest), MONEY),),
        alt=text("slide.waterfall.alt", facts, parts=parts),
        totals=(total, net),
    )
    return SlideSpec(
        "waterfall", SlideKind.CONTENT, text("slide.waterfall.title", facts, moves=_moves(len(moves))),
        text("slide.waterfall.subtitle", facts), (chart,),
        source=money_source(analysis, facts), notes=text("slide.waterfall.notes", facts),
    )  # fmt: skip


def _moves(count: int) -> str:
    return f"{moves_in_words(count)} {'builds' if count == 1 else 'build'}"


def portfolio_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Put all initiatives side by side: audience, rates, investment, return; nothing where none has anything to gain."""
    if not gain_is_known(analysis):
        return None
    case = analysis.impact.case
    initiatives = sorted(analysis.impact.initiatives, key=lambda one: -(one.gross_profit(case) - one.investment))
    figures = (
        ("audience", "Audience", COUNT, True), ("success_rate", "Success rate", SHARE, False),
        ("break_even", "Break-even", SHARE, False), ("gain", "Gain of a success", MONEY, True),
        ("investment", "Investment", MONEY, False), ("gross_profit", "Gross profit", MONEY, False),
        ("gross_multiple", "Gross multiple", MULTIPLE, False), ("net_roi", "Net ROI", SHARE, False),
        ("payback_month", "Payback, month", COUNT, False),
    )  # fmt: skip
    columns = (SlideColumn("Initiative"), *(SlideColumn(title, unit, optional) for _, title, unit, optional in figures))
    rows = tuple((one.name, *(_in_portfolio(one, name, facts) for name, _, _, _ in figures)) for one in initiatives)
    tests = open_tests(analysis)
    rows += tuple(_test_row(test, [name for name, _, _, _ in figures], facts) for test in tests)
    moves = best_moves(analysis)
    total = {
        "audience": "impact.total.audience", "investment": "impact.plan.investment",
        "gross_profit": "impact.plan.gross_profit", "gross_multiple": "impact.plan.gross_multiple",
        "net_roi": "impact.plan.net_roi", "payback_month": "impact.plan.payback_month",
    }  # fmt: skip
    rates = text("slide.portfolio.rates_confirmed" if analysis.impact.confirmed else "slide.portfolio.rates", facts)
    table = SlideTable(
        columns, rows, text("slide.portfolio.alt", facts),
        total=("The plan", *(facts.value(total[name]) if name in total else None for name, _, _, _ in figures))
        if analysis.impact.moves
        else None,
        roles=(*(Role.HIGHLIGHT if one.planned else None for one in initiatives), *(Role.NEUTRAL for _ in tests)),
    )  # fmt: skip
    return SlideSpec(
        "portfolio", SlideKind.CONTENT, _portfolio_title(moves, facts), text("slide.portfolio.subtitle", facts, rates=rates), (table,),
        tuple(_portfolio_so_what(analysis, facts)), money_source(analysis, facts),
        notes=f"{text('impact.how_gain', facts)} {text('impact.how_ratio', facts)}",
    )  # fmt: skip


def _test_row(test: PriceTest | SeasonDip, names: Sequence[str], facts: Facts) -> tuple[Value, ...]:
    """Return a test on the whole shop: it has a cost and a gain, and no audience or success rate to compare."""
    known = {
        "investment": f"impact.{test.key}.investment",
        **{name: f"impact.plan.{test.key}.{name}" for name in ("gross_profit", "gross_multiple")},
    }
    called = text("slide.portfolio.test", facts, test=test_in_words(test, facts))
    return called, *(facts.value(known[name]) if name in known else None for name in names)


def _in_portfolio(one: Initiative, name: str, facts: Facts) -> Value:
    """Return a figure in the chosen scenario; where even a success rate of all would not pay, a dash."""
    in_plan = f"impact.plan.{one.key}.{name}"
    value = facts.value(in_plan if in_plan in facts else f"impact.{one.key}.{name}")
    return None if name == "break_even" and isinstance(value, float) and value > 1 else value


def _portfolio_title(moves: list[Initiative], facts: Facts) -> str:
    if not moves:
        return text("slide.portfolio.title_none", facts)
    best = moves[0]  # the most money, not the highest multiple of a small amount
    multiple = facts.show(f"impact.plan.{best.key}.gross_multiple")
    return text("slide.portfolio.title", facts, best=f"“{best.name}”", multiple=multiple)


def _portfolio_so_what(analysis: Analysis, facts: Facts) -> Iterator[str]:
    yield text("slide.portfolio.so_what", facts)
    if analysis.impact.plan:
        yield text("slide.portfolio.so_what_case", facts)
    tests = [
        f"{text(f'impact.{test.key}_short', facts)} ({facts.show(f'impact.plan.{test.key}.gross_profit')})"
        for test in analysis.impact.tests
        if test.in_plan
    ]
    if tests:
        yield text("slide.portfolio.so_what_tests", facts, names=joined(tests))
    if open_tests(analysis):
        yield text("slide.portfolio.so_what_open", facts)


def roadmap_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show when each initiative of the plan runs, and what it brings; one alone needs no map."""
    moves = sorted(best_moves(analysis), key=lambda move: move.start_month)
    if len(moves) < FEWEST_STREAMS:
        return None
    streams = tuple(
        Workstream(
            move.short,
            facts.show(f"impact.plan.{move.key}.gross_profit", brief=True),
            (
                Bar(
                    _on_axis(move.start_month - 1, move.horizon_months),
                    _on_axis(move.start_month - 1 + max(1, move.months_in_effect), move.horizon_months),
                    _bar_text(move, facts),
                    PHASE_COLOURS[move.phase],
                ),
            ),
        )
        for move in moves
    )
    phases = tuple(
        Statement(text(f"slide.roadmap.phase_{number}", facts), text(f"slide.roadmap.phase_{number}_text", facts))
        for number in (1, 2, 3)
    )
    audience = facts.show("impact.total.first_audience")
    return SlideSpec(
        "roadmap", SlideKind.CONTENT,
        text(f"slide.roadmap.title_{moves[0].phase + 1}", facts, audience=audience, first=moves[0].name),
        text("slide.roadmap.subtitle", facts),
        (Roadmap(phases, streams, text("slide.roadmap.alt", facts, count=str(len(moves)))),),
        source=money_source(analysis, facts),
        notes="Start and length are assumptions; owners confirm them.",
    )  # fmt: skip


def _on_axis(months: int, horizon: int) -> float:
    """Return where the end of a month lies on the roadmap, whose three phases are a month, five months and the rest.

    >>> _on_axis(0, 12), _on_axis(1, 12), _on_axis(6, 12), _on_axis(9, 12)
    (0.0, 1.0, 2.0, 2.5)
    """
    if months <= FIRST_DAYS:
        return float(months)
    if months <= HALF_YEAR:
        return 1 + (months - FIRST_DAYS) / (HALF_YEAR - FIRST_DAYS)
    return min(3.0, 2 + (months - HALF_YEAR) / max(horizon - HALF_YEAR, 1))


def _bar_text(move: Initiative, facts: Facts) -> str:
    return f"{counted(int(facts.number(f'impact.{move.key}.audience')), 'customer')}: {', '.join(move.segments)}"
