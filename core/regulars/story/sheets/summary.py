"""The Summary sheet: from it alone a stranger can name three right actions in two minutes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from enum import IntEnum, auto

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, SHARE, TEXT, counted
from regulars.findings.time import complete_months
from regulars.orders.notices import COPIED_LINES
from regulars.story.actions import CONCENTRATED, actions
from regulars.story.alarms import ends_in_silence, is_lonely
from regulars.story.case import loses_money, open_tests
from regulars.story.sheet_spec import (
    Block,
    Chart,
    ChartKind,
    Column,
    Figure,
    Figures,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.sheets.tables import segment_table
from regulars.story.texts import entries, text
from regulars.story.verdicts import doubts_of_segments
from regulars.story.words import (
    gain_is_known,
    leaving_names,
    segment_words,
    shares_are_known,
    size_of_change,
    sources,
    top_segment,
)

__all__ = ["actions", "findings", "summary_sheet", "warnings"]

MONTHS_SHOWN = 24
MOST_FIGURES = 8
MOST_FINDINGS = 5
FEW_CUSTOMERS = 30
LARGE_PART = 0.1  # of rows or of revenue


class Gravity(IntEnum):
    """What a warning puts in doubt, the gravest first."""

    NOTHING_LEFT = auto()  # revenue itself
    SLIP = auto()  # a slip in the sheet may spoil everything
    MONEY = auto()  # every gain
    PART = auto()  # some of the results, or a large part of the rows
    SCOPE = auto()  # nothing: it says what the results cover


def summary_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return key figures, findings, first actions, warnings, three charts and the reconciliation."""
    lead = analysis.segmentations.lead
    best = top_segment(lead, facts)
    words = segment_words(lead, best, facts)
    doubts = warnings(analysis, facts)
    blocks: tuple[Block, ...] = (
        Figures(_figures(analysis, facts)),
        Text(findings(analysis, facts), text("summary.findings", facts), Tone.FINDING),
        Text(actions(analysis, facts), text("summary.actions", facts), Tone.FINDING),
        segment_table(
            lead, facts, ("customers", "revenue", "revenue_share", "value_index"), "segments",
            text("summary.segments", facts, scheme=lead.title),
        ),
        Chart(
            ChartKind.BAR, text("summary.segments", facts, scheme=lead.title), "segments", "segment", ("revenue",),
            alt=text("segments.chart_alt", facts, **words), highlight=best.key, beside=True,
        ),
        Chart(
            ChartKind.LINE, text("summary.months", facts), "months", "month", ("revenue",),
            alt=text("deck.footer", facts), abreast=True,
        ),
        *_concentration(facts),
        Text(doubts, text("summary.warnings", facts), Tone.WARNING),
        _months(analysis, facts),
        *_tenths(facts),
        _reconciliation(facts),
    )  # fmt: skip
    who = f" Analyst: {analysis.settings.analyst}." if analysis.settings.analyst else ""
    before = f" {text('summary.before', facts, count=counted(len(doubts), 'remark'))}" if doubts else ""
    return SheetSpec(
        "Summary", SheetKind.SUMMARY, text("summary.title", facts),
        text("summary.lead", facts, sources=sources(analysis)) + who + before, blocks, landscape=False,
    )  # fmt: skip


def _figures(analysis: Analysis, facts: Facts) -> tuple[Figure, ...]:
    window = text("deck.footer", facts).split("|")[1].strip()
    ahead = f"next {counted(analysis.settings.horizon_months, 'month')}"

    def figure(label: str, key: str, scope: str) -> Figure:
        return Figure(label, facts.value(key), facts[key].unit, scope)

    shown = [
        figure("Revenue to date", "revenue.total", window),
        figure("Customers", "customers.count", window),
        figure("Average order", "revenue.average_order", window),
        figure("Customers who came back", "customers.repeat_share", "two or more orders"),
    ]
    if facts.known("clv.total"):
        shown.append(figure("Expected revenue", "clv.total", f"{ahead}, before margin"))
    late = f"{facts.show('at_risk.late')} late by their own rhythm, " if facts.known("at_risk.late") else ""
    shown.append(figure("Good customers gone quiet", "at_risk.customers", f"{late}as of {facts.show('window.end')}"))
    scope = f"{ahead}, {facts.show('impact.plan.scenario')} case, {facts.show('impact.standing_word')}"
    best = next(iter(open_tests(analysis)), None)
    of_plan, tested = scope, f"impact.plan.{best.key}.gross_profit" if best else ""
    if best is not None and facts.number(tested) > facts.number("impact.plan.gross_profit"):
        name = text(f"impact.{best.key}_short", facts).lower()
        of_plan = text("summary.beside_plan", facts, scope=scope, name=name, money=facts.show(tested))
    shown.append(figure("Extra gross profit of the plan", "impact.plan.gross_profit", of_plan))
    shown.append(figure("Investment of the plan", "impact.plan.investment", scope))
    return tuple(shown[:MOST_FIGURES])


def findings(analysis: Analysis, facts: Facts) -> tuple[str, ...]:
    """Return what stands out, as sentences with their numbers: of all that could be said the weightiest five."""
    return tuple(itertools.islice(_findings(analysis, facts), MOST_FINDINGS))


def _findings(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Yield findings, the weightiest first. Who came back, and what is expected, are key figures too: they come late."""
    lead = analysis.segmentations.lead
    if loses_money(analysis, facts):
        yield text("finding.loss", facts)
    if facts.known("concentration.top_10_share"):
        concentrated = facts.number("concentration.top_10_share") >= CONCENTRATED
        yield text("finding.concentrated" if concentrated else "finding.spread", facts)
    if shares_are_known(facts):
        yield text("finding.best_segment", facts, **segment_words(lead, top_segment(lead, facts), facts))
    else:
        yield text("finding.no_revenue", facts)
    if facts.value("largest.carries") == "yes":
        kind = "finding.top_customer" if facts.known("largest.segment_each_without") else "finding.top_customer_alone"
        yield text(kind, facts, name=facts.show("concentration.top_customer"))
    if shares_are_known(facts):
        yield from _ahead(analysis, facts)
    yield text("finding.repeat" if facts.known("customers.usual_gap") else "finding.no_repeat", facts)


def _ahead(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Yield who has gone quiet, what is expected, and where revenue is going."""
    if facts.number("at_risk.customers"):
        kind = "finding.at_risk_late" if facts.known("at_risk.late") else "finding.at_risk"
        yield text(kind, facts, names=leaving_names(analysis.segmentations.lead))
    else:
        yield text("finding.no_risk", facts)
    if facts.known("clv.total"):
        yield text("finding.clv", facts)
    change = facts.value("months.year_change")
    if isinstance(change, float):
        key = "finding.trend_up" if change >= 0 else "finding.trend_down"
        yield text(key, facts, change=size_of_change(facts, "months.year_change"))
    elif facts.known("months.peak"):
        yield text("finding.trend_season", facts)


def _forecast_doubt(analysis: Analysis, facts: Facts) -> str:
    """Return what an owner must know of the forecast; what the doubts are stands on the sheet CLV."""
    parts = [text("warning.forecast", facts)]
    if not analysis.lifetime.is_model:
        parts.append(text("warning.forecast_rule", facts))
    if facts.known("clv.holdout.predicted"):
        parts.append(text("warning.forecast_tried", facts))
    remarks = counted(len(analysis.lifetime.cautions), "remark")
    return " ".join([*parts, text("warning.forecast_where", facts, count=remarks)])


def warnings(analysis: Analysis, facts: Facts) -> tuple[str, ...]:
    """Return what the reader must know before believing anything, the gravest first."""
    gravely = sorted(_warnings(analysis, facts), key=lambda one: one[0])
    return tuple(said for _, said in gravely)


def _warnings(analysis: Analysis, facts: Facts) -> Iterator[tuple[Gravity, str]]:
    impact = analysis.impact
    assumed = "margin" if impact.margin_is_assumed else "rates"
    if gain_is_known(analysis) or impact.margin_is_assumed:
        yield Gravity.MONEY, text(f"warning.{'confirmed' if impact.confirmed else assumed}", facts)
    for said in _doubts(facts):
        yield Gravity.SLIP, said
    if not analysis.summary.months.last_is_complete:
        yield Gravity.SCOPE, text("warning.last_month", facts, month=f"{analysis.orders.window.end:%B %Y}")
    for said in doubts_of_segments(analysis, facts):
        yield Gravity.PART, said
    if shares_are_known(facts) and not facts.known("clv.total"):
        yield Gravity.PART, text("finding.no_clv", facts, reason=facts.show("clv.reason"))
    if analysis.lifetime.cautions:
        yield Gravity.PART, _forecast_doubt(analysis, facts)
    if analysis.orders.window.days < 2 * 365:
        yield Gravity.SCOPE, text("warning.short", facts)
    share = facts.number("orders.rows_set_aside") / max(facts.number("orders.rows_read"), 1)
    if facts.number("orders.rows_set_aside"):
        gravity = Gravity.PART if share >= LARGE_PART else Gravity.SCOPE
        yield gravity, text("warning.silent_rows", facts, share=SHARE.show(share))
    for notice in analysis.orders.notices:
        if notice.key == COPIED_LINES:
            yield Gravity.SCOPE, notice.text
    if facts.number("revenue.returns_unmatched"):
        yield (
            _gravity_of_returns(facts),
            text("warning.unmatched", facts, value=facts.show("revenue.returns_unmatched")),
        )
    yield Gravity.SCOPE, text("warning.new_start", facts)


def _gravity_of_returns(facts: Facts) -> Gravity:
    """Return how grave returns are that match no purchase: by what they leave of revenue."""
    left, total = facts.number("revenue.net_of_all_returns"), facts.number("revenue.total")
    if left <= 0 < total:
        return Gravity.NOTHING_LEFT
    return Gravity.PART if left < (1 - LARGE_PART) * total else Gravity.SCOPE


def _doubts(facts: Facts) -> Iterator[str]:
    """Yield what looks like a slip in the sheet, and would spoil everything."""
    if facts.number("customers.count") < FEW_CUSTOMERS:
        yield text("warning.few", facts)
    if is_lonely(facts):
        yield text("warning.lonely_end", facts)
    if ends_in_silence(facts):
        yield text("warning.silent_end", facts)
    if facts.value("orders.totals_repeated") == "yes":
        yield text("warning.repeated_total", facts)


def _months(analysis: Analysis, facts: Facts) -> Table:
    totals = complete_months(analysis).tail(MONTHS_SHOWN)
    rows = tuple(
        Row(month, (month, customers, orders, revenue))
        for month, customers, orders, revenue in zip(
            (f"{month:%b %Y}" for month in totals.index),
            totals["customers"],
            totals["orders"],
            totals["revenue"],
            strict=True,
        )
    )
    columns = (
        Column("month", "Month"),
        Column("customers", "Customers", COUNT),
        Column("orders", "Orders", COUNT),
        Column("revenue", "Revenue", MONEY),
    )
    whole = analysis.summary.months.first_is_complete and analysis.summary.months.last_is_complete
    remark = "" if whole else text("summary.months_remark", facts)
    return Table("months", columns, rows, text("summary.months", facts), remark=remark)


def _concentration(facts: Facts) -> tuple[Chart, ...]:
    """Return the chart of the tenths of customers; nothing where no customer brings revenue."""
    if not facts.known("concentration.top_10_share"):
        return ()
    chart = Chart(
        ChartKind.PARETO, text("summary.concentration", facts), "tenths", "tenth", ("share", "cumulative"),
        alt=text("slide.concentration.alt", facts), abreast=True,
    )  # fmt: skip
    return (chart,)


def _tenths(facts: Facts) -> tuple[Table, ...]:
    """Return the tenths of customers; nothing where no customer brings revenue."""
    if not facts.known("concentration.top_10_share"):
        return ()
    columns = (
        Column("tenth", "Customers, best first", TEXT), Column("share", "Share of revenue", SHARE),
        Column("cumulative", "Cumulative share", SHARE),
    )  # fmt: skip
    cumulative = [facts.number(f"concentration.top_{tenth}0_share") for tenth in range(1, 11)]
    steps = (after - before for before, after in itertools.pairwise([0.0, *cumulative]))
    rows = tuple(
        Row(f"tenth{tenth}", (f"{tenth - 1}0–{tenth}0%" if tenth > 1 else "0–10%", share, up_to))
        for tenth, (share, up_to) in enumerate(zip(steps, cumulative, strict=True), start=1)
    )
    return (Table("tenths", columns, rows, text("summary.concentration", facts)),)


def _reconciliation(facts: Facts) -> Table:
    columns = (Column("what", "What"), Column("rows", "Rows", COUNT), Column("revenue", "Revenue", MONEY))
    meanings = entries("reason")
    rows = [
        Row("written", ("In your sheets", facts.value("orders.rows_read"), facts.value("revenue.written")), strong=True)
    ]
    for reason, meaning in meanings.items():
        count, money = facts.number(f"orders.set_aside.{reason}"), facts.number(f"revenue.set_aside.{reason}")
        if count:
            # A total row repeats money that other rows hold: it was never part of the sheet's own sum.
            rows.append(Row(reason, (f"less: {meaning}", -int(count), 0.0 if reason == "total_row" else -money)))
    if facts.number("revenue.taken_off"):
        rows.append(
            Row("taken_off", ("less: returns taken off purchases that are kept", 0, -facts.number("revenue.taken_off")))
        )
    total = Row("kept", ("Analysed", facts.value("orders.rows_kept"), facts.value("revenue.total")), strong=True)
    return Table(
        "reconciliation", columns, tuple(rows), text("summary.reconciliation", facts),
        text("summary.reconciliation_lead", facts), total,
    )  # fmt: skip
