"""Numbers out of text: signs, brackets, currencies, thousands and the decimal mark."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regulars.orders.words import currency_signs

BLANKS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u3000]+")
MINUSES = str.maketrans({"−": "-", "–": "-", "‐": "-", "‒": "-", "﹣": "-", "－": "-"})
APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
LARGEST = 1e11  # more is a barcode, unless the column's other amounts are large too
LARGEST_MONEY = 1e13  # ten-thousandths of it and of hundreds like it add up in 64 bits


@dataclass(frozen=True)
class NumberText:
    """A text taken apart: digits in groups between marks, with what stood around them."""

    sign: int
    body: str  # digits with the marks . and , only; blanks and apostrophes between thousands are gone
    divisor: int  # 100 for a percentage
    currency: str | None  # ISO code, when the text names one

    @property
    def mark(self) -> str | None:
        """Return the decimal mark the text itself proves: "." or ","; "?" when it could be either, None without marks.

        >>> [read_number(text).mark for text in ("1.234,56", "2,5", "1.234", "1.234.567", "12")]
        [',', ',', '?', ',', None]
        """
        dots, commas = self.body.count("."), self.body.count(",")
        if not dots and not commas:
            return None
        if dots and commas:
            return "." if self.body.rindex(".") > self.body.rindex(",") else ","
        used, other = (".", ",") if dots else (",", ".")
        if dots + commas > 1:
            return other
        whole, fraction = self.body.split(used)
        both = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
        return "?" if both else used

    def value(self, decimal: str = ".", largest: float = LARGEST) -> float | None:
        """Return the number, or None when the marks stand where no number has them, or it is not below the largest.

        `decimal` is the mark of the column, and decides texts that could be read either way.
        """
        mark = self.mark if self.mark in {".", ","} else decimal
        grouping = "," if mark == "." else "."
        whole, _, fraction = self.body.partition(mark)
        if grouping in fraction or mark in fraction or not _grouped(whole, grouping):
            return None
        digits = whole.replace(grouping, "")
        if not digits and not fraction:
            return None
        number = self.sign * float(f"{digits or '0'}.{fraction or '0'}") / self.divisor
        return number if math.isfinite(number) and abs(number) < largest else None


def _grouped(whole: str, grouping: str) -> bool:
    """Tell whether thousands stand in groups of three, or of two and three as in India."""
    if grouping not in whole:
        return True
    return bool(re.fullmatch(rf"\d{{1,3}}(\{grouping}\d{{2,3}})*\{grouping}\d{{3}}", whole))


def read_number(text: str) -> NumberText | None:
    """Take a text apart as a number; None when it is none.

    >>> read_number("-£1,234.50").value(), read_number("(45.00)").value(), read_number("45.00-").value()
    (-1234.5, -45.0, -45.0)
    >>> read_number("1'234.50 CHF").currency, read_number("12 %").value(), read_number("1.234").value(",")
    ('CHF', 0.12, 1234.0)
    >>> read_number("about 5") is None
    True
    """
    rest = BLANKS.sub(" ", text).strip().translate(MINUSES).translate(APOSTROPHES)
    if re.fullmatch(r"-?\d+(\.\d+)?[eE][-+]?\d+", rest):
        rest = _expanded(rest)
    sign, currency, divisor = 1, None, 1
    if rest.startswith("(") and rest.endswith(")"):
        sign, rest = -1, rest[1:-1].strip()
    rest = re.sub(r"(\d[.,])-{1,2}(?=\D*$)", r"\g<1>00", rest)  # "5,-" and "5.--" are whole amounts
    while rest and not (rest[0].isdigit() or (rest[0] in ".," and rest[1:2].isdigit())):
        if rest[0] in "+-":
            sign, rest = (-sign if rest[0] == "-" else sign), rest[1:].lstrip()
            continue
        found = _currency_at(rest, start=True)
        if found is None or currency is not None:
            return None
        currency, rest = found
        if rest.startswith("(") and rest.endswith(")"):
            sign, rest = -sign, rest[1:-1].strip()
    while rest and not rest[-1].isdigit():
        if rest[-1] in "-+":
            sign, rest = (-sign if rest[-1] == "-" else sign), rest[:-1].rstrip()
        elif rest[-1] == "%" and divisor == 1:
            divisor, rest = 100, rest[:-1].rstrip()
        elif rest[-1] in ".," and rest[-2:-1].isdigit():
            rest += "0"
        else:
            found = _currency_at(rest, start=False)
            if found is None or currency is not None:
                return None
            currency, rest = found
    body = _without_thousands(rest)
    return None if body is None else NumberText(sign, body, divisor, currency)


def is_too_large(text: str, largest: float = LARGEST) -> bool:
    """Tell whether a text is a number, but as large as `largest` or larger.

    >>> is_too_large("5012345678900"), is_too_large("99,999,999.00"), is_too_large("5012345678900", 1e13)
    (True, False, False)
    """
    number = read_number(text)
    if number is None or number.value(largest=largest) is not None:
        return False
    whole = re.sub(r"[.,]\d{1,2}$", "", number.body)
    return float(re.sub(r"\D", "", whole) or 0) >= largest


def _expanded(text: str) -> str:
    return f"{float(text):.10f}".rstrip("0").rstrip(".")


_LEADING = (r"([^\d\s+\-(),.%']+)\s*(?=[.,]\d)", r"([^\d\s+\-(),%']+)\s*(?=[\d+\-(]|$)")
_TRAILING = (r"(?<=[\d\s+\-).,%])([^\d\s+\-(),%']+)$",)


def _currency_at(text: str, *, start: bool) -> tuple[str, str] | None:
    """Return the ISO code at the start or end of a text with what is left of it."""
    for pattern in _LEADING if start else _TRAILING:
        found = re.match(pattern, text) if start else re.search(pattern, text)
        code = currency_code(found.group(1)) if found else None
        if found is not None and code is not None:
            return code, text[found.end() :].lstrip() if start else text[: found.start()].rstrip()
    return None


def currency_code(text: str) -> str | None:
    """Return the ISO code that a sign, word or code means.

    >>> currency_code("£"), currency_code(" eur "), currency_code("pounds")
    ('GBP', 'EUR', None)
    """
    signs = currency_signs()
    name = text.strip().upper()
    return signs.get(name) or signs.get(name.rstrip("."))


def _without_thousands(text: str) -> str | None:
    """Take out blanks and apostrophes that part thousands; None where anything else is between the digits."""
    for mark in (" ", "'"):
        if mark in text:
            if not re.fullmatch(rf"\d{{1,3}}({mark}\d{{3}})+([.,]\d+)?", text):
                return None
            whole = text.replace(mark, "")
            # What follows groups that are already marked is a fraction, whatever its length.
            return re.sub(r"[.,](\d{3})$", r".\g<1>0", whole)
    return text if re.fullmatch(r"[\d.,]+", text) else None


@dataclass(frozen=True)
class Evidence:
    """How many cells prove each decimal mark, and how many could be read either way."""

    dot: int = 0
    comma: int = 0
    either: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.dot + other.dot, self.comma + other.comma, self.either + other.either)

    @property
    def decided(self) -> bool:
        """Tell whether all proof is for one mark."""
        return bool(self.dot) != bool(self.comma)

    @property
    def decimal(self) -> str:
        """Return the mark with more proof; the dot when there is none."""
        return "," if self.comma > self.dot else "."


def evidence_of(texts: Mapping[str, int]) -> Evidence:
    """Count the proof in texts, each with the number of cells it stands in.

    >>> evidence_of({"1.234,56": 2, "1.234": 1})
    Evidence(dot=0, comma=2, either=1)
    """
    total = Evidence()
    for text, cells in texts.items():
        number = read_number(text)
        if number is not None and number.mark is not None:
            total += Evidence(*(cells if number.mark == mark else 0 for mark in (".", ",", "?")))
    return total


def numbers(texts: Iterable[str], decimal: str, largest: float = LARGEST) -> dict[str, float]:
    """Return each readable text with its number, where that is below the largest."""
    read: dict[str, float] = {}
    for text in texts:
        number = read_number(text)
        value = None if number is None else number.value(decimal, largest)
        if value is not None:
            read[text] = value
    return read
