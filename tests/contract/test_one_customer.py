"""A shop of one customer reads well: no number has the wrong noun."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

from regulars.analysis import analyse
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.orders.model import Orders
from regulars.story.sheets import workbook
from regulars.story.slides import deck

WRONG = re.compile(
    r"(?<![\d.,/])1 (?:\w+ )?(?:customers|orders|rows|initiatives|months|days|weeks|lines|sheets|segments|groups)\b"
    r"|(?<![\d.,])1 (?:customer|order|row|initiative)\b (?:are|were|have|bring)\b|\bOne move bring\b"
)


def strings(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from strings(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from strings(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from strings(value)


def test_no_sentence_of_a_shop_of_one_customer_has_the_wrong_noun(orders_of: Callable[..., Orders]) -> None:
    orders = orders_of([("A", "2025-01-05"), ("A", "2025-02-05"), ("A", "2025-07-05", 30.0)])
    analysis = analyse(orders, Settings(sheets="full", horizon_months=1))
    facts = find_facts(analysis)
    said = {
        *strings(workbook(analysis, facts)),
        *strings(deck(analysis, facts)),
        *(fact.how for fact in facts.values()),
    }
    assert facts.say("{customers.count} {customers.count?customer|customers}") in " ".join(said)
    assert not [sentence for sentence in said if WRONG.search(sentence)]
