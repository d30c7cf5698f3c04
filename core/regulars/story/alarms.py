"""Notes for the end of a run: what would spoil everything, for a reader who opens no sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.orders.model import Reason
from regulars.orders.remedies import REMEDIES, main_reason
from regulars.story.texts import entries, text

LONELY = 180  # days without any order before the last one
SILENT = 31  # days without any order before the end of the window
FEW = 20  # orders, below which figures are those of single orders
MOST = 0.5  # share of the rows set aside for one reason


def alarms(analysis: Analysis, facts: Facts) -> tuple[str, ...]:
    """Return what looks like a slip in the sheet, each with its remedy."""
    return tuple(_alarms(analysis, facts))


def _alarms(analysis: Analysis, facts: Facts) -> Iterator[str]:
    reason = main_reason(analysis.orders.ledger)
    if reason is not None and reason is not Reason.OUTSIDE_WINDOW:  # that one is what the user asked for
        count = facts.number(f"orders.set_aside.{reason}")
        if count > MOST * facts.number("orders.rows_read"):
            meaning = entries("reason")[reason]
            yield text(
                "alarm.set_aside", facts, count=facts.show(f"orders.set_aside.{reason}"), reason=reason.replace("_", " "),
                meaning=meaning[0].lower() + meaning[1:], remedy=REMEDIES[reason],
            )  # fmt: skip
    if is_lonely(facts):
        yield text("alarm.lonely_end", facts)
    if ends_in_silence(facts):
        yield text("alarm.silent_end", facts)
    if facts.number("revenue.total") <= 0:
        yield text("finding.no_revenue", facts)
    if facts.number("orders.count") < FEW:
        yield text("alarm.few_orders", facts)


def ends_in_silence(facts: Facts) -> bool:
    """Tell whether no order lies in the last weeks of the window: the sheet may have been exported before its end."""
    last, end = facts.value("window.last_day"), facts.value("window.end")
    return isinstance(last, dt.date) and isinstance(end, dt.date) and (end - last).days > SILENT


def is_lonely(facts: Facts) -> bool:
    """Tell whether the last order day lies so long after the one before that its date may be a slip."""
    return facts.number("window.gap_before_end") > LONELY
