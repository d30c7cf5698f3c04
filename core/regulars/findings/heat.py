"""Facts about the 25 cells of recency and frequency scores."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, TEXT

SCORES = (1, 2, 3, 4, 5)


def cell(recency: int, frequency: int) -> str:
    """Return the beginning of the keys of a cell's facts.

    >>> cell(5, 1)
    'rfm.r5_f1'
    """
    return f"rfm.r{recency}_f{frequency}"


def heat_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield customers and mean revenue of each cell, null where it is empty, and which cell brings most a customer."""
    scores, revenue = analysis.segmentations.scores, analysis.summary.customers.frame["revenue"]
    grouped = revenue.groupby([scores["r"], scores["f"]])
    mean, count = grouped.mean().to_dict(), grouped.size().to_dict()
    for r in SCORES:
        for f in SCORES:
            how = f"customers with recency score {r} and frequency score {f}"
            each = float(mean[r, f]) if (r, f) in mean else None
            yield Fact(f"{cell(r, f)}.customers", int(count[r, f]) if (r, f) in count else None, COUNT, how)
            yield Fact(f"{cell(r, f)}.revenue_per_customer", each, MONEY, f"revenue to date / {how}")
    best = max(((r, f) for r in SCORES for f in SCORES if (r, f) in mean), key=lambda at: (mean[at], at))
    yield Fact(
        "rfm.best_cell", f"R{best[0]}\N{NO-BREAK SPACE}F{best[1]}", TEXT, "the scores whose customers bring most each"
    )
    yield Fact("rfm.best_revenue_per_customer", float(mean[best]), MONEY, "revenue to date / customers of that cell")
