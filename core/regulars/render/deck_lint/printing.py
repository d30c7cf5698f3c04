"""Print a deck with LibreOffice and read the pages back: words with their places, blank pages, fonts."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from regulars.base.errors import InputError
from regulars.render.deck_lint.model import Deck, Page, Word

PROGRAMS = ("soffice", "pdftotext", "pdftoppm")
PATIENCE = 300  # seconds
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


def missing_programs() -> tuple[str, ...]:
    """Return the programs that printing needs and that are not installed."""
    return tuple(name for name in PROGRAMS if shutil.which(name) is None)


def printed(deck: Deck, path: Path) -> Deck:
    """Return the deck with its printed pages.

    Raises InputError when LibreOffice makes no pages of it.
    """
    with tempfile.TemporaryDirectory(prefix="regulars-") as name:
        folder = Path(name)
        shutil.copyfile(path, folder / "deck.pptx")
        profile = (folder / "profile").resolve().as_uri()
        _run(
            ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir", name, str(folder / "deck.pptx")]
        )  # fmt: skip
        if not (folder / "deck.pdf").exists():
            raise InputError(
                f"LibreOffice could not draw the deck '{path}'", remedy="open it in PowerPoint and save it anew"
            )
        text = _run(["pdftotext", "-bbox", str(folder / "deck.pdf"), "-"]).decode("utf-8", "replace")
        _run(["pdftoppm", "-r", "20", "-gray", str(folder / "deck.pdf"), str(folder / "page")])
        pictures = [one.read_bytes() for one in sorted(folder.glob("page-*.pgm"))]
    return replace(deck, pages=pages_of(text, pictures))


def pages_of(text: str, pictures: Sequence[bytes]) -> tuple[Page, ...]:
    """Return the pages that `pdftotext -bbox` lists, with their pictures as PGM files."""
    found = PAGE.findall(text)
    blank = [is_blank(picture) for picture in pictures]
    return tuple(
        Page(float(width), float(height), tuple(_words(body)), blank[number] if number < len(blank) else False)
        for number, (width, height, body) in enumerate(found)
    )


def is_blank(picture: bytes) -> bool:
    r"""Say whether a binary PGM picture is all of one shade, its outermost pixels left out: they show half a pixel.

    >>> is_blank(b"P5\n3 3\n255\n" + b"\x07" * 9), is_blank(b"P5\n4 3\n255\n" + bytes(range(12)))
    (True, False)
    """
    header = re.match(rb"P5\s+(\d+)\s+\d+\s+\d+\s", picture)
    if header is None:
        return False
    width, pixels = int(header[1]), picture[header.end() :]
    inner = {
        shade for start in range(width, len(pixels) - width, width) for shade in pixels[start + 1 : start + width - 1]
    }
    return len(inner) == 1


def _words(body: str) -> list[Word]:
    return [
        Word(html.unescape(text), float(left), float(top), float(right), float(bottom))
        for left, top, right, bottom, text in WORD.findall(body)
    ]


def _run(command: list[str]) -> bytes:
    try:
        done = subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise InputError(
            f"{command[0]} did not manage to draw the deck", remedy="open it in PowerPoint and save it anew"
        ) from problem
    return done.stdout
