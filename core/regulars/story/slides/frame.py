"""The slides that open and close the deck: title, executive summary, risks, decision."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.story.slide_spec import Role, SlideKind, SlideSpec, Statement, Statements, Tile
from regulars.story.texts import text
from regulars.story.words import best_moves, gain_is_known, joined, moves_in_words, no_plan, shares_are_known, sources

MOST_NAMED = 3  # moves in the executive summary


def title_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Open the deck."""
    who = f"{analysis.settings.analyst}  |  " if analysis.settings.analyst else ""
    return SlideSpec(
        "title", SlideKind.TITLE, text("slide.title.title", facts), text("slide.title.subtitle", facts),
        source=f"{who}{text('deck.source', facts, sources=sources(analysis))}",
        notes=facts["revenue.total"].how,
    )  # fmt: skip


def summary_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Say everything on one page: situation, complication, resolution, decision."""
    moves = best_moves(analysis)
    none = no_plan(analysis)
    state = "" if moves else f"_{none}"
    named, total = moves[:MOST_NAMED], facts.number("impact.total.gross_profit")
    brought = sum(move.gross_profit() for move in named)
    whole = "_all" if len(analysis.impact.moves) == len(named) else ""
    leading = joined([f"{move.name} ({facts.show(f'impact.{move.key}.gross_profit', brief=True)})" for move in named])
    low, high = (facts.show(f"impact.total.gross_profit_{case}", brief=True) for case in ("low", "high"))
    risk = "" if facts.number("at_risk.customers") and shares_are_known(facts) else "_none"
    money = "" if shares_are_known(facts) else "_none"
    if not money and not facts.known("concentration.top_10_share"):
        money = "_few"
    rows = (
        Statement(text("slide.summary.situation", facts), text(f"slide.summary.situation_text{money}", facts)),
        Statement(text("slide.summary.complication", facts), text(f"slide.summary.complication_text{risk}", facts)),
        Statement(
            text("slide.summary.resolution", facts),
            text(
                f"slide.summary.resolution_text{state or whole}",
                facts,
                moves=leading,
                low=low,
                high=high,
                bring="brings" if len(named) == 1 else "bring",
                part="most" if brought > total / 2 else "part",
            ),
        ),
        Statement(text("slide.summary.decision", facts), text(f"slide.summary.decision_text{state}", facts)),
    )
    return SlideSpec(
        "summary", SlideKind.CONTENT, text(f"slide.summary.title{'_plan' if moves else f'_{none}'}", facts, moves=moves_in_words(len(moves))),
        text("slide.summary.subtitle", facts), (Statements(rows, _tiles(facts)),),
        source=text("deck.source_money", facts, sources=sources(analysis)),
        notes=f"Gross profit: {facts['impact.total.gross_profit'].how}. Investment: {facts['impact.total.investment'].how}.",
    )  # fmt: skip


def _tiles(facts: Facts) -> tuple[Tile, ...]:
    fourth = (
        Tile(facts.show("clv.total", brief=True), text("slide.summary.tile_clv", facts))
        if facts.known("clv.total")
        else Tile(facts.show("impact.total.gross_profit", brief=True), text("slide.summary.tile_plan", facts))
    )
    return (
        Tile(facts.show("revenue.total", brief=True), text("slide.summary.tile_revenue", facts)),
        Tile(facts.show("customers.repeat_share"), text("slide.summary.tile_repeat", facts)),
        Tile(facts.show("at_risk.customers"), text("slide.summary.tile_risk", facts), Role.NEGATIVE),
        fourth,
    )


def risks_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Say what could be wrong, and what rests on assumptions."""
    margin = analysis.impact.margin_is_assumed
    assumed = text(f"slide.risks.assumed_{'margin' if margin else 'rates'}", facts)
    names = ("data", "margin", "rates", "model", "window")
    rows = tuple(
        Statement(
            text(f"slide.risks.{name}", facts),
            _model(facts) if name == "model" else text(f"slide.risks.{name}_text", facts),
        )
        for name in names
    )
    return SlideSpec(
        "risks", SlideKind.CONTENT, text("slide.risks.title", facts, assumed=assumed), text("slide.risks.subtitle", facts),
        (Statements(rows),), source=text("deck.source", facts, sources=sources(analysis)),
        notes="Every row set aside is listed with its reason in the workbook, sheet Data quality.",
    )  # fmt: skip


def _model(facts: Facts) -> str:
    if not facts.known("clv.total"):
        return text("slide.risks.model_none", facts, reason=facts.show("clv.reason"))
    if not facts.known("clv.holdout.bias"):
        return text("slide.risks.model_untested", facts, reason=facts.show("clv.holdout.reason"))
    return text("slide.risks.model_text", facts, bias=facts.show("clv.holdout.bias"))


def closing_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Ask for the decision."""
    moves = best_moves(analysis)
    title = (
        text("slide.closing.title", facts, first=moves[0].name)
        if moves
        else text(f"slide.closing.title_{no_plan(analysis)}", facts)
    )
    steps = tuple(Statement("", text(f"slide.closing.step_{number}", facts)) for number in (1, 2, 3))
    return SlideSpec(
        "closing",
        SlideKind.CLOSING,
        title,
        exhibits=(Statements(steps),),
        notes=text("warning.rates", facts) if gain_is_known(analysis) else "",
    )
