"""Facts are said with the noun that goes with their number, and hold no noise of floating point."""

import json

import pytest

from regulars.base.facts import Fact, Facts
from regulars.base.units import COUNT, MONEY, SHARE, Unit, Value


def one(value: Value, unit: Unit = COUNT) -> Facts:
    return Facts([Fact("n", value, unit, "by hand")])


@pytest.mark.parametrize(
    ("value", "sentence"), [(1, "1 customer is here"), (0, "0 customers are here"), (1_000, "1,000 customers are here")]
)
def test_nouns_and_verbs_go_with_the_number(value: int, sentence: str) -> None:
    assert one(value).say("{n} {n?customer is|customers are} here") == sentence


def test_words_have_their_noun_too() -> None:
    assert one(1).say("{moves} {moves?brings|bring}", moves="One move") == "One move brings"
    assert one(1).say("{moves} {moves?brings|bring}", moves="5 moves") == "5 moves bring"


@pytest.mark.parametrize(
    ("value", "unit", "clean"),
    [
        (0.9999999999999997, SHARE, 1.0),
        (0.1 + 0.2, SHARE, 0.3),
        (1_234_567.123449999, MONEY, 1_234_567.1234),
        (0.243_012_345_678_9, SHARE, 0.243_012_345_679),
        (-0.0, MONEY, 0.0),
        (12, COUNT, 12),
        (None, SHARE, None),
    ],
)
def test_a_fact_has_no_noise(value: Value, unit: Unit, clean: Value) -> None:
    facts = one(value, unit)
    assert facts.value("n") == clean
    assert json.loads(facts.as_json())["facts"]["n"]["value"] == clean
    assert str(facts.value("n")) == str(clean)
