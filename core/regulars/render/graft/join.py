"""Sheets of a result into a workbook of the user: everything else in that file stays byte for byte as it was."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import OutputError, listing
from regulars.render.graft.archive import write_archive
from regulars.render.graft.cells import WrittenCells
from regulars.render.graft.check import check
from regulars.render.graft.donor import Donor, Transplant, transplant
from regulars.render.graft.host import BOOK_MARK, LOCAL_MARK, Host, HostSheet
from regulars.render.graft.names import Names
from regulars.render.graft.package import (
    CONTENT_TYPES,
    ROOT,
    FreshNames,
    Package,
    relationships_of,
)
from regulars.render.graft.patches import NewSheet, new_sheets, patched_links, patched_types, patched_workbook
from regulars.render.graft.recalculation import has_formulas, is_named, is_read_by_user
from regulars.render.graft.refusals import opened_host, read_as_workbook, refuse_formats, too_large
from regulars.render.graft.styles import merge_styles
from regulars.render.sheet_mark import SheetMark, unnumbered

_CHAIN = "calcChain"


@dataclass(frozen=True)
class GraftReport:
    """What was done, as names of sheets."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    left: tuple[str, ...]  # sheets of an earlier result that this one does not have; they stand as they were
    recalculates: bool  # Excel will calculate everything on opening, since formulas of the user read what was replaced
    removed: tuple[str, ...] = ()  # sheets of an earlier result that this one does not have, and nothing refers to


def refuse_unless_graftable(host: Path) -> None:
    """Raise OutputError, with reason and remedy, when sheets cannot be put into a workbook safely."""
    with opened_host(host):
        return


def taken_names(host: Path, *, force: bool = False) -> Names:
    """Return the names in a workbook, so that new sheets and tables can be given others.

    `force` lets sheets of ours be replaced though somebody wrote or drew on them.
    Raises OutputError when sheets cannot be put into it.
    """
    with opened_host(host, force=force) as book:
        return _names(book)


def graft(donor: Path, host: Path, target: Path, *, force: bool = False) -> GraftReport:
    """Write the host to the target, with the sheets of the donor at its end or, if they were there, in their old places.

    The donor is a workbook of ours whose sheets and tables have names chosen with `taken_names`. The host is not changed;
    the target is checked before this returns. Raises OutputError when the host cannot take the sheets or the check fails
    (the target is then not to be used), and ValueError when the donor's names clash with the host's.
    """
    with opened_host(host, force=force) as book, Package(donor) as package:
        source = Donor(package)
        _refuse_clashes(source, _names(book))
        with read_as_workbook(host):
            plan = _planned(book, source)
        try:
            write_archive(target, host, plan.kept, plan.changed, plan.added)
        except OverflowError as problem:
            raise too_large(host, problem) from problem
        except OSError as problem:
            raise OutputError(
                f"'{target}' could not be written ({problem.strerror})", remedy="make room on the disk, and try again"
            ) from problem
        sheets = [sheet.name for sheet in source.sheets]
        check(book, target, plan.removed, plan.changed, donor, sheets)
        return plan.report


@dataclass(frozen=True)
class _Plan:
    """Everything that is to be written, and what is to be said of it."""

    kept: list[zipfile.ZipInfo]  # entries of the host in their order, patched ones among them
    changed: Mapping[str, bytes]
    added: Mapping[str, bytes]
    removed: frozenset[str]
    report: GraftReport


def _names(host: Host) -> Names:
    return Names(
        tuple(sheet.name for sheet in host.sheets),
        {sheet.key: sheet.name for sheet in host.sheets if sheet.key is not None},
        {table.name: sheet.name for sheet in host.sheets for table in sheet.tables},
        frozenset(
            name.name
            for name in host.defined_names
            if name.sheet is None and not BOOK_MARK.fullmatch(name.name) and name.name.casefold() != LOCAL_MARK
        ),
    )


def _refuse_clashes(donor: Donor, names: Names) -> None:
    """Refuse names that the host has; the caller chose them, so a clash is an error of the program."""
    sheets = [sheet.name for sheet in donor.sheets]
    ours = {name.casefold() for name in names.ours.values()}
    taken = {name.casefold() for name in names.sheets} - ours
    others = names.for_tables(sheets)
    clashes = [name for name in sheets if name.casefold() in taken]
    clashes += [name for name in donor.table_names() if name.casefold() in others]
    clashes += [name.name for name in donor.defined_names if name.sheet is None and name.name.casefold() in others]
    if clashes:
        raise ValueError(f"the workbook has these names already: {listing(clashes)}")


def _planned(host: Host, donor: Donor) -> _Plan:
    package = host.package
    wanted = {sheet.name.casefold(): sheet for sheet in donor.sheets}
    ours = [sheet for sheet in host.sheets if sheet.is_ours and sheet.part is not None]
    replaced = [sheet for sheet in ours if sheet.name.casefold() in wanted]
    old_parts = {sheet.name.casefold(): package.spelled(sheet.part) for sheet in replaced if sheet.part is not None}
    stale = _stale(host, [sheet for sheet in ours if sheet not in replaced])
    stale_parts = [package.spelled(sheet.part) for sheet in stale if sheet.part is not None]
    closure = _closure(host, [*old_parts.values(), *stale_parts])
    chain = host.linked(_CHAIN)
    if chain is not None and any(has_formulas(package, part) for part in (*old_parts.values(), *stale_parts)):
        closure |= {package.spelled(chain)}
    gone = _with_relationships(package, closure)

    fresh = FreshNames((set(package.names) - gone) | set(old_parts.values()) | set(stale_parts))
    places = {
        sheet.part: old_parts[name] if name in old_parts else fresh.give(sheet.part) for name, sheet in wanted.items()
    }
    new = new_sheets(
        host,
        ((sheet.name, places[sheet.part]) for name, sheet in wanted.items() if name not in old_parts),
    )
    styles_part = package.spelled(host.linked("styles") or "")
    styles = merge_styles(package.read(styles_part), donor.styles())
    refuse_formats(package.path, styles.format_count)
    tables = [table.id for sheet in host.sheets if sheet not in replaced for table in sheet.tables]
    keys = {sheet.name.casefold(): sheet.key for sheet in replaced}
    marks = {
        sheet.part: SheetMark(keys.get(name) or unnumbered(sheet.name), sheet.name) for name, sheet in wanted.items()
    }
    moved = transplant(
        donor, styles, places, fresh, itertools.count(max(tables, default=0) + 1), marks,
        _selected(host, old_parts, stale),
    )  # fmt: skip
    recalculates = is_read_by_user(host, replaced)
    changed = _changed(host, donor, replaced, new, moved, closure, stale, recalculates=recalculates)
    changed[styles_part] = styles.content
    stays = [entry for entry in package.entries if entry.filename not in gone or entry.filename in moved.parts]
    changed |= {entry.filename: moved.parts[entry.filename] for entry in stays if entry.filename in moved.parts}
    return _Plan(
        stays,
        changed,
        {name: content for name, content in moved.parts.items() if name not in changed},
        frozenset(gone),
        GraftReport(
            tuple(sheet.name for sheet in new),
            tuple(sheet.name for sheet in replaced),
            tuple(sheet.name for sheet in ours if sheet not in replaced and sheet not in stale),
            recalculates,
            tuple(sheet.name for sheet in stale),
        ),
    )


def _stale(host: Host, left: Sequence[HostSheet]) -> list[HostSheet]:
    """Return the sheets of an earlier result that can go: it is known what was written, and nothing else reads them."""
    written = WrittenCells(host)
    known = [sheet for sheet in left if written.footprint(sheet) is not None]
    return [] if is_named(host, known) else known


def _closure(host: Host, sheets: Sequence[str]) -> set[str]:
    """Return the parts that only these sheets lead to, these included."""
    return host.package.reached(sheets) - host.package.reached([ROOT], without=sheets)


def _with_relationships(package: Package, parts: set[str]) -> set[str]:
    links = {relationships_of(part) for part in parts}
    return parts | {package.spelled(part) for part in links if part in package}


def _selected(host: Host, old_parts: Mapping[str, str], stale: Sequence[HostSheet]) -> str | None:
    """Return the part of the sheet the user looks at, if it is one of those that are replaced; the first if it goes."""
    views = host.root.child("bookViews")
    first = views.child("workbookView") if views is not None else None
    active = int(first.attributes.get("activeTab", "0")) if first is not None else 0
    seen = next((sheet for sheet in host.sheets if sheet.index == active), None)
    if seen is not None and seen in stale:
        return next(iter(old_parts.values()), None)
    return None if seen is None else old_parts.get(seen.name.casefold())


def _changed(
    host: Host,
    donor: Donor,
    replaced: Sequence[HostSheet],
    new: Sequence[NewSheet],
    moved: Transplant,
    removed: set[str],
    stale: Sequence[HostSheet],
    *,
    recalculates: bool,
) -> dict[str, bytes]:
    """Return the host's own lists of parts, sheets and names as they are to be."""
    spelled = host.package.spelled
    stays_linked = set(moved.parts)
    return {
        spelled(CONTENT_TYPES): patched_types(host, moved.overrides, moved.endings, removed),
        host.part: patched_workbook(host, donor, replaced, new, stale, recalculates=recalculates),
        spelled(relationships_of(host.part)): patched_links(host, new, removed - stays_linked),
    }
