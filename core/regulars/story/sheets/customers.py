"""The Customers sheet: one row a customer, to filter and to act on."""

from __future__ import annotations

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, DATE, MONEY_EXACT, SHARE, TEXT, Unit
from regulars.story.sheet_spec import Column, Row, SheetKind, SheetSpec, Table
from regulars.story.texts import text

MOST = 100_000  # rows on the sheet; the complete list is a file


def customer_list(analysis: Analysis) -> pd.DataFrame:
    """Return every customer with what is known of them, by revenue to date, under the headers that people read."""
    frame = analysis.summary.customers.frame
    lifetime, segmentations = analysis.lifetime.frame, analysis.segmentations
    columns = {"Customer": frame["customer"]}
    for segments in (segmentations.lead, *(s for s in segmentations.schemes if s is not segmentations.lead)):
        columns[SCHEME_HEADERS.get(segments.scheme, segments.title)] = segments.names()
    columns |= {
        "Orders": frame["orders"],
        "Revenue to date": frame["revenue"].round(2),
        "Average order": frame["average_order"].round(2),
        "First order": frame["first_day"].dt.date,
        "Last order": frame["last_day"].dt.date,
        "Days since last order": frame["days_since"],
        "R": segmentations.scores["r"],
        "F": segmentations.scores["f"],
        "M": segmentations.scores["m"],
    }
    if analysis.lifetime.reason is None:
        columns |= {
            "Expected revenue": lifetime["clv"].round(2),
            "Low": lifetime["clv_low"].round(2),
            "High": lifetime["clv_high"].round(2),
            "Chance of an order": lifetime["chance_of_purchase"].round(4),
            "Late": lifetime["late"].map({0: "", 1: "late"}),
        }
    listed = pd.DataFrame(columns)
    return listed.sort_values(["Revenue to date", "Customer"], ascending=[False, True], ignore_index=True)


SCHEME_HEADERS = {"rfm11": "Segment", "kmeans5": "Cluster", "supplied": "Your segment"}
UNITS: dict[str, Unit] = {
    "Orders": COUNT,
    "Revenue to date": MONEY_EXACT,
    "Average order": MONEY_EXACT,
    "First order": DATE,
    "Last order": DATE,
    "Days since last order": COUNT,
    "R": COUNT,
    "F": COUNT,
    "M": COUNT,
    "Expected revenue": MONEY_EXACT,
    "Low": MONEY_EXACT,
    "High": MONEY_EXACT,
    "Chance of an order": SHARE,
}


def customers_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the customers as an Excel table, the best first."""
    listed = customer_list(analysis)
    shown = listed.head(MOST)
    columns = tuple(Column(f"c{number}", name, UNITS.get(name, TEXT)) for number, name in enumerate(shown.columns))
    cells = [shown[name].tolist() for name in shown.columns]
    rows = tuple(Row(str(number), tuple(values)) for number, values in enumerate(zip(*cells, strict=True)))
    lead = (
        text("customers.lead", facts)
        if facts.known("clv.total")
        else text("customers.lead_no_clv", facts, reason=facts.show("clv.reason"))
    )
    if len(listed) > MOST:
        lead += " " + text("customers.capped", facts, shown=COUNT.show(MOST), file=CUSTOMERS_FILE)
    return SheetSpec(
        "Customers",
        SheetKind.LISTS,
        text("customers.title", facts),
        lead,
        (Table("customers", columns, rows, listing=True),),
    )


CUSTOMERS_FILE = "that ends in .customers.csv"
