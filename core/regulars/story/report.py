"""The written report: an outline, filled with the sheets' tables and charts, the facts and their sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import NUMBER, Value
from regulars.story.outlines import Block, Outline, known_names
from regulars.story.outlines.names import ANY
from regulars.story.outlines.outline import LAST, ColumnOf, PartOf
from regulars.story.report_spec import Bullets, Grid, Heading, KeyFigures, Paragraph, Part, Picture, Report
from regulars.story.report_told import cannot_tell, items, sayable, sentence, told
from regulars.story.sheet_spec import (
    Assumption,
    Assumptions,
    Cell,
    Chart,
    Column,
    Figure,
    Figures,
    Formula,
    Input,
    Link,
    Row,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars.story.sheets.clusters import clusters_sheet
from regulars.story.sheets.impact import impact_sheet
from regulars.story.sheets.lifetime import lifetime_sheet
from regulars.story.sheets.lists import lists_sheet
from regulars.story.sheets.method import method_sheet
from regulars.story.sheets.movement import movement_sheet
from regulars.story.sheets.performance import performance_sheet
from regulars.story.sheets.playbook import playbook_sheet
from regulars.story.sheets.products import products_sheet
from regulars.story.sheets.quality import quality_sheet
from regulars.story.sheets.segments import segments_sheet
from regulars.story.sheets.since import since_sheet
from regulars.story.sheets.summary import summary_sheet
from regulars.story.sheets.time import acquisition_sheet, trends_sheet
from regulars.story.words import sources

# The sheets that a report may draw on, by name. Lists of all customers and rows belong into the workbook.
SHEETS: Mapping[str, Callable[[Analysis, Facts], SheetSpec]] = {
    "Summary": summary_sheet,
    "Segments": segments_sheet,
    "Segment tables": performance_sheet,
    "Clusters": clusters_sheet,
    "Movement": movement_sheet,
    "Customer lists": lists_sheet,
    "Financial impact": impact_sheet,
    "Playbook": playbook_sheet,
    "Trends": trends_sheet,
    "Acquisition and cohorts": acquisition_sheet,
    "CLV": lifetime_sheet,
    "Products": products_sheet,
    "Data quality": quality_sheet,
    "Method": method_sheet,
    "Then and now": since_sheet,
}
INCOMPLETE = "(incomplete)"
TONES = {"small": Tone.SMALL, "warning": Tone.WARNING}
ASSUMED = (
    Column("assumption", "Assumption"),
    Column("value", "Value", NUMBER),
    Column("source", "Source"),
    Column("note", "What it is"),
)


def written_report(outline: Outline, analysis: Analysis, facts: Facts) -> Report:
    """Return the report of an analysis. The facts are those of the full set of sheets.

    A sentence that names what the data cannot say is left out, and so is a heading with nothing under it.
    """
    told_of = _Writer(analysis, facts)
    parts = [part for block in outline.blocks for part in told_of.block(block)]
    lead = told_of.sheet("Summary").lead
    footer = [sentence(f"footer.{name}", facts, sources=sources(analysis)) for name in ("data", "assumed", "next")]
    return Report(
        title=facts.say(outline.title),
        subtitle=facts.say(outline.subtitle),
        parts=(Paragraph(lead, tone=Tone.SMALL), *_without_empty_sections(parts)),
        footer=tuple(line for line in footer if line),
        author=analysis.settings.analyst or "",
        currency=facts.currency,
    )


def _without_empty_sections(parts: list[Part]) -> Iterator[Part]:
    """Yield the parts without headings that have nothing before the next one of their level or above."""
    for number, part in enumerate(parts):
        if isinstance(part, Heading):
            following = parts[number + 1 :]
            end = next(
                (at for at, one in enumerate(following) if isinstance(one, Heading) and one.level <= part.level),
                len(following),
            )
            if all(isinstance(one, Heading) for one in following[:end]):
                continue
        yield part


class _Writer:
    """Turns blocks of an outline into parts of a report; each sheet is made once, when first asked for."""

    def __init__(self, analysis: Analysis, facts: Facts) -> None:
        self.analysis, self.facts = analysis, facts
        self._sheets: dict[str, SheetSpec] = {}

    def sheet(self, name: str) -> SheetSpec:
        if name not in self._sheets:
            unknown = name == "Then and now" and self.analysis.hindsight is None
            empty = SheetSpec(name, self.sheet("Summary").kind, name, "", ()) if unknown else None
            self._sheets[name] = empty or SHEETS[name](self.analysis, self.facts)
        return self._sheets[name]

    def block(self, block: Block) -> Iterator[Part]:
        if block.kind == "each":
            yield from self._each(block)
            return
        if block.heading and sayable(block.heading, self.facts):
            yield Heading(self.facts.say(block.heading), block.level)
        found = list(self._content(block))
        if not found and block.otherwise:
            line = sentence(block.otherwise, self.facts)
            found = [Paragraph(line)] if line else []
        yield from found

    def _content(self, block: Block) -> Iterator[Part]:
        value = block.value
        if block.kind in ("text", "say"):
            templates = value if block.kind == "say" else tuple(known_names().texts[key] for key in value)
            yield from _sentences(
                tuple(self.facts.say(one) for one in templates if sayable(one, self.facts)), block.style
            )
        elif block.kind == "told":
            yield from _sentences(told(value[0], self.analysis, self.facts), block.style)
        elif block.kind == "words":
            sheet, _, tone = value[0].partition("/")
            texts = [one for one in self.sheet(sheet).blocks if isinstance(one, Text) and tone in ("", one.tone)]
            yield from _sentences(tuple(line for one in texts for line in one.sentences), block.style)
        elif block.kind == "cannot":
            yield from (Paragraph(why, label=what) for what, why in map(cannot_tell, value))
        elif block.kind == "figures":
            yield from (
                KeyFigures(tuple(replace(figure, value=_figure(figure)) for figure in one.figures))
                for one in self.sheet(value[0]).blocks
                if isinstance(one, Figures)
            )
        elif block.kind == "assumptions":
            yield from self._assumptions(block)
        elif block.kind == "table":
            yield from self._table(block)
        elif block.kind == "chart":
            yield from self._chart(block)

    def _each(self, block: Block) -> Iterator[Part]:
        for item in items(block.value[0], self.analysis, self.facts):
            if block.heading:
                yield Heading(self.facts.say(block.heading, **item.words), block.level)
            for part in block.parts:
                yield from _labelled(part, tuple(line for name in part.of for line in item.parts[name]()))

    def _assumptions(self, block: Block) -> Iterator[Part]:
        for one in self.sheet(block.value[0]).blocks:
            if isinstance(one, Assumptions):
                cells = [cell for cell in one.cells if not block.cells or cell.key in block.cells]
                rows = tuple(Row(cell.key, _assumed(cell), unit=cell.unit) for cell in cells)
                yield Grid(Table("assumptions", ASSUMED, rows, one.title))

    def find(self, place: str) -> Table | None:
        """Return a table of a sheet; None where this run does not have it, or it has no rows."""
        sheet, _, key = place.partition("/")
        found = (one for one in self.sheet(sheet).blocks if isinstance(one, Table) and one.key == key and one.rows)
        return next(found, None)

    def _chart(self, block: Block) -> Iterator[Part]:
        place = block.value[0]
        sheet, _, key = place.partition("/")
        table = self.find(place)
        message = sentence(block.message, self.facts) if block.message else None
        for one in self.sheet(sheet).blocks:
            if table is not None and isinstance(one, Chart) and one.table == key:
                chart = one if message is None else replace(one, alt=message)
                yield Picture(chart, replace(table, rows=tuple(map(_plain, table.rows)), total=None))

    def _table(self, block: Block) -> Iterator[Part]:
        table = self.find(block.value[0])
        if table is None:
            return
        picks = [pick for one in block.columns or (ColumnOf(ANY),) for pick in self._picked(one, table, block)]
        # A column that is empty in every row says nothing; the first one names the rows.
        kept = [
            (column, cells)
            for place, (column, cells) in enumerate(picks)
            if place == 0 or any(cells.get(row.key) not in (None, "") for row in table.rows)
        ]
        rows = table.rows if block.most is None else table.rows[: block.most]
        more = len(table.rows) - len(rows)
        notes = [column.note for column, _ in kept if column.note]
        remark = [table.remark if block.notes else "", *(notes if block.notes else ())]
        if more:
            remark.append(
                sentence("more_rows", self.facts, count=f"{more:,}", sheet=block.value[0].partition("/")[0]) or ""
            )
        total = table.total if block.total else None
        yield Grid(
            Table(
                table.key,
                tuple(column for column, _ in kept),
                tuple(replace(row, cells=tuple(cells.get(row.key) for _, cells in kept)) for row in rows),
                table.title if block.title is None else self.facts.say(block.title),
                table.lead if block.notes else "",
                None if total is None else replace(total, cells=tuple(cells.get(_TOTAL) for _, cells in kept)),
                remark=" ".join(part for part in remark if part),
            ),
            block.brief,
        )

    def _picked(self, one: ColumnOf, own: Table, block: Block) -> Iterator[tuple[Column, Mapping[str, Value]]]:
        table = self.find(one.table) if one.table else own
        if table is None:
            return
        named = {other.column for other in block.columns if not other.table}
        for place, column in enumerate(table.columns):
            wanted = column.key == one.column or (one.column == ANY and column.key not in named)
            if one.column == LAST:
                wanted = column is _last_complete(table)
            if wanted:
                cells = {row.key: _value(row.cells[place]) for row in table.rows}
                if table.total is not None:
                    cells[_TOTAL] = _value(table.total.cells[place])
                yield replace(column, title=one.title or column.title), cells


_TOTAL = "\0total"  # no row has such a key


def _last_complete(table: Table) -> Column:
    return [column for column in table.columns if INCOMPLETE not in column.title][-1]


def _value(cell: Cell | Input) -> Value:
    """Return what a cell shows."""
    if isinstance(cell, Input):
        return _value(cell.value)
    if isinstance(cell, Formula):
        return cell.value
    return cell.text if isinstance(cell, Link) else cell


def _plain(row: Row) -> Row:
    return replace(row, cells=tuple(map(_value, row.cells)))


def _figure(figure: Figure) -> Value:
    return figure.value.value if isinstance(figure.value, Formula) else figure.value


def _assumed(cell: Assumption) -> tuple[Value, ...]:
    return cell.label, cell.value, cell.source, cell.note


def _sentences(lines: tuple[str, ...], style: str) -> Iterator[Part]:
    """Yield sentences as a list or as paragraphs."""
    if not lines:
        return
    if style in ("list", "steps") or (style == "warning" and len(lines) > 1):
        yield Bullets(lines, numbered=style == "steps", tone=TONES.get(style, Tone.PLAIN))
        return
    yield from (Paragraph(line, tone=TONES.get(style, Tone.PLAIN)) for line in lines)


def _labelled(part: PartOf, lines: tuple[str, ...]) -> Iterator[Part]:
    """Yield one sentence behind its label, several as a list under it."""
    if len(lines) == 1:
        yield Paragraph(lines[0], label=part.label)
    elif lines:
        if part.label:
            yield Paragraph("", label=part.label)
        yield Bullets(lines)


__all__ = ["SHEETS", "written_report"]
