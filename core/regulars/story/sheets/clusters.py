"""The Clusters sheet: the evidence for a number of clusters, clusters across RFM segments, and the other schemes."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, NUMBER, SHARE
from regulars.segments.evidence import TRIED
from regulars.segments.model import Segments
from regulars.story.sheet_spec import Block, Column, Heat, Row, SheetKind, SheetSpec, Table, Text, Tone
from regulars.story.sheets.segments import ALL, BESIDE, rules_table
from regulars.story.sheets.tables import segment_table
from regulars.story.texts import text
from regulars.story.words import fact_key, filled


def clusters_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the table of evidence, the cross-table, and each scheme that the Segments sheet does not show."""
    blocks: list[Block] = []
    if facts.known("clusters.k"):
        recommended = "clusters.recommended" if facts.known("clusters.recommended_k") else "clusters.no_number"
        blocks += [
            Text((text(recommended, facts),), tone=Tone.FINDING),
            _evidence(facts),
            Text(tuple(_wholesale(analysis, facts)), tone=Tone.SMALL),
        ]
    else:
        blocks.append(
            Text((text("segments.no_clusters", facts, reason=facts.show("clusters.reason")),), tone=Tone.SMALL)
        )
    rfm, clusters = (analysis.segmentations.scheme(name) for name in ("rfm11", "kmeans5"))
    if rfm is not None and clusters is not None:
        blocks.append(_cross(rfm, clusters, facts))
    lead = analysis.segmentations.lead
    for segments in analysis.segmentations.schemes:
        if segments is not lead and segments.scheme not in BESIDE:
            blocks += _scheme(segments, facts)
    return SheetSpec(
        "Clusters", SheetKind.SEGMENTS, text("clusters.title", facts), text("clusters.lead", facts), tuple(blocks)
    )


def _evidence(facts: Facts) -> Table:
    columns = (
        Column("k", "Clusters", COUNT),
        Column("silhouette", "Silhouette", NUMBER, heat=Heat.SCALE),
        Column("gap", "Gap statistic", NUMBER),
        Column("gap_error", "Error of the gap", NUMBER),
        Column("stability", "Stability", NUMBER, heat=Heat.SCALE),
        Column("used", "Used here"),
    )
    rows = []
    for k in (1, *TRIED):
        cells = [
            facts.value(f"clusters.{name}.{k}") if f"clusters.{name}.{k}" in facts else None
            for name in ("silhouette", "gap", "gap_error", "stability")
        ]
        if any(cell is not None for cell in cells):
            rows.append(Row(f"k{k}", (k, *cells, "yes" if k == facts.value("clusters.k") else "")))
    return Table(
        "evidence", columns, tuple(rows), text("clusters.evidence", facts), text("clusters.evidence_lead", facts)
    )


def _wholesale(analysis: Analysis, facts: Facts) -> Iterator[str]:
    made = analysis.segmentations.clusters
    rule = made.wholesale_rule if made is not None else ""
    yield text(
        "clusters.wholesale_some" if facts.number("clusters.wholesale") else "clusters.wholesale_none", facts, rule=rule
    )


def _cross(rfm: Segments, clusters: Segments, facts: Facts) -> Table:
    columns = (
        Column("segment", rfm.title),
        *(Column(one.key, one.name, COUNT, heat=Heat.SCALE) for one in filled(clusters)),
    )
    rows = tuple(
        Row(
            row.key,
            (
                row.name,
                *(
                    facts.value(f"cross.{rfm.scheme}.{clusters.scheme}.{row.key}.{one.key}.customers")
                    for one in filled(clusters)
                ),
            ),
        )
        for row in filled(rfm)
    )
    total = Row(
        "total",
        ("All customers", *(facts.value(fact_key(clusters, one, "customers")) for one in filled(clusters))),
        strong=True,
    )
    return Table("cross", columns, rows, text("clusters.cross", facts), text("clusters.cross_lead", facts), total=total)


def _scheme(segments: Segments, facts: Facts) -> Iterator[Block]:
    """Yield a scheme's figures, its groups and sub-groups where it has such, and its rules."""
    yield segment_table(segments, facts, ALL, segments.scheme, segments.title, segments.how)
    groups = list(dict.fromkeys(one.group for one in segments.definitions if one.group))
    if groups:
        yield _groups(segments, groups, facts)
    parts = tuple(
        text(
            "clusters.part", facts, name=one.name, whole=segments.named(one.part_of).name,
            share=facts.show(fact_key(segments, one, "share_within")),
            least=facts.show(fact_key(segments, one, "average_order_least")),
        )
        for one in filled(segments) if one.part_of
    )  # fmt: skip
    if parts:
        yield Text(parts)
    yield rules_table(segments, facts, f"{segments.scheme}_rules")


def _groups(segments: Segments, groups: list[str], facts: Facts) -> Table:
    columns = (
        Column("group", "Group"), Column("customers", "Customers", COUNT),
        Column("customer_share", "% of customers", SHARE), Column("revenue", "Revenue to date", MONEY),
        Column("revenue_share", "% of revenue", SHARE), Column("segments", "Segments"),
    )  # fmt: skip
    rows = []
    for name in groups:
        key = name.lower().replace(" ", "_")
        figures = (
            facts.value(f"groups.{segments.scheme}.{key}.{figure}")
            for figure in ("customers", "customer_share", "revenue", "revenue_share")
        )
        members = ", ".join(one.name for one in segments.definitions if one.group == name)
        rows.append(Row(key, (name, *figures, members)))
    return Table(f"{segments.scheme}_groups", columns, tuple(rows), f"{segments.title}: groups")
