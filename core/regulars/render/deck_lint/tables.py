"""Rules for tables: no word broken, no row grown off the slide, totals that foot, one precision a column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace

from regulars.render.deck.box import EMU_PER_INCH, EMU_PER_POINT
from regulars.render.deck_lint.figures import Token, tokens
from regulars.render.deck_lint.finding import Said, Severity, slide_rule
from regulars.render.deck_lint.model import Cell, Deck, Kind, Shape, Slide, Table
from regulars.render.deck_lint.room import row_heights, split_lines

TOTALS = re.compile(
    r"(grand |sub)?total\b.*|all( customers| segments)?|sum|gesamt|insgesamt|summe|totale|totaal", re.IGNORECASE
)
TALLER = 1.05
CONTINUED = re.compile(r" \(continued(?: \d+)?\)$")  # what our titles end with where a table goes on
HALF_POINT = 0.5


@slide_rule(
    "TABLE-WORD-BROKEN",
    Severity.ERROR,
    "Every word of a table fits into its column.",
    "widen the column, set the table smaller, or leave out a column",
)
def word_broken(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find words that are wider than their column."""
    for shape in slide.tables:
        for row in shape.table.cells if shape.table is not None else ():
            for cell in row:
                if word := _broken(slide, cell):
                    yield shape.name, f"'{word}' is wider than column {cell.column + 1}"


@slide_rule(
    "TABLE-GROWS-OFF",
    Severity.ERROR,
    "A table, with the rows as high as their text needs, stays on the slide and off what stands below it.",
    "shorten cells, set the table smaller, or split it",
)
def grows_off(deck: Deck, slide: Slide) -> Iterable[Said]:
    """Find tables that will be higher than they are drawn, and run into something."""
    for shape in slide.tables:
        bottom = shape.box.top + round(sum(row_heights(slide, shape)) * EMU_PER_POINT)
        if bottom <= shape.box.bottom + EMU_PER_POINT:
            continue
        if bottom > deck.height:
            yield shape.name, f"it grows {(bottom - deck.height) / EMU_PER_INCH:.2f} in beyond the slide"
        elif met := _met(slide, shape, bottom):
            yield shape.name, f"it grows into '{met.name}'"


@slide_rule(
    "TABLE-ROWS-TALLER-THAN-FRAME",
    Severity.WARNING,
    "The rows of a table add up to the height of its frame.",
    "set the height of the frame to that of the rows",
)
def taller_rows(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find tables whose rows are higher than the frame says."""
    for shape in slide.tables:
        heights = sum(shape.table.heights) if shape.table is not None else 0.0
        frame = shape.box.height / EMU_PER_POINT
        if heights > frame * TALLER + 1:
            yield shape.name, f"the rows are {heights:.0f} pt high, the frame {frame:.0f} pt"


@slide_rule(
    "TOTAL-FOOTS",
    Severity.ERROR,
    "The total of a column is the sum of its rows, to rounding; a total that lies between the least and the most is taken for a mean.",
    "correct the total, or say what is left out",
)
def total_foots(deck: Deck, slide: Slide) -> Iterable[Said]:
    """Find totals that are neither the sum nor a mean of the rows above."""
    for shape in slide.tables:
        table = _whole(deck, slide, shape.table)
        if table is None or not _has_total(table):
            continue
        for column in range(1, len(table.cells[0])):
            *rows, total = (_only(text) for text in table.column(column))
            if total is None or any(one is None for one in rows):
                continue
            parts = [one for one in rows if one is not None]
            if not _foots(parts, total):
                named = table.cells[0][column].text.replace("\n", " ")
                yield shape.name, f"the rows of '{named}' add up to {_sum(parts):,.6g}, the total says {total.text}"


@slide_rule(
    "SHARES-TOTAL",
    Severity.ERROR,
    "Parts of a whole add up to 100%, to rounding: the series of a stacked chart, the column of a table whose total is 100%.",
    "correct the shares, or show what is left over",
)
def shares_total(deck: Deck, slide: Slide) -> Iterable[Said]:
    """Find shares that do not make a whole."""
    for shape in slide.charts:
        chart = shape.chart
        stacked = (
            chart is not None and chart.element.find(".//{*}barChart/{*}grouping[@val='percentStacked']") is not None
        )
        if chart is None or not stacked:
            continue
        for position, category in enumerate(chart.categories):
            heights = [one.values[position] or 0.0 for one in chart.series if position < len(one.values)]
            whole = math.fsum(heights)
            # Amounts may be stacked too; only what calls itself a share must make a whole.
            slack = 0.0005 * len(heights) + 0.001
            if heights and max(heights) <= 1 and 0.5 < whole < 1.5 and abs(whole - 1) > slack:
                yield shape.name, f"the shares of '{_flat(category)}' add up to {whole:.1%}"
    for shape in slide.tables:
        for column, parts, total in _share_columns(_whole(deck, slide, shape.table)):
            whole = math.fsum(one.value for one in parts)
            if total.value == 1 and abs(whole - 1) > math.fsum(one.step for one in parts) / 2 + 1e-9:
                yield shape.name, f"the shares of '{_flat(column)}' add up to {whole:.1%}"


@slide_rule(
    "PRECISION",
    Severity.WARNING,
    "The shares of a column have one number of decimals.",
    "round them alike",
)
def precision(_: Deck, slide: Slide) -> Iterable[Said]:
    """Find columns with shares of different precision."""
    for shape in slide.tables:
        table = shape.table
        if table is None or not table.cells:
            continue
        for column in range(1, len(table.cells[0])):
            steps = {one.step for text in table.column(column) if (one := _only(text)) is not None and one.share}
            if len(steps) > 1:
                yield shape.name, f"shares of '{_flat(table.cells[0][column].text)}' have different decimals"


def _share_columns(table: Table | None) -> Iterable[tuple[str, list[Token], Token]]:
    if table is None or not _has_total(table):
        return
    for column in range(1, len(table.cells[0])):
        *rows, total = [_only(text) for text in table.column(column)]
        parts = [one for one in rows if one is not None]
        if total is not None and total.share and len(parts) == len(rows) and all(one.share for one in parts):
            yield table.cells[0][column].text, parts, total


def _whole(deck: Deck, slide: Slide, table: Table | None) -> Table | None:
    """Return a table with the rows that it has on the slides before, where it is continued from them."""
    title = "" if slide.title is None else slide.title.text
    begun = CONTINUED.sub("", title)
    if table is None or begun == title:
        return table
    for earlier in reversed(deck.slides[: slide.number - 1]):
        if earlier.title is None or CONTINUED.sub("", earlier.title.text) != begun:
            break
        for shape in earlier.tables[:1]:
            table = table if shape.table is None else _joined(shape.table, table)
    return table


def _joined(first: Table, rest: Table) -> Table:
    """Return two parts of a table with the columns that both show."""
    heads = [cell.text for cell in first.cells[0]]
    if not heads or heads[0] != rest.cells[0][0].text:
        return rest  # another table
    pairs = [(heads.index(cell.text), place) for place, cell in enumerate(rest.cells[0]) if cell.text in heads]
    above = [tuple(row[place] for place, _ in pairs) for row in first.cells]
    below = [tuple(row[place] for _, place in pairs) for row in rest.cells[1:]]
    return replace(rest, cells=(*above, *below))


def _has_total(table: Table) -> bool:
    return len(table.cells) > 2 and TOTALS.fullmatch(table.cells[-1][0].text.strip()) is not None


def _foots(parts: list[Token], total: Token) -> bool:
    if total.share:
        return True  # SHARES-TOTAL looks at these
    slack = (math.fsum(one.step for one in parts) + total.step) / 2
    between = min(one.value for one in parts) <= total.value <= max(one.value for one in parts)
    return between or abs(_sum(parts) - total.value) <= slack + 1e-9


def _sum(parts: list[Token]) -> float:
    return math.fsum(one.value for one in parts)


def _only(text: str) -> Token | None:
    """Return the number that a cell consists of."""
    found = list(tokens(text.strip()))
    return found[0] if len(found) == 1 and found[0].text == text.strip() else None


def _broken(slide: Slide, cell: Cell) -> str:
    for paragraph in cell.paragraphs:
        for line in split_lines(paragraph):
            for text, bold in line:
                for word in text.split():
                    if slide.minor.width(word, paragraph.size, bold=bold) > cell.width + HALF_POINT:
                        return word
    return ""


def _met(slide: Slide, shape: Shape, bottom: int) -> Shape | None:
    for other in slide.leaves:
        below = shape.box.bottom - EMU_PER_POINT <= other.box.top < bottom - EMU_PER_POINT
        beside = other.box.right <= shape.box.left or other.box.left >= shape.box.right
        solid = other.kind in {Kind.TEXT, Kind.TABLE, Kind.CHART, Kind.PICTURE} and not other.decorative
        if other is not shape and solid and below and not beside:
            return other
    return None


def _flat(text: str) -> str:
    return " ".join(text.split())


RULES = (word_broken, grows_off, taller_rows, total_foots, shares_total, precision)
