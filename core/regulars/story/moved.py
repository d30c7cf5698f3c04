"""Movement in words, beside what chance would move."""

from __future__ import annotations

import math

from regulars.base.facts import Facts
from regulars.story.texts import text

CLEAR = 3.0  # standard errors, as of a share of so many customers
NOTABLE = 0.02  # share of them: with many customers, anything is beyond chance


def compared_with_chance(facts: Facts, key: str, customers: int) -> str:
    """Say whether a count is clearly above, clearly below or about what chance would bring."""
    return {1: text("movement.above", facts), -1: text("movement.below", facts)}.get(
        against_chance(facts, key, customers), text("movement.about", facts)
    )


def against_chance(facts: Facts, key: str, customers: int) -> int:
    """Return 1 where a count is clearly above what chance would bring, −1 where it is clearly below, else 0."""
    count, chance = facts.number(key), facts.number(f"{key}_by_chance")
    share = min(max(chance / customers, 1 / customers), 1 - 1 / customers) if customers > 1 else 0.5
    error = math.sqrt(customers * share * (1 - share))
    if abs(count - chance) <= max(CLEAR * error, NOTABLE * customers):
        return 0
    return 1 if count > chance else -1
