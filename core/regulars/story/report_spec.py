"""The written report as frozen data: headings, paragraphs, lists, tables and charts, before anyone formats them."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.base.units import NO_CURRENCY, Currency
from regulars.story.sheet_spec import Chart, Figure, Table, Tone


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the report's own title, so that sections begin at 2."""

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, with a word before it in bold where it has one."""

    text: str
    label: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; `numbered` where their order means something."""

    items: tuple[str, ...]
    numbered: bool = False
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Grid:
    """A table of plain values: what a sheet shows as a formula or an input stands here as its value."""

    table: Table
    brief: bool = False  # money in short form, for tables with a column a month


@dataclass(frozen=True)
class Picture:
    """A chart with the table that it draws."""

    chart: Chart
    table: Table


@dataclass(frozen=True)
class KeyFigures:
    """Key figures, shown large."""

    figures: tuple[Figure, ...]


Part = Heading | Paragraph | Bullets | Grid | Picture | KeyFigures


@dataclass(frozen=True)
class Report:
    """A whole report, from top to bottom."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    footer: tuple[str, ...] = ()
    author: str = ""
    currency: Currency = NO_CURRENCY
