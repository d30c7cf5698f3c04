"""An opened template: an empty presentation, the master that serves, its theme, and the map that its owner edited."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from regulars.render.deck.theme import Theme

LayoutName = str | int  # an int counts the layouts of the master from 1


@dataclass(frozen=True)
class SlotMap:
    """What the placeholders of a layout are for, by their idx; a slot that is not named has none."""

    title: int | None = None
    subtitle: int | None = None
    source: int | None = None
    callout: int | None = None
    contents: tuple[int, ...] = ()
    headings: tuple[int, ...] = ()


@dataclass(frozen=True)
class TemplateMap:
    """What a map says of a template; what it leaves out is found out.

    `layouts` by purpose, `slots` by layout, `colours` as theme colours by role.
    """

    origin: str = ""
    master: LayoutName | None = None
    layouts: Mapping[str, LayoutName] = field(default_factory=dict)
    slots: Mapping[LayoutName, SlotMap] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)


NO_MAP = TemplateMap()


@dataclass(frozen=True)
class Template:
    """An empty presentation with its theme. `own` tells our skins from a client's; `name` is for messages."""

    presentation: Any
    theme: Theme
    own: bool
    width: int
    height: int
    master: Any
    name: str = ""
    map: TemplateMap = NO_MAP
    found: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)  # layouts, once looked for

    @property
    def layouts(self) -> tuple[Any, ...]:
        """Return the layouts of the master that serves."""
        return tuple(self.master.slide_layouts)
