"""Sheets as frozen data: what stands on a result sheet, before anyone knows where. `render/` finds the places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from regulars.base.units import TEXT, Unit, Value


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula with the value it has now, so that programs which do not calculate show the right number.

    Places are named, and the renderer turns names into plain references on the same sheet:
    `{margin}` an assumption cell by its key; `{.reach}` the cell of the same table row in column `reach`;
    `{initiatives.gain}` all data cells of column `gain` of table `initiatives`;
    `{initiatives.gain@winback}` the cell of the row whose key is `winback`.
    """

    template: str  # "={.customers}*{.reach}*{margin}"
    value: float | str | bool | None

    def __post_init__(self) -> None:
        """Take the sign off nought: a spreadsheet program knows one nought only."""
        if isinstance(self.value, float):
            object.__setattr__(self, "value", self.value + 0.0)


@dataclass(frozen=True, slots=True)
class Link:
    """A jump to a sheet of ours in the same workbook."""

    text: str
    sheet: str


Cell = Value | Formula | Link


@dataclass(frozen=True, slots=True)
class Input:
    """A cell that its owner may edit: shown as one, validated, with its default. A formula holds until it is replaced."""

    value: Value | Formula
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    default: Value = None  # shown when the cell is selected; None: nothing is said of it
    whole: bool = False  # numbers without a fraction only


class Heat(StrEnum):
    """Conditional formats that show size."""

    NONE = "none"
    SCALE = "scale"  # one hue, light to dark
    BAR = "bar"  # data bar


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    key: str
    title: str
    unit: Unit = TEXT
    width: float | None = None  # characters; None fits the content
    heat: Heat = Heat.NONE
    note: str = ""  # shown as a remark under the table: how the number comes about
    fixed: bool = False  # its unit holds in every row, also where a row has its own: a change is a share of whatever

    def unit_in(self, row: Row | None) -> Unit:
        """Return the unit that holds in a cell: the row's own one beats the column's, unless that is fixed."""
        return self.unit if row is None or row.unit is None or self.fixed else row.unit


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; a cell with its own unit overrides the column's."""

    key: str
    cells: tuple[Cell | Input, ...]
    unit: Unit | None = None  # for tables that list unlike figures in one column
    strong: bool = False  # total rows and the like


@dataclass(frozen=True)
class Table:
    """A list with a header. `listing` makes it an Excel table: filters, banding, for long lists."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    lead: str = ""  # a sentence between title and header
    total: Row | None = None
    listing: bool = False
    remark: str = ""  # under the table
    printed: int | None = None  # how many columns come onto paper; None: all, 0: not the table, nor what is below it
    record: bool = False  # read by the program alone: not printed, and followed by what was written into which cells


@dataclass(frozen=True)
class Figure:
    """A key figure shown large: the number as a cell, its name and what it covers."""

    label: str
    value: Value | Formula
    unit: Unit
    scope: str = ""  # "2009-12-01 to 2010-12-09"


@dataclass(frozen=True)
class Figures:
    """A row of key figures."""

    figures: tuple[Figure, ...]


class Tone(StrEnum):
    """How a text stands on the sheet."""

    PLAIN = "plain"
    FINDING = "finding"
    WARNING = "warning"
    SMALL = "small"


@dataclass(frozen=True)
class Text:
    """Sentences, each a paragraph of the sheet's width."""

    sentences: tuple[str, ...]
    title: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Assumption:
    """One assumption cell: label, value to edit, unit, its default, and where value and default come from."""

    key: str
    label: str
    value: Value
    unit: Unit
    source: str  # "your profit column" or "assumption"
    note: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    default: Value = None  # None: the value itself
    default_source: str = ""  # of the default; empty: as the value's
    whole: bool = False  # numbers without a fraction only
    measure: str = ""  # its unit in words: "% of revenue", "month"

    @property
    def as_shipped(self) -> Value:
        """Return the default."""
        return self.value if self.default is None else self.default


@dataclass(frozen=True)
class Assumptions:
    """The block of assumption cells that formulas name by key."""

    title: str
    cells: tuple[Assumption, ...]
    lead: str = ""
    changed: str = "changed here"  # where a value comes from that is none of those written


class ChartKind(StrEnum):
    """Native chart types of a sheet."""

    COLUMN = "column"
    BAR = "bar"
    LINE = "line"
    STACKED = "stacked"
    PARETO = "pareto"  # columns of the first series, a line of the second on its own axis
    WATERFALL = "waterfall"  # stacked columns over an unseen first series
    TORNADO = "tornado"  # bars of two series to both sides of nought


@dataclass(frozen=True)
class Chart:
    """A native chart over columns of a table on the same sheet."""

    kind: ChartKind
    title: str  # what it shows, with unit and period
    table: str  # key of the table
    categories: str  # column key
    series: tuple[str, ...]  # column keys
    alt: str  # the message in words, for those who do not see it
    highlight: str = ""  # row key of the one bar that carries the message
    beside: bool = False  # to the right of the table instead of below it
    first: str = ""  # row key of the first row it draws; empty: the table's first
    last: str = ""  # row key of the last row it draws; empty: the table's last that is no sum
    abreast: bool = False  # in one row with the neighbours that are so too; the tables may come further down


Block = Table | Figures | Text | Assumptions | Chart


class SheetKind(StrEnum):
    """Decides the colour of the tab."""

    SUMMARY = "summary"
    SEGMENTS = "segments"
    MONEY = "money"
    LISTS = "lists"
    QUALITY = "quality"


@dataclass(frozen=True)
class SheetSpec:
    """A result sheet: name, a sentence that says what it shows, and blocks from top to bottom."""

    name: str  # at most 31 characters
    kind: SheetKind
    title: str
    lead: str
    blocks: tuple[Block, ...]
    landscape: bool = True


@dataclass(frozen=True)
class WorkbookSpec:
    """All result sheets with what the file says of itself."""

    sheets: tuple[SheetSpec, ...]
    title: str
    properties: Mapping[str, str] = field(default_factory=dict)
