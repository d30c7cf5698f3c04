"""Rules for what is written: sources, notes, few words, no jargon, nothing left over from the template."""

from __future__ import annotations

import re
from collections.abc import Iterable

from regulars.render.deck_lint.figures import exempt, matches, numbers_of_shape, tokens
from regulars.render.deck_lint.finding import Said, Severity, Spot, deck_rule, slide_rule
from regulars.render.deck_lint.model import Deck, Kind, Shape, Slide, Table

MOST_WORDS = 90
MOST_WORDS_TO_READ = 170  # where sentences are set as a table: a page to be read, not to be talked over
MOST_BULLETS = 5
LEFTOVER = re.compile(
    r"click to (add|edit)|lorem ipsum|\[(your |insert |client|company|date|name|logo|title|x+)[^\]]*\]|"
    r"\b(TBD|TODO|TBC|XXX+)\b|insert (text|title|logo|chart) here|your (text|title|logo) here|sample text|"
    r"klicken sie|cliquez pour|haga clic|fare clic|klik om|clique para|mustertext|\{[a-z_]+(\.[a-z_]+)*\}",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(leverag(e|es|ed|ing)|synerg(y|ies)|low-hanging fruit|deep[- ]dive|holistic|paradigm|best[- ]in[- ]class|"
    r"game[- ]chang(er|ing)|move the needle|circle back|boil the ocean|value[- ]add|actionable insights?|"
    r"cutting[- ]edge|world[- ]class|robust|seamless(ly)?|unlock(s|ed|ing)?|delv(e|es|ed|ing)|utili[sz](e|es|ed|ing)|"
    r"going forward|learnings|ideat(e|ion)|operationali[sz]e)\b",
    re.IGNORECASE,
)
ABBREVIATION = re.compile(r"(?<![\w/.-])[A-Z]{2,5}(?![\w/-]|\.\w)")
# Known to every reader of a deck, or a currency or country.
EVERYDAY = {
    "A", "AM", "AND", "B2B", "B2C", "BC", "CEO", "CFO", "CHF", "CSV", "EU", "EUR", "GBP", "ID", "IDR", "IT", "JPY", "JSON",
    "NO", "NOT", "OK", "OR", "PDF", "PM", "PLN", "SEK", "SMS", "UK", "US", "USA", "USD", "VAT", "VIP",
}  # fmt: skip
DECIMAL_COMMA = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})*,\d{1,2}(?![\d,])")
DECIMAL_POINT = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})*\.\d{1,2}(?![\d.])")


@slide_rule(
    "SOURCE-MISSING",
    Severity.ERROR,
    "Every slide with an exhibit names its source.",
    "add a line that begins with 'Source:'",
)
def source_missing(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find exhibits without a source."""
    if slide.exhibits and not slide.cover and slide.source is None:
        yield "", "it has no source line"


@slide_rule(
    "PAGE-NUMBER-MISSING",
    Severity.WARNING,
    "Every slide with an exhibit shows its number.",
    "insert the slide number",
)
def page_number_missing(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides without a page number."""
    numbered = any(shape.element.find(".//{*}fld[@type='slidenum']") is not None for shape in slide.leaves)
    if slide.exhibits and not slide.cover and not numbered:
        yield "", "it shows no page number"


@slide_rule(
    "NOTES-EMPTY",
    Severity.WARNING,
    "Every slide has speaker notes.",
    "write what to say, and how the numbers came about",
)
def notes_empty(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides without notes."""
    if not slide.notes.strip():
        yield "", "it has no speaker notes"


@slide_rule(
    "HIDDEN-SLIDE",
    Severity.WARNING,
    "No slide is hidden: who gets the file can see it.",
    "show it, or delete it",
)
def hidden_slide(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides that are left out of the show."""
    if slide.hidden:
        yield "", "it is hidden"


@slide_rule(
    "WORDS",
    Severity.WARNING,
    "A slide has at most 90 words beside its data: title, text and labels, without source, footer and tables of numbers; "
    "170 where it sets sentences as a table, to be read rather than talked over.",
    "move detail into the notes, or split the slide",
)
def words(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find slides with many words."""
    count = sum(len(text.split()) for text in _prose(slide))
    told = any(shape.table is not None and _sentences(shape.table) for shape in slide.leaves)
    if count > (MOST_WORDS_TO_READ if told else MOST_WORDS):
        yield "", f"{count} words"


@slide_rule(
    "BULLETS",
    Severity.WARNING,
    "A text has at most five bullets.",
    "put points together, or split the slide",
)
def bullets(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find long lists."""
    for shape in slide.leaves:
        count = sum(1 for one in shape.paragraphs if one.bullet and one.text.strip())
        if count > MOST_BULLETS:
            yield shape.name, f"{count} bullets"


@slide_rule("JARGON", Severity.WARNING, "Plain words: no catchwords of the trade.", "say it in plain words")
def jargon(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find catchwords."""
    for shape in slide.leaves:
        for found in JARGON.finditer(_text(shape)):
            yield shape.name, f"'{found[0]}' is a catchword"


@deck_rule(
    "ABBREVIATION",
    Severity.WARNING,
    "An abbreviation is spelled out once in the deck or its notes, such as 'lifetime value (CLV)'.",
    "spell it out where it comes first",
)
def abbreviation(deck: Deck) -> Iterable[Spot]:
    """Find abbreviations that nobody explains."""
    everything = "\n".join(
        [_text(leaf) for slide in deck.slides for leaf in slide.leaves] + [s.notes for s in deck.slides]
    )
    said: set[str] = set()
    for slide in deck.slides:
        for shape in slide.leaves:
            text = _text(shape)
            for found in ABBREVIATION.findall(text):
                shouted = text.upper() == text
                explained = re.search(rf"\({found}\)|\b{found}\s*(:|=|means|stands for)|\b{found} \(", everything)
                if found not in EVERYDAY and found not in said and not shouted and not explained:
                    said.add(found)
                    yield Spot(slide.number, shape.name, f"'{found}' is not spelled out anywhere")


@slide_rule(
    "TEMPLATE-LEFTOVER",
    Severity.ERROR,
    "Nothing is left over from a template: no prompts, no filler, no names of slots.",
    "write the text, or delete it",
)
def template_leftover(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find prompts and filler."""
    for shape in slide.leaves:
        text = _text(shape)
        found = LEFTOVER.search(text)
        is_prompt = shape.slot is not None and shape.prompt and text.strip() == shape.prompt and not shape.is_footer
        if found:
            yield shape.name, f"'{found[0]}' is left over"
        elif is_prompt and not shape.has_field:
            yield shape.name, "its text is the template's prompt"


@deck_rule(
    "LOCALE",
    Severity.WARNING,
    "Numbers are written in one way: with a decimal point or with a decimal comma.",
    "write all of them alike",
)
def locale(deck: Deck) -> Iterable[Spot]:
    """Find decks with both kinds of decimals."""
    texts = [(slide.number, leaf) for slide in deck.slides for leaf in slide.leaves]
    commas = [(place, leaf.name, found[0]) for place, leaf in texts if (found := DECIMAL_COMMA.search(_text(leaf)))]
    points = [(place, leaf.name, found[0]) for place, leaf in texts if (found := DECIMAL_POINT.search(_text(leaf)))]
    if commas and points:
        place, name, odd = min((commas, points), key=len)[0]
        other = max((points, commas), key=len)[0][2]
        yield Spot(place, name, f"'{odd}' beside '{other}'")


@deck_rule(
    "ORPHAN-NUMBER",
    Severity.WARNING,
    "Every number of a text or table is one of the run's, as `--facts` gives them; counts to 12, years and lengths of time are free.",
    "correct it, or trace it to its source",
)
def orphan_number(deck: Deck) -> Iterable[Spot]:
    """Find numbers that the run did not compute."""
    if deck.known is None:
        return
    charted = [one for slide in deck.slides for leaf in slide.charts for one in numbers_of_shape(leaf)]
    known = sorted({abs(number) for number in (*deck.known, *charted)})
    for slide in deck.slides:
        for shape in slide.leaves:
            for token in tokens(_text(shape)):
                if not exempt(token) and not any(matches(token, value) for value in known):
                    yield Spot(slide.number, shape.name, f"{token.text} is no number of the run")
        for token in tokens(slide.notes):
            if not exempt(token) and not any(matches(token, value) for value in known):
                yield Spot(slide.number, "", f"{token.text} in the notes is no number of the run")


def _text(shape: Shape) -> str:
    cells = [cell.text for row in shape.table.cells for cell in row] if shape.table is not None else []
    return "\n".join([shape.text, *cells])


def _prose(slide: Slide) -> Iterable[str]:
    for shape in slide.leaves:
        if shape.is_footer or shape is slide.source:
            continue
        if shape.kind is Kind.TABLE and shape.table is not None:
            yield from _sentences(shape.table)
        else:
            yield shape.text


def _sentences(table: Table) -> list[str]:
    """Return the sentences of a table; none where it is one of numbers."""
    cells = [cell.text for row in table.cells for cell in row]
    found = [text for text in cells if len(text.split()) > 3]
    return found if len(found) * 4 >= len(cells) else []


RULES = (
    source_missing,
    page_number_missing,
    notes_empty,
    hidden_slide,
    words,
    bullets,
    jargon,
    abbreviation,
    template_leftover,
    locale,
    orphan_number,
)
