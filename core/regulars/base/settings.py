"""Settings: every option of the command line is a TOML key of the same name. Option beats file beats default."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from regulars.base.errors import SettingsError, listing, nearest
from regulars.base.iso4217 import is_currency, nearest_codes
from regulars.base.scheme_ids import CHOSEN

LATEST_YEAR = 2199  # later dates stand for 'no end' in what programs export


def setting(default: Any, explained: str, *, choices: tuple[str, ...] = ()) -> Any:
    """Declare a setting with the sentence that explains it wherever settings are listed."""
    metadata = {"explained": explained, "choices": choices}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """What a run may be told. Shares are fractions, dates are calendar days, money is in the shop's currency."""

    sheet: tuple[str, ...] = setting((), "Sheets that hold orders; empty means every sheet that looks like orders.")
    map: Mapping[str, str] = setting({}, "Field to column header, for columns that are not recognised by themselves.")
    since: dt.date | None = setting(None, "First day that counts; earlier lines are set aside as outside_window.")
    until: dt.date | None = setting(None, "Last day that counts; later lines are set aside as outside_window.")
    as_of: dt.date | None = setting(
        None, "The day the analysis looks from, inclusive; default is the last kept line's day."
    )
    horizon_months: int = setting(12, "Months ahead that lifetime value and impact cover.")
    margin: float | None = setting(None, "Gross margin as a share of revenue; beats a profit column and the default.")
    assumptions: Mapping[str, float | str | bool] = setting(
        {},
        "The owner's own assumptions, by key as in the list below; the workbook's yellow cells hold the same.",
    )
    scheme: str = setting(
        "rfm11",
        f"The segment scheme that drives impact, deck and lists: {', '.join(CHOSEN)}, or the path of a scheme file "
        "(.toml) of your own.",
    )
    sheets: str = setting("short", "Which result sheets are written.", choices=("short", "full"))
    returns: str = setting(
        "net",
        "What a return does: net takes it off the purchase, drop sets it aside, keep counts it.",
        choices=("net", "drop", "keep"),
    )
    repeats: str = setting(
        "keep", "What an identical line in one source is: keep counts it, drop sets it aside.", choices=("keep", "drop")
    )
    currency: str | None = setting(None, "ISO code of the currency when no column says it, such as GBP.")
    dayfirst: bool | None = setting(
        None, "Read 03/04/2025 as 3 April (true) or March 4 (false); default is what the column shows."
    )
    paid: tuple[str, ...] = setting(
        (), "Order statuses that count as paid; empty means all but the known unpaid and cancelled ones."
    )
    discount_rate: float = setting(0.10, "Yearly rate at which later money is discounted.")
    clv_engine: str = setting("own", "What fits the lifetime models.", choices=("own", "lifetimes"))
    clusters: int | None = setting(
        None,
        "Number of k-means clusters, 2 to 10; default is 5. Clusters are shown with sheets = full, or when this is set. "
        "Silhouettes of other numbers stand beside it, and with sheets = full the gap statistic and the stability of each, "
        "which take some seconds.",
    )
    verdict_p: float = setting(
        0.01, "Segments differ only if chance alone would show such a difference less often than this."
    )
    verdict_effect: float = setting(
        0.02, "Segments differ only if they explain at least this share of the variance of ranks (epsilon squared)."
    )
    seed: int = setting(42, "Seed of everything that is drawn at random.")
    holdout_share: float = setting(
        0.10,
        "Share of each customer list that is left alone, drawn by seed and customer, to measure what acting brings.",
    )
    lapsed_days: int = setting(60, "A customer without an order for more days than this is on the list of the lapsed.")
    frequent_orders_a_year: int = setting(
        25, "A customer with more orders than this in the last 365 days is on the list of the frequent."
    )
    frequent_orders: int = setting(15, "So is a customer from this order on, whenever it was placed.")
    playbook_discount: float = setting(
        0.10, "Discount on one order that a playbook may offer, as a share; it is offered only where it would pay."
    )
    theme: str | None = setting(
        None,
        "Theme file (.toml) with colours, font, number formats and logo of the workbook; default is the product's own.",
    )
    slides: tuple[str, ...] = setting(
        ("short",),
        "Slides of the deck: short (the story, at most 18), full (with a page for each segment and an appendix), or keys of "
        "slides in the order in which they should stand; in a list, short and full stand for their slides.",
    )
    analyst: str | None = setting(None, "Name printed on the title slide and the Summary sheet.")

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for one in fields(self):
            choices = one.metadata["choices"]
            value = getattr(self, one.name)
            if choices and value not in choices:
                raise SettingsError(f"{one.name} = {value!r} is not known", remedy=f"use one of {listing(choices)}")
        if self.margin is not None and not 0 < self.margin <= 1:
            raise SettingsError(
                f"margin = {self.margin} is not a share of revenue",
                remedy="give a number above 0 and up to 1, such as 0.4",
            )
        if not 1 <= self.horizon_months <= 60:
            raise SettingsError(f"horizon_months = {self.horizon_months} is out of range", remedy="give 1 to 60")
        if not 0 <= self.discount_rate < 1:
            raise SettingsError(
                f"discount_rate = {self.discount_rate} is out of range",
                remedy="give 0 or more and less than 1, such as 0.1",
            )
        if self.clusters is not None and not 2 <= self.clusters <= 10:
            raise SettingsError(f"clusters = {self.clusters} is out of range", remedy="give 2 to 10")
        for name in ("verdict_p", "verdict_effect"):
            if not 0 < getattr(self, name) < 1:
                raise SettingsError(
                    f"{name} = {getattr(self, name)} is out of range", remedy="give more than 0 and less than 1"
                )
        if not 0 <= self.seed < 2**32:
            raise SettingsError(f"seed = {self.seed} is out of range", remedy="give 0 or more and less than 4294967296")
        if not 0 <= self.holdout_share <= 0.5:
            raise SettingsError(
                f"holdout_share = {self.holdout_share} is out of range", remedy="give 0 to 0.5, such as 0.1"
            )
        for name in ("lapsed_days", "frequent_orders_a_year", "frequent_orders"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} = {getattr(self, name)} is out of range", remedy="give 1 or more")
        if not 0 < self.playbook_discount < 1:
            raise SettingsError(
                f"playbook_discount = {self.playbook_discount} is no share of an order",
                remedy="give more than 0 and less than 1, such as 0.1",
            )
        for name, day in (("since", self.since), ("until", self.until), ("as_of", self.as_of)):
            if day is not None and day.year > LATEST_YEAR:
                raise SettingsError(
                    f"{name} = {day} lies too far ahead", remedy=f"give a day up to {LATEST_YEAR}-12-31"
                )
        if self.since and self.until and self.since > self.until:
            raise SettingsError(f"since {self.since} is later than until {self.until}", remedy="swap them")
        if self.currency is not None and not is_currency(self.currency):
            near = nearest_codes(self.currency)
            raise SettingsError(
                f"currency = {self.currency!r} is no currency of ISO 4217",
                remedy=f"give three capitals such as GBP, EUR or USD{f'; the nearest codes are {listing(near)}' if near else ''}",
            )

    def but(self, **options: Any) -> Settings:
        """Return these settings with the given options instead; None leaves a setting as it is."""
        return replace(self, **{name: value for name, value in options.items() if value is not None})


def read_settings(path: Path) -> Settings:
    """Read a TOML file of settings.

    Raises SettingsError when the file is missing, is not TOML, has an unknown key or a value of the wrong type.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"there is no settings file '{path}'", remedy="check the path given to --settings"
        ) from None
    except OSError as problem:
        raise SettingsError(
            f"'{path}' cannot be read ({problem.strerror})", remedy="give the path of a TOML file"
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"'{path}' is not valid TOML ({problem})", remedy="mend that line") from problem
    return settings_from(document, str(path))


def settings_from(document: Mapping[str, Any], where: str) -> Settings:
    """Build settings from plain values, naming the nearest key for an unknown one.

    >>> settings_from({"margin": 0.35}, "shop.toml").margin
    0.35
    """
    known = {one.name: one for one in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in document.items():
        name = key.replace("-", "_")
        if name not in known:
            near = nearest(name, known)
            raise SettingsError(
                f"'{key}' in {where} is no setting",
                remedy=f"write '{near}'" if near else f"use one of {listing(known, most=30)}",
            )
        if name in values:
            twice = listing([one for one in document if one.replace("-", "_") == name])
            raise SettingsError(f"{twice} in {where} are one setting, written twice", remedy="keep one of them")
        values[name] = _typed(name, value, where)
    try:
        return Settings(**values)
    except SettingsError as error:
        raise SettingsError(f"{error.what} (in {where})", remedy=error.remedy) from error


_LISTS = {"sheet", "paid", "slides"}
_DATES = {"since", "until", "as_of"}
_NUMBERS = {"margin", "discount_rate", "playbook_discount", "holdout_share", "verdict_p", "verdict_effect"}
_WHOLE = {"horizon_months", "clusters", "seed", "lapsed_days", "frequent_orders_a_year", "frequent_orders"}
_FLAGS = {"dayfirst"}


def _typed(name: str, value: Any, where: str) -> Any:
    """Return the value in the setting's own type, or refuse it."""

    def wrong(wanted: str) -> SettingsError:
        return SettingsError(f"{name} = {value!r} in {where} is not {wanted}", remedy=f"write {wanted}")

    if name == "map":
        if not isinstance(value, dict) or not all(isinstance(header, str) for header in value.values()):
            raise wrong('a table such as { customer = "Client No" }')
        return {str(field): header for field, header in value.items()}
    if name == "assumptions":
        if not isinstance(value, dict):
            raise wrong('a table such as [assumptions], with lines such as "win_back.success_rate" = 0.15')
        return dict(_flat(value))
    if name in _LISTS:
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise wrong("a list of texts")
        return tuple(entries)
    if name in _DATES:
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        raise wrong("a date such as 2025-12-31 without quotes")
    if name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong("a number")
        return float(value)
    if name in _WHOLE:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong("a whole number")
        return value
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise wrong("true or false")
        return value
    if not isinstance(value, str):
        raise wrong("a text in quotes")
    return value.upper() if name == "currency" else value


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the entries of nested tables by dotted key: TOML writes win_back.reach = 0.9 either way."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}".replace("-", "_"), value
