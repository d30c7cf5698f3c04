"""The orders template: an empty sheet with the headings that are understood, what each accepts, and a guide.

Build it by hand with: python -m regulars_workbooks.orders_template PATH
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regulars.base.errors import OutputError
from regulars.base.files import moved_into_place
from regulars_workbooks import theme

SHEET, GUIDE = "Orders", "Guide"
PREPARED_ROWS = 20_000  # rows that say what they accept; more may be filled
STATUSES = ("paid", "pending", "cancelled")
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  fixed, so that every template has the same bytes
_TEXT, _DAY, _MONEY, _COUNT = "@", "yyyy-mm-dd", "#,##0.00", "#,##0.##"
_GUIDE_WIDTHS = (theme.MARGIN_WIDTH, 18, 11, 58, 17, 17, 17)


@dataclass(frozen=True)
class Heading:
    """A column of the template: what it is for, what it accepts, and three examples, which stand on the guide."""

    title: str
    explained: str
    examples: tuple[str, str, str]
    is_needed: bool = True
    width: float = 16.0
    number: str = _TEXT
    accepts: dict[str, Any] = field(default_factory=lambda: {"validate": "any"})


HEADINGS = (
    Heading(
        "Order date", "The day of the order. Needed in every row.", ("2025-03-01", "2025-03-01", "2025-03-04"),
        number=_DAY, accepts={"validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1)},
    ),
    Heading(
        "Order number", "Rows with one number are one order. Leave the column empty if you have none: then all that a"
        " customer buys on a day is one order.", ("001041", "001041", "001042"), is_needed=False,
    ),
    Heading(
        "Customer ID", "Who bought: a number, an e-mail address or a name that is always written the same way.",
        ("C-0193", "C-0193", "C-0193"), width=26.0,
    ),
    Heading("Product", "What was bought, one product a row.", ("Tea, green 100 g", "Mug, white", "Mug, white"),
            is_needed=False, width=30.0),
    Heading(
        "Quantity", "How many. A return is a row of its own with a minus sign.", ("3", "1", "-1"), number=_COUNT,
        width=12.0, accepts={"validate": "decimal", "criteria": "!=", "value": 0},
    ),
    Heading(
        "Unit price", "What one piece was sold for, after any discount.", ("6.50", "12.00", "12.00"), number=_MONEY,
        width=14.0, accepts={"validate": "decimal", "criteria": ">=", "value": 0},
    ),
    Heading("Country", "Where the customer lives.", ("France", "France", "France"), is_needed=False),
    Heading("Channel", "Where the order came from.", ("web", "web", "web"), is_needed=False, width=14.0),
    Heading(
        "Status", f"One of {', '.join(STATUSES)}. Pending and cancelled orders are set aside. Empty means paid.",
        ("paid", "paid", "paid"), is_needed=False, width=14.0, accepts={"validate": "list", "source": list(STATUSES)},
    ),
)  # fmt: skip
STEPS = (
    "Fill the sheet Orders from row 2 on, a row for each product of an order. Copy and paste as you like.",
    "Dark headings are needed; leave the others empty if you have nothing to put there. Do not rename headings.",
    "The examples below stand here only, so nothing has to be deleted before you begin.",
    "Save the file, then run: regulars analyze and the name of the file.",
)


def template_bytes() -> bytes:
    """Return the orders template, the same bytes each time."""
    import xlsxwriter  # noqa: PLC0415

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Orders", "created": _CREATED})
    _write_orders(book)
    _write_guide(book)
    book.close()
    return content.getvalue()


def write_template(path: Path) -> None:
    """Write the orders template; an existing file stays unless it is the empty template itself.

    Raises OutputError when another file stands there, or the name does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise OutputError(f"'{path}' does not end in .xlsx", remedy="give a name such as orders.xlsx")
    content = template_bytes()
    if path.exists():
        if path.is_file() and path.read_bytes() == content:
            return
        raise OutputError(f"'{path}' exists already", remedy="choose another name, or move that file away")
    with moved_into_place(path) as temporary:
        temporary.write_bytes(content)


def _format(book: Any, **properties: Any) -> Any:
    return book.add_format(
        {"font_name": theme.FONT, "font_size": theme.BODY_SIZE, "font_color": theme.INK, "valign": "vcenter"}
        | properties
    )


def _write_orders(book: Any) -> None:
    sheet = book.add_worksheet(SHEET)
    for column, heading in enumerate(HEADINGS):
        sheet.set_column(column, column, heading.width, _format(book, num_format=heading.number))
        fill = theme.NAVY if heading.is_needed else theme.SLATE
        sheet.write_string(0, column, heading.title, _format(book, bold=True, font_color=theme.WHITE, bg_color=fill))
        sheet.data_validation(
            1, column, PREPARED_ROWS, column,
            heading.accepts | {
                "input_title": heading.title,
                "input_message": heading.explained,
                "error_title": "Not possible here",
                "error_message": heading.explained,
            },
        )  # fmt: skip
    sheet.set_row(0, 22)
    sheet.freeze_panes(1, 0)
    sheet.set_tab_color(theme.COBALT)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # Numbers of orders and customers are texts on purpose, so that leading zeros stay.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{PREPARED_ROWS + 1}"})


def _write_guide(book: Any) -> None:
    sheet = book.add_worksheet(GUIDE)
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width, _format(book))
    last = len(_GUIDE_WIDTHS) - 1
    title = _format(book, bold=True, font_size=theme.TITLE_SIZE, font_color=theme.NAVY)
    sheet.write_string(0, 1, "How to fill in your orders", title)
    sheet.set_row(0, 30)
    for row, step in enumerate(STEPS, start=2):
        sheet.merge_range(row, 1, row, last, "", _format(book))
        sheet.write_string(row, 1, f"{row - 1}. {step}", _format(book))
    head = len(STEPS) + 3
    heads = ("Column", "Needed?", "What goes in it", "Example", "Same order", "A return")
    for column, text in enumerate(heads, start=1):
        sheet.write_string(head, column, text, _format(book, bold=True, font_color=theme.WHITE, bg_color=theme.NAVY))
    body = _format(book, text_wrap=True, bottom=1, bottom_color=theme.HAIRLINE)
    for row, heading in enumerate(HEADINGS, start=head + 1):
        needed = "needed" if heading.is_needed else "optional"
        for column, text in enumerate((heading.title, needed, heading.explained, *heading.examples), start=1):
            sheet.write_string(row, column, text, body)
        sheet.set_row(row, theme.ROW_POINTS * (1 + len(heading.explained) // 58))
    sheet.hide_gridlines(2)
    sheet.set_tab_color(theme.SLATE)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:G40"})


if __name__ == "__main__":
    write_template(Path(sys.argv[1]))
