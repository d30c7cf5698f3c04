"""The add-in as a package of parts: packed in one order and with one date, so that equal parts give equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from regulars_addin.build_config import SHEET_PART, Value, with_config

DATE = (2020, 1, 1, 0, 0, 0)
FIRST = "[Content_Types].xml"


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by their names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return the package of these parts.

    Not compressed: the bytes must not depend on the compressor of the machine, and 75 kB need none.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts, key=lambda one: (one != FIRST, one)):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system = 0
            archive.writestr(entry, parts[name])
    return packed.getvalue()


def configured(addin: bytes, values: Mapping[str, Value]) -> bytes:
    """Return an add-in with these settings in its sheet; the same add-in and settings give the same bytes."""
    parts = unpack(addin)
    return pack({**parts, SHEET_PART: with_config(parts[SHEET_PART], values)})
