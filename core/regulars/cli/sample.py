"""`regulars sample`: a workbook to try things with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sample(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to put the sample workbook of real orders.")],
) -> None:
    """Write the sample workbook of real orders, to try things with."""
    from regulars_workbooks.sample import write_sample  # noqa: PLC0415

    write_sample(path)
    typer.echo(str(path))
