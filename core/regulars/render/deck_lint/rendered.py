"""Rules for the printed deck: nothing blank, cut off, lost, below its shape, or on other words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from regulars.render.deck.box import EMU_PER_POINT
from regulars.render.deck_lint.finding import WHOLE_DECK, Rule, Said, Severity, Spot, page_rule
from regulars.render.deck_lint.model import Deck, Kind, Page, Slide, Word

EDGE = 1.0  # points
BELOW = 8.0  # points by which a line may hang under its shape: descenders, other heights of lines
COLLIDING = 0.3
SHORTEST = 3  # letters of a word that is looked for


@page_rule("RENDER-BLANK", Severity.ERROR, "No page is blank.", "fill the slide or delete it")
def blank(_: Deck, __: Slide, page: Page) -> Iterable[Said]:
    """Find pages of one colour."""
    if page.blank:
        yield "", "the page is blank"


@page_rule("RENDER-OFF-PAGE", Severity.ERROR, "No printed word leaves the page.", "move the text, or make it smaller")
def off_page(_: Deck, __: Slide, page: Page) -> Iterable[Said]:
    """Find words beyond the edges."""
    for word in page.words:
        inside = word.left >= -EDGE and word.top >= -EDGE
        if not (inside and word.right <= page.width + EDGE and word.bottom <= page.height + EDGE):
            yield "", f"'{word.text}' leaves the page"


@page_rule(
    "RENDER-OVERFLOW",
    Severity.ERROR,
    "No printed line hangs below the shape that it belongs to.",
    "shorten the text or enlarge the shape",
)
def overflow(deck: Deck, slide: Slide, page: Page) -> Iterable[Said]:
    """Find text that is printed below its shape."""
    scale = page.width / deck.width * EMU_PER_POINT if deck.width else 1.0
    for shape in slide.leaves:
        if shape.kind is not Kind.TEXT or not shape.written or shape.has_field:
            continue
        left, top, right, bottom = (
            edge / EMU_PER_POINT * scale for edge in (shape.box.left, shape.box.top, shape.box.right, shape.box.bottom)
        )
        own = Counter(_bare(word) for word in shape.text.split())
        inside = Counter(
            _bare(word.text) for word in page.words if _within(word, left, right) and top - EDGE <= word.top <= bottom
        )
        lost = own - inside
        hanging = [
            word
            for word in page.words
            if _within(word, left, right) and word.bottom > bottom + BELOW and len(_bare(word.text)) > SHORTEST
            and lost[_bare(word.text)]
        ]  # fmt: skip
        straddling = [
            word
            for word in page.words
            if _within(word, left, right) and top <= word.top <= bottom and word.bottom > bottom + BELOW
            and own[_bare(word.text)]
        ]  # fmt: skip
        low = max((word.bottom for word in (*hanging, *straddling)), default=bottom)
        if low > bottom + BELOW:
            yield shape.name, f"its text is printed {low - bottom:.0f} pt below it"


@page_rule(
    "RENDER-TEXT-COLLISION",
    Severity.ERROR,
    "No printed words lie on one another by more than 30% of the smaller one.",
    "move one of the texts",
)
def collision(_: Deck, __: Slide, page: Page) -> Iterable[Said]:
    """Find words that are printed on one another."""
    for one, other in _colliding(page.words):
        yield "", f"'{one.text}' is printed on '{other.text}'"


@page_rule(
    "RENDER-TEXT-LOST",
    Severity.ERROR,
    "Every word of a text or table is printed.",
    "check for clipped or hidden text, and for a font that cannot be shown",
)
def lost(_: Deck, slide: Slide, page: Page) -> Iterable[Said]:
    """Find words that are in the file and not on the page."""
    seen = _letters(" ".join(word.text for word in page.words))
    for shape in slide.leaves:
        cells = [cell.text for row in shape.table.cells for cell in row] if shape.table is not None else []
        for word in " ".join([shape.text, *cells]).split():
            wanted = _letters(word)
            # A word may be printed in pieces: it is enough that its letters follow one another somewhere.
            if len(wanted) > SHORTEST and wanted not in seen and not shape.has_field:
                yield shape.name, f"'{word}' is not printed"


def _pages(deck: Deck) -> Iterator[Spot]:
    shown = sum(not slide.hidden for slide in deck.slides)
    if deck.pages is not None and len(deck.pages) != shown:
        yield Spot(WHOLE_DECK, "", f"{shown} slides make {len(deck.pages)} pages")


pages = Rule(
    "RENDER-PAGES",
    Severity.ERROR,
    "Every slide that is shown makes one page.",
    "look for a slide that LibreOffice cannot draw",
    _pages,
    rendered=True,
)


def _colliding(words: tuple[Word, ...]) -> Iterator[tuple[Word, Word]]:
    open_words: list[Word] = []
    for word in sorted((one for one in words if len(one.text) > 1), key=lambda one: one.left):
        open_words = [other for other in open_words if other.right > word.left]
        for other in open_words:
            across = min(word.right, other.right) - max(word.left, other.left)
            down = min(word.bottom, other.bottom) - max(word.top, other.top)
            if across > 0 and down > 0 and across * down > COLLIDING * min(_area(word), _area(other)):
                yield other, word
        open_words.append(word)


def _within(word: Word, left: float, right: float) -> bool:
    return word.left >= left - EDGE and word.right <= right + 8 * EDGE


def _area(word: Word) -> float:
    return (word.right - word.left) * (word.bottom - word.top)


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


RULES = (pages, blank, off_page, overflow, collision, lost)
