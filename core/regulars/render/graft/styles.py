"""Styles of two workbooks become one list: what the host has already is used, the rest is put behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.render.graft.markup import Edit, Element, appended, apply, parse, start_tag

_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_FIRST_OWN_NUMBER_FORMAT = 164
_REFERENCES = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
# Without these flags some programs show the host's normal style in place of ours.
_APPLIED = ("applyNumberFormat", "applyFont", "applyFill", "applyBorder")
_FONT_PARTS_LEFT_OUT = frozenset({"scheme"})  # it would make the font follow the host's theme

Key = tuple[object, ...]
Numbers = Mapping[int, int]


@dataclass(frozen=True)
class MergedStyles:
    """The host's styles with the donor's, and where the donor's cell formats and differential formats now stand."""

    content: bytes
    formats: Numbers
    differential: Numbers
    format_count: int


@dataclass(frozen=True)
class _Style:
    """One style to be: how it is told from others, and how it is written."""

    key: Key
    content: bytes


def merge_styles(host: bytes, donor: bytes) -> MergedStyles:
    """Return the host's styles part with what the donor's has and it lacks. Styles that are equal are not repeated."""
    host_root, donor_root = parse(host), parse(donor)
    edits: list[Edit] = []

    def join(section: str, wanted: Sequence[_Style]) -> tuple[Numbers, int]:
        there = [_key(element) for element in _children(host_root, section)]
        numbers, new = _places(there, wanted)
        edits.extend(_added(host, host_root, section, [style.content for style in new], len(there) + len(new)))
        return numbers, len(there) + len(new)

    number_formats = _join_number_formats(host, host_root, donor_root, edits)
    places = {
        section: join(section, [_copied(donor, element, without) for element in _children(donor_root, section)])[0]
        for section, without in (("fonts", _FONT_PARTS_LEFT_OUT), ("fills", frozenset()), ("borders", frozenset()))
    }
    wanted = [_format(donor, element, number_formats, places) for element in _children(donor_root, "cellXfs")]
    formats, count = join("cellXfs", wanted)
    differential, _ = join("dxfs", [_copied(donor, element, frozenset()) for element in _children(donor_root, "dxfs")])
    return MergedStyles(apply(host, edits), formats, differential, count)


def _children(root: Element, section: str) -> list[Element]:
    found = root.child(section)
    return found.children if found is not None else []


def _key(element: Element) -> Key:
    """Return what makes two elements equal, however they are written."""
    attributes = tuple(sorted(element.attributes.items()))
    return (element.tag, attributes, element.text.strip(), *(_key(child) for child in element.children))


def _copied(donor: bytes, element: Element, without: frozenset[str]) -> _Style:
    left_out = [child for child in element.children if child.name in without]
    edits = [Edit(child.start - element.start, child.end - element.start, b"") for child in left_out]
    content = apply(donor[element.start : element.end], edits)
    key = _key(element)
    kept = tuple(_key(child) for child in element.children if child not in left_out)
    return _Style((*key[:3], *kept), content)


def _places(there: Sequence[Key], wanted: Sequence[_Style]) -> tuple[Numbers, list[_Style]]:
    """Return the place of every wanted style, and those that are new, once each."""
    known: dict[Key, int] = {}
    for place, key in enumerate(there):
        known.setdefault(key, place)
    new: list[_Style] = []
    numbers: dict[int, int] = {}
    for number, style in enumerate(wanted):
        if style.key not in known:
            known[style.key] = len(there) + len(new)
            new.append(style)
        numbers[number] = known[style.key]
    return numbers, new


def _join_number_formats(host: bytes, host_root: Element, donor_root: Element, edits: list[Edit]) -> Mapping[str, str]:
    there = {element.attributes["formatCode"]: element.attributes["numFmtId"] for element in _own_formats(host_root)}
    free = max([_FIRST_OWN_NUMBER_FORMAT - 1, *map(int, there.values())]) + 1
    count = len(_own_formats(host_root))
    numbers: dict[str, str] = {}
    new: list[bytes] = []
    for element in _own_formats(donor_root):
        code = element.attributes["formatCode"]
        if code not in there:
            there[code] = str(free + len(new))
            new.append(start_tag("numFmt", {"numFmtId": there[code], "formatCode": code}, closed=True))
        numbers[element.attributes["numFmtId"]] = there[code]
    edits.extend(_added(host, host_root, "numFmts", new, count + len(new)))
    return numbers


def _own_formats(root: Element) -> list[Element]:
    return [element for element in _children(root, "numFmts") if element.name == "numFmt"]


def _format(donor: bytes, element: Element, number_formats: Mapping[str, str], places: Mapping[str, Numbers]) -> _Style:
    attributes = dict(element.attributes)
    number = attributes.get("numFmtId", "0")
    attributes["numFmtId"] = number_formats.get(number, number)
    for attribute, section in _REFERENCES.items():
        attributes[attribute] = str(places[section][int(attributes.get(attribute, "0"))])
    attributes["xfId"] = "0"
    attributes |= dict.fromkeys(_APPLIED, "1")
    inner = donor[element.start_end : element.close]
    opened = start_tag("xf", attributes, closed=not inner)
    key = (element.tag, tuple(sorted(attributes.items())), "", *(_key(child) for child in element.children))
    return _Style(key, opened + inner + b"</xf>" if inner else opened)


def _added(content: bytes, root: Element, section: str, new: Sequence[bytes], count: int) -> list[Edit]:
    """Return the edits that put new styles behind those of a section, which is made where it belongs if need be."""
    if not new:
        return []
    found = root.child(section)
    if found is not None:
        return appended(content, found, b"".join(new), {"count": str(count)})
    later = _ORDER[_ORDER.index(section) + 1 :]
    place = next((child.start for child in root.children if child.name in later), root.close)
    body = start_tag(section, {"count": str(count)}) + b"".join(new) + f"</{section}>".encode()
    return [Edit(place, place, body)]
