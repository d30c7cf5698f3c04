"""Where value sits: by segment, by customer, by recency and frequency, and in the months to come."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, NUMBER, SHARE, WHOLE_SHARE, Value
from regulars.clv.model import Holdout
from regulars.findings.distribution import bin_key, clv_bins
from regulars.findings.heat import SCORES, cell
from regulars.findings.lifetime import tracking_points
from regulars.segments.model import Segment, SegmentRole, Segments
from regulars.segments.verdict import Result
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
from regulars.story.verdicts import figures_sentence, verdict_on, verdict_sentence
from regulars.story.words import customer_named, fact_key, filled, ranked, segment_words, shares_are_known, sources

DIFFERENT = 5.0  # percentage points between customers and revenue from which a segment stands out
CONCENTRATED = 0.4
SCORECARD = {
    Result.DIFFER: "",
    Result.DO_NOT_DIFFER: "_same",
    Result.INCONCLUSIVE: "_open",
    Result.TOO_FEW: "_few",
    None: "_few",
}  # the ending of the scorecard's title, by what the later orders say of the segments
COLOURS = {
    SegmentRole.BEST: Role.HIGHLIGHT,
    SegmentRole.LOYAL: Role.POSITIVE,
    SegmentRole.RISING: Role.POSITIVE,
    SegmentRole.LEAVING: Role.NEGATIVE,
}


def _number(segments: Segments, segment: Segment, facts: Facts, name: str) -> float:
    return facts.number(fact_key(segments, segment, name))


def value_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Compare each segment's share of customers with its share of revenue; one segment alone is the scorecard's."""
    if not shares_are_known(facts) or facts.number("segments.filled") == 1:
        return None
    lead = analysis.segmentations.lead
    segments = ranked(lead, facts, "revenue")
    best = segments[0]
    shares = {
        name: tuple(_number(lead, segment, facts, f"{name}_share") for segment in segments)
        for name in ("customer", "revenue")
    }
    words = segment_words(lead, best, facts)
    differ = facts.number("segments.widest_gap_points") >= DIFFERENT
    title = text("slide.value.title_differ", facts, **words) if differ else text("slide.value.title_same", facts)
    parts = "; ".join(
        f"{s.name} {WHOLE_SHARE.show(a)} and {WHOLE_SHARE.show(b)}"
        for s, a, b in zip(segments, shares["customer"], shares["revenue"], strict=True)
    )
    chart = Chart(
        ChartKind.BAR,
        tuple(segment.name for segment in segments),
        (
            Series("Share of revenue", shares["revenue"], WHOLE_SHARE, Role.HIGHLIGHT),
            Series("Share of customers", shares["customer"], WHOLE_SHARE, Role.NEUTRAL),
        ),
        alt=text("slide.value.alt", facts, parts=parts),
    )
    return SlideSpec(
        "value", SlideKind.CONTENT, title, text("slide.value.subtitle", facts), (chart,), tuple(_so_what(lead, facts, best, differ=differ)),
        text("deck.source", facts, sources=sources(analysis)), notes=lead.how,
    )  # fmt: skip


def _so_what(lead: Segments, facts: Facts, best: Segment, *, differ: bool) -> Iterator[str]:
    if differ and carried(best, facts):
        yield text("slide.value.so_what_one", facts, name=best.name, customer=customer_named(facts))
    elif differ:
        yield text("slide.value.so_what_best", facts, **segment_words(lead, best, facts))
    else:
        widest = lead.named(str(facts.value("segments.widest_gap")))
        yield text("slide.value.so_what_gap", facts, **segment_words(lead, widest, facts))
    if facts.number("at_risk.customers"):
        yield text("slide.value.so_what_risk", facts)
    idle = [segment for segment in filled(lead) if segment.role is SegmentRole.LOST]
    if idle:
        least = min(idle, key=lambda segment: _number(lead, segment, facts, "value_index"))
        yield text("slide.value.so_what_lost", facts, **segment_words(lead, least, facts))


def carried(segment: Segment, facts: Facts) -> bool:
    """Tell whether one customer carries the shop and stands in a segment with others, whose average says little then."""
    known = facts.value("largest.carries") == "yes" and facts.known("largest.segment_each_without")
    return known and segment.key == facts.value("largest.segment")


def scorecard_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Put all segments side by side, with the money each customer brings."""
    if not shares_are_known(facts):
        return None
    lead = analysis.segmentations.lead
    figures = [
        ("Customers", "customers", COUNT, False), ("% of customers", "customer_share", SHARE, True),
        ("Revenue", "revenue", MONEY, False), ("% of revenue", "revenue_share", SHARE, False),
        ("Orders each", "orders_per_customer", NUMBER, True), ("Average order", "average_order", MONEY, True),
        ("Revenue each", "revenue_per_customer", MONEY, False), ("Value index", "value_index", NUMBER, False),
    ]  # fmt: skip
    if facts.known("clv.total"):
        figures.append(("Expected each", "clv_per_customer", MONEY, False))
    segments = ranked(lead, facts, "revenue")
    columns = (
        SlideColumn("Segment"),
        *(SlideColumn(title, unit, optional, tinted=name == "value_index") for title, name, unit, optional in figures),
    )
    rows = tuple(
        (segment.name, *(facts.value(fact_key(lead, segment, name)) for _, name, _, _ in figures))
        for segment in segments
    )
    totals = {
        "customers": facts.value("customers.count"), "customer_share": 1.0, "revenue": facts.value("revenue.total"),
        "revenue_share": 1.0, "orders_per_customer": facts.value("orders.per_customer"),
        "average_order": facts.value("revenue.average_order"), "revenue_per_customer": facts.value("revenue.per_customer"),
        "value_index": 1.0, "clv_per_customer": facts.value("clv.average"),
    }  # fmt: skip
    table = SlideTable(
        columns, rows, text("slide.scorecard.alt", facts, **segment_words(lead, segments[0], facts)),
        total=("All customers", *(totals[name] for _, name, _, _ in figures)),
        roles=tuple(COLOURS.get(segment.role) for segment in segments),
    )  # fmt: skip
    by_value = ranked(lead, facts, "revenue_per_customer")
    by_index = ranked(lead, facts, "value_index")[0]
    words = segment_words(lead, by_index, facts)
    verdict = verdict_on(analysis, lead.scheme)
    one, differs = carried(by_value[0], facts), verdict.result is Result.DIFFER
    kind = "_one" if len(segments) == 1 else "_carried" if one else SCORECARD[verdict.result]
    said = verdict_sentence(analysis, facts, verdict)
    return SlideSpec(
        "scorecard", SlideKind.CONTENT,
        text(
            f"slide.scorecard.title{kind}", facts, best=by_value[0].name, last=by_value[-1].name,
            best_value=facts.show(fact_key(lead, by_value[0], "revenue_per_customer")),
            last_value=facts.show(fact_key(lead, by_value[-1], "revenue_per_customer")),
        ),
        text(f"slide.scorecard.subtitle{'' if facts.known('clv.total') else '_no_clv'}", facts), (table,),
        (
            text("slide.scorecard.so_what", facts),
            text("slide.scorecard.so_what_2", facts, **words) if differs else said,
        ),
        text("deck.source", facts, sources=sources(analysis)),
        notes=" ".join(part for part in (lead.how, said, figures_sentence(facts, verdict)) if part),
    )  # fmt: skip


def concentration_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show how much the best customers bring."""
    if not facts.known("concentration.top_10_share"):
        return None
    cumulative = [facts.number(f"concentration.top_{tenth}0_share") for tenth in range(1, 11)]
    shares = [facts.number(f"concentration.tenth_{tenth}_share") for tenth in range(1, 11)]
    chart = Chart(
        ChartKind.PARETO,
        tuple(f"{tenth}0–{tenth + 1}0%" if tenth else "0–10%" for tenth in range(10)),
        (
            Series(text("slide.concentration.bars", facts), tuple(shares), WHOLE_SHARE, Role.HIGHLIGHT),
            Series(text("slide.concentration.line", facts), tuple(cumulative), WHOLE_SHARE, Role.LINE),
        ),
        alt=text("slide.concentration.alt", facts),
        highlights=("0–10%",),
    )
    kind = "concentrated" if cumulative[0] >= CONCENTRATED else "spread"
    so_what = [text("slide.concentration.so_what", facts)]
    if facts.value("largest.carries") == "yes":
        kind = "one"
        so_what.append(text("slide.concentration.so_what_one", facts, customer=customer_named(facts)))
    return SlideSpec(
        "concentration", SlideKind.CONTENT, text(f"slide.concentration.title_{kind}", facts),
        text("slide.concentration.subtitle", facts), (chart,), tuple(so_what),
        source=text("deck.source", facts, sources=sources(analysis)),
        notes=f"Top 10%: {facts['concentration.top_10_share'].how}.",
    )  # fmt: skip


def heat_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show revenue per customer and customers by recency and frequency score."""
    if not shares_are_known(facts):
        return None
    columns = (SlideColumn(""), *(SlideColumn(f"F{f}", MONEY, heat=True) for f in range(1, 6)))
    counts = (SlideColumn(""), *(SlideColumn(f"F{f}", COUNT, heat=True) for f in range(1, 6)))

    def rows(name: str) -> tuple[tuple[Value, ...], ...]:
        return tuple(
            (f"R{r}", *(facts.value(f"{cell(r, f)}.{name}") for f in SCORES)) for r in reversed(SCORES)
        )  # fmt: skip

    alt = text("slide.heat.alt", facts)
    value = SlideTable(columns, rows("revenue_per_customer"), alt, title=text("slide.heat.left", facts))
    people = SlideTable(counts, rows("customers"), alt, title=text("slide.heat.right", facts))
    corners = facts.value("rfm.best_cell") == "R5\N{NO-BREAK SPACE}F5" and facts.known("rfm.r1_f1.customers")
    if facts.value("largest.carries") == "yes" and facts.value("rfm.best_cell") == facts.value("largest.cell"):
        others = facts.known("largest.cell_each_without")
        title = text("slide.heat.title_one" if others else "slide.heat.title_alone", facts)
    else:
        title = text("slide.heat.title" if corners else "slide.heat.title_plain", facts)
    return SlideSpec(
        "heat", SlideKind.CONTENT, title, text("slide.heat.subtitle", facts), (value, people),
        source=text("deck.source", facts, sources=sources(analysis)), notes=f"{text('definition.recency_text', facts)} {text('definition.frequency_text', facts)}",
    )  # fmt: skip


def lifetime_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show what customers are expected to bring, with the model's own test."""
    if not facts.known("clv.total"):
        return None
    lead = analysis.segmentations.lead
    segments = ranked(lead, facts, "clv_per_customer")
    parts = "; ".join(f"{s.name} {facts.show(fact_key(lead, s, 'clv_per_customer'))}" for s in segments)
    bars = Chart(
        ChartKind.BAR,
        tuple(segment.name for segment in segments),
        (Series("Expected revenue each", tuple(_number(lead, s, facts, "clv_per_customer") for s in segments), MONEY),),
        alt=text("slide.lifetime.alt", facts, parts=parts),
        highlights=(segments[0].name,),
        negatives=tuple(segment.name for segment in segments if segment.role is SegmentRole.LEAVING),
        title=text("slide.lifetime.left", facts),
    )
    holdout = analysis.lifetime.holdout
    right = _distribution(analysis, facts) if holdout is None else _tracking(holdout, facts)
    kind = "" if holdout is None or holdout.inside else "_missed"
    return SlideSpec(
        "lifetime", SlideKind.CONTENT, text(f"slide.lifetime.title{kind}", facts), text("slide.lifetime.subtitle", facts),
        (bars, right), tuple(_lifetime_so_what(analysis, facts)),
        text("deck.source", facts, sources=sources(analysis)), notes=_lifetime_notes(analysis, facts),
    )  # fmt: skip


def distribution_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show how expected revenue is spread, where the lifetime slide has room for the test only."""
    if not facts.known("clv.total") or analysis.lifetime.holdout is None:
        return None
    return SlideSpec(
        "distribution", SlideKind.CONTENT, text("slide.distribution.title", facts),
        text("slide.distribution.subtitle", facts), (_distribution(analysis, facts),),
        (text("slide.distribution.so_what", facts),) if facts.number("clv.median") < facts.number("clv.average") else (),
        text("deck.source", facts, sources=sources(analysis)),
        notes=_lifetime_notes(analysis, facts),
    )  # fmt: skip


def _distribution(analysis: Analysis, facts: Facts) -> Chart:
    labels = [label for label, _ in clv_bins(analysis.lifetime.frame["clv"], facts.currency)]
    counts = tuple(facts.number(bin_key(number)) for number in range(len(labels)))
    said = "; ".join(f"{label} {facts.show(bin_key(number))}" for number, label in enumerate(labels))
    return Chart(
        ChartKind.HISTOGRAM,
        tuple(labels),
        (Series("Customers", counts, COUNT, Role.HIGHLIGHT),),
        alt=f"{text('clv.distribution', facts)}: {said}",
        title=text("slide.lifetime.right", facts),
    )


def _tracking(holdout: Holdout, facts: Facts) -> Chart:
    points = tracking_points(holdout)
    return Chart(
        ChartKind.LINE,
        tuple(f"{week}" for week, _, _ in points),
        (
            Series("Actual", tuple(actual for _, actual, _ in points), COUNT, Role.BASE),
            Series("Expected", tuple(expected for _, _, expected in points), COUNT, Role.LINE),
        ),
        alt=text("clv.tracking_lead", facts),
        title=text("slide.lifetime.tracking", facts),
    )


def _lifetime_so_what(analysis: Analysis, facts: Facts) -> Iterator[str]:
    narrow = facts.known("clv.holdout.bias") and abs(facts.number("clv.holdout.bias")) > facts.number("clv.range_width")
    yield text("slide.lifetime.so_what_narrow" if narrow else "slide.lifetime.so_what_range", facts)
    if not facts.known("clv.holdout.bias"):
        yield text("slide.lifetime.so_what_untested", facts, reason=facts.show("clv.holdout.reason"))
        yield from _doubt(analysis, facts)
        return
    bias, naive = facts.show("clv.holdout.bias"), facts.show("clv.holdout.naive_bias")
    yield text("slide.lifetime.so_what_test", facts, bias=bias, naive=naive)
    if analysis.lifetime.is_model:
        yield from _doubt(analysis, facts)
    else:
        yield text("slide.lifetime.so_what_rule", facts, rule=analysis.lifetime.forecast_name)


def _doubt(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Yield the first thing to know of the forecast; the others stand in the notes and in the appendix."""
    if analysis.lifetime.cautions:
        yield text("slide.lifetime.so_what_doubt", facts, caution=analysis.lifetime.cautions[0])


def _lifetime_notes(analysis: Analysis, facts: Facts) -> str:
    tested = facts.known("clv.holdout.bias")
    said = text("slide.lifetime.notes", facts) if tested else f"Expected revenue: {facts['clv.total'].how}."
    return " ".join([said, *analysis.lifetime.cautions])
