"""The Customers sheet: one row a customer, to filter and to act on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.scheme_ids import SUPPLIED
from regulars.base.units import COUNT, DATE, MONEY_EXACT, NUMBER, SHARE, TEXT, Unit
from regulars.segments.model import Segments
from regulars.story.sheet_spec import Column, Row, SheetKind, SheetSpec, Table
from regulars.story.texts import text
from regulars.story.why import why

MOST = 100_000  # rows on the sheet; the complete list is a file
MOST_SCHEMES = 3
EVEN = 0.5  # chance of an order in the horizon from which a day is given for it


def customer_list(analysis: Analysis) -> pd.DataFrame:
    """Return every customer with what is known of them, by revenue to date, under the headers that people read."""
    frame = analysis.summary.customers.frame
    lifetime, scores = analysis.lifetime.frame, analysis.segmentations.scores
    reasons = why(analysis)
    columns = {"Customer": frame["customer"]}
    for segments in _schemes(analysis):
        columns[_header(segments, analysis)] = segments.names()
    columns |= {
        "Why": reasons["why"],
        "Next action": reasons["action"],
        "Act on": _days(reasons["date"]),
        "RFM": scores["r"] * 100 + scores["f"] * 10 + scores["m"],
        "Orders": frame["orders"],
        "Revenue to date": frame["revenue"].round(2),
        "Average order": frame["average_order"].round(2),
        "First order": _days(frame["first_day"]),
        "Last order": _days(frame["last_day"]),
        "Days since last order": frame["days_since"],
    }
    if analysis.lifetime.reason is None:
        columns |= {
            "Expected revenue": lifetime["clv"].round(2),
            "Low": lifetime["clv_low"].round(2),
            "High": lifetime["clv_high"].round(2),
            "Chance of an order": lifetime["chance_of_purchase"].round(4),
            "Expected orders": lifetime["expected_orders"].round(2),
            "Expected spend": lifetime["expected_spend"].round(2),
            **_next_order(analysis),
            "Late": lifetime["late"].map({0: "", 1: "late"}),
        }
    listed = pd.DataFrame(columns)
    return listed.sort_values(["Revenue to date", "Customer"], ascending=[False, True], ignore_index=True)


def _next_order(analysis: Analysis) -> dict[str, pd.Series]:
    """Return between which days the next order is due; None for whom no order is more likely than one."""
    lifetime, end = analysis.lifetime.frame, pd.Timestamp(analysis.summary.customers.window.end)
    likely = lifetime["chance_of_purchase"] >= EVEN
    found = {}
    for header, column in (("Next order from", "next_from"), ("Next order to", "next_to")):
        days = end + pd.to_timedelta(np.ceil(lifetime[column]), unit="D")
        found[header] = _days(days).where(likely, None)
    return found


def _days(times: pd.Series) -> pd.Series:
    """Return the days of times as dates: one object a day, not one a customer."""
    places, days = pd.factorize(times.dt.normalize())
    dates = np.array([*pd.DatetimeIndex(days).date, pd.NaT], dtype=object)  # the last for times that are missing
    return pd.Series(dates[places], index=times.index, dtype=object)


def _header(segments: Segments, analysis: Analysis) -> str:
    """Return the header of a scheme's column: actions and lists go by the lead, so it alone is plainly the segment."""
    if segments is analysis.segmentations.lead and segments.scheme != SUPPLIED:
        return SEGMENT
    return SCHEME_HEADERS.get(segments.scheme, segments.title)


def _schemes(analysis: Analysis) -> list[Segments]:
    """Return the lead scheme and those that customers are mostly asked for by: one column more is one too many."""
    lead = analysis.segmentations.lead
    others = [
        one for one in analysis.segmentations.schemes if one.scheme in SCHEME_HEADERS and analysis.shows(one.scheme)
    ]
    return [lead, *(one for one in others if one is not lead)][:MOST_SCHEMES]


# Other columns say the same: a sheet of more than twenty cannot be printed.
FILE_ONLY = ["Average order", "Days since last order", "Late"]
SEGMENT = "Segment"
PRINTED = ("Last order", "Expected revenue")  # the last of these that stands there ends the printed page
SCHEME_HEADERS = {"rfm11": "RFM segment", "kmeans5": "Cluster", SUPPLIED: "Your segment"}
WIDTHS = {"Why": 42.0, "Next action": 24.0}
UNITS: dict[str, Unit] = {
    "Act on": DATE,
    "RFM": COUNT,
    "Orders": COUNT,
    "Revenue to date": MONEY_EXACT,
    "Average order": MONEY_EXACT,
    "First order": DATE,
    "Last order": DATE,
    "Days since last order": COUNT,
    "Expected revenue": MONEY_EXACT,
    "Low": MONEY_EXACT,
    "High": MONEY_EXACT,
    "Chance of an order": SHARE,
    "Expected orders": NUMBER,
    "Expected spend": MONEY_EXACT,
    "Next order from": DATE,
    "Next order to": DATE,
}


def customers_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the customers as an Excel table, the best first."""
    listed = customer_list(analysis)
    shown = listed.drop(columns=FILE_ONLY, errors="ignore").head(MOST)
    columns = tuple(
        Column(f"c{number}", name, UNITS.get(name, TEXT), WIDTHS.get(name)) for number, name in enumerate(shown.columns)
    )
    cells = [shown[name].tolist() for name in shown.columns]
    rows = tuple(Row(str(number), tuple(values)) for number, values in enumerate(zip(*cells, strict=True)))
    names = list(shown.columns)
    printed = max(names.index(name) + 1 for name in PRINTED if name in names)
    lead = (
        text("customers.lead", facts)
        if facts.known("clv.total")
        else text("customers.lead_no_clv", facts, reason=facts.show("clv.reason"))
    )
    lead += " " + text("customers.why", facts)
    if analysis.lifetime.reason is None:
        lead += " " + text("customers.late", facts)
    lead += " " + text("customers.printed", facts, last=names[printed - 1])
    if len(listed) > MOST:
        lead += " " + text("customers.capped", facts, shown=COUNT.show(MOST), file=CUSTOMERS_FILE)
    return SheetSpec(
        "Customers",
        SheetKind.LISTS,
        text("customers.title", facts),
        lead,
        (Table("customers", columns, rows, listing=True, printed=printed),),
    )


CUSTOMERS_FILE = "that ends in .customers.csv"
