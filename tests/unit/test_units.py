"""How numbers are shown: money without a smaller coin has no decimals, wherever it stands."""

from __future__ import annotations

import re

import pytest

from regulars.base.iso4217 import CODES
from regulars.base.units import MONEY, MONEY_EXACT, WITHOUT_MINOR_UNIT, Currency, Unit
from regulars.render.deck.formats import chart_format, decade_format, tick_format
from regulars.render.workbook.charts import brief_format
from regulars.render.workbook.values import number_format

WHOLE = ("JPY", "KRW", "IDR", "VND", "CLP")


def test_every_currency_without_a_minor_unit_is_one_in_use() -> None:
    assert set(WHOLE) <= WITHOUT_MINOR_UNIT <= CODES


@pytest.mark.parametrize("code", WHOLE)
@pytest.mark.parametrize("unit", [MONEY, MONEY_EXACT])
@pytest.mark.parametrize("amount", [2.79, 66_094.44, -17.5, 0.4])
def test_amounts_without_a_smaller_coin_are_whole(code: str, unit: Unit, amount: float) -> None:
    currency = Currency(code)
    for brief in (False, True):
        shown = unit.show(amount, currency, brief=brief and abs(amount) < 1000)
        assert "." not in shown, shown
    formats = [unit.excel(currency), number_format(unit, currency), brief_format(unit, currency, [amount])]
    formats += [make(unit, currency, [abs(amount) % 100]) for make in (chart_format, tick_format, decade_format)]
    assert not [one for one in formats if re.search(r"0\.0(?!,)", one)], formats


def test_amounts_with_a_smaller_coin_keep_it() -> None:
    pound = Currency("GBP")
    assert (MONEY.show(2.79, pound), MONEY_EXACT.show(66_094.44, pound)) == ("£2.79", "£66,094.44")
    assert MONEY_EXACT.excel(pound) == "[$£]#,##0.00"
