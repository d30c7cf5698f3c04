"""Options become settings: option beats file beats default."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import typer

from regulars.base.errors import SettingsError
from regulars.base.settings import Settings, read_settings, settings_from


def chosen_settings(path: Path | None, **options: Any) -> Settings:
    """Return the settings: option beats file beats default."""
    base = _file(path) if path else settings_from({}, "the defaults")
    given = options.pop("map", None)
    settings = base.but(**options)
    return settings.but(map={**settings.map, **given}) if given else settings


def _file(path: Path) -> Settings:
    """Return the settings of a file; what is wrong with its assumptions is said with its name."""
    settings = read_settings(path)
    if settings.assumptions:
        from regulars.impact.assumptions import OwnerAssumptions  # noqa: PLC0415  a run without a file does not need it

        try:
            OwnerAssumptions(settings.assumptions)
        except SettingsError as error:
            raise SettingsError(f"{error.what} (in [assumptions] of {path})", remedy=error.remedy) from error
    return settings


def pairs(mapped: list[str] | None) -> dict[str, str] | None:
    if not mapped:
        return None
    pairs: dict[str, str] = {}
    for one in mapped:
        field, sign, header = one.partition("=")
        if not sign or not field.strip() or not header.strip():
            raise typer.BadParameter(f"'{one}' is not FIELD=HEADER, such as customer=\"Client No\"", param_hint="--map")
        earlier = pairs.setdefault(field.strip(), header.strip())
        if earlier != header.strip():
            raise typer.BadParameter(
                f"the field '{field.strip()}' is given twice, as '{earlier}' and as '{header.strip()}'; keep one of them",
                param_hint="--map",
            )
    return pairs


def names(listed: str | None) -> tuple[str, ...] | None:
    """Return the names of a list with commas.

    >>> names("title, summary")
    ('title', 'summary')
    """
    return None if listed is None else tuple(name.strip() for name in listed.split(",") if name.strip())


def day(option: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date such as 2025-12-31", param_hint=option) from None
