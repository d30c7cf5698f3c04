"""How the shop moves: revenue by complete month, and who comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, WHOLE_SHARE
from regulars.findings.time import FEWEST_NEW, LATEST_AGES, MOST_MONTHS, complete_months, latest_cohorts, month_key
from regulars.story.slide_spec import Chart, ChartKind, Role, Series, SlideColumn, SlideKind, SlideSpec, SlideTable
from regulars.story.texts import text
from regulars.story.words import size_of_change, sources

FEWEST_MONTHS = 4
CLEAR_CHANGE = 0.05
EARLY = 3  # months from the beginning in which a first order may not be the first


def trend_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show revenue by complete month."""
    months = complete_months(analysis).tail(MOST_MONTHS)
    if len(months) < FEWEST_MONTHS:
        return None
    change = facts.value("months.year_change")
    kind = "flat"
    if isinstance(change, float) and abs(change) >= CLEAR_CHANGE:
        kind = "up" if change > 0 else "down"
    elif change is None and facts.value("months.course") in {"fell", "rose"}:
        kind = str(facts.value("months.course"))
    extremes = _extremes(months.index, facts)
    title = text(
        f"slide.trend.title_{kind}",
        facts,
        change=size_of_change(facts, "months.year_change") if kind in {"up", "down"} else "",
        **extremes,
    )
    names = tuple(f"{month:%b %y}" for month in months.index)
    chart = Chart(
        ChartKind.LINE,
        names,
        (
            Series(
                text("slide.trend.series", facts),
                tuple(facts.number(month_key(month)) for month in months.index),
                MONEY,
                Role.HIGHLIGHT,
            ),
        ),
        alt=text("slide.trend.alt", facts, first=names[0], last=names[-1], **extremes),
    )
    notes = "" if analysis.summary.months.last_is_complete else text(
        "warning.last_month", facts, month=f"{analysis.orders.window.end:%B %Y}"
    )  # fmt: skip
    return SlideSpec(
        "trend", SlideKind.CONTENT, title, text("slide.trend.subtitle", facts), (chart,),
        tuple(_so_what(kind, extremes, facts)),
        source=" ".join([text("deck.source", facts, sources=sources(analysis)), notes]).strip(),
        notes=" ".join([f"Course: {facts['months.course'].how}." if change is None else
            f"Change of twelve months: {facts['months.year_change'].how}.", notes]).strip(),
    )  # fmt: skip


def _extremes(months: Iterable[pd.Period], facts: Facts) -> dict[str, str]:
    """Return the lowest and the highest of the months that the chart shows, as words."""
    low, high = (find(months, key=lambda month: facts.number(month_key(month))) for find in (min, max))
    return {
        "low": facts.show(month_key(low), brief=True), "low_month": f"{low:%b %Y}",
        "high": facts.show(month_key(high), brief=True), "high_month": f"{high:%b %Y}",
    }  # fmt: skip


def _so_what(kind: str, extremes: dict[str, str], facts: Facts) -> Iterator[str]:
    if kind in {"up", "down"}:
        yield text("slide.trend.so_what", facts)
        yield text(
            "slide.trend.so_what_peak", facts, low=extremes["low"], low_month=extremes["low_month"],
            high=extremes["high"], high_month=extremes["high_month"],
        )  # fmt: skip
    elif kind != "flat":
        yield text("slide.trend.so_what_short", facts)


def retention_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show the share of each month's new customers that ordered again."""
    if not (facts.known("retention.month_1") and facts.known("retention.month_3")):
        return None
    cohorts = latest_cohorts(analysis)
    known = [
        age for age in range(1, LATEST_AGES + 1) if any(facts.known(f"retention.{at}.month_{age}") for at in cohorts)
    ]
    ages = range(1, max(known, default=1) + 1)
    rows = tuple(
        (
            f"{cohort:%b %Y}", facts.value(f"retention.{cohort}.customers"),
            *(facts.value(f"retention.{cohort}.month_{age}") for age in ages),
        )
        for cohort in cohorts
    )  # fmt: skip
    columns = (
        SlideColumn("First order"), SlideColumn("Customers", COUNT),
        *(SlideColumn(f"Month {age}", WHOLE_SHARE, heat=True) for age in ages),
    )  # fmt: skip
    table = SlideTable(columns, rows, text("slide.retention.alt", facts))
    return SlideSpec(
        "retention", SlideKind.CONTENT, text("slide.retention.title", facts), _cohorts_shown(facts, cohorts),
        (table,), tuple(_on_cohorts(analysis, facts, cohorts)), text("deck.source", facts, sources=sources(analysis)),
        notes=f"Month 1: {facts['retention.month_1'].how}.",
    )  # fmt: skip


def _cohorts_shown(facts: Facts, cohorts: Sequence[pd.Period]) -> str:
    if all(facts.number(f"retention.{cohort}.customers") >= FEWEST_NEW for cohort in cohorts):
        return text("slide.retention.subtitle_large", facts, fewest=COUNT.show(FEWEST_NEW))
    return text("slide.retention.subtitle", facts)


def _on_cohorts(analysis: Analysis, facts: Facts, cohorts: Sequence[pd.Period]) -> Iterator[str]:
    yield text("slide.retention.so_what_mean", facts)
    first = pd.Period(analysis.orders.window.start, "M")
    if cohorts[0] < first + EARLY < cohorts[-1]:
        yield text("slide.retention.so_what", facts)
