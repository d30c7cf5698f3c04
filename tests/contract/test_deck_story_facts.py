"""What the deck's appendix and priorities show is what the facts say, in chart, workbook and table alike."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.oxml.ns import qn

from regulars.analysis import Analysis
from regulars.findings import find_facts
from regulars.findings.priority import compared
from regulars.findings.sensitivity import MARGIN_POINTS, SHARE_CHANGED, swings
from regulars.findings.tiers import GROWTH, PREMIUM, TIERS
from regulars.impact import estimate_impact
from regulars.render.deck import write_deck
from regulars.story.sheet_spec import Table
from regulars.story.sheets import impact as impact_sheet
from regulars.story.sheets import plan as plan_sheet
from regulars.story.slides import deck

KEYS = ("tiers", "waterfall", "priority", "quality", "clusters", "validation", "sensitivity", "tables")


@pytest.fixture(scope="module")
def made(cdnow: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The slides of the CDNOW sample by key, written and read back."""
    spec = deck(replace(cdnow.analysis, settings=replace(cdnow.analysis.settings, slides=KEYS)), cdnow.facts)
    path = tmp_path_factory.mktemp("story") / "deck.pptx"
    write_deck(spec, path, cdnow.facts.currency)
    slides = list(Presentation(str(path)).slides)
    assert len(slides) == len(spec.slides)
    return {one.key: slide for one, slide in zip(spec.slides, slides, strict=True)}


def chart_of(slide: Any) -> Any:
    return next(shape for shape in slide.shapes if shape.has_chart).chart


def rows_of(slide: Any) -> list[list[str]]:
    table = next(shape for shape in slide.shapes if shape.has_table).table
    return [[cell.text for cell in row.cells] for row in table.rows]


def workbook_of(chart: Any) -> Any:
    return load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active


def test_the_bubbles_are_the_initiatives_in_chart_workbook_and_facts(made: dict[str, Any], cdnow: Any) -> None:
    chart = chart_of(made["priority"])
    sheet = workbook_of(chart)
    held = {row[0]: row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    shown = {}
    for series in chart.plots[0].series:
        points = [
            float(series._element.find(f"{qn(tag)}//{qn('c:v')}").text) for tag in ("c:xVal", "c:yVal", "c:bubbleSize")
        ]
        assert points == pytest.approx(list(held[series.name]))
        shown[series.name] = points
    facts = cdnow.facts
    for one in compared(cdnow.analysis.impact):
        keys = (f"impact.{one.key}.investment", f"impact.plan.{one.key}.gross_profit", f"impact.{one.key}.audience")
        assert shown.pop(one.short) == pytest.approx([facts.number(key) for key in keys])
    assert set(shown) == {"Do first", "Plan carefully", "Do besides", "Do last, or not"}  # the names of the fields


def test_the_lines_of_the_priority_matrix_stand_at_the_means(made: dict[str, Any], cdnow: Any) -> None:
    chart = chart_of(made["priority"])
    crossed = [
        float(axis._element.find(qn("c:crossesAt")).get("val")) for axis in (chart.category_axis, chart.value_axis)
    ]
    wanted = [cdnow.facts.number(f"priority.mean_{name}") for name in ("gross_profit", "investment")]
    assert crossed == pytest.approx(wanted)  # each axis says where it crosses the other one


def test_the_tornado_is_the_facts_in_chart_and_workbook(made: dict[str, Any], cdnow: Any) -> None:
    chart = chart_of(made["sensitivity"])
    found = [swing for swing in swings(cdnow.analysis.impact) if swing.width > 0]
    series = {one.name: list(one.values) for one in chart.plots[0].series}
    for name, side in (("Worse", "less"), ("Better", "more")):
        assert series[name] == pytest.approx([cdnow.facts.number(f"sensitivity.{one.key}.{side}") for one in found])
    sheet = workbook_of(chart)
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == pytest.approx(series["Worse"])
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == pytest.approx(series["Better"])


def test_the_tiers_are_the_facts_and_add_up(made: dict[str, Any], cdnow: Any) -> None:
    facts = cdnow.facts
    for name in ("customer_share", "share"):
        assert sum(facts.number(f"profit.{tier}.{name}") for tier in TIERS) == pytest.approx(1)
    assert sum(facts.number(f"profit.{tier}.customers") for tier in TIERS) == facts.value("customers.count")
    stacks = {series.name: list(series.values) for series in chart_of(made["tiers"]).plots[0].series}
    for tier in TIERS:
        wanted = [facts.number(f"profit.{tier}.{name}") for name in ("customer_share", "share")]
        assert stacks[tier.capitalize()] == pytest.approx(wanted)


def test_the_silhouettes_are_the_facts(made: dict[str, Any], cdnow: Any) -> None:
    plot = chart_of(made["clusters"]).plots[0]
    shown = dict(zip(map(str, plot.categories), plot.series[0].values, strict=True))
    assert shown == pytest.approx({k: cdnow.facts.number(f"clusters.silhouette.{k}") for k in shown})
    assert len(shown) >= 5


def test_the_candidates_of_the_test_are_the_facts(made: dict[str, Any], cdnow: Any) -> None:
    head, *rows = rows_of(made["validation"])
    scores = cdnow.analysis.lifetime.holdout.scores
    assert len(rows) == len(scores)
    for row, score in zip(rows, scores, strict=True):
        assert row[head.index("Missed by")] == cdnow.facts.show(f"clv.candidates.{score.key}.bias")


def test_the_full_tables_are_the_facts_and_their_totals_too(made: dict[str, Any], cdnow: Any) -> None:
    facts, lead = cdnow.facts, cdnow.analysis.segmentations.lead
    for key, columns in (
        ("table_behaviour", {"Customers": "customers", "Orders": "orders", "Most orders": "orders_most"}),
        ("table_money", {"Revenue": "revenue", "Last 365 days": "year_revenue", "Expected": "clv", "Low": "clv_low"}),
    ):
        head, *rows = rows_of(made[key])
        names = {segment.name: segment.key for segment in lead.definitions}
        assert len(rows) == facts.number("segments.filled") + 1
        for row in rows[:-1]:
            for title, name in columns.items():
                assert row[head.index(title)] == facts.show(f"segments.{lead.scheme}.{names[row[0]]}.{name}")
    head, *rows = rows_of(made["table_money"])
    assert rows[-1][head.index("Revenue")] == facts.show("revenue.total")
    assert rows[-1][head.index("Expected")] == facts.show("clv.total")


def test_the_workbook_and_the_deck_agree_on_tiers_and_swings(superstore: Any, cdnow: Any) -> None:
    """The sheet Financial impact has them as live formulas: their first values are the facts."""
    assert (impact_sheet.PREMIUM, impact_sheet.GROWTH) == (PREMIUM, GROWTH)
    assert (plan_sheet.MARGIN_POINTS, plan_sheet.SHARE_CHANGED) == (MARGIN_POINTS, SHARE_CHANGED)
    for analysed in (superstore, cdnow):
        sheet = impact_sheet.impact_sheet(analysed.analysis, analysed.facts)
        tables: Any = {block.key: block for block in sheet.blocks if isinstance(block, Table)}
        for row in tables["profit"].rows:
            cells = dict(zip((column.key for column in tables["profit"].columns), row.cells, strict=True))
            key = f"profit.segment.{row.key}"
            assert cells["tier"].value.lower() == analysed.facts.value(f"{key}.tier")
            assert cells["gross_profit"].value == pytest.approx(analysed.facts.number(f"{key}.gross_profit"), abs=5e-5)
        swung = {row.key: [cell.value for cell in row.cells[1:3]] for row in tables["sensitivity"].rows}
        for swing in swings(analysed.analysis.impact) if analysed.analysis.impact.moves else ():
            assert swung[swing.key] == pytest.approx([swing.less, swing.more])


@pytest.fixture
def planned(cdnow: Any) -> Callable[..., Analysis]:
    """The CDNOW sample with what its owner says of the plan."""
    told: Analysis = cdnow.analysis

    def again(assumptions: dict[str, Any]) -> Analysis:
        settings = replace(told.settings, slides=KEYS, sheets="short", assumptions=assumptions)
        impact = estimate_impact(told.summary, told.segmentations.lead, told.lifetime, settings)
        return replace(told, settings=settings, impact=impact)

    return again


def test_swings_hold_for_any_scenario_and_for_the_tests_on_the_whole_shop(planned: Callable[..., Analysis]) -> None:
    told = planned({"scenario": "careful", "price.in_plan": True, "win_back.in_plan": False})
    facts = find_facts(told)
    found = {swing.key: swing for swing in swings(told.impact)}
    assert "price_volume" in found
    assert "win_back" not in found
    net = facts.number("impact.plan.net_profit")
    for key in found:
        low, high = (facts.number(f"sensitivity.{key}.net_{end}") for end in ("low", "high"))
        assert low - 1e-3 <= net <= high + 1e-3
    sheet = impact_sheet.impact_sheet(told, facts)
    table: Any = next(block for block in sheet.blocks if getattr(block, "key", "") == "sensitivity")
    for row in table.rows:
        if row.key in found:
            assert [cell.value for cell in row.cells[1:3]] == pytest.approx([found[row.key].less, found[row.key].more])


@pytest.mark.parametrize(
    ("rate", "begins"),
    [
        (1.0, "No single assumption turns the plan into a loss"),
        (0.2, "2 assumptions alone can turn the plan into a loss"),
        (0.1, "The plan nets −"),
    ],
)
def test_the_title_of_the_tornado_says_whether_the_plan_may_lose(
    planned: Callable[..., Analysis], rate: float, begins: str
) -> None:
    initiatives = planned({}).impact.initiatives
    out = {f"{one.key}.in_plan": False for one in initiatives if one.key != "wake_up"}
    shipped = next(one for one in initiatives if one.key == "wake_up").success_rate
    told = planned(out | {"wake_up.in_plan": True, "wake_up.success_rate": shipped * rate})
    title = next(slide.title for slide in deck(told, find_facts(told)).slides if slide.key == "sensitivity")
    assert title.startswith(begins)


def test_effort_and_gain_are_compared_with_the_means_of_all(planned: Callable[..., Analysis]) -> None:
    told = planned({})
    facts, ones = find_facts(told), compared(told.impact)
    for name, values in (
        ("investment", [one.investment for one in ones]),
        ("gross_profit", [one.gross_profit() for one in ones]),
    ):
        assert facts.number(f"priority.mean_{name}") == pytest.approx(sum(values) / len(values), abs=1e-4)
    first = [
        one
        for one in ones
        if one.planned
        and one.investment <= facts.number("priority.mean_investment")
        and one.gross_profit() >= facts.number("priority.mean_gross_profit")
    ]
    assert facts.value("priority.first") == len(first)
