"""What the parser loses, read from a sheet's own XML: its extent, which columns hold text, and error cells.

The parser hands every cell on as text, so that "1.234" may have been a number or a German's 1234. The XML says which:
only text cells have a type. The scan looks at each cell's opening tag once and never at its value.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from html import unescape
from pathlib import Path, PurePosixPath

from regulars.orders.gate import check_extent, damaged
from regulars.orders.grid import Typed, column_index, letters
from regulars.orders.tags import all_met

CHUNK = 1 << 20
DEFLATED = 1 << 16  # bytes that are inflated at once: at most a thousand times as many come out
_LOCAL_HEADER = struct.Struct("<26xHH")
HEAD_ROWS = 300  # rows that are looked at cell by cell, because the header may be among them


class Kind(StrEnum):
    """What a cell is in the file."""

    NUMBER = "number"  # dates too: in .xlsx they are numbers with a format
    DATE = "date"
    TEXT = "text"
    OTHER = "other"
    ERROR = "error"


@dataclass
class SheetScan:
    """Cells by column index (0 is column A): one by one in the first rows, as sets of kinds below them."""

    head: list[tuple[int, int, Kind]] = field(default_factory=list)  # row number, column index, kind
    below: dict[int, set[Kind]] = field(default_factory=dict)
    errors: Counter[int] = field(default_factory=Counter)
    last_row: int = 0
    styles: dict[int, set[int]] = field(default_factory=dict)  # of cells that are numbers
    hidden_rows: int = 0  # by a filter or by hand
    start: bytes = b""  # the sheet's XML until below its first rows; empty when it ends before, or is written oddly

    def note(self, row: int, column: int, kind: Kind) -> None:
        """Take a cell into account."""
        if kind is Kind.ERROR:
            self.errors[column] += 1
        if row <= HEAD_ROWS:
            self.head.append((row, column, kind))
        else:
            self.below.setdefault(column, set()).add(kind)
        self.last_row = max(self.last_row, row)

    def kinds(self, header_row: int) -> dict[int, set[Kind]]:
        """Return the kinds of the cells below a header row by column index."""
        kinds = {column: set(found) for column, found in self.below.items()}
        for row, column, kind in self.head:
            if row > header_row:
                kinds.setdefault(column, set()).add(kind)
        return kinds

    def typed(self, header_row: int, first_column: int) -> Typed:
        """Return which columns have numbers only or dates only below a header row; error cells are neither."""
        kinds = {column - first_column: found - {Kind.ERROR} for column, found in self.kinds(header_row).items()}
        return Typed(
            numeric=frozenset(column for column, found in kinds.items() if found == {Kind.NUMBER}),
            dated=frozenset(column for column, found in kinds.items() if found == {Kind.DATE}),
        )

    def check(self, path: Path, sheet: str) -> None:
        """Refuse an absurd extent."""
        columns = {column for _, column, _ in self.head} | set(self.below)
        if columns:
            last = f"{letters(max(columns))}{self.last_row}"
            check_extent(path, sheet, self.last_row, max(columns) - min(columns) + 1, last)


@dataclass(frozen=True)
class SheetPart:
    """A worksheet of an .xlsx by the name of its part in the archive."""

    name: str
    part: str
    visible: bool


def sheet_parts(archive: zipfile.ZipFile) -> list[SheetPart]:
    """Return the worksheets in the order of their tabs; chart sheets are left out.

    Raises KeyError when a part that must be there is not.
    """
    workbook = related(archive, "", "officeDocument")[0][1]
    targets = dict(related(archive, workbook, "worksheet"))
    sheets = []
    for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", archive.read(workbook)):
        attributes = _attributes(tag)
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if relation in targets:
            sheets.append(
                SheetPart(attributes["name"], targets[relation], attributes.get("state", "visible") == "visible")
            )
    return sheets


def related(archive: zipfile.ZipFile, part: str, kind: str, *, required: bool = True) -> list[tuple[str, str]]:
    """Return id and path of the parts that a part points to, by the last word of the relation's type.

    Raises KeyError when there is none and one is required.
    """
    where = PurePosixPath(part)
    rels = archive.read(str(where.parent / "_rels" / f"{where.name}.rels") if part else "_rels/.rels")
    found = []
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", rels):
        attributes = _attributes(tag)
        if attributes.get("Type", "").rsplit("/", 1)[-1] == kind:
            target = attributes["Target"]
            path = target.lstrip("/") if target.startswith("/") else str(where.parent / target)
            found.append((attributes["Id"], _normal(path)))
    if required and not found:
        raise KeyError(kind)
    return found


def _normal(path: str) -> str:
    parts: list[str] = []
    for step in path.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in {"", "."}:
            parts.append(step)
    return "/".join(parts)


def _attributes(tag: bytes) -> dict[str, str]:
    pairs = re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag.decode("utf-8", "replace"))
    return {name: unescape(double or single) for name, double, single in pairs}


def scan_xlsx(path: Path, archive: zipfile.ZipFile, sheet: SheetPart) -> SheetScan:
    """Scan one worksheet and refuse an absurd extent or a document type, where entity bombs hide.

    Raises InputError, and zipfile's own errors for a damaged archive.
    """
    scan = SheetScan()
    known: dict[str, set[bytes]] = {}
    pattern = plain = _CELL
    in_head, start = True, True
    beginning: list[bytes] = []
    for chunk in chunks(archive, sheet.part):
        if start and b"<!DOCTYPE" in chunk[:4096]:
            raise damaged(path, f"sheet '{sheet.name}' declares a document type, which no workbook does")
        if start and not _CELL.search(chunk):
            pattern = plain = _ANY_CELL
        start = False
        if _HIDDEN in chunk:
            scan.hidden_rows += len(_HIDDEN_ROW.findall(chunk))
        if in_head and plain is _CELL:
            beginning.append(chunk)
        cell = _last_cell(chunk)
        if not in_head and plain is _CELL and all_met(chunk, known, cell):
            scan.last_row = max(scan.last_row, cell)
            continue
        fresh: dict[tuple[str, bytes], None] = {}
        for letter, row, rest in pattern.findall(chunk):
            kind = _kind(rest)
            if kind is None:
                if not in_head:
                    known.setdefault(letter.decode(), set()).add(rest)
                continue
            column = column_index(letter.decode())
            scan.note(int(row), column, kind)
            if kind is Kind.NUMBER:
                scan.styles.setdefault(column, set()).add(_style(rest))
            if not in_head and kind is not Kind.ERROR:
                known.setdefault(letter.decode(), set()).add(rest)
            fresh[letter.decode(), rest] = None
        if cell:
            scan.last_row = max(scan.last_row, cell)
        if in_head and scan.last_row > HEAD_ROWS:
            # From here on only tags are looked at that were not met before: the others cost next to nothing.
            in_head = False
            scan.start = b"".join(beginning)
            beginning = []
            known = {}
            for letter, row, rest in plain.findall(chunk):
                if int(row) > HEAD_ROWS and b't="e"' not in rest:
                    known.setdefault(letter.decode(), set()).add(rest)
        if not in_head and fresh and plain is _CELL:
            pattern = _unmet(known)
    scan.check(path, sheet.name)
    return scan


_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>')
_ANY_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")([^>]*)>')  # as some other programs write
_HIDDEN = b'hidden="'
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?hidden="(?:1|true)"(?:[^>]*[^/>])?>(?!</)')
_LAST = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,7})"')


@lru_cache(maxsize=4096)  # a sheet has few tags, and a great many cells
def _kind(rest: bytes) -> Kind | None:
    """Return the kind of a cell by the rest of its tag; None for a blank one that only has a style."""
    if rest.endswith(b"/"):
        return None
    found = re.search(rb't="(\w+)"', rest)
    if found is None or found[1] == b"n":
        return Kind.NUMBER
    return {b"e": Kind.ERROR, b"b": Kind.OTHER, b"d": Kind.NUMBER}.get(found[1], Kind.TEXT)


@lru_cache(maxsize=4096)
def _style(rest: bytes) -> int:
    """Return the number of a cell's style."""
    found = re.search(rb'\bs="(\d{1,9})"', rest)
    return int(found[1]) if found else 0


def _unmet(known: Mapping[str, Iterable[bytes]]) -> re.Pattern[bytes]:
    """Return the pattern of cells whose column and tag were not met before."""
    by_rests: dict[frozenset[bytes], list[str]] = {}
    for letter, rests in known.items():
        by_rests.setdefault(frozenset(rests), []).append(letter)
    met = b"|".join(
        b'(?:%b)\\d+"(?:%b)>' % (_either(letters_.encode() for letters_ in columns), _either(rests))
        for rests, columns in by_rests.items()
    )
    return re.compile(b'<c r="(?!%b)([A-Z]{1,3})(\\d{1,7})"([^>]*)>' % met)


def _either(texts: Iterable[bytes]) -> bytes:
    return b"|".join(sorted(map(re.escape, texts), reverse=True))


def _last_cell(chunk: bytes) -> int:
    place = chunk.rfind(b'<c r="')
    found = _LAST.match(chunk, place) if place >= 0 else None
    return int(found[1]) if found else 0


def chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part of an archive in pieces that end where a tag begins.

    Raises BadZipFile and zlib.error when the part is damaged.
    """
    rest = b""
    for piece in _inflated(archive, part):
        whole = rest + piece
        cut = whole.rfind(b"<")
        rest, whole = (whole[cut:], whole[:cut]) if cut > 0 else (b"", whole)
        yield whole
    yield rest


def _inflated(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the bytes of a part. Inflating here takes half as long as the archive's own reader, which copies more."""
    info = archive.getinfo(part)
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & 1 or archive.filename is None:
        with archive.open(part) as file:
            while piece := file.read(CHUNK):
                yield piece
        return
    archive.open(part).close()  # it compares the two headers of the part
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left, inflated, check = info.compress_size, 0, 0
    with Path(archive.filename).open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
        file.seek(name_length + extra_length, 1)
        while left and not inflater.eof and (packed := file.read(min(left, DEFLATED))):
            left -= len(packed)
            piece = inflater.decompress(packed)
            inflated += len(piece)
            check = zlib.crc32(piece, check)
            if inflated > info.file_size:
                break
            yield piece
    if not inflater.eof or inflated != info.file_size or check != info.CRC:
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {part!r}")
