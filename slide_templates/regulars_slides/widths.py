"""Write `widths.json`: advance widths of two free faces that are as wide as Calibri and Arial.

`python -m regulars_slides.widths FOLDER`, where FOLDER holds the Carlito and Liberation Sans files. Needs fontTools;
decks are measured with the JSON file alone, so that they come out the same on machines without the fonts.
"""

from __future__ import annotations

import json
import sys
from itertools import chain
from pathlib import Path

TARGET = Path(__file__).with_name("widths.json")
FACES = {
    "Carlito": ("Carlito-Regular", "Carlito-Bold"),
    "Liberation Sans": ("LiberationSans-Regular", "LiberationSans-Bold"),
}
BLOCKS = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x370, 0x460),
    (0x2010, 0x2040),
    (0x20A0, 0x20C0),
    (0x2190, 0x2194),
    (0x2200, 0x2270),
)


def advances(folder: Path) -> dict[str, object]:
    """Return the widths in thousandths of an em and the line height in ems, by face and weight."""
    return {
        face: {"line": _line(folder, regular), "regular": _widths(folder, regular), "bold": _widths(folder, bold)}
        for face, (regular, bold) in FACES.items()
    }


def _open(folder: Path, name: str) -> object:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  needed by this script alone

    return TTFont(next(folder.rglob(f"{name}.ttf")))


def _widths(folder: Path, name: str) -> dict[str, int]:
    font = _open(folder, name)
    glyphs, metrics = font.getBestCmap(), font["hmtx"].metrics  # type: ignore[attr-defined,index]
    em = font["head"].unitsPerEm  # type: ignore[index]
    codes = chain.from_iterable(range(*block) for block in BLOCKS)
    return {chr(code): round(metrics[glyphs[code]][0] * 1000 / em) for code in codes if code in glyphs}


def _line(folder: Path, name: str) -> float:
    font = _open(folder, name)
    hhea, os2, em = font["hhea"], font["OS/2"], font["head"].unitsPerEm  # type: ignore[index]
    return float(round(max(hhea.ascent - hhea.descent + hhea.lineGap, os2.usWinAscent + os2.usWinDescent) / em, 3))


if __name__ == "__main__":
    TARGET.write_text(json.dumps(advances(Path(sys.argv[1])), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
