"""A template's colours and fonts: what each role looks like, and which text colour can be read on it."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx.opc.constants import RELATIONSHIP_TYPE

from regulars.render.deck.measure import Face, face
from regulars.story.slide_spec import Role
from regulars_slides.skins import THEMES

MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
READABLE = 4.5  # WCAG 2 contrast of running text
VISIBLE = 3.0  # of shapes and large text
ACCENTS = tuple(f"accent{number}" for number in range(1, 7))
PLAIN_SATURATION = 0.35
Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Paint:
    """A theme colour, more or less transparent (over the background a true tint), or lighter (for greys only)."""

    slot: str
    alpha: float = 1.0
    lighter: float = 0.0


OWN_ROLES = {
    Role.BASE: Paint("tx2"),
    Role.HIGHLIGHT: Paint("accent1"),
    Role.POSITIVE: Paint("accent2"),
    Role.NEGATIVE: Paint("accent4"),
    Role.NEUTRAL: Paint("accent5", lighter=0.35),
    Role.LINE: Paint("accent3"),
    Role.EXTRA: Paint("accent6"),
}


@dataclass(frozen=True)
class Theme:
    """Colours by slot as the master maps them, the two fonts, and the paint of each role."""

    name: str
    colours: Mapping[str, Rgb]
    major: Face
    minor: Face
    roles: Mapping[Role, Paint]

    def rgb(self, paint: Paint, over: str = "bg1") -> Rgb:
        """Return the colour that is seen when the paint lies on a background."""
        top, bottom = _lighter(self.colours[paint.slot], paint.lighter), self.colours[over]
        red, green, blue = (
            upper * paint.alpha + lower * (1 - paint.alpha) for upper, lower in zip(top, bottom, strict=True)
        )
        return red, green, blue

    def text_on(self, paint: Paint) -> str:
        """Return the slot of the text colour that is read best on a paint; white where both can be read."""
        seen = self.rgb(paint)
        white, ink = contrast(seen, self.colours["bg1"]), contrast(seen, self.colours["tx1"])
        if max(white, ink) < READABLE:
            # In a dark theme black is neither paper nor ink, and may be what can be read.
            return max(("bg1", "tx1", "dk1", "lt1"), key=lambda slot: contrast(seen, self.colours[slot]))
        return "bg1" if white >= READABLE or white > ink else "tx1"

    def readable(self, paint: Paint) -> Paint:
        """Return the paint, lightened until text on it reaches a contrast of 4.5."""
        while paint.alpha > 0.02 and contrast(self.rgb(paint), self.colours[self.text_on(paint)]) < READABLE:
            paint = replace(paint, alpha=round(paint.alpha - 0.01, 4))
        return paint

    def text_in(self, role: Role, size: float, over: str = "bg1") -> str:
        """Return the slot of a role's text colour, or of plain text where the role is too pale to be read."""
        slot = self.roles[role].slot
        enough = VISIBLE if size >= 18 else READABLE
        return slot if contrast(self.colours[slot], self.colours[over]) >= enough else "tx1"

    def text_in_paint(self, paint: Paint) -> str:
        """Return the slot of a line's colour for its label, or of plain text where it is too pale to be read."""
        return paint.slot if contrast(self.colours[paint.slot], self.colours["bg1"]) >= READABLE else "tx1"

    @property
    def rule(self) -> Paint:
        """Return the paint of thin lines: the theme's grey, or a light shade of its text colour."""
        neutral = self.roles[Role.NEUTRAL]
        return neutral if neutral.slot == "tx1" else Paint(neutral.slot)

    def quiet(self) -> str:
        """Return the slot for subtitles and sources: a readable grey, or plain text."""
        slot = self.roles[Role.NEUTRAL].slot
        saturation = colorsys.rgb_to_hsv(*self.colours[slot])[1]
        calm = saturation <= PLAIN_SATURATION and contrast(self.colours[slot], self.colours["bg1"]) >= READABLE
        return slot if calm else "tx1"


def read_theme(master: Any) -> Theme:
    """Return the theme of a slide master."""
    root = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    scheme = {
        etree.QName(entry).localname: _rgb(entry[0].get("lastClr") or entry[0].get("val"))
        for entry in root.find(f".//{MAIN}clrScheme")
    }
    mapping = dict(master.element.xpath("./p:clrMap")[0].attrib)
    colours = {**scheme, **{name: scheme[slot] for name, slot in mapping.items()}}
    name = root.get("name") or ""
    return Theme(
        name=name,
        colours=colours,
        major=face(_typeface(root, "majorFont")),
        minor=face(_typeface(root, "minorFont")),
        roles=OWN_ROLES if name in THEMES else roles_of(colours),
    )


def roles_of(colours: Mapping[str, Rgb]) -> dict[Role, Paint]:
    """Return a paint for each role from a client's accents, by hue and strength.

    Negative is red only if the theme has a red; otherwise it is the text colour, and the minus sign says the rest.
    """
    paper = colours["bg1"]
    strong = [slot for slot in ACCENTS if contrast(colours[slot], paper) >= VISIBLE]
    vivid = [slot for slot in ACCENTS if _saturation(colours[slot]) > PLAIN_SATURATION]
    highlight = next((slot for slot in strong if slot in vivid), strong[0] if strong else "tx2")
    taken = {highlight}

    def pick(low: float, high: float) -> str | None:
        for slot in vivid:
            hue = colorsys.rgb_to_hsv(*colours[slot])[0] * 360
            if slot not in taken and (low <= hue <= high or low <= hue - 360 <= high):
                taken.add(slot)
                return slot
        return None

    negative = pick(-15, 20)
    positive = pick(70, 190)
    line = pick(21, 69)
    grey = next((slot for slot in ACCENTS if slot not in vivid and slot not in taken), None)
    left = [slot for slot in vivid if slot not in taken]
    base = "tx2" if contrast(colours["tx2"], paper) >= READABLE else "tx1"
    return {
        Role.BASE: Paint(base),
        Role.HIGHLIGHT: Paint(highlight),
        Role.POSITIVE: Paint(positive or (left[0] if left else highlight)),
        Role.NEGATIVE: Paint(negative or "tx1"),
        Role.NEUTRAL: Paint(grey, lighter=0.35) if grey else Paint("tx1", lighter=0.6),
        Role.LINE: Paint(line or (left[1] if len(left) > 1 else "tx1")),
        Role.EXTRA: Paint(left[-1] if left else base),
    }


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the WCAG 2 contrast ratio of two colours, 1 to 21.

    >>> round(contrast((1, 1, 1), (0, 0, 0)))
    21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lighter(colour: Rgb, share: float) -> Rgb:
    if not share:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, light * (1 - share) + share, saturation)


def _saturation(colour: Rgb) -> float:
    return colorsys.rgb_to_hsv(*colour)[1]


def _rgb(text: str) -> Rgb:
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _typeface(root: Any, kind: str) -> str:
    latin = root.find(f".//{MAIN}{kind}/{MAIN}latin")
    return str(latin.get("typeface")) if latin is not None else ""
