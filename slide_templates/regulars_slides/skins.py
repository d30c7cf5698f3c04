"""The shipped skins: name, palette, font and manner of each. A new skin is one entry of `SKINS`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Skin:
    """A look: theme colours by slot as RRGGBB, one font, and theme slots for title, rule and cover. Sizes in points."""

    name: str
    theme: str
    font: str
    palette: dict[str, str]
    title_colour: str
    title_size: float
    rule_colour: str
    rule_height: float  # inches
    cover: str  # background of the title slide, sections and the closing slide
    cover_ink: str
    band: str
    band_width: float  # inches


@dataclass(frozen=True)
class Canvas:
    """A slide's size in inches; `suffix` ends the names of files in it."""

    suffix: str
    width: float
    margin: float
    height: float = 7.5


def _palette(text: str, dark: str, light: str, *accents: str) -> dict[str, str]:
    slots = {"dk1": text, "lt1": "FFFFFF", "dk2": dark, "lt2": light}
    named = {f"accent{number}": colour for number, colour in enumerate(accents, start=1)}
    return {**slots, **named, "hlink": accents[0], "folHlink": accents[5]}


EXECUTIVE = Skin(
    name="executive",
    theme="Regulars Executive",
    font="Calibri",
    palette=_palette("1B2430", "0A2540", "F2F5F9", "1F5FA8", "0B7A75", "D99A2B", "C0432F", "5B6B80", "6F4FA0"),
    title_colour="tx2",
    title_size=26,
    rule_colour="accent1",
    rule_height=0.012,
    cover="tx2",
    cover_ink="bg1",
    band="accent1",
    band_width=0.28,
)
BOARDROOM = Skin(
    name="boardroom",
    theme="Regulars Boardroom",
    font="Calibri",
    palette=_palette("26231F", "2F2A25", "F4F1EA", "2A5166", "4A6B3A", "B88A2E", "A03A2C", "6A635A", "71507B"),
    title_colour="tx2",
    title_size=26,
    rule_colour="accent3",
    rule_height=0.02,
    cover="bg2",
    cover_ink="tx2",
    band="tx2",
    band_width=0.28,
)
PLAIN = Skin(
    name="plain",
    theme="Regulars Plain",
    font="Arial",
    palette=_palette("1F1F1F", "333333", "F3F3F3", "2F5D8A", "2A7552", "C79A2E", "B23B3B", "636363", "6A5893"),
    title_colour="tx1",
    title_size=24,
    rule_colour="accent5",
    rule_height=0.01,
    cover="bg1",
    cover_ink="tx1",
    band="accent5",
    band_width=0.06,
)
SKINS = (EXECUTIVE, BOARDROOM, PLAIN)
WIDE = Canvas("", width=13.333, margin=0.6)
NARROW = Canvas("-4x3", width=10.0, margin=0.5)
CANVASES = (WIDE, NARROW)
FILES: dict[str, tuple[Skin, Canvas]] = {
    f"{skin.name}{canvas.suffix}": (skin, canvas) for canvas in CANVASES for skin in SKINS
}
THEMES = frozenset(skin.theme for skin in SKINS)
