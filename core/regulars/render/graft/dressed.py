"""How a sheet of ours was dressed by hand since it was written: coloured cells, formats, drop-down lists, hidden rows.

Only what programs keep as it is when they save a workbook is looked at: fills, and where conditional formats and
validations stand; not fonts, borders, number formats, widths and heights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

from regulars.render.footprint import Address, Footprint, Spans, address, areas, is_in, joined
from regulars.render.graft.host import Host, HostSheet
from regulars.render.graft.markup import Element, parse

_STYLE = re.compile(rb'\bs="(\d+)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_FEW_STYLES = 64  # to look for at once
_AREAS = 8  # named of one kind
_OURS = frozenset({b"colorScale", b"dataBar"})  # the conditional formats that we write
_CONDITIONAL = re.compile(
    rb"<(?:\w+:)?conditionalFormatting\b([^>]*)>(.*?)</(?:\w+:)?conditionalFormatting>", re.DOTALL
)
_RULE = re.compile(rb'<(?:\w+:)?cfRule\b[^>]*?\btype="(\w+)"')
_VALIDATION = re.compile(rb"<(?:\w+:)?dataValidation\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?dataValidation>)", re.DOTALL)
_REFERENCE = re.compile(rb'\bsqref="([^"]*)"')
_INNER_REFERENCE = re.compile(rb"<(?:\w+:)?sqref>([^<]*)<")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
_FILTERED = b"filterColumn"
_PLAIN = frozenset({"FFFFFF"})  # a white cell looks like one that is not filled


def dressed(host: Host, sheet: HostSheet, written: Footprint | None) -> list[str]:
    """Return what was done to the looks of a sheet, in words; nothing when it is not known how it looked."""
    if sheet.part is None or written is None or written.fills is None:
        return []
    content = host.package.read(sheet.part)
    below = content[max(content.rfind(b"sheetData"), 0) :]  # where all but the cells stands
    said = [f"a colour in {_listed(cells)}" for cells in [list(_coloured(host, content, written.fills))] if cells]
    said += [f"a conditional format in {area}" for area in dict.fromkeys(_conditional(below, written.conditional))]
    said += [f"a validation in {area}" for area in dict.fromkeys(_validated(below, joined(written.inputs)))]
    rows = [int(found[1]) for found in _HIDDEN_ROW.finditer(content)] if b' hidden="' in content else []
    if rows and not _is_filtered(host, sheet, below):
        said += [f"hidden row {', '.join(map(str, rows[:_AREAS]))}{' and others' if len(rows) > _AREAS else ''}"]
    return said


def _coloured(host: Host, content: bytes, ours: Mapping[str, Spans]) -> Iterator[Address]:
    fills = _fills(host)
    used = set(fills)
    if len(used) > _FEW_STYLES:
        used &= {int(number) for number in set(_STYLE.findall(content))}
    if not used:
        return
    # Only the cells of filled styles are looked at: of a long list that is hardly any.
    numbers = "|".join(map(str, sorted(used)))
    for found in re.finditer(rf'\bs="({numbers})"'.encode(), content):
        start, end = content.rfind(b"<", 0, found.start()), content.find(b">", found.end())
        opened = content[start:end]
        if re.match(rb"<(?:\w+:)?c\s", opened) is None:
            continue
        place = _PLACE.search(opened)
        if place is None:
            continue
        ((row, column), _), *_ = areas(place[1].decode())
        if not is_in(row, ours.get(fills[int(found[1])], {}).get(column, ())):
            yield row, column


def _fills(host: Host) -> dict[int, str]:
    """Return the colours of the styles whose cells are filled, by number: six digits, or words for what is no colour."""
    part = host.linked("styles")
    if part is None:
        return {}
    root = parse(host.package.read(part))
    colours = [_colour(fill) for fill in _children(root, "fills")]
    found: dict[int, str] = {}
    for number, form in enumerate(_children(root, "cellXfs")):
        fill = int(form.attributes.get("fillId", "0"))
        colour = colours[fill] if fill < len(colours) else None
        if colour is not None and colour not in _PLAIN:
            found[number] = colour
    return found


def _children(root: Element, section: str) -> list[Element]:
    found = root.child(section)
    return found.children if found is not None else []


def _colour(fill: Element) -> str | None:
    pattern = fill.child("patternFill")
    if pattern is None:
        return "gradient"
    kind = pattern.attributes.get("patternType", "none")
    if kind == "none":
        return None
    front = pattern.child("fgColor")
    if front is None:
        return kind
    if kind == "solid" and "rgb" in front.attributes:
        return front.attributes["rgb"][-6:].upper()
    return " ".join([kind, *(f"{name} {value}" for name, value in sorted(front.attributes.items()))])


def _conditional(content: bytes, ours: Spans) -> Iterator[str]:
    for found in _CONDITIONAL.finditer(content):
        references = _references(found[1], found[2])
        if any(rule not in _OURS for rule in _RULE.findall(found[2])):
            yield references
        else:
            yield from _outside(references, ours)


def _validated(content: bytes, inputs: Spans) -> Iterator[str]:
    for found in _VALIDATION.finditer(content):
        yield from _outside(_references(found[1], found[2] or b""), inputs)


def _references(attributes: bytes, inside: bytes) -> str:
    found = _REFERENCE.search(attributes) or _INNER_REFERENCE.search(inside)
    return unescape(found[1].decode()) if found else ""


def _outside(references: str, ours: Spans) -> Iterator[str]:
    """Yield the areas that are not all within some spans."""
    for part in references.split():
        (first, left), (last, right) = next(areas(part))
        if not all(
            any(start <= first and last <= end for start, end in ours.get(column, ()))
            for column in range(left, right + 1)
        ):
            yield part


def _is_filtered(host: Host, sheet: HostSheet, content: bytes) -> bool:
    """Tell whether rows are hidden by a filter, which is a way of looking and no work."""
    tables = [link.target for link in host.package.relationships(sheet.part or "") if link.kind == "table"]
    return _FILTERED in content or any(_FILTERED in host.package.read(table) for table in tables)


def _listed(cells: list[Address]) -> str:
    """Return cells as areas, those of a column as one: the first few of them."""
    found = [
        address((first, column)) + (f":{address((last, column))}" if last > first else "")
        for column, runs in joined(cells).items()
        for first, last in runs
    ]
    return ", ".join(found[:_AREAS]) + (" and others" if len(found) > _AREAS else "")
