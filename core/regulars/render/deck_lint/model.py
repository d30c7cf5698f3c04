"""A deck as the rules see it: slides, shapes with absolute boxes, text with its inherited look, charts, tables, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from regulars.render.deck.box import Box
from regulars.render.deck.measure import Face
from regulars.render.deck.theme import Rgb

FOOTERS = {"ftr", "sldNum", "dt"}
TITLES = {"title", "ctrTitle"}


class Kind(StrEnum):
    """What a shape is."""

    TEXT = "text"
    TABLE = "table"
    CHART = "chart"
    PICTURE = "picture"
    GROUP = "group"
    LINE = "line"
    OTHER = "other"


@dataclass(frozen=True)
class Run:
    """Text of one look. Size in points; `colour` None where it cannot be known; `own_size` where the run says it."""

    text: str
    size: float
    bold: bool
    colour: Rgb | None
    own_size: bool = False
    typeface: str = ""  # written on the run, empty where inherited


@dataclass(frozen=True)
class Paragraph:
    """Runs with line spacing (a share), space before and after, and indent, in points."""

    runs: tuple[Run, ...]
    spacing: float = 1.0
    before: float = 0.0
    after: float = 0.0
    indent: float = 0.0
    bullet: bool = False
    empty_size: float = 18.0

    @property
    def text(self) -> str:
        """Return the text without its looks."""
        return "".join(run.text for run in self.runs)

    @property
    def size(self) -> float:
        """Return the largest size in points."""
        return max((run.size for run in self.runs), default=self.empty_size)


@dataclass(frozen=True)
class Cell:
    """A table cell: text, room in points, margins above and below in points, and the colour behind the text."""

    row: int
    column: int
    paragraphs: tuple[Paragraph, ...]
    width: float
    margins: float
    ground: Rgb | None
    marker: str = ""  # theme colour of a thick line at its left

    @property
    def text(self) -> str:
        """Return the paragraphs, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Table:
    """A table with the heights of its rows in points."""

    cells: tuple[tuple[Cell, ...], ...]
    heights: tuple[float, ...]
    plain: bool  # without a ready-made style, whose colours the file does not say

    def column(self, number: int) -> list[str]:
        """Return the texts of a column below its heading."""
        return [row[number].text for row in self.cells[1:] if number < len(row)]


@dataclass(frozen=True)
class Series:
    """A row of numbers as the chart keeps it, and where in its workbook it comes from."""

    name: str
    values: tuple[float | None, ...]
    categories: tuple[str, ...]
    plot: str  # the element of its plot, such as barChart
    paint: Any  # the solid fill or line, an element, or None
    element: Any
    references: Mapping[str, str]  # "name", "categories", "values": formulas


@dataclass(frozen=True)
class Chart:
    """A chart with its workbook's bytes, or None where there is none."""

    element: Any
    series: tuple[Series, ...]
    workbook: bytes | None

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the categories of the first series."""
        return self.series[0].categories if self.series else ()


@dataclass(frozen=True)
class Shape:
    """One shape. `room` is its width and height for text, in points; `ground` is the colour behind the text."""

    name: str
    kind: Kind
    box: Box
    element: Any
    slot: str | None = None  # type of the placeholder; "body" where it has none
    paragraphs: tuple[Paragraph, ...] = ()
    room: tuple[float, float] = (0.0, 0.0)
    wraps: bool = True
    grows: bool = False
    shrinks: bool = False
    alt: str = ""
    decorative: bool = False
    prompt: str = ""  # the text of the layout's placeholder
    ground: Rgb | None = None
    has_field: bool = False
    table: Table | None = None
    chart: Chart | None = None
    children: tuple[Shape, ...] = ()

    @property
    def text(self) -> str:
        """Return the paragraphs, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def written(self) -> bool:
        """Say whether the shape shows text of its own."""
        return bool(self.text.strip())

    @property
    def is_title(self) -> bool:
        """Say whether this is a title placeholder."""
        return self.slot in TITLES

    @property
    def is_footer(self) -> bool:
        """Say whether this is a footer, date or page number, as a placeholder or drawn in its place."""
        return self.slot in FOOTERS or (self.slot is None and self.name in {"Footer", "Slide Number"})

    def leaves(self) -> Iterator[Shape]:
        """Return the shape, or what a group holds."""
        if self.kind is Kind.GROUP:
            for child in self.children:
                yield from child.leaves()
        else:
            yield self


@dataclass(frozen=True)
class Slide:
    """A slide. `cover` is one that opens, parts or closes the deck."""

    number: int
    layout: str
    cover: bool
    shapes: tuple[Shape, ...]
    leaves: tuple[Shape, ...]
    title: Shape | None
    source: Shape | None
    notes: str
    major: Face
    minor: Face
    element: Any
    theme: Mapping[str, Rgb]
    background: Rgb | None
    hidden: bool = False
    part: str = ""

    @property
    def exhibits(self) -> tuple[Shape, ...]:
        """Return charts, tables, pictures and drawings."""
        shown = {Kind.CHART, Kind.TABLE, Kind.PICTURE, Kind.GROUP}
        return tuple(shape for shape in self.shapes if shape.kind in shown and not shape.decorative)

    @property
    def charts(self) -> tuple[Shape, ...]:
        """Return the shapes that are charts."""
        return tuple(shape for shape in self.leaves if shape.chart is not None)

    @property
    def tables(self) -> tuple[Shape, ...]:
        """Return the shapes that are tables."""
        return tuple(shape for shape in self.leaves if shape.table is not None)

    def face(self, shape: Shape, paragraph: Paragraph | None = None) -> Face:
        """Return the typeface that a shape's text is set in."""
        from regulars.render.deck.measure import face  # noqa: PLC0415  named like the method

        written = next((run.typeface for run in (paragraph.runs if paragraph else ()) if run.typeface), "")
        if written and not written.startswith("+"):
            return face(written)
        return self.major if written == "+mj-lt" or (shape.is_title and not written) else self.minor


@dataclass(frozen=True)
class Word:
    """A printed word with its box in points from the upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A printed slide: size in points, words, and whether it is all of one colour."""

    width: float
    height: float
    words: tuple[Word, ...]
    blank: bool


@dataclass(frozen=True)
class Deck:
    """A deck, its package (parts by name) and, where it was printed, its pages and their fonts."""

    name: str
    size: int
    width: int
    height: int
    slides: tuple[Slide, ...]
    parts: Mapping[str, bytes]
    pages: tuple[Page, ...] | None = None
    fonts: tuple[str, ...] = ()
    known: tuple[float, ...] | None = None  # every number that may be shown, where somebody said so
