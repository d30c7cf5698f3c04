"""The settings sheet: a workbook of one sheet whose yellow cells say how the next run goes.

Nothing on it refers to anything else, so that it can be copied into any workbook.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, Final

from regulars.base.settings import Settings
from regulars_workbooks import theme
from regulars_workbooks.settings_kinds import Cell
from regulars_workbooks.settings_rows import GROUPS, Row, written

SHEET: Final = "Regulars settings"
TITLE: Final = "Settings"
GUIDE: Final = (
    "Write into the yellow cells what the next run should do differently. A cell left empty means what stands beside it under"
    " 'If empty'."
)
VALUE, KEY = "Your value", "Key"
HEADS: Final = ("Setting", VALUE, "What to write", "If empty", "What it does", KEY)
_WIDTHS: Final = (theme.MARGIN_WIDTH, 27, 26, 21, 24, 68, 17)
_NAME, _VALUE, _UNIT, _DEFAULT, _EXPLAINED, _KEY = range(1, 7)
_HEAD: Final = 3  # the row of the heads, from 0
_LINE: Final = 80  # characters of an explanation that fit on a line
_PROMPT_MOST, _PROMPT_TITLE_MOST = 255, 32  # characters that Excel shows beside a cell
_A4: Final = 9
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  fixed, so that every sheet has the same bytes


def settings_bytes(settings: Settings | None = None) -> bytes:
    """Return a workbook with the settings sheet, filled in where settings differ from the default."""
    import xlsxwriter  # noqa: PLC0415

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": TITLE, "created": _CREATED})
    _write(book, written(settings or Settings()))
    book.close()
    return content.getvalue()


def _write(book: Any, values: Mapping[str, Cell]) -> None:
    sheet = book.add_worksheet(SHEET)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, _format(book))
    title = _format(book, bold=True, font_size=theme.TITLE_SIZE, font_color=theme.NAVY)
    sheet.write_string(0, _NAME, TITLE, title)
    sheet.set_row(0, 30)
    sheet.write_string(1, _NAME, GUIDE, _format(book, font_color=theme.SLATE))
    head = {"bold": True, "indent": 1, "font_color": theme.WHITE, "bg_color": theme.NAVY}
    for column, text in enumerate(HEADS, start=_NAME):
        small = {"font_size": theme.SMALL_SIZE, "bg_color": theme.SLATE} if text == KEY else {}
        sheet.write_string(_HEAD, column, text, _format(book, **(head | small)))
    sheet.set_row(_HEAD, 20)
    heading = _format(book, bold=True, font_size=theme.HEADING_SIZE, font_color=theme.NAVY, valign="bottom")
    at = _HEAD
    for group in GROUPS:
        at += 1
        sheet.write_string(at, _NAME, group.title, heading)
        sheet.set_row(at, 26)
        for row in group.rows:
            at += 1
            _write_row(book, sheet, at, row, values.get(row.key))
    # A sheet may be called 2024: a text on purpose.
    sheet.ignore_errors({"number_stored_as_text": f"A1:G{at + 1}"})
    sheet.hide_gridlines(2)
    sheet.freeze_panes(_HEAD + 1, 0)
    sheet.set_selection(_HEAD + 2, _VALUE, _HEAD + 2, _VALUE)
    sheet.set_tab_color(theme.AMBER)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _write_row(book: Any, sheet: Any, at: int, row: Row, value: Cell) -> None:
    line = {"bottom": 1, "bottom_color": theme.HAIRLINE, "indent": 1}
    quiet = line | {"font_color": theme.SLATE}
    sheet.write_string(at, _NAME, row.name, _format(book, **line))
    sheet.write_string(at, _UNIT, row.unit, _format(book, **quiet))
    sheet.write_string(at, _DEFAULT, row.default, _format(book, **quiet))
    sheet.write_string(at, _EXPLAINED, row.explained, _format(book, text_wrap=True, **line))
    sheet.write_string(at, _KEY, row.key, _format(book, **(quiet | {"font_size": theme.SMALL_SIZE})))
    sheet.data_validation(at, _VALUE, at, _VALUE, _rule(row))
    sheet.set_row(at, theme.ROW_POINTS * (1 + (len(row.explained) - 1) // _LINE) + 3)
    yellow = _format(
        book, num_format=row.kind.number, align="left", indent=1, border=1, border_color=theme.INPUT_LINE, bg_color=theme.INPUT_FILL,
        font_color=theme.INPUT_TEXT, locked=False,
    )  # fmt: skip
    if value is None:
        sheet.write_blank(at, _VALUE, None, yellow)
    elif isinstance(value, str):
        sheet.write_string(at, _VALUE, value, yellow)
    elif isinstance(value, dt.date):
        sheet.write_datetime(at, _VALUE, value, yellow)
    else:
        sheet.write_number(at, _VALUE, value, yellow)


def _rule(row: Row) -> dict[str, Any]:
    """Return the rule of a yellow cell: what it takes, offers and says."""
    return {
        **row.kind.accepts,
        "input_title": row.name[:_PROMPT_TITLE_MOST],
        "input_message": row.explained[:_PROMPT_MOST],
        "error_title": "Not possible here",
        "error_message": f"Write {row.kind.wanted}, or leave the cell empty."[:_PROMPT_MOST],
        "error_type": "stop",
        "show_error": row.kind.strict,
    }


def _format(book: Any, **properties: Any) -> Any:
    return book.add_format(
        {"font_name": theme.FONT, "font_size": theme.BODY_SIZE, "font_color": theme.INK, "valign": "vcenter"}
        | properties
    )
