"""Facts about activation: how many of those who signed up have ordered, as a customers table tells."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, SHARE
from regulars.findings.performance import HALF, months_compared
from regulars.segments.supplied import MOST, joined, keys_of, nameless

EVERYBODY = "total"


def activations(analysis: Analysis) -> pd.DataFrame | None:
    """Return who signed up and who of them ordered, one row a segment of the customers table and one for all.

    The index is "segment." and the segment's key, then "total"; columns are name, signed_up, ordered, and the same of those who signed
    up in the last six complete months (recent, recent_ordered; nought where the table has no dates). None without a
    customers table. Segments are left out where the table names none, or more than can be segments.
    """
    table = analysis.orders.customer_table
    if table is None:
        return None
    people = table.select(["customer", "signed_up", "segment"]).to_pandas()
    people["ordered"] = people["customer"].isin(analysis.summary.customers.frame["customer"])
    months = months_compared(analysis, HALF)
    days = pd.to_datetime(people["signed_up"])
    people["recent"] = days.between(months[0].start_time, months[-1].end_time) if months else False
    people["recent_ordered"] = people["recent"] & people["ordered"]
    counts = ["ordered", "recent", "recent_ordered"]
    everybody = pd.DataFrame({"name": ["All customers"], "signed_up": [len(people)]}, index=[EVERYBODY]).assign(
        **people[counts].sum()
    )
    given = joined(people["segment"])
    if not 0 < given.nunique() <= MOST:
        return everybody
    named = given.fillna(nameless(given))
    keys = "segment." + named.map(keys_of(sorted(named.unique())))
    grouped = people.groupby(keys)
    found = pd.DataFrame({"signed_up": grouped.size(), **{name: grouped[name].sum() for name in counts}})
    found.insert(0, "name", named.groupby(keys).first())
    return pd.concat([found, everybody])


def activation_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield sign-ups, those of them with an order, and the share, by segment and of the last six complete months."""
    found = activations(analysis)
    if found is None:
        return
    for key, row in found.to_dict("index").items():
        name = str(row["name"])
        for part, what in (("", ""), ("recent_", f" in the last {HALF} complete months")):
            signed_up, ordered = int(row[part[:-1] or "signed_up"]), int(row[f"{part}ordered"])
            yield Fact(f"activation.{key}.{part}signed_up", signed_up, COUNT, f"{name}: signed up{what}")
            yield Fact(f"activation.{key}.{part}ordered", ordered, COUNT, f"{name}: of them, those with an order")
            share = ordered / signed_up if signed_up else None
            yield Fact(f"activation.{key}.{part}share", share, SHARE, f"{name}: ordering customers / sign-ups{what}")
