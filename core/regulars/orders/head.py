"""The first rows of a sheet as a small workbook of their own, so that the header is known before all rows are parsed.

The parser that reads the sheet also reads its head: both give the same text for the same cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from regulars.orders.scan import SheetPart, chunks, related

_SHARED = re.compile(rb'<c [^>]*?t="s"[^>]*><v>(\d+)</v>')
_ITEM_END = re.compile(rb"</si>|<si/>")


def head_workbook(archive: zipfile.ZipFile, sheet: SheetPart, start: bytes) -> bytes:
    """Return an .xlsx with the rows of a sheet that are complete in the start of its XML.

    Only the shared texts that these rows use are taken along. Raises KeyError when a part that must be there is not.
    """
    rows = start[: start.rfind(b"</row>") + len(b"</row>")]
    workbook = related(archive, "", "officeDocument")[0][1]
    where = PurePosixPath(workbook)
    parts = ["[Content_Types].xml", "_rels/.rels", workbook, str(where.parent / "_rels" / f"{where.name}.rels")]
    present = set(archive.namelist())
    parts += [path for _, path in related(archive, workbook, "styles", required=False) if path in present]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as small:
        for part in parts:
            small.writestr(part, archive.read(part))
        for _, path in related(archive, workbook, "sharedStrings", required=False):
            if path in present:
                small.writestr(path, _texts(archive, path, _last_text(rows)))
        small.writestr(sheet.part, rows + b"</sheetData></worksheet>")
    return buffer.getvalue()


def _last_text(rows: bytes) -> int:
    return max(map(int, _SHARED.findall(rows)), default=-1)


def _texts(archive: zipfile.ZipFile, part: str, last: int) -> bytes:
    """Return a table of shared texts up to the last one that is needed."""
    found = 0
    taken: list[bytes] = []
    for chunk in chunks(archive, part):
        for item in _ITEM_END.finditer(chunk):
            found += 1
            if found > last:
                return b"".join([*taken, chunk[: item.end()], b"</sst>"])
        taken.append(chunk)
    return b"".join(taken)
