"""The colour that is seen: theme slots, shades and tints, fills under fills; None where a file does not say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck.box import Box
from regulars.render.deck.colour import colour_of, fill_of
from regulars.render.deck.theme import Rgb


@dataclass(frozen=True)
class Area:
    """A painted rectangle; colour None is a picture or a gradient, of which nothing can be said."""

    box: Box
    colour: Rgb | None


def painted(fill: Any, theme: Mapping[str, Rgb], over: Rgb | None) -> tuple[bool, Rgb | None]:
    """Return whether a fill covers what is below, and the colour that is seen then."""
    if fill is None or fill.tag in {qn("a:noFill"), qn("a:grpFill")}:
        return False, over
    if fill.tag == qn("a:solidFill"):
        return True, colour_of(fill, theme, over)
    return True, None


def background_of(elements: Sequence[Any], theme: Mapping[str, Rgb]) -> Rgb | None:
    """Return the background of the first of slide, layout and master that has one."""
    for element in elements:
        background = element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
        if background is None:
            continue
        properties = background.find(qn("p:bgPr"))
        if properties is not None:
            return painted(fill_of(properties), theme, None)[1]
        reference = background.find(qn("p:bgRef"))
        return colour_of(reference, theme) if reference is not None else None
    return theme.get("bg1")


def ground_at(box: Box, areas: Sequence[Area], background: Rgb | None) -> Rgb | None:
    """Return the colour behind the middle of a box: the uppermost area there, or the background."""
    across, down = box.left + box.width / 2, box.top + box.height / 2
    for area in reversed(areas):
        if area.box.left <= across <= area.box.right and area.box.top <= down <= area.box.bottom:
            return area.colour
    return background


def mapping_of(elements: Sequence[Any], theme: Mapping[str, Rgb]) -> Mapping[str, Rgb]:
    """Return the theme's colours as the first of slide and layout with a map of its own sees them."""
    for element in elements:
        override = element.find(f"{qn('p:clrMapOvr')}/{qn('a:overrideClrMapping')}")
        if override is not None:
            return {**theme, **{name: theme[slot] for name, slot in override.attrib.items() if slot in theme}}
    return theme
