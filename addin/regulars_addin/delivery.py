"""Finished sheets into the open workbook: rendered to a file of their own, opened in the same program, copied over.

Nothing of the user's is changed: sheets are added after the last one, and only sheets of ours are replaced. A result that
the workbook cannot take, or that could not be copied whole, stays open as a workbook of its own.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import xlwings

from regulars.base.errors import OutputError
from regulars.base.files import moved_into_place
from regulars.base.units import Currency
from regulars.render.graft.names import Names, free_name
from regulars.render.marks import is_ours
from regulars.render.sheet_mark import SheetMark
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets import renamed
from regulars_addin.marked import OurSheets
from regulars_addin.programs import failures, is_gone, temporary_folder
from regulars_addin.session import Session
from regulars_workbooks.theme import Theme


@dataclass(frozen=True)
class Delivered:
    """Where the sheets of a result are now."""

    sheets: tuple[str, ...]  # their names in the workbook; none where they stand in a file of their own
    replaced: tuple[str, ...] = ()
    own_file: Path | None = None
    reason: str = ""  # why they stand in a file of their own


_NAME_KEPT = 20  # letters of a sheet's name that a program leaves when it numbers a copy
_TROUBLE = (OSError, ValueError, KeyError, RuntimeError)  # what xlwings and its engines raise beside their own errors


class _CopyError(Exception):
    """A copy that went wrong, in words."""


def deliver(
    session: Session, ours: OurSheets, spec: WorkbookSpec, currency: Currency, own: Theme, place: Path | None = None
) -> Delivered:
    """Put the sheets of a result into the workbook in front, in the place of those of an earlier one.

    `place` is the file for a result that the workbook cannot take, which its user let be replaced; without it, and
    where copying fails, nothing that exists is replaced. Raises OutputError when not even a workbook of its own could be written.
    """

    def own_file(reason: str, path: Path | None = None) -> Delivered:
        path = path or free_path(session.place, session.stem, ".xlsx", open_names(session), replaces=False)
        return Delivered((), own_file=_opened(session, spec, currency, own, path), reason=reason)

    why_not = session.why_not_here()
    if why_not is not None:
        return own_file(why_not, place)
    names = Names(
        tuple(session.book.sheet_names),
        ours.by_key,
        {table.name: sheet.name for sheet in session.book.sheets for table in sheet.tables},
        frozenset(name.name for name in session.book.names),
    )
    final = names.for_sheets([sheet.name for sheet in spec.sheets])
    # Tables of the sheets that will go are still there while ours come in: their names are not free yet.
    taken = {name.casefold() for name in (*names.tables, *names.defined)}
    marks = {name: SheetMark(key, name) for key, name in final.items()}

    def write(path: Path) -> None:
        # The workbook has a logo of its own, and a picture on our sheets counts as added by hand.
        write_workbook(renamed(spec, final), path, currency, taken, replace(own, logo=None), marks)

    try:
        _copied_in(session, write, list(final.values()), ours.names)
    except _CopyError as problem:
        return own_file(str(problem))
    session.book.sheets[next(iter(final.values()))].activate()
    return Delivered(tuple(final.values()), tuple(name for name in ours.names))


def add_sheet(session: Session, write: Callable[[Path], None], wanted: str) -> str:
    """Add one sheet of a workbook that `write` writes, and return the name that it got.

    Raises OutputError where the workbook cannot take it.
    """
    why_not = session.why_not_here()
    if why_not is not None:
        raise OutputError(
            why_not, remedy="save it as an Excel workbook (.xlsx), or unprotect its structure, and click again"
        )
    name = free_name(wanted, {one.casefold() for one in session.book.sheet_names})
    try:
        _copied_in(session, write, [name], (), sources=[wanted])
    except _CopyError as problem:
        raise OutputError(
            f"the sheet could not be added: {problem}", remedy="save the workbook, and try again"
        ) from problem
    session.book.sheets[name].activate()
    return name


def remove(session: Session, names: Collection[str]) -> None:
    """Remove sheets of ours. Raises OutputError where the program does not let them go; the others are gone then."""
    trouble = _TROUBLE + failures()
    for name in names:
        try:
            session.book.sheets[name].delete()
        except trouble as problem:
            if is_gone(problem):
                raise
            raise OutputError(
                f"the sheet '{name}' of an earlier result could not be removed ({_said(problem)})",
                remedy="delete it by hand; the sheets of this result stand after the last one",
            ) from problem


def _copied_in(
    session: Session,
    write: Callable[[Path], None],
    final: Sequence[str],
    old: Collection[str],
    sources: Sequence[str] | None = None,
) -> None:
    """Copy the sheets of a file that `write` writes, called `sources` there, and put them in the place of the `old`.

    Raises _CopyError when copying fails; the workbook then has the sheets that it had.
    """
    book, before, there = session.book, session.book.sheets.active, set(session.book.sheet_names)
    links = session.program.links(book)
    copies: list[xlwings.Sheet] = []
    try:
        with _donor(session, write) as donor:
            for number, name in enumerate(sources or final, start=1):
                session.progress(f"Copying sheet {number} of {len(final)}")
                copies.append(donor.sheets[name].copy(after=book.sheets[-1]))
        _refuse_links(session, links)
    except Exception as problem:
        if is_gone(problem):
            raise
        # One that was copied in part is not among the copies; what the user added meanwhile has another name.
        ours = tuple(name.casefold()[:_NAME_KEPT] for name in sources or final)
        for name in [name for name in book.sheet_names if name not in there and name.casefold().startswith(ours)]:
            book.sheets[name].delete()
        before.activate()
        if isinstance(problem, _CopyError) or not isinstance(problem, _TROUBLE + failures()):
            raise
        raise _CopyError(f"{session.program.name} did not copy the sheets ({_said(problem)})") from problem
    if old:
        session.progress("Replacing the sheets of the earlier result")
        remove(session, old)
    for copy, name in zip(copies, final, strict=True):
        if copy.name != name:
            copy.name = name


def _refuse_links(session: Session, before: frozenset[str]) -> None:
    if session.program.links(session.book) - before:
        raise _CopyError(f"{session.program.name} made the sheets depend on a file that is gone")


@contextmanager
def _donor(session: Session, write: Callable[[Path], None]) -> Iterator[xlwings.Book]:
    """Give a workbook that is open in the program for a moment; its file is gone afterwards.

    Its name is unique: programs refuse to open two workbooks of one name.
    """
    path = Path(temporary_folder(session.program)) / f"regulars-{uuid.uuid4().hex[:12]}.xlsx"
    session.progress("Writing the sheets")
    try:
        write(path)
        session.progress("Opening the sheets")
        donor = session.app.books.open(path, update_links=False, read_only=True, add_to_mru=False)
        try:
            yield donor
        finally:
            donor.close()
            session.book.activate()
    finally:
        with suppress(
            PermissionError
        ):  # Windows lets nobody delete what a program holds: its temporary folder is emptied
            path.unlink(missing_ok=True)


def _opened(session: Session, spec: WorkbookSpec, currency: Currency, own: Theme, path: Path) -> Path:
    """Write a result as a workbook of its own, open it, and return where it lies."""
    session.progress("Writing a workbook of its own")
    with moved_into_place(path) as temporary:
        write_workbook(spec, temporary, currency, own=own)
    session.app.books.open(path)
    return path


def open_names(session: Session) -> frozenset[str]:
    """Return the names of the open workbooks in small letters: a program opens no two of one name."""
    return frozenset(str(book.name).casefold() for book in session.app.books)


def free_path(folder: Path, stem: str, ending: str, open_now: Collection[str] = (), *, replaces: bool = True) -> Path:
    """Return where a result may be written: a file of ours is replaced unless it is open, any other one is not.

    Where it `replaces` none, no file is.
    """
    number = 1
    while True:
        path = folder / f"{stem}.regulars{f'-{number}' if number > 1 else ''}{ending}"
        may_go = replaces and path.exists() and is_ours(path) and os.access(path, os.W_OK)
        if path.name.casefold() not in open_now and (may_go or not path.exists()):
            return path
        number += 1


def _said(problem: Exception) -> str:
    text = " ".join(str(problem).split())
    return text[:120] or type(problem).__name__
