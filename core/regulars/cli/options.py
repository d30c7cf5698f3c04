"""Options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.base.outline_ids import OUTLINES
from regulars.base.scheme_ids import CHOSEN

AUTO = "auto"  # --deck without a path

Orders = Annotated[
    list[Path],
    typer.Argument(metavar="ORDERS...", help="Workbooks or text files with orders; several count as one set."),
]
Sheet = Annotated[
    list[str] | None,
    typer.Option("--sheet", metavar="NAME", help="Sheet that holds orders; may be given several times."),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=HEADER",
        help='Column for a field, such as customer="Client No"; may be given several times.',
    ),
]
CustomersFile = Annotated[
    Path | None,
    typer.Option("--customers", metavar="FILE", help="Table of customers: id, sign-up date, segment, channel."),
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="TOML file with any of these options.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="PATH", help="The result workbook; default is <first input>.regulars.xlsx beside it."
    ),
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--into",
        metavar="WORKBOOK",
        help="Put the result sheets into this workbook, and leave everything else in it as it is.",
    ),
]
Backup = Annotated[
    bool, typer.Option("--backup", help="Keep the workbook that is replaced as it was, in a copy beside it.")
]
Result = Annotated[Path, typer.Argument(metavar="RESULT", help="A workbook that regulars made, or put sheets into.")]
LaterOrders = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[ORDERS]...", help="The orders, where they are not those that the result names."),
]
Deck = Annotated[
    str | None,
    typer.Option(
        "--deck",
        metavar="[PATH]",
        help="Write a PowerPoint deck too; PATH must end in .pptx, default is beside the workbook.",
    ),
]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="PPTX|SKIN",
        help="Slide template of the deck: a .pptx, .potx or the map (.toml) of one, or executive, boardroom, plain.",
    ),
]
Json = Annotated[Path | None, typer.Option("--json", metavar="PATH", help="Write every number as JSON too.")]
Report = Annotated[
    list[Path] | None,
    typer.Option(
        "--report",
        metavar="PATH",
        help="Write the findings as a report too, to a path that ends in .md or .html; may be given several times.",
    ),
]
OutlineName = Annotated[
    str | None,
    typer.Option(
        "--outline",
        metavar="NAME",
        help=f"Outline of the report: {', '.join(OUTLINES)}, or an outline file (.toml) of your own.  [default: {OUTLINES[0]}]",
    ),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="First day that counts, such as 2025-01-01.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day that counts.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Day the analysis looks from, inclusive; default is the last order's day."
    ),
]
Horizon = Annotated[
    int | None,
    typer.Option(
        "--horizon-months", metavar="N", help="Months ahead that lifetime value and impact cover.  [default: 12]"
    ),
]
Margin = Annotated[
    float | None, typer.Option("--margin", metavar="SHARE", help="Gross margin, such as 0.4; beats a profit column.")
]
Scheme = Annotated[
    str | None,
    typer.Option(
        "--scheme",
        metavar="ID",
        help=f"Segment scheme that leads: {', '.join(CHOSEN)}, or a scheme file (.toml) of your own.  [default: {CHOSEN[0]}]",
    ),
]
Sheets = Annotated[
    str | None,
    typer.Option("--sheets", metavar="short|full", help="Which result sheets are written.  [default: short]"),
]
Slides = Annotated[
    str | None,
    typer.Option(
        "--slides", metavar="short|full|KEYS", help="Slides of the deck, or their keys with commas.  [default: short]"
    ),
]
Returns = Annotated[
    str | None, typer.Option("--returns", metavar="net|drop|keep", help="What a return does.  [default: net]")
]
Repeats = Annotated[
    str | None,
    typer.Option("--repeats", metavar="keep|drop", help="What an identical line in one sheet is.  [default: keep]"),
]
ClvEngine = Annotated[
    str | None,
    typer.Option("--clv-engine", metavar="own|lifetimes", help="What fits the lifetime models.  [default: own]"),
]
CurrencyCode = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="Currency when no column says it, such as GBP.")
]
Theme = Annotated[
    str | None,
    typer.Option("--theme", metavar="TOML", help="Theme file with colours, font, formats and logo of the workbook."),
]
Analyst = Annotated[
    str | None, typer.Option("--analyst", metavar="NAME", help="Name on the title slide and the Summary sheet.")
]
Force = Annotated[
    bool,
    typer.Option(
        "--force", help="Replace files that regulars did not make, and sheets of ours that somebody wrote or drew on."
    ),
]
