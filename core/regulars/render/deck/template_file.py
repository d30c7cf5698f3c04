"""The bytes of a template: from a shipped skin or a client's file. What cannot be used is said with what to do."""

from __future__ import annotations

import difflib
import io
import posixpath
import zipfile
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]

from regulars.base.errors import TemplateError
from regulars_slides.skins import EXECUTIVE, FILES, SKINS

AS_TEMPLATE = b"presentationml.template.main+xml"
AS_PRESENTATION = b"presentationml.presentation.main+xml"
CONTENT_TYPES = "[Content_Types].xml"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # how files of Office before 2007 begin, and files with a password
FORMATS = {".pptx", ".potx"}
WITH_MACROS = {".pptm", ".potm", ".ppsm"}
MAP = ".toml"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
OR_A_SKIN = f"or take one of ours: --template {', '.join(skin.name for skin in SKINS[:-1])} or {SKINS[-1].name}"
PPTX_REMEDY = f"open it in PowerPoint and save it as a PowerPoint presentation (.pptx) or template (.potx); {OR_A_SKIN}"


def is_skin(path: Path) -> bool:
    """Say whether this is the name of a shipped skin, such as `boardroom` or `plain-4x3`."""
    return str(path) in FILES


def skin_bytes(path: Path | None) -> bytes:
    """Return a shipped skin; the first one when none is named."""
    name = EXECUTIVE.name if path is None else str(path)
    return files("regulars_slides").joinpath(f"{name}.pptx").read_bytes()


def client_bytes(path: Path) -> bytes:
    """Return a client's .pptx or .potx as a presentation, which python-pptx insists on.

    Raises TemplateError for another format, macros, a password, a missing or damaged file, and parts that are missing.
    """
    suffix = path.suffix.casefold()
    if suffix in WITH_MACROS:
        raise _macros(path)
    if not suffix and not path.exists():
        raise _no_skin(path)
    if suffix not in FORMATS:
        old = " but of the PowerPoint before 2007" if suffix in {".ppt", ".pot"} else ""
        raise TemplateError(f"the template '{path}' is neither .pptx nor .potx{old}", remedy=PPTX_REMEDY)
    try:
        blob = path.read_bytes()
    except FileNotFoundError as problem:
        raise TemplateError(
            f"there is no template '{path}'", remedy=f"check the path given with --template, {OR_A_SKIN}"
        ) from problem
    except OSError as problem:
        raise TemplateError(
            f"the template '{path}' cannot be read ({problem.strerror})", remedy="close it and check its permissions"
        ) from problem
    if blob.startswith(COMPOUND_FILE):
        raise TemplateError(
            f"the template '{path}' has a password, or is of the PowerPoint before 2007",
            remedy=f"save it without a password (File, Info, Protect Presentation) as .pptx; {OR_A_SKIN}",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            types = package.read(CONTENT_TYPES)
            if b"macroEnabled" in types:
                raise _macros(path)
            _refuse_missing_parts(package, path)
            return _as_presentation(package) if AS_TEMPLATE in types else blob
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, etree.XMLSyntaxError) as problem:
        raise damaged(path) from problem


def damaged(path: Path | None) -> TemplateError:
    """Return the error for a file that cannot be read as a presentation."""
    return TemplateError(f"the template '{path}' is damaged or not a PowerPoint file", remedy=PPTX_REMEDY)


def _macros(path: Path) -> TemplateError:
    return TemplateError(f"the template '{path}' holds macros, which are not carried over", remedy=PPTX_REMEDY)


def _no_skin(path: Path) -> TemplateError:
    near = difflib.get_close_matches(str(path).casefold(), FILES, n=1, cutoff=0.5)
    guess = f"did you mean {near[0]}? Otherwise " if near else ""
    return TemplateError(
        f"'{path}' is neither a file nor the name of a skin",
        remedy=f"{guess}give a .pptx or .potx, or one of ours: {', '.join(FILES)}",
    )


def _refuse_missing_parts(package: zipfile.ZipFile, path: Path) -> None:
    """Refuse a package that points to parts which are not in it: no program opens it without repair."""
    present = {name.casefold() for name in package.namelist()}
    missing = [
        f"{source or 'the package'} points to {target}"
        for name in package.namelist()
        if name.endswith(".rels")
        for source, target in _targets(name, package.read(name))
        if target.casefold() not in present
    ]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise TemplateError(
            f"the template '{path}' points to parts that are not in the file ({missing[0]}{more})",
            remedy=f"open it in PowerPoint, let it repair the file and save it anew; {OR_A_SKIN}",
        )


def _targets(name: str, blob: bytes) -> list[tuple[str, str]]:
    folder, file = posixpath.split(name)
    base = posixpath.dirname(folder)
    source = posixpath.join(base, file.removesuffix(".rels"))
    found = []
    for link in etree.fromstring(blob).iter(RELATIONSHIP):
        target = unquote((link.get("Target") or "").partition("#")[0])
        if link.get("TargetMode") == "External" or not target:
            continue
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
        found.append((source, whole))
    return found


def _as_presentation(package: zipfile.ZipFile) -> bytes:
    patched = io.BytesIO()
    with zipfile.ZipFile(patched, "w", zipfile.ZIP_DEFLATED) as target:
        for name in package.namelist():
            content = package.read(name)
            target.writestr(name, content.replace(AS_TEMPLATE, AS_PRESENTATION) if name == CONTENT_TYPES else content)
    return patched.getvalue()
