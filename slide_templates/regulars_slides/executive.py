"""The skin "Executive": canvas, palette, type and nine layouts of the slide template, in inches and points.

`python -m regulars_slides.build` writes `executive.pptx` from this description.
"""

from __future__ import annotations

from regulars_slides.parts import Layout, Placeholder, Rectangle, Shape, TextStyle

NAME = "Regulars Executive"
FONT = "Calibri"
PALETTE = {
    "dk1": "1B2430",
    "lt1": "FFFFFF",
    "dk2": "0A2540",
    "lt2": "F2F5F9",
    "accent1": "1F5FA8",
    "accent2": "0B7A75",
    "accent3": "D99A2B",
    "accent4": "C0432F",
    "accent5": "5B6B80",
    "accent6": "6F4FA0",
    "hlink": "1F5FA8",
    "folHlink": "6F4FA0",
}

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.6
CONTENT = WIDTH - 2 * MARGIN
GUTTER = 0.2
COLUMN = (CONTENT - 11 * GUTTER) / 12

TITLE_TOP, TITLE_HEIGHT = 0.42, 0.84
RULE_TOP, RULE_HEIGHT = 1.30, 0.012
SUBTITLE_TOP, SUBTITLE_HEIGHT = 1.36, 0.36
BODY_TOP, BODY_HEIGHT = 1.90, 4.62
SOURCE_TOP, SOURCE_HEIGHT = 6.62, 0.34
FOOTER_TOP, FOOTER_HEIGHT = 7.06, 0.26
STRIP_TOP = 3.42  # below the top of the body, where a table has its callout
HEADING_HEIGHT, BELOW_HEADING = 0.36, 0.46


def column_left(column: int) -> float:
    """Return the left edge of one of the twelve columns, counted from 0.

    >>> column_left(0), round(column_left(8), 3)
    (0.6, 8.822)
    """
    return MARGIN + column * (COLUMN + GUTTER)


def span(columns: int) -> float:
    """Return the width of neighbouring columns.

    >>> round(span(12), 3) == round(CONTENT, 3)
    True
    """
    return columns * COLUMN + (columns - 1) * GUTTER


TITLE = Placeholder(
    "Title",
    "title",
    None,
    (MARGIN, TITLE_TOP, CONTENT, TITLE_HEIGHT),
    prompt="The conclusion with its number, in two lines at most",
    anchor="b",  # a title of one line stands on the rule, not high above it
)
RULE = Rectangle("Title rule", (MARGIN, RULE_TOP, CONTENT, RULE_HEIGHT), "accent1")
SUBTITLE = Placeholder(
    "Subtitle",
    "body",
    10,
    (MARGIN, SUBTITLE_TOP, CONTENT, SUBTITLE_HEIGHT),
    prompt="Metric, unit, scope and period",
    style=TextStyle(14, "accent5"),
)
SOURCE = Placeholder(
    "Source",
    "body",
    20,
    (MARGIN, SOURCE_TOP, CONTENT, SOURCE_HEIGHT),
    prompt="Source and notes",
    style=TextStyle(10, "accent5"),
    anchor="b",
)
FOOTER = Placeholder(
    "Footer", "ftr", 21, (MARGIN, FOOTER_TOP, 9.0, FOOTER_HEIGHT), style=TextStyle(10, "accent5"), anchor="ctr"
)
PAGE = Placeholder(
    "Slide Number",
    "sldNum",
    22,
    (WIDTH - MARGIN - 1.0, FOOTER_TOP, 1.0, FOOTER_HEIGHT),
    style=TextStyle(10, "accent5", align="r"),
    anchor="ctr",
)
BAND = Rectangle("Brand band", (0.0, 0.0, 0.28, HEIGHT), "accent1")
BULLETS = TextStyle(16, "tx1", bullet=True, space_before=6)
SMALL_BULLETS = TextStyle(14, "tx1", bullet=True, space_before=6)
HEADING = TextStyle(14, "tx2", bold=True)


def _callout(left: float, top: float, width: float, height: float) -> Placeholder:
    return Placeholder(
        "Callout",
        "body",
        13,
        (left, top, width, height),
        prompt="So what",
        style=BULLETS,
        anchor="ctr",
        insets=(0.2, 0.15, 0.15, 0.15),
        fill="bg2",
    )


def _content(*shapes: Shape) -> tuple[Shape, ...]:
    return (TITLE, RULE, SUBTITLE, *shapes, SOURCE, FOOTER, PAGE)


def _side(name: str, first_idx: int, left: float) -> tuple[Shape, ...]:
    return (
        Placeholder(
            f"{name} heading",
            "body",
            first_idx,
            (left, BODY_TOP, span(6), HEADING_HEIGHT),
            prompt="Heading",
            style=HEADING,
            anchor="b",
        ),
        Placeholder(
            f"{name} content",
            None,
            first_idx + 1,
            (left, BODY_TOP + BELOW_HEADING, span(6), BODY_HEIGHT - BELOW_HEADING),
            prompt="Chart, table or text",
            style=SMALL_BULLETS,
        ),
    )


BODY_BOX = (MARGIN, BODY_TOP, CONTENT, BODY_HEIGHT)
PANEL_LEFT = column_left(8) + 0.1
PANEL_WIDTH = span(4) - 0.1

MASTER: tuple[Shape, ...] = (
    TITLE,
    Placeholder("Body", "body", 1, BODY_BOX, prompt="Text"),
    FOOTER,
    PAGE,
)

LAYOUTS = (
    Layout(
        "Title Slide",
        "title",
        (
            BAND,
            Placeholder(
                "Title",
                "ctrTitle",
                None,
                (0.95, 1.9, 11.0, 1.9),
                prompt="Title of the deck",
                style=TextStyle(40, "bg1", bold=True),
                anchor="b",
            ),
            Placeholder(
                "Subtitle",
                "subTitle",
                1,
                (0.95, 3.95, 11.0, 0.9),
                prompt="Client and subject",
                style=TextStyle(20, "bg1"),
            ),
            Placeholder(
                "Source",
                "body",
                11,
                (0.95, 6.35, 11.0, 0.5),
                prompt="Date, author and status",
                style=TextStyle(14, "bg1"),
            ),
        ),
        background="tx2",
    ),
    Layout(
        "Section",
        "secHead",
        (
            BAND,
            Placeholder(
                "Title",
                "title",
                None,
                (0.95, 2.6, 11.0, 1.3),
                prompt="Title of the section",
                style=TextStyle(34, "bg1", bold=True),
                anchor="b",
            ),
            Placeholder(
                "Section text",
                "body",
                1,
                (0.95, 4.05, 11.0, 0.9),
                prompt="The answer of this section in one sentence",
                style=TextStyle(18, "bg1"),
            ),
        ),
        background="tx2",
    ),
    Layout(
        "Executive Summary",
        "obj",
        _content(
            Placeholder(
                "Body",
                "body",
                12,
                (MARGIN, BODY_TOP + 1.45, CONTENT, BODY_HEIGHT - 1.45),
                prompt="Situation, complication, resolution, decision",
                style=BULLETS,
            )
        ),
    ),
    Layout(
        "Title and Chart + Callout",
        "chart",
        _content(
            Placeholder("Chart", "chart", 11, (MARGIN, BODY_TOP, span(8), BODY_HEIGHT), prompt="Chart"),
            _callout(PANEL_LEFT, BODY_TOP, PANEL_WIDTH, BODY_HEIGHT),
        ),
    ),
    Layout("Title and Chart", "chart", _content(Placeholder("Chart", "chart", 11, BODY_BOX, prompt="Chart"))),
    Layout(
        "Title and Table",
        "tbl",
        _content(
            Placeholder("Table", "tbl", 14, (MARGIN, BODY_TOP, CONTENT, 3.3), prompt="Table"),
            _callout(MARGIN, BODY_TOP + STRIP_TOP, CONTENT, BODY_HEIGHT - STRIP_TOP),
        ),
    ),
    Layout("Two Content", "twoObj", _content(*_side("Left", 15, MARGIN), *_side("Right", 17, column_left(6)))),
    Layout("Title Only", "titleOnly", _content()),
    Layout(
        "Closing",
        "obj",
        (
            BAND,
            Placeholder(
                "Title",
                "title",
                None,
                (0.95, 0.95, 11.4, 1.35),
                prompt="The decision requested",
                style=TextStyle(34, "bg1", bold=True),
                anchor="b",
            ),
            Placeholder(
                "Next steps",
                "body",
                12,
                (0.95, 2.65, 11.4, 3.75),
                prompt="Next steps",
                style=TextStyle(18, "bg1", bullet=True, space_before=9),
            ),
        ),
        background="tx2",
    ),
)
