"""The Segments sheet: every scheme side by side, and where value sits by recency and frequency."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY
from regulars.segments.evidence import SEPARATE
from regulars.segments.model import Segments
from regulars.story.sheet_spec import (
    Block,
    Chart,
    ChartKind,
    Column,
    Heat,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.sheets.tables import SEGMENT_FIGURES, segment_table
from regulars.story.sheets.verdict import verdict_table, verdict_text
from regulars.story.texts import text
from regulars.story.words import fact_key, filled, segment_words, shares_are_known, top_segment

ALL = tuple(name for name, _, _, _ in SEGMENT_FIGURES)
BESIDE = ("kmeans5", "supplied", "recipe004", "recipe004_corrected")  # the others stand on the sheet Clusters


def segments_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the lead scheme with its chart and rules, the other schemes, and the heat map."""
    lead = analysis.segmentations.lead
    odd = tuple(facts.show(key) for key in ("segments.lead_reason", "segments.supplied_reason") if facts.known(key))
    blocks: list[Block] = [
        *([Text(odd, tone=Tone.WARNING)] if odd else []),
        verdict_text(analysis, facts),
        segment_table(lead, facts, ALL, "lead", lead.title, lead.how),
        *([_shares(lead, facts)] if shares_are_known(facts) else []),
        rules_table(lead, facts, "rules"),
        _heat(analysis, facts),
    ]
    for segments in analysis.segmentations.schemes:
        if segments is not lead and segments.scheme in BESIDE and analysis.shows(segments.scheme):
            blocks.append(segment_table(segments, facts, ALL, segments.scheme, segments.title, segments.how))
            if segments.scheme == "kmeans5":
                blocks.append(Text((clusters_words(facts),), tone=Tone.SMALL))
    if facts.known("recipe004.bulk"):
        blocks.append(Text((text("segments.recipe", facts),), tone=Tone.FINDING))
    blocks += _about_clusters(analysis, facts)
    blocks.append(verdict_table(analysis, facts))
    return SheetSpec(
        "Segments", SheetKind.SEGMENTS, text("segments.title", facts), text("segments.lead", facts), tuple(blocks)
    )


def _about_clusters(analysis: Analysis, facts: Facts) -> list[Block]:
    """Say where clusters are shown, or why there are none."""
    if not analysis.shows("kmeans5"):
        return [Text((text("segments.clusters_elsewhere", facts),), tone=Tone.SMALL)]
    if facts.known("clusters.k"):
        return []
    return [Text((text("segments.no_clusters", facts, reason=facts.show("clusters.reason")),), tone=Tone.SMALL)]


def _shares(lead: Segments, facts: Facts) -> Chart:
    best = top_segment(lead, facts)
    return Chart(
        ChartKind.COLUMN,
        text("segments.chart", facts),
        "lead",
        "segment",
        ("customer_share", "revenue_share"),
        alt=text("segments.chart_alt", facts, **segment_words(lead, best, facts)),
    )


def rules_table(segments: Segments, facts: Facts, key: str) -> Table:
    """Return each segment's rule, and what it comes to in this shop."""
    columns = (
        Column("segment", "Segment"),
        Column("last_order_least", "Last order, days ago: least", COUNT),
        Column("last_order_most", "most", COUNT),
        Column("orders_least", "Orders of a customer: least", COUNT),
        Column("orders_most", "most", COUNT),
        Column("rule", "Rule"),
    )
    rows = tuple(
        Row(
            segment.key,
            (
                segment.name,
                *(facts.value(fact_key(segments, segment, column.key)) for column in columns[1:-1]),
                segment.meaning,
            ),
        )
        for segment in filled(segments)
    )
    return Table(key, columns, rows, f"{segments.title}: what each segment means, and what it comes to in this shop")


def clusters_words(facts: Facts) -> str:
    """Return what the silhouettes say of the clusters."""
    apart = facts.known("clusters.best_silhouette") and facts.number("clusters.best_silhouette") >= SEPARATE
    if apart and facts.value("clusters.best_k") != facts.value("clusters.k"):
        verdict = text("segments.groups_of_other_number", facts)
    else:
        verdict = text("segments.groups" if apart else "segments.continuum", facts)
    return text("segments.clusters_lead", facts, verdict=verdict)


def _heat(analysis: Analysis, facts: Facts) -> Table:
    scores = analysis.segmentations.scores
    revenue = analysis.summary.customers.frame["revenue"]
    mean = revenue.groupby([scores["r"], scores["f"]]).mean()
    columns = (
        Column("r", "Recency score"),
        *(Column(f"f{f}", f"F{f}", MONEY, heat=Heat.SCALE) for f in range(1, 6)),
    )
    rows = tuple(
        Row(f"r{r}", (f"R{r}", *(float(mean[r, f]) if (r, f) in mean.index else None for f in range(1, 6))))
        for r in range(5, 0, -1)
    )
    return Table("heat", columns, rows, text("segments.heat", facts), text("segments.heat_lead", facts))
