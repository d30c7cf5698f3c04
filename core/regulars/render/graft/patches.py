"""The parts of the host that name others, patched where sheets come and go; every other byte of them stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from regulars.render.graft.donor import WORKSHEET, Donor
from regulars.render.graft.host import BOOK_MARK, LOCAL_MARK, Host, HostSheet, referred_sheet
from regulars.render.graft.markup import Edit, Element, appended, apply, parse, start_tag, with_attribute
from regulars.render.graft.package import CONTENT_TYPES, OFFICE, relationships_of, relative

_BEFORE_NAMES = frozenset({"sheets", "functionGroups", "externalReferences"})
_REPLACED_LOCAL = frozenset({"_xlnm.print_area", "_xlnm.print_titles", "_xlnm._filterdatabase", LOCAL_MARK})


@dataclass(frozen=True)
class NewSheet:
    """A sheet that the host gets at its end."""

    name: str
    part: str
    sheet_id: int
    link: str  # id of its relationship


def new_sheets(host: Host, wanted: Iterable[tuple[str, str]]) -> tuple[NewSheet, ...]:
    """Give sheets, as pairs of name and part, numbers and relationship ids that are free."""
    sheet_id = max(sheet.sheet_id for sheet in host.sheets)
    ids = {link.id for link in host.links}
    number = 0
    made = []
    for name, part in wanted:
        sheet_id += 1
        number += 1
        while f"rId{number}" in ids:
            number += 1
        made.append(NewSheet(name, part, sheet_id, f"rId{number}"))
    return tuple(made)


def patched_workbook(
    host: Host,
    donor: Donor,
    replaced: Sequence[HostSheet],
    new: Sequence[NewSheet],
    gone: Sequence[HostSheet] = (),
    *,
    recalculates: bool,
) -> bytes:
    """Return the workbook part with the new sheets and without those that go, and with the names of new and replaced ones."""
    sheets = host.root.child("sheets")
    if sheets is None:
        raise ValueError("a workbook without sheets was let in")
    prefix = next((prefix for prefix, uri in host.root.spaces.items() if uri == OFFICE and prefix), None)
    declared = {} if prefix else {"xmlns:r": OFFICE}
    entries = (
        {"name": sheet.name, "sheetId": str(sheet.sheet_id), f"{prefix or 'r'}:id": sheet.link} | declared
        for sheet in new
    )
    edits = appended(host.content, sheets, b"".join(start_tag("sheet", entry, closed=True) for entry in entries))
    if host.root.child("bookViews") is None:  # the views of our sheets refer to the first one
        edits.append(Edit(sheets.start, sheets.start, b"<bookViews><workbookView/></bookViews>"))
    places = _places(host, gone)
    indices = {sheet.name.casefold(): places[sheet.index] for sheet in replaced}
    indices |= {sheet.name.casefold(): len(places) + place for place, sheet in enumerate(new)}
    edits += _name_edits(host, replaced, _names(donor, indices), places)
    edits += [Edit(element.start, element.end, b"") for element in _entries(host, gone)]
    edits += _view_edits(host, places, next((places[sheet.index] for sheet in replaced), 0)) if gone else []
    if recalculates:
        edits += _recalculation(host)
    return apply(host.content, edits)


def _places(host: Host, gone: Sequence[HostSheet]) -> dict[int, int]:
    """Return the place of every sheet that stays, by the place it had."""
    away = {sheet.index for sheet in gone}
    return {index: place for place, index in enumerate(index for index in range(len(host.sheets)) if index not in away)}


def _entries(host: Host, sheets: Sequence[HostSheet]) -> list[Element]:
    return [host.sheet_elements[sheet.index] for sheet in sheets]


def _view_edits(host: Host, places: Mapping[int, int], instead: int) -> list[Edit]:
    """Return the edits that keep the windows at the sheets they show; `instead` is shown in place of one that goes."""
    views = host.root.child("bookViews")
    edits = []
    for view in views.children if views is not None else ():
        tag = host.content[view.start : view.start_end]
        for name in ("activeTab", "firstSheet"):
            if name in view.attributes:
                tag = with_attribute(tag, name, str(places.get(int(view.attributes[name]), instead)))
        edits.append(Edit(view.start, view.start_end, tag))
    return edits


def _names(donor: Donor, indices: Mapping[str, int]) -> bytes:
    """Return the defined names that come in with the donor's sheets."""
    written = []
    for name in donor.defined_names:
        local = {} if name.sheet is None else {"localSheetId": str(indices[donor.sheets[name.sheet].name.casefold()])}
        written.append(start_tag("definedName", {"name": name.name} | local) + name.content + b"</definedName>")
    return b"".join(written)


def _live_marks(host: Host, left: Iterable[int]) -> set[str]:
    """Return the marks of an earlier version, of the whole workbook, that stand for a sheet of ours which is left as it is."""
    ours = {host.sheets[index].name.casefold() for index in left if host.sheets[index].is_ours}
    return {
        name.name
        for name in host.defined_names
        if name.sheet is None
        and BOOK_MARK.fullmatch(name.name)
        and (referred_sheet(name.text) or "").casefold() in ours
    }


def _name_edits(host: Host, replaced: Sequence[HostSheet], added: bytes, places: Mapping[int, int]) -> list[Edit]:
    """Return the edits of the defined names; `places` has the place of every sheet that stays, by the place it had."""
    own = {sheet.index for sheet in replaced}
    live = _live_marks(host, set(places) - own)
    edits = []
    for name in host.defined_names:
        is_replaced = name.sheet in own and name.name.casefold() in _REPLACED_LOCAL
        is_dead = name.sheet is None and BOOK_MARK.fullmatch(name.name) and name.name not in live
        if is_replaced or is_dead or (name.sheet is not None and name.sheet not in places):
            edits.append(Edit(name.element.start, name.element.end, b""))
        elif name.sheet is not None and places[name.sheet] != name.sheet:
            tag = host.content[name.element.start : name.element.start_end]
            tag = with_attribute(tag, "localSheetId", str(places[name.sheet]))
            edits.append(Edit(name.element.start, name.element.start_end, tag))
    section = host.root.child("definedNames")
    if section is not None:
        return edits + appended(host.content, section, added)
    place = max(child.end for child in host.root.children if child.name in _BEFORE_NAMES)
    return [*edits, Edit(place, place, b"<definedNames>" + added + b"</definedNames>")] if added else edits


def _recalculation(host: Host) -> list[Edit]:
    """Return the edit that makes Excel calculate everything once, when it opens the file."""
    found = host.root.child("calcPr")
    if found is not None:
        tag = with_attribute(host.content[found.start : found.start_end], "fullCalcOnLoad", "1")
        return [Edit(found.start, found.start_end, tag)]
    before = _BEFORE_NAMES | {"definedNames"}
    place = max(child.end for child in host.root.children if child.name in before)
    return [Edit(place, place, b'<calcPr fullCalcOnLoad="1"/>')]


def patched_links(host: Host, new: Sequence[NewSheet], removed: Iterable[str]) -> bytes:
    """Return the workbook's relationships with those of new sheets and without those to removed parts."""
    gone = {part.casefold() for part in removed}
    content = host.package.read(relationships_of(host.part))
    edits = [
        Edit(link.element.start, link.element.end, b"")
        for link in host.links
        if not link.is_outside and link.target.casefold() in gone
    ]
    added = b"".join(
        start_tag(
            "Relationship",
            {"Id": sheet.link, "Type": WORKSHEET, "Target": relative(host.part, sheet.part)},
            closed=True,
        )
        for sheet in new
    )
    return apply(content, edits + appended(content, parse(content), added))


def patched_types(
    host: Host, overrides: Mapping[str, str], endings: Mapping[str, str], removed: Iterable[str]
) -> bytes:
    """Return the list of content types with those of new parts and without those of removed ones.

    Raises ValueError when the host means something else by a file ending that a new part has.
    """
    content = host.package.read(CONTENT_TYPES)
    root = parse(content)
    gone = {part.casefold() for part in removed}
    gone -= {part.casefold() for part in overrides}
    edits = [
        Edit(element.start, element.end, b"")
        for element in root.all("Override")
        if element.attributes["PartName"].lstrip("/").casefold() in gone
    ]
    known = host.package.default_types
    wrong = [ending for ending, kind in endings.items() if known.get(ending, kind) != kind]
    if wrong:
        raise ValueError(f"the workbook gives the file endings {wrong} another meaning")
    added = [
        start_tag("Override", {"PartName": f"/{part}", "ContentType": kind}, closed=True)
        for part, kind in overrides.items()
        if part.casefold() not in host.package.content_types
    ]
    defaults = [
        start_tag("Default", {"Extension": ending, "ContentType": kind}, closed=True)
        for ending, kind in endings.items()
        if ending not in known
    ]
    first = root.start_end
    if defaults:
        edits.append(Edit(first, first, b"".join(defaults)))
    return apply(content, edits + appended(content, root, b"".join(added)))
