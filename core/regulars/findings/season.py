"""Findings about seasons: claimed only from two whole years of months, and only of months that repeat."""

from __future__ import annotations

import calendar
from collections.abc import Iterator

import numpy as np
import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, SHARE, TEXT
from regulars.findings.time import complete_months

YEAR = 12
FEWEST_YEARS = 2
CLEAR = 0.1  # mean distance from the year's average month from which a month is called strong or weak


def seasons(analysis: Analysis) -> pd.DataFrame:
    """Return each calendar month's revenue relative to the average month of its year: mean, least, most over the years.

    The index is the number of the month, January first. Years are runs of twelve complete months that end with the
    last one. Empty with fewer than 24 of them, or where a year brings no revenue.
    """
    revenue = complete_months(analysis)["revenue"]
    years = len(revenue) // YEAR
    grid = revenue.to_numpy(float)[len(revenue) - years * YEAR :].reshape(years, YEAR)
    columns = ["mean", "least", "most"]
    if years < FEWEST_YEARS or not (grid.sum(axis=1) > 0).all():
        return pd.DataFrame(columns=columns)
    relative = grid / grid.mean(axis=1, keepdims=True)
    found = np.column_stack([relative.mean(axis=0), relative.min(axis=0), relative.max(axis=0)])
    names = [month.month for month in revenue.index[-YEAR:]]
    return pd.DataFrame(found, index=names, columns=columns).sort_index()


def season_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield which months repeat, and how low the dip is against the peak."""
    table = seasons(analysis)
    years = len(complete_months(analysis)) // YEAR
    strong = table[(table["least"] > 1) & (table["mean"] >= 1 + CLEAR)]
    weak = table[(table["most"] < 1) & (table["mean"] <= 1 - CLEAR)]
    yield Fact(
        "season.years", years, COUNT, "whole years of complete months, the last one ending with the last of them"
    )
    claimed = "yes" if len(strong) + len(weak) else "no"
    yield Fact(
        "season.claimed", claimed, TEXT,
        f"whether a month is repeatedly strong or weak; never claimed from fewer than {FEWEST_YEARS} years",
    )  # fmt: skip
    for name, part, how in (("strong", strong, "above"), ("weak", weak, "below")):
        yield Fact(
            f"season.{name}", ", ".join(calendar.month_name[number] for number in part.index) or None, TEXT,
            f"months {how} their year's average in every year, by {CLEAR:.0%} on average",
        )  # fmt: skip
    revenue = complete_months(analysis)["revenue"]
    peak = float(revenue.max()) if len(revenue) else 0.0
    dip = float(revenue.min()) / peak if peak > 0 else None
    yield Fact("season.dip_of_peak", dip, SHARE, "revenue of the complete month with least / of that with most")
