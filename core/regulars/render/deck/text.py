"""Write measured text into placeholders, shapes and cells: theme fonts, theme colours, sizes only where needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches
from regulars.render.deck.measure import runs


@dataclass(frozen=True)
class Look:
    """Size in points and colour slot of a text; None inherits. `bullets` None keeps what the placeholder has."""

    size: float | None = None
    colour: str | None = None
    bold: bool = False
    align: PP_ALIGN | None = None
    bullets: bool | None = None
    between: float | None = None


def write(text_frame: Any, paragraphs: Sequence[str], look: Look) -> None:
    """Replace the text of a frame. `**bold**` marks become bold runs."""
    lines = [line for paragraph in paragraphs for line in oxml.clean(paragraph).split("\n")]
    for number, text in enumerate(lines):
        paragraph = text_frame.paragraphs[0] if number == 0 else text_frame.add_paragraph()
        if look.align is not None:
            paragraph.alignment = look.align
        if look.bullets is not None:
            oxml.bullet(paragraph, shown=look.bullets)
        if look.between is not None:
            paragraph.space_before = Pt(look.between if number else 0)
        for part, bold in runs(text):
            run = paragraph.add_run()
            run.text = part
            style(run.font, look, bold=bold or look.bold)


def style(font: Any, look: Look, *, bold: bool) -> None:
    """Set size, weight and colour where they differ from what is inherited."""
    if look.size is not None:
        font.size = Pt(look.size)
    if bold:
        font.bold = True
    if look.colour is not None:
        oxml.text_colour(font, look.colour)


def prepare(shape: Any, insets: tuple[int, int, int, int] = (0, 0, 0, 0), anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> Any:
    """Set wrapping, insets (left, top, right, bottom in EMU) and anchor of a shape, and return its text frame."""
    frame = shape.text_frame
    frame.word_wrap = True
    oxml.no_autofit(frame)
    frame.margin_left, frame.margin_top, frame.margin_right, frame.margin_bottom = insets
    frame.vertical_anchor = anchor
    return frame


def text_box(
    shapes: Any, box: Box, paragraphs: Sequence[str], look: Look, name: str, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP
) -> Any:
    """Draw a text box without insets."""
    shape = shapes.add_textbox(box.left, box.top, box.width, box.height)
    shape.name = name
    write(prepare(shape, anchor=anchor), paragraphs, look)
    return shape


BULLET_INDENT = inches(0.1875)  # 171450 EMU, the indent of our template
