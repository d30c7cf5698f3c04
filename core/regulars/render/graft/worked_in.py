"""What its owner did to a result since it was written, as far as writing it anew would undo it."""

from __future__ import annotations

import datetime as dt
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regulars.base.errors import listing
from regulars.orders.gate import UNREADABLE
from regulars.render.footprint import Footprint
from regulars.render.graft.additions import additions
from regulars.render.graft.cells import WrittenCells
from regulars.render.graft.dressed import dressed
from regulars.render.graft.host import Host, HostSheet
from regulars.render.graft.markup import MarkupError
from regulars.render.graft.package import Package
from regulars.story.sheets.record import EXTENT


@dataclass(frozen=True)
class Extent:
    """How far the orders of a run went."""

    first: dt.date
    last: dt.date
    customers: int


@dataclass(frozen=True)
class WorkedIn:
    """What stands in a result besides what was written: by sheet, as cells and drawings."""

    added: Mapping[str, list[str]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)  # sheets by their name today, with the one they had
    extent: Extent | None = None  # None for results of earlier versions


def look_at_result(path: Path) -> WorkedIn:
    """Look through a result, or a workbook with our sheets in it. What cannot be read has nothing that could be kept."""
    try:
        if not zipfile.is_zipfile(path):
            return WorkedIn()
        with Package(path) as package:
            host = Host(package)
            written = WrittenCells(host)
            renamed = written.renamed()
            added = {}
            for sheet in host.sheets:
                footprint = written.footprints.get(renamed.get(sheet.name, sheet.name)) or written.footprint(sheet)
                if footprint is not None and sheet.part is not None:
                    found = worked_in(host, sheet, written, footprint)
                    if found:
                        added[sheet.name] = found
            return WorkedIn(added, renamed, _extent(written.entries.get(EXTENT, "")))
    except (MarkupError, ValueError, *UNREADABLE):
        return WorkedIn()


def worked_in(host: Host, sheet: HostSheet, written: WrittenCells, footprint: Footprint | None) -> list[str]:
    """Return what stands on a sheet besides what was written, in words: cells, drawings, colours and the like."""
    return [
        *written.added(sheet, footprint),
        *additions(host.package, sheet, footprint),
        *dressed(host, sheet, footprint),
    ]


def said_of_additions(added: Mapping[str, Sequence[str]], place: str) -> str:
    """Return what was added to the sheets of a workbook as a sentence that names every sheet, and what is on it.

    >>> said_of_additions({"Summary": ["B7", "C9"], "Method": []}, "my.xlsx")
    "sheet 'Summary' of 'my.xlsx' holds what was added by hand ('B7', 'C9'), and would lose it"
    >>> said_of_additions({"Summary": ["B7"], "Segments": ["a colour in C3"]}, "my.xlsx")
    "sheets of 'my.xlsx' hold what was added by hand, and would lose it: 'Summary' ('B7'), 'Segments' ('a colour in C3')"
    """
    sheets = {name: listing(things) for name, things in added.items() if things}
    if len(sheets) == 1:
        ((name, things),) = sheets.items()
        return f"sheet '{name}' of '{place}' holds what was added by hand ({things}), and would lose it"
    named = ", ".join(f"'{name}' ({things})" for name, things in sheets.items())
    return f"sheets of '{place}' hold what was added by hand, and would lose it: {named}"


def _extent(text: str) -> Extent | None:
    try:
        said: Mapping[str, Any] = tomllib.loads(f"entry = {text}")["entry"]
        return Extent(said["first"], said["last"], said["customers"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return None
