"""Number formats of charts: what `Unit.show` writes in brief, as a format that follows edits of the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regulars.base.units import Currency, Kind, Unit


@dataclass(frozen=True)
class Band:
    """Amounts from a limit on, in thousands to the power of `commas`."""

    limit: float
    digits: str
    commas: int
    letter: str


BANDS = (
    Band(99_500_000_000, "#,##0", 3, "B"),
    Band(999_500_000, "0.0", 3, "B"),
    Band(99_500_000, "0", 2, "M"),
    Band(999_500, "0.0", 2, "M"),
    Band(99_500, "0", 1, "K"),
    Band(9_950, "0.0", 1, "K"),
)
MOST_CONDITIONS = 2  # a number format holds two conditions and a rest


def chart_format(unit: Unit, currency: Currency, values: Iterable[float | None]) -> str:
    """Return the number format of labels for these values; large money is brief.

    >>> from regulars.base.units import MONEY, SHARE
    >>> chart_format(MONEY, Currency("GBP"), [8_832_003, 412_000])
    '[>=999500]"£"0.0,,"M";"£"0,"K"'
    >>> chart_format(MONEY, Currency("GBP"), [120.5, 96])
    '"£"#,##0'
    >>> chart_format(SHARE, Currency(), [0.5])
    '0.0%'
    """
    if unit.kind is not Kind.MONEY:
        return unit.excel(currency)
    known = [value for value in values if value is not None]
    symbol = f'"{currency.symbol}"' if currency.symbol else ""
    plain = symbol + "#,##0" + ("." + "0" * unit.decimals if unit.decimals else "")
    if any(value < 0 for value in known):
        return _one_scale(max(map(abs, known)), symbol, plain)
    used = [band for band in BANDS if any(_band(value) is band for value in known)]
    formats = [f'{symbol}{band.digits}{"," * band.commas}"{band.letter}"' for band in used]
    limits = [band.limit for band in used]
    if any(_band(value) is None for value in known) or not known:
        formats, limits = [*formats, plain], [*limits, 0.0]
    if len(formats) > MOST_CONDITIONS + 1:
        # Too many sizes for one format: whole thousands, tenths of millions and pounds tell them apart.
        return f'[>=999500]{symbol}0.0,,"M";[>=9950]{symbol}0,"K";{plain}'
    conditions = [f"[>={limit:.0f}]{shown}" for limit, shown in zip(limits[:-1], formats[:-1], strict=True)]
    return ";".join([*conditions, formats[-1]])


def _band(value: float) -> Band | None:
    return next((band for band in BANDS if abs(value) >= band.limit), None)


def _one_scale(largest: float, symbol: str, plain: str) -> str:
    band = _band(largest)
    shown = plain if band is None else f'{symbol}{band.digits}{"," * band.commas}"{band.letter}"'
    return f"{shown};\N{MINUS SIGN}{shown}"
