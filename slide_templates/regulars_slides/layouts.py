"""Nine layouts and the master of a skin on a canvas, in inches and points. Content has twelve columns."""

from __future__ import annotations

from dataclasses import dataclass

from regulars_slides.parts import Inches4, Layout, Placeholder, Rectangle, Shape, TextStyle
from regulars_slides.skins import Canvas, Skin

GUTTER = 0.2
COLUMNS = 12
TITLE_TOP, TITLE_HEIGHT = 0.42, 0.84
RULE_TOP = 1.30
SUBTITLE_TOP, SUBTITLE_HEIGHT = 1.36, 0.36
BODY_TOP, BODY_BOTTOM = 1.90, 6.52
SOURCE_BOTTOM, SOURCE_GAP = 6.96, 0.10
SOURCE_HEIGHTS = {13.333: 0.34, 10.0: 0.51}  # two lines of 10 points, and three where lines are short
FOOTER_TOP, FOOTER_HEIGHT, PAGE_WIDTH = 7.06, 0.26, 1.0
TABLE_HEIGHT, STRIP_HEIGHT, STRIP_GAP = 3.3, 1.2, 0.12
TILES_HEIGHT = 1.45
HEADING_HEIGHT, BELOW_HEADING = 0.36, 0.46
COVER_LEFT = 0.95
SIDE_BY_SIDE = 12.0  # a narrower canvas has the callout below the chart

BULLETS = TextStyle(16, "tx1", bullet=True, space_before=6)
SMALL_BULLETS = TextStyle(14, "tx1", bullet=True, space_before=6)
HEADING = TextStyle(14, "tx2", bold=True)
QUIET = TextStyle(10, "accent5")


@dataclass(frozen=True)
class Grid:
    """Where things stand on a canvas."""

    canvas: Canvas

    @property
    def left(self) -> float:
        """Return the left margin."""
        return self.canvas.margin

    @property
    def width(self) -> float:
        """Return the width between the margins."""
        return self.canvas.width - 2 * self.canvas.margin

    @property
    def source(self) -> Inches4:
        """Return the place of the source line."""
        height = SOURCE_HEIGHTS[self.canvas.width]
        return self.left, SOURCE_BOTTOM - height, self.width, height

    @property
    def body(self) -> Inches4:
        """Return the place of exhibits."""
        bottom = min(BODY_BOTTOM, self.source[1] - SOURCE_GAP)
        return self.left, BODY_TOP, self.width, bottom - BODY_TOP

    def span(self, columns: int) -> float:
        """Return the width of neighbouring columns.

        >>> from regulars_slides.skins import NARROW
        >>> round(Grid(NARROW).span(12), 6)
        9.0
        """
        column = (self.width - (COLUMNS - 1) * GUTTER) / COLUMNS
        return columns * column + (columns - 1) * GUTTER

    def column(self, number: int) -> float:
        """Return the left edge of a column, counted from 0."""
        return self.left + (self.span(number) + GUTTER if number else 0)


def master_of(canvas: Canvas) -> tuple[Shape, ...]:
    """Return what stands on the master."""
    grid = Grid(canvas)
    return (_title(grid), Placeholder("Body", "body", 1, grid.body, prompt="Text"), *_foot(grid))


def layouts_of(skin: Skin, canvas: Canvas) -> tuple[Layout, ...]:
    """Return the layouts of a skin, the same nine on every canvas."""
    grid = Grid(canvas)

    def content(*shapes: Shape) -> tuple[Shape, ...]:
        rule = Rectangle("Title rule", (grid.left, RULE_TOP, grid.width, skin.rule_height), skin.rule_colour)
        subtitle = Placeholder(
            "Subtitle",
            "body",
            10,
            (grid.left, SUBTITLE_TOP, grid.width, SUBTITLE_HEIGHT),
            prompt="Metric, unit, scope and period",
            style=TextStyle(14, "accent5"),
        )
        source = Placeholder("Source", "body", 20, grid.source, prompt="Source and notes", style=QUIET, anchor="b")
        return (_title(grid), rule, subtitle, *shapes, source, *_foot(grid))

    return (
        _cover(skin, canvas),
        _section(skin, canvas),
        Layout("Executive Summary", "obj", content(_statements(grid))),
        Layout("Title and Chart + Callout", "chart", content(*_chart_and_callout(grid))),
        Layout("Title and Chart", "chart", content(Placeholder("Chart", "chart", 11, grid.body, prompt="Chart"))),
        Layout("Title and Table", "tbl", content(*_table_and_strip(grid))),
        Layout(
            "Two Content", "twoObj", content(*_side(grid, "Left", 15, grid.left), *_side(grid, "Right", 17, grid.column(6)))
        ),
        Layout("Title Only", "titleOnly", content()),
        _closing(skin, canvas),
    )  # fmt: skip


def _title(grid: Grid) -> Placeholder:
    return Placeholder(
        "Title",
        "title",
        None,
        (grid.left, TITLE_TOP, grid.width, TITLE_HEIGHT),
        prompt="The conclusion with its number, in two lines at most",
        anchor="b",  # a title of one line stands on the rule, not high above it
    )


def _foot(grid: Grid) -> tuple[Shape, ...]:
    footer = (grid.left, FOOTER_TOP, grid.width - PAGE_WIDTH - GUTTER, FOOTER_HEIGHT)
    page = (grid.left + grid.width - PAGE_WIDTH, FOOTER_TOP, PAGE_WIDTH, FOOTER_HEIGHT)
    return (
        Placeholder("Footer", "ftr", 21, footer, style=QUIET, anchor="ctr"),
        Placeholder("Slide Number", "sldNum", 22, page, style=TextStyle(10, "accent5", align="r"), anchor="ctr"),
    )


def _statements(grid: Grid) -> Shape:
    left, top, width, height = grid.body
    place = (left, top + TILES_HEIGHT, width, height - TILES_HEIGHT)
    return Placeholder("Body", "body", 12, place, prompt="Situation, complication, resolution, decision", style=BULLETS)


def _callout(place: Inches4) -> Placeholder:
    return Placeholder(
        "Callout",
        "body",
        13,
        place,
        prompt="So what",
        style=BULLETS,
        anchor="ctr",
        insets=(0.2, 0.15, 0.15, 0.15),
        fill="bg2",
    )


def _chart_and_callout(grid: Grid) -> tuple[Shape, Shape]:
    left, top, width, height = grid.body
    if grid.canvas.width < SIDE_BY_SIDE:
        upper = height - STRIP_HEIGHT - STRIP_GAP
        chart = Placeholder("Chart", "chart", 11, (left, top, width, upper), prompt="Chart")
        return chart, _callout((left, top + height - STRIP_HEIGHT, width, STRIP_HEIGHT))
    chart = Placeholder("Chart", "chart", 11, (left, top, grid.span(8), height), prompt="Chart")
    return chart, _callout((grid.column(8) + 0.1, top, grid.span(4) - 0.1, height))


def _table_and_strip(grid: Grid) -> tuple[Shape, Shape]:
    left, top, width, height = grid.body
    lower = TABLE_HEIGHT + STRIP_GAP
    table = Placeholder("Table", "tbl", 14, (left, top, width, TABLE_HEIGHT), prompt="Table")
    return table, _callout((left, top + lower, width, height - lower))


def _side(grid: Grid, name: str, first_idx: int, left: float) -> tuple[Shape, ...]:
    _, top, _, height = grid.body
    heading = (left, top, grid.span(6), HEADING_HEIGHT)
    place = (left, top + BELOW_HEADING, grid.span(6), height - BELOW_HEADING)
    return (
        Placeholder(f"{name} heading", "body", first_idx, heading, prompt="Heading", style=HEADING, anchor="b"),
        Placeholder(f"{name} content", None, first_idx + 1, place, prompt="Chart, table or text", style=SMALL_BULLETS),
    )


def _band(skin: Skin, canvas: Canvas) -> Rectangle:
    return Rectangle("Brand band", (0.0, 0.0, skin.band_width, canvas.height), skin.band)


def _cover_width(canvas: Canvas) -> float:
    return canvas.width - COVER_LEFT - canvas.margin


def _cover(skin: Skin, canvas: Canvas) -> Layout:
    width, ink = _cover_width(canvas), skin.cover_ink
    size = 40 if canvas.width > SIDE_BY_SIDE else 36
    return Layout(
        "Title Slide",
        "title",
        (
            _band(skin, canvas),
            Placeholder(
                "Title",
                "ctrTitle",
                None,
                (COVER_LEFT, 1.7, width, 2.1),
                prompt="Title of the deck",
                style=TextStyle(size, ink, bold=True),
                anchor="b",
            ),
            Rectangle("Title rule", (COVER_LEFT, 3.88, 1.2, 0.04), skin.rule_colour),
            Placeholder(
                "Subtitle",
                "subTitle",
                1,
                (COVER_LEFT, 4.05, width, 0.9),
                prompt="Client and subject",
                style=TextStyle(20, ink),
            ),
            Placeholder(
                "Source",
                "body",
                11,
                (COVER_LEFT, 6.25, width, 0.6),
                prompt="Date, author and status",
                style=TextStyle(14, ink),
            ),
        ),
        background=skin.cover,
    )


def _section(skin: Skin, canvas: Canvas) -> Layout:
    width, ink = _cover_width(canvas), skin.cover_ink
    title, text = (COVER_LEFT, 2.6, width, 1.3), (COVER_LEFT, 4.05, width, 0.9)
    return Layout(
        "Section",
        "secHead",
        (
            _band(skin, canvas),
            Placeholder(
                "Title",
                "title",
                None,
                title,
                prompt="Title of the section",
                style=TextStyle(34, ink, bold=True),
                anchor="b",
            ),
            Placeholder(
                "Section text",
                "body",
                1,
                text,
                prompt="The answer of this section in one sentence",
                style=TextStyle(18, ink),
            ),
        ),
        background=skin.cover,
    )


def _closing(skin: Skin, canvas: Canvas) -> Layout:
    width, ink = _cover_width(canvas), skin.cover_ink
    size = 34 if canvas.width > SIDE_BY_SIDE else 30
    return Layout(
        "Closing",
        "obj",
        (
            _band(skin, canvas),
            Placeholder(
                "Title",
                "title",
                None,
                (COVER_LEFT, 0.85, width, 1.45),
                prompt="The decision requested",
                style=TextStyle(size, ink, bold=True),
                anchor="b",
            ),
            Rectangle("Title rule", (COVER_LEFT, 2.38, 1.2, 0.04), skin.rule_colour),
            Placeholder(
                "Next steps",
                "body",
                12,
                (COVER_LEFT, 2.65, width, 3.75),
                prompt="Next steps",
                style=TextStyle(18, ink, bullet=True, space_before=9),
            ),
        ),
        background=skin.cover,
    )
