"""The finished layout of a sheet, as data: which cells belong to which block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regulars.render.workbook.formulas import Names
from regulars.story.sheet_spec import Assumptions, Chart, Figures, SheetSpec, Table, Text

LEFT = 1  # column B: column A is the margin
TILES_A_ROW = 4


@dataclass(frozen=True)
class Span:
    """Columns from first to last, merged when they are several."""

    first: int
    last: int


@dataclass(frozen=True)
class ChartPlace:
    """Where a chart stands: the cell it is anchored at and its size in pixels."""

    chart: Chart
    row: int
    column: int
    width: int
    height: int
    indent: int = 0


@dataclass(frozen=True)
class BlockPlace:
    """A block with its rows: `title` and `lead` are None when it has none, `start` is its first row below them."""

    block: Table | Figures | Text | Assumptions
    title: int | None
    lead: int | None
    start: int
    notes: tuple[tuple[int, str], ...] = ()  # small print under a table


@dataclass(frozen=True)
class SheetPlan:
    """The finished layout of a sheet."""

    sheet: SheetSpec
    widths: tuple[float, ...]  # from column A on
    page: Span  # all columns of the page
    text: Span  # the columns that prose runs over
    source: Span  # the columns of an assumption's source; its note takes the rest of the page
    link_row: int | None
    last_row: int
    heights: Mapping[int, float]  # points, where a row differs from the default
    blocks: tuple[BlockPlace, ...]
    charts: tuple[ChartPlace, ...]
    names: Names
    freeze_row: int
    repeat_row: int | None  # the header that every printed page shows again
    breaks: tuple[int, ...]  # rows that begin a printed page

    def width(self, span: Span) -> float:
        """Return the width of a span in digits of the body font."""
        return sum(self.widths[span.first : span.last + 1])


def tile_spans(widths: tuple[float, ...], page: Span, tiles: int) -> list[Span]:
    """Divide the page among tiles as evenly as its columns allow.

    >>> tile_spans((2.7, 24.0, 12.0, 12.0, 12.0, 12.0), Span(1, 5), 3)
    [Span(first=1, last=1), Span(first=2, last=3), Span(first=4, last=5)]
    """
    spans: list[Span] = []
    column = page.first
    for left in range(tiles, 0, -1):
        if column > page.last:
            break
        target = sum(widths[column : page.last + 1]) / left
        used, end = widths[column], column
        while end + left - 1 < page.last and abs(used + widths[end + 1] - target) <= abs(used - target):
            end += 1
            used += widths[end]
        spans.append(Span(column, end))
        column = end + 1
    return spans


def note_span(source: Span, text: Span, page: Span) -> Span:
    """Return the columns right of an assumption's source: four at least, where the page has them."""
    return Span(source.last + 1, max(text.last, source.last + 1, min(source.last + 4, page.last)))
