"""One fact, shown everywhere: the workbook, the deck and the JSON file say the same numbers, and only sound ones."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.base.units import COUNT, MONEY, MULTIPLE, NUMBER, SHARE
from regulars.job import Job
from regulars.render.deck_lint import lint_deck
from regulars.run import run

ROOT = Path(__file__).parents[2]
INPUTS = {
    "superstore": ROOT / "tests" / "data" / "superstore.parquet",
    "sample": ROOT / "workbook_templates" / "regulars_workbooks" / "sample_orders.xlsx",
}
BAD = re.compile(
    r"#(NULL|DIV/0|VALUE|REF|NAME|NUM|N/A|SPILL|CALC)|(?<![\w.])[-−+]?(nan|inf|NaN|Inf|None|NaT)(?![\w])|\{[a-z_.~]+\}"
)
TILES = {
    "Revenue to date": "revenue.total",
    "Customers": "customers.count",
    "Average order": "revenue.average_order",
    "Customers who came back": "customers.repeat_share",
    "Expected revenue": "clv.total",
    "Good customers gone quiet": "at_risk.customers",
    "Extra gross profit of the plan": "impact.total.gross_profit",
    "Investment of the plan": "impact.total.investment",
}
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Made:
    """What one run wrote, read back."""

    facts: Facts
    book: Any
    deck: Any
    deck_path: Path
    document: dict[str, Any]


@pytest.fixture(scope="module", params=INPUTS)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, read_back: Callable[..., Any]
) -> Made:
    folder = tmp_path_factory.mktemp(request.param)
    workbook, deck, facts = (folder / f"result{suffix}" for suffix in (".xlsx", ".pptx", ".json"))
    settings = Settings(sheets="full", currency="USD")
    outcome = run(Job((INPUTS[request.param],), workbook, settings, deck=deck, json=facts))
    assert outcome.written[:3] == (workbook, deck, facts)
    document = json.loads(facts.read_text(encoding="utf-8"))
    return Made(outcome.facts, read_back(workbook, values=True), Presentation(str(deck)), deck, document)


def table(sheet: Any, *headers: str, nth: int = 0) -> Rows:
    """The rows of the nth table of a sheet whose header begins so, by their first cell."""
    grid = [[cell.value for cell in row] for row in sheet.iter_rows(min_col=2)]
    places = [number for number, row in enumerate(grid) if tuple(row[: len(headers)]) == headers]
    head = grid[places[nth]]
    found: Rows = {}
    for row in grid[places[nth] + 1 :]:
        # A table ends at a blank row, or at the remark under it.
        if row[0] is None or (len(head) > 1 and all(value is None for value in row[1:])):
            break
        found[str(row[0])] = {str(name): value for name, value in zip(head, row, strict=True) if name is not None}
    return found


def by_name(facts: Facts, scheme: str) -> dict[str, str]:
    """Segment names by key, as the facts tell them: `how` begins with the name."""
    pattern = re.compile(rf"segments\.{scheme}\.(\w+)\.customers")
    found = ((match[1], key) for key in facts if (match := pattern.fullmatch(key)))
    return {facts[key].how.rsplit(": ", 1)[0]: segment for segment, key in found if facts.number(key)}


def texts(deck: Any) -> Iterator[str]:
    for slide in deck.slides:
        yield from shape_texts(slide.shapes)
        yield slide.notes_slide.notes_text_frame.text


def shape_texts(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.shape_type == 6:
            yield from shape_texts(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def slide(made: Made, *in_subtitle: str) -> Any:
    return next(
        one
        for one in made.deck.slides
        if all(any(part in text for text in shape_texts(one.shapes)) for part in in_subtitle)
    )


def grid_of(one: Any) -> list[list[str]]:
    shape = next(shape for shape in one.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in shape.table.rows]


def series_of(one: Any) -> dict[str, dict[str, float]]:
    chart = next(shape for shape in one.shapes if shape.has_chart).chart
    plots = [(plot, series) for plot in chart.plots for series in plot.series]
    return {series.name: dict(zip(map(str, plot.categories), series.values, strict=True)) for plot, series in plots}


def test_the_linter_finds_no_error_in_the_deck(made: Made) -> None:
    assert [str(error) for error in lint_deck(made.deck_path).errors] == []


def test_the_key_figures_of_the_summary_are_the_facts(made: Made) -> None:
    sheet = made.book["Summary"]
    cells = [cell for row in sheet.iter_rows(max_row=12) for cell in row if cell.value in TILES]
    assert {cell.value for cell in cells} == {label for label, key in TILES.items() if made.facts.known(key)}
    for cell in cells:
        shown = sheet.cell(cell.row + 1, cell.column).value
        assert shown == pytest.approx(made.facts.number(TILES[cell.value]), rel=1e-12), cell.value


@pytest.mark.parametrize("scheme", ["rfm11", "kmeans5", "supplied"])
def test_the_segment_tables_are_the_facts_and_add_up(made: Made, scheme: str) -> None:
    names = by_name(made.facts, scheme)
    if not names:
        assert scheme == "supplied"
        return
    nth = [one for one in ("rfm11", "kmeans5", "supplied") if by_name(made.facts, one)].index(scheme)
    rows = table(made.book["Segments"], "Segment", "Customers", "% of customers", "Revenue to date", nth=nth)
    total = rows.pop("All customers")
    assert set(rows) == set(names)
    for name, row in rows.items():
        for head, fact in (
            ("Customers", "customers"), ("Revenue to date", "revenue"), ("% of revenue", "revenue_share"),
            ("% of customers", "customer_share"), ("Average order", "average_order"), ("Value index", "value_index"),
        ):  # fmt: skip
            assert row[head] == pytest.approx(made.facts.number(f"segments.{scheme}.{names[name]}.{fact}"), rel=1e-12)
    assert sum(row["Customers"] for row in rows.values()) == total["Customers"] == made.facts.value("customers.count")
    assert sum(row["Revenue to date"] for row in rows.values()) == pytest.approx(made.facts.number("revenue.total"))
    assert total["Revenue to date"] == made.facts.value("revenue.total")
    assert sum(row["% of customers"] for row in rows.values()) == pytest.approx(1)
    assert sum(row["% of revenue"] for row in rows.values()) == pytest.approx(1)


def test_the_summary_and_the_segments_sheet_agree(made: Made) -> None:
    short = table(made.book["Summary"], "Segment", "Customers", "Revenue to date")
    long = table(made.book["Segments"], "Segment", "Customers", "% of customers")
    assert short == {name: {head: long[name][head] for head in row} for name, row in short.items()}
    assert len(short) == len(long)


def test_the_reconciliation_adds_up_to_what_is_analysed(made: Made) -> None:
    rows = table(made.book["Summary"], "What", "Rows", "Revenue")
    total = rows.pop("Analysed")
    assert sum(row["Rows"] for row in rows.values()) == total["Rows"] == made.facts.value("orders.rows_kept")
    assert sum(row["Revenue"] for row in rows.values()) == pytest.approx(total["Revenue"], abs=1e-6)
    assert total["Revenue"] == made.facts.value("revenue.total")


def test_the_plan_adds_up_to_the_facts(made: Made) -> None:
    sheet = made.book["Financial impact"]
    assumed = table(sheet, "Initiative", "In the plan")
    earned = table(sheet, "Initiative", "Expected without action")
    cases = table(sheet, "Initiative", "Careful", "Base", "Bold")
    total, in_cases = earned.pop("The plan"), cases.pop("The plan")
    planned = [name for name in earned if assumed[name]["In the plan"] == "yes"]
    for rows, sums, head, fact in (
        (earned, total, "Investment", "investment"), (earned, total, "Extra revenue", "revenue"),
        (earned, total, "Gross profit", "gross_profit"), (cases, in_cases, "Base", "gross_profit"),
        (cases, in_cases, "Careful", "gross_profit_low"), (cases, in_cases, "Bold", "gross_profit_high"),
    ):  # fmt: skip
        wanted = made.facts.number(f"impact.total.{fact}")
        assert sums[head] == pytest.approx(wanted, rel=1e-9, abs=5e-5), head  # facts hold ten-thousandths
        assert sum(rows[name][head] for name in planned) == pytest.approx(wanted, abs=5e-5), head
    assert assumed["The plan"]["Audience, not in plan above"] == made.facts.value("impact.total.audience")
    for head, fact in (("Gross multiple", "gross_multiple"), ("Net ROI", "net_roi")):
        ratio = made.facts.value(f"impact.total.{fact}")
        assert total[head] == ("–" if ratio is None else pytest.approx(ratio)), head
    steps = table(sheet, "Step", "Amount")
    assert steps["Net profit"]["Sum so far"] == pytest.approx(made.facts.number("impact.total.net_profit"), abs=5e-5)


def test_the_tenths_of_customers_add_up_to_all_revenue(made: Made) -> None:
    rows = list(table(made.book["Summary"], "Customers, best first", "Share of revenue").values())
    assert len(rows) == 10
    assert sum(row["Share of revenue"] for row in rows) == pytest.approx(1)
    for tenth, row in enumerate(rows, start=1):
        assert row["Cumulative share"] == pytest.approx(made.facts.number(f"concentration.top_{tenth}0_share"))


def test_the_months_add_up_to_all_orders_and_revenue(made: Made) -> None:
    rows = table(made.book["Trends"], "Month", "Customers", "First orders").values()
    assert sum(row["Orders"] for row in rows) == made.facts.value("orders.count")
    assert sum(row["First orders"] for row in rows) == made.facts.value("customers.count")
    money = [row[head] for row in rows for head in ("Revenue, complete months", "Revenue, incomplete months")]
    revenue = sum(value for value in money if isinstance(value, int | float))
    assert revenue == pytest.approx(made.facts.number("revenue.total"))


def test_the_segment_tables_say_what_the_facts_say(made: Made) -> None:
    sheet = made.book["Segment tables"]
    rows = table(sheet, "Segment", "Customers", "Revenue per customer")
    assert sum(row["Orders to date"] for row in rows.values()) == made.facts.value("orders.count")
    peaks, new = (
        table(sheet, "Segment", "Peak month"),
        table(made.book["Acquisition and cohorts"], "Segment", "New customers"),
    )
    assert rows.keys() == peaks.keys()
    lead = made.facts.value("segments.lead")
    best = rows["Champions"], peaks["Champions"], new["Champions"]
    for row, head, name in (
        (best[0], "Against the baseline", "against_baseline"),
        (best[0], "Largest order", "largest_order"),
        (best[1], "Its revenue", "peak_revenue"),
        (best[2], "New customers", "new_customers"),
    ):
        assert row[head] == pytest.approx(made.facts.number(f"segments.{lead}.champions.{name}")), head
    assert new["All customers"]["New customers"] == made.facts.value("acquisition.customers")


def test_the_customers_add_up_to_the_facts(made: Made) -> None:
    rows = list(made.book["Customers"].iter_rows(values_only=True))
    at = next(number for number, row in enumerate(rows) if "Customer" in row and "Revenue to date" in row)
    head = list(rows[at])
    listed = [row for row in rows[at + 1 :] if row[head.index("Customer")] is not None]
    assert len(listed) == made.facts.value("customers.count")
    assert sum(row[head.index("Orders")] for row in listed) == made.facts.value("orders.count")
    revenue = sum(row[head.index("Revenue to date")] for row in listed)
    # Each customer's money stands in cents here, and a half of one may be lost in each.
    assert revenue == pytest.approx(made.facts.number("revenue.total"), abs=0.005 * len(listed))


def test_the_method_sheet_shows_every_fact_but_large_tables_and_schemes_that_do_not_lead(made: Made) -> None:
    rows = table(made.book["Method"], "Key", "Value", "How")
    left_out = set(made.facts) - set(rows)
    assert set(rows) <= set(made.facts)
    lead = made.facts.show("segments.lead")
    assert all(key.startswith(("cross.", "movement.", "segments.")) for key in left_out)
    assert not any(key.startswith(f"segments.{lead}.") for key in left_out)
    assert len(left_out) > 100
    assert all(str(rows[key]["Value"]) == made.facts.show(key) for key in rows)


def test_the_json_file_holds_every_fact_unrounded(made: Made) -> None:
    assert made.document["schema"] == 1
    assert made.document["currency"] == "USD"
    assert set(made.document["facts"]) == set(made.facts)
    for key, entry in made.document["facts"].items():
        value = made.facts.value(key)
        assert entry["unit"] == made.facts[key].unit.kind
        assert entry["value"] == (value.isoformat() if isinstance(value, dt.date) else value), key


def test_no_cell_shows_an_error_or_a_number_that_is_none(made: Made) -> None:
    for sheet in made.book.worksheets:
        # What the owner wrote in a name or a cell may say anything.
        if sheet.title in {"Customers", "Rows set aside"}:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "e", (sheet.title, cell.coordinate)
                if isinstance(cell.value, float):
                    assert math.isfinite(cell.value)
                elif isinstance(cell.value, str):
                    assert not BAD.search(cell.value), (sheet.title, cell.coordinate, cell.value)


def test_no_slide_shows_an_error_or_a_number_that_is_none(made: Made) -> None:
    assert not [text for text in texts(made.deck) if BAD.search(text)]


def test_the_tiles_of_the_deck_are_the_facts(made: Made) -> None:
    found = list(shape_texts(slide(made, "Executive summary").shapes))
    joined = "\n".join(found)
    for key, brief in (("revenue.total", True), ("customers.repeat_share", False), ("at_risk.customers", False)):
        assert made.facts.show(key, brief=brief) in joined.split("\n"), key
    last = "clv.total" if made.facts.known("clv.total") else "impact.total.gross_profit"
    assert made.facts.show(last, brief=True) in joined.split("\n")


def test_the_scorecard_of_the_deck_is_the_facts(made: Made) -> None:
    head, *rows = grid_of(slide(made, "Segment scorecard"))
    names = by_name(made.facts, "rfm11")
    figures = {
        "Customers": ("customers", COUNT),
        "Revenue": ("revenue", MONEY),
        "% of revenue": ("revenue_share", SHARE),
    }
    figures |= {"Revenue each": ("revenue_per_customer", MONEY), "Value index": ("value_index", NUMBER)}
    for row in rows:
        shown = dict(zip(head, row, strict=True))
        for title, (name, unit) in figures.items():
            if shown["Segment"] == "All customers":
                continue
            key = f"segments.rfm11.{names[shown['Segment']]}.{name}"
            assert shown[title] == unit.show(made.facts.value(key), made.facts.currency), (shown["Segment"], title)
    assert {row[0] for row in rows} == {*names, "All customers"}
    assert rows[-1][head.index("Revenue")] == made.facts.show("revenue.total")


def test_the_portfolio_of_the_deck_is_the_facts(made: Made) -> None:
    head, *rows = grid_of(slide(made, "success rates are assumptions", "Initiative"))
    plan = dict(zip(head, rows[-1], strict=True))
    assert plan["Initiative"] == "The plan"
    for title, name, unit in (
        ("Audience", "audience", COUNT), ("Investment", "investment", MONEY), ("Gross profit", "gross_profit", MONEY),
        ("Gross multiple", "gross_multiple", MULTIPLE), ("Net ROI", "net_roi", SHARE),
    ):  # fmt: skip
        assert plan[title] == unit.show(made.facts.value(f"impact.total.{name}"), made.facts.currency), title
    tests = [row for row in rows if row[0].startswith("Test, not in the plan")]
    assert len(rows) == made.facts.number("impact.initiatives") + 1 + len(tests)


def test_the_charts_of_the_deck_are_the_facts(made: Made) -> None:
    names = by_name(made.facts, "rfm11")
    shares = series_of(slide(made, "Share of customers and of revenue to date by segment"))
    for title, fact in (("Share of revenue", "revenue_share"), ("Share of customers", "customer_share")):
        assert shares[title] == pytest.approx(
            {name: made.facts.number(f"segments.rfm11.{key}.{fact}") for name, key in names.items()}
        )
        assert sum(shares[title].values()) == pytest.approx(1)
    tenths = series_of(slide(made, "Share of revenue to date by tenth of customers"))
    assert list(tenths["Cumulative share"].values()) == pytest.approx(
        [made.facts.number(f"concentration.top_{tenth}0_share") for tenth in range(1, 11)]
    )


def test_the_workbooks_inside_the_deck_hold_no_customer(made: Made, read_back: Callable[..., Any]) -> None:
    rows = list(made.book["Customers"].iter_rows(values_only=True))
    at = next(number for number, row in enumerate(rows) if "Customer" in row and "Revenue to date" in row)
    customers = {str(row[rows[at].index("Customer")]) for row in rows[at + 1 :]} - {"None"}
    with zipfile.ZipFile(made.deck_path) as archive:
        inside = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert len(inside) >= 3
        for name in inside:
            book = read_back(io.BytesIO(archive.read(name)))
            cells = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
            assert not cells & customers, name
