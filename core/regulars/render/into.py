"""A result put into a workbook of the user: names are chosen, the sheets rendered, the file replaced when it is whole."""

from __future__ import annotations

import stat
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from regulars.base.errors import OutputError
from regulars.base.files import backed_up, moved_into_place
from regulars.base.units import Currency
from regulars.render.graft import GraftReport, Names, graft, taken_names
from regulars.render.graft.refusals import OWN_FILE
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets import renamed
from regulars_workbooks.theme import SHIPPED, Theme

State = tuple[int, int, int]


@dataclass(frozen=True)
class Host:
    """A workbook that can take our sheets: the names in it, and how it stood when they were read."""

    path: Path
    names: Names
    state: State
    force: bool = False  # replace sheets of ours that somebody wrote or drew on


def open_host(path: Path, *, force: bool = False) -> Host:
    """Look at a workbook before anything is computed. Raises OutputError, with the reason, when it cannot take sheets.

    `force` lets sheets of ours be replaced though somebody wrote or drew on them.
    """
    state = _state(path)
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise OutputError(f"'{path.name}' is read-only", remedy=f"allow writing to it, or {OWN_FILE}")
    return Host(path, taken_names(path, force=force), state, force)


def put_into(
    spec: WorkbookSpec, host: Host, currency: Currency, own: Theme = SHIPPED, *, backup: bool
) -> tuple[GraftReport, Path | None]:
    """Put all sheets of a result into a workbook, and return what was done and where the old file was kept.

    The theme's logo is left away: the workbook has its own, and a picture on our sheets counts as added by hand.

    Raises OutputError when the workbook cannot take them, or was changed since `open_host`; it then stays as it was.
    """
    final = host.names.for_sheets([sheet.name for sheet in spec.sheets])
    taken = host.names.for_tables(final.values())
    with tempfile.TemporaryDirectory(prefix="regulars-") as folder:
        donor = Path(folder) / "donor.xlsx"
        write_workbook(renamed(spec, final), donor, currency, taken, replace(own, logo=None))
        with moved_into_place(host.path) as temporary:
            report = graft(donor, host.path, temporary, force=host.force)
            if _state(host.path) != host.state:
                raise OutputError(
                    f"'{host.path.name}' was saved by another program in the meantime",
                    remedy="close it there, and run again",
                )
            kept = backed_up(host.path) if backup else None
    return report, kept


def _state(path: Path) -> State:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino
