"""Facts about the verdict on each scheme, and on whether the data were filtered before we saw them."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, DATE, NUMBER, SHARE, TEXT
from regulars.segments.verdict import Comparison, Period, Verdict

MEASURES = {"frequency": "orders", "spend": "revenue", "order_value": "revenue an order"}
PERIODS = {Period.TO_DATE: "all orders", Period.LATER: "later orders"}
FEWEST = 100  # repeat customers, before their silence is looked at
SHORTEST = 180  # days of orders
NOBODY_LEFT = 1.1  # times the silence of customers who never leave
HARDLY_ANY = 0.05  # share of customers who never came back


def verdict_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield for each scheme whether its segments differ, by how much, and what moves together."""
    settings = analysis.settings
    yield Fact(
        "verdict.p", settings.verdict_p, NUMBER,
        "corrected p below which segments differ (setting verdict_p)",
    )  # fmt: skip
    yield Fact(
        "verdict.least_effect", settings.verdict_effect, SHARE,
        "epsilon squared from which segments differ (setting verdict_effect)",
    )  # fmt: skip
    formed = analysis.verdicts[0].formed if analysis.verdicts else None
    yield Fact(
        "verdict.formed", formed, DATE, "last day that the schemes to be judged know of; later orders judge them"
    )
    for verdict in analysis.verdicts:
        yield from _of_scheme(verdict)


def _of_scheme(verdict: Verdict) -> Iterator[Fact]:
    key, best = f"segments.{verdict.scheme}", verdict.strongest
    yield Fact(
        f"{key}.verdict",
        verdict.result and verdict.result.value,
        TEXT,
        f"{verdict.title}: differ, do_not_differ, inconclusive or too_few",
    )
    yield Fact(f"{key}.verdict_reason", verdict.reason, TEXT, "why there is no verdict")
    how = "epsilon squared (Kruskal-Wallis) of the measure in which later orders differ most"
    yield Fact(f"{key}.effect", best.test.effect if best else None, SHARE, f"{verdict.title}: {how}")
    yield Fact(f"{key}.effect_low", best.test.low if best else None, SHARE, "low end of its 90% interval")
    yield Fact(f"{key}.effect_high", best.test.high if best else None, SHARE, "high end of its 90% interval")
    yield Fact(f"{key}.effect_measure", best.measure.value if best else None, TEXT, "that measure")
    for one in verdict.comparisons:
        yield from _compared(f"verdict.{verdict.scheme}.{one.measure.value}.{one.period.value}", one)
    together = verdict.together
    moving = len(together.moving) if together else None
    yield Fact(f"{key}.moving_together", moving, COUNT, "segments whose monthly revenue moves with that of the others")
    least = min((together.correlations[name] for name in together.moving), default=None) if together else None
    yield Fact(f"{key}.least_correlation", least, NUMBER, "lowest correlation of those segments with the others")


def _compared(key: str, one: Comparison) -> Iterator[Fact]:
    what = f"{MEASURES[one.measure.value]} of each customer, {PERIODS[one.period]}"
    yield Fact(f"{key}.effect", one.test.effect, SHARE, f"epsilon squared: {what}")
    yield Fact(f"{key}.effect_low", one.test.low, SHARE, f"low end of its 90% interval: {what}")
    yield Fact(f"{key}.effect_high", one.test.high, SHARE, f"high end of its 90% interval: {what}")
    yield Fact(f"{key}.p", one.p, NUMBER, f"p of the permutation null, Holm-corrected: {what}")
    yield Fact(f"{key}.customers", one.test.size, COUNT, f"customers compared: {what}")


def filter_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield whether somebody seems to have left out the customers who went away, or never came."""
    frame = analysis.summary.customers.frame
    again = frame[frame["frequency"] > 0]
    ratio = once = None
    if len(again) >= FEWEST and analysis.orders.window.days >= SHORTEST:
        # With x repeats spread evenly over T days, the last one lies T / (x + 1) before the end on average.
        still = (again["age"] / (again["frequency"] + 1)).sum()
        ratio = float(again["days_since"].sum() / still) if still > 0 else None
        once = 1 - len(again) / len(frame)
    nobody = ratio is not None and once is not None and ratio < NOBODY_LEFT and once < HARDLY_ANY
    yield Fact(
        "data.silence_ratio", ratio, NUMBER,
        "days that repeat customers have been silent / days they would be if nobody ever left, age / (repeats + 1)",
    )  # fmt: skip
    yield Fact("data.one_time_share", once, SHARE, "customers who bought on one day only / customers")
    yield Fact(
        "data.no_churn", "yes" if nobody else "no", TEXT,
        f"silence below {NOBODY_LEFT} times that of a shop nobody leaves, and under {HARDLY_ANY:.0%} bought once",
    )  # fmt: skip
    without = analysis.orders.ledger.customers_without_orders
    activated = None if without is None else len(frame) / (len(frame) + without)
    yield Fact(
        "data.activation", activated, SHARE, "customers with an order / all in the customers table or the orders"
    )
