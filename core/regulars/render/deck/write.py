"""Write a deck: slides in order, speaker notes, properties, and a package that is the same for the same input."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE

from regulars.base.files import MARK, moved_into_place
from regulars.base.units import Currency
from regulars.render.deck import oxml
from regulars.render.deck.content import content_of, draw_content, purpose_of
from regulars.render.deck.covers import draw_closing, draw_title
from regulars.render.deck.frame import remove_empty, title_size
from regulars.render.deck.opened import Template
from regulars.render.deck.template import open_template
from regulars.story.slide_spec import DeckSpec, SlideKind, SlideSpec, Statements

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
SMALLEST_UNIFORM_TITLE = 22
# A template's own would name its company and count its slides.
APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Microsoft Office PowerPoint</Application></Properties>"
)


def write_deck(spec: DeckSpec, path: Path, currency: Currency, template: Path | None = None) -> tuple[str, ...]:
    """Write the deck to `path`, in our template or in a client's .pptx or .potx.

    Returns notes on what the template lacked and how it was helped. Raises TemplateError when the template cannot be
    used or a text fits nowhere, and OutputError when `path` cannot be written.
    """
    opened = open_template(template)
    notes = list(_theme_notes(opened))
    uniform = _uniform_title_size(spec, opened, currency)
    for slide in spec.slides:
        notes += _draw(slide, opened, spec, currency, uniform)
    notes += _without_traces(opened.presentation)
    _set_properties(opened.presentation, spec)
    stream = io.BytesIO()
    opened.presentation.save(stream)
    with moved_into_place(path) as temporary:
        temporary.write_bytes(_with_fixed_dates(stream.getvalue()))
    return tuple(dict.fromkeys(notes))


def _draw(
    spec: SlideSpec, template: Template, deck: DeckSpec, currency: Currency, uniform: float | None
) -> tuple[str, ...]:
    kind = spec.kind if all(isinstance(part, Statements) for part in spec.exhibits) else SlideKind.CONTENT
    if kind is not SlideKind.CONTENT:
        slide, notes = draw_title(template, spec) if kind is SlideKind.TITLE else draw_closing(template, spec)
        remove_empty(slide)
        _say(slide, spec.notes)
        return notes
    said: tuple[str, ...] = ()
    content = content_of(spec, template, currency)
    while content is not None:
        slide, rest, notes = draw_content(template, content, currency, deck.footer, uniform)
        _say(slide, content.notes)
        said += notes
        if rest is None:
            return said
        content = rest
    return said


def _uniform_title_size(spec: DeckSpec, template: Template, currency: Currency) -> float | None:
    """Return the size at which all titles of content slides fit, so that titles do not change size from page to page.

    A title that needs less than 22 points is left out: one long title shall not shrink the others.
    """
    sizes = [
        size
        for slide in spec.slides
        if slide.kind is SlideKind.CONTENT
        and (size := title_size(template, purpose_of(content_of(slide, template, currency), template), slide.title))
        and size >= SMALLEST_UNIFORM_TITLE
    ]
    return min(sizes, default=None)


def _say(slide: Any, notes: str) -> None:
    if notes:
        slide.notes_slide.notes_text_frame.text = oxml.clean(notes)


def _theme_notes(template: Template) -> tuple[str, ...]:
    faces = {template.theme.major.name: template.theme.major, template.theme.minor.name: template.theme.minor}
    return tuple(
        f"the widths of the font '{name}' are not known: texts are measured as if in a slightly wider Arial"
        for name, face in faces.items()
        if not face.exact
    )


def _set_properties(presentation: Any, spec: DeckSpec) -> None:
    properties = presentation.core_properties
    properties.title = oxml.clean(spec.title)
    properties.author = oxml.clean(spec.analyst)
    properties.last_modified_by = ""
    properties.subject = properties.keywords = properties.category = ""
    properties.comments = MARK
    properties.created = properties.modified = CREATED.replace(tzinfo=None)
    properties.revision = 1


def _without_traces(presentation: Any) -> tuple[str, ...]:
    """Take away what a template says of people and companies, and return a note where it had properties of its own."""
    package = presentation.part.package
    for holder, kind in (
        (presentation.part, RELATIONSHIP_TYPE.COMMENT_AUTHORS),
        (package, RELATIONSHIP_TYPE.THUMBNAIL),
    ):
        _drop(holder, kind)
    dropped = _drop(package, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    return ("the template's own document properties, such as labels, were left out",) if dropped else ()


def _drop(holder: Any, kind: str) -> bool:
    try:
        part = holder.part_related_by(kind)
    except KeyError:
        return False
    holder.drop_rel(holder.relate_to(part, kind))  # which returns the number that the relationship has
    return True


def _with_fixed_dates(package: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, APPLICATION if name == "docProps/app.xml" else source.read(name))
    return written.getvalue()
