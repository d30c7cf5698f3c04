"""Profit tiers: which segments earn more than their share of customers, and which less."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, WHOLE_SHARE
from regulars.findings.tiers import TIERS
from regulars.segments.verdict import Result
from regulars.story.case import loses_money
from regulars.story.slide_spec import (
    Chart,
    ChartKind,
    Role,
    Series,
    SlideColumn,
    SlideKind,
    SlideSpec,
    SlideTable,
)
from regulars.story.texts import text
from regulars.story.verdicts import verdict_on
from regulars.story.words import joined, ranked, sources

COLOURS = {"premium": Role.HIGHLIGHT, "growth": Role.POSITIVE, "base": Role.NEUTRAL}
MOST_NAMED = 4  # segments of a tier in a sentence


def tiers_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Compare each tier's share of customers with its share of gross profit.

    Nothing where there is no profit, where the orders themselves say a loss, or where there is one segment only.
    """
    if loses_money(analysis, facts) or not facts.number("profit.total") > 0 or facts.number("segments.filled") == 1:
        return None
    held = [tier for tier in TIERS if facts.number(f"profit.{tier}.customers")]
    negative = any(facts.number(f"profit.{tier}.share") < 0 for tier in held)
    exhibit = _table(held, facts) if negative or len(held) == 1 else _stack(held, facts)
    differ = verdict_on(analysis, analysis.segmentations.lead.scheme).result is Result.DIFFER
    kind = "same" if "premium" not in held else "differ" if differ else "open"
    margin = "own" if any(own for _, own in analysis.impact.margins.values()) else "one"
    return SlideSpec(
        "tiers", SlideKind.CONTENT, text(f"slide.tiers.title_{kind}", facts), text("slide.tiers.subtitle", facts),
        (exhibit,), tuple(_so_what(analysis, facts, held)), text("deck.source_money", facts, sources=sources(analysis)),
        notes=" ".join(
            [
                text("slide.tiers.notes", facts, total=facts["profit.total"].how),
                text(f"slide.tiers.notes_{margin}", facts),
            ]
        ),
    )  # fmt: skip


def _stack(held: list[str], facts: Facts) -> Chart:
    """Return the tiers as two stacks, the best at the top."""
    return Chart(
        ChartKind.STACKED_100,
        (text("slide.tiers.of_customers", facts), text("slide.tiers.of_profit", facts)),
        tuple(
            Series(
                text(f"impact.tier_{tier}", facts),
                (facts.number(f"profit.{tier}.customer_share"), facts.number(f"profit.{tier}.share")),
                WHOLE_SHARE,
                COLOURS[tier],
            )
            for tier in reversed(held)
        ),
        alt=text("slide.tiers.alt", facts, parts="; ".join(_said(tier, facts) for tier in held)),
    )


def _said(tier: str, facts: Facts) -> str:
    customers, share = (facts.show(f"profit.{tier}.{name}") for name in ("customer_share", "share"))
    return f"{text(f'impact.tier_{tier}', facts)} {customers} and {share}"


def _table(held: list[str], facts: Facts) -> SlideTable:
    """Return the tiers as rows: shares below nought cannot be stacked."""
    columns = (
        SlideColumn("Tier"), SlideColumn("Customers", COUNT), SlideColumn("% of customers", WHOLE_SHARE),
        SlideColumn("Gross profit to date", MONEY), SlideColumn("% of gross profit", WHOLE_SHARE),
        SlideColumn("Gross profit each", MONEY),
    )  # fmt: skip
    names = ("customers", "customer_share", "gross_profit", "share", "each")
    rows = tuple(
        (text(f"impact.tier_{tier}", facts), *(facts.value(f"profit.{tier}.{name}") for name in names)) for tier in held
    )
    alt = text("slide.tiers.alt", facts, parts="; ".join(_said(tier, facts) for tier in held))
    total = ("All customers", facts.value("customers.count"), 1.0, facts.value("profit.total"), 1.0, None)
    return SlideTable(columns, rows, alt, total=total, roles=tuple(COLOURS[tier] for tier in held))


def _so_what(analysis: Analysis, facts: Facts, held: list[str]) -> Iterator[str]:
    lead = analysis.segmentations.lead
    for tier in held:
        named = [
            segment.name
            for segment in ranked(lead, facts, "revenue")
            if facts.value(f"profit.segment.{segment.key}.tier") == tier
        ]
        more = len(named) - MOST_NAMED
        shown = joined([*named[:MOST_NAMED], f"{more} more"] if more > 1 else named)
        yield text(f"slide.tiers.so_what_{tier}", facts, names=shown)
