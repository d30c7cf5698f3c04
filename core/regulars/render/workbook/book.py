"""The whole workbook: sheets in order, page set-up, and what the file says of itself."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from regulars.base.units import Currency
from regulars.render.sheet_mark import SheetMark
from regulars.render.workbook import formats as look
from regulars.render.workbook import logo
from regulars.render.workbook.blocks import write_assumptions, write_figures, write_text
from regulars.render.workbook.cells import Page
from regulars.render.workbook.charts import write_chart
from regulars.render.workbook.footprints import printed_row, write_footprints
from regulars.render.workbook.formats import Formats
from regulars.render.workbook.places import plan_sheet, printed_column
from regulars.render.workbook.plan import LEFT, SheetPlan, Span
from regulars.render.workbook.shorten import with_short_names
from regulars.render.workbook.tables import TableNames, gapless_columns, write_table
from regulars.story.sheet_spec import Assumptions, Figures, Link, SheetKind, Table, Text, WorkbookSpec
from regulars_workbooks import theme

_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  Excel knows no zones; fixed, so that equal input gives equal bytes
_A4 = 9
_MANY_CELLS = 500_000  # below this, parts in temporary files cost more than the little memory they save
_KNOWN_PROPERTIES = frozenset({"subject", "author", "manager", "company", "category", "keywords", "comments", "status"})
_TABS = {
    SheetKind.SUMMARY: theme.NAVY,
    SheetKind.SEGMENTS: theme.COBALT,
    SheetKind.MONEY: theme.TEAL,
    SheetKind.LISTS: theme.SLATE,
    SheetKind.QUALITY: theme.AMBER,
}


def write_workbook(
    spec: WorkbookSpec,
    path: Path,
    currency: Currency,
    taken: Collection[str] = (),
    own: theme.Theme = theme.SHIPPED,
    marks: Mapping[str, SheetMark] | None = None,
) -> None:
    """Write the workbook to a path. Equal specifications give equal bytes.

    `taken` are names, in small letters, that no Excel table may get: those of the workbook that the sheets go into.
    `own` is the theme that the workbook is written in. `marks` has the mark of each sheet by its name, for sheets that
    a program copies into a workbook of the user: it stands in their footers, where others have their name.
    Raises ValueError when the specification contradicts itself, such as a formula that names what is not on its sheet.
    """
    if not spec.sheets:
        raise ValueError("a workbook needs at least one sheet")
    with _without_collector():
        _write_book(spec, path, currency, taken, own, marks or {})


@contextmanager
def _without_collector() -> Iterator[None]:
    """Spare the garbage collector: it would walk through hundred thousands of cells, of which none is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _write_book(
    spec: WorkbookSpec, path: Path, currency: Currency, taken: Collection[str], own: theme.Theme,
    marks: Mapping[str, SheetMark],
) -> None:  # fmt: skip
    plans = [
        plan_sheet(with_short_names(sheet), currency, first=number == 0) for number, sheet in enumerate(spec.sheets)
    ]
    book = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": _cells(spec) < _MANY_CELLS,
            "use_future_functions": True,
        },
    )
    _set_properties(book, spec)
    formats = Formats(book, own)
    names = TableNames(taken)
    sheets = {plan.sheet.name.casefold(): plan.sheet.name for plan in plans}
    plans[0], title, picture = logo.placed(plans[0], own)
    pages = []
    for plan in plans:
        page = Page(book.add_worksheet(plan.sheet.name), plan, formats, currency, sheets)
        _set_columns_and_rows(page)
        _write_sheet(book, page, names, spec.sheets[0].name, title if plan is plans[0] else plan.text)
        _set_page(page.sheet, plan, own, marks.get(plan.sheet.name))
        pages.append(page)
    if picture is not None:
        logo.insert(book.worksheets()[0], picture)
    write_footprints(book, pages)
    for page in pages:
        page.close()
    book.worksheets()[0].activate()
    book.close()


def _cells(spec: WorkbookSpec) -> int:
    tables = (block for sheet in spec.sheets for block in sheet.blocks if isinstance(block, Table))
    return sum(len(table.rows) * len(table.columns) for table in tables)


def _set_properties(book: Any, spec: WorkbookSpec) -> None:
    book.set_size(1_600, 933)  # pixels
    known = {key: text for key, text in spec.properties.items() if key in _KNOWN_PROPERTIES}
    book.set_properties({"title": spec.title, "created": _CREATED} | known)
    for key, text in sorted(spec.properties.items()):
        if key not in _KNOWN_PROPERTIES and key != "title":
            book.set_custom_property(key, text, "text")


def _set_columns_and_rows(page: Page) -> None:
    """Set widths and heights before anything is written: charts are anchored by them."""
    plain = page.formats(look.Style())
    for column, width in enumerate(page.plan.widths):
        page.sheet.set_column(column, column, width, plain)
    for row, points in page.plan.heights.items():
        page.sheet.set_row(row, points)


def _write_sheet(book: Any, page: Page, names: TableNames, first_sheet: str, title: Span) -> None:
    plan = page.plan
    page.text_across(0, title, plan.sheet.title, look.TITLE)
    page.text_across(1, plan.text, plan.sheet.lead, look.LEAD)
    if plan.link_row is not None:
        page.link(plan.link_row, LEFT, Link(f"← {first_sheet}", first_sheet), look.BACK)
    gapless = gapless_columns(plan.sheet)
    for place in plan.blocks:
        block = place.block
        if isinstance(block, Table):
            write_table(page, place, block, names, gapless)
        elif isinstance(block, Figures):
            write_figures(page, place, block)
        elif isinstance(block, Text):
            write_text(page, place, block)
        elif isinstance(block, Assumptions):
            write_assumptions(page, place, block)
    for chart in plan.charts:
        write_chart(book, page.sheet, plan, chart, page.currency, page.formats.theme)


def _set_page(sheet: Any, plan: SheetPlan, own: theme.Theme, mark: SheetMark | None) -> None:
    sheet.hide_gridlines(2)
    sheet.freeze_panes(plan.freeze_row, 0)
    sheet.set_tab_color(own.on(_TABS[plan.sheet.kind]))
    sheet.set_zoom(100)
    if plan.sheet.landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    if plan.repeat_row is not None:
        sheet.repeat_rows(plan.repeat_row)
    if plan.breaks:
        sheet.set_h_pagebreaks(list(plan.breaks))
    sheet.print_area(0, 0, printed_row(plan), printed_column(plan.sheet, plan.page, plan.text))
    small = f'&"{own.font}"&9&K{own.on(theme.SLATE)[1:]}'
    sheet.set_footer(f"&L{small}{mark.code if mark else '&A'}&R{small}Page &P of &N")
    # Customer numbers are texts, and sums may leave out the first column: neither deserves a green corner.
    everywhere = f"A1:XFD{plan.last_row + 1}"
    sheet.ignore_errors(
        {"number_stored_as_text": everywhere, "formula_differs": everywhere, "formula_range": everywhere}
    )
