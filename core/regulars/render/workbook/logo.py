"""The logo of the owner's theme, at the right end of the first sheet's title."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regulars.render.workbook import measure
from regulars.render.workbook.plan import LEFT, SheetPlan, Span
from regulars_workbooks import theme

_WIDTH_MOST = 240  # pixels
_EDGE = 4  # pixels between the picture and the ends of its cells
_TITLE_ABOVE = 20  # points that a title's row has beyond its lines


@dataclass(frozen=True)
class Logo:
    """A picture with its size in pixels on the sheet, and where it stands."""

    content: bytes  # PNG without a resolution, so that its size is said here alone
    scale: float
    column: int
    offset: int  # pixels from the left end of the column


def placed(plan: SheetPlan, own: theme.Theme) -> tuple[SheetPlan, Span, Logo | None]:
    """Return the plan with a first row that holds the logo, the columns left for the title, and the logo."""
    if own.logo is None:
        return plan, plan.text, None
    content, width, height = _picture(own.logo)
    scale = min(own.logo_height / height, _WIDTH_MOST / width)
    room = round(width * scale) + 2 * _EDGE
    first, found = plan.text.last, measure.pixels(plan.widths[plan.text.last])
    while found < room and first > LEFT + 1:
        first -= 1
        found += measure.pixels(plan.widths[first])
    title = Span(LEFT, max(first - 1, LEFT))
    lines = measure.line_count(plan.sheet.title, plan.width(title), theme.TITLE_SIZE, bold=True)
    needed = max(measure.height(lines, theme.TITLE_SIZE, above=_TITLE_ABOVE), (own.logo_height + 2 * _EDGE) * 0.75)
    heights = {**plan.heights, 0: max(plan.heights.get(0, theme.ROW_POINTS), needed)}
    return replace(plan, heights=heights), title, Logo(content, scale, first, max(found - room, 0) + _EDGE)


def insert(sheet: Any, logo: Logo) -> None:
    """Put the logo into the first row."""
    sheet.insert_image(
        0,
        logo.column,
        "logo.png",
        {
            "image_data": io.BytesIO(logo.content),
            "x_scale": logo.scale,
            "y_scale": logo.scale,
            "x_offset": logo.offset,
            "y_offset": _EDGE,
            "object_position": 2,
            "description": "Logo",
        },
    )


def _picture(path: Path) -> tuple[bytes, int, int]:
    from PIL import Image  # noqa: PLC0415  python-pptx brings it

    with Image.open(path) as image:
        plain = image.convert("RGBA")
    kept = io.BytesIO()
    plain.save(kept, "PNG")
    return kept.getvalue(), plain.width, plain.height
