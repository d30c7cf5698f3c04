"""The colour that a file says: theme slots with their shades and tints, and the fill that is meant; None where it is not said."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck.theme import Rgb

FILLS = ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill")
THOUSANDTHS = 100_000


def colour_of(holder: Any, theme: Mapping[str, Rgb], over: Rgb | None = None) -> Rgb | None:
    """Return the colour inside a solid fill or a reference, laid over another; None where it cannot be known."""
    choice = next((child for child in holder if child.tag.endswith("Clr")), None)
    if choice is None:
        return None
    found: Rgb | None
    if choice.tag == qn("a:schemeClr"):
        found = theme.get(choice.get("val"))
    elif choice.tag == qn("a:srgbClr"):
        found = _hex(choice.get("val"))
    elif choice.tag == qn("a:sysClr"):
        found = _hex(choice.get("lastClr") or "000000")
    else:
        found = None
    return None if found is None else _changed(found, choice, over)


def fill_of(properties: Any) -> Any:
    """Return the fill of a shape's, cell's or background's properties, or None where it is inherited."""
    if properties is None:
        return None
    wanted = {qn(tag) for tag in FILLS}
    return next((child for child in properties if child.tag in wanted), None)


def _changed(colour: Rgb, choice: Any, over: Rgb | None) -> Rgb | None:
    changes = {child.tag.rpartition("}")[2]: int(child.get("val", "0")) / THOUSANDTHS for child in choice}
    if "lumMod" in changes or "lumOff" in changes:
        hue, light, saturation = colorsys.rgb_to_hls(*colour)
        light = min(max(light * changes.get("lumMod", 1.0) + changes.get("lumOff", 0.0), 0.0), 1.0)
        colour = colorsys.hls_to_rgb(hue, light, saturation)
    if "tint" in changes:
        colour = _mixed(colour, (1.0, 1.0, 1.0), changes["tint"])
    if "shade" in changes:
        colour = _mixed(colour, (0.0, 0.0, 0.0), changes["shade"])
    alpha = changes.get("alpha", 1.0)
    if alpha >= 1:
        return colour
    return None if over is None else _mixed(colour, over, alpha)


def _mixed(upper: Rgb, lower: Rgb, share: float) -> Rgb:
    red, green, blue = (one * share + other * (1 - share) for one, other in zip(upper, lower, strict=True))
    return red, green, blue


def _hex(text: str) -> Rgb:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue
