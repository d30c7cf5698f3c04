"""`regulars report`: the written report of a finished result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.options import Force, LaterOrders, OutlineName, Result
from regulars.cli.reports import with_reports
from regulars.cli.work import finish


def report(
    result: Result,
    orders: LaterOrders = None,
    outline: OutlineName = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="The report, .md or .html; may be given twice. Default is .html beside the result.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write the report of a result, with the assumptions that its owner put into it."""
    from regulars.again import deck_job  # noqa: PLC0415

    job = replace(deck_job(result, orders or (), force=force), deck=None)
    finish(with_reports(job, out or [job.workbook.with_suffix(".html")], outline))
