"""Open a slide template, ours or a client's, and empty it of its sample slides."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.exc import PythonPptxError

from regulars.base.errors import TemplateError
from regulars.render.deck.theme import OWN_THEME, Theme, read_theme

AS_TEMPLATE = b"presentationml.template.main+xml"
AS_PRESENTATION = b"presentationml.presentation.main+xml"
SLIDE_IDS = "{http://schemas.openxmlformats.org/presentationml/2006/main}sldIdLst"
CONTENT_TYPES = "[Content_Types].xml"
PPTX_REMEDY = "open it in PowerPoint and save it as a PowerPoint presentation (.pptx) or template (.potx)"
UNREADABLE = (PythonPptxError, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, etree.XMLSyntaxError)


@dataclass(frozen=True)
class Template:
    """An empty presentation with its theme. `own` tells our skins from a client's."""

    presentation: Any
    theme: Theme
    own: bool
    width: int
    height: int

    @property
    def layouts(self) -> tuple[Any, ...]:
        """Return the layouts of the first master."""
        return tuple(self.presentation.slide_layouts)


def open_template(path: Path | None) -> Template:
    """Open a .pptx or .potx, or the shipped skin when no path is given.

    Raises TemplateError for another format, a missing or damaged file, and a file without layouts.
    """
    presentation = _load(_shipped() if path is None else _client(path), path)
    _strip_slides(presentation)
    try:
        theme = read_theme(presentation.slide_masters[0])
        layouts = len(presentation.slide_layouts)
    except UNREADABLE as problem:
        raise _damaged(path) from problem
    if layouts == 0:
        raise TemplateError(f"the template '{path}' has no slide layouts", remedy="choose a template with layouts")
    return Template(
        presentation=presentation,
        theme=theme,
        own=theme.name == OWN_THEME,
        width=int(presentation.slide_width),
        height=int(presentation.slide_height),
    )


def _shipped() -> bytes:
    return files("regulars_slides").joinpath("executive.pptx").read_bytes()


def _client(path: Path) -> bytes:
    suffix = path.suffix.casefold()
    if suffix in {".pptm", ".potm", ".ppsm"}:
        raise TemplateError(f"the template '{path}' holds macros, which are not carried over", remedy=PPTX_REMEDY)
    if suffix not in {".pptx", ".potx"}:
        raise TemplateError(f"the template '{path}' is neither .pptx nor .potx", remedy=PPTX_REMEDY)
    try:
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise TemplateError(
            f"there is no template '{path}'", remedy="check the path given with --template"
        ) from problem
    except OSError as problem:
        raise TemplateError(
            f"the template '{path}' cannot be read ({problem.strerror})", remedy="close it and check its permissions"
        ) from problem


def _load(blob: bytes, path: Path | None) -> Any:
    try:
        return Presentation(io.BytesIO(_as_presentation(blob, path)))
    except UNREADABLE as problem:
        raise _damaged(path) from problem


def _as_presentation(blob: bytes, path: Path | None) -> bytes:
    """Return a template's package relabelled as a presentation, which python-pptx insists on."""
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        types = package.read(CONTENT_TYPES)
        if b"macroEnabled" in types:
            raise TemplateError(f"the template '{path}' holds macros, which are not carried over", remedy=PPTX_REMEDY)
        if AS_TEMPLATE not in types:
            return blob
        patched = io.BytesIO()
        with zipfile.ZipFile(patched, "w", zipfile.ZIP_DEFLATED) as target:
            for name in package.namelist():
                content = package.read(name)
                target.writestr(
                    name, content.replace(AS_TEMPLATE, AS_PRESENTATION) if name == CONTENT_TYPES else content
                )
        return patched.getvalue()


def _damaged(path: Path | None) -> TemplateError:
    return TemplateError(f"the template '{path}' is damaged or not a PowerPoint file", remedy=PPTX_REMEDY)


def _strip_slides(presentation: Any) -> None:
    ids = presentation.element.find(SLIDE_IDS)
    for entry in list(ids) if ids is not None else ():
        presentation.part.drop_rel(entry.rId)
        ids.remove(entry)
    # Sections and custom shows name slides that are gone; PowerPoint would offer to repair the file.
    for element in presentation.element.xpath("./p:custShowLst | ./p:extLst/p:ext[.//*[local-name()='sectionLst']]"):
        element.getparent().remove(element)
