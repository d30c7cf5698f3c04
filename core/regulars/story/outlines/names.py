"""What an outline may name: tables with their columns, texts, and facts. Known before any orders are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from regulars.base.errors import nearest
from regulars.story.texts import sentences

ANY = "*"
FREE = re.compile(r"\{([A-Za-z_][^{}?]*)(?:\?[^{}|]*\|[^{}|]*)?\}")


@dataclass(frozen=True)
class Names:
    """Known names. A column `*` stands for columns that follow the data, such as months; so does `*` in a fact's key."""

    tables: Mapping[str, tuple[str, ...]]
    charts: frozenset[str]
    facts: tuple[str, ...]
    texts: Mapping[str, str]

    def column_is_known(self, table: str, column: str) -> bool:
        """Tell whether a table has a column, or may have it."""
        known = self.tables[table]
        return column in known or ANY in known

    def fact_is_known(self, key: str) -> bool:
        """Tell whether a run may have a fact of that key."""
        return _matcher(self.facts).fullmatch(key) is not None

    def nearest_fact(self, key: str) -> str | None:
        """Return the known key closest to one that is not known."""
        return nearest(key, self.facts)


@cache
def _matcher(facts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one).replace(r"\*", r"[^.]+") for one in facts))


def facts_in(template: str) -> list[str]:
    """Return what a sentence names in braces.

    >>> facts_in("{customers.count} {customers.count?customer|customers} brought {revenue.total~}")
    ['customers.count', 'customers.count', 'revenue.total']
    """
    return [name.removesuffix("~") for name in FREE.findall(template)]


@cache
def known_names() -> Names:
    """Return the names that every outline is checked against."""
    source = files("regulars.story").joinpath("report_names.toml")
    told = tomllib.loads(source.read_text(encoding="utf-8"))
    return Names(
        tables={key: tuple(columns) for key, columns in told["tables"].items()},
        charts=frozenset(told["charts"]),
        facts=tuple(told["facts"]),
        texts=_texts(),
    )


def _texts() -> dict[str, str]:
    """Return every text that needs no word of its page: those of the report, and those that facts alone fill."""
    own = dict(_leaves(sentences("report")))
    shared = {key: one for key, one in _leaves(sentences("texts")) if all("." in name for name in facts_in(one))}
    return {**shared, **own}


def _leaves(table: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _leaves(value, f"{above}{key}.") if isinstance(value, dict) else [(above + key, value)]
    return found
