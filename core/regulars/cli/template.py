"""`regulars template`: an empty workbook to fill with orders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def template(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to put the empty workbook for your orders.")],
) -> None:
    """Write an empty workbook with the headings that are understood, to fill with orders by hand."""
    from regulars_workbooks.orders_template import write_template  # noqa: PLC0415

    write_template(path)
    typer.echo(str(path))
