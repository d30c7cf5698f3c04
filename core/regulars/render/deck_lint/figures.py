"""Numbers in texts: found, read, and compared at the precision with which they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from regulars.render.deck_lint.model import Kind, Shape, Slide

SMALL = 12  # a count up to here may be said without proof
SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9}
PERIODS = r"(?:day|week|month|quarter|year|hour|minute|order line)s?\b"
NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<sign>[-+\N{MINUS SIGN}\N{PLUS-MINUS SIGN}]?)(?P<unit>[^\w\s.,;:()'\"/%+-]?)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
    r"(?P<scale>(?:K|M|Bn|bn|B|k)(?![A-Za-z]))?(?P<share>\s?%)?(?![\w])(?!\.\d)"
)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(rf"\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b|\b\d{{1,2}} (?:{MONTHS})[a-z]*\.?(?: \d{{4}})?\b|\b(?:{MONTHS})[a-z]* \d{{4}}\b")  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A number as it is written. `value` is in full (a share as a fraction), `step` is its last digit's worth."""

    text: str
    value: float
    step: float
    share: bool
    follows: str = ""  # the word after it


def tokens(text: str) -> Iterator[Token]:
    """Find the numbers of a text, dates left out.

    >>> [(token.text, token.value) for token in tokens("£4.4M of 12,345 on 3 May 2011")]
    [('£4.4M', 4400000.0), ('12,345', 12345.0)]
    >>> [token.value for token in tokens("44.3%")]
    [0.443]
    """
    bare = DATE.sub(lambda found: " " * len(found[0]), text)
    for found in NUMBER.finditer(bare):
        decimals = len(found["decimals"] or ".") - 1
        scale = SCALES.get((found["scale"] or "").casefold(), 1.0) * (0.01 if found["share"] else 1.0)
        value = float(found["digits"].replace(",", "") + (found["decimals"] or "")) * scale
        sign = -1 if found["sign"] in {"-", "\N{MINUS SIGN}"} else 1
        rest = re.match(r"\s*([A-Za-z]+)", bare[found.end() :])
        yield Token(
            found[0].strip(),
            round(sign * value, 10),
            scale * 10.0**-decimals,
            bool(found["share"]),
            rest[1] if rest else "",
        )


def exempt(token: Token) -> bool:
    """Say whether a number needs no proof: a small count, a year, or the length of a period."""
    whole = token.step == 1.0 and not token.share
    small = whole and abs(token.value) <= SMALL and token.text.lstrip("+-\N{MINUS SIGN}").isdigit()
    year = whole and 1900 <= token.value <= 2100 and token.text.isdigit()
    return small or year or bool(re.fullmatch(PERIODS, token.follows)) or token.value == 0


def matches(token: Token, value: float) -> bool:
    """Say whether a number, rounded as the token is, is the token; its sign is left to the words around it.

    >>> token = next(tokens("£4.4M"))
    >>> matches(token, 4_412_870), matches(token, 4_300_000)
    (True, False)
    """
    return abs(abs(token.value) - abs(value)) <= token.step * 0.5000001


def numbers_of_slide(slide: Slide, but: Shape | None = None) -> list[float]:
    """Return every number that a slide shows: texts, cells, values of charts, and sums of what a chart stacks."""
    found: list[float] = []
    for leaf in slide.leaves:
        if leaf is not but:
            found += numbers_of_shape(leaf)
    return found


def tokens_of_slide(slide: Slide, but: Shape | None = None) -> list[Token]:
    """Return every number that a slide writes in texts and cells."""
    return [token for leaf in slide.leaves if leaf is not but for text in _written(leaf) for token in tokens(text)]


def _written(shape: Shape) -> list[str]:
    cells = [cell.text for row in shape.table.cells for cell in row] if shape.table is not None else []
    return [shape.text, *cells]


def numbers_of_shape(shape: Shape) -> list[float]:
    """Return every number of a shape."""
    found = [token.value for token in tokens(shape.text)]
    if shape.table is not None:
        found += [token.value for row in shape.table.cells for cell in row for token in tokens(cell.text)]
    if shape.chart is not None:
        found += [value for series in shape.chart.series for value in series.values if value is not None]
        found += [token.value for category in shape.chart.categories for token in tokens(category)]
    if shape.kind is Kind.CHART:
        found += [token.value for token in tokens(shape.alt)]
    return found
