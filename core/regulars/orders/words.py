"""The words of seven languages that cleaning needs: statuses, totals, guests, months, currencies. They live in words.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

STATUS_KINDS = ("paid", "unpaid", "cancelled", "returned")


@cache
def words() -> Mapping[str, Any]:
    """Return words.toml as plain values."""
    return tomllib.loads(files("regulars.orders").joinpath("words.toml").read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Return a text without case, accents, hyphens, underscores and outer or doubled blanks.

    >>> fold("  Pending_Payment "), fold("Année"), fold("Walk-in")
    ('pending payment', 'annee', 'walk in')
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


def status_kind(text: str, paid: Iterable[str] = ()) -> str | None:
    """Return what an order status says: paid, unpaid, cancelled, returned, or None when no known word is in it.

    With a list of words that count as paid, every other status that is not cancelled or returned is unpaid.

    >>> status_kind("Partially_Refunded"), status_kind("Storniert (Kunde)"), status_kind("not paid"), status_kind("blue")
    ('paid', 'cancelled', 'unpaid', None)
    >>> status_kind("blue", paid=["Blue"]), status_kind("paid", paid=["Blue"])
    ('paid', 'unpaid')
    """
    folded = fold(text)
    chosen = {fold(word) for word in paid}
    if folded in chosen:
        return "paid"
    found = _longest_status(folded)
    if chosen and found not in {"cancelled", "returned"}:
        return "unpaid"
    return found


def _longest_status(folded: str) -> str | None:
    spaced = f" {' '.join(_parts(folded))} "
    best, length = None, 0
    for phrase, kind in _statuses().items():
        if len(phrase) > length and f" {phrase} " in spaced:
            best, length = kind, len(phrase)
    return best


def _parts(folded: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded)


@cache
def _statuses() -> Mapping[str, str]:
    return {fold(word): kind for kind in STATUS_KINDS for word in words()["statuses"][kind]}


@cache
def _total_words() -> frozenset[str]:
    return frozenset(fold(word) for word in words()["totals"]["words"])


@cache
def _label_words() -> frozenset[str]:
    single = {part for phrase in _total_words() for part in phrase.split()}
    beside = {fold(word) for word in words()["totals"]["companions"]}
    return frozenset(single | beside | set(months()))


def is_total_label(text: str) -> bool:
    """Tell whether a cell is nothing but the label of a sum.

    >>> is_total_label("Subtotal December 2009"), is_total_label("GRAND TOTAL"), is_total_label("Total lamp")
    (True, True, False)
    """
    parts = _parts(fold(text))
    if not has_total_word(text):
        return False
    return all(part.isdigit() or part in _label_words() for part in parts)


def has_total_word(text: str) -> bool:
    """Tell whether a cell starts or ends with a word for a sum, as "17850 Total" does.

    >>> has_total_word("17850 Total"), has_total_word("Zwischensumme Mai"), has_total_word("a total lamp")
    (True, True, False)
    """
    parts = _parts(fold(text))
    if not parts:
        return False
    known = _total_words()
    return bool({parts[0], parts[-1], " ".join(parts[:2]), " ".join(parts[-2:])} & known)


@cache
def months() -> Mapping[str, int]:
    """Return month names and their unmistakable beginnings, folded, with the month's number."""
    full: dict[str, int] = {}
    for names in words()["months"].values():
        full |= {fold(name): number for number, name in enumerate(names, 1)}
    meant: dict[str, set[int]] = {}
    for name, number in full.items():
        for length in range(3, len(name) + 1):
            meant.setdefault(name[:length], set()).add(number)
    return {beginning: min(numbers) for beginning, numbers in meant.items() if len(numbers) == 1} | full


@cache
def idle_date_words() -> frozenset[str]:
    """Return the words that may stand in a date without meaning: weekdays, their beginnings, prepositions."""
    names = [fold(name) for name in words()["weekdays"]["names"]]
    beginnings = {name[:length] for name in names for length in range(min(2, len(name)), len(name) + 1)}
    return frozenset(beginnings | set(words()["weekdays"]["fillers"])) - frozenset(months())


def blank_words(kind: str) -> list[str]:
    """Return the lower-case texts that say nothing in a cell: kind is "text", "id" or "customer".

    >>> "guest" in blank_words("customer"), "guest" in blank_words("id"), "na" in blank_words("text")
    (True, False, False)
    """
    blank = words()["blank"]
    known = list(blank["anywhere"])
    if kind in {"id", "customer"}:
        known += blank["id"]
    if kind == "customer":
        known += blank["customer"]
    return sorted({word.lower() for word in known})


@cache
def currency_signs() -> Mapping[str, str]:
    """Return currency signs, words and ISO codes in capitals, with the ISO code each means."""
    table = words()["currencies"]
    return {**table["signs"], **{code: code for code in table["codes"]}}
