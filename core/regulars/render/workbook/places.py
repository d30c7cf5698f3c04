"""Where everything on a sheet stands: found from the specification alone, before a single cell is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise

from regulars.base.units import Currency
from regulars.render.workbook import measure
from regulars.render.workbook.formulas import Names, TablePlace
from regulars.render.workbook.plan import (
    LEFT,
    TILES_A_ROW,
    BlockPlace,
    ChartPlace,
    SheetPlan,
    Span,
    note_span,
    tile_spans,
)
from regulars.render.workbook.values import tables_of, value_of
from regulars.render.workbook.widths import INDENT, content_widths, header_lines, is_spilling, spilled_width
from regulars.story.sheet_spec import (
    Assumptions,
    Chart,
    Figures,
    Row,
    SheetSpec,
    Table,
    Text,
    Tone,
)
from regulars_workbooks import theme

CHART_GAP = 18  # pixels between a table and the chart beside it
_CHART_LEAST, _CHART_MOST, _BESIDE_MOST = 430, 900, 620  # pixels
_CHART_EDGE = 4  # pixels that keep a chart's border on the printed page
_DEFAULT_ROW = 20  # pixels
_ABREAST_ROWS = 11  # such rows are the height of charts in one row
_SOURCE_WIDTH = 22.0
_PAPER_LONG, _PAPER_SHORT = 1045, 688  # pixels of an A4 page within its margins, lying
_PAPER_USED = 0.94  # printers differ a little; a page that is full to the last row runs over on some
_CUT_LEAST = 12  # rows of a table that may be cut by the end of a page, and
_BARE_PAGE = 0.3  # the share of a page that is too little to be all that stands on it
_FREEZE_MOST = 300.0  # points: frozen rows that fill the window leave nothing to scroll


@dataclass
class _Cursor:
    """The row that comes next, and what has been settled above it."""

    widths: list[float]
    page: Span
    text: Span
    source: Span
    row: int = 0
    heights: dict[int, float] = field(default_factory=dict)
    blocks: list[BlockPlace] = field(default_factory=list)
    charts: list[ChartPlace] = field(default_factory=list)
    assumptions: dict[str, tuple[int, int]] = field(default_factory=dict)
    tables: dict[str, TablePlace] = field(default_factory=dict)

    def room(self, span: Span) -> float:
        return sum(self.widths[span.first : span.last + 1])

    def pixels(self, first: int, last: int) -> int:
        return sum(measure.pixels(width) for width in self.widths[first : last + 1])

    def prose(self, text: str, *, size: float = theme.BODY_SIZE, bold: bool = False, above: float = 0.0) -> int:
        """Reserve a row for prose over the text's columns and return it."""
        lines = measure.line_count(text, self.room(self.text) - INDENT, size, bold=bold)
        return self.take(measure.height(lines, size, above=above))

    def take(self, points: float = theme.ROW_POINTS) -> int:
        """Reserve a row of that height and return it."""
        if points > theme.ROW_POINTS:
            self.heights[self.row] = points
        self.row += 1
        return self.row - 1

    def tops(self, end: int) -> list[int]:
        """Return the pixels above each row, from the first one to `end`."""
        return list(accumulate(map(self._row_pixels, range(end)), initial=0))

    def _row_pixels(self, row: int) -> int:
        return int(self.heights[row] * 4 / 3) if row in self.heights else _DEFAULT_ROW

    def row_below(self, row: int, pixels: int) -> int:
        """Return the first row that begins at least so many pixels below the top of another."""
        while pixels > 0:
            pixels -= self._row_pixels(row)
            row += 1
        return row


def plan_sheet(sheet: SheetSpec, currency: Currency, *, first: bool) -> SheetPlan:
    """Find the place of every block. The first sheet carries no link back to itself.

    Raises ValueError when the specification contradicts itself: keys that come twice, rows of the wrong length,
    charts over tables that are not there.
    """
    _check(sheet)
    cursor = _start(sheet, currency)
    cursor.take(
        measure.height(measure.line_count(sheet.title, cursor.room(cursor.text), theme.TITLE_SIZE, bold=True), 20)
    )
    cursor.heights[cursor.prose(sheet.lead)] = _lead_height(sheet, cursor)
    link_row = None if first else cursor.take()
    title_rows = cursor.row
    for is_abreast, blocks in groupby(sheet.blocks, key=lambda block: isinstance(block, Chart) and block.abreast):
        if is_abreast:
            _place_abreast([block for block in blocks if isinstance(block, Chart)], sheet, cursor)
            continue
        for block in blocks:
            if not isinstance(block, Chart):
                cursor.row += 1
                _place_block(block, sheet, cursor)
            elif not block.beside:
                _place_chart_below(block, cursor)
    last_row = max(cursor.row - 1, *(_chart_end(chart, cursor) for chart in cursor.charts), 0)
    header = _main_listing_header(cursor)
    frozen = sum(cursor.heights.get(row, theme.ROW_POINTS) for row in range((header or 0) + 1))
    return SheetPlan(
        sheet=sheet,
        widths=tuple(cursor.widths),
        page=cursor.page,
        text=cursor.text,
        source=cursor.source,
        link_row=link_row,
        last_row=last_row,
        heights=cursor.heights,
        blocks=tuple(cursor.blocks),
        charts=tuple(cursor.charts),
        names=Names(cursor.assumptions, cursor.tables),
        freeze_row=header + 1 if header is not None and frozen <= _FREEZE_MOST else title_rows,
        repeat_row=header,
        breaks=tuple(_page_breaks(sheet, cursor, last_row)),
    )


def _lead_height(sheet: SheetSpec, cursor: _Cursor) -> float:
    return measure.height(measure.line_count(sheet.lead, cursor.room(cursor.text)), above=6)


def _check(sheet: SheetSpec) -> None:
    tables: dict[str, Table] = {}
    for block in sheet.blocks:
        if isinstance(block, Table):
            if block.key in tables:
                raise ValueError(f"sheet '{sheet.name}' has two tables '{block.key}'")
            tables[block.key] = block
            rows = (*block.rows, *((block.total,) if block.total else ()))
            for row in rows:
                if len(row.cells) != len(block.columns):
                    raise ValueError(
                        f"row '{row.key}' of table '{block.key}' has {len(row.cells)} cells"
                        f" for {len(block.columns)} columns"
                    )
    for block in sheet.blocks:
        if isinstance(block, Chart) and block.table not in tables:
            raise ValueError(f"chart '{block.title}' is over table '{block.table}', which sheet '{sheet.name}' lacks")


def _start(sheet: SheetSpec, currency: Currency) -> _Cursor:
    """Settle the columns: what tables need, then fillers up to the page's width and the charts beside tables."""
    widths = [theme.MARGIN_WIDTH, *content_widths(sheet, currency)]
    wanted = theme.PAGE_LANDSCAPE if sheet.landscape else theme.PAGE_PORTRAIT
    beside = {block.table for block in sheet.blocks if isinstance(block, Chart) and block.beside}
    chart_from = [LEFT + len(b.columns) for b in sheet.blocks if isinstance(b, Table) and b.key in beside]
    tiles = [len(b.figures) for b in sheet.blocks if isinstance(b, Figures)]
    least_columns = LEFT + max((min(count, TILES_A_ROW) for count in tiles), default=1)
    least_columns = max([least_columns, *(LEFT + len(table.columns) for table in tables_of(sheet))])
    if any(isinstance(block, Assumptions) for block in sheet.blocks):
        least_columns = max(least_columns, LEFT + 6)  # label, value, unit, default, source, note

    def is_wide_enough() -> bool:
        beside_room = (sum(measure.pixels(w) for w in widths[column:]) for column in chart_from)
        return (
            sum(widths[LEFT:]) >= wanted - theme.FILLER_WIDTH / 2
            and len(widths) >= least_columns
            and all(room >= _CHART_LEAST + CHART_GAP for room in beside_room)
        )

    while not is_wide_enough():
        widths.append(theme.FILLER_WIDTH)
    page = Span(LEFT, len(widths) - 1)
    text_last, used = LEFT, widths[LEFT]
    while text_last < page.last and used + widths[text_last + 1] / 2 <= theme.READABLE_MOST:
        text_last += 1
        used += widths[text_last]
    source_first = min(LEFT + 4, page.last)
    source_last = source_first
    while source_last < text_last and sum(widths[source_first : source_last + 1]) < _SOURCE_WIDTH:
        source_last += 1
    return _Cursor(widths, page, Span(LEFT, text_last), Span(source_first, source_last))


def _place_block(block: Table | Figures | Text | Assumptions, sheet: SheetSpec, cursor: _Cursor) -> None:
    heading = "" if isinstance(block, Figures) else block.title
    lead = block.lead if isinstance(block, Table | Assumptions) else ""
    title_row = cursor.prose(heading, size=theme.HEADING_SIZE, bold=True, above=3) if heading else None
    lead_row = cursor.prose(lead) if lead else None
    start = cursor.row
    notes: tuple[tuple[int, str], ...] = ()
    if isinstance(block, Table):
        notes = _place_table(block, sheet, cursor)
    elif isinstance(block, Figures):
        _place_figures(block, cursor)
    elif isinstance(block, Text):
        size = theme.SMALL_SIZE if block.tone is Tone.SMALL else theme.BODY_SIZE
        for sentence in block.sentences:
            cursor.prose(sentence, size=size, above=4 if block.tone in (Tone.FINDING, Tone.WARNING) else 1)
    else:
        _place_assumptions(block, cursor)
    cursor.blocks.append(BlockPlace(block, title_row, lead_row, start, notes))


def _place_figures(block: Figures, cursor: _Cursor) -> None:
    spans = tile_spans(tuple(cursor.widths), cursor.text, TILES_A_ROW)
    for first in range(0, len(block.figures), TILES_A_ROW):
        tiles = list(zip(block.figures[first : first + TILES_A_ROW], spans, strict=False))
        rooms = [cursor.room(span) - INDENT for _, span in tiles]
        labels = [measure.line_count(figure.label, room, 10) for (figure, _), room in zip(tiles, rooms, strict=True)]
        scopes = [
            measure.line_count(figure.scope, room, theme.SMALL_SIZE)
            for (figure, _), room in zip(tiles, rooms, strict=True)
        ]
        cursor.take(measure.height(max(labels), 10, above=4))
        cursor.take(32)
        cursor.take(measure.height(max(scopes), theme.SMALL_SIZE, above=4))
        cursor.take()
    cursor.row -= 1


def _place_table(table: Table, sheet: SheetSpec, cursor: _Cursor) -> tuple[tuple[int, str], ...]:
    widths = cursor.widths[LEFT : LEFT + len(table.columns)]
    spill = _spill(table, sheet, cursor)
    if spill is not None:
        widths[-1] = cursor.room(spill)
    lines = (
        header_lines(column.title, width, listing=table.listing)
        for column, width in zip(table.columns, widths, strict=True)
    )
    header = cursor.take(measure.height(max(lines, default=1), above=5))
    first = cursor.row
    for row in table.rows or (None,):
        cursor.take(measure.height(_lines(row, widths)) if row else theme.ROW_POINTS)
    last = cursor.row - 1
    total = cursor.take(max(17.0, measure.height(_lines(table.total, widths)))) if table.total else None
    cursor.tables[table.key] = TablePlace(table, LEFT, header, first, last, total, spill.last if spill else None)
    remarks = [*(f"{column.title}: {column.note}" for column in table.columns if column.note)]
    if table.remark:
        remarks.append(table.remark)
    notes = tuple((cursor.prose(text, size=theme.SMALL_SIZE), text) for text in remarks)
    beside_row = header
    end = cursor.row
    for chart in sheet.blocks:
        if isinstance(chart, Chart) and chart.beside and chart.table == table.key and table.rows:
            column = LEFT + len(table.columns)
            width = min(cursor.pixels(column, cursor.page.last) - CHART_GAP - _CHART_EDGE, _BESIDE_MOST)
            place = ChartPlace(chart, beside_row, column, width, _height(chart, table), CHART_GAP)
            cursor.charts.append(place)
            end = max(end, _chart_end(place, cursor))
            beside_row = end + 1
    cursor.row = end
    return notes


def _spill(table: Table, sheet: SheetSpec, cursor: _Cursor) -> Span | None:
    if not is_spilling(table, sheet):
        return None
    first = last = LEFT + len(table.columns) - 1
    wanted = spilled_width(table)
    while last < cursor.page.last and cursor.room(Span(first, last)) < wanted:
        last += 1
    return Span(first, last)


def _lines(row: Row, widths: list[float]) -> int:
    most = 1
    for cell, width in zip(row.cells, widths, strict=True):
        value = value_of(cell)
        if isinstance(value, str) and len(value) * 1.7 > width:  # shorter ones fit for certain
            most = max(most, measure.line_count(value, width - INDENT, bold=row.strong))
    return most


def _place_assumptions(block: Assumptions, cursor: _Cursor) -> None:
    cursor.take(measure.height(1, above=5))
    note = note_span(cursor.source, cursor.text, cursor.page)
    for cell in block.cells:
        if cell.key in cursor.assumptions:
            raise ValueError(f"two assumptions have the key '{cell.key}'")
        lines = max(
            measure.line_count(cell.label, cursor.widths[LEFT] - INDENT),
            measure.line_count(cell.source, cursor.room(cursor.source)),
            measure.line_count(cell.note, cursor.room(note)),
        )
        cursor.assumptions[cell.key] = (cursor.take(measure.height(lines, above=2)), LEFT + 1)


def _height(chart: Chart, table: Table) -> int:
    """Return a chart's height in pixels: 15 rows, and more for long lists of bars, which need a line each."""
    bars = len(table.rows) if chart.kind == "bar" else 0
    return max(theme.CHART_ROWS * _DEFAULT_ROW, min(bars * 19 + 60, 700))


def _place_chart_below(chart: Chart, cursor: _Cursor) -> None:
    if chart.table not in cursor.tables:
        raise ValueError(f"chart '{chart.title}' stands above its table '{chart.table}'")
    table = cursor.tables[chart.table].table
    if not table.rows:
        return
    cursor.row += 1
    width = min(cursor.pixels(cursor.page.first, cursor.page.last), _CHART_MOST)
    place = ChartPlace(chart, cursor.row, LEFT, width, _height(chart, table))
    cursor.charts.append(place)
    cursor.row = _chart_end(place, cursor)


def _place_abreast(charts: Sequence[Chart], sheet: SheetSpec, cursor: _Cursor) -> None:
    """Place charts in one row of the page's width."""
    rows = {table.key: len(table.rows) for table in tables_of(sheet)}
    charts = [chart for chart in charts if rows[chart.table]]
    if not charts:
        return
    cursor.row += 1
    room = cursor.pixels(cursor.page.first, cursor.page.last) - _CHART_EDGE
    width = (room - CHART_GAP * (len(charts) - 1)) // len(charts)
    for number, chart in enumerate(charts):
        column, indent = LEFT, number * (width + CHART_GAP)
        while indent >= cursor.pixels(column, column):
            indent -= cursor.pixels(column, column)
            column += 1
        cursor.charts.append(ChartPlace(chart, cursor.row, column, width, _ABREAST_ROWS * _DEFAULT_ROW, indent))
    cursor.row = _chart_end(cursor.charts[-1], cursor)


def _chart_end(chart: ChartPlace, cursor: _Cursor) -> int:
    return cursor.row_below(chart.row, chart.height)


def _page_breaks(sheet: SheetSpec, cursor: _Cursor, last_row: int) -> Iterator[int]:
    """Yield the rows before which a printed page ends, so that no table or chart is cut which fits on one page."""
    across, down = (_PAPER_LONG, _PAPER_SHORT) if sheet.landscape else (_PAPER_SHORT, _PAPER_LONG)
    scale = min(1.0, across / cursor.pixels(0, printed_column(sheet, cursor.page, cursor.text)))
    room = down / scale * _PAPER_USED
    starts = {place.start if place.title is None else place.title for place in cursor.blocks}
    starts |= {chart.row for chart in cursor.charts if not chart.indent}
    charted = {chart.table for chart in sheet.blocks if isinstance(chart, Chart) and chart.beside}
    cuttable = {
        place.start if place.title is None else place.title
        for place in cursor.blocks
        if isinstance(place.block, Table) and place.block.key not in charted and len(place.block.rows) >= _CUT_LEAST
    }
    tops = cursor.tops(last_row + 1)
    top = 0
    for start, end in pairwise([*sorted(starts), last_row + 1]):
        if tops[end] - tops[top] <= room:
            continue
        # A page that holds the sheet's title alone, or little else, says nothing: there the table is cut instead.
        is_bare = start in cuttable and tops[start] - tops[top] < _BARE_PAGE * room
        if start > top and start != min(starts) and not is_bare and tops[end] - tops[start] <= room:
            yield start
            top = start
            continue
        while tops[end] - tops[top] > room:  # too tall for any page: the program divides it
            top += 1


def printed_column(sheet: SheetSpec, page: Span, text: Span) -> int:
    """Return the last column that comes onto paper."""
    limits = [LEFT + table.printed - 1 for table in tables_of(sheet) if table.printed]
    return max(text.last, *limits) if limits else page.last


def _main_listing_header(cursor: _Cursor) -> int | None:
    """Return the header row of the sheet's main table when that is a listing: the longest table counts as main."""
    longest = max(cursor.tables.values(), key=lambda place: len(place.table.rows), default=None)
    return longest.header if longest is not None and longest.table.listing else None
