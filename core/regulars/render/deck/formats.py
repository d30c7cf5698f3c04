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
BRIEF_TICKS = 10_000
TICK_SIZES = ((1e9, 3, "B"), (1e6, 2, "M"), (1e3, 1, "K"))
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
    decimals = unit.decimals_in(currency)
    plain = symbol + "#,##0" + ("." + "0" * decimals if decimals else "")
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


def tick_format(unit: Unit, currency: Currency, ticks: Iterable[float]) -> str:
    """Return the number format of an axis: one size and no more decimals than the ticks need, so that all are alike.

    >>> from regulars.base.units import MONEY
    >>> tick_format(MONEY, Currency("USD"), [0, 25_000, 50_000, 125_000])
    '"$"#,##0,"K"'
    >>> tick_format(MONEY, Currency("USD"), [0, 500_000, 1_000_000])
    '"$"0.0,,"M"'
    """
    known = [abs(tick) for tick in ticks]
    if unit.kind is not Kind.MONEY or max(known, default=0.0) < BRIEF_TICKS:
        return chart_format(unit, currency, ticks)
    symbol = f'"{currency.symbol}"' if currency.symbol else ""
    size, commas, letter = next(one for one in TICK_SIZES if max(known) >= one[0])
    whole = all(abs(tick / size - round(tick / size)) < 1e-9 for tick in known)
    digits = "#,##0" if whole else "0.0"
    shown = f'{symbol}{digits}{"," * commas}"{letter}"'
    return f"{shown};\N{MINUS SIGN}{shown}" if any(tick < 0 for tick in ticks) else shown


def decade_format(unit: Unit, currency: Currency, ticks: Iterable[float]) -> str:
    """Return the number format of an axis of powers of ten, whose ticks are whole in their own size.

    >>> from regulars.base.units import MONEY
    >>> decade_format(MONEY, Currency("USD"), [500, 5_000, 50_000, 500_000])
    '[>=1000]"$"0,"K";"$"#,##0'
    """
    known = list(ticks)
    if unit.kind is not Kind.MONEY or max(known, default=0.0) < BRIEF_TICKS:
        return chart_format(unit, currency, known)
    symbol = f'"{currency.symbol}"' if currency.symbol else ""
    used = [one for one in TICK_SIZES if any(one[0] <= tick < one[0] * 1000 for tick in known)][:MOST_CONDITIONS]
    brief = [f'[>={size:.0f}]{symbol}0{"," * commas}"{letter}"' for size, commas, letter in used]
    return ";".join([*brief, f"{symbol}#,##0"])


def _band(value: float) -> Band | None:
    return next((band for band in BANDS if abs(value) >= band.limit), None)


def _one_scale(largest: float, symbol: str, plain: str) -> str:
    band = _band(largest)
    shown = plain if band is None else f'{symbol}{band.digits}{"," * band.commas}"{band.letter}"'
    return f"{shown};\N{MINUS SIGN}{shown}"
