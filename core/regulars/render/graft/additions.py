"""What was drawn on a sheet of ours, or hung on it, since it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regulars.render.footprint import Footprint
from regulars.render.graft.host import HostSheet
from regulars.render.graft.markup import Element, parse
from regulars.render.graft.package import Package

OUR_CHART = re.compile(r"Regulars chart \d+")
# What programs add to a sheet or chart of ours by themselves when they save it, and cells can bring along.
_ON_SHEETS = frozenset({"drawing", "table", "printerSettings", "hyperlink"})
_ON_CHARTS = frozenset({"chartStyle", "chartColorStyle"})
# Parts of the workbook itself refer to these, so that they cannot go away with a sheet.
LINKED = frozenset({"pivotTable", "slicer", "timeline", "queryTable", "control", "ctrlProp", "oleObject"})


def additions(package: Package, sheet: HostSheet, written: Footprint | None) -> list[str]:
    """Return what is on a sheet beside the charts and tables that were written, in words."""
    if sheet.part is None:
        return []
    found = sorted(set(_additions(package, sheet.part, written)))
    return found + [
        f"table {table.name}" for table in sheet.tables if not table.name.casefold().startswith("regulars_")
    ]


def _additions(package: Package, sheet: str, written: Footprint | None) -> Iterator[str]:
    for link in package.relationships(sheet):
        if link.kind == "drawing" and not link.is_outside:
            yield from _drawn(package, link.target, written)
        elif link.kind not in _ON_SHEETS:
            yield link.kind
        elif link.kind == "table":
            yield from (inner.kind for inner in package.relationships(link.target))


def _drawn(package: Package, drawing: str, written: Footprint | None) -> Iterator[str]:
    """Yield what stands in a drawing beside what we drew: our charts have names, or stand where we put them.

    Other programs give charts names of their own when they save a workbook.
    """
    root = parse(package.read(drawing))
    left = [] if written is None else list(written.drawings)
    ours: set[str] = set()
    pictures = 0
    for anchor in root.children:
        things = [element for element in anchor.walk() if element.name == "cNvPr"]
        frames = [element for element in anchor.walk() if element.name == "graphicFrame"]
        drawn = [element for element in anchor.walk() if element.name == "pic"]
        name = things[0].attributes.get("name", "") if things else ""
        place = None if written is None else written.nearest(_start(anchor), left)
        is_named = OUR_CHART.fullmatch(name) is not None and name not in ours
        if len(things) == len(frames) == 1 and (is_named or place is not None):
            ours.add(name)
        elif len(things) == len(drawn) == 1 and place is not None:
            pictures += 1
        else:
            yield f"drawing {name}" if name else "drawing"
            continue
        if place is not None:
            left.remove(place)
    for link in package.relationships(drawing):
        if link.kind == "image" and pictures:
            pictures -= 1
        elif link.kind != "chart":
            yield link.kind
        else:
            yield from (inner.kind for inner in package.relationships(link.target) if inner.kind not in _ON_CHARTS)


def _start(anchor: Element) -> tuple[int, int] | None:
    """Return the cell at which a drawing begins."""
    corner = anchor.child("from")
    if corner is None:
        return None
    said = {element.name: element.text for element in corner.children}
    try:
        return int(said["row"]), int(said["col"])
    except (KeyError, ValueError):
        return None
