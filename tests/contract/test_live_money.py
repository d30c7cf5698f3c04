"""The money is live: edited assumption cells, calculated afresh by other programs, give what Python computes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ironcalc
import pytest
from openpyxl import load_workbook

from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.impact import estimate_impact
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.impact import impact_sheet

SHEET = "Financial impact"
AMONG_MONEY, AMONG_SHARES = 0.005, 1e-6  # what two programs may differ by
# Assumption, as settings say it, and the label and header under which its cell is found.
EDITS: Mapping[str, tuple[float | str | bool, str, str]] = {
    "margin": (0.35, "Gross margin", "Value"),
    "low": (0.4, "Careful case: share of the success rates", "Value"),
    "high": (2.0, "Bold case: share of the success rates", "Value"),
    "scenario": ("careful", "Scenario", "Value"),
    "confirmed": (True, "I have checked these assumptions", "Value"),
    "acquisition_ratio": (4.0, "Gross profit for each unit spent on winning a customer", "Value"),
    "new_customers": (25.0, "New customers in the next 12 months", "Value"),
    "price.in_plan": (True, "Price test: in the plan", "Value"),
    "price.volume": (0.9, "Price test: units still bought", "Value"),
    "win_back.in_plan": (True, "Win back good customers who left", "In the plan"),
    "win_back.success_rate": (0.4, "Win back good customers who left", "Success rate"),
    "win_back.reach": (0.7, "Win back good customers who left", "Reached"),
    "order_value.uplift": (0.5, "Raise the order value of loyal customers", "Uplift"),
    "order_value.in_plan": (True, "Raise the order value of loyal customers", "In the plan"),
    "upgrade.in_plan": (False, "Turn rising customers into loyal ones", "In the plan"),
    "last_try.start_month": (3.0, "Make one last cheap try at the lost", "Starts in month"),
    "last_try.months": (4.0, "Make one last cheap try at the lost", "Lasts, months"),
    "keep_best.contact_cost": (0.01, "Keep the best customers", "Cost a contact"),
    "keep_best.fixed_cost": (1.0, "Keep the best customers", "Fixed cost"),
    "keep_best.in_plan": (True, "Keep the best customers", "In the plan"),
}
TABLES = (
    "Assumption", "Term", "Initiative", "Test", "Step", "Starts", "By the end of", "Measure", "Segment",
)  # fmt: skip  # their first headers
SUMS = ("Step: Gross profit", "Step: Investment", "Step: Net profit")
RUNNING = ("Sum so far", "Below")
Values = dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Money:
    """A workbook at the defaults, and what the same sheet says when the run itself is told the owner's assumptions."""

    book: Path
    wanted: Values


@pytest.fixture(scope="module", params=["superstore", "cdnow"])
def money(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, read_back: Callable[..., Any]
) -> Money:
    analysis = request.getfixturevalue(request.param).analysis
    folder = tmp_path_factory.mktemp(f"money_{request.param}")
    books = []
    # The tick is among the edits: what stands under 'In the plan' is a choice then, also where nobody touched it.
    stands = {f"{one.key}.in_plan": one.planned for one in analysis.impact.initiatives}
    for name, said in (("defaults", {}), ("owner", stands | {key: value for key, (value, _, _) in EDITS.items()})):
        settings = Settings(sheets="short", assumptions=said, discount_rate=analysis.settings.discount_rate)
        impact = estimate_impact(analysis.summary, analysis.segmentations.lead, analysis.lifetime, settings)
        changed = replace(analysis, impact=impact, settings=replace(analysis.settings, assumptions=said))
        facts = find_facts(changed)
        books.append(folder / f"{name}.xlsx")
        write_workbook(WorkbookSpec((impact_sheet(changed, facts),), "The money"), books[-1], facts.currency)
    return Money(books[0], values(read_back(books[1], values=True)[SHEET]))


def values(sheet: Any) -> Values:
    """Return every cell of every table by the label of its row and the header of its column."""
    return {name: sheet.cell(row, column).value for name, (row, column) in places(sheet)}


def places(sheet: Any) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """Yield the place of each table cell, row by row below the tables' headers."""
    header: dict[int, str] = {}
    for row in sheet.iter_rows(min_col=2):
        filled = [cell for cell in row if cell.value is not None]
        if len(filled) > 1 and filled[0].value in TABLES:
            header = {cell.column: str(cell.value) for cell in filled}
            continue
        if len(filled) <= 1:
            header = {}
        for cell in filled[1:]:
            if cell.column in header:
                yield (f"{header[2]}: {filled[0].value}", header[cell.column]), (cell.row, cell.column)


def edits(sheet: Any) -> Iterator[tuple[tuple[int, int], float | str]]:
    found = {(label.partition(": ")[2], head): place for (label, head), place in places(sheet)}
    for value, label, head in EDITS.values():
        if (label, head) in found:
            yield found[label, head], ("yes" if value else "no") if isinstance(value, bool) else value


def assert_same(found: Values, wanted: Values) -> None:
    assert len(wanted) > 200
    assert found.keys() == wanted.keys()
    wrong = {name: (found[name], value) for name, value in wanted.items() if not is_same(found[name], value)}
    # Steps stand in the order of the plan that a sheet was made with, so their sums are held against their own amounts.
    wrong = {name: pair for name, pair in wrong.items() if name[1] not in RUNNING or name[0] in SUMS}
    assert_adds_up(found)
    assert_adds_up(wanted)
    # Where a figure comes from is written when the sheet is made.
    assert not {name: pair for name, pair in wrong.items() if not name[1].startswith(("Source", "Where from"))}


def assert_adds_up(money: Values) -> None:
    """Each step begins where the one before ended."""
    steps = [label for label, head in money if label.startswith("Step: ") and head == "Amount"]
    assert len(steps) > len(SUMS) + 3
    end = 0.0
    for step in steps:
        start, amount = end, 0.0 if step in SUMS[::2] else money[step, "Amount"]
        end = start + amount
        assert is_same(money[step, "Sum so far"], end), step
        if step not in SUMS[::2]:
            assert is_same(money[step, "Below"], max(0.0, min(start, end))), step


def is_same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= max(AMONG_MONEY if abs(other) > 1 else AMONG_SHARES, abs(other) * AMONG_SHARES)
    return (one or None) == (other or None)


def test_the_edits_reach_enough_cells_to_be_a_test(money: Money, read_back: Callable[..., Any]) -> None:
    assert len(list(edits(read_back(money.book, values=True)[SHEET]))) >= len(EDITS) - 1


def test_ironcalc_calculates_from_edited_cells_what_python_computes(
    money: Money, tmp_path: Path, read_back: Callable[..., Any]
) -> None:
    model = ironcalc.load_from_xlsx(str(money.book), "en", "UTC", "en")
    number = next(at for at, sheet in enumerate(model.get_worksheets_properties()) if sheet["name"] == SHEET)
    for (row, column), value in edits(read_back(money.book, values=True)[SHEET]):
        model.set_user_input(number, row, column, str(value))
    model.evaluate()
    model.save_to_xlsx(str(tmp_path / "edited.xlsx"))
    assert_same(values(read_back(tmp_path / "edited.xlsx", values=True)[SHEET]), money.wanted)


def test_libreoffice_calculates_from_edited_cells_what_python_computes(
    money: Money, tmp_path: Path, office: Any, read_back: Callable[..., Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl drops what it does not know, charts among it
        book = load_workbook(money.book)
    sheet = book[SHEET]
    for (row, column), value in edits(read_back(money.book, values=True)[SHEET]):
        sheet.cell(row, column).value = value
    book.save(tmp_path / "edited.xlsx")
    assert_same(values(read_back(office.recalculated(tmp_path / "edited.xlsx"), values=True)[SHEET]), money.wanted)
