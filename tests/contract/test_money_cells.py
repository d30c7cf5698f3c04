"""The Financial impact sheet against itself: what its tables claim is what the cells give when they are edited."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import ironcalc
import pytest

from regulars.findings import find_facts
from regulars.impact import estimate_impact
from regulars.render.workbook import write_workbook
from regulars.story.actions import actions
from regulars.story.sheet_spec import Chart, Figures, Table, WorkbookSpec
from regulars.story.sheets.impact import impact_sheet
from regulars.story.sheets.summary import summary_sheet
from regulars.story.slides import deck

SHEET = "Financial impact"
Edits = Mapping[tuple[str, str], float | str]  # by the label of a row and the header of a column
IN_THE_PLAN = {("Price test: in the plan", "Value"): "yes", ("Keep the best customers", "In the plan"): "yes"}


class Live:
    """The sheet of an analysis, calculated afresh with edited cells."""

    def __init__(self, analysed: Any, folder: Path, read_back: Callable[..., Any]) -> None:
        """Write the sheet and find its cells."""
        self._folder, self._read_back, self._numbers = folder, read_back, itertools.count()
        self._book = folder / "book.xlsx"
        facts = find_facts(analysed)
        write_workbook(WorkbookSpec((impact_sheet(analysed, facts),), "The money"), self._book, facts.currency)
        self.written = self._cells(self._book)

    def _cells(self, path: Path) -> dict[tuple[str, str], tuple[int, int, Any]]:
        """Return place and value of each table cell by label and header; the first table that has both."""
        found: dict[tuple[str, str], tuple[int, int, Any]] = {}
        header: dict[int, str] = {}
        for row in self._read_back(path, values=True)[SHEET].iter_rows(min_col=2):
            filled = [cell for cell in row if cell.value is not None]
            if len(filled) <= 1:
                header = {}
            elif not header:
                header = {cell.column: str(cell.value) for cell in filled}
            else:
                for cell in filled[1:]:
                    name = (str(filled[0].value), header.get(cell.column, ""))
                    found.setdefault(name, (cell.row, cell.column, cell.value))
        return found

    def __call__(self, edits: Edits) -> dict[tuple[str, str], Any]:
        """Return the values after edits."""
        model = ironcalc.load_from_xlsx(str(self._book), "en", "UTC", "en")
        for name, value in edits.items():
            row, column, _ = self.written[name]
            model.set_user_input(0, row, column, str(value))
        model.evaluate()
        out = self._folder / f"edited_{next(self._numbers)}.xlsx"
        model.save_to_xlsx(str(out))
        return {name: value for name, (_, _, value) in self._cells(out).items()}


def net(values: Mapping[tuple[str, str], Any]) -> float:
    return float(values["Net profit", "Sum so far"])


@pytest.fixture(scope="module")
def superstore_live(superstore: Any, tmp_path_factory: pytest.TempPathFactory, read_back: Callable[..., Any]) -> Live:
    return Live(superstore.analysis, tmp_path_factory.mktemp("superstore"), read_back)


@pytest.fixture(scope="module")
def cdnow_live(cdnow: Any, tmp_path_factory: pytest.TempPathFactory, read_back: Callable[..., Any]) -> Live:
    return Live(cdnow.analysis, tmp_path_factory.mktemp("cdnow"), read_back)


@pytest.mark.parametrize("scenario", ["careful", "base", "bold"])
def test_each_swing_is_what_changing_that_cell_gives(superstore_live: Live, scenario: str) -> None:
    start: dict[tuple[str, str], float | str] = {
        **IN_THE_PLAN, ("Weak month: in the plan", "Value"): "yes", ("Scenario", "Value"): scenario,
        ("Gross margin", "Value"): 0.3,
    }  # fmt: skip
    values = superstore_live(start)
    lost = 1 - values["Price test: units still bought", "Value"]
    swings: dict[str, tuple[tuple[str, str], float, float]] = {
        "Gross margin": (("Gross margin", "Value"), 0.25, 0.35),
        "Success rate: Keep the best": (("Keep the best customers", "Success rate"), 0.125, 0.375),
        "Units still bought: Price test": (("Price test: units still bought", "Value"), 1 - 1.5 * lost, 1 - 0.5 * lost),
        "Share of the gap won back: Weak month": (("Weak month: share of the gap won back", "Value"), 0.15, 0.45),
    }
    for label, (cell, worse, better) in swings.items():
        for value, head in ((worse, "Change in net profit, worse"), (better, "Change in net profit, better")):
            change = net(superstore_live({**start, cell: value})) - net(values)
            assert values[label, head] == pytest.approx(change, abs=1e-6), (label, head)
            assert change != 0


def test_a_margin_rules_every_line_until_one_is_written_over(superstore_live: Live) -> None:
    held = superstore_live.written.items()
    names = [name for (name, head), (_, _, value) in held if head == "Success rate" and isinstance(value, float)]
    margins = [superstore_live.written[name, "Gross margin"][2] for name in names]
    assert len(set(margins)) > 2  # the orders have profit
    after = superstore_live({("Gross margin", "Value"): 0.3, (names[0], "Gross margin"): 0.5})
    assert [after[name, "Gross margin"] for name in names] == [0.5] + [0.3] * (len(names) - 1)
    rest = (name for name, head in after if head == "Gross margin" and name not in (*names, "Unit"))
    others = {after[name, "Gross margin"] for name in rest}
    assert others == {0.3}


def test_where_a_value_comes_from_follows_the_cell(cdnow_live: Live) -> None:
    cells = ("Price test: price rise", "Scenario")
    assert [cdnow_live.written[name, "Where from"][2] for name in cells] == ["assumption", "default"]
    after = cdnow_live({("Price test: price rise", "Value"): 0.1, ("Scenario", "Value"): "bold"})
    assert [after[name, "Where from"] for name in cells] == ["changed here"] * 2
    assert [after[name, "Default"] for name in cells] == [0.05, "base"]
    again = cdnow_live({("Keep the best customers", "Success rate"): 0.3})
    assert again["Keep the best customers", "Source"] == "changed here"
    assert again["Win back good customers who left", "Source"] == "assumption"


@pytest.mark.parametrize(
    ("head", "value"),
    [("In the plan", "no"), ("Starts in month", 4), ("Lasts, months", 3), ("Gross margin", 0.9), ("Fixed cost", 1.0)],
)
def test_a_source_follows_every_yellow_cell_of_its_line(cdnow_live: Live, head: str, value: float | str) -> None:
    name = "Keep the best customers"
    after = cdnow_live({(name, head): value})
    assert (after[name, "Source"], after["Win back good customers who left", "Source"]) == (
        "changed here",
        "assumption",
    )
    # A margin for all is said in its own cell; the line follows it.
    assert cdnow_live({("Gross margin", "Value"): 0.2})[name, "Source"] == "assumption"


def test_another_discount_rate_reaches_all_expected_revenue(cdnow_live: Live) -> None:
    before, after = cdnow_live({}), cdnow_live({("Discount rate a year", "Value"): 0.5})
    factor = next(value for (label, _), value in after.items() if label.startswith("Money ahead, against"))
    assert factor < 1
    for name, head in (
        ("Keep the best customers", "Expected without action"), ("Keep the best customers", "If it succeeds"),
        ("Keep the best customers", "Gain of a success"), ("Price rise on part of the range", "Revenue it starts from"),
        ("Champions", "Expected revenue per customer"), ("Champions", "Most to spend on winning one, at your ratio"),
        ("Revenue", "Today's customers"),
    ):  # fmt: skip
        assert after[name, head] == pytest.approx(before[name, head] * factor), (name, head)


def test_a_start_within_a_month_stays_in_the_roadmap(cdnow_live: Live) -> None:
    for start in (1.5, 6.5):
        after = cdnow_live({("Keep the best customers", "Starts in month"): start})
        phases = [after[name, "Initiatives"] for name in ("First 30 days", "Months 2 to 6", "Month 7 and later")]
        names = [name for name, head in after if head == "Success rate"]
        assert sum(phases) == sum(after[name, "In the plan"] == "yes" for name in names) > 0


def test_a_break_even_that_no_rate_reaches_is_said_in_words(cdnow_live: Live) -> None:
    after = cdnow_live({("Keep the best customers", "Fixed cost"): 1e6, ("Price test: cost", "Value"): 1e6})
    assert after["Keep the best customers", "Break-even success"] == "no rate pays"
    assert after["Price rise on part of the range", "Break-even"] == "no rate pays"
    shares = [value for (_, head), value in after.items() if head.startswith("Break-even") and isinstance(value, float)]
    assert shares
    assert max(shares) <= 1


def test_the_plan_is_paid_back_in_the_first_month_that_is_not_below_nought(cdnow_live: Live) -> None:
    values = cdnow_live({("Keep the best customers", "Fixed cost"): 500, ("Price test: in the plan", "Value"): "yes"})
    left = [values[f"Month {month}", "Less the whole investment"] for month in range(1, 13)]
    payback = values["The plan", "Paid back by month"]
    assert left == sorted(left)
    assert left[payback - 2] < 0 <= left[payback - 1]
    assert left[-1] == pytest.approx(net(values), abs=1e-5)
    part = values["The plan", "Investment"] / values["The plan", "Gross profit"]
    assert values["The plan", "Break-even success"] == f"{100 * part:.0f}% of profit"


def cards(sheet: Any) -> tuple[Any, ...]:
    """Return the key figures of a sheet."""
    return next(block.figures for block in sheet.blocks if isinstance(block, Figures))


def told(analysed: Any, **said: Any) -> Any:
    """Return the analysis with assumptions of its owner."""
    assumptions = {key.replace("__", "."): value for key, value in said.items()}
    settings = replace(analysed.settings, assumptions=assumptions)
    impact = estimate_impact(analysed.summary, analysed.segmentations.lead, analysed.lifetime, settings)
    return replace(analysed, impact=impact, settings=settings)


def test_sheet_summary_and_deck_show_the_scenario_that_was_chosen(cdnow: Any) -> None:
    careful = told(cdnow.analysis, scenario="careful", price__in_plan=True)
    facts = find_facts(careful)
    impact = careful.impact
    assert facts.number("impact.total.gross_profit") == pytest.approx(impact.gross_profit(), abs=1e-4)
    assert facts.number("impact.plan.gross_profit") == pytest.approx(impact.gross_profit(impact.low_case), abs=1e-4)
    card = next(figure for figure in cards(summary_sheet(careful, facts)) if figure.label.startswith("Extra gross"))
    sheet = cards(impact_sheet(careful, facts))[0]
    assert card.value == pytest.approx(sheet.value.value, abs=1e-4)
    assert "careful case" in card.scope
    slides: dict[str, Any] = {slide.key: slide for slide in deck(careful, facts).slides}
    waterfall = slides["waterfall"]
    steps = waterfall.exhibits[0].series[0].values
    assert sum(steps[:-3]) == pytest.approx(steps[-3], abs=1e-3)  # the tests in the plan are steps too
    assert steps[-3] == facts.value("impact.plan.gross_profit")
    assert "careful case" in waterfall.subtitle
    assert "careful case" in slides["summary"].title


def test_the_texts_follow_the_tick(cdnow: Any) -> None:
    for confirmed in (False, True):
        analysed = told(cdnow.analysis, confirmed=confirmed)
        facts = find_facts(analysed)
        slides = {slide.key: slide for slide in deck(analysed, facts).slides}
        assert ("should confirm" in slides["risks"].title) != confirmed
        assert ("are assumptions" in slides["waterfall"].source) != confirmed
        said = " ".join(actions(analysed, facts))
        assert ("confirmed by you" in said) == confirmed
    own = told(cdnow.analysis, keep_best__success_rate=0.3)
    lines = actions(own, find_facts(own))[:3]
    assert ["set by you" in line for line in lines].count(True) == 1


def test_counting_those_that_pay_does_not_count_those_that_were_chosen(superstore: Any) -> None:
    keys = [one.key for one in superstore.analysis.impact.initiatives]
    analysed = told(superstore.analysis, **{f"{key}__in_plan": True for key in keys})
    facts = find_facts(analysed)
    assert facts.value("impact.in_plan") == len(keys)
    assert facts.value("impact.paying") == sum(one.pays for one in analysed.impact.initiatives) < len(keys)
    assert f"{facts.show('impact.paying')} of {len(keys)} initiatives" in actions(analysed, facts)[-1]


def test_charts_stand_also_where_nothing_is_in_the_plan(superstore: Any) -> None:
    empty = told(
        superstore.analysis, **{f"{one.key}__in_plan": False for one in superstore.analysis.impact.initiatives}
    )
    assert not empty.impact.moves
    charts = [block for block in impact_sheet(empty, find_facts(empty)).blocks if isinstance(block, Chart)]
    assert {chart.table for chart in charts} == {"bridge", "sensitivity"}


def test_charts_draw_what_changes_something_and_no_empty_steps(cdnow: Any) -> None:
    blocks = impact_sheet(cdnow.analysis, cdnow.facts).blocks
    tables = {block.key: block for block in blocks if isinstance(block, Table)}
    charts = {block.table: block for block in blocks if isinstance(block, Chart)}
    outside = (
        len(cdnow.analysis.impact.initiatives) + len(cdnow.analysis.impact.tests) - len(cdnow.analysis.impact.moves)
    )
    assert outside > 0
    steps = [row.key for row in tables["bridge"].rows]
    assert steps[steps.index(charts["bridge"].first) :] == [
        *(move.key for move in cdnow.analysis.impact.moves), "gross", "cost", "net",
    ]  # fmt: skip
    assert charts["bridge"].last == "net"
    swings: list[Any] = list(tables["sensitivity"].rows)
    drawn = swings[: [row.key for row in swings].index(charts["sensitivity"].last) + 1]
    assert all(row.cells[1].value or row.cells[2].value for row in drawn)
    assert not any(row.cells[1].value or row.cells[2].value for row in swings[len(drawn) :])


def test_the_break_even_of_the_plan_is_not_taken_for_a_success_rate(cdnow_live: Live) -> None:
    part = 100 * cdnow_live.written["The plan", "Investment"][2] / cdnow_live.written["The plan", "Gross profit"][2]
    assert cdnow_live.written["The plan", "Break-even success"][2] == f"{part:.0f}% of profit"
    after = cdnow_live({("Gross margin", "Value"): 0.2})
    assert after["The plan", "Break-even success"] == f"{2 * part:.0f}% of profit"


@pytest.mark.parametrize("shop", ["superstore", "cdnow"])
def test_the_summary_names_three_actions(shop: str, request: pytest.FixtureRequest) -> None:
    analysed = request.getfixturevalue(shop)
    lines = actions(analysed.analysis, analysed.facts)
    assert len(lines) >= 4  # and the sum of the plan, or why there is none
    if shop == "superstore":
        assert any(line.startswith("Test a price rise") for line in lines)
