"""Whether formulas of the user read sheets of ours, so that their values have to be calculated anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from regulars.render.graft.host import BOOK_MARK, LOCAL_MARK, Host, HostSheet
from regulars.render.graft.markup import escaped
from regulars.render.graft.package import Package

_NAMING = ("xl/charts/", "xl/pivotcache/", "xl/drawings/", "xl/slicers/", "xl/querytables/", "xl/tables/")
_LONGEST_FORMULA = 1 << 16  # bytes; Excel allows 8,192 letters


def has_formulas(package: Package, part: str) -> bool:
    """Tell whether a sheet has formulas."""
    return any(_windows(package, part))


def is_read_by_user(host: Host, replaced: Sequence[HostSheet]) -> bool:
    """Tell whether anything on the user's sheets, or a name of the user's, may refer to the replaced sheets.

    Sought in the text of the sheets: what only looks like a reference costs one calculation, a missed one a wrong number.
    """
    if not replaced:
        return False
    own = {sheet.index for sheet in replaced}
    pattern = _pattern(replaced)
    for name in host.defined_names:
        is_mark = BOOK_MARK.fullmatch(name.name) or name.name.casefold() == LOCAL_MARK
        if not is_mark and name.sheet not in own and pattern.search(escaped(name.text).encode()):
            return True
    return any(
        _is_found(host.package, sheet.part, pattern)
        for sheet in host.sheets
        if sheet.part is not None and sheet.index not in own and not sheet.is_ours  # ours link to each other only
    )


def is_named(host: Host, sheets: Sequence[HostSheet]) -> bool:
    """Tell whether anything beside some sheets and their own parts may refer to them, so that they cannot go away."""
    if not sheets:
        return False
    if is_read_by_user(host, sheets) or host.root.child("customWorkbookViews") is not None:
        return True
    own = host.package.reached(sheet.part for sheet in sheets if sheet.part is not None)
    of_result = host.package.reached(sheet.part for sheet in host.sheets if sheet.is_ours and sheet.part is not None)
    pattern, names = _pattern(sheets), {escaped(sheet.name).encode() for sheet in sheets}
    for part in set(host.package.names) - own - of_result:
        if part.casefold().startswith(_NAMING) and part.casefold().endswith(".xml"):
            content = host.package.read(part)
            if pattern.search(content) or any(b'sheet="%b"' % name in content for name in names):
                return True
    return False


def _pattern(replaced: Sequence[HostSheet]) -> re.Pattern[bytes]:
    """Match `Name!`, `'My name'!`, the ends of `'First:Last'!`, and `table[`, however the XML escapes them."""
    sheets = {_spellings(sheet.name.replace("'", "''")) for sheet in replaced}
    tables = {re.escape(escaped(table.name)) for sheet in replaced for table in sheet.tables}
    choices = "|".join(sorted(sheets))
    found = rf"(?:{choices})(?:'|&apos;|&#39;)?[!:]"
    if tables:
        found += rf"|\b(?:{'|'.join(sorted(tables))})\b"
    return re.compile(found.encode(), re.IGNORECASE)


def _spellings(name: str) -> str:
    """Return a pattern of a name with its special letters escaped or not."""
    spelt = {"'": "(?:'|&apos;|&#39;)", '"': '(?:"|&quot;|&#34;)', ">": "(?:>|&gt;)", "&": "&amp;", "<": "&lt;"}
    return "".join(spelt.get(letter, re.escape(letter)) for letter in name)


def _is_found(package: Package, part: str, pattern: re.Pattern[bytes]) -> bool:
    return any(pattern.search(window) for window in _windows(package, part))


def _windows(package: Package, part: str) -> Iterator[bytes]:
    """Yield the pieces of a sheet that have formulas, each with the end of the piece before it."""
    overlap = b""
    for chunk in package.chunks(part):
        window = overlap + chunk
        # One letter is found fastest, and sheets of mere numbers do not even have that.
        if b"f" in window and (b"<f" in window or b":f>" in window):
            yield window
        overlap = chunk[-_LONGEST_FORMULA:]
