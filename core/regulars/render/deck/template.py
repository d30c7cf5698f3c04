"""Open a slide template, ours or a client's: choose its master, read its theme and map, and take out its sample slides."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.exc import PythonPptxError

from regulars.base.errors import TemplateError, listing
from regulars.render.deck.layouts import Purpose, check_map, choose, score, slots_of
from regulars.render.deck.opened import NO_MAP, Template, TemplateMap
from regulars.render.deck.paper import map_as_painted
from regulars.render.deck.template_file import MAP, OR_A_SKIN, client_bytes, damaged, is_skin, skin_bytes
from regulars.render.deck.template_map import by_name, read_map
from regulars.render.deck.theme import Paint, read_theme
from regulars.story.slide_spec import Role
from regulars_slides.skins import THEMES

__all__ = ["Template", "open_template"]
SLIDE_IDS = "{http://schemas.openxmlformats.org/presentationml/2006/main}sldIdLst"
UNREADABLE = (PythonPptxError, KeyError, ValueError, OSError, IndexError, AttributeError, etree.XMLSyntaxError)


def open_template(path: Path | None) -> Template:
    """Open a .pptx or .potx, the map of one (.toml), or a shipped skin by its name; the first skin when none is given.

    A map beside the template, of the same name, is read too. Raises TemplateError for another format, a missing or
    damaged file, a map that names what is not there, and a template without layouts or without a title placeholder.
    """
    said = NO_MAP
    if path is not None and path.suffix.casefold() == MAP:
        named, said = read_map(path)
        if named is None:
            raise TemplateError(
                f"the map '{path}' does not say which template it is for", remedy='add a line: template = "client.pptx"'
            )
        path = named
    elif path is not None and path.with_suffix(MAP).is_file() and not is_skin(path):
        _, said = read_map(path.with_suffix(MAP))
    shipped = path is None or is_skin(path)
    blob = skin_bytes(path) if path is None or shipped else client_bytes(path)
    try:
        presentation = Presentation(io.BytesIO(blob))
        _strip_slides(presentation)
        return _opened(presentation, path, said)
    except UNREADABLE as problem:
        raise damaged(path) from problem


def _opened(presentation: Any, path: Path | None, said: TemplateMap) -> Template:
    masters = [master for master in presentation.slide_masters if len(master.slide_layouts)]
    if not masters:
        raise TemplateError(
            f"the template '{path}' has no slide layouts",
            remedy=f"choose a template with layouts (View, Slide Master, Insert Layout), {OR_A_SKIN}",
        )
    size = int(presentation.slide_width), int(presentation.slide_height)

    for one in masters:
        map_as_painted(one)

    def template(master: Any) -> Template:
        theme = read_theme(master)
        own = theme.name in THEMES
        painted = {
            Role(role): Paint(slot) for role, slot in said.colours.items() if theme.roles[Role(role)].slot != slot
        }
        theme = replace(theme, roles={**theme.roles, **painted})
        return Template(presentation, theme, own, *size, master=master, name=str(path), map=said)

    if said.master is None:
        chosen = max(map(template, masters), key=_served)
    else:
        names = tuple(read_theme(master).name for master in masters)
        place = by_name(said.master, names)
        if place is None:
            raise TemplateError(
                f"the map '{said.origin}' names the master '{said.master}', which '{path}' does not have",
                remedy=f"name one of {listing(names)}, or give its number, counted from 1",
            )
        chosen = template(masters[place])
    check_map(chosen)
    if all(slots_of(layout, chosen).title is None for layout in chosen.layouts):
        raise TemplateError(
            f"no layout of the template '{path}' has a placeholder for the title",
            remedy=f"add one (View, Slide Master, Master Layout, Title; then tick Title on the layouts), {OR_A_SKIN}",
        )
    return chosen


def _served(template: Template) -> int:
    """Return how well the layouts of a master serve all purposes together."""
    return sum(score(choose(template, purpose), template, purpose) for purpose in Purpose)


def _strip_slides(presentation: Any) -> None:
    ids = presentation.element.find(SLIDE_IDS)
    for entry in list(ids) if ids is not None else ():
        presentation.part.drop_rel(entry.rId)
        ids.remove(entry)
    # Sections and custom shows name slides that are gone; PowerPoint would offer to repair the file.
    for element in presentation.element.xpath("./p:custShowLst | ./p:extLst/p:ext[.//*[local-name()='sectionLst']]"):
        element.getparent().remove(element)
