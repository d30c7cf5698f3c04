"""Facts: every number meant to be read, by key, with its unit and how it came about."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from regulars.base.errors import nearest
from regulars.base.units import NO_CURRENCY, Currency, Kind, Unit, Value

PLACEHOLDER = re.compile(r"\{([A-Za-z_][^{}]*)\}")
SCHEMA = 1  # raised when a key changes its meaning: the JSON file is a public contract


MONEY_DECIMALS, DIGITS = 4, 12


@dataclass(frozen=True)
class Fact:
    """One number (or date, or word) that is shown somewhere.

    `how` says in words where it comes from; it becomes the speaker's note and the JSON's `how`.
    """

    key: str
    value: Value
    unit: Unit
    how: str


class Facts(Mapping[str, Fact]):
    """All facts of an analysis, looked up by key.

    >>> from regulars.base.units import COUNT
    >>> facts = Facts([Fact("customers.count", 4312, COUNT, "customers with a kept order")])
    >>> facts.say("{customers.count} customers")
    '4,312 customers'
    """

    def __init__(self, facts: Iterable[Fact], currency: Currency = NO_CURRENCY) -> None:
        """Index the facts; a key that comes twice is a defect of ours."""
        self._by_key: dict[str, Fact] = {}
        for fact in facts:
            if fact.key in self._by_key:
                raise ValueError(f"the fact '{fact.key}' is computed twice")
            self._by_key[fact.key] = replace(fact, value=_without_noise(fact))
        self.currency = currency

    def __getitem__(self, key: str) -> Fact:
        try:
            return self._by_key[key]
        except KeyError:
            near = nearest(key, self._by_key)
            raise KeyError(f"no fact '{key}'" + (f"; nearest is '{near}'" if near else "")) from None

    def __contains__(self, key: object) -> bool:
        # Without it, a mapping asks for the fact, and what is missing is looked for among all keys by likeness.
        return key in self._by_key

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def value(self, key: str) -> Value:
        """Return the bare value."""
        return self[key].value

    def number(self, key: str) -> float:
        """Return the value as a number; a fact without one is a defect of the caller."""
        value = self[key].value
        if not isinstance(value, int | float):
            raise TypeError(f"the fact '{key}' is {value!r}, not a number")
        return float(value)

    def known(self, key: str) -> bool:
        """Tell whether the fact exists and the data can say it."""
        return key in self._by_key and self._by_key[key].value is not None

    def show(self, key: str, *, brief: bool = False) -> str:
        """Return the fact as a reader meets it."""
        fact = self[key]
        return fact.unit.show(fact.value, self.currency, brief=brief)

    def say(self, template: str, **words: str) -> str:
        """Fill `{key}` with the shown fact, `{key~}` with its brief form, `{word}` with a word given by name.

        `{key?one|many}` is the form that goes with the number: "{n} {n?customer|customers}".

        >>> [Facts([]).say("{n} {n?customer is|customers are} overdue", n=number) for number in ("1", "1,200")]
        ['1 customer is overdue', '1,200 customers are overdue']
        """

        def shown(name: str) -> str:
            return words[name] if name in words else self.show(name.removesuffix("~"), brief=name.endswith("~"))

        def fill(match: re.Match[str]) -> str:
            name, choice, forms = match.group(1).partition("?")
            if not choice:
                return shown(name)
            one, many = forms.split("|")
            return one if re.fullmatch(r"1|One\b.*", shown(name)) else many

        return PLACEHOLDER.sub(fill, template)

    def as_json(self) -> str:
        """Return the public contract: sorted keys, numbers as precise as they are, nulls where the data cannot say."""
        facts = {
            key: {"value": _plain(fact.value), "unit": str(fact.unit.kind), "how": fact.how}
            for key, fact in sorted(self._by_key.items())
        }
        document = {"schema": SCHEMA, "currency": self.currency.code, "facts": facts}
        return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _without_noise(fact: Fact) -> Value:
    """Return a fact's value without the noise of floating point: 0.9999999999999997 is 1.

    Money is exact to a ten-thousandth, as everywhere; other numbers keep twelve significant digits.
    """
    value = fact.value
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    rounded = round(float(value), MONEY_DECIMALS) if fact.unit.kind is Kind.MONEY else float(f"{value:.{DIGITS}g}")
    return rounded + 0.0  # no negative nought


def _plain(value: Value) -> int | float | str | bool | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


__all__ = ["SCHEMA", "Fact", "Facts", "Kind"]
