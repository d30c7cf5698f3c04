"""Errors that a user reads: what, where, how many, and what to do. Worded once, shown without a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class RegularsError(Exception):
    """Bad input that its owner can mend. The message is one line, the remedy another.

    >>> print(RegularsError("no column for the order date", remedy='name it with --map date="…"'))
    no column for the order date. To do: name it with --map date="…".
    """

    def __init__(self, what: str, *, remedy: str) -> None:
        """Keep what is wrong (with where and how many) apart from what to do about it."""
        super().__init__(what, remedy)
        self.what = what.rstrip(".")
        self.remedy = remedy.rstrip(".")

    def __str__(self) -> str:
        return f"{self.what}. To do: {self.remedy}."

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in a batch; a keyword-only argument needs help to be rebuilt there.
        return _rebuild, (type(self), self.what, self.remedy)


class InputError(RegularsError):
    """A file that cannot be read as orders: missing, damaged, encrypted, or without a required column."""


class SettingsError(RegularsError):
    """A setting, option or scheme file that says something impossible."""


class OutputError(RegularsError):
    """A result that may not be written where it was asked for."""


class TemplateError(RegularsError):
    """A slide template that lacks what a slide needs."""


def _rebuild(kind: type[RegularsError], what: str, remedy: str) -> RegularsError:
    return kind(what, remedy=remedy)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to a misspelt one, or None when none is close.

    >>> nearest("margn", ["margin", "currency"])
    'margin'
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def listing(names: Iterable[str], most: int = 12) -> str:
    """Join names for a message, and say how many were left out.

    >>> listing(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    names = list(names)
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
