"""Names that a workbook has already, and the names that new sheets get beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_LETTERS = 31  # of a sheet's name


@dataclass(frozen=True)
class Names:
    """The names in a workbook. Excel compares all of them without regard to case."""

    sheets: tuple[str, ...]  # all, in order
    ours: Mapping[str, str]  # our sheets there: the name a sheet had in the result, to its name today
    tables: Mapping[str, str]  # every table, to the sheet that holds it
    defined: frozenset[str]  # names of the whole workbook; ours are left out

    def for_sheets(self, wanted: Sequence[str]) -> dict[str, str]:
        """Return the final name of every sheet of a result: sheets of ours keep theirs, others avoid those there are.

        >>> names = Names(("Summary", "Mine"), {"Segments": "Mine"}, {}, frozenset())
        >>> names.for_sheets(["Summary", "Segments", "Method"])
        {'Summary': 'Summary (2)', 'Segments': 'Mine', 'Method': 'Method'}
        """
        kept = {key.casefold(): name for key, name in self.ours.items()}
        taken = {name.casefold() for name in self.sheets} | {
            name.casefold() for name in wanted if name.casefold() in kept
        }
        final = {}
        for name in wanted:
            final[name] = kept.get(name.casefold()) or free_name(name, taken)
            taken.add(final[name].casefold())
        return final

    def for_tables(self, final_sheets: Iterable[str]) -> frozenset[str]:
        """Return the names, in small letters, that tables of a result may not have once its sheets have theirs.

        Tables on sheets that the result replaces go away with them, so their names are free again.
        """
        replaced = {name.casefold() for name in self.ours.values()} & {name.casefold() for name in final_sheets}
        held = {table.casefold() for table, sheet in self.tables.items() if sheet.casefold() not in replaced}
        return frozenset(held | {name.casefold() for name in self.defined})


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return a sheet's name, numbered if need be; `taken` is in small letters.

    >>> free_name("Summary", {"summary", "summary (2)"}), free_name("A sheet with the longest name of all", set())
    ('Summary (3)', 'A sheet with the longest name o')
    """
    taken = set(taken)
    found, number = name[:MOST_LETTERS], 1
    while found.casefold() in taken:
        number += 1
        ending = f" ({number})"
        found = f"{name[: MOST_LETTERS - len(ending)]}{ending}"
    return found
