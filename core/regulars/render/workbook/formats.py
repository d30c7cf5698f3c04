"""Cell formats: described by value, made once a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from regulars_workbooks import theme


@dataclass(frozen=True)
class Style:
    """How a cell looks. Borders are colours; None is no border."""

    size: float = theme.BODY_SIZE
    bold: bool = False
    color: str = theme.INK
    fill: str | None = None
    align: str = "left"
    valign: str = "vcenter"
    wrap: bool = False
    number: str = "General"
    indent: int = 0
    top: str | None = None
    bottom: str | None = None
    box: str | None = None
    bar: str | None = None  # a thick line on the left
    underline: bool = False
    locked: bool = True
    quoted: bool = False  # keeps text that begins like a formula a text when it is edited

    def but(self, **changes: Any) -> Style:
        """Return this style with changes."""
        return replace(self, **changes)


TITLE = Style(size=theme.TITLE_SIZE, bold=True, color=theme.NAVY, wrap=True)
LEAD = Style(color=theme.SLATE, wrap=True, bottom=theme.HAIRLINE)
BACK = Style(color=theme.COBALT, underline=True, size=10)
HEADING = Style(size=theme.HEADING_SIZE, bold=True, color=theme.NAVY, wrap=True, valign="bottom")
BLOCK_LEAD = Style(color=theme.SLATE, wrap=True, valign="top")
HEADER = Style(bold=True, color=theme.WHITE, fill=theme.NAVY, wrap=True)
BODY = Style(bottom=theme.HAIRLINE)
STRONG = Style(bold=True, top=theme.NAVY, bottom=theme.HAIRLINE)
INPUT = Style(color=theme.INPUT_TEXT, fill=theme.INPUT_FILL, box=theme.INPUT_LINE, locked=False)
LINK = Style(color=theme.COBALT, underline=True, bottom=theme.HAIRLINE)
PROSE = Style(wrap=True, valign="top")
FINDING = Style(wrap=True, valign="top", indent=1)
BULLET = Style(bold=True, color=theme.COBALT, align="right", valign="top")
WARNING = Style(wrap=True, fill=theme.AMBER_TINT, bar=theme.AMBER, indent=1)
SMALL = Style(size=theme.SMALL_SIZE, color=theme.SLATE, wrap=True, valign="top")
TILE_LABEL = Style(wrap=True, size=10, color=theme.SLATE, fill=theme.MIST, bar=theme.COBALT, indent=1, valign="bottom")
TILE_NUMBER = Style(size=theme.TILE_SIZE, bold=True, color=theme.NAVY, fill=theme.MIST, bar=theme.COBALT, indent=1)
TILE_SCOPE = Style(
    wrap=True, size=theme.SMALL_SIZE, color=theme.SLATE, fill=theme.MIST, bar=theme.COBALT, indent=1, valign="top"
)

_THIN, _MEDIUM, _THICK = 1, 2, 5


class Formats:
    """The formats of one workbook, each made at most once."""

    def __init__(self, book: Any, own: theme.Theme = theme.SHIPPED) -> None:
        """Start empty; `own` is the theme that the workbook is written in."""
        self._book = book
        self.theme = own
        self._made: dict[Style, Any] = {}

    def __call__(self, style: Style) -> Any:
        """Return the workbook's format of a style."""
        if style not in self._made:
            self._made[style] = self._book.add_format(self.theme.on(_properties(style)))
        return self._made[style]


def _properties(style: Style) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "font_name": theme.FONT,
        "font_size": style.size,
        "font_color": style.color,
        "bold": style.bold,
        "align": style.align,
        "valign": style.valign,
        "text_wrap": style.wrap,
        "num_format": style.number,
        "indent": style.indent,
        "locked": style.locked,
        "quote_prefix": style.quoted,
        "underline": 1 if style.underline else 0,
    }
    if style.fill:
        properties |= {"bg_color": style.fill, "pattern": 1}
    if style.box:
        properties |= {"border": _THIN, "border_color": style.box}
    if style.top:
        properties |= {"top": _MEDIUM, "top_color": style.top}
    if style.bottom:
        properties |= {"bottom": _THIN, "bottom_color": style.bottom}
    if style.bar:
        properties |= {"left": _THICK, "left_color": style.bar}
    return properties
