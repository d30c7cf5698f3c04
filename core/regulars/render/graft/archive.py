"""Zip archives written entry by entry: old entries as the compressed bytes they are, new ones compressed here."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_LAYOUT = "<4s5H3L2H"
_LOCAL_SIZE = struct.calcsize(_LOCAL_LAYOUT)
_DESCRIPTOR = 0x08  # sizes stand behind the data; here they are known before
_NEW_YEAR_1980 = (0, 0x21)  # time and date; fixed, so that equal input gives equal bytes
MOST_BYTES = 0xFFFFFFFF - 1  # beyond it entries need the zip64 form, which is not written here
MOST_ENTRIES = 0xFFFF - 1


@dataclass(frozen=True)
class _Header:
    """What both headers of an entry say of it."""

    name: bytes
    made_by: int
    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    compressed: int
    size: int
    comment: bytes = b""
    internal: int = 0
    external: int = 0

    @property
    def _common(self) -> tuple[int, ...]:
        return (
            self.flags,
            self.method,
            self.time,
            self.date,
            self.crc,
            self.compressed,
            self.size,
            len(self.name),
            0,
        )

    def local(self) -> bytes:
        return struct.pack(_LOCAL_LAYOUT, _LOCAL, self.needed, *self._common) + self.name

    def central(self, offset: int) -> bytes:
        tail = (len(self.comment), 0, self.internal, self.external, offset)
        fixed = struct.pack("<4s6H3L5H2L", _CENTRAL, self.made_by, self.needed, *self._common, *tail)
        return fixed + self.name + self.comment


def raw_chunks(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the compressed bytes of an entry of an archive. Raises BadZipFile when they end too soon."""
    _seek_data(file, entry)
    left = entry.compress_size
    while left:
        chunk = file.read(min(left, _CHUNK))
        if not chunk:
            raise zipfile.BadZipFile(f"the entry '{entry.filename}' ends too soon")
        left -= len(chunk)
        yield chunk


def _seek_data(file: BinaryIO, entry: zipfile.ZipInfo) -> bytes:
    """Go to the first byte of an entry's data and return its name as it is written there."""
    file.seek(entry.header_offset)
    start = file.read(_LOCAL_SIZE)
    if len(start) < _LOCAL_SIZE or not start.startswith(_LOCAL):
        raise zipfile.BadZipFile(f"the entry '{entry.filename}' is not where the directory says")
    *_, name_length, extra_length = struct.unpack(_LOCAL_LAYOUT, start)
    name = file.read(name_length)
    file.seek(extra_length, os.SEEK_CUR)
    return name


def _dos_time(moment: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    year, month, day, hour, minute, second = moment
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _old_header(file: BinaryIO, entry: zipfile.ZipInfo) -> _Header:
    name = _seek_data(file, entry)
    time, date = _dos_time(entry.date_time)
    return _Header(
        name,
        entry.create_system << 8 | entry.create_version,
        entry.extract_version,
        entry.flag_bits & ~_DESCRIPTOR,
        entry.compress_type,
        time,
        date,
        entry.CRC,
        entry.compress_size,
        entry.file_size,
        entry.comment,
        entry.internal_attr,
        entry.external_attr,
    )


def write_archive(
    target: Path, host: Path, entries: list[zipfile.ZipInfo], changed: Mapping[str, bytes], added: Mapping[str, bytes]
) -> None:
    """Write an archive of the host's entries in their order, some with new content, and of new entries behind them.

    The file is on the disk when this returns. Memory does not grow with the host. Raises OverflowError beyond 4 GB.
    """
    directory: list[bytes] = []

    with host.open("rb") as source, target.open("wb") as out:

        def put(header: _Header, data: Iterator[bytes]) -> None:
            offset = out.tell()
            if max(offset + header.compressed, header.size) > MOST_BYTES or len(directory) >= MOST_ENTRIES:
                raise OverflowError("the archive is larger than 4 GB or has more than 65,534 entries")
            directory.append(header.central(offset))
            out.write(header.local())
            for chunk in data:
                out.write(chunk)

        for entry in entries:
            if entry.filename in changed:
                put(*_new(entry.filename, changed[entry.filename]))
            else:
                put(_old_header(source, entry), raw_chunks(source, entry))
        for name, content in added.items():
            put(*_new(name, content))
        start = out.tell()
        for line in directory:
            out.write(line)
        size = out.tell() - start
        out.write(struct.pack("<4s4H2LH", _END, 0, 0, len(directory), len(directory), size, start, 0))
        out.flush()
        os.fsync(out.fileno())


def _new(name: str, content: bytes) -> tuple[_Header, Iterator[bytes]]:
    machine = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = machine.compress(content) + machine.flush()
    flags = 0 if name.isascii() else 0x800
    time, date = _NEW_YEAR_1980
    header = _Header(
        name.encode(), 20, 20, flags, zipfile.ZIP_DEFLATED, time, date, zlib.crc32(content), len(data), len(content)
    )
    return header, iter((data,))
