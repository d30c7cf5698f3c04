"""A job is put together, done, and its outcome said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from regulars.base.errors import OutputError
from regulars.base.settings import Settings
from regulars.cli.exits import WRITTEN_BESIDE
from regulars.cli.options import AUTO

if TYPE_CHECKING:
    from regulars.job import Job


def job_for(
    orders: Sequence[Path], settings: Settings, customers: Path | None, out: Path | None, deck: str | None,
    template: Path | None, json: Path | None, *, force: bool, into: Path | None = None,
) -> Job:  # fmt: skip
    """Return the job with its default places filled in: beside the workbook that gets the sheets, else the first input."""
    from regulars.job import Job, result_path  # noqa: PLC0415

    workbook = result_path(into or orders[0], out)
    place = None
    if deck is not None:
        place = workbook.with_suffix(".pptx") if deck == AUTO else Path(deck)
        if place.suffix.lower() != ".pptx":
            raise OutputError(
                f"the deck '{place}' does not end in .pptx", remedy=f"give --deck a name such as {place.stem}.pptx"
            )
    elif template is not None:
        raise typer.BadParameter("a template needs --deck", param_hint="--template")
    return Job(tuple(orders), workbook, settings, customers, place, template, json, force=force, into=into)


def finish(job: Job) -> None:
    """Do a job, and say what was noticed and written."""
    from regulars.run import run  # noqa: PLC0415

    with steps() as progress:
        outcome = run(job, progress)
    for note in outcome.notes:
        typer.echo(f"note: {note}", err=True)
    for path in outcome.written:
        typer.echo(str(path))
    if outcome.refused is not None:
        typer.echo(f"regulars: {outcome.refused.what}; the result was written beside it, to '{job.workbook}'", err=True)
        typer.echo(f"To do: {outcome.refused.remedy}.", err=True)
        raise typer.Exit(WRITTEN_BESIDE)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Show the name of the running step on a terminal; stay quiet when piped."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status("Starting") as status:
        yield status.update
