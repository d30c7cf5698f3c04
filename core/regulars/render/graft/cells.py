"""The cells of a sheet that hold anything, from its XML, whichever program saved it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import unescape

from regulars.render.footprint import Cell, Footprint, Other, read_footprint
from regulars.render.graft.host import Host, HostSheet
from regulars.render.sheet_mark import unnumbered
from regulars.story.sheets import QUALITY

_CELL = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)?(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_OTHER = frozenset({b"n", b"b", b"e", b"d"})
_KIND = re.compile(rb'\bt="(\w+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_SHARED = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_PHONETIC = re.compile(rb"<(?:\w+:)?rPh\s.*?</(?:\w+:)?rPh>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</")


class WrittenCells:
    """The cells of a workbook's sheets, and what the run that wrote them says of them."""

    def __init__(self, host: Host) -> None:
        """Read nothing yet."""
        self._host = host

    def _cells(self, part: str) -> Iterator[Cell]:
        return _filled(self._host.package.read(part), self._texts)

    @cached_property
    def _texts(self) -> Sequence[str]:
        part = self._host.linked("sharedStrings")
        if part is None:
            return []
        return [_joined(found[1] or b"") for found in _SHARED.finditer(self._host.package.read(part))]

    @cached_property
    def entries(self) -> Mapping[str, str]:
        """Return the record of the run: what it says, by what stands left of it. Empty when there is none."""
        sheets = [sheet for sheet in self._host.sheets if sheet.part is not None]
        # The sheet that holds it is the last but few; any sheet may have been renamed.
        for sheet in sorted(sheets, key=lambda sheet: QUALITY not in {sheet.name, sheet.key}):
            texts = {cell: held for cell, held in self._cells(sheet.part or "") if isinstance(held, str)}
            said = {
                texts.get((row, column - 1), ""): text
                for (row, column), text in texts.items()
                if text.startswith("{") and text.endswith("}")
            }
            if any(read_footprint(text) for text in said.values()):
                return said
        return {}

    @cached_property
    def footprints(self) -> Mapping[str, Footprint]:
        """Return what was written into each sheet, by the name it had then; nothing for results of earlier versions."""
        made = (read_footprint(text) for text in self.entries.values())
        return {one.sheet: one for one in made if one is not None}

    def footprint(self, sheet: HostSheet) -> Footprint | None:
        """Return what was written into a sheet of ours, whatever its name is today."""
        found = self.footprints.get(sheet.name)
        if found is not None or sheet.key is None:
            return found
        return next((one for name, one in self.footprints.items() if unnumbered(name) == sheet.key), None)

    def added(self, sheet: HostSheet, written: Footprint | None) -> list[str]:
        """Return what was typed on a sheet of ours, by cell; nothing when it is not known what was written."""
        return [] if written is None or sheet.part is None else written.added(self._cells(sheet.part))

    def renamed(self) -> Mapping[str, str]:
        """Return the sheets of a result that have another name today, by that: their cells are what was written."""
        names = {sheet.name for sheet in self._host.sheets}
        missing = {name: one for name, one in self.footprints.items() if name not in names}
        found = {}
        for sheet in self._host.sheets:
            if not missing or sheet.name in self.footprints or sheet.part is None:
                continue
            match = next((name for name, one in missing.items() if self._is(sheet.part, one)), None)
            if match is not None:
                found[sheet.name] = match
                del missing[match]
        return found

    def _is(self, part: str, written: Footprint) -> bool:
        """Tell whether a sheet is the one that was written: its texts are there, and few others."""
        cells = list(self._cells(part))
        texts = sum(isinstance(held, str) and cell not in written.inputs for cell, held in cells)
        return texts >= sum(count for count, _ in written.texts.values()) and not written.added(cells)


def _filled(content: bytes, shared: Sequence[str]) -> Iterator[Cell]:
    """Yield the cells that hold something."""
    columns: dict[bytes, int] = {}
    for (letter, row), kind, value, is_formula in _cells(content):
        if not value and not is_formula:
            continue
        if letter not in columns:
            columns[letter] = _column(letter)
        cell = (row - 1, columns[letter])
        if is_formula:
            yield cell, Other.FORMULA
            continue
        if kind in _OTHER:
            yield cell, float(value) if kind == b"n" else Other.VALUE
            continue
        text = shared[int(value)] if kind == b"s" and int(value) < len(shared) else _plain(value)
        if text.strip():
            yield cell, text


def _cells(content: bytes) -> Iterator[tuple[tuple[bytes, int], bytes, bytes, bool]]:
    """Yield each filled cell: place, type, raw value, and whether it holds a formula."""
    for found in _CELL.finditer(content):
        attributes, inside = found[1] or b"", found[2]
        place = _PLACE.search(attributes)
        if not inside or place is None:
            continue
        named = _KIND.search(attributes)
        kind = named[1] if named else b"n"
        if kind == b"inlineStr":
            value = b"".join(_TEXT.findall(_PHONETIC.sub(b"", inside)))
        else:
            written = _VALUE.search(inside)
            value = written[1] if written else b""
        yield (place[1], int(place[2])), kind, value, _FORMULA.search(inside) is not None


def _joined(inside: bytes) -> str:
    return _plain(b"".join(_TEXT.findall(_PHONETIC.sub(b"", inside))))


def _plain(value: bytes) -> str:
    return unescape(value.decode("utf-8", "replace"))


def _column(letter: bytes) -> int:
    number = 0
    for one in letter:
        number = number * 26 + one - 64
    return number - 1
