"""Native charts, as their XML says."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from regulars.base.units import COUNT, MONEY, SHARE, Currency
from regulars.render.workbook import write_workbook
from regulars.render.workbook.charts import brief_format
from regulars.story.sheet_spec import (
    Chart,
    ChartKind,
    Column,
    Heat,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    WorkbookSpec,
)

POUNDS = Currency("GBP")


def xml(
    folder: Path, kind: ChartKind, *series: str, rows: int = 4, highlight: str = "", part: str = "charts/chart1"
) -> str:
    columns = (
        Column("name", "Name"),
        Column("money", "Money", MONEY, heat=Heat.SCALE),
        Column("count", "Count", COUNT, heat=Heat.BAR),
        Column("share", "Cumulative share", SHARE),
    )
    data = tuple(Row(f"r{n}", (f"row {n}", 2e6 / (n + 1), n, (n + 1) / rows)) for n in range(rows))
    table = Table("t", columns, data, total=Row("sum", ("All", 5e6, 9, 1.0)))
    chart = Chart(kind, "Title", "t", "name", series, "In words", highlight=highlight)
    path = folder / "chart.xlsx"
    write_workbook(WorkbookSpec((SheetSpec("My sheet", SheetKind.MONEY, "T", "L", (table, chart)),), "B"), path, POUNDS)
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/{part}.xml").decode()


def test_names_categories_and_values_are_cells_of_the_table_without_its_total(tmp_path: Path) -> None:
    references = re.findall(r"<c:f>([^<]+)</c:f>", xml(tmp_path, ChartKind.COLUMN, "money"))
    assert references == ["'My sheet'!$C$4", "'My sheet'!$B$5:$B$8", "'My sheet'!$C$5:$C$8"]


def test_bars_stand_in_the_order_of_the_table(tmp_path: Path) -> None:
    categories = xml(tmp_path, ChartKind.BAR, "money").split("<c:catAx>")[1].split("</c:catAx>")[0]
    assert '<c:orientation val="maxMin"/>' in categories


def test_the_highlighted_bar_alone_has_the_strong_colour(tmp_path: Path) -> None:
    points = xml(tmp_path, ChartKind.BAR, "money", highlight="r2").split("<c:dPt>")[1:]
    assert ["1F5FA8" in point.split("</c:dPt>")[0] for point in points] == [False, False, True, False]


@pytest.mark.parametrize(("rows", "labelled"), [(12, True), (13, False)])
def test_few_bars_carry_their_numbers_and_many_have_an_axis(tmp_path: Path, rows: int, *, labelled: bool) -> None:
    drawn = xml(tmp_path, ChartKind.COLUMN, "money", rows=rows)
    assert ("<c:dLbls>" in drawn) is labelled
    values = drawn.split("<c:valAx>")[1]
    assert ('<c:delete val="1"/>' in values) is labelled


def test_a_pareto_chart_has_columns_and_a_line_in_per_cent(tmp_path: Path) -> None:
    drawn = xml(tmp_path, ChartKind.PARETO, "money", "share")
    assert "<c:barChart>" in drawn
    assert "<c:lineChart>" in drawn
    assert drawn.count("<c:valAx>") == 2
    assert 'formatCode="0%"' in drawn


def test_one_series_needs_no_legend(tmp_path: Path) -> None:
    assert "<c:legend>" not in xml(tmp_path, ChartKind.LINE, "money")
    assert "<c:legend>" in xml(tmp_path, ChartKind.STACKED, "money", "count")


def test_formats_that_show_size_leave_the_total_out(tmp_path: Path) -> None:
    sheet = xml(tmp_path, ChartKind.LINE, "money", part="worksheets/sheet1")
    assert re.findall(r'<conditionalFormatting sqref="([^"]+)"', sheet) == ["C5:C8", "D5:D8"]


def test_the_cells_of_a_grid_share_one_colour_scale(tmp_path: Path) -> None:
    columns = (Column("r", "Recency"), *(Column(f"f{n}", f"{n}", COUNT, heat=Heat.SCALE) for n in range(5)))
    table = Table("t", columns, tuple(Row(f"{n}", (f"{n}", n, 2, 3, 4, 5)) for n in range(5)))
    path = tmp_path / "grid.xlsx"
    write_workbook(WorkbookSpec((SheetSpec("S", SheetKind.SEGMENTS, "T", "L", (table,)),), "B"), path, POUNDS)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<conditionalFormatting sqref="([^"]+)"', sheet) == ["C5:G9"]


@pytest.mark.parametrize(
    ("largest", "letters"), [(9_000.0, ""), (50_000.0, "K"), (700_000.0, "K"), (5e6, "MK"), (2e9, "BM")]
)
def test_labels_are_as_short_as_their_largest_value_asks(largest: float, letters: str) -> None:
    assert "".join(dict.fromkeys(re.findall(r'"(\w)"', brief_format(MONEY, POUNDS, [largest, 1.0])))) == letters
