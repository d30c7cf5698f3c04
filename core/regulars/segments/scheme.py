"""Schemes: TOML files. A checker proves on load that each names every cell exactly once."""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from regulars.base.errors import SettingsError, listing, nearest
from regulars.base.scheme_ids import EVERY
from regulars.segments.axes import MEASURES, RFM, Axis, By
from regulars.segments.cells import Cell, CellScheme, shown
from regulars.segments.model import Segment, SegmentRole
from regulars.segments.naming import PROFILED, STARTS, Claim, ClusterScheme, Conditions
from regulars.segments.toml_lines import TomlLines

SCHEME_FIELDS = ("id", "title", "how", "kind", "axes", "axis", "segment", "wholesale", "features", "starts")
AXIS_FIELDS = ("measure", "by", "high", "cuts", "limits", "says", "otherwise")
CELL_FIELDS = ("key", "name", "role", "meaning", "cells", "group", "part_of")
CLAIM_FIELDS = ("key", "name", "role", "most", "least", "over", "under", "at_least", "below", "unless", "in_time")
REMEDY = "compare it with the shipped scheme rfm11.toml"


@dataclass(frozen=True)
class ColumnScheme:
    """The scheme of a column in the data: its segments are what the column says."""

    id: str
    title: str
    how: str


Scheme = CellScheme | ClusterScheme | ColumnScheme


def shipped_scheme(name: str) -> CellScheme:
    """Load a scheme of cells that ships with the product."""
    scheme = shipped(name)
    if not isinstance(scheme, CellScheme):
        raise TypeError(f"{name} is no scheme of cells")
    return scheme


def shipped_clusters(name: str) -> ClusterScheme:
    """Load a scheme of clusters that ships with the product."""
    scheme = shipped(name)
    if not isinstance(scheme, ClusterScheme):
        raise TypeError(f"{name} is no scheme of clusters")
    return scheme


def shipped(name: str) -> Scheme:
    """Load any scheme that ships with the product."""
    source = files("regulars.segments").joinpath("schemes", f"{name}.toml")
    return parse_scheme(source.read_text(encoding="utf-8"), f"the shipped scheme '{name}'")


def is_path(scheme: str) -> bool:
    """Tell whether a scheme is named by the path of its file.

    >>> is_path("rfm11"), is_path("my.toml"), is_path("schemes/mine")
    (False, True, True)
    """
    return scheme.lower().endswith(".toml") or "/" in scheme or "\\" in scheme


def scheme_at(path: Path) -> CellScheme:
    """Load a user's own scheme of cells.

    Raises SettingsError when the file cannot be read, takes the id of a shipped scheme, or names no scheme of cells.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise SettingsError(
            f"the scheme '{path}' cannot be read ({problem.strerror})", remedy="check the path given as the scheme"
        ) from problem
    except UnicodeDecodeError as problem:
        raise SettingsError(f"the scheme '{path}' is no UTF-8 text", remedy="save it as UTF-8") from problem
    scheme = parse_scheme(text, str(path))
    line = TomlLines.of(text).field("id")
    if scheme.id in EVERY:
        raise SettingsError(
            f"in {path} line {line}: a shipped scheme has the id '{scheme.id}'", remedy="give yours an id of its own"
        )
    if not isinstance(scheme, CellScheme):
        raise SettingsError(f"{path} is no scheme of cells", remedy=REMEDY)
    return scheme


def parse_scheme(text: str, where: str) -> Scheme:
    """Parse and check a scheme.

    Raises SettingsError with the line when it is not TOML, has an unknown field, lacks one, or leaves a cell without
    exactly one segment.
    """
    return _Parser(TomlLines.of(text), where).scheme(text)


@dataclass(frozen=True)
class _Parser:
    lines: TomlLines
    where: str

    def scheme(self, text: str) -> Scheme:
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            raise SettingsError(f"{self.where} cannot be read ({problem})", remedy=REMEDY) from problem
        self._known(document, SCHEME_FIELDS, "a scheme", 0)
        names = {part: self._text(document, part, 0) for part in ("id", "title", "how")}
        if not re.fullmatch(r"[a-z][a-z0-9_]*", names["id"]):
            raise self._bad(self.lines.field("id"), f"the id '{names['id']}' is not lower case with underscores")
        kind = document.get("kind", "cells")
        if kind == "column":
            return ColumnScheme(**names)
        entries = document.get("segment")
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            raise self._bad(1, "there is no [[segment]]")
        if kind == "clusters":
            claims = tuple(self._claim(entry, self._line(nth)) for nth, entry in enumerate(entries))
            return self._clusters(document, claims, names)
        if kind != "cells":
            raise self._bad(self.lines.field("kind"), f"the kind '{kind}' is none of cells, clusters, column")
        axes = self._axes(document)
        return self._cells(entries, axes, names)

    # Schemes of cells

    def _cells(self, entries: list[dict[str, Any]], axes: tuple[Axis, ...], names: dict[str, str]) -> CellScheme:
        definitions, named = [], []
        for nth, entry in enumerate(entries):
            line = self._line(nth)
            self._known(entry, CELL_FIELDS, "a segment", line)
            definitions.append(self._segment(entry, line, self._text(entry, "meaning", line)))
            boxes = entry.get("cells")
            if not isinstance(boxes, list) or not boxes:
                raise self._bad(line, f"the segment '{entry['key']}' has no cells")
            for number, box in enumerate(boxes):
                at = self.lines.box(number, line)
                named += [(cell, entry["key"], at) for cell in self._box(box, axes, at)]
        self._distinct(definitions)
        self._cover(named, axes)
        return CellScheme(
            **names, axes=axes, definitions=tuple(definitions), cells={cell: key for cell, key, _ in named}
        )

    def _box(self, box: Any, axes: tuple[Axis, ...], line: int) -> list[Cell]:
        """Return the cells of a box such as {r = "4-5", f = "1"}; an axis that is left out means all its scores."""
        if not isinstance(box, dict):
            raise self._bad(line, 'cells are not boxes such as { r = "4-5", f = "1" }')
        self._known(box, tuple(axis.letter for axis in axes), "these cells", line, within_line=True)
        spans = [
            self._span(str(box[axis.letter]), axis.levels, line) if axis.letter in box else range(1, axis.levels + 1)
            for axis in axes
        ]
        return list(itertools.product(*spans))

    def _span(self, text: str, levels: int, line: int) -> range:
        first, _, last = text.partition("-")
        try:
            span = range(int(first), int(last or first) + 1)
        except ValueError:
            span = range(0)
        if not span or span[0] < 1 or span[-1] > levels:
            raise self._bad(line, f"'{text}' is no range of scores from 1 to {levels}")
        return span

    def _cover(self, named: list[tuple[Cell, str, int]], axes: tuple[Axis, ...]) -> None:
        """Prove that each cell has exactly one segment, or say which have not, and on which lines."""
        by_cell: dict[Cell, list[tuple[str, int]]] = {}
        for cell, key, line in named:
            by_cell.setdefault(cell, []).append((key, line))
        every = list(itertools.product(*(range(1, axis.levels + 1) for axis in axes)))
        missing = [cell for cell in every if cell not in by_cell]
        twice = {cell: found for cell, found in sorted(by_cell.items()) if len(found) > 1}
        trouble = []
        if missing:
            holes = listing((shown(cell, axes) for cell in missing), 5)
            key, line = by_cell[min(by_cell, key=lambda cell: _distance(cell, missing[0]))][0]
            trouble.append(f"{_counted(missing)} no segment: {holes} (next to line {line}, '{key}')")
        if twice:
            cells = listing((shown(cell, axes) for cell in twice), 5)
            places = sorted({place for found in twice.values() for place in found}, key=lambda place: place[1])
            said = " and ".join(f"line {line} ('{key}')" for key, line in places[:4])
            trouble.append(f"{_counted(twice)} more than one: {cells} on {said}")
        if trouble:
            raise SettingsError(f"in {self.where} {'; '.join(trouble)}", remedy="give each cell exactly one segment")

    def _axes(self, document: Mapping[str, Any]) -> tuple[Axis, ...]:
        """Return the axes that the scheme names, R, F and M unless told otherwise, in its order."""
        told, letters = document.get("axis", {}), document.get("axes", [axis.letter for axis in RFM])
        if (
            not isinstance(told, dict)
            or not isinstance(letters, list)
            or not letters
            or len(set(letters)) < len(letters)
        ):
            raise self._bad(self.lines.field("axes"), 'axes are not letters such as axes = ["r", "f", "m"]')
        own = {letter: self._axis(letter, entry, f"axis.{letter}") for letter, entry in told.items()}
        axes = {axis.letter: axis for axis in RFM} | own
        for letter in own:
            if letter not in letters:
                raise self._bad(
                    self.lines.header(f"axis.{letter}"), f"the axis '{letter}' is not among the scheme's axes"
                )
        for letter in letters:
            if letter not in axes:
                raise self._bad(self.lines.field("axes"), f"the axis '{letter}' has no [axis.{letter}]")
        return tuple(axes[letter] for letter in letters)

    def _axis(self, letter: str, entry: Any, header: str) -> Axis:
        line = self.lines.header(header)
        if not isinstance(entry, dict) or not re.fullmatch("[a-z]", letter):
            raise self._bad(line, f"'{letter}' is no axis: its name is one letter, its fields a table")
        self._known(entry, AXIS_FIELDS, "an axis", line)
        measure = str(entry.get("measure"))
        if measure not in MEASURES:
            raise self._bad(
                self.lines.field("measure", line), f"the measure {measure!r} is none of {listing(MEASURES, 20)}"
            )
        high, by = entry.get("high", "more"), entry.get("by", "cuts" if "cuts" in entry else "fifths")
        if high not in {"more", "less"}:
            raise self._bad(self.lines.field("high", line), f"high = {high!r} is neither 'more' nor 'less'")
        if by not in set(By):
            raise self._bad(self.lines.field("by", line), f"by = {by!r} is none of {listing(By)}")
        otherwise = entry.get("otherwise")
        axis = Axis(
            letter, measure, By(by), less_is_high=high == "less", cuts=self._cuts(entry, by, line),
            limits=self._limits(entry.get("limits", {}), line), says=str(entry.get("says", "")),
            otherwise=self._axis(letter, otherwise, f"{header}.otherwise") if otherwise is not None else None,
        )  # fmt: skip
        if axis.otherwise is not None and axis.otherwise.levels != axis.levels:
            raise self._bad(
                self.lines.header(f"{header}.otherwise"),
                f"the axis '{letter}' has {axis.levels} scores, and {axis.otherwise.levels} otherwise",
            )
        return axis

    def _cuts(self, entry: Mapping[str, Any], by: str, line: int) -> tuple[float, ...]:
        cuts = entry.get("cuts", [])
        numbers = isinstance(cuts, list) and all(isinstance(cut, int | float) and math.isfinite(cut) for cut in cuts)
        if (by == By.CUTS) != bool(cuts) or not numbers or sorted(set(cuts)) != cuts:
            raise self._bad(
                self.lines.field("cuts", line), f"cuts = {cuts} are no rising numbers, or do not belong here"
            )
        return tuple(float(cut) for cut in cuts)

    def _limits(self, limits: Any, line: int) -> tuple[tuple[int, float], ...]:
        try:
            return tuple((int(score), float(most)) for score, most in limits.items())
        except (AttributeError, TypeError, ValueError):
            raise self._bad(self.lines.field("limits", line), "limits are not like { 5 = 90, 4 = 180 }") from None

    # Schemes of clusters

    def _clusters(self, document: Mapping[str, Any], claims: tuple[Claim, ...], names: dict[str, str]) -> ClusterScheme:
        self._distinct([claim.segment for claim in claims])
        keys = {claim.segment.key for claim in claims}
        if not claims[-1].free:
            raise self._bad(self._line(len(claims) - 1), "the last segment must take every cluster that is left")
        wholesale = document.get("wholesale")
        for key in (wholesale, *(key for claim in claims for key in (claim.unless, claim.in_time))):
            if key is not None and key not in keys:
                raise self._bad(self.lines.field("wholesale"), f"there is no segment '{key}'")
        return ClusterScheme(
            names["id"], names["title"], names["how"], claims, wholesale, document.get("features", "behaviour"),
            starts=int(document.get("starts", STARTS)),
        )  # fmt: skip

    def _claim(self, entry: Mapping[str, Any], line: int) -> Claim:
        self._known(entry, CLAIM_FIELDS, "a segment", line)
        for part in ("most", "least"):
            if entry.get(part, PROFILED[0]) not in PROFILED:
                raise self._bad(
                    self.lines.field(part, line), f"{part} = {entry[part]!r} is none of {listing(PROFILED)}"
                )
        conditions = {part: self._conditions(entry, part, line) for part in ("over", "under", "at_least", "below")}
        return Claim(
            self._segment(entry, line, ""),
            entry.get("most"),
            entry.get("least"),
            **conditions,
            unless=entry.get("unless"),
            in_time=entry.get("in_time"),
        )

    def _conditions(self, entry: Mapping[str, Any], part: str, line: int) -> Conditions:
        told = entry.get(part, {})
        if not isinstance(told, dict) or any(
            measure not in PROFILED or not isinstance(bound, int | float) for measure, bound in told.items()
        ):
            raise self._bad(
                self.lines.field(part, line), f"{part} is not like {{ orders = 2 }}, of {listing(PROFILED)}"
            )
        return tuple((measure, float(bound)) for measure, bound in told.items())

    # Both

    def _segment(self, entry: Mapping[str, Any], line: int, meaning: str) -> Segment:
        key, name = self._text(entry, "key", line), self._text(entry, "name", line)
        if not re.fullmatch(r"[a-z0-9_]+", key):
            raise self._bad(self.lines.field("key", line), f"the key '{key}' is not lower case with underscores")
        role = entry.get("role")
        if role not in set(SegmentRole):
            raise self._bad(self.lines.field("role", line), f"the role {role!r} is none of {listing(SegmentRole)}")
        return Segment(key, name, SegmentRole(role), meaning, entry.get("group", ""), entry.get("part_of", ""))

    def _distinct(self, definitions: list[Segment]) -> None:
        for part, told in (("key", [one.key for one in definitions]), ("name", [one.name for one in definitions])):
            for nth, value in enumerate(told):
                if value in told[:nth]:
                    line = self.lines.field(part, self._line(nth))
                    raise self._bad(line, f"two segments have the {part} '{value}'")
        for nth, one in enumerate(definitions):
            if one.part_of and one.part_of not in {other.key for other in definitions if other is not one}:
                raise self._bad(self.lines.field("part_of", self._line(nth)), f"there is no segment '{one.part_of}'")

    def _known(
        self, table: Mapping[str, Any], known: tuple[str, ...], what: str, line: int, *, within_line: bool = False
    ) -> None:
        for name in table:
            if name not in known:
                at = line if within_line else self.lines.field(name, line)
                near = nearest(name, known)
                raise SettingsError(
                    f"in {self.where} line {at}: '{name}' is no field of {what}",
                    remedy=f"write '{near}'" if near else f"use one of {listing(known)}",
                )

    def _text(self, table: Mapping[str, Any], name: str, line: int) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._bad(self.lines.field(name, line), f"the text '{name}' is missing")
        return value

    def _line(self, nth: int) -> int:
        return self.lines.header("segment", nth)

    def _bad(self, line: int, what: str) -> SettingsError:
        return SettingsError(f"{self.where} cannot be read (line {line}: {what})", remedy=REMEDY)


def _counted(cells: Collection[Cell]) -> str:
    return "1 cell has" if len(cells) == 1 else f"{len(cells)} cells have"


def _distance(cell: Cell, other: Cell) -> tuple[int, Cell]:
    """Return how far apart two cells are; of equal distances the last axis counts least, as cells are written."""
    apart = tuple(abs(one - two) for one, two in zip(cell, other, strict=True))
    return sum(apart), apart
