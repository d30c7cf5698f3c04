"""Schemes: TOML files that give each of the 125 RFM cells exactly one segment. A checker proves it on load."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

from regulars.base.errors import SettingsError, listing
from regulars.segments.model import Segment, SegmentRole, Segments

SHIPPED = ("rfm11",)
SCORES = range(1, 6)
RfmCell = tuple[int, int, int]


@dataclass(frozen=True)
class Scheme:
    """A checked scheme: its segments, and the segment key of each RFM cell."""

    id: str
    title: str
    how: str
    definitions: tuple[Segment, ...]
    cells: Mapping[RfmCell, str]

    def segment(self, scores: pd.DataFrame) -> Segments:
        """Label each customer by the cell of its scores (columns r, f, m)."""
        triples = zip(scores["r"].tolist(), scores["f"].tolist(), scores["m"].tolist(), strict=True)
        labels = pd.Series([self.cells[triple] for triple in triples], index=scores.index, dtype=object)
        return Segments(self.id, self.title, self.how, self.definitions, labels)


def shipped_scheme(name: str) -> Scheme:
    """Load a scheme that ships with the product."""
    source = files("regulars.segments").joinpath("schemes", f"{name}.toml")
    return parse_scheme(source.read_text(encoding="utf-8"), f"the shipped scheme '{name}'")


def parse_scheme(text: str, where: str) -> Scheme:
    """Parse and check a scheme.

    Raises SettingsError when it is not TOML, lacks a key, or leaves a cell of the 125 without exactly one segment.
    """
    try:
        document = tomllib.loads(text)
        entries = document["segment"]
        definitions = tuple(
            Segment(entry["key"], entry["name"], SegmentRole(entry["role"]), entry["meaning"]) for entry in entries
        )
        boxes = [(entry["key"], box) for entry in entries for box in entry["cells"]]
        named = [(cell, key) for key, box in boxes for cell in _cells(box)]
        scheme = Scheme(document["id"], document["title"], document["how"], definitions, dict(named))
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as problem:
        raise SettingsError(
            f"{where} cannot be read ({problem})", remedy="compare it with the shipped scheme rfm11.toml"
        ) from problem
    counts = Counter(cell for cell, _ in named)
    twice = [_shown(cell) for cell, count in sorted(counts.items()) if count > 1]
    missing = [_shown(cell) for cell in itertools.product(SCORES, SCORES, SCORES) if cell not in counts]
    if twice or missing:
        trouble = [f"{len(missing)} cells have no segment: {listing(missing, 5)}"] if missing else []
        trouble += [f"{len(twice)} cells have more than one: {listing(twice, 5)}"] if twice else []
        raise SettingsError(f"in {where} {'; '.join(trouble)}", remedy="give each cell exactly one segment")
    return scheme


def _cells(box: Mapping[str, Any]) -> list[RfmCell]:
    """Return the cells of a box such as {r = "4-5", f = "1", m = "1-5"}."""
    r, f, m = (_span(str(box[axis])) for axis in ("r", "f", "m"))
    return list(itertools.product(r, f, m))


def _span(text: str) -> range:
    first, _, last = text.partition("-")
    span = range(int(first), int(last or first) + 1)
    if not span or span[0] not in SCORES or span[-1] not in SCORES:
        raise ValueError(f"'{text}' is no range of scores from 1 to 5")
    return span


def _shown(cell: RfmCell) -> str:
    return "R{} F{} M{}".format(*cell)
