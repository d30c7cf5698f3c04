"""How the shop moves: revenue by complete month, and who comes back."""

from __future__ import annotations

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, MONEY, WHOLE_SHARE
from regulars.findings.time import complete_months
from regulars.story.slide_spec import Chart, ChartKind, Role, Series, SlideColumn, SlideKind, SlideSpec, SlideTable
from regulars.story.texts import text
from regulars.story.words import size_of_change, sources

FEWEST_MONTHS = 4
MOST_MONTHS = 36
CLEAR_CHANGE = 0.05
COHORTS = 10
AGES = 9


def trend_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show revenue by complete month."""
    months = complete_months(analysis).tail(MOST_MONTHS)
    if len(months) < FEWEST_MONTHS:
        return None
    change = facts.value("months.year_change")
    kind = "flat"
    if isinstance(change, float) and abs(change) >= CLEAR_CHANGE:
        kind = "up" if change > 0 else "down"
    title = text(
        f"slide.trend.title_{kind}",
        facts,
        change="" if kind == "flat" else size_of_change(facts, "months.year_change"),
    )
    names = tuple(f"{month:%b %y}" for month in months.index)
    chart = Chart(
        ChartKind.LINE,
        names,
        (Series(text("slide.trend.series", facts), tuple(months["revenue"].astype(float)), MONEY, Role.HIGHLIGHT),),
        alt=text("slide.trend.alt", facts, first=names[0], last=names[-1]),
    )
    notes = "" if analysis.summary.months.last_is_complete else text(
        "warning.last_month", facts, month=f"{analysis.orders.window.end:%B %Y}"
    )  # fmt: skip
    return SlideSpec(
        "trend", SlideKind.CONTENT, title, text("slide.trend.subtitle", facts), (chart,),
        source=" ".join([text("deck.source", facts, sources=sources(analysis)), notes]).strip(),
        notes=notes or facts["months.year_change"].how,
    )  # fmt: skip


def retention_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show the share of each month's new customers that ordered again."""
    if not (facts.known("retention.month_1") and facts.known("retention.month_3")):
        return None
    share = analysis.summary.cohorts.retention()
    last = pd.Period(analysis.orders.window.end, "M")
    whole = analysis.summary.months.last_is_complete
    sizes = analysis.summary.cohorts.frame.query("age == 0").set_index("cohort")["active"]
    cohorts = [cohort for cohort in share.index if cohort + 1 < last or (whole and cohort + 1 == last)][-COHORTS:]
    ages = [age for age in range(1, AGES + 1) if age in share.columns]

    def cell(cohort: pd.Period, age: int) -> float | None:
        value = share[age].get(cohort)
        complete = cohort + age < last or (whole and cohort + age == last)
        return None if value is None or pd.isna(value) or not complete else float(value)

    rows = tuple((f"{cohort:%b %Y}", int(sizes[cohort]), *(cell(cohort, age) for age in ages)) for cohort in cohorts)
    columns = (
        SlideColumn("First order"), SlideColumn("Customers", COUNT),
        *(SlideColumn(f"Month {age}", WHOLE_SHARE, heat=True) for age in ages),
    )  # fmt: skip
    table = SlideTable(columns, rows, text("slide.retention.alt", facts))
    return SlideSpec(
        "retention", SlideKind.CONTENT, text("slide.retention.title", facts), text("slide.retention.subtitle", facts),
        (table,), (text("slide.retention.so_what_mean", facts), text("slide.retention.so_what", facts)), text("deck.source", facts, sources=sources(analysis)),
        notes=facts["retention.month_1"].how,
    )  # fmt: skip
