"""Options become settings: option beats file beats default."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import typer

from regulars.base.settings import Settings, read_settings, settings_from


def chosen_settings(path: Path | None, **options: Any) -> Settings:
    """Return the settings: option beats file beats default."""
    base = read_settings(path) if path else settings_from({}, "the defaults")
    given = options.pop("map", None)
    settings = base.but(**options)
    return settings.but(map={**settings.map, **given}) if given else settings


def pairs(mapped: list[str] | None) -> dict[str, str] | None:
    if not mapped:
        return None
    pairs = {}
    for one in mapped:
        field, sign, header = one.partition("=")
        if not sign or not field.strip() or not header.strip():
            raise typer.BadParameter(f"'{one}' is not FIELD=HEADER, such as customer=\"Client No\"", param_hint="--map")
        pairs[field.strip()] = header.strip()
    return pairs


def day(option: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date such as 2025-12-31", param_hint=option) from None
