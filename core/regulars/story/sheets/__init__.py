"""The result sheets, in the order in which they stand. A new sheet is one function and its name in a tuple."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.files import MARK
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.customers import customers_sheet
from regulars.story.sheets.impact import impact_sheet
from regulars.story.sheets.lifetime import lifetime_sheet
from regulars.story.sheets.method import method_sheet
from regulars.story.sheets.playbook import playbook_sheet
from regulars.story.sheets.quality import quality_sheet, rows_sheet
from regulars.story.sheets.segments import segments_sheet
from regulars.story.sheets.summary import summary_sheet
from regulars.story.sheets.time import cohorts_sheet, trends_sheet

SHORT = (summary_sheet, segments_sheet, customers_sheet, impact_sheet, playbook_sheet, quality_sheet)
FULL = (
    summary_sheet,
    segments_sheet,
    customers_sheet,
    impact_sheet,
    playbook_sheet,
    trends_sheet,
    cohorts_sheet,
    lifetime_sheet,
    quality_sheet,
    rows_sheet,
    method_sheet,
)


def workbook(analysis: Analysis, facts: Facts) -> WorkbookSpec:
    """Return the result workbook: the short set of sheets, or the full one."""
    chosen = FULL if analysis.settings.sheets == "full" else SHORT
    return WorkbookSpec(
        sheets=tuple(sheet(analysis, facts) for sheet in chosen),
        title="Customer segments, lifetime value and impact",
        properties={"author": analysis.settings.analyst or "", "comments": MARK},
    )
