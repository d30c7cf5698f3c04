"""Codes of the currencies in use, by ISO 4217, list one; metals, funds and codes for tests are left out."""

from __future__ import annotations

import difflib

_IN_USE = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(_IN_USE.split())
# No longer in use, but in orders of earlier years.
_EARLIER = "ANG ATS BEF CYP DEM EEK ESP FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK"
EARLIER = frozenset(_EARLIER.split())
# Words and signs that people write for the code, with the codes of the currencies most likely meant.
_NAMED = {
    "DOLLAR": "USD CAD AUD", "$": "USD CAD AUD", "€": "EUR", "POUND": "GBP", "STERLING": "GBP", "£": "GBP",
    "FRANC": "CHF", "FRANKEN": "CHF", "YEN": "JPY", "YUAN": "CNY", "RENMINBI": "CNY", "RUPEE": "INR", "PESO": "MXN ARS CLP",
    "ZLOTY": "PLN", "KORUNA": "CZK", "KRONA": "SEK ISK", "KRONE": "NOK DKK", "KRONOR": "SEK", "RAND": "ZAR",
}  # fmt: skip
_ALIKE = 0.3  # one letter of three in its place


def is_currency(code: str) -> bool:
    """Tell whether a code in capitals is, or was, that of a currency.

    >>> is_currency("EUR"), is_currency("DEM"), is_currency("ZZZ"), is_currency("eur")
    (True, True, False, False)
    """
    return code in CODES or code in EARLIER


def nearest_codes(code: str) -> list[str]:
    """Return up to three codes that look most like one that is none; among equals those of the same letters come first.

    The name of a common currency gives the codes of those that are called so.

    >>> nearest_codes("Dollar"), nearest_codes("us dollars")[0], nearest_codes("Swiss francs")
    (['USD', 'CAD', 'AUD'], 'USD', ['CHF'])
    >>> nearest_codes("GPB")[0], nearest_codes("EURO")[0], nearest_codes("ZZZ"), nearest_codes("12")
    ('GBP', 'EUR', ['ZAR', 'ZMW', 'ZWG'], [])
    """
    wanted = code.upper()
    named = next((codes for name, codes in _NAMED.items() if name in wanted), None)
    if named is not None:
        return named.split()
    alike = {known: difflib.SequenceMatcher(None, wanted, known).ratio() for known in CODES}

    def rank(known: str) -> tuple[float, bool, bool, str]:
        return -alike[known], sorted(known) != sorted(wanted), known[:1] != wanted[:1], known

    return sorted((known for known in CODES if alike[known] > _ALIKE), key=rank)[:3]
