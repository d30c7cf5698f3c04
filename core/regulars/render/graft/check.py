"""What is asked of a finished file before anybody sees it: old bytes are the old ones, new sheets read as written."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from regulars.base.errors import OutputError, listing
from regulars.render.graft.archive import raw_chunks
from regulars.render.graft.host import Host
from regulars.render.graft.package import Package
from regulars.render.graft.refusals import OWN_FILE
from regulars.render.graft.skeleton import skeleton

_ROWS_COMPARED = 200  # with openpyxl, which is slow; fastexcel reads all rows
Rows = Sequence[Sequence[object]]


def check(
    host: Host, target: Path, removed: Iterable[str], patched: Iterable[str], donor: Path, ours: Collection[str]
) -> None:
    """Compare a finished file with the workbook it was made from, and its new sheets with those of the result.

    Raises OutputError when anything differs: the file must then not take the old one's place.
    """
    changed = {part.casefold() for part in (*removed, *patched)}
    with Package(target) as made:
        wrong = [entry.filename for entry in host.package.entries if _is_lost(entry, changed, host.package, made)]
        if wrong:
            raise _failure(target, f"parts that must stay differ: {listing(wrong)}")
        old_parts = {name.casefold() for name in host.package.names} - changed
        for name in made.names:
            if name.casefold() not in old_parts:
                for _ in made.chunks(name):  # reading to the end compares the checksum
                    pass
        small = skeleton(made, Host(made), ours)
    _read_again(target, small, skeleton(host.package, host, ()), donor, ours)


def _is_lost(entry: zipfile.ZipInfo, changed: set[str], old: Package, new: Package) -> bool:
    """Tell whether an entry that had to stay has other bytes now, compressed or not."""
    if entry.filename.casefold() in changed:
        return False
    twin = new.entry(entry.filename)
    if twin is None or (twin.CRC, twin.file_size, twin.compress_size, twin.compress_type) != (
        entry.CRC,
        entry.file_size,
        entry.compress_size,
        entry.compress_type,
    ):
        return True
    with old.path.open("rb") as one, new.path.open("rb") as other:
        return any(a != b for a, b in zip_longest(raw_chunks(one, entry), raw_chunks(other, twin)))


def _read_again(target: Path, made: bytes, before: bytes, donor: Path, ours: Collection[str]) -> None:
    for reader, read in (("openpyxl", _with_openpyxl), ("fastexcel", _with_fastexcel)):
        try:
            found = read(io.BytesIO(made), ours)
        except Exception as problem:
            if _is_unreadable(read, before):
                continue  # a reader that cannot read the user's own workbook says nothing of ours
            raise _failure(target, f"{reader} cannot read it ({problem})") from problem
        wanted = read(donor, ours)
        for name in ours:
            if found[name] != wanted[name]:
                raise _failure(target, f"{reader} reads other cells on sheet '{name}' than were written")


def _is_unreadable(read: Any, before: bytes) -> bool:
    try:
        read(io.BytesIO(before), ())
    except Exception:  # noqa: BLE001  readers raise whatever they happen to meet
        return True
    return False


def _with_openpyxl(source: Path | io.BytesIO, sheets: Collection[str]) -> Mapping[str, Rows]:
    import openpyxl  # noqa: PLC0415  heavy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it names what it would lose on saving, and nothing is saved
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
        try:
            return {
                name: [
                    tuple(map(_plain, row)) for row in book[name].iter_rows(max_row=_ROWS_COMPARED, values_only=True)
                ]
                for name in sheets
            }
        finally:
            book.close()


def _plain(value: object) -> object:
    """Return a cell without the escape of escapes: openpyxl takes it off texts in the shared list, not off others."""
    return value.replace("x005F_", "") if isinstance(value, str) else value


def _with_fastexcel(source: Path | io.BytesIO, sheets: Collection[str]) -> Mapping[str, object]:
    import fastexcel  # noqa: PLC0415  heavy

    reader = fastexcel.read_excel(source if isinstance(source, Path) else source.getvalue())
    return {name: reader.load_sheet(name, header_row=None, dtypes="string").to_arrow() for name in sheets}


def _failure(target: Path, why: str) -> OutputError:
    return OutputError(
        f"the sheets could not be put into the workbook, which stays as it was: {why}",
        remedy=f"{OWN_FILE}; please report this with the name of the program that made the workbook ({target.suffix})",
    )
