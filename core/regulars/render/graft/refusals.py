"""Workbooks that must not be changed from outside, each with its reason and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.base.errors import InputError, OutputError
from regulars.orders.gate import UNREADABLE, Format, sniff
from regulars.render.graft.additions import LINKED
from regulars.render.graft.archive import MOST_BYTES, MOST_ENTRIES
from regulars.render.graft.cells import WrittenCells
from regulars.render.graft.host import Host
from regulars.render.graft.markup import Element, MarkupError, parse
from regulars.render.graft.package import CONTENT_TYPES, MAIN, ROOT, Package, relationships_of
from regulars.render.graft.worked_in import said_of_additions, worked_in

MOST_FORMATS = 64_000  # cell formats a workbook may have; Excel's own limit is 65,490
OWN_FILE = "use the result beside it, which is a workbook of its own"
_KINDS = {Format.XLS: "an old .xls workbook", Format.XLSB: "a binary .xlsb workbook", Format.ODS: "an .ods spreadsheet"}
_WORKBOOK_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_STRICT = "http://purl.oclc.org/ooxml/"
_TRUE = frozenset({"1", "true", "on"})


@contextmanager
def opened_host(path: Path, *, force: bool = False) -> Iterator[Host]:
    """Open a workbook that sheets can be put into. Raises OutputError, with reason and remedy, when they cannot.

    `force` lets sheets of ours be replaced though somebody wrote or drew on them.
    """
    _refuse_while_open(path)
    _refuse_other_formats(path)
    with read_as_workbook(path):
        package = Package(path)
    with package:
        with read_as_workbook(path, ValueError):
            _refuse_package(path, package)
            host = Host(package)
            _refuse_workbook(path, host)
            _refuse_styles(path, host)
            written = WrittenCells(host)
            _refuse_additions(path, host, written, force=force)
        yield host


@contextmanager
def read_as_workbook(path: Path, *also: type[Exception]) -> Iterator[None]:
    """Turn what damaged workbooks raise into an OutputError; `also` names errors that mean damage here."""
    damage: tuple[type[Exception], ...] = (*UNREADABLE, MarkupError, *also)
    try:
        yield
    except damage as problem:
        raise _refusal(path, f"cannot be read as a workbook ({_detail(problem)})") from problem


def _detail(problem: BaseException) -> str:
    return str(problem.args[0] if problem.args else problem)[:200]


def _refusal(path: Path, why: str, remedy: str = "") -> OutputError:
    return OutputError(f"'{path.name}' {why}", remedy=f"{remedy}, or {OWN_FILE}" if remedy else OWN_FILE)


def _refuse_while_open(path: Path) -> None:
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if any(lock.exists() for lock in locks):
        raise _refusal(
            path,
            "is open in another program, whose next save would undo what is written now",
            f"close it there (delete '{next(lock.name for lock in locks if lock.exists())}' if no program has it open)",
        )


def _refuse_other_formats(path: Path) -> None:
    try:
        form = sniff(path)
    except InputError as problem:
        raise OutputError(problem.what, remedy=f"{problem.remedy}, or {OWN_FILE}") from problem
    if form is not Format.XLSX:
        kind = _KINDS.get(form, "no workbook")
        raise _refusal(path, f"is {kind}, and sheets are put into .xlsx and .xlsm workbooks only", "save it as .xlsx")


def _refuse_package(path: Path, package: Package) -> None:
    names = package.names
    if len({name.casefold() for name in names}) < len(names):
        raise _refusal(path, "is damaged: it holds a part twice", "open it in Excel and save it again")
    if len(names) > MOST_ENTRIES // 2 or any(entry.file_size > MOST_BYTES for entry in package.entries):
        raise _refusal(path, "is too large to be copied part by part")
    if any(name.casefold().startswith("_xmlsignatures/") for name in names) or any(
        link.target.casefold().startswith("_xmlsignatures/") for link in package.relationships(ROOT)
    ):
        raise _refusal(path, "carries a digital signature, which any change breaks", "remove the signature in Excel")
    if any(name.casefold().startswith("xl/revisions/") for name in names):
        raise _refusal(path, "is shared with tracked changes, and sheets cannot be added to it", "stop sharing it")


def _refuse_workbook(path: Path, host: Host) -> None:
    if host.root.namespace.startswith(_STRICT) or host.root.attributes.get("conformance") == "strict":
        raise _refusal(path, "is in the Strict Open XML format", "save it in Excel as 'Excel Workbook (.xlsx)'")
    if host.root.namespace != MAIN or host.root.name != "workbook":
        raise _refusal(path, "has a workbook part of an unknown kind", "open it in Excel and save it again")
    kind = host.package.content_types.get(
        host.part.casefold(), host.package.default_types.get(host.part.rpartition(".")[2].casefold(), "")
    )
    if kind not in _WORKBOOK_TYPES:
        raise _refusal(path, "is a template or an add-in, not a workbook", "save it in Excel as 'Excel Workbook'")
    for part in (host.part, relationships_of(host.part), CONTENT_TYPES):
        _refuse_prefixes(path, part, host.package.read(part))
    protection = host.root.child("workbookProtection")
    if protection is not None and protection.attributes.get("lockStructure", "0") in _TRUE:
        raise _refusal(path, "is protected against added sheets", "unprotect it in Excel (Review > Protect Workbook)")
    properties = host.root.child("workbookPr")
    if properties is not None and properties.attributes.get("date1904", "0") in _TRUE:
        raise _refusal(
            path,
            "counts its dates from 1904, so ours would show four years too late",
            "turn off 'Use 1904 date system' in Excel's options and check the dates",
        )
    if not host.sheets:
        raise _refusal(path, "has no sheets", "open it in Excel and save it again")


def _refuse_prefixes(path: Path, part: str, content: bytes) -> None:
    root = parse(content)
    named = content[root.start + 1 : root.start_end].split(None, 1)[0].rstrip(b"/>")
    if b":" in named or any(b":" in _written_name(content, child) for child in root.all("sheets")):
        raise _refusal(
            path,
            f"writes its XML with prefixes ('{named.decode()}' in {part}), as programs other than Excel do",
            "open it in Excel and save it again",
        )


def _written_name(content: bytes, element: Element) -> bytes:
    return re.split(rb"[\s/>]", content[element.start + 1 : element.start_end], maxsplit=1)[0]


def _refuse_styles(path: Path, host: Host) -> None:
    part = host.linked("styles")
    if part is None:
        raise _refusal(path, "has no styles part", "open it in Excel and save it again")
    content = host.package.read(part)
    _refuse_prefixes(path, part, content)
    formats = parse(content).child("cellXfs")
    refuse_formats(path, len(formats.children) if formats is not None else 0)


def refuse_formats(path: Path, formats: int) -> None:
    """Refuse more cell formats than Excel can hold."""
    if formats > MOST_FORMATS:
        raise _refusal(
            path,
            f"would have {formats:,} cell formats, and Excel holds {MOST_FORMATS:,}",
            "remove unused formats (Excel: Check Performance, or Inquire > Clean Excess Cell Formatting)",
        )


def _refuse_additions(path: Path, host: Host, written: WrittenCells, *, force: bool) -> None:
    """Refuse to replace sheets of ours on which there is more than we wrote: it would be lost.

    By force it is lost, unless other parts of the workbook refer to it.
    """
    found = {
        sheet.name: worked_in(host, sheet, written, written.footprint(sheet)) for sheet in host.sheets if sheet.is_ours
    }
    if force:
        found = {name: [one for one in added if one in LINKED] for name, added in found.items()}
    if any(found.values()):
        raise OutputError(
            said_of_additions(found, path.name),
            remedy="move it to a sheet of your own, or copy the sheet and delete the original, "
            + ("" if force else "or replace it with --force, ")
            + f"or {OWN_FILE}",
        )


def too_large(path: Path, problem: Exception) -> OutputError:
    """Return the error for a workbook that has grown beyond what is written here."""
    return _refusal(path, f"would be too large ({problem})")
