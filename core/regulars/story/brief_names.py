"""Names cut to a length, and still apart from one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

CUT = "…"
SHORTEST_END = 4  # characters kept from the end, where beginnings are alike


def brief_names(names: Sequence[str], longest: int) -> dict[str, str]:
    """Return each name with at most so many characters; two that would become alike keep their ends, or get a number.

    Which one bears which number depends on the order of the names.

    >>> brief_names(["Wholesale partners, north", "Retail"], 12)
    {'Wholesale partners, north': 'Wholesale p…', 'Retail': 'Retail'}
    >>> list(brief_names(["Wholesale partners, north", "Wholesale partners, south"], 12).values())
    ['Whole… north', 'Whole… south']
    """
    distinct = list(dict.fromkeys(names))
    found = {name: _begun(name, longest) for name in distinct}
    for kept in range(SHORTEST_END, longest // 2 + 1):
        twins = _twins(found)
        if not twins:
            return found
        found |= {name: _with_end(name, longest, kept) for name in twins}
    twins = _twins(found)
    taken = set(found.values()) - {found[name] for name in twins}
    for name in twins:
        number = 1
        while (numbered := _numbered(name, longest, number)) in taken:
            number += 1
        found[name] = numbered
        taken.add(numbered)
    return found


def _begun(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}{CUT}"


def _with_end(name: str, longest: int, kept: int) -> str:
    if len(name) <= longest:
        return name
    word = name.rfind(" ", 0, len(name) - kept + 1)
    if word >= 0 and len(name) - word <= longest // 2:  # a whole word reads better than its end
        kept = len(name) - word
    return f"{name[: longest - kept - 1].rstrip()}{CUT}{name[-kept:]}"


def _numbered(name: str, longest: int, number: int) -> str:
    ending = f"{CUT} {number}"
    return f"{name[: longest - len(ending)].rstrip()}{ending}"


def _twins(found: dict[str, str]) -> list[str]:
    """Return the cut names that are alike, or like a name that is short enough as it is."""
    count = Counter(found.values())
    return [name for name, shown in found.items() if count[shown] > 1 and name != shown]
