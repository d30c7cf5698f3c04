"""Draw docs/pictures from a finished demo: `make demo && python docs/make_pictures.py demo`. Needs LibreOffice and poppler."""  # noqa: INP001  a script

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

PICTURES: Final = Path(__file__).with_name("pictures")
DOTS: Final = 110  # an inch
EXECUTIVE_SUMMARY: Final = 2
MARGIN: Final = 24  # pixels left around the sheet
COLOURS: Final = 128


def draw(demo: Path) -> None:
    """Write summary.png and slide.png."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sheet = _page(demo / "orders.regulars.xlsx", 1, place)
        height = sheet.height * 19 // 20  # without the page's foot
        paper = Image.new("RGB", (sheet.width, height), "white")
        left, top, right, bottom = ImageChops.difference(sheet.crop((0, 0, sheet.width, height)), paper).getbbox() or (
            0,
            0,
            sheet.width,
            height,
        )
        box = (max(left - MARGIN, 0), max(top - MARGIN, 0), min(right + MARGIN, sheet.width), bottom + MARGIN)
        _save(sheet.crop(box), PICTURES / "summary.png")
        _save(_page(demo / "orders.regulars.pptx", EXECUTIVE_SUMMARY, place), PICTURES / "slide.png")


def _page(document: Path, page: int, place: Path) -> Image.Image:
    home = f"-env:UserInstallation={(place / 'office').as_uri()}"
    out = place / document.suffix[1:]
    subprocess.run(["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", out, document], check=True)
    pdf, picture = out / f"{document.stem}.pdf", out / "page"
    pages = ["-f", str(page), "-l", str(page)]
    subprocess.run(["pdftoppm", "-png", "-r", str(DOTS), *pages, "-singlefile", pdf, picture], check=True)
    return Image.open(picture.with_suffix(".png")).convert("RGB")


def _save(picture: Image.Image, path: Path) -> None:
    picture.quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
