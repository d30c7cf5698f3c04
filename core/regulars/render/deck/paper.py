"""Which colours are paper and ink: a master may paint its background dark while its mapping still says light."""

from __future__ import annotations

from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck.theme import VISIBLE, contrast, read_theme

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
    """Return the theme colour of a master's background, or None for another fill."""
    ground = master.element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
    if ground is None:
        return None
    fill = ground.find(f"{qn('p:bgPr')}/{qn('a:solidFill')}/{qn('a:schemeClr')}")
    found = fill if fill is not None else ground.find(f"{qn('p:bgRef')}/{qn('a:schemeClr')}")
    return None if found is None else str(found.get("val"))
