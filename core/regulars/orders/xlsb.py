"""The used range that the sheets of a binary workbook declare, for the gate."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

_DIMENSION = 148  # BrtWsDim: first row, last row, first column, last column, each 32 bits


def dimensions(path: Path) -> dict[str, tuple[int, int]]:
    """Return rows and columns by part; sheets that declare none are left out."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if "/worksheets/" in name and name.endswith(".bin") and "_rels" not in name:
                with archive.open(name) as part:
                    size = declared(part.read(4096))
                if size is not None:
                    found[name.rsplit("/", 1)[-1].removesuffix(".bin")] = size
    return found


def declared(start: bytes) -> tuple[int, int] | None:
    """Return the rows and columns that the first records of a sheet declare.

    A record has its type in one or two bytes, its length in up to four, seven bits each.

    >>> declared(bytes([0x81, 0x01, 0x00, 0x94, 0x01, 0x10]) + struct.pack("<4I", 0, 9, 0, 3))
    (10, 4)
    """
    place = 0
    while place < len(start):
        kind, place = _varying(start, place, 2)
        length, place = _varying(start, place, 4)
        if kind == _DIMENSION and place + 16 <= len(start):
            _, last_row, first_column, last_column = struct.unpack_from("<4I", start, place)
            return last_row + 1, last_column - first_column + 1
        place += length
    return None


def _varying(data: bytes, place: int, most: int) -> tuple[int, int]:
    value = 0
    for step in range(most):
        byte = data[place] if place < len(data) else 0
        value |= (byte & 0x7F) << (7 * step)
        place += 1
        if not byte & 0x80:
            break
    return value, place
