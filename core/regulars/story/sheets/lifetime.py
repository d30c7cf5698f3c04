"""The CLV sheet: what is expected, how the model did in its test, and its parameters."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, TEXT
from regulars.story.distribution import clv_bins
from regulars.story.sheet_spec import Block, Chart, ChartKind, Column, Row, SheetKind, SheetSpec, Table, Text, Tone
from regulars.story.sheets.tables import pairs_table, segment_table
from regulars.story.texts import text

PARAMETERS = (
    "clv.model", "clv.horizon_months", "clv.bgnbd.r", "clv.bgnbd.alpha", "clv.bgnbd.a", "clv.bgnbd.b",
    "clv.bgnbd.log_likelihood", "clv.gammagamma.p", "clv.gammagamma.q", "clv.gammagamma.v",
)  # fmt: skip


def lifetime_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return totals by segment, the distribution, the verdict of the test and the parameters, or why there are none."""
    title = text("clv.title", facts)
    if not facts.known("clv.total"):
        reason = facts.show("clv.reason")
        how = f"Initiatives rest on the shop's own history instead: {analysis.impact.outlook.how}."
        return SheetSpec("CLV", SheetKind.SEGMENTS, title, text("clv.lead_none", facts, reason=reason), (Text((how,)),))
    lead = analysis.segmentations.lead
    bins = clv_bins(analysis.lifetime.frame["clv"], facts.currency)
    blocks: list[Block] = [Text((verdict(facts), *analysis.lifetime.cautions), tone=Tone.FINDING)]
    blocks += [
        segment_table(lead, facts, ("customers", "clv", "clv_per_customer"), "segments", text("clv.segments", facts)),
        Chart(
            ChartKind.BAR, text("clv.segments", facts), "segments", "segment", ("clv_per_customer",),
            alt=text("clv.lead", facts), beside=True,
        ),
        Table(
            "bins", (Column("bin", "Expected revenue", TEXT), Column("customers", "Customers", COUNT)),
            tuple(Row(f"bin{number}", pair) for number, pair in enumerate(bins)), text("clv.distribution", facts),
        ),
        Chart(
            ChartKind.COLUMN, text("clv.distribution", facts), "bins", "bin", ("customers",),
            alt=text("clv.distribution", facts), beside=True,
        ),
        pairs_table(
            "parameters", text("clv.parameters", facts),
            [(key.removeprefix("clv."), f"{facts.show(key)}  ({facts[key].how})") for key in PARAMETERS],
            ("Figure", "Value and source"),
        ),
        Text((text("clv.meaning", facts),), tone=Tone.SMALL),
    ]  # fmt: skip
    return SheetSpec("CLV", SheetKind.SEGMENTS, title, text("clv.lead", facts), tuple(blocks))


def verdict(facts: Facts) -> str:
    """Return how the model did on orders it had not seen, in a sentence."""
    if not facts.known("clv.holdout.bias"):
        return text("clv.no_verdict", facts, reason=facts.show("clv.holdout.reason"))
    bias, naive = (facts.show(f"clv.holdout.{name}") for name in ("bias", "naive_bias"))
    return text("clv.verdict", facts, bias=bias, naive=naive)
