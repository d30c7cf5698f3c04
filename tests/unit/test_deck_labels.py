"""Names in charts: bubbles, their fields and bars bear names that lie on nothing and stay apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx.util import Inches

from regulars.base.units import COUNT, MONEY, Currency
from regulars.render.deck.box import Box
from regulars.render.deck.bubble_labels import GAP, HEIGHT, SIDES, Circle, Plot, field_place, label_places
from regulars.render.deck.charts import draw_chart
from regulars.render.deck.lines import CLEAR_OF_AXIS, TOP, end_labels, nice_scale
from regulars.render.deck.pen import Pen
from regulars.render.deck.template import open_template
from regulars.story.brief_names import brief_names
from regulars.story.slide_spec import Chart, ChartKind, Role, Series

PLOT = Plot(50, 10, 500, 280)
BUBBLES = st.lists(
    st.tuples(st.floats(60, 540), st.floats(20, 280), st.floats(1, 30), st.floats(20, 90)), min_size=1, max_size=8
)
NAMES = st.lists(st.text("abc ,", min_size=1, max_size=60), min_size=1, max_size=12)
Edges = tuple[float, float, float, float]


def label_box(circle: Circle, width: float, side: int) -> Edges:
    across, down = SIDES[side]
    away = circle.radius + GAP
    left = circle.x - width / 2 if not across else circle.x + away if across > 0 else circle.x - away - width
    top = circle.y - HEIGHT / 2 if not down else circle.y + away if down > 0 else circle.y - away - HEIGHT
    return left, top, left + width, top + HEIGHT


def touch(one: Edges, other: Edges) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > 1e-6 and min(one[3], other[3]) - max(one[1], other[1]) > 1e-6


@given(BUBBLES)
def test_names_said_to_be_clear_lie_on_no_other_name_and_on_no_bubble(told: list[Any]) -> None:
    circles = [Circle(x, y, radius) for x, y, radius, _ in told]
    found = label_places(circles, [width for *_, width in told], PLOT)
    if found.covered:
        return
    boxes = [label_box(c, w, s) for c, (*_, w), s in zip(circles, told, found.sides, strict=True)]
    for number, box in enumerate(boxes):
        assert not any(touch(box, other) for other in boxes[number + 1 :])
        for place, one in enumerate(circles):
            assert place == number or not (box[0] < one.x < box[2] and box[1] < one.y < box[3])


def test_a_field_gives_its_corner_up_to_a_bubble_that_lies_there() -> None:
    free, _, _ = field_place(60, PLOT, (300, 150), [], low=False, right=True)
    moved, _, edges = field_place(60, PLOT, (300, 150), [Circle(520, 30, 30)], low=False, right=True)
    assert (moved, edges[1]) != (free, 0)
    assert not touch(edges, (495, 5, 545, 55))


def drawn(chart: Chart, width: float = 6.0, height: float = 3.0) -> tuple[Any, Any]:
    template = open_template(None)
    slide = template.presentation.slides.add_slide(template.layouts[0])
    box = Box(Inches(1), Inches(2), Inches(width), Inches(height))
    return slide, draw_chart(Pen(slide, None, box, template.theme, Currency("IDR")), chart).chart


def bubbles(*points: tuple[float, float]) -> Chart:
    names = tuple(f"Initiative number {number}" for number in range(1, len(points) + 1))
    xs, ys = zip(*points, strict=True)
    series = (
        Series("Investment", xs, MONEY),
        Series("Gross profit", ys, MONEY),
        Series("Size", (9.0,) * len(xs), COUNT),
    )
    return Chart(
        ChartKind.BUBBLE, names, series, "", crossing=(50, 50), corners=("Do first", "Later", "Besides", "Last")
    )


def labels(chart: Any) -> list[str]:
    return [series._element.findtext(".//{*}dLbl//{*}t") or "" for plot in chart.plots for series in plot.series]


def test_bubbles_apart_bear_their_names() -> None:
    slide, chart = drawn(bubbles((10, 10), (90, 90), (90, 10)), 8, 4.5)
    assert set(labels(chart)) == {""}
    assert not [shape for shape in slide.shapes if shape.name == "Key"]


def test_bubbles_on_one_another_bear_numbers_and_a_key_names_them() -> None:
    slide, chart = drawn(bubbles(*((50 + number, 50) for number in range(8))))
    assert labels(chart)[:8] == [str(number) for number in range(1, 9)]
    key = next(shape for shape in slide.shapes if shape.name == "Key").text_frame.text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert all(f"{number} Initiative number {number}" in key for number in range(1, 9))
    frame = next(shape for shape in slide.shapes if shape.has_chart)
    below = next(shape for shape in slide.shapes if shape.name == "Key")
    assert frame.top + frame.height <= below.top


@given(NAMES, st.integers(10, 40))
def test_short_names_stay_apart_and_are_short(names: list[str], longest: int) -> None:
    found = brief_names(names, longest)
    assert len(set(found.values())) == len(set(names)) == len(found)
    assert all(len(shown) <= longest for shown in found.values())
    assert all(found[name] == name for name in names if len(name) <= longest)


def test_bars_of_long_names_keep_every_name_on_a_line_of_its_own() -> None:
    names = tuple(f"Wholesale partners of the northern district {number:02d}" for number in range(12))
    series = (Series("Customers", tuple(range(12)), COUNT), Series("Revenue", tuple(range(12)), COUNT, Role.HIGHLIGHT))
    _, chart = drawn(Chart(ChartKind.BAR, names, series, ""), 5, 2.6)
    shown = list(map(str, chart.plots[0].categories))
    size = chart.category_axis.tick_labels.font.size.pt
    face = open_template(None).theme.minor
    assert len(set(shown)) == 12
    assert max(face.width(name, size) for name in shown) <= 5 * 72 / 2
    assert size * 1.2 * 12 <= 2.6 * 72
    assert chart.value_axis.visible  # for the second series, whose labels would touch those of the first


def test_the_name_of_a_line_that_ends_at_nought_stays_above_the_months() -> None:
    chart = Chart(ChartKind.LINE, ("Jan", "Feb"), (Series("Revenue", (400.0, 0.0), MONEY),), "")
    scale, box = nice_scale([400.0, 0.0]), Box(0, 0, Inches(8), Inches(4))
    face = open_template(None).theme.minor
    found = end_labels(chart, scale, box, face, Currency("GBP"))
    label = found.labels[0]
    assert label is not None
    line = 12 * face.line * 1.05 / box.height_points
    assert found.height + TOP + label.down == pytest.approx(TOP + found.height - CLEAR_OF_AXIS * line)
