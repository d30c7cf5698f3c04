"""Words that sheets and slides share: names of sources, the segments that stand out, and the moves that pay most."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import SHARE
from regulars.impact.initiative import Initiative
from regulars.segments.model import Segment, SegmentRole, Segments
from regulars.story.texts import text

MOST_SOURCES = 3
MOST_LETTERS = 32  # of a customer's name on a slide


def sources(analysis: Analysis) -> str:
    """Return the names of what was read, the first three at most."""
    names = [source.name for source in analysis.orders.sources]
    shown = ", ".join(names[:MOST_SOURCES])
    return shown if len(names) <= MOST_SOURCES else f"{shown} and {len(names) - MOST_SOURCES} more"


def filled(segments: Segments) -> tuple[Segment, ...]:
    """Return the segments that have customers, in the scheme's order."""
    held = set(segments.labels.unique())
    return tuple(segment for segment in segments.definitions if segment.key in held)


def fact_key(segments: Segments, segment: Segment, name: str) -> str:
    """Return the key of a segment's fact."""
    return f"segments.{segments.scheme}.{segment.key}.{name}"


def ranked(segments: Segments, facts: Facts, name: str) -> list[Segment]:
    """Return the segments with customers, highest first by one of their facts."""
    return sorted(filled(segments), key=lambda segment: -facts.number(fact_key(segments, segment, name)))


def top_segment(segments: Segments, facts: Facts) -> Segment:
    """Return the segment that brings the most revenue."""
    return ranked(segments, facts, "revenue")[0]


def shares_are_known(facts: Facts) -> bool:
    """Tell whether revenue can be shared out: where all of it is nought or less, no segment has a share."""
    return facts.number("revenue.total") > 0


def gain_is_known(analysis: Analysis) -> bool:
    """Tell whether some initiative has anything to gain: only then is there a success rate at which it breaks even."""
    return any(one.break_even is not None for one in analysis.impact.initiatives)


def no_plan(analysis: Analysis) -> str:
    """Return the ending of a text's key for a plan that is empty: no initiative pays, or none has anything to gain."""
    return "no_plan" if gain_is_known(analysis) else "no_gain"


def segment_words(segments: Segments, segment: Segment, facts: Facts) -> dict[str, str]:
    """Return a segment's figures as words for a sentence."""

    def show(name: str) -> str:
        return facts.show(fact_key(segments, segment, name))

    return {
        "name": segment.name,
        "customers": show("customers"),
        "customer_share": show("customer_share"),
        "revenue_share": show("revenue_share"),
        "revenue_per_customer": show("revenue_per_customer"),
        "index": show("value_index"),
    }


def as_sentence(how: str) -> str:
    """Return the how of a fact as a sentence for the speaker.

    >>> as_sentence("revenue / orders")
    'Revenue / orders.'
    """
    return f"{how[:1].upper()}{how[1:].rstrip('.')}."


def definition(key: str, facts: Facts, how: str = "") -> str:
    """Return what a term means in this run; `how` says how the segments are made."""
    if key == "clv" and not facts.known("clv.total"):
        return text("slide.definitions.clv_none", facts, reason=facts.show("clv.reason"))
    return text(f"definition.{key}_text", facts, how=how)


def customer_named(facts: Facts) -> str:
    """Return the name of the largest customer, cut where a slide has no room for it."""
    name = facts.show("concentration.top_customer")
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip()}…"


def leaving_names(segments: Segments) -> str:
    """Return the names of the segments of good customers who stopped, as a list in words."""
    return joined([segment.name for segment in filled(segments) if segment.role is SegmentRole.LEAVING])


def joined(names: list[str]) -> str:
    """Join names in words.

    >>> joined(["A", "B", "C"])
    'A, B and C'
    """
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True)
class Step:
    """One move of the plan, as a slide names it, with the key of its gross profit in the chosen scenario."""

    name: str
    short: str
    profit: str


def plan_steps(analysis: Analysis, facts: Facts) -> list[Step]:
    """Return everything that the plan adds up, initiatives and tests, the largest gross profit first."""
    impact = analysis.impact
    steps = [Step(one.name, one.short, f"impact.plan.{one.key}.gross_profit") for one in impact.plan]
    for test in impact.tests:
        if test.in_plan:
            short = text(f"impact.{test.key}_short", facts)
            steps.append(Step(short, short, f"impact.plan.{test.key}.gross_profit"))
    return sorted(steps, key=lambda step: -facts.number(step.profit))


def money_source(analysis: Analysis, facts: Facts) -> str:
    """Return the footnote of slides about money: who says what the rates and costs are."""
    key = "deck.source_money_confirmed" if analysis.impact.confirmed else "deck.source_money"
    return text(key, facts, sources=sources(analysis))


def in_scenario(analysis: Analysis, facts: Facts) -> str:
    """Return the scenario for the end of a phrase; nothing for the base case, which goes without saying."""
    return "" if analysis.impact.scenario == "base" else f" {text('deck.in_scenario', facts)}"


def best_moves(analysis: Analysis) -> list[Initiative]:
    """Return the plan's initiatives, the largest gross profit first."""
    return sorted(analysis.impact.plan, key=lambda initiative: -initiative.gross_profit())


def size_of_change(facts: Facts, key: str) -> str:
    """Return a change as a share without its sign, for sentences that say the direction in words."""
    return SHARE.show(abs(facts.number(key)), facts.currency)


def moves_in_words(count: int) -> str:
    """Return a number of initiatives for the beginning of a sentence.

    >>> moves_in_words(1), moves_in_words(5)
    ('One move', '5 moves')
    """
    return "One move" if count == 1 else f"{count} moves"
