"""What a template gives and lacks: the layout for each purpose, how it was found, what is drawn, which colours are pale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from regulars.render.deck.clear import drawings
from regulars.render.deck.layouts import Slots, choose, slots_of, wants_named
from regulars.render.deck.opened import LayoutName, Template
from regulars.render.deck.purposes import TYPES, Purpose
from regulars.render.deck.theme import READABLE, VISIBLE, contrast
from regulars.story.slide_spec import Role

WANTED: dict[Purpose, tuple[str, ...]] = {
    Purpose.TITLE: ("title", "subtitle"),
    Purpose.CLOSING: ("title", "contents"),
    Purpose.PANEL: ("title", "subtitle", "contents", "callout", "source", "footer", "page"),
    Purpose.CHART: ("title", "subtitle", "contents", "source", "footer", "page"),
    Purpose.TABLE: ("title", "subtitle", "contents", "source", "footer", "page"),
    Purpose.TWO: ("title", "subtitle", "contents", "headings", "source", "footer", "page"),
    Purpose.ONLY: ("title", "subtitle", "source", "footer", "page"),
}
SAID = {"contents": "content", "page": "page number"}


@dataclass(frozen=True)
class Service:
    """A layout for a purpose: how it was found, and the slots that it lacks and that are drawn."""

    purpose: Purpose
    layout: LayoutName
    by: str
    drawn: tuple[str, ...]


@dataclass(frozen=True)
class Colour:
    """The theme colour of a role, and its contrast with the paper, 1 to 21."""

    role: Role
    slot: str
    contrast: float

    @property
    def remark(self) -> str:
        """Return what its contrast is enough for."""
        if self.contrast >= READABLE:
            return "fills, lines and text"
        if self.contrast >= VISIBLE:
            return "fills, lines and large text; small text in it is set in the text colour"
        return "fills and lines; text in it is set in the text colour"


@dataclass(frozen=True)
class Profile:
    """What was found in a template. `idle` are layouts that nothing uses; `gaps` are sentences for its owner."""

    template: Template
    services: tuple[Service, ...]
    colours: tuple[Colour, ...]
    idle: tuple[LayoutName, ...]
    gaps: tuple[str, ...]


def profile_of(template: Template) -> Profile:
    """Return what a template gives for each purpose, and what it lacks."""
    services = tuple(_service(template, purpose) for purpose in Purpose)
    used = {choose(template, purpose).part.partname for purpose in Purpose}
    paper = template.theme.colours["bg1"]
    colours = tuple(
        Colour(role, paint.slot, contrast(template.theme.rgb(paint), paper))
        for role, paint in template.theme.roles.items()
    )
    idle = tuple(name_of(template, layout) for layout in template.layouts if layout.part.partname not in used)
    return Profile(template, services, colours, idle, tuple(_gaps(template, services)))


def name_of(template: Template, layout: Any) -> LayoutName:
    """Return how a map names a layout: by its name, or by its number where others have the same."""
    names = [other.name.strip().casefold() for other in template.layouts]
    own = layout.name.strip()
    if names.count(own.casefold()) == 1 and own and not own.isdecimal():
        return str(own)
    return 1 + [other.part.partname for other in template.layouts].index(layout.part.partname)


def slot_names(found: Slots) -> dict[int, str]:
    """Return what the placeholders of a layout are for, by their idx."""
    single = {name: getattr(found, name) for name in ("title", "subtitle", "callout", "source", "footer", "page")}
    named = {shape.placeholder_format.idx: SAID.get(name, name) for name, shape in single.items() if shape is not None}
    for kind, shapes in (("content", found.contents), ("heading", found.headings)):
        present = [shape for shape in shapes if shape is not None]
        for number, shape in enumerate(present, start=1):
            named[shape.placeholder_format.idx] = f"{kind} {number}" if len(present) > 1 else kind
    return named


def _service(template: Template, purpose: Purpose) -> Service:
    layout = choose(template, purpose)
    found = slots_of(layout, template)
    lacking = [name for name in WANTED[purpose] if not _has(found, name, purpose)]
    if purpose in template.map.layouts:
        by = "the map"
    elif wants_named(layout, purpose):
        by = "its name"
    elif layout.element.get("type") in TYPES[purpose]:
        by = "its type"
    else:
        by = "its placeholders"
    return Service(purpose, name_of(template, layout), by, tuple(SAID.get(name, name) for name in lacking))


def _has(found: Slots, name: str, purpose: Purpose) -> bool:
    if name == "contents":
        return len(found.contents) >= (2 if purpose is Purpose.TWO else 1)
    value = getattr(found, name)
    return any(one is not None for one in value) if isinstance(value, tuple) else value is not None


def _gaps(template: Template, services: tuple[Service, ...]) -> list[str]:
    theme = template.theme
    gaps = [
        f"{service.purpose.value}: {', '.join(service.drawn)} drawn, for '{service.layout}' has no place for it"
        for service in services
        if service.drawn
    ]
    gaps += [
        f"the widths of the font '{name}' are not known: texts are measured as if in a slightly wider Arial"
        for name in dict.fromkeys(face.name for face in (theme.major, theme.minor) if not face.exact)
    ]
    if theme.roles[Role.NEGATIVE].slot in {"tx1", "tx2"}:
        gaps.append("no accent is red: what is negative has the text colour and its minus sign")
    names = [layout.name for layout in template.layouts]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        gaps.append(f"layouts with the same name are told apart by their numbers: {', '.join(doubled)}")
    masters = len(template.presentation.slide_masters)
    if masters > 1:
        gaps.append(f"of {masters} slide masters, the one of the theme '{theme.name}' is used")
    if any(drawings(template, layout) for layout in template.layouts):
        gaps.append("logos, pictures and bands of the template are kept clear")
    return gaps
