"""How text looks when every level it inherits from is asked: run, shape, layout, master, master's styles, presentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pptx.oxml.ns import qn

from regulars.render.deck.box import EMU_PER_POINT
from regulars.render.deck.colour import colour_of
from regulars.render.deck.theme import Rgb
from regulars.render.deck_lint.model import Paragraph, Run

LINE_BREAK = "\n"
INSETS = {"lIns": 91_440, "tIns": 45_720, "rIns": 91_440, "bIns": 45_720}
PLAIN_SIZE = 1800
TRUE = {"1", "true"}


@dataclass(frozen=True)
class Lineage:
    """Bodies of text from the shape up, then the lists of levels that hold for everything of its kind."""

    bodies: tuple[Any, ...]
    lists: tuple[Any, ...]
    reference: Any = None  # the shape's own reference to a font colour

    def levels(self, number: int) -> Iterator[Any]:
        """Return what each ancestor says of a level, nearest first."""
        tag = qn(f"a:lvl{number + 1}pPr")
        for body in self.bodies:
            styles = body.find(qn("a:lstStyle"))
            level = None if styles is None else styles.find(tag)
            if level is not None:
                yield level
        for styles in self.lists:
            level = styles.find(tag)
            if level is not None:
                yield level

    def inset(self, name: str) -> int:
        """Return an inset in EMU."""
        for body in self.bodies:
            properties = body.find(qn("a:bodyPr"))
            if properties is not None and properties.get(name) is not None:
                return int(properties.get(name))
        return INSETS[name]

    def wraps(self) -> bool:
        """Say whether text wraps at the edge of its shape."""
        for body in self.bodies:
            properties = body.find(qn("a:bodyPr"))
            if properties is not None and properties.get("wrap") is not None:
                return bool(properties.get("wrap") != "none")
        return True

    def autofit(self) -> Any:
        """Return the nearest word on fitting, an element, or None."""
        tags = {qn("a:normAutofit"), qn("a:spAutoFit"), qn("a:noAutofit")}
        for body in self.bodies:
            properties = body.find(qn("a:bodyPr"))
            found = next((child for child in properties if child.tag in tags), None) if properties is not None else None
            if found is not None:
                return found
        return None


def paragraphs_of(body: Any, lineage: Lineage, theme: Mapping[str, Rgb], default: Rgb | None) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text body with the look that they inherit."""
    fit = lineage.autofit()
    scale = int(fit.get("fontScale", "100000")) / 100_000 if fit is not None else 1.0
    return tuple(_paragraph(one, lineage, theme, default, scale) for one in body.findall(qn("a:p")))


def _paragraph(
    element: Any, lineage: Lineage, theme: Mapping[str, Rgb], default: Rgb | None, scale: float
) -> Paragraph:
    own = element.find(qn("a:pPr"))
    levels = list(lineage.levels(int(own.get("lvl", "0")) if own is not None else 0))
    said = levels if own is None else [own, *levels]
    defaults = [found for level in levels if (found := level.find(qn("a:defRPr"))) is not None]
    runs = []
    for child in element:
        if child.tag == qn("a:br"):
            runs.append(Run(LINE_BREAK, 0.0, bold=False, colour=None))
        elif child.tag in {qn("a:r"), qn("a:fld")}:
            runs.append(_run(child, defaults, lineage, theme, default, scale))
    ends = element.find(qn("a:endParaRPr"))
    size = _first([*([ends] if ends is not None else []), *defaults], "sz") or PLAIN_SIZE
    bullet = _bullet(said)
    return Paragraph(
        tuple(runs),
        spacing=_spacing(said),
        before=_space(said, "a:spcBef", int(size) / 100),
        after=_space(said, "a:spcAft", int(size) / 100),
        indent=int(_first(said, "marL") or 0) / EMU_PER_POINT if bullet or own is not None else 0.0,
        bullet=bullet,
        empty_size=int(size) / 100 * scale,
    )


def _run(
    element: Any, defaults: list[Any], lineage: Lineage, theme: Mapping[str, Rgb], default: Rgb | None, scale: float
) -> Run:
    own = element.find(qn("a:rPr"))
    said = defaults if own is None else [own, *defaults]
    latin = next((found for one in said if (found := one.find(qn("a:latin"))) is not None), None)
    return Run(
        element.findtext(qn("a:t")) or "",
        int(_first(said, "sz") or PLAIN_SIZE) / 100 * scale,
        bold=_first(said, "b") in TRUE,
        colour=_colour(own, defaults, lineage, theme, default),
        own_size=own is not None and own.get("sz") is not None,
        typeface=latin.get("typeface", "") if latin is not None else "",
    )


def _colour(
    own: Any, defaults: list[Any], lineage: Lineage, theme: Mapping[str, Rgb], default: Rgb | None
) -> Rgb | None:
    fill = own.find(qn("a:solidFill")) if own is not None else None
    if fill is not None:
        return colour_of(fill, theme)
    if lineage.reference is not None and len(lineage.reference):
        return colour_of(lineage.reference, theme)
    fill = next((found for one in defaults if (found := one.find(qn("a:solidFill"))) is not None), None)
    return colour_of(fill, theme) if fill is not None else default


def _first(elements: list[Any], name: str) -> Any:
    return next((one.get(name) for one in elements if one.get(name) is not None), None)


def _bullet(said: list[Any]) -> bool:
    for one in said:
        for child in one:
            if child.tag == qn("a:buNone"):
                return False
            if child.tag in {qn("a:buChar"), qn("a:buAutoNum"), qn("a:buBlip")}:
                return True
    return False


def _spacing(said: list[Any]) -> float:
    found = next((one.find(f"{qn('a:lnSpc')}/{qn('a:spcPct')}") for one in said if one.find(qn("a:lnSpc")) is not None), None)  # fmt: skip
    return 1.0 if found is None else _share(found.get("val"))


def _space(said: list[Any], tag: str, size: float) -> float:
    found = next((one.find(qn(tag)) for one in said if one.find(qn(tag)) is not None), None)
    if found is None or not len(found):
        return 0.0
    value = found[0].get("val")
    return int(value) / 100 if found[0].tag == qn("a:spcPts") else _share(value) * size


def _share(value: str) -> float:
    return float(value.rstrip("%")) / 100 if value.endswith("%") else int(value) / 100_000
