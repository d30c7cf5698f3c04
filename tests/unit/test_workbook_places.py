"""The layout of a sheet."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from regulars.base.units import COUNT, MONEY, Currency
from regulars.render.workbook import measure
from regulars.render.workbook.places import plan_sheet
from regulars.render.workbook.plan import SheetPlan
from regulars.story.sheet_spec import (
    Chart,
    ChartKind,
    Column,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    WorkbookSpec,
)

POUNDS = Currency("GBP")


def table(key: str, rows: int = 3, *, money: float = 1.0, text: str = "label") -> Table:
    columns = (Column("name", "Name"), Column("money", "Money", MONEY), Column("what", "What"))
    return Table(key, columns, tuple(Row(f"r{n}", (f"row {n}", money, text)) for n in range(rows)))


def sheet(*blocks: Table | Chart | Text) -> SheetSpec:
    return SheetSpec("Sheet", SheetKind.SEGMENTS, "Title", "Lead.", blocks)


def bar(over: str, *, beside: bool) -> Chart:
    return Chart(ChartKind.BAR, "Money", over, "name", ("money",), "alt", beside=beside)


def rectangles(plan: SheetPlan) -> list[tuple[int, int, int, int]]:
    """Tables and charts as top, bottom, left and right cells, charts by their pixels."""
    found = [
        (place.header, place.total or place.last, place.left, place.spill or place.left + len(place.table.columns) - 1)
        for place in plan.names.tables.values()
    ]
    for chart in plan.charts:
        bottom, pixels = chart.row, chart.height
        while (pixels := pixels - int(plan.heights.get(bottom, 15.0) * 4 / 3)) > 0:
            bottom += 1
        right, pixels = chart.column, chart.width + chart.indent
        while (pixels := pixels - measure.pixels(plan.widths[right])) > 0:
            right += 1
        found.append((chart.row, bottom, chart.column, right))
    return found


def overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1] and one[2] <= other[3] and other[2] <= one[3]


def test_no_table_or_chart_covers_another(sample_workbook: WorkbookSpec) -> None:
    for spec in sample_workbook.sheets:
        placed = rectangles(plan_sheet(spec, POUNDS, first=False))
        pairs = [(a, b) for number, a in enumerate(placed) for b in placed[number + 1 :]]
        assert not [pair for pair in pairs if overlap(*pair)], spec.name


def test_everything_stands_on_the_printed_page(sample_workbook: WorkbookSpec) -> None:
    for spec in sample_workbook.sheets:
        plan = plan_sheet(spec, POUNDS, first=False)
        for _, bottom, left, right in rectangles(plan):
            assert bottom <= plan.last_row
            assert plan.page.first <= left
            assert right <= plan.page.last


def test_a_chart_beside_its_table_begins_at_the_header_and_pushes_down_what_follows() -> None:
    plan = plan_sheet(sheet(table("a"), bar("a", beside=True), table("b")), POUNDS, first=True)
    chart = plan.charts[0]
    assert chart.row == plan.names.tables["a"].header
    assert plan.names.tables["b"].header >= chart.row + 15


def test_blocks_stand_apart_by_one_blank_row() -> None:
    plan = plan_sheet(sheet(table("a"), table("b"), Text(("One.", "Two."))), POUNDS, first=True)
    a, b = plan.names.tables["a"], plan.names.tables["b"]
    assert b.header == a.last + 2
    assert plan.blocks[-1].start == b.last + 2


def test_a_column_is_as_wide_as_its_widest_number() -> None:
    plan = plan_sheet(sheet(table("a"), table("b", money=-123_456_789_012_345.0)), POUNDS, first=True)
    assert plan.widths[2] > measure.text_width("-£123,456,789,012,345")


@pytest.mark.parametrize(
    "text", ["Second order of new customers", "Ünïcode & <Söhne>", "WWW MMM", "illicit", "1 234 567"]
)
def test_a_text_that_its_column_was_fitted_to_takes_one_line(text: str) -> None:
    plan = plan_sheet(sheet(table("a", text=text)), POUNDS, first=True)
    assert plan.names.tables["a"].first not in plan.heights


def test_long_texts_wrap_in_higher_rows() -> None:
    plan = plan_sheet(sheet(table("a", text="many words " * 40)), POUNDS, first=True)
    first = plan.names.tables["a"].first
    assert plan.widths[3] <= 60
    assert plan.heights[first] >= 7 * 15


def test_a_last_column_of_texts_runs_over_its_neighbours_instead_of_widening_numbers() -> None:
    numbers = Table("n", tuple(Column(f"c{n}", f"C{n}", COUNT) for n in range(6)), (Row("r", (1, 2, 3, 4, 5, 6)),))
    plan = plan_sheet(
        sheet(table("a", text="a remark of about forty-five characters or so"), numbers), POUNDS, first=True
    )
    assert plan.widths[3] <= 16
    assert (plan.names.tables["a"].spill or 0) > 3


def test_all_but_the_first_sheet_lead_back() -> None:
    assert plan_sheet(sheet(), POUNDS, first=True).link_row is None
    assert plan_sheet(sheet(), POUNDS, first=False).link_row == 2


def test_a_long_list_freezes_at_its_header_and_other_sheets_below_the_title() -> None:
    listing = replace(table("a", 50), listing=True)
    plan = plan_sheet(sheet(Text(("Before.",)), listing), POUNDS, first=True)
    assert plan.freeze_row == plan.names.tables["a"].first
    assert plan.repeat_row == plan.names.tables["a"].header
    assert plan_sheet(sheet(table("a")), POUNDS, first=True).freeze_row == 2


def test_a_printed_page_ends_between_blocks() -> None:
    plan = plan_sheet(sheet(*(table(f"t{n}", 9) for n in range(12))), POUNDS, first=True)
    tables = plan.names.tables.values()
    assert len(plan.breaks) >= 2
    assert set(plan.breaks) <= {place.header for place in tables}
    assert all(later > earlier for earlier, later in pairwise(plan.breaks))


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ((table("a"), table("a")), "two tables 'a'"),
        ((bar("nowhere", beside=False),), "'nowhere'"),
        ((bar("a", beside=False), table("a")), "above its table"),
        ((replace(table("a"), total=Row("sum", (1,))),), "1 cells for 3 columns"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(blocks: tuple[Table | Chart, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plan_sheet(sheet(*blocks), POUNDS, first=True)
