"""Slides as frozen data: title, one exhibit, so-what and source. `render/` fits them into a template."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from regulars.base.units import COUNT, TEXT, Unit, Value


class Role(StrEnum):
    """What a colour means; the renderer takes it from the template's theme."""

    BASE = "base"  # totals
    HIGHLIGHT = "highlight"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    LINE = "line"
    EXTRA = "extra"


@dataclass(frozen=True)
class Series:
    """One row of numbers, as long as the chart's categories; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]
    unit: Unit = COUNT
    role: Role = Role.NEUTRAL


class ChartKind(StrEnum):
    """Recipes for native, editable charts."""

    BAR = "bar"  # sorted bars, one or two highlighted
    COLUMN = "column"
    STACKED_100 = "stacked_100"  # do shares shift?
    PARETO = "pareto"  # columns of the first series, line of the second
    WATERFALL = "waterfall"  # first series; categories in `totals` are totals, the others steps
    HISTOGRAM = "histogram"
    LINE = "line"  # direct labels at the last point
    TORNADO = "tornado"  # bars to both sides of nought; the first series to the left
    BUBBLE = "bubble"  # one point a category; series are across, up and, optionally, size


@dataclass(frozen=True)
class Chart:
    """A native chart."""

    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str  # the message in words, with its numbers
    highlights: tuple[str, ...] = ()  # categories that carry the message
    negatives: tuple[str, ...] = ()  # categories that carry a warning
    totals: tuple[str, ...] = ()
    title: str = ""  # heading of the exhibit, where a slide has two
    crossing: tuple[float, float] | None = None  # where the lines of a bubble chart cross
    logarithmic: bool = False  # both axes of a bubble chart: each step is ten times as much
    corners: tuple[str, ...] = ()  # what its fields mean: top left, top right, bottom left, bottom right


@dataclass(frozen=True)
class SlideColumn:
    """One column of a slide's table; optional ones go first when space is short."""

    title: str
    unit: Unit = TEXT
    optional: bool = False
    tinted: bool = False  # cells tinted by their distance from the column's mean
    heat: bool = False  # cells shaded from light to dark by value


@dataclass(frozen=True)
class SlideTable:
    """A native table. Numbers stand right, texts left."""

    columns: tuple[SlideColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    alt: str
    total: tuple[Value, ...] | None = None
    title: str = ""
    roles: tuple[Role | None, ...] = ()  # a colour for each row's first cell


@dataclass(frozen=True)
class Tile:
    """A key figure shown large."""

    shown: str
    label: str
    role: Role = Role.BASE


@dataclass(frozen=True)
class Statement:
    """A bold lead with its sentence: a row of the executive summary, a risk, a step. `**bold**` marks stress."""

    lead: str
    text: str


@dataclass(frozen=True)
class Statements:
    """Rows of lead and sentence, with key figures above them."""

    rows: tuple[Statement, ...]
    tiles: tuple[Tile, ...] = ()


@dataclass(frozen=True)
class Bar:
    """One bar of a roadmap. Times are in phases: 0 to 1 is the first phase."""

    start: float
    end: float
    text: str
    role: Role = Role.HIGHLIGHT


@dataclass(frozen=True)
class Workstream:
    """A row of a roadmap."""

    name: str
    value: str  # what it brings, as text
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Roadmap:
    """Workstreams over three phases, as native shapes."""

    phases: tuple[Statement, ...]  # lead "0–30 days", text "Protect"
    workstreams: tuple[Workstream, ...]
    alt: str


Exhibit = Chart | SlideTable | Statements | Roadmap


class SlideKind(StrEnum):
    """What a slide is for; the renderer chooses the layout by it."""

    TITLE = "title"
    CONTENT = "content"
    CLOSING = "closing"


@dataclass(frozen=True)
class SlideSpec:
    """One message a slide: the title says it, the exhibit proves it, the so-what draws the consequence.

    One or two exhibits; `so_what` has at most three sentences with `**bold leads**`.
    """

    key: str
    kind: SlideKind
    title: str
    subtitle: str = ""  # metric, unit, scope, period
    exhibits: tuple[Exhibit, ...] = ()
    so_what: tuple[str, ...] = ()
    source: str = ""
    notes: str = ""


@dataclass(frozen=True)
class DeckSpec:
    """The slides with what the file says of itself."""

    title: str
    footer: str
    slides: tuple[SlideSpec, ...]
    currency_code: str | None = None
    analyst: str = ""
    left_out: tuple[str, ...] = ()  # keys of slides that were asked for by name, and that the data cannot carry
