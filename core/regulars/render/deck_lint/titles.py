"""Rules for titles: they are there, short, sentences with a number, each its own, and proved by the slide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from regulars.base.units import counted
from regulars.render.deck.box import inches
from regulars.render.deck_lint.figures import Token, exempt, matches, numbers_of_slide, tokens, tokens_of_slide
from regulars.render.deck_lint.finding import Said, Severity, Spot, deck_rule, slide_rule
from regulars.render.deck_lint.model import Deck, Slide
from regulars.render.deck_lint.room import MOST_TITLE_LINES, lines_of, title_lines

FEWEST_WORDS = 5
SAME_PLACE = inches(0.02)


@slide_rule(
    "TITLE-MISSING", Severity.ERROR, "Every slide has a title.", "give it a title, in the title's own placeholder"
)
def missing(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides without a title."""
    if slide.title is None or not slide.title.written:
        yield "", "it has no title"


@slide_rule(
    "TITLE-LINES", Severity.ERROR, "A title takes two lines at most.", "shorten the title; never shrink it to fit"
)
def lines(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find titles of more than two lines."""
    if slide.title is not None and not slide.cover and (count := title_lines(slide, slide.title)) > MOST_TITLE_LINES:
        yield slide.title.name, f"the title takes {count} lines"


@slide_rule(
    "TITLE-TOPIC",
    Severity.WARNING,
    "A title is a sentence of at least five words that says the message.",
    "write what the slide shows as a sentence",
)
def topic(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find titles that name a topic."""
    if slide.title is not None and slide.title.written and not slide.cover:
        count = len(slide.title.text.split())
        if count < FEWEST_WORDS:
            yield slide.title.name, f"'{slide.title.text}' names a topic in {counted(count, 'word')}"


@slide_rule(
    "TITLE-NO-NUMBER",
    Severity.WARNING,
    "The title of a slide with an exhibit holds its number.",
    "put the number that proves the message into the title",
)
def number(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find titles without a number."""
    shown = slide.title is not None and slide.title.written and not slide.cover and slide.exhibits
    if shown and slide.title is not None and not re.search(r"\d", slide.title.text) and not _counts(slide.title.text):
        yield slide.title.name, "the title holds no number"


@slide_rule(
    "TITLE-WIDOW",
    Severity.WARNING,
    "No single word is left for the last line of a title.",
    "shorten the title, or narrow its box so that the lines are alike",
)
def widow(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find titles whose last line is one word."""
    if slide.title is None or slide.cover or not slide.title.written:
        return
    last = slide.title.paragraphs[-1]
    face, width = slide.face(slide.title, last), slide.title.room[0]
    words = last.text.split()
    count = lines_of(last, face, width)
    bold = any(run.bold for run in last.runs)
    if count > 1 and len(words) > 1 and face.lines_of_runs(((" ".join(words[:-1]), bold),), last.size, width) < count:
        yield slide.title.name, f"'{words[-1]}' stands alone on the last line"


@deck_rule("TITLE-DUPLICATE", Severity.ERROR, "No two slides have the same title.", "say what this slide adds")
def duplicate(deck: Deck) -> Iterable[Spot]:
    """Find titles that stand on several slides."""
    titles = {slide.number: slide.title.text.strip() for slide in deck.slides if slide.title and slide.title.written}
    count = Counter(title.casefold() for title in titles.values())
    first: dict[str, int] = {}
    for place, title in titles.items():
        before = first.setdefault(title.casefold(), place)
        if count[title.casefold()] > 1 and before != place:
            yield Spot(place, "", f"its title is that of slide {before}")


@deck_rule(
    "TITLE-POSITION",
    Severity.WARNING,
    "Titles of one layout stand in one place, to 0.02 in.",
    "move the title back to where its layout has it",
)
def position(deck: Deck) -> Iterable[Spot]:
    """Find titles that stand elsewhere than those of the same layout."""
    places: dict[str, Counter[tuple[int, int]]] = {}
    for slide in deck.slides:
        if slide.title is not None:
            places.setdefault(slide.layout, Counter())[slide.title.box.left, slide.title.box.top] += 1
    for slide in deck.slides:
        if slide.title is None:
            continue
        (left, top), _ = places[slide.layout].most_common(1)[0]
        box = slide.title.box
        if abs(box.left - left) > SAME_PLACE or abs(box.top - top) > SAME_PLACE:
            yield Spot(slide.number, slide.title.name, f"the title stands elsewhere than on other '{slide.layout}'")


@slide_rule(
    "TITLE-PROVEN",
    Severity.WARNING,
    "A number in the title stands in the body too, in full or in brief, or follows from a number of a chart.",
    "show the number in the exhibit or in the text beside it, or correct it",
)
def proven(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find numbers of titles that the slide does not show."""
    if slide.title is None or slide.cover or not slide.exhibits:
        return
    shown = numbers_of_slide(slide, but=slide.title)
    brief = [token for token in tokens_of_slide(slide, but=slide.title) if token.step > 1]
    for token in tokens(slide.title.text):
        if not exempt(token) and not any(matches(token, value) for value in shown) and not _in_brief(token, brief):
            yield slide.title.name, f"nothing on the slide shows {token.text}"


def _in_brief(token: Token, brief: list[Token]) -> bool:
    """Say whether a number is shown shortened, as 12.8M for 12,750,000."""
    return any(matches(other, token.value) for other in brief)


def _counts(title: str) -> bool:
    return bool(
        re.search(r"\b(half|third|quarter|fifth|tenth|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", title, re.IGNORECASE)
    )  # fmt: skip


RULES = (missing, lines, topic, number, widow, duplicate, position, proven)
