"""The workbook that receives sheets: its sheets and names, and which sheets are ours.

A sheet of ours is known by its footer (`sheet_mark`). Earlier versions marked it by two hidden defined names that had to
agree, and are still understood: `_regulars.sheet`, local to the sheet, with the name it had in the result, and
`_regulars.sheet.1`, `.2`, …, of the whole workbook, that refer to a cell of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from regulars.render.graft.markup import Element, parse
from regulars.render.graft.package import OFFICE, Package
from regulars.render.sheet_mark import SheetMark, keys_of, read_mark

LOCAL_MARK = "_regulars.sheet"
BOOK_MARK = re.compile(r"_regulars\.sheet\.(\d+)", re.IGNORECASE)
_QUOTED = re.compile(r"\s*=?\s*'((?:[^']|'')+)'!")
_PLAIN = re.compile(r"\s*=?\s*([^'!\[\]#\"]+)!")
_FOOTER = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Footer|Header)[^>]*>([^<]*)</")
_SMALL = 1 << 22  # bytes of a sheet's XML: larger ones are only read to their end where they are set to fit a page
_FITS = b"fitToPage"
_LONGEST = 4096  # bytes of a header or footer, which Excel limits to 255 letters


@dataclass(frozen=True)
class HostTable:
    """An Excel table of the workbook."""

    name: str
    id: int


@dataclass(frozen=True)
class HostSheet:
    """A sheet of the workbook. `key` is the name it had in our result, None for the user's own."""

    index: int
    name: str
    sheet_id: int
    part: str | None  # None when its relationship leads nowhere
    key: str | None
    tables: tuple[HostTable, ...]

    @property
    def is_ours(self) -> bool:
        """Tell whether the sheet carries our marks."""
        return self.key is not None


@dataclass(frozen=True)
class DefinedName:
    """A defined name; `sheet` is the index of the sheet it is local to."""

    name: str
    sheet: int | None
    text: str
    element: Element


class Host:
    """A workbook opened for reading, with what the graft asks of it."""

    def __init__(self, package: Package) -> None:
        """Read the workbook part. Raises KeyError or MarkupError when that cannot be."""
        self.package = package
        self.part = package.workbook
        self.content = package.read(self.part)
        self.root = parse(self.content)
        self.links = package.relationships(self.part)

    @cached_property
    def defined_names(self) -> tuple[DefinedName, ...]:
        """Return all defined names in order."""
        names = self.root.child("definedNames")
        return tuple(_defined_name(element) for element in (names.all("definedName") if names else ()))

    @cached_property
    def sheets(self) -> tuple[HostSheet, ...]:
        """Return all sheets in order."""
        keys = self._keys
        found = []
        for index, element in enumerate(self.sheet_elements):
            name = element.attributes["name"]
            there = self._parts.get(index)
            sheet_id = int(element.attributes["sheetId"])
            found.append(HostSheet(index, name, sheet_id, there, keys.get(index), tuple(self._tables(there))))
        return tuple(found)

    @cached_property
    def sheet_elements(self) -> tuple[Element, ...]:
        """Return the entries of the workbook's list of sheets."""
        sheets = self.root.child("sheets")
        return tuple(sheets.all("sheet")) if sheets else ()

    @property
    def ours(self) -> Mapping[str, str]:
        """Return the names that our sheets had in the result, each to its name today."""
        return {key: self.sheet_elements[index].attributes["name"] for index, key in self._keys.items()}

    @cached_property
    def _parts(self) -> Mapping[int, str]:
        """Return the parts of the sheets that have one, by their place."""
        parts = {link.id: link.target for link in self.links if not link.is_outside}
        named = (
            (index, parts.get(element.attributes.get(f"{OFFICE} id", "")))
            for index, element in enumerate(self.sheet_elements)
        )
        return {index: part for index, part in named if part is not None and part in self.package}

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        """Return which sheets are ours, by place: the names they had in the result."""
        names = [element.attributes["name"] for element in self.sheet_elements]
        marked = {names[index]: mark for index, part in self._parts.items() if (mark := self._mark(part)) is not None}
        ours = {names.index(name): key for name, key in keys_of(marked).items()}
        known = set(ours.values())
        return ours | {
            index: key for index, key in self._named.items() if names[index] not in marked and key not in known
        }

    def _mark(self, part: str) -> SheetMark | None:
        """Return the mark of a sheet, which stands near the end of its XML."""
        entry = self.package.entry(part)
        is_large = entry is not None and entry.file_size > _SMALL
        tail = b""
        for chunk in self.package.chunks(part):
            if is_large and not tail and _FITS not in chunk.partition(b"sheetData")[0]:
                return None
            window = tail + chunk
            if b"Footer" in window or b"Header" in window:
                found = read_mark(unescape(text.decode("utf-8", "replace")) for text in _FOOTER.findall(window))
                if found is not None:
                    return found
            tail = chunk[-_LONGEST:]
        return None

    @cached_property
    def _named(self) -> Mapping[int, str]:
        """Return the sheets that earlier versions marked by names."""
        marked = {
            (referred_sheet(name.text) or "").casefold()
            for name in self.defined_names
            if name.sheet is None and BOOK_MARK.fullmatch(name.name)
        }
        local = {
            name.sheet: _unquoted(name.text)
            for name in self.defined_names
            if name.sheet is not None and name.name.casefold() == LOCAL_MARK
        }
        return {
            index: local[index]
            for index, element in enumerate(self.sheet_elements)
            if index in local and element.attributes["name"].casefold() in marked
        }

    def _tables(self, part: str | None) -> Iterator[HostTable]:
        if part is None:
            return
        for link in self.package.relationships(part):
            if link.kind == "table" and link.target in self.package:
                attributes = parse(self.package.read(link.target)).attributes
                name = attributes.get("displayName", attributes.get("name", ""))
                yield HostTable(name, int(attributes["id"]))

    def linked(self, kind: str) -> str | None:
        """Return the part that the workbook leads to by a kind of relationship."""
        return next((link.target for link in self.links if link.kind == kind and link.target in self.package), None)


def _defined_name(element: Element) -> DefinedName:
    sheet = element.attributes.get("localSheetId")
    return DefinedName(element.attributes["name"], None if sheet is None else int(sheet), element.text, element)


def _unquoted(text: str) -> str:
    return text.strip().removeprefix("=").strip().removeprefix('"').removesuffix('"').replace('""', '"')


def referred_sheet(text: str) -> str | None:
    """Return the sheet that a reference names.

    >>> referred_sheet("'Bob''s sheet'!$A$1"), referred_sheet("Summary!#REF!"), referred_sheet("#REF!")
    ("Bob's sheet", 'Summary', None)
    """
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return quoted[1].replace("''", "'")
    plain = _PLAIN.match(text)
    return plain[1].strip() if plain is not None else None
