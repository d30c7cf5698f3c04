"""Currencies that stand in number formats: a cell of 12.5 that shows as 12.50 € says its currency, though not as text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from regulars.base.units import Currency
from regulars.orders.model import Notice
from regulars.orders.numbers import currency_code
from regulars.orders.raw import RecognisedSource
from regulars.orders.words import currency_signs

_XF = re.compile(rb"<(?:\w+:)?xf\s[^>]*>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_LOCALE = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?[^\]]*\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_AMOUNTS = ("amount", "price")
# Signs that several countries write, by the language that Excel keeps beside them. Others are taken as when typed.
_OF_LANGUAGES = {
    "$": {
        0x409: "USD", 0x1009: "CAD", 0xC0C: "CAD", 0xC09: "AUD", 0x1409: "NZD", 0x4809: "SGD", 0xC04: "HKD", 0x404: "TWD",
        0x80A: "MXN", 0x2C0A: "ARS", 0x340A: "CLP", 0x240A: "COP",
    },
    "¥": {0x411: "JPY", 0x804: "CNY"},
    "￥": {0x411: "JPY", 0x804: "CNY"},
    "kr": {0x41D: "SEK", 0x414: "NOK", 0x814: "NOK", 0x406: "DKK", 0x40F: "ISK"},
    "kr.": {0x406: "DKK", 0x40F: "ISK"},
}  # fmt: skip


def currency_of_format(code: str) -> str | None:
    r"""Return the ISO code of the currency that a number format shows; None where it shows none, or two.

    >>> currency_of_format('#,##0.00 "€"'), currency_of_format("[$₫-42A] #,##0"), currency_of_format('"$"#,##0.00')
    ('EUR', 'VND', 'USD')
    >>> currency_of_format("[$¥-804]#,##0"), currency_of_format("[$-409]d mmm yyyy"), currency_of_format("0.00\\ %")
    ('CNY', None, None)
    """
    found: set[str] = set()
    for sign, language in _LOCALE.findall(code):
        known = _OF_LANGUAGES.get(sign.strip(), {}).get(int(language, 16) & 0xFFFF if language else 0)
        found.add(known or currency_code(sign) or "")
    rest = re.sub(r"\[[^\]]*\]", "", code)
    found |= {currency_code(quoted or escaped) or "" for quoted, escaped in _QUOTED.findall(rest)}
    bare = _QUOTED.sub("", rest)
    found |= {code for sign, code in currency_signs().items() if not sign.isascii() and sign in bare}
    if "$" in bare:
        found.add(currency_code("$") or "")
    found.discard("")
    return found.pop() if len(found) == 1 else None


def number_formats(archive: zipfile.ZipFile, styles: Iterable[int]) -> Mapping[int, str]:
    """Return the number format of each cell style that has one of its own; the built-in ones name no currency."""
    wanted = set(styles) - {0}
    if not wanted or "xl/styles.xml" not in archive.namelist():
        return {}
    content = archive.read("xl/styles.xml")
    codes = {}
    for tag in _FORMAT.findall(content):
        said = dict(_ATTRIBUTE.findall(tag))
        codes[said.get(b"numFmtId")] = unescape(said.get(b"formatCode", b"").decode("utf-8", "replace"))
    section = _CELL_FORMATS.search(content)
    tags = _XF.findall(section[0]) if section else []
    used = {style: dict(_ATTRIBUTE.findall(tags[style])).get(b"numFmtId") for style in wanted if style < len(tags)}
    return {style: codes[number] for style, number in used.items() if number in codes}


@dataclass(frozen=True)
class _Shown:
    """What the number formats of one column say."""

    header: str
    source: str
    formats: frozenset[str]  # empty text: a built-in format

    @property
    def currencies(self) -> frozenset[str | None]:
        return frozenset(currency_of_format(code) for code in self.formats)


def find_shown_currency(sources: Sequence[RecognisedSource], currency: Currency) -> tuple[Currency, list[Notice]]:
    """Return the currency, taken from the formats of the money cells where nothing else says it, and what to say of it."""
    columns = [
        _Shown(source.header(name), source.raw.name, source.raw.formats[source.columns[name]])
        for source in sources
        for name in _AMOUNTS
        if name in source.columns and source.raw.formats.get(source.columns[name])
    ]
    named = [column for column in columns if column.currencies - {None}]
    codes = sorted({code for column in named for code in column.currencies if code is not None})
    if not named or codes == [currency.code]:
        return currency, []
    first = named[0]
    if currency.code is not None:
        text = (
            f"the cells of column '{first.header}' are formatted in {' and '.join(codes)}; all money is shown as"
            f" {currency.code}, as the sheet or a setting says, and nothing was converted"
        )
        return currency, [Notice("currency_of_formats_differs", text, 0, first.source)]
    if len(codes) > 1 or any(None in column.currencies for column in named):
        others = " and ".join(codes) if len(codes) > 1 else f"{codes[0]}, and some in no currency"
        text = (
            f"cells of column '{first.header}' are formatted in {others}; so no currency was taken from them, and all"
            " amounts were added up as they are: name the currency with --currency, or in a column"
        )
        return currency, [Notice("currencies_of_formats", text, 0, first.source)]
    shown = next(code for code in first.formats if code)
    text = (
        f"the currency is taken to be {codes[0]}, from the number format of column '{first.header}' ({shown.split(';')[0]});"
        " another one can be named with --currency"
    )
    return Currency(codes[0]), [Notice("currency_of_formats", text, 0, first.source)]
