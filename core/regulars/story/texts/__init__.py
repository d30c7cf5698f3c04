"""Sentences as data: one TOML file a language, filled with facts by key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from regulars.base.facts import Facts

LANGUAGE = "en"


@cache
def _file(name: str) -> Mapping[str, Any]:
    source = files("regulars.story.texts").joinpath(f"{name}.{LANGUAGE}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def text(key: str, facts: Facts, **words: str) -> str:
    """Return the sentence of that key, with `{fact}` filled by the shown fact and `{word}` by a word given here."""
    value: Any = _file("texts")
    for part in key.split("."):
        try:
            value = value[part]
        except (KeyError, TypeError):
            raise KeyError(f"no text '{key}'") from None
    if not isinstance(value, str):
        raise TypeError(f"'{key}' is not a text")
    return facts.say(value, **words)


def entries(key: str) -> Mapping[str, str]:
    """Return a whole table of short texts, such as the meaning of each reason."""
    value: Any = _file("texts")
    for part in key.split("."):
        value = value[part]
    return dict(value)


@cache
def playbook(segment: str, role: str) -> Mapping[str, Any]:
    """Return the plays for a segment: its own where there are any, else those for what it is to the shop."""
    plays = _file("playbook")
    found: Mapping[str, Any] = {**plays["role"][role], **plays.get("segment", {}).get(segment, {})}
    return found


def sentences(name: str) -> Mapping[str, Any]:
    """Return a whole file of texts that no fact fills, such as the sentences for each customer."""
    return _file(name)
