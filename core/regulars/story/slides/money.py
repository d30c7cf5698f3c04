"""What acting would earn: the waterfall, the portfolio, and when each initiative runs."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, MULTIPLE, SHARE, counted
from regulars.impact.initiative import FIRST_DAYS, HALF_YEAR, Initiative
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
from regulars.story.texts import text
from regulars.story.words import best_moves, gain_is_known, joined, moves_in_words, sources

FEWEST_STREAMS = 2
PHASE_COLOURS = (Role.NEGATIVE, Role.POSITIVE, Role.NEUTRAL)


def waterfall_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Build up gross profit initiative by initiative, and take the investment off."""
    moves = best_moves(analysis)
    if not moves:
        return None
    total, cost, net = (text(f"slide.waterfall.{name}", facts) for name in ("total", "cost", "net"))
    steps = tuple(facts.number(f"impact.{move.key}.gross_profit") for move in moves)
    gross, investment, rest = (
        facts.number(f"impact.total.{name}") for name in ("gross_profit", "investment", "net_profit")
    )
    parts = "; ".join(f"{move.name} {facts.show(f'impact.{move.key}.gross_profit')}" for move in moves)
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
        source=text("deck.source_money", facts, sources=sources(analysis)), notes=text("slide.waterfall.notes", facts),
    )  # fmt: skip


def _moves(count: int) -> str:
    return f"{moves_in_words(count)} {'builds' if count == 1 else 'build'}"


def portfolio_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Put all initiatives side by side: audience, rates, investment, return; nothing where none has anything to gain."""
    if not gain_is_known(analysis):
        return None
    initiatives = sorted(analysis.impact.initiatives, key=lambda one: -(one.gross_profit() - one.investment))
    figures = (
        ("audience", "Audience", COUNT, False), ("success_rate", "Success rate", SHARE, False),
        ("break_even", "Break-even", SHARE, False), ("gain", "Gain of a success", MONEY, True),
        ("investment", "Investment", MONEY, False), ("gross_profit", "Gross profit", MONEY, False),
        ("gross_multiple", "Gross multiple", MULTIPLE, False), ("net_roi", "Net ROI", SHARE, False),
    )  # fmt: skip
    columns = (SlideColumn("Initiative"), *(SlideColumn(title, unit, optional) for _, title, unit, optional in figures))
    rows = tuple(
        (one.name, *(facts.value(f"impact.{one.key}.{name}") for name, _, _, _ in figures)) for one in initiatives
    )
    moves = best_moves(analysis)
    total = {
        "audience": "impact.total.audience", "investment": "impact.total.investment",
        "gross_profit": "impact.total.gross_profit", "gross_multiple": "impact.total.gross_multiple",
        "net_roi": "impact.total.net_roi",
    }  # fmt: skip
    table = SlideTable(
        columns, rows, text("slide.portfolio.alt", facts),
        total=("The plan", *(facts.value(total[name]) if name in total else None for name, _, _, _ in figures)),
        roles=tuple(Role.HIGHLIGHT if one.planned else None for one in initiatives),
    )  # fmt: skip
    return SlideSpec(
        "portfolio", SlideKind.CONTENT, _portfolio_title(moves, facts), text("slide.portfolio.subtitle", facts), (table,),
        tuple(_portfolio_so_what(analysis, facts)), text("deck.source_money", facts, sources=sources(analysis)),
        notes=f"{text('impact.how_gain', facts)} {text('impact.how_ratio', facts)}",
    )  # fmt: skip


def _portfolio_title(moves: list[Initiative], facts: Facts) -> str:
    if not moves:
        return text("slide.portfolio.title_none", facts)
    best = moves[0]  # the most money, not the highest multiple of a small amount
    multiple = facts.show(f"impact.{best.key}.gross_multiple")
    return text("slide.portfolio.title", facts, best=f"“{best.name}”", multiple=multiple)


def _portfolio_so_what(analysis: Analysis, facts: Facts) -> Iterator[str]:
    yield text("slide.portfolio.so_what", facts)
    if analysis.impact.plan:
        yield text("slide.portfolio.so_what_case", facts)
    out = [one.name for one in analysis.impact.initiatives if not one.planned]
    if out:
        yield text("slide.portfolio.so_what_out", facts, names=joined(out))


def roadmap_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show when each initiative of the plan runs, and what it brings; one alone needs no map."""
    moves = sorted(best_moves(analysis), key=lambda move: move.start_month)
    if len(moves) < FEWEST_STREAMS:
        return None
    streams = tuple(
        Workstream(
            move.short,
            facts.show(f"impact.{move.key}.gross_profit", brief=True),
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
    first = [move for move in moves if move.phase == moves[0].phase]
    audience = COUNT.show(sum(move.audience for move in first))
    return SlideSpec(
        "roadmap", SlideKind.CONTENT,
        text(f"slide.roadmap.title_{moves[0].phase + 1}", facts, audience=audience, first=moves[0].name),
        text("slide.roadmap.subtitle", facts),
        (Roadmap(phases, streams, text("slide.roadmap.alt", facts, count=str(len(moves)))),),
        source=text("deck.source_money", facts, sources=sources(analysis)),
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
