"""The gate before any parser: what a file is by its first bytes, and which files are refused."""

from __future__ import annotations

import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from regulars.base.errors import InputError
from regulars.base.files import MARK

MOST_CELLS = 50_000_000  # rows × columns of the used range; the parser reserves memory for each of them
MOST_INFLATED = 4 * 2**30  # bytes; a full sheet of a million rows and ten columns has 0.5 GB
MOST_RATIO = 400  # inflated by compressed size of big parts; sheets of real orders have 8 to 40
MOST_PARTS = 20_000

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET = b"PAR1"
_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x05\x06", "an empty zip archive"),
)
# What Python raises for a damaged or odd archive.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, KeyError,
)  # fmt: skip
SAVE_AGAIN = "open it in Excel or LibreOffice and save it as .xlsx"


class Format(StrEnum):
    """What a file is, whatever its name says."""

    XLSX = "xlsx"  # and .xlsm, .xltx
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    PARQUET = "parquet"


def sniff(path: Path) -> Format:
    """Return the format of a file by its content.

    Raises InputError for what is missing, empty, a folder, encrypted, damaged, out of proportion or no table at all.
    """
    try:
        if path.is_dir():
            raise InputError(
                f"'{path}' is a folder, not a file", remedy=f"name the files in it, such as '{path / '*.xlsx'}'"
            )
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except FileNotFoundError:
        raise InputError(f"there is no file '{path}'", remedy="check the path and the spelling of its name") from None
    except OSError as problem:
        raise InputError(
            f"'{path}' cannot be opened ({problem.strerror})",
            remedy="close it in the program that has it open, and check that you may read it",
        ) from problem
    if size == 0:
        raise InputError(f"'{path.name}' is empty (0 bytes)", remedy="export it again")
    if start.startswith(ZIP):
        return _zip_format(path)
    if start.startswith(COMPOUND):
        return _compound_format(path)
    if start.startswith(PARQUET):
        return Format.PARQUET
    return _text_format(path, start)


def _text_format(path: Path, start: bytes) -> Format:
    for magic, kind in _OTHER:
        if start.startswith(magic):
            raise InputError(
                f"'{path.name}' is {kind}, not a table", remedy="give a workbook, a CSV or a Parquet file of orders"
            )
    lean = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:600].lower()
    if lean.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise InputError(f"'{path.name}' is a web page with the name of a table", remedy=SAVE_AGAIN)
    if lean.startswith((b"<?xml", b"<workbook")):
        raise InputError(f"'{path.name}' is an XML file, not a workbook or a CSV", remedy=SAVE_AGAIN)
    if re.match(rb'\{\s*["}]|\[\s*[\[{]', lean):
        raise InputError(
            f"'{path.name}' is a JSON file, not a table",
            remedy="give the orders as a workbook, a CSV or a Parquet file",
        )
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(start)
    if b"\x00" in start and not wide:
        raise InputError(
            f"'{path.name}' is not a file of a known kind, or it is damaged",
            remedy="give a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), a CSV, a TSV or a Parquet file",
        )
    return Format.TEXT


def _looks_utf16(start: bytes) -> bool:
    """Tell whether every second byte is zero, as in UTF-16 without a mark at its start."""
    half = len(start) // 2
    return half > 0 and max(start[0::2].count(0), start[1::2].count(0)) > 0.7 * half


def _zip_format(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            form = _workbook_kind(archive, names)
            ours = form is Format.XLSX and _is_result(archive, names)
            encrypted = any(part.flag_bits & 1 for part in parts) or (
                form is Format.ODS
                and "META-INF/manifest.xml" in names
                and b"encryption-data" in archive.read("META-INF/manifest.xml")
            )
    except UNREADABLE as problem:
        raise damaged(path, str(problem)) from problem
    if form is None:
        raise _no_workbook(path, names)
    if encrypted:
        raise locked(path)
    _check_proportions(path, parts)
    if ours:
        raise InputError(
            f"'{path.name}' is a result of regulars, not a workbook of orders",
            remedy="give the file of orders that it was made from",
        )
    if form is Format.XLSX:
        _check_shared_strings(path, parts)
    return form


def _no_workbook(path: Path, names: set[str]) -> InputError:
    """Return the error for an archive of another kind than a workbook."""
    for folder, kind in (
        ("ppt/", "a PowerPoint presentation"),
        ("word/", "a Word document"),
        ("Index/", "an Apple Numbers document"),
    ):
        if any(name.startswith(folder) for name in names):
            return InputError(
                f"'{path.name}' is {kind}, not a workbook",
                remedy="give the orders as .xlsx, .csv or another kind of table",
            )
    return InputError(
        f"'{path.name}' is a zip archive but no workbook", remedy="unpack it, or export the orders as .xlsx or .csv"
    )


def _is_result(archive: zipfile.ZipFile, names: set[str]) -> bool:
    return "docProps/core.xml" in names and MARK.encode() in archive.read("docProps/core.xml")


def _workbook_kind(archive: zipfile.ZipFile, names: set[str]) -> Format | None:
    if any(name.lower().endswith("workbook.bin") for name in names):
        return Format.XLSB
    if "[Content_Types].xml" in names and b"spreadsheetml" in archive.read("[Content_Types].xml"):
        return Format.XLSX
    if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
        return Format.ODS
    return None


def _check_proportions(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    inflated = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > 200 * 2**20 and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts
    )
    if inflated > MOST_INFLATED or bomb or len(parts) > MOST_PARTS:
        raise InputError(
            f"'{path.name}' unpacks to {inflated / 2**30:,.1f} GB in {len(parts):,} parts: too much for a workbook of orders",
            remedy="split it, or export the orders as .csv or .parquet",
        )


def _check_shared_strings(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse a table of texts that claims more entries than it has bytes: the parser reserves memory for the claim."""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in parts:
                if part.filename.lower().endswith("sharedstrings.xml"):
                    with archive.open(part) as file:
                        start = file.read(4096)
                    claims = re.findall(rb'[cC]ount\s*=\s*["\'](\d+)["\']', start.split(b"<si", 1)[0])
                    if any(int(claim) > 100 * part.file_size + 1000 for claim in claims):
                        raise damaged(path, "its table of texts claims more entries than it can hold")
    except UNREADABLE as problem:
        raise damaged(path, str(problem)) from problem


def _compound_format(path: Path) -> Format:
    """Tell an old .xls from an encrypted workbook; both are compound documents with names in UTF-16."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise locked(path)
    if not re.search("Workbook|Book".encode("utf-16-le").replace(b"|\x00", b"|"), content):
        raise InputError(f"'{path.name}' is an Office document but no workbook", remedy=SAVE_AGAIN)
    return Format.XLS


def check_extent(path: Path, sheet: str, rows: int, columns: int, last_cell: str) -> None:
    """Refuse a sheet whose used range is absurdly large: one stray cell far away is enough for that."""
    if rows * columns > MOST_CELLS:
        raise InputError(
            f"sheet '{sheet}' of '{path.name}' is in use down to cell {last_cell}, {rows:,} rows × {columns:,} columns",
            remedy="delete the rows and columns beside the orders (a stray cell lies far away) and save, or export as .csv",
        )


def damaged(path: Path, detail: str) -> InputError:
    """Return the error for a file that its own format cannot explain."""
    return InputError(
        f"'{path.name}' is damaged or incomplete ({detail.strip()[:200]})", remedy=f"{SAVE_AGAIN}, or export it again"
    )


def locked(path: Path) -> InputError:
    """Return the error for a file that is protected with a password."""
    return InputError(
        f"'{path.name}' is encrypted (protected with a password)",
        remedy="open it, remove the password and save a copy without one",
    )
