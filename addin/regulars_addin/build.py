"""The ribbon add-in, built from the template of the installed xlwings, on any system and without Excel.

The template brings the macros of xlwings and an empty sheet; its author's name and folders are taken out. Building needs
pyOpenVBA, which writes macros into a project; running the add-in does not. The built files lie in `files/` and travel in the wheel.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import importlib.util
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import OutputError
from regulars_addin.build_config import OFF, SHEET_PART, with_config
from regulars_addin.build_parts import pack, unpack
from regulars_addin.build_ribbon import ribbon_xml
from regulars_addin.buttons import BUTTONS

MACROS, RIBBON, BOOK, AUTHOR = "xl/vbaProject.bin", "customUI/customUI.xml", "xl/workbook.xml", "docProps/core.xml"
MODULE, CALLBACK = "RegularsRibbon", "RegularsButton"
TEMPLATE_MODULE, TEMPLATE_CALLBACK, TEMPLATE_PROJECT = "RibbonMyAddin", "RunMain", "myaddin"
ADDIN, FALLBACK = "regulars.xlam", "regulars_addin.xlam"
"""The fallback's name is that of the module whose `main` its one button calls: the template's macro says so."""


@dataclass(frozen=True)
class Addin:
    """A built add-in: the name its file must have, and its bytes."""

    name: str
    data: bytes


def build(template: bytes | None = None) -> tuple[Addin, Addin]:
    """Return the add-in with all buttons, and the one with a single button and the template's macros byte for byte.

    Raises OutputError where pyOpenVBA is missing, ValueError where the template is not the one that this was made for.
    """
    template = template_bytes() if template is None else template
    parts = unpack(template)
    full = _parts(parts, "regulars") | {
        MACROS: _macros(template),
        RIBBON: ribbon_xml(BUTTONS, f"{MODULE}.{CALLBACK}"),
    }
    single = _parts(parts, TEMPLATE_PROJECT) | {
        RIBBON: ribbon_xml(BUTTONS[:1], f"{TEMPLATE_MODULE}.{TEMPLATE_CALLBACK}")
    }
    return Addin(ADDIN, pack(full)), Addin(FALLBACK, pack(single))


def template_bytes() -> bytes:
    """Return the template of the installed xlwings."""
    return importlib.resources.files("xlwings").joinpath("quickstart_addin_ribbon.xlam").read_bytes()


def shipped(name: str = ADDIN) -> bytes:
    """Return a built add-in as it travels with the program."""
    return importlib.resources.files("regulars_addin").joinpath("files", name).read_bytes()


def callback_source() -> str:
    """Return the macros that we add, as text."""
    return importlib.resources.files("regulars_addin").joinpath("files", f"{MODULE}.bas").read_text(encoding="utf-8")


def _macros(template: bytes) -> bytes:
    if importlib.util.find_spec("pyopenvba") is None:
        raise OutputError(
            "building the add-in needs pyOpenVBA, which is not installed",
            remedy="install the group 'dev' of the project, or use the built file that travels with the program",
        )
    from pyopenvba import ExcelFile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.xlam"), Path(folder, "after.xlam")
        before.write_bytes(template)
        with ExcelFile(before) as book:
            source = book.get_module("xlwings")
            named = _replaced(
                source, {f'PROJECT_NAME As String = "{TEMPLATE_PROJECT}"': 'PROJECT_NAME As String = "regulars"'}
            )
            book.set_module("xlwings", _lines(named))
            book.vba_project().rename_module(TEMPLATE_MODULE, MODULE)
            book.set_module(MODULE, _lines(callback_source()))
            # No form is in the project, and the reference names a folder of the template's author.
            book.remove_reference("MSForms")
            book.save(after)
        return unpack(after.read_bytes())[MACROS]


def _parts(parts: Mapping[str, bytes], project: str) -> dict[str, bytes]:
    book = parts[BOOK].decode()
    book, paths = re.subn(r"<mc:AlternateContent.*?</mc:AlternateContent>", "", book, flags=re.DOTALL)
    if paths != 1:
        raise ValueError(
            "the template's workbook part is not as it was in the version of xlwings that this was made for"
        )
    book = _replaced(book, {f'name="_{TEMPLATE_PROJECT}.conf"': f'name="{project}.conf"'})
    author = parts[AUTHOR].decode()
    for tag in ("dc:creator", "cp:lastModifiedBy"):
        author, found = re.subn(f"<{tag}>[^<]*</{tag}>", f"<{tag}>regulars</{tag}>", author)
        if found != 1:
            raise ValueError(f"the template's properties have no {tag}")
    return {
        **parts,
        BOOK: book.encode(),
        AUTHOR: author.encode(),
        SHEET_PART: with_config(parts[SHEET_PART], OFF),
    }


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    for old, new in replacements.items():
        if text.count(old) != 1:
            raise ValueError(f"the template has {text.count(old)} times '{old}', not once")
        text = text.replace(old, new)
    return text


def _lines(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\n", "\r\n")


def xlwings_version() -> str:
    """Return the version of the installed xlwings."""
    return importlib.metadata.version("xlwings")
