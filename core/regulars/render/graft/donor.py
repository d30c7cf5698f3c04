"""The parts of a result workbook as they stand in another: new names, style numbers and table numbers, texts in place.

A donor was written by XlsxWriter, so how its XML is written is known, and patterns find what has to change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from regulars.render.graft.markup import Element, escaped, parse
from regulars.render.graft.package import OFFICE, FreshNames, Package, relationships_of, relative
from regulars.render.graft.styles import MergedStyles
from regulars.render.sheet_mark import SheetMark

_CELL = re.compile(rb'<c r="([A-Z]+\d+)"(?: s="(\d+)")?(?: t="s"><v>(\d+)</v>)?')
_ROW_OR_COLUMN = re.compile(rb'(<row\b[^>]*? s="|<col\b[^>]*? style=")(\d+)')
_DIFFERENTIAL = re.compile(rb'( (?:d|headerRowD|totalsRowD|dataD)xfId=")(\d+)')
_TABLE_ID = re.compile(rb'(<table\b[^>]*? id=")\d+')
_DRAWN_NAME = re.compile(rb'(<xdr:cNvPr\b[^>]*? name=")Chart (\d+)"')
_TARGET = re.compile(r'(\bTarget=")([^"]+)"')
_SELECTED = b' tabSelected="1"'
_NAME_IN_FOOTER = re.compile(rb"(<oddFooter>[^<]*?)&amp;A(?=&amp;R|<)")
_MOVABLE = frozenset({"drawing", "chart", "table", "image"})
WORKSHEET = f"{OFFICE}/worksheet"


@dataclass(frozen=True)
class DonorSheet:
    """A sheet of the result."""

    name: str
    part: str


@dataclass(frozen=True)
class DonorName:
    """A defined name of the result; `sheet` is the index of the donor sheet that it is local to."""

    name: str
    sheet: int | None
    content: bytes  # the text as it is written, escaped


class Donor:
    """A result workbook opened for reading."""

    def __init__(self, package: Package) -> None:
        """Read the workbook part and the shared texts."""
        self.package = package
        self.content = package.read(package.workbook)
        self.root = parse(self.content)
        parts = {link.id: link.target for link in package.relationships(package.workbook)}
        self.sheets = tuple(
            DonorSheet(element.attributes["name"], parts[element.attributes[f"{OFFICE} id"]])
            for element in _listed(self.root, "sheets")
        )
        self.defined_names = tuple(self._defined_names())
        self.texts = tuple(self._texts())

    def _defined_names(self) -> Iterator[DonorName]:
        for element in _listed(self.root, "definedNames"):
            sheet = element.attributes.get("localSheetId")
            content = self.content[element.start_end : element.close]
            yield DonorName(element.attributes["name"], None if sheet is None else int(sheet), content)

    def _texts(self) -> Iterator[bytes]:
        if "xl/sharedStrings.xml" in self.package:
            content = self.package.read("xl/sharedStrings.xml")
            for element in parse(content).children:
                yield content[element.start_end : element.close]

    def styles(self) -> bytes:
        """Return the styles part."""
        return self.package.read("xl/styles.xml")

    def table_names(self) -> Iterator[str]:
        """Yield the names of all tables."""
        for sheet in self.sheets:
            for link in self.package.relationships(sheet.part):
                if link.kind == "table":
                    yield parse(self.package.read(link.target)).attributes["displayName"]


def _listed(root: Element, name: str) -> list[Element]:
    found = root.child(name)
    return found.children if found is not None else []


@dataclass(frozen=True)
class Transplant:
    """Parts as they go into the host, by name, and the types of those that have one of their own."""

    parts: Mapping[str, bytes]
    overrides: Mapping[str, str]
    endings: Mapping[str, str]  # file endings whose type the host must know


def transplant(
    donor: Donor,
    styles: MergedStyles,
    places: Mapping[str, str],
    names: FreshNames,
    tables: Iterator[int],
    marks: Mapping[str, SheetMark],
    selected: str | None = None,
) -> Transplant:
    """Return every part that the donor's sheets reach, under its name in the host.

    `places` says where sheets go, by their part in the donor; other parts get fresh names. `tables` gives numbers for
    tables, `marks` the mark of each sheet by its part in the donor; `selected` is the sheet part that stays selected.
    Raises ValueError for parts of kinds that are not moved, and for sheets whose footer has no place for the mark.
    """
    moved = dict(places)
    waiting = list(places)
    parts: dict[str, bytes] = {}
    overrides: dict[str, str] = {}
    endings: dict[str, str] = {}
    types = donor.package.content_types
    while waiting:
        part = waiting.pop(0)
        name = moved[part]
        for link in donor.package.relationships(part):
            if link.is_outside or link.target in moved:
                continue
            if link.kind not in _MOVABLE:
                raise ValueError(f"'{part}' of a result leads to a '{link.kind}', which cannot be moved")
            moved[link.target] = names.give(link.target)
            waiting.append(link.target)
        if part.casefold() in types:
            overrides[name] = types[part.casefold()]
        else:
            ending = part.rpartition(".")[2].casefold()
            endings[ending] = donor.package.default_types[ending]
        parts[name] = _translated(donor, part, styles, tables, is_selected=name == selected)
        if part in marks:
            parts[name] = _marked(parts[name], marks[part])
        if relationships_of(part) in donor.package:
            parts[relationships_of(name)] = _relinked(donor.package, part, moved)
    return Transplant(parts, overrides, endings)


def _translated(donor: Donor, part: str, styles: MergedStyles, tables: Iterator[int], *, is_selected: bool) -> bytes:
    content = donor.package.read(part)
    if part.startswith("xl/worksheets/"):
        content = content.replace(_SELECTED, b"", 1)
        if is_selected:
            content = content.replace(b"<sheetView ", b"<sheetView" + _SELECTED + b" ", 1)
        content = _ROW_OR_COLUMN.sub(_renumber(styles.formats), content)
        content = _DIFFERENTIAL.sub(_renumber(styles.differential), content)
        # Last, because texts that stand in the sheet could look like the attributes sought above.
        return _CELL.sub(_cell(donor.texts, styles.formats), content)
    if part.startswith("xl/tables/"):
        content = _TABLE_ID.sub(rb"\g<1>%d" % next(tables), content)
        return _DIFFERENTIAL.sub(_renumber(styles.differential), content)
    if part.startswith("xl/drawings/"):
        return _DRAWN_NAME.sub(rb'\1Regulars chart \2"', content)
    return content


def _marked(content: bytes, mark: SheetMark) -> bytes:
    """Write the mark of a sheet in place of its name at the left of the footer."""
    marked, count = _NAME_IN_FOOTER.subn(lambda found: found[1] + escaped(mark.code).encode(), content)
    if count != 1:
        raise ValueError(f"the sheet '{mark.name}' of a result has {count} footers with its name, not one")
    return marked


def _renumber(numbers: Mapping[int, int]) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: b"%s%d" % (match[1], numbers[int(match[2])])


def _cell(texts: tuple[bytes, ...], formats: Mapping[int, int]) -> Callable[[re.Match[bytes]], bytes]:
    """Return what writes the start of a cell anew: with its new style, and with its text in place of a number."""

    def written(match: re.Match[bytes]) -> bytes:
        start = b'<c r="%s" s="%d"' % (match[1], formats[int(match[2] or 0)])
        return start if match[3] is None else b'%s t="inlineStr"><is>%s</is>' % (start, texts[int(match[3])])

    return written


def _relinked(package: Package, part: str, moved: Mapping[str, str]) -> bytes:
    content = package.read(relationships_of(part)).decode()
    targets = {
        link.element.attributes["Target"]: relative(moved[part], moved[link.target])
        for link in package.relationships(part)
        if not link.is_outside
    }
    return _TARGET.sub(lambda match: f'{match[1]}{targets.get(match[2], match[2])}"', content).encode()
