"""The CLV sheet: what is expected, how the model did in its test, and its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, NUMBER, SHARE, TEXT
from regulars.clv.model import Holdout
from regulars.findings.distribution import clv_bins
from regulars.story.distribution import tracking_points
from regulars.story.sheet_spec import Block, Chart, ChartKind, Column, Row, SheetKind, SheetSpec, Table, Text, Tone
from regulars.story.sheets.tables import pairs_table, segment_table
from regulars.story.texts import entries, text
from regulars.story.words import fact_key, filled

PARAMETERS = (
    "clv.model", "clv.chosen_by", "clv.gate", "clv.horizon_months", "clv.bgnbd.r", "clv.bgnbd.alpha", "clv.bgnbd.a", "clv.bgnbd.b",
    "clv.bgnbd.log_likelihood", "clv.gammagamma.p", "clv.gammagamma.q", "clv.gammagamma.v",
)  # fmt: skip


RANGES = ("clv_low", "clv", "clv_high", "clv_median", "clv_top_10_share", "cac_ceiling")
ALL_RANGES = ("total_low", "total", "total_high", "median", "top_10_share")


def lifetime_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return totals by segment, the distribution, the verdict of the test and the parameters, or why there are none."""
    title = text("clv.title", facts)
    if not facts.known("clv.total"):
        reason = facts.show("clv.reason")
        how = f"Initiatives rest on the shop's own history instead: {analysis.impact.outlook.how}."
        return SheetSpec("CLV", SheetKind.SEGMENTS, title, text("clv.lead_none", facts, reason=reason), (Text((how,)),))
    lead = analysis.segmentations.lead
    bins = clv_bins(analysis.lifetime.frame["clv"], facts.currency)
    blocks: list[Block] = [
        Text((facts.show("clv.verdict"), *analysis.lifetime.cautions), tone=Tone.FINDING),
        segment_table(lead, facts, ("customers", "clv", "clv_per_customer"), "segments", text("clv.segments", facts)),
        Chart(
            ChartKind.BAR, text("clv.segments_each", facts), "segments", "segment", ("clv_per_customer",),
            alt=text("clv.lead", facts), beside=True,
        ),
        _ranges(analysis, facts),
        Table(
            "bins", (Column("bin", "Expected revenue", TEXT), Column("customers", "Customers", COUNT)),
            tuple(Row(f"bin{number}", pair) for number, pair in enumerate(bins)), text("clv.distribution", facts),
        ),
        Chart(
            ChartKind.COLUMN, text("clv.distribution", facts), "bins", "bin", ("customers",),
            alt=text("clv.distribution", facts), beside=True,
        ),
    ]  # fmt: skip
    if analysis.lifetime.holdout is not None:
        blocks += [_candidates(analysis.lifetime.holdout, facts), _classes(analysis.lifetime.holdout, facts)]
    blocks += [
        pairs_table(
            "parameters", text("clv.parameters", facts), list(_parameters(facts)), ("Figure", "Value and source")
        ),
        Text(_meaning(facts), tone=Tone.SMALL),
    ]
    if analysis.lifetime.holdout is not None:
        blocks += _tracking(analysis.lifetime.holdout, facts)
    return SheetSpec("CLV", SheetKind.SEGMENTS, title, text("clv.lead", facts), tuple(blocks))


def _meaning(facts: Facts) -> tuple[str, ...]:
    """Return what the figures mean, and what they take one-time buyers to spend, where there are any."""
    once = (text("clv.one_time", facts),) if facts.number("clv.one_time_customers") else ()
    return (*once, text("clv.meaning", facts))


def _ranges(analysis: Analysis, facts: Facts) -> Table:
    """Return the expected revenue of each segment with its range, and what such a customer may cost."""
    lead = analysis.segmentations.lead
    columns = (
        Column("segment", "Segment"), Column("low", "Low", MONEY), Column("expected", "Expected", MONEY),
        Column("high", "High", MONEY), Column("median", "Half bring less than", MONEY),
        Column("top", "Best tenth bring", SHARE), Column("cac", "Acquisition may cost", MONEY, note=text("clv.cac", facts)),
    )  # fmt: skip
    rows = tuple(
        Row(
            segment.key,
            (
                segment.name,
                *(facts.value(fact_key(lead, segment, name)) for name in RANGES),
            ),
        )
        for segment in filled(lead)
    )
    total = Row(
        "total",
        ("All customers", *(facts.value(f"clv.{name}") for name in ALL_RANGES), None),
        strong=True,
    )
    return Table(
        "ranges", columns, rows, text("clv.ranges", facts), facts.show("clv.range_meaning"), total,
        remark=text("clv.ranges_remark", facts),
    )  # fmt: skip


def _candidates(holdout: Holdout, facts: Facts) -> Table:
    """Return the errors of all candidates on the test; the one that is used stands out."""
    columns = (
        Column("candidate", "Forecast"), Column("bias", "Total missed by", SHARE), Column("mae", "Mean error", NUMBER),
        Column("rmse", "Root mean square", NUMBER), Column("gini", "Ranking (Gini)", NUMBER),
        Column("top", "Best tenth made", SHARE),
    )  # fmt: skip
    names = ("bias", "mae", "rmse", "gini", "top_decile")
    rows = tuple(
        Row(
            one.key,
            (one.name, *(facts.value(f"clv.candidates.{one.key}.{name}") for name in names)),
            strong=one.key == holdout.chosen.key,
        )
        for one in holdout.scores
    )
    return Table(
        "candidates", columns, rows, text("clv.candidates", facts), text("clv.candidates_lead", facts),
        remark=text("clv.candidates_remark", facts),
    )  # fmt: skip


def _classes(holdout: Holdout, facts: Facts) -> Table:
    """Return what customers did in the test beside what was expected, by how often they had ordered."""
    columns = (
        Column("class", "Repeat purchase days before", TEXT), Column("customers", "Customers", COUNT),
        Column("actual", "Actual, each", NUMBER), Column("expected", "Expected, each", NUMBER),
    )  # fmt: skip
    rows = tuple(
        Row(f"class{number}", (one.label, one.customers, one.actual, one.expected))
        for number, one in enumerate(holdout.classes)
    )
    return Table("classes", columns, rows, text("clv.classes", facts))


def _tracking(holdout: Holdout, facts: Facts) -> list[Block]:
    """Return the tracking plot over its table; long windows are shown in steps of several weeks."""
    columns = (
        Column("week", "Week", COUNT), Column("actual", "Actual", COUNT), Column("expected", "Expected", COUNT),
    )  # fmt: skip
    rows = tuple(Row(f"week{week}", (week, actual, expected)) for week, actual, expected in tracking_points(holdout))
    return [
        Table("tracking", columns, rows, text("clv.tracking", facts), text("clv.tracking_lead", facts), listing=True),
        Chart(
            ChartKind.LINE, text("clv.tracking", facts), "tracking", "week", ("actual", "expected"),
            alt=text("clv.tracking_lead", facts), beside=True,
        ),
    ]  # fmt: skip


def _parameters(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what the model is and rests on, in words; parameters in use are left out where they are those of the BG/NBD."""
    words = entries("clv_parameter")
    used = [key for key in facts if key.startswith("clv.parameters.") and not key.endswith("_se")]
    if all(facts.value(key) == _of_bgnbd(facts, key) for key in used):
        used = []
    for key in (*PARAMETERS, *used):
        error = f" ± {facts.show(f'{key}_se')}" if facts.known(f"{key}_se") else ""
        name = key.removeprefix("clv.").replace(".", "_")
        plain = key.rpartition(".")[2].replace("_", " ")
        label = words[name] if name in words else words["used"].replace("{name}", plain)
        yield label, f"{facts.show(key)}{error}  ({facts[key].how})"


def _of_bgnbd(facts: Facts, key: str) -> object:
    same = f"clv.bgnbd.{key.rpartition('.')[2]}"
    return facts.value(same) if facts.known(same) else None
