"""`regulars batch`: many workbooks, each with its own fate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from regulars.base.errors import listing
from regulars.base.units import counted
from regulars.cli.exits import SOME_FAILED
from regulars.cli.options import Force, SettingsFile, Template
from regulars.cli.settings import chosen_settings
from regulars.cli.work import steps


def batch(
    patterns: Annotated[
        list[str], typer.Argument(metavar="PATTERN...", help="Workbooks, such as 'inbox/*.xlsx' in quotes.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the results; it mirrors the folders of the inputs.")
    ],
    settings: SettingsFile = None,
    deck: Annotated[bool, typer.Option("--deck", help="Write a deck for each workbook too.")] = False,
    template: Template = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes at a time; default is one a processor.")
    ] = None,
    force: Force = False,
) -> None:
    """Analyze many workbooks; one that fails does not stop the rest. Exit code 4 when some failed."""
    from regulars.batch import (  # noqa: PLC0415
        DONE,
        Fate,
        backups,
        find_inputs,
        jobs_for,
        matching,
        refuse_foreign_results,
        run_batch,
        write_results,
    )
    from regulars.job import Job  # noqa: PLC0415

    chosen = chosen_settings(settings)
    inputs, base = find_inputs(patterns, out)
    if template is not None and not deck:
        raise typer.BadParameter("a template needs --deck", param_hint="--template")
    if not force:
        refuse_foreign_results(out / "results.csv")
    shape = Job((), Path(), chosen, template=template, force=force)
    work = jobs_for(inputs, base, out, shape, deck=deck)
    with steps() as progress:
        count = 0

        def reached(fate: Fate) -> None:
            nonlocal count
            count += 1
            progress(f"{count} of {len(work)}: {fate.input} {fate.status}")

        fates = run_batch(work, jobs or os.cpu_count() or 1, reached)
    results = out / "results.csv"
    write_results(fates, results)
    copies = [path.name for path in backups(matching(patterns)) if ".regulars." not in path.name]
    if copies:
        typer.echo(f"note: copies that --backup kept are no workbooks of the batch: {listing(copies)}", err=True)
    for fate in fates:
        if fate.status != DONE:
            typer.echo(f"failed: {fate.input}: {fate.reason}. To do: {fate.remedy}.", err=True)
        elif fate.notes:
            typer.echo(f"note: {fate.input}: {fate.notes}", err=True)
    if any("--" in fate.remedy for fate in fates):
        typer.echo(
            "A batch takes options such as --map from the file of --settings, for all workbooks alike:"
            ' map = { customer = "Client No" }. For one workbook alone, use regulars analyze.',
            err=True,
        )
    failed = sum(fate.status != DONE for fate in fates)
    typer.echo(f"{len(fates) - failed} of {counted(len(fates), 'workbook')} done, {failed} failed")
    typer.echo(str(results))
    if failed:
        raise typer.Exit(SOME_FAILED)
