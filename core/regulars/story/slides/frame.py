"""The slides around the story: its cover, and what could be wrong."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.story.case import BEFORE_ANY_PLAN, Case, case_of
from regulars.story.slide_spec import SlideKind, SlideSpec, Statement, Statements
from regulars.story.texts import text
from regulars.story.words import customer_named, sources

TOLD = 0.01  # share of revenue from which returns without a purchase are told
MOST_CAUTIONS = 2  # about the forecast; the others stand in the notes of its slides


def title_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Open the deck."""
    who = f"{analysis.settings.analyst}  |  " if analysis.settings.analyst else ""
    return SlideSpec(
        "title", SlideKind.TITLE, text("slide.title.title", facts), text("slide.title.subtitle", facts),
        source=f"{who}{text('deck.source', facts, sources=sources(analysis))}",
        notes=f"Revenue: {facts['revenue.total'].how}.",
    )  # fmt: skip


def risks_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Say what could be wrong, and what rests on assumptions."""
    impact = analysis.impact
    case = case_of(analysis, facts)
    kind = "confirmed" if impact.confirmed else "margin" if impact.margin_is_assumed else "rates"
    kind = str(case) if case in BEFORE_ANY_PLAN - {Case.NO_GAIN} else kind
    assumed = text(f"slide.risks.assumed_{kind}", facts)
    names = ("data", "margin", "rates", "model", "window")
    whole = "" if facts.number("orders.rows_set_aside") else "_all"
    one = facts.value("largest.carries") == "yes"
    rows = (
        *((Statement(text("slide.risks.one", facts), _one_customer(facts)),) if one else ()),
        *(
            Statement(
                text(f"slide.risks.{name}", facts),
                _model(analysis, facts) if name == "model" else _risk(name, facts, confirmed=impact.confirmed),
            )
            for name in names
        ),
    )
    return SlideSpec(
        "risks", SlideKind.CONTENT, text(f"slide.risks.title{whole}", facts, assumed=assumed), text("slide.risks.subtitle", facts),
        (Statements(rows),), source=text("deck.source", facts, sources=sources(analysis)),
        notes="Every row set aside is listed with its reason in the workbook, sheet Data quality.",
    )  # fmt: skip


def _risk(name: str, facts: Facts, *, confirmed: bool) -> str:
    if name == "rates" and confirmed:
        return text("slide.risks.rates_text_confirmed", facts)
    if name == "data":
        whole = "" if facts.number("orders.rows_set_aside") else "_all"
        said = [text(f"slide.risks.data_text{whole}", facts)]
        if -facts.number("revenue.returns_unmatched") >= TOLD * abs(facts.number("revenue.total")) > 0:
            said.append(text("slide.risks.data_returns", facts))
        return " ".join(said)
    return text(f"slide.risks.{name}_text", facts)


def _one_customer(facts: Facts) -> str:
    ahead = "_ahead" if facts.known("largest.clv_share") else ""
    return text(f"slide.risks.one_text{ahead}", facts, customer=customer_named(facts))


def _model(analysis: Analysis, facts: Facts) -> str:
    if not facts.known("clv.total"):
        return text("slide.risks.model_none", facts, reason=facts.show("clv.reason"))
    tested = facts.known("clv.holdout.bias")
    said = (
        text("slide.risks.model_text", facts, bias=facts.show("clv.holdout.bias"))
        if tested
        else text("slide.risks.model_untested", facts, reason=facts.show("clv.holdout.reason"))
    )
    # Why a rule stands in for a model is told where its test is.
    doubts = analysis.lifetime.cautions if analysis.lifetime.is_model else ()
    return " ".join([said, *doubts[:MOST_CAUTIONS]])
