"""How a sheet of ours is known in a workbook of the user: by the text at the left of its printed footer.

The footer says "regulars · Segments". Excel, LibreOffice and openpyxl keep it when they save a workbook, and it goes along
with a sheet that is copied; names, custom properties and extensions either come into the user's workbook as things of
their own or get lost. The text holds the name that the sheet was given, so that a copy, which has another name, is told
from the original. Whoever takes the text out of the footer has made the sheet their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_NUMBER = re.compile(r" \(\d+\)$")
_DOT = " · "
_START = f"regulars{_DOT}"
_SECTION = re.compile(r"&[LCR]")
# Font, colour, size, and one-letter codes such as bold, page number or sheet name. `&&` stands for the letter.
_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d{2}[+-]\d{3})|\d+|([A-Za-z&]))')
# Excel's, LibreOffice's and openpyxl's endings of a copy's name, and what Google Sheets puts before it.
_COPY = re.compile(r" \(\d+\)$|_\d{1,3}$| Copy\d*$|^Copy of ", re.IGNORECASE)


@dataclass(frozen=True)
class SheetMark:
    """What a sheet of ours says of itself."""

    key: str  # its name in the result
    name: str  # the name it was given in the workbook

    @property
    def text(self) -> str:
        """Return the text that is printed at the left of the footer.

        >>> SheetMark("Segments", "Segments").text, SheetMark("Segments", "Segments (2)").text
        ('regulars · Segments', 'regulars · Segments (2)')
        >>> SheetMark("Segments", "Our customers").text
        'regulars · Segments · Our customers'
        """
        given = self.name if unnumbered(self.name) == self.key else f"{self.key}{_DOT}{self.name}"
        return f"{_START}{given}"

    @property
    def code(self) -> str:
        """Return the text as page set-up wants it, where an ampersand begins a code.

        >>> SheetMark("Lists", "R&D").code
        'regulars · Lists · R&&D'
        """
        return self.text.replace("&", "&&")


def unnumbered(name: str) -> str:
    """Return a sheet's name as the result has it, without the number that told it from another.

    >>> unnumbered("Summary (2)"), unnumbered("Summary")
    ('Summary', 'Summary')
    """
    return _NUMBER.sub("", name)


def read_mark(texts: Iterable[str]) -> SheetMark | None:
    """Return the mark among the headers and footers of a sheet, with or without their codes; None when none has it.

    >>> read_mark(['&L&"Calibri"&9&K596673regulars · Segments (2)&RPage &P of &N'])
    SheetMark(key='Segments', name='Segments (2)')
    >>> read_mark(["regulars · Lists · R&&D"]), read_mark(["regulars", "Page 1"])
    (SheetMark(key='Lists', name='R&D'), None)
    """
    for text in texts:
        for section in _SECTION.split(text.replace("&&", "\0")):
            said = _CODE.sub("", section).replace("\0", "&").strip()
            if said.startswith(_START):
                key, dot, name = said.removeprefix(_START).partition(_DOT)
                return SheetMark(key, name) if dot else SheetMark(unnumbered(key), key)
    return None


def keys_of(marked: Mapping[str, SheetMark]) -> dict[str, str]:
    """Return which of the sheets that carry a mark are ours: the name of each today, to the name it had in the result.

    A sheet is ours while it has the name it was given. If none has, the one sheet that carries the mark was renamed;
    but one that is called as programs call copies is a copy, and of several nobody knows which is the original: these
    are the user's.

    >>> summary = SheetMark("Summary", "Summary")
    >>> keys_of({"Summary (2)": summary, "Summary": summary}), keys_of({"Mine": summary, "Summary (2)": summary})
    ({'Summary': 'Summary'}, {'Mine': 'Summary'})
    >>> keys_of({"Summary (2)": summary}), keys_of({"Mine": summary, "January": summary})
    ({}, {})
    """
    found: dict[str, str] = {}
    for key in dict.fromkeys(mark.key for mark in marked.values()):
        those = {name: mark for name, mark in marked.items() if mark.key == key}
        kept = [name for name, mark in those.items() if name.casefold() == mark.name.casefold()]
        renamed = [name for name in those if not _COPY.search(name)]
        if kept:
            found[kept[0]] = key
        elif len(renamed) == 1:
            found[renamed[0]] = key
    return found
