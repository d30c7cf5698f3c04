"""Blocks other than tables, cell by cell: prose, key figures, assumptions."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from regulars.base.units import TEXT, Kind
from regulars.render.workbook import formats as look
from regulars.render.workbook import measure
from regulars.render.workbook.cells import Page
from regulars.render.workbook.formats import Style
from regulars.render.workbook.plan import LEFT, TILES_A_ROW, BlockPlace, Span, note_span, tile_spans
from regulars.render.workbook.values import exact_if_small, is_missing, is_number, shown, value_of
from regulars.story.sheet_spec import Assumption, Assumptions, Figures, Formula, Text, Tone
from regulars_workbooks import theme

_TONES = {
    Tone.PLAIN: look.PROSE,
    Tone.FINDING: look.FINDING,
    Tone.WARNING: look.WARNING,
    Tone.SMALL: look.SMALL,
}
_NUMBERS = frozenset({"Value", "Default"})
_LITERAL_MOST = 250  # characters of a text in a formula, which may have 255
_TILE_LEAST = 11.0  # points: smaller than this a key figure is none


def write_headings(page: Page, place: BlockPlace, title: str, lead: str = "") -> None:
    """Write a block's title and the sentence below it."""
    if place.title is not None:
        page.text_across(place.title, page.plan.text, title, look.HEADING)
    if place.lead is not None:
        page.text_across(place.lead, page.plan.text, lead, look.BLOCK_LEAD)


def write_text(page: Page, place: BlockPlace, block: Text) -> None:
    """Write sentences; findings carry a bullet in the margin, warnings an amber bar."""
    write_headings(page, place, block.title)
    for row, sentence in enumerate(block.sentences, start=place.start):
        page.text_across(row, page.plan.text, sentence, _TONES[block.tone])
        if block.tone is Tone.FINDING:
            page.text(row, LEFT - 1, "•", look.BULLET)


def write_figures(page: Page, place: BlockPlace, block: Figures) -> None:
    """Write key figures as tiles, at most four a row; the number is a number, not a text."""
    spans = tile_spans(page.plan.widths, page.plan.text, TILES_A_ROW)
    for number, figure in enumerate(block.figures):
        line, tile = divmod(number, TILES_A_ROW)
        row, span = place.start + line * TILES_A_ROW, spans[min(tile, len(spans) - 1)]
        page.text_across(row, span, figure.label, look.TILE_LABEL)
        value = value_of(figure.value)
        unit = exact_if_small(figure.unit, value)
        size = _tile_size(shown(value, unit, page.currency), page.plan.width(span))
        style = look.TILE_NUMBER.but(size=size)
        page.across(row + 1, span, style)
        page.value(row + 1, span.first, figure.value, unit, style)
        page.text_across(row + 2, span, figure.scope, look.TILE_SCOPE)


def _tile_size(text: str, width: float) -> float:
    """Return the largest size at which a key figure fits its tile: one that does not shows as ####."""
    room = width - 3.0
    needed = measure.text_width(text, bold=True)
    fitting = theme.BODY_SIZE * room / needed if needed else theme.TILE_SIZE
    return max(min(theme.TILE_SIZE, float(int(fitting))), _TILE_LEAST)


def write_assumptions(page: Page, place: BlockPlace, block: Assumptions) -> None:
    """Write assumption cells with their labels, their units and defaults, where both come from, and notes."""
    write_headings(page, place, block.title, block.lead)
    source, note = page.plan.source, note_span(page.plan.source, page.plan.text, page.plan.page)
    heads = (
        (Span(LEFT, LEFT), "Assumption"),
        (Span(LEFT + 1, LEFT + 1), "Value"),
        (Span(LEFT + 2, LEFT + 2), "Unit"),
        (Span(LEFT + 3, LEFT + 3), "Default"),
        (source, "Where from"),
        (note, "Note"),
    )
    for span, title in heads:
        page.text_across(
            place.start, span, title, look.HEADER.but(align="right") if title in _NUMBERS else look.HEADER.but(indent=1)
        )
    body = look.BODY.but(wrap=True, indent=1)
    for row, cell in enumerate(block.cells, start=place.start + 1):
        numeric = is_number(cell.value) or (is_missing(cell.value) and cell.unit.kind is not Kind.TEXT)
        page.text(row, LEFT, cell.label, body)
        page.editable(row, LEFT + 1, cell, cell.unit, _aligned(look.INPUT, numeric=numeric))
        page.text(row, LEFT + 2, cell.measure, body.but(color=theme.SLATE))
        page.value(
            row, LEFT + 3, cell.as_shipped, cell.unit, _aligned(look.BODY, numeric=numeric).but(color=theme.SLATE)
        )
        page.across(row, source, body)
        page.value(row, source.first, _where_from(cell, row, block.changed), TEXT, body)
        page.text_across(row, note, cell.note, body.but(color=theme.SLATE))


def _where_from(cell: Assumption, row: int, changed: str) -> Formula | str:
    """Return where a value comes from, as a formula that follows the cell: as written, the default, or changed since."""
    if not cell.source or is_missing(cell.value):
        return cell.source
    value, default = (xl_rowcol_to_cell(row, LEFT + place) for place in (1, 3))

    def word(text: str) -> str:
        return '"' + text[:_LITERAL_MOST].replace('"', '""') + '"'

    if is_number(cell.value):
        written = f"ABS({value}-{float(cell.value):.15g})<=0.000000001*ABS({float(cell.value):.15g})"  # type: ignore[arg-type]
        same = f"ABS({value}-{default})<=0.000000001*ABS({default})"
    else:
        written, same = f"{value}={word(str(cell.value))}", f"{value}={default}"
    of_default = word(cell.default_source or cell.source)
    return Formula(
        f"=IFERROR(IF({written},{word(cell.source)},IF({same},{of_default},{word(changed)})),{word(changed)})",
        cell.source[:_LITERAL_MOST],
    )


def _aligned(style: Style, *, numeric: bool) -> Style:
    return style.but(align="right") if numeric else style.but(wrap=True, indent=1)
