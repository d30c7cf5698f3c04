"""The slides that open and close the deck: title, executive summary, risks, decision."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.story.slide_spec import Role, SlideKind, SlideSpec, Statement, Statements, Tile
from regulars.story.texts import text
from regulars.story.words import (
    gain_is_known,
    in_scenario,
    joined,
    money_source,
    moves_in_words,
    no_plan,
    plan_steps,
    shares_are_known,
    sources,
)

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
    moves = plan_steps(analysis, facts)
    none = no_plan(analysis)
    state = "" if moves else f"_{none}"
    named, total = moves[:MOST_NAMED], facts.number("impact.plan.gross_profit")
    brought = sum(facts.number(move.profit) for move in named)
    whole = "_all" if len(moves) == len(named) else ""
    leading = joined([f"{move.name} ({facts.show(move.profit, brief=True)})" for move in named])
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
    title = (
        text("slide.summary.title_plan", facts, moves=moves_in_words(len(moves)), scenario=in_scenario(analysis, facts))
        if moves
        else text(f"slide.summary.title_{none}", facts)
    )
    return SlideSpec(
        "summary", SlideKind.CONTENT, title,
        text("slide.summary.subtitle", facts), (Statements(rows, _tiles(facts)),),
        source=money_source(analysis, facts),
        notes=f"Gross profit: {facts['impact.plan.gross_profit'].how}. Investment: {facts['impact.plan.investment'].how}.",
    )  # fmt: skip


def _tiles(facts: Facts) -> tuple[Tile, ...]:
    fourth = (
        Tile(facts.show("clv.total", brief=True), text("slide.summary.tile_clv", facts))
        if facts.known("clv.total")
        else Tile(facts.show("impact.plan.gross_profit", brief=True), text("slide.summary.tile_plan", facts))
    )
    return (
        Tile(facts.show("revenue.total", brief=True), text("slide.summary.tile_revenue", facts)),
        Tile(facts.show("customers.repeat_share"), text("slide.summary.tile_repeat", facts)),
        Tile(facts.show("at_risk.customers"), text("slide.summary.tile_risk", facts), Role.NEGATIVE),
        fourth,
    )


def risks_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Say what could be wrong, and what rests on assumptions."""
    impact = analysis.impact
    kind = "confirmed" if impact.confirmed else "margin" if impact.margin_is_assumed else "rates"
    assumed = text(f"slide.risks.assumed_{kind}", facts)
    names = ("data", "margin", "rates", "model", "window")
    rows = tuple(
        Statement(
            text(f"slide.risks.{name}", facts),
            _model(facts) if name == "model" else _risk(name, facts, confirmed=impact.confirmed),
        )
        for name in names
    )
    return SlideSpec(
        "risks", SlideKind.CONTENT, text("slide.risks.title", facts, assumed=assumed), text("slide.risks.subtitle", facts),
        (Statements(rows),), source=text("deck.source", facts, sources=sources(analysis)),
        notes="Every row set aside is listed with its reason in the workbook, sheet Data quality.",
    )  # fmt: skip


def _risk(name: str, facts: Facts, *, confirmed: bool) -> str:
    if name == "rates" and confirmed:
        return text("slide.risks.rates_text_confirmed", facts)
    return text(f"slide.risks.{name}_text", facts)


def _model(facts: Facts) -> str:
    if not facts.known("clv.total"):
        return text("slide.risks.model_none", facts, reason=facts.show("clv.reason"))
    if not facts.known("clv.holdout.bias"):
        return text("slide.risks.model_untested", facts, reason=facts.show("clv.holdout.reason"))
    return text("slide.risks.model_text", facts, bias=facts.show("clv.holdout.bias"))


def closing_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Ask for the decision."""
    moves = plan_steps(analysis, facts)
    confirmed = analysis.impact.confirmed
    title = (
        text("slide.closing.title", facts, first=moves[0].name)
        if moves
        else text(f"slide.closing.title_{no_plan(analysis)}", facts)
    )
    said = [text(f"slide.closing.step_{number}", facts) for number in (1, 2, 3)]
    if confirmed:
        said[0] = text("slide.closing.step_1_confirmed", facts)
    steps = tuple(Statement("", one) for one in said)
    return SlideSpec(
        "closing",
        SlideKind.CLOSING,
        title,
        exhibits=(Statements(steps),),
        notes=text("warning.confirmed" if confirmed else "warning.rates", facts) if gain_is_known(analysis) else "",
    )
