"""Units of the numbers that people read. `Unit.show` is the only formatter, `Unit.excel` its twin for cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

Value = int | float | str | bool | dt.date | None

MISSING = "–"  # what stands where the data cannot say
MINUS = "−"
TEN_THOUSANDTHS = 10_000  # money and quantities are whole ten-thousandths wherever they are added up


class Kind(StrEnum):
    """What a number measures."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    MULTIPLE = "multiple"
    DAYS = "days"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True)
class Currency:
    """A currency by ISO code, or none at all: then amounts carry no symbol.

    >>> Currency("GBP").symbol
    '£'
    """

    code: str | None = None

    @property
    def symbol(self) -> str:
        """Return the sign written before amounts; the code and a blank where there is no sign."""
        if self.code is None:
            return ""
        return SYMBOLS.get(self.code, f"{self.code}\N{NO-BREAK SPACE}")

    @property
    def is_whole(self) -> bool:
        """Tell whether amounts have no decimals: nobody pays in parts of a yen.

        >>> Currency("JPY").is_whole, Currency("EUR").is_whole, Currency().is_whole
        (True, False, False)
        """
        return self.code in WITHOUT_MINOR_UNIT


SYMBOLS = {
    "GBP": "£",
    "EUR": "€",
    "USD": "$",
    "JPY": "¥",
    "INR": "₹",
    "CNY": "CN¥",
    "BRL": "R$",
    "AUD": "A$",
    "CAD": "C$",
}
# No minor unit by ISO 4217, and a few whose coins of a hundredth are long gone.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF HUF IDR IRR LAK LBP MMK"
WITHOUT_MINOR_UNIT = frozenset(_WHOLE.split())
NO_CURRENCY = Currency()


@dataclass(frozen=True)
class Unit:
    """A kind with its number of decimals.

    >>> MONEY.show(8832003.27, Currency("GBP"))
    '£8,832,003'
    >>> MONEY.show(8832003.27, Currency("GBP"), brief=True)
    '£8.8M'
    >>> SHARE.show(0.6486), DAYS.show(1), COUNT.show(None)
    ('64.9%', '1 day', '–')
    """

    kind: Kind
    decimals: int = 0

    def show(self, value: Value, currency: Currency = NO_CURRENCY, *, brief: bool = False) -> str:
        """Return the value as a reader meets it; `brief` shortens money for titles and tiles."""
        if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124  NaN is the only value unlike itself
            return MISSING
        if isinstance(value, dt.date):
            return f"{value:%Y-%m-%d}"
        if isinstance(value, str):
            return value
        amount = abs(float(value))
        body = self._body(amount, currency, brief=brief)
        return f"{MINUS}{body}" if value < 0 and any(digit in "123456789" for digit in body) else body

    def _body(self, amount: float, currency: Currency, *, brief: bool) -> str:
        if self.kind is Kind.MONEY:
            decimals = self._money_decimals(amount, currency)
            return currency.symbol + (_brief(amount, currency) if brief else f"{amount:,.{decimals}f}")
        if self.kind is Kind.SHARE:
            return f"{amount * 100:.{self.decimals}f}%"
        if self.kind is Kind.MULTIPLE:
            return f"{amount:,.{self.decimals}f}x"
        if self.kind is Kind.DAYS:
            return f"{amount:,.{self.decimals}f} day{'' if amount == 1 else 's'}"
        return f"{amount:,.{self.decimals}f}"

    def _money_decimals(self, amount: float, currency: Currency) -> int:
        if currency.is_whole:
            return 0
        # Pennies matter in an order value and are noise in a total.
        return self.decimals if self.decimals or amount >= 100 or amount == int(amount) else 2

    def decimals_in(self, currency: Currency) -> int:
        """Return the decimals of cells and chart labels: none for money that has no smaller coin.

        >>> MONEY_EXACT.decimals_in(Currency("GBP")), MONEY_EXACT.decimals_in(Currency("KRW"))
        (2, 0)
        """
        return 0 if self.kind is Kind.MONEY and currency.is_whole else self.decimals

    def excel(self, currency: Currency = NO_CURRENCY) -> str:
        """Return the number format of a cell or chart label that shows the same value.

        >>> MONEY.excel(Currency("EUR"))
        '[$€]#,##0'
        """
        decimals = self.decimals_in(currency)
        digits = "#,##0" + ("." + "0" * decimals if decimals else "")
        if self.kind is Kind.MONEY:
            return f"[${currency.symbol}]{digits}" if currency.symbol else digits
        if self.kind is Kind.SHARE:
            return ("0." + "0" * self.decimals if self.decimals else "0") + "%"
        if self.kind is Kind.MULTIPLE:
            return digits + '"x"'
        if self.kind is Kind.DATE:
            return "yyyy-mm-dd"
        if self.kind is Kind.TEXT:
            return "@"
        return digits


def _brief(amount: float, currency: Currency) -> str:
    """Shorten to three significant figures at most: 8.8M, 412K, 96."""
    for limit, divisor, letter in ((999_500_000, 1e9, "B"), (999_500, 1e6, "M"), (9_950, 1e3, "K")):
        if amount >= limit:
            scaled = amount / divisor
            return f"{scaled:,.{1 if scaled < 99.5 else 0}f}{letter}"
    return f"{amount:,.{0 if amount >= 100 or amount == int(amount) or currency.is_whole else 2}f}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number of things in words.

    >>> counted(1, "row"), counted(1200, "row"), counted(2, "day of a month", "days of a month")
    ('1 row', '1,200 rows', '2 days of a month')
    """
    return f"{count:,} {verb(count, one, many or one + 's')}"


def verb(count: int, one: str, many: str) -> str:
    """Return the form of a word that goes with a number.

    >>> verb(1, "is", "are"), verb(0, "is", "are")
    ('is', 'are')
    """
    return one if count == 1 else many


COUNT = Unit(Kind.COUNT)
MONEY = Unit(Kind.MONEY)
MONEY_EXACT = Unit(Kind.MONEY, 2)
SHARE = Unit(Kind.SHARE, 1)
WHOLE_SHARE = Unit(Kind.SHARE, 0)
NUMBER = Unit(Kind.NUMBER, 2)
PARAMETER = Unit(Kind.NUMBER, 4)
MULTIPLE = Unit(Kind.MULTIPLE, 1)
DAYS = Unit(Kind.DAYS)
DATE = Unit(Kind.DATE)
TEXT = Unit(Kind.TEXT)
