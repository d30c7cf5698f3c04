"""Waivers: rules that somebody accepts as broken in a place, each with a reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.base.errors import SettingsError, nearest
from regulars.render.deck_lint.finding import Finding, accepted
from regulars.render.deck_lint.rules import BY_ID

KEYS = ("rule", "slide", "shape", "why")
SHAPE_OF_A_WAIVER = 'write [[waiver]] with rule = "…", why = "…" and, where wanted, slide = 4 and shape = "…"'


@dataclass(frozen=True)
class Waiver:
    """A rule, the reason, and where: no slide is every slide, no shape every shape."""

    rule: str
    why: str
    slide: int | None = None
    shape: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Say whether the finding is meant."""
        here = self.slide is None or self.slide == finding.slide
        return self.rule == finding.rule and here and (self.shape is None or self.shape == finding.shape)

    def __str__(self) -> str:
        where = f" on slide {self.slide}" if self.slide is not None else ""
        return f"{self.rule}{where}" + (f" for '{self.shape}'" if self.shape is not None else "")


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a TOML file.

    Raises SettingsError for a file that cannot be read, an unknown rule or key, and a waiver without a reason.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as problem:
        raise SettingsError(f"there is no file of waivers '{path}'", remedy="check the path") from problem
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(f"the waivers '{path}' cannot be read: {problem}", remedy=SHAPE_OF_A_WAIVER) from problem
    entries = read.get("waiver", [])
    if set(read) - {"waiver"} or not isinstance(entries, list):
        raise SettingsError(f"the waivers '{path}' hold something else than waivers", remedy=SHAPE_OF_A_WAIVER)
    return tuple(_waiver(entry, number, path) for number, entry in enumerate(entries, start=1))


def apply(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[tuple[Finding, ...], tuple[Waiver, ...]]:
    """Return the findings, the waived ones marked, and the waivers that no finding needs."""
    waivers = tuple(waivers)
    used: set[Waiver] = set()
    told = []
    for finding in findings:
        waiver = next((one for one in waivers if one.covers(finding)), None)
        if waiver is not None:
            used.add(waiver)
        told.append(finding if waiver is None else accepted(finding, waiver.why))
    return tuple(told), tuple(one for one in waivers if one not in used)


def _waiver(entry: Any, number: int, path: Path) -> Waiver:
    where = f"waiver {number} of '{path}'"
    if not isinstance(entry, dict):
        raise SettingsError(f"{where} is no table", remedy=SHAPE_OF_A_WAIVER)
    if unknown := [key for key in entry if key not in KEYS]:
        raise SettingsError(f"{where} has an unknown key '{unknown[0]}'", remedy=f"the keys are {', '.join(KEYS)}")
    rule, why = entry.get("rule"), entry.get("why")
    if rule not in BY_ID:
        close = nearest(str(rule), BY_ID)
        hint = f"did you mean '{close}'?" if close else "docs/deck-linter.md lists the rules"
        raise SettingsError(f"{where} names the rule '{rule}', which does not exist", remedy=hint)
    if not isinstance(why, str) or not why.strip():
        raise SettingsError(f"{where} ({rule}) has no reason", remedy='add why = "…"')
    slide, shape = entry.get("slide"), entry.get("shape")
    if not isinstance(slide, int | None) or isinstance(slide, bool) or not isinstance(shape, str | None):
        raise SettingsError(f"{where} ({rule}): slide is a number, shape a name", remedy=SHAPE_OF_A_WAIVER)
    return Waiver(str(rule), why.strip(), slide, shape)
