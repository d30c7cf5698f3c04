"""`regulars deck`: the deck of a finished result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.base.errors import OutputError
from regulars.cli.options import Force, LaterOrders, Result, Slides, Template
from regulars.cli.settings import names
from regulars.cli.work import finish


def deck(
    result: Result,
    orders: LaterOrders = None,
    template: Template = None,
    slides: Slides = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PPTX", help="The deck; default is beside the result.")
    ] = None,
    force: Force = False,
) -> None:
    """Make the deck of a result, with the assumptions that its owner put into it."""
    from regulars.again import deck_job  # noqa: PLC0415

    if out is not None and out.suffix.lower() != ".pptx":
        raise OutputError(
            f"the deck '{out}' does not end in .pptx", remedy=f"give --out a name such as {out.stem}.pptx"
        )
    finish(deck_job(result, orders or (), out, template, slides=names(slides), force=force))
