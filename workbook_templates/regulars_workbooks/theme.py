"""The look of every result sheet: colours, sizes and measures. Pure data, so that builders and renderers share it."""

from __future__ import annotations

FONT = "Calibri"
BODY_SIZE = 11
SMALL_SIZE = 9
HEADING_SIZE = 13
TITLE_SIZE = 18
TILE_SIZE = 20
CHART_TITLE_SIZE = 12
CHART_SIZE = 9

NAVY = "#0A2540"
INK = "#1B2430"
COBALT = "#1F5FA8"
TEAL = "#0B7A75"
AMBER = "#D99A2B"
BRICK = "#C0432F"
SLATE = "#5B6B80"
MIST = "#F2F5F9"
WHITE = "#FFFFFF"
HAIRLINE = "#DDE3EB"
AMBER_TINT = "#FCF4E3"
COBALT_TINT = "#A9C7E8"
BRICK_TINT = "#E9B4AB"
SLATE_TINT = "#B9C3CF"
INPUT_FILL = "#FFF9DC"
INPUT_TEXT = "#1746C4"
INPUT_LINE = "#D8C77A"

SERIES = (COBALT, TEAL, AMBER, SLATE, BRICK, COBALT_TINT, SLATE_TINT, NAVY)

# Excel's own banding follows filters and sorting, which banding by cell fills cannot; this style is the palest one.
LISTING_STYLE = "Table Style Light 2"

# Widths are Excel's column widths: digits of the body font.
MARGIN_WIDTH = 2.7
FILLER_WIDTH = 12.0
LABEL_MOST = 34.0
TEXT_MOST = 60.0
NUMBER_LEAST, NUMBER_MOST = 11.0, 16.0
PAGE_LANDSCAPE, PAGE_PORTRAIT = 126.0, 92.0
READABLE_MOST = 126.0  # longer lines of prose are hard to follow

ROW_POINTS = 15.0
CHART_ROWS = 15
