"""The result sheets, in the order in which they stand. A new sheet is one function and its name in a tuple."""

from __future__ import annotations

from dataclasses import replace

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.files import MARK
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.clusters import clusters_sheet
from regulars.story.sheets.customers import customers_sheet
from regulars.story.sheets.impact import impact_sheet
from regulars.story.sheets.lifetime import lifetime_sheet
from regulars.story.sheets.lists import lists_sheet
from regulars.story.sheets.method import method_sheet
from regulars.story.sheets.movement import movement_sheet
from regulars.story.sheets.performance import performance_sheet
from regulars.story.sheets.playbook import playbook_sheet
from regulars.story.sheets.products import products_sheet
from regulars.story.sheets.quality import quality_sheet, rows_sheet
from regulars.story.sheets.record import MadeFrom, record_table
from regulars.story.sheets.renaming import renamed as renamed
from regulars.story.sheets.segments import segments_sheet
from regulars.story.sheets.since import since_sheet
from regulars.story.sheets.summary import summary_sheet
from regulars.story.sheets.time import acquisition_sheet, trends_sheet

QUALITY = "Data quality"
SHORT = (summary_sheet, segments_sheet, customers_sheet, impact_sheet, playbook_sheet, quality_sheet)
FULL = (
    summary_sheet,
    segments_sheet,
    performance_sheet,
    clusters_sheet,
    movement_sheet,
    customers_sheet,
    lists_sheet,
    impact_sheet,
    playbook_sheet,
    trends_sheet,
    acquisition_sheet,
    lifetime_sheet,
    products_sheet,
    quality_sheet,
    rows_sheet,
    method_sheet,
)


def workbook(analysis: Analysis, facts: Facts, made_from: MadeFrom | None = None) -> WorkbookSpec:
    """Return the result workbook: the short set of sheets, or the full one.

    `made_from` names the files of the run: then the sheet Data quality ends with a record of it.
    """
    chosen = FULL if analysis.settings.sheets == "full" else SHORT
    if analysis.hindsight is not None:
        chosen = (*chosen, since_sheet)
    sheets = tuple(sheet(analysis, facts) for sheet in chosen)
    if made_from is not None:
        record = record_table(analysis, facts, made_from, sheets)
        sheets = tuple(
            replace(sheet, blocks=(*sheet.blocks, record)) if sheet.name == QUALITY else sheet for sheet in sheets
        )
    return WorkbookSpec(
        sheets=sheets,
        title="Customer segments, lifetime value and impact",
        properties={"author": analysis.settings.analyst or "", "comments": MARK},
    )
