"""The buttons of the tab: one tuple, from which the ribbon is built and the handlers are found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Button:
    """One button, as its user sees it.

    `id` is what the ribbon passes on and what names the handler; `image` is the name of a picture that Excel has built in;
    `tip` says what a click does, in at most two sentences.
    """

    id: str
    label: str
    tip: str
    image: str
    large: bool = False


BUTTONS = (
    Button(
        "analyze",
        "Analyze orders",
        "Find segments, what each customer is worth and what acting would earn, from the orders on this sheet."
        " The result comes as new sheets at the end of this workbook.",
        "PivotTableInsert",
        large=True,
    ),
    Button(
        "refresh",
        "Refresh",
        "Analyze the orders again and keep the assumptions in the yellow cells. Only sheets of regulars are replaced.",
        "RefreshAll",
        large=True,
    ),
    Button(
        "deck",
        "Make deck",
        "Write a PowerPoint deck from the orders and the assumptions, beside this workbook.",
        "FileSaveAsPowerPointPptx",
        large=True,
    ),
    Button(
        "lists",
        "Customer lists",
        "Write lists of customers, as files that a mailing program imports, into a folder beside this workbook.",
        "DistributionListSelectMembers",
    ),
    Button("settings", "Settings", "Add or show the sheet with the settings of the next run.", "PropertySheet"),
    Button(
        "orders_sheet", "New orders sheet", "Add a sheet with the right headings to type orders into.", "TableInsert"
    ),
    Button("remove", "Remove results", "Remove the sheets of regulars. Sheets of your own stay.", "Delete"),
    Button("help", "Help", "Say what the buttons do, which version this is and where to read more.", "Help"),
)
