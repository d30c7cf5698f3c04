"""The priority matrix: effort against gain of each initiative, and what the plan's profit hangs on."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import MINUS, MONEY
from regulars.findings.priority import compared, first_ones
from regulars.findings.sensitivity import Swing, swings
from regulars.story.case import open_tests
from regulars.story.slide_spec import Chart, ChartKind, Role, Series, SlideKind, SlideSpec
from regulars.story.slides.decision import tests_in_words
from regulars.story.texts import text
from regulars.story.words import as_sentence, joined, sources

FAR_APART = 8  # times: from there on, both axes are of powers of ten
FEWEST = 3  # initiatives: two need no map
MOST_SWINGS = 8
_OF_TESTS = {"price_volume": "price", "dip_recovered": "dip"}


def priority_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Put initiatives into four fields by investment and gross profit; fewer than three need no map."""
    ones = sorted(compared(analysis.impact), key=lambda one: -one.audience)  # the smallest circles lie on top
    if len(ones) < FEWEST:
        return None
    money = {
        name: tuple(facts.number(key.format(one.key)) for one in ones)
        for name, key in (("across", "impact.{}.investment"), ("up", "impact.plan.{}.gross_profit"))
    }
    said = "; ".join(
        f"{one.short} {facts.show(f'impact.{one.key}.investment')} for {facts.show(f'impact.plan.{one.key}.gross_profit')}"
        for one in ones
    )
    planned = tuple(one.short for one in ones if one.planned)
    above = all(min(values) > 0 for values in money.values())
    spread = above and any(max(values) > FAR_APART * min(values) for values in money.values())
    scale = "_tens" if spread else ""
    chart = Chart(
        ChartKind.BUBBLE,
        tuple(one.short for one in ones),
        (
            Series(text(f"slide.priority.across{scale}", facts), money["across"], MONEY),
            Series(text(f"slide.priority.up{scale}", facts), money["up"], MONEY),
            Series(text("slide.priority.size", facts), tuple(facts.number(f"impact.{one.key}.audience") for one in ones)),
        ),
        alt=text("slide.priority.alt", facts, parts=said),
        highlights=planned,
        crossing=(facts.number("priority.mean_investment"), facts.number("priority.mean_gross_profit")),
        logarithmic=spread,
        corners=tuple(
            text(f"slide.priority.{corner}", facts) for corner in ("first", "planned", "besides", "last")
        ),
    )  # fmt: skip
    first = first_ones(analysis.impact)
    most = max(ones, key=lambda one: facts.number(f"impact.plan.{one.key}.gross_profit"))
    title = (
        text("slide.priority.title", facts, names=joined([f"“{one.name}”" for one in first[:2]]))
        if 0 < len(first) <= 2
        else text("slide.priority.title_many", facts)
        if first
        else text(
            f"slide.priority.title_{'none' if planned else 'no_plan'}", facts, most=f"“{most.name}”",
            profit=facts.show(f"impact.plan.{most.key}.gross_profit", brief=True),
            cost=facts.show(f"impact.{most.key}.investment", brief=True),
        )
    )  # fmt: skip
    left = joined([one.short for one in ones if not one.planned])
    beside = (
        text("slide.priority.so_what_tests", facts, tests=tests_in_words(analysis, facts))
        if open_tests(analysis)
        else text("slide.priority.so_what_size", facts)
    )
    so_what = [text("slide.priority.so_what", facts), beside]
    if left:
        so_what.append(text(f"slide.priority.so_what_{'out' if planned else 'none'}", facts, names=left))
    return SlideSpec(
        "priority", SlideKind.CONTENT, title, text("slide.priority.subtitle", facts), (chart,), tuple(so_what),
        text("deck.source_money", facts, sources=sources(analysis)),
        notes=f"{as_sentence(facts['priority.mean_investment'].how)} {as_sentence(facts['priority.mean_gross_profit'].how)} "
        f"{text('impact.how_profit', facts)}",
    )  # fmt: skip


def sensitivity_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show how far each assumption alone moves the plan's net profit; nothing without a plan."""
    if not analysis.impact.moves:
        return None
    found = [one for one in swings(analysis.impact) if one.width > 0][:MOST_SWINGS]
    if not found:
        return None
    names = tuple(_name(one, facts) for one in found)
    less, more = (tuple(facts.number(f"sensitivity.{one.key}.{side}") for one in found) for side in ("less", "more"))
    widest = found[0]
    loss = facts.show(f"sensitivity.{widest.key}.less").lstrip(MINUS)
    parts = "; ".join(
        f"{name} {facts.show(f'sensitivity.{one.key}.less')} to +{facts.show(f'sensitivity.{one.key}.more')}"
        for name, one in zip(names, found, strict=True)
    )
    chart = Chart(
        ChartKind.TORNADO,
        names,
        (
            Series(text("slide.sensitivity.worse", facts), less, MONEY, Role.NEGATIVE),
            Series(text("slide.sensitivity.better", facts), more, MONEY, Role.POSITIVE),
        ),
        alt=text("slide.sensitivity.alt", facts, parts=parts),
    )
    kind = "loses" if facts.number("sensitivity.losing") else "holds"
    kind = "negative" if facts.number("impact.plan.net_profit") < 0 else kind
    return SlideSpec(
        "sensitivity", SlideKind.CONTENT,
        text(f"slide.sensitivity.title_{kind}", facts, widest=_phrase(widest, facts), loss=loss),
        text("slide.sensitivity.subtitle", facts), (chart,),
        (
            text(f"slide.sensitivity.so_what_{_kind(widest)}", facts),
            text("slide.sensitivity.so_what_change", facts),
        ),
        text("deck.source_money", facts, sources=sources(analysis)),
        notes="; ".join(f"{name}: {facts[f'sensitivity.{one.key}.less'].how}" for name, one in zip(names, found, strict=True)),
    )  # fmt: skip


def _kind(swing: Swing) -> str:
    return swing.key if swing.key in {"margin", "costs"} else "rate"


def _phrase(swing: Swing, facts: Facts) -> str:
    """Return an assumption for the middle of a sentence."""
    if swing.name:
        return text("slide.sensitivity.the_rate", facts, name=swing.name)
    return text(f"slide.sensitivity.the_{_OF_TESTS.get(swing.key, swing.key)}", facts)


def _name(swing: Swing, facts: Facts) -> str:
    if swing.key == "margin":
        return text("impact.swing_margin", facts)
    if swing.key == "costs":
        return text("impact.swing_costs", facts)
    if swing.name:
        return text("slide.sensitivity.success", facts, name=swing.name)
    return text("impact.price_short" if swing.key == "price_volume" else "impact.dip_short", facts)
