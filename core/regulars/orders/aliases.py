"""How headers are compared with the names that a field goes by. The names live in aliases.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from regulars.orders.raw import CUSTOMER_FIELDS, ORDER_FIELDS

LONGEST_HEADER = 60  # characters; what is longer is a sentence
_SIGNS = {
    "#": " number ",
    "%": " percent ",
    "№": " no ",
    "ß": "ss",
    "€": " eur ",
    "£": " gbp ",
    "$": " usd ",
    "&": " and ",
}
_CURRENCIES = {
    "eur",
    "gbp",
    "usd",
    "chf",
    "cad",
    "aud",
    "jpy",
    "inr",
    "brl",
    "sek",
    "nok",
    "dkk",
    "pln",
    "mxn",
    "in",
    "utc",
}
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@cache
def tokens(header: str) -> tuple[str, ...]:
    """Return the words of a header in lower case, without accents and punctuation.

    >>> tokens("InvoiceDate"), tokens("Order #"), tokens("Fälligkeits-Datum"), tokens("customer_id")
    (('invoice', 'date'), ('order', 'number'), ('falligkeits', 'datum'), ('customer', 'id'))
    """
    for sign, word in _SIGNS.items():
        header = header.replace(sign, word)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", header) if not unicodedata.combining(letter))
    return tuple(word.lower() for word in _WORD.findall(plain))


@cache
def compact(header: str) -> str:
    """Return a header as one word: all spellings of "Invoice No" become one."""
    return "".join(tokens(header))


@cache
def _without_unit(header: str) -> str:
    """Return a header as one word without what stands in brackets and without currency codes at its end."""
    words = list(tokens(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)))
    while len(words) > 1 and words[-1] in _CURRENCIES:
        words.pop()
    return "".join(words)


@dataclass(frozen=True)
class Names:
    """The names of one field, strongest first."""

    whole: Mapping[str, float]  # a name as one word, and how good a header is that equals it
    parts: Mapping[
        str, tuple[tuple[tuple[str, ...], float], ...]
    ]  # words that a longer header may contain, by the first
    veto: frozenset[str]

    def score(self, header: str) -> float:
        """Return how well a header names the field: 0 not at all, above 50 by its whole."""
        if not header or len(header) > LONGEST_HEADER:
            return 0.0
        if (found := self.whole.get(compact(header))) is not None:
            return found
        if (found := self.whole.get(_without_unit(header))) is not None:
            return found - 1
        words = tokens(header)
        if self.veto.intersection(words) or len(words) > 6:
            return 0.0
        return max(
            (
                worth + 10 * len(part) / len(words)
                for place, word in enumerate(words)
                for part, worth in self.parts.get(word, ())
                if words[place : place + len(part)] == part
            ),
            default=0.0,
        )

    def vetoes(self, header: str) -> bool:
        """Tell whether a header has a word that says it is something else."""
        return bool(self.veto.intersection(tokens(header)))


# How good a header is: by its whole or by a part of it, and by the strength of the name.
_WHOLE = {"names": 100.0, "vague": 80.0, "last": 20.0}
_PART = {"names": 50.0, "vague": 30.0}


@cache
def _document() -> Mapping[str, Any]:
    return tomllib.loads(files("regulars.orders").joinpath("aliases.toml").read_text(encoding="utf-8"))


@cache
def order_names() -> Mapping[str, Names]:
    """Return the names of each field of an order line."""
    return {field: _names([_document()["orders"][field]]) for field in ORDER_FIELDS}


@cache
def customer_names() -> Mapping[str, Names]:
    """Return the names of each field of a table of customers."""
    named = {}
    for field in CUSTOMER_FIELDS:
        entry = _document()["customers"][field]
        tables = [_document()["orders"][entry["like"]]] if "like" in entry else []
        named[field] = _names([*tables, entry])
    return named


def _names(tables: Iterable[Mapping[str, Any]]) -> Names:
    whole: dict[str, float] = {}
    parts: dict[tuple[str, ...], float] = {}
    veto: set[str] = set()
    position = 0
    for table in tables:
        veto.update(table["veto"])
        for strength, worth in _WHOLE.items():
            for name in table[strength]:
                position += 1
                whole.setdefault(compact(name), worth - position / 100)
                words = tokens(name)
                if strength in _PART and (len(words) > 1 or len(name) > 3):
                    parts.setdefault(words, _PART[strength] - position / 1000)
    by_first: dict[str, tuple[tuple[tuple[str, ...], float], ...]] = {}
    for words, worth in parts.items():
        by_first[words[0]] = (*by_first.get(words[0], ()), (words, worth))
    return Names(whole, by_first, frozenset(veto))


@dataclass(frozen=True)
class Export:
    """A shop's own export, whose headers mean something else than they say."""

    name: str
    signs: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str]


@cache
def exports() -> tuple[Export, ...]:
    """Return the exports that are known by their headers; headers are given as one word."""
    return tuple(
        Export(
            name=entry["name"],
            signs=frozenset(compact(sign) for sign in entry["signs"]),
            columns={
                field: tuple(compact(header) for header in headers) for field, headers in entry["columns"].items()
            },
            ignored=frozenset(compact(header) for header in entry["not"]),
        )
        for entry in _document()["export"]
    )
