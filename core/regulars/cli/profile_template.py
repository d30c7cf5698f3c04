"""`regulars profile-template`: what a client's slide template gives, and a map of it to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.options import Force


def profile_template(
    template: Annotated[
        Path, typer.Argument(metavar="TEMPLATE", help="A .pptx or .potx of a client, or its edited map.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the files; default is beside the template.")
    ] = None,
    force: Force = False,
) -> None:
    """Look at a slide template: write a preview of its layouts, a map to edit, and what it lacks."""
    from regulars.render.deck.profile_files import write_profile  # noqa: PLC0415

    written = write_profile(template, out, force=force)
    for note in written.notes:
        typer.echo(f"note: {note}", err=True)
    for path in written.paths:
        typer.echo(str(path))
