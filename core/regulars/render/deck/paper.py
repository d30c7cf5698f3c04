"""Which colours are paper and ink: a master may paint its background dark while its mapping still says light."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck.colour import colour_of, fill_of
from regulars.render.deck.theme import VISIBLE, Rgb, contrast, read_theme

PAIRS = {  # the mapped colours, when what was ink becomes paper
    "tx1": {"bg1": "tx1", "tx1": "bg1", "bg2": "tx2", "tx2": "bg2"},
    "tx2": {"bg1": "tx2", "tx1": "bg1", "bg2": "tx1", "tx2": "bg2"},
}
MAPPED = ("bg1", "tx1", "bg2", "tx2")


def map_as_painted(master: Any) -> None:
    """Make the mapping of a master agree with its painted background, so that our texts and charts can be read on it.

    Nothing of the template looks different, for its own texts and shapes name the theme's colours themselves from then
    on; only text that could not be read on its background follows the new mapping.
    """
    slot = _painted(master)
    if slot is None or slot == "bg1":
        return
    colours = read_theme(master).colours
    if slot not in colours or contrast(colours[slot], colours["tx1"]) >= contrast(colours[slot], colours["bg1"]):
        return
    mapping = master.element.find(qn("p:clrMap"))
    old = dict(mapping.attrib)
    plain = [
        layout for layout in master.slide_layouts if not layout.element.findall(f".//{qn('a:overrideClrMapping')}")
    ]
    for element in (master.element, *(layout.element for layout in plain)):
        for colour in element.iter(qn("a:schemeClr")):
            name = colour.get("val")
            if name in MAPPED and not (_is_text(colour) and contrast(colours[name], colours[slot]) < VISIBLE):
                colour.set("val", old[name])
    swapped = PAIRS.get(slot, {"bg1": slot, "tx1": "bg1", "bg2": "tx2", "tx2": "bg2"})
    for name, source in swapped.items():
        mapping.set(name, old.get(source, source))


def _is_text(colour: Any) -> bool:
    return colour.getparent().getparent().tag in {qn("a:defRPr"), qn("a:rPr"), qn("a:endParaRPr")}


def _painted(master: Any) -> str | None:
    """Return the theme colour of a master's background, or the one nearest to a colour, gradient or picture."""
    ground = master.element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
    if ground is None:
        return None
    properties = ground.find(qn("p:bgPr"))
    holder = ground.find(qn("p:bgRef")) if properties is None else fill_of(properties)
    named = None if holder is None or holder.tag == qn("a:gradFill") else holder.find(qn("a:schemeClr"))
    if named is not None and not len(named):
        return str(named.get("val"))
    colours = read_theme(master).colours
    seen = None if holder is None else _seen(holder, master, colours)
    return None if seen is None else min(MAPPED, key=lambda slot: contrast(colours[slot], seen))


def _seen(fill: Any, master: Any, colours: Mapping[str, Rgb]) -> Rgb | None:
    """Return the colour of a fill: of a gradient or a picture its mean."""
    if fill.tag == qn("a:gradFill"):
        stops = [colour_of(stop, colours) for stop in fill.iter(qn("a:gs"))]
        return _mean([stop for stop in stops if stop is not None])
    if fill.tag == qn("a:blipFill"):
        return _of_picture(fill.find(qn("a:blip")), master)
    return colour_of(fill, colours)


def _of_picture(blip: Any, master: Any) -> Rgb | None:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  python-pptx brings it

    number = None if blip is None else blip.get(qn("r:embed"))
    if number is None:
        return None
    try:
        with Image.open(io.BytesIO(master.part.related_part(number).blob)) as image:
            red, green, blue = image.convert("RGB").resize((1, 1)).tobytes()
    except (KeyError, UnidentifiedImageError, OSError):  # a drawing such as EMF: its colours are not read
        return None
    return red / 255, green / 255, blue / 255


def _mean(colours: Sequence[Rgb]) -> Rgb | None:
    if not colours:
        return None
    red, green, blue = (math.fsum(colour[part] for colour in colours) / len(colours) for part in range(3))
    return red, green, blue
