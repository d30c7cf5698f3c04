"""Assumptions: what the product ships, and what the owner says instead, by key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from regulars.base.errors import SettingsError, listing, nearest

Said = Mapping[str, float | str | bool]

CHOICES: Mapping[str, tuple[str, ...]] = {"scenario": ("careful", "base", "bold")}
FLAGS = frozenset({"confirmed", "in_plan"})
WHOLE = frozenset({"start_month", "months"})  # months are whole: money is counted by the month
GENERAL = (
    "margin",
    "low",
    "high",
    "scenario",
    "confirmed",
    "acquisition_ratio",
    "new_customers",
    "new_customer_revenue",
)
OF_AN_INITIATIVE = (
    "in_plan", "reach", "success_rate", "uplift", "contact_cost", "fixed_cost", "start_month", "months", "margin",
)  # fmt: skip
OF_THE_PRICE_TEST = ("in_plan", "rise", "items", "volume", "cost", "start_month")
OF_THE_DIP = ("in_plan", "recovered", "cost")
BOUNDS: Mapping[str, tuple[float, float]] = {
    "margin": (0, 1), "low": (0, 1), "high": (1, 10), "reach": (0, 1), "success_rate": (0, 1), "uplift": (0, 10),
    "start_month": (1, 60), "months": (0, 60), "rise": (0, 1), "items": (0, 1), "volume": (0, 1), "recovered": (0, 1),
    "acquisition_ratio": (0.1, 100),
}  # fmt: skip
_NOT_NEGATIVE = (0.0, 1e12)


def defaults() -> Mapping[str, Any]:
    """Return the shipped assumptions."""
    return tomllib.loads(files("regulars.impact").joinpath("defaults.toml").read_text(encoding="utf-8"))


def known_keys() -> tuple[str, ...]:
    """Return every key that an owner may set, such as `win_back.success_rate`."""
    initiatives = [entry["key"] for entry in defaults()["initiative"]]
    return (
        *GENERAL,
        *(f"{key}.{name}" for key in initiatives for name in OF_AN_INITIATIVE),
        *(f"price.{name}" for name in OF_THE_PRICE_TEST),
        *(f"dip.{name}" for name in OF_THE_DIP),
    )


@dataclass(frozen=True)
class OwnerAssumptions:
    """The assumptions that the owner set, by key; what is not set falls back to what ships."""

    said: Said

    def __post_init__(self) -> None:
        """Refuse keys that are not known, and values that no assumption can have."""
        known = known_keys()
        for key, value in self.said.items():
            if key not in known:
                near = nearest(key, known)
                raise SettingsError(
                    f"'{key}' is no assumption",
                    remedy=f"write '{near}'" if near else f"use one of {listing(known, 12)}",
                )
            _check(key, value)

    def number(self, key: str, default: float) -> float:
        """Return a number: the owner's, or the default."""
        value = self.said.get(key, default)
        return float(value)

    def flag(self, key: str) -> bool | None:
        """Return yes or no, or None where the owner said neither."""
        value = self.said.get(key)
        return None if value is None else bool(value)

    def word(self, key: str, default: str) -> str:
        """Return a word: the owner's, or the default."""
        return str(self.said.get(key, default))

    def source(self, keys: tuple[str, ...], default: str) -> str:
        """Return where figures come from: the owner, where one of the keys was set."""
        return "set by the owner" if any(key in self.said for key in keys) else default


def _check(key: str, value: float | str | bool) -> None:
    name = key.rpartition(".")[2]
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise SettingsError(f"{key} = {value!r} is not known", remedy=f"use one of {listing(CHOICES[name])}")
        return
    if name in FLAGS:
        if not isinstance(value, bool):
            raise SettingsError(f"{key} = {value!r} is neither true nor false", remedy="write true or false")
        return
    low, high = BOUNDS.get(name, _NOT_NEGATIVE)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise SettingsError(f"{key} = {value!r} is out of range", remedy=f"give a number from {low:g} to {high:g}")
    if name in WHOLE and value != int(value):
        raise SettingsError(
            f"{key} = {value!r} is no whole number of months", remedy=f"give a whole number from {low:g} to {high:g}"
        )
