"""An outline: the blocks of a written report as data, read from TOML and checked before any orders are read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from regulars.base.errors import SettingsError, listing, nearest
from regulars.base.outline_ids import OUTLINES
from regulars.base.scheme_ids import CHOSEN
from regulars.segments.toml_lines import TomlLines
from regulars.story.outlines.names import ANY, Names, facts_in, known_names

TOP = ("id", "title", "subtitle", "about", "scheme", "block")
# What a block may hold, one of them a block, and what each is told with.
KINDS: Mapping[str, tuple[str, ...]] = {
    "text": ("as", "otherwise"),
    "say": ("as", "otherwise"),
    "words": ("as", "otherwise"),
    "told": ("as",),
    "cannot": (),
    "table": ("columns", "title", "notes", "total", "most", "brief", "otherwise"),
    "chart": ("message", "otherwise"),
    "figures": (),
    "assumptions": ("cells",),
    "each": ("parts",),
}
COMMON = ("heading", "level", "put_right", *KINDS)
TOLD = ("findings", "actions", "warnings", "verdict", "together", "segments", "untold")
EACH: Mapping[str, tuple[str, ...]] = {
    "segment": (
        "figures", "behaviour", "value", "meaning", "why", "aim", "do", "avoid", "discount", "channel", "soon", "next",
        "later", "watch",
    ),
    "group": ("figures", "segments", "parts", "do", "avoid"),
    "move": ("goal", "why", "do", "impact", "odds"),
}  # fmt: skip
WORDS: Mapping[str, frozenset[str]] = {  # what the heading over each of them may name
    "segment": frozenset({"number", "name", "customers"}),
    "group": frozenset({"number", "name", "customers"}),
    "move": frozenset({"number", "name"}),
}
STYLES = ("paragraph", "list", "steps", "small", "warning")
TONES = ("plain", "finding", "warning", "small")
CLUSTERED = "cluster"  # in the name of a sheet, table or fact
LAST = "@last"  # the last column that is a complete month
REMEDY = "see docs/consultant.md for what an outline holds, or start from a shipped one"


@dataclass(frozen=True)
class ColumnOf:
    """A column of a report's table: from the block's own table, or joined to it by row from another."""

    column: str
    table: str = ""
    title: str = ""


@dataclass(frozen=True)
class PartOf:
    """What is said of each segment, group or move, under a label."""

    of: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True)
class Block:
    """A heading, what stands under it, or both."""

    line: int
    heading: str = ""
    level: int = 2
    kind: str = ""
    value: tuple[str, ...] = ()
    columns: tuple[ColumnOf, ...] = ()
    parts: tuple[PartOf, ...] = ()
    cells: tuple[str, ...] = ()
    title: str | None = None
    notes: bool = True
    total: bool = True
    most: int | None = None
    brief: bool = False
    style: str = "paragraph"
    otherwise: str = ""
    message: str = ""  # of a chart, instead of what the sheet says of it
    put_right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """A whole outline. `scheme` leads where nobody asks for another."""

    id: str
    title: str
    subtitle: str
    about: str
    scheme: str | None
    blocks: tuple[Block, ...]
    source: str


@cache
def shipped_outline(name: str) -> Outline:
    """Return an outline that ships with the product."""
    text = files("regulars.story.outlines").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return _Reader(text, f"the outline '{name}'").outline()


def read_outline(name: str) -> Outline:
    """Return a shipped outline by name, or one by the path of its TOML file.

    Raises SettingsError that names the nearest outline, or the line that cannot be used.
    """
    if name in OUTLINES:
        return shipped_outline(name)
    path = Path(name)
    if path.suffix.lower() != ".toml":
        near = nearest(name, OUTLINES)
        raise SettingsError(
            f"there is no outline '{name}'",
            remedy=f"write '{near}'" if near else f"use one of {listing(OUTLINES)}, or the path of a .toml file",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(f"there is no outline '{path}'", remedy="check the path given to --outline") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingsError(f"'{path}' cannot be read as text ({problem})", remedy=REMEDY) from problem
    return _Reader(text, f"'{path}'").outline()


class _Reader:
    """One outline on its way in."""

    def __init__(self, text: str, where: str) -> None:
        self.where, self.lines, self.names = where, TomlLines.of(text), known_names()
        try:
            self.document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise SettingsError(f"{where} is not valid TOML ({problem})", remedy="mend that line") from problem

    def outline(self) -> Outline:
        told = self.document
        self._known(told, TOP, "an outline", 0)
        blocks = told.get("block", [])
        if not isinstance(blocks, list) or not blocks or not all(isinstance(one, dict) for one in blocks):
            raise self._bad(1, "it has no [[block]]")
        scheme = told.get("scheme")
        if scheme is not None and scheme not in CHOSEN:
            raise self._bad(self.lines.field("scheme"), f"the scheme {scheme!r} is none of {listing(CHOSEN, 20)}")
        title, subtitle, about = (self._text(told, name, 0, "") for name in ("title", "subtitle", "about"))
        if not title:
            raise self._bad(1, "the text 'title' is missing")
        for name, text in (("title", title), ("subtitle", subtitle)):
            self._facts(text, self.lines.field(name))
        read = tuple(self._block(one, self.lines.header("block", nth)) for nth, one in enumerate(blocks))
        return Outline(self._text(told, "id", 0, self.where), title, subtitle, about, scheme, read, self.where)

    def _block(self, told: Mapping[str, Any], line: int) -> Block:
        kinds = [kind for kind in KINDS if kind in told]
        if len(kinds) > 1:
            raise self._bad(self.lines.field(kinds[1], line), f"a block holds {listing(kinds)}, and may hold one")
        kind = kinds[0] if kinds else ""
        heading, level = self._text(told, "heading", line, ""), told.get("level", 2)
        if not kind and not heading:
            self._known(told, COMMON, "a block", line)
            raise self._bad(line, f"a block holds neither a heading nor one of {listing(KINDS)}")
        self._known(told, (*COMMON, *KINDS.get(kind, ())), f"a block with '{kind or 'heading'}'", line)
        if isinstance(level, bool) or level not in (1, 2, 3, 4):
            raise self._bad(self.lines.field("level", line), f"level = {level!r} is none of 1 to 4")
        value = self._several(told, kind, line) if kind else ()
        words = WORDS[value[0]] if kind == "each" and value[0] in WORDS else frozenset()
        self._facts(heading, self.lines.field("heading", line), words)
        self._value(kind, value, line)
        style, most = told.get("as", "paragraph"), told.get("most")
        if style not in STYLES:
            raise self._bad(self.lines.field("as", line), f"as = {style!r} is none of {listing(STYLES)}")
        if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
            raise self._bad(self.lines.field("most", line), f"most = {most!r} is no number of rows")
        otherwise, message = (self._text(told, name, line, "") for name in ("otherwise", "message"))
        for name, key in (("otherwise", otherwise), ("message", message)):
            if key:
                self._named_text(key, self.lines.field(name, line))
        return Block(
            line, heading, level, kind, value,
            columns=tuple(self._column(one, value[0], line) for one in self._list(told, "columns", line)),
            parts=tuple(self._part(one, value[0], line) for one in self._list(told, "parts", line)),
            cells=self._several(told, "cells", line),
            title=told.get("title"), notes=self._flag(told, "notes", line, default=True),
            total=self._flag(told, "total", line, default=True), most=most,
            brief=self._flag(told, "brief", line, default=False), style=style, otherwise=otherwise,
            message=message,
            put_right=self._several(told, "put_right", line),
        )  # fmt: skip

    def _value(self, kind: str, value: tuple[str, ...], line: int) -> None:
        """Check what a block names."""
        at = self.lines.field(kind, line) if kind else line
        if kind == "text":
            for key in value:
                self._named_text(key, at)
        elif kind == "say":
            for one in value:
                self._facts(one, at)
        elif kind == "table":
            self._named(value[0], self.names.tables, "table", at)
        elif kind == "chart":
            self._named(value[0], self.names.charts, "chart", at)
        elif kind == "told":
            self._named(value[0], TOLD, "finding", at)
        elif kind == "each":
            self._named(value[0], EACH, "thing to go through", at)
        elif kind == "cannot":
            known = [key.removeprefix("cannot.") for key in self.names.texts if f"{key}_text" in self.names.texts]
            for key in value:
                self._named(key, known, "text of what orders cannot tell", at)
        elif kind in ("words", "figures", "assumptions"):
            sheet, _, tone = value[0].partition("/")
            self._named(sheet, {key.partition("/")[0] for key in self.names.tables}, "sheet", at)
            if tone and tone not in TONES:
                raise self._bad(at, f"the tone '{tone}' is none of {listing(TONES)}")

    def _column(self, told: Any, table: str, line: int) -> ColumnOf:
        at = self.lines.field("columns", line)
        entry = {"column": told} if isinstance(told, str) else told
        if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
            raise self._bad(at, f'{told!r} is no column such as "revenue" or {{ column = "revenue", title = "…" }}')
        self._known(entry, ("column", "title"), "a column", at, within_line=True)
        other, _, column = entry["column"].rpartition("/")
        if other:
            self._named(other, self.names.tables, "table", at)
        of = other or table
        if column not in (ANY, LAST) and not self.names.column_is_known(of, column):
            near = nearest(column, self.names.tables[of])
            raise SettingsError(
                f"in {self.where} line {at}: the table '{of}' has no column '{column}'",
                remedy=f"write '{near}'" if near else f"use one of {listing(self.names.tables[of], 30)}",
            )
        return ColumnOf(column, other, str(entry.get("title", "")))

    def _part(self, told: Any, each: str, line: int) -> PartOf:
        at = self.lines.field("parts", line)
        entry = {"of": told} if isinstance(told, str) else told
        if not isinstance(entry, dict) or "of" not in entry:
            raise self._bad(at, f'{told!r} is no part such as "why" or {{ of = "why", label = "…" }}')
        self._known(entry, ("of", "label"), "a part", at, within_line=True)
        of = (entry["of"],) if isinstance(entry["of"], str) else tuple(entry["of"])
        for one in of:
            self._named(str(one), EACH[each], f"part of each {each}", at)
        return PartOf(of, str(entry.get("label", "")))

    def _named_text(self, key: str, line: int) -> None:
        self._named(key, self.names.texts, "text", line)

    def _named(self, name: str, known: Any, what: str, line: int) -> None:
        if name not in known:
            near = nearest(name, known)
            raise SettingsError(
                f"in {self.where} line {line}: there is no {what} '{name}'",
                remedy=f"write '{near}'" if near else f"use one of {listing(sorted(known), 30)}",
            )

    def _facts(self, template: str, line: int, words: frozenset[str] = frozenset()) -> None:
        for key in facts_in(template):
            if key not in words and not self.names.fact_is_known(key):
                near = self.names.nearest_fact(key)
                raise SettingsError(
                    f"in {self.where} line {line}: there is no fact '{key}'",
                    remedy=f"write '{near}'" if near else "the file that --json writes has all facts",
                )

    def _known(
        self, table: Mapping[str, Any], known: tuple[str, ...], what: str, line: int, *, within_line: bool = False
    ) -> None:
        for name in table:
            if name not in known:
                at = line if within_line else self.lines.field(name, line)
                near = nearest(name, known)
                raise SettingsError(
                    f"in {self.where} line {at}: '{name}' is no field of {what}",
                    remedy=f"write '{near}'" if near else f"use one of {listing(known, 30)}",
                )

    def _text(self, table: Mapping[str, Any], name: str, line: int, default: str) -> str:
        value = table.get(name, default)
        if not isinstance(value, str):
            raise self._bad(self.lines.field(name, line), f"{name} = {value!r} is no text")
        return value

    def _flag(self, table: Mapping[str, Any], name: str, line: int, *, default: bool) -> bool:
        value = table.get(name, default)
        if not isinstance(value, bool):
            raise self._bad(self.lines.field(name, line), f"{name} = {value!r} is neither true nor false")
        return value

    def _list(self, table: Mapping[str, Any], name: str, line: int) -> list[Any]:
        value = table.get(name, [])
        if not isinstance(value, list):
            raise self._bad(self.lines.field(name, line), f"{name} is no list")
        return value

    def _several(self, table: Mapping[str, Any], name: str, line: int) -> tuple[str, ...]:
        value = table.get(name, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            raise self._bad(self.lines.field(name, line), f"{name} is neither a text nor a list of texts")
        if name in table and not found:
            raise self._bad(self.lines.field(name, line), f"{name} is empty")
        return tuple(found)

    def _bad(self, line: int, what: str) -> SettingsError:
        return SettingsError(f"{self.where} cannot be read (line {line}: {what})", remedy=REMEDY)


__all__ = ["EACH", "TOLD", "Block", "ColumnOf", "Names", "Outline", "PartOf", "read_outline", "shipped_outline"]


def shows_clusters(outline: Outline) -> bool:
    """Tell whether an outline shows clusters, or how schemes cross: only then is the evidence for them computed.

    >>> [name for name in OUTLINES if shows_clusters(shipped_outline(name))]
    ['growth', 'forecast', 'clusters']
    """
    return any(CLUSTERED in said.casefold() for block in outline.blocks for said in _named(block))


def _named(block: Block) -> Iterator[str]:
    yield from (block.heading, block.otherwise, block.message, *block.value, *block.cells)
    yield from (column.table for column in block.columns)
    yield from (name for part in block.parts for name in part.of)
