"""`regulars demo`: the sample of real orders, analyzed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.base.settings import Settings
from regulars.cli.options import AUTO
from regulars.cli.work import finish, job_for


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the sample, the workbook and the deck.")
    ] = Path("demo"),
) -> None:
    """Analyze a sample of real orders, with all sheets, a deck and the facts, into a folder."""
    from regulars_workbooks.sample import write_sample  # noqa: PLC0415

    orders = out / "orders.xlsx"
    write_sample(orders)
    chosen = Settings(sheets="full", currency="GBP")
    finish(job_for([orders], chosen, None, None, AUTO, None, out / "orders.regulars.json", force=False))
