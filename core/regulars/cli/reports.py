"""What the options of the written report come to: the places, the outline, and the scheme that it is led by."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from regulars.base.errors import OutputError
from regulars.base.outline_ids import DEFAULT_OUTLINE

if TYPE_CHECKING:
    from regulars.job import Job

SUFFIXES = (".md", ".html")


def with_reports(job: Job, places: Sequence[Path] | None, outline: str | None) -> Job:
    """Return a job that writes reports too. Raises OutputError for a place with another suffix."""
    if not places:
        if outline is not None:
            raise typer.BadParameter("an outline needs --report", param_hint="--outline")
        return job
    for place in places:
        if place.suffix.lower() not in SUFFIXES:
            raise OutputError(
                f"the report '{place}' does not end in .md or .html",
                remedy=f"give it a name such as {place.stem or 'report'}.html",
            )
    return replace(job, reports=tuple(places), outline=outline or DEFAULT_OUTLINE)


def leading_scheme(asked: str | None, settings: Path | None, outline: str | None, *, written: bool) -> str | None:
    """Return the scheme that leads: the one asked for, else that of the outline unless the settings file names one."""
    if asked is not None or outline is None or not written:
        return asked
    from regulars.story.outlines import read_outline  # noqa: PLC0415

    scheme = read_outline(outline).scheme
    if scheme is None or (settings is not None and _names_a_scheme(settings)):
        return None
    typer.echo(f"note: the scheme {scheme} leads, as the outline asks for; --scheme chooses another", err=True)
    return scheme


def _names_a_scheme(settings: Path) -> bool:
    """Tell whether a settings file names a scheme; a file that cannot be read is refused by its own reader."""
    try:
        return "scheme" in tomllib.loads(settings.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
