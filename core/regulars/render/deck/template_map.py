"""The map of a template: a TOML file that says which layout serves what, where things go, and which colour means what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from regulars.base.errors import TemplateError, nearest
from regulars.render.deck.opened import LayoutName, SlotMap, TemplateMap
from regulars.render.deck.purposes import PURPOSES
from regulars.render.deck.theme import ACCENTS
from regulars.story.slide_spec import Role

KEYS = ("template", "master", "layouts", "slots", "colours")
SLOT_NAMES = tuple(field.name for field in fields(SlotMap))
LISTS = {"contents", "headings"}
THEME_SLOTS = ("tx1", "tx2", *ACCENTS)
ROLES = tuple(role.value for role in Role)


def read_map(path: Path) -> tuple[Path | None, TemplateMap]:
    """Return the template that a map names, relative to it, and what it says.

    Raises TemplateError for a missing or unreadable file, an unknown key, and a value of the wrong kind.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as problem:
        raise TemplateError(f"there is no map '{path}'", remedy="check the path given with --template") from problem
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise TemplateError(
            f"the map '{path}' cannot be read ({problem})", remedy="correct it, or write it anew with profile-template"
        ) from problem
    _known(told, KEYS, str(path), "")
    layouts = _table(told, "layouts", path)
    _known(layouts, tuple(PURPOSES), str(path), "layouts")
    slots = _table(told, "slots", path)
    colours = _table(told, "colours", path)
    _known(colours, ROLES, str(path), "colours")
    for role, slot in colours.items():
        if slot not in THEME_SLOTS:
            raise _wrong(path, f"colours.{role}", f"one of {', '.join(THEME_SLOTS)}")
    template = told.get("template")
    if template is not None and not isinstance(template, str):
        raise _wrong(path, "template", "the name of a .pptx or .potx")
    return (path.parent / template if template else None), TemplateMap(
        origin=str(path),
        master=_layout(told["master"], path, "master") if "master" in told else None,
        layouts={PURPOSES[key]: _layout(value, path, f"layouts.{key}") for key, value in layouts.items()},
        slots={_number_or_name(name): _slots(value, path, name) for name, value in slots.items()},
        colours=colours,
    )


def by_name(wanted: LayoutName, names: tuple[str, ...]) -> int | None:
    """Return the position of a layout or master: by its number, counted from 1, or by its name.

    >>> by_name(2, ("Cover", "Text")), by_name("cover", ("Cover", "Text")), by_name("End", ("Cover",))
    (1, 0, None)
    """
    if isinstance(wanted, int):
        return wanted - 1 if 1 <= wanted <= len(names) else None
    folded = [name.strip().casefold() for name in names]
    return folded.index(wanted.strip().casefold()) if wanted.strip().casefold() in folded else None


def _slots(told: Any, path: Path, layout: str) -> SlotMap:
    if not isinstance(told, dict):
        raise _wrong(path, f"slots.{layout}", "a table of slots")
    _known(told, SLOT_NAMES, str(path), f"slots.{layout}")
    chosen: dict[str, Any] = {}
    for name, value in told.items():
        if name in LISTS:
            if not isinstance(value, list) or not all(_is_idx(one) for one in value):
                raise _wrong(path, f"slots.{layout}.{name}", "a list of placeholder numbers, such as [1, 2]")
            chosen[name] = tuple(value)
        else:
            if not _is_idx(value):
                raise _wrong(path, f"slots.{layout}.{name}", "the number of a placeholder")
            chosen[name] = value
    return SlotMap(**chosen)


def _is_idx(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _layout(value: Any, path: Path, key: str) -> LayoutName:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong(path, key, "a name, or a number counted from 1")
    return value


def _number_or_name(name: str) -> LayoutName:
    return int(name) if name.isdecimal() else name


def _table(told: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    value = told.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(path, key, f"a table [{key}]")
    return value


def _known(told: Mapping[str, Any], known: tuple[str, ...], path: str, where: str) -> None:
    for key in told:
        if key not in known:
            near = nearest(key, known)
            place = f" under [{where}]" if where else ""
            raise TemplateError(
                f"the map '{path}' has an unknown key '{key}'{place}",
                remedy=f"did you mean '{near}'?" if near else f"the keys are {', '.join(known)}",
            )


def _wrong(path: Path, key: str, wanted: str) -> TemplateError:
    return TemplateError(f"'{key}' in the map '{path}' is not what it should be", remedy=f"give it {wanted}")
