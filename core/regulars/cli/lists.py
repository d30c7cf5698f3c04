"""`regulars lists`: orders to customer lists, a file each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.cli.options import (
    AsOf,
    ClvEngine,
    CurrencyCode,
    CustomersFile,
    Force,
    Map,
    Orders,
    Repeats,
    Returns,
    Scheme,
    SettingsFile,
    Sheet,
    Since,
    Until,
)
from regulars.cli.settings import chosen_settings, day, pairs
from regulars.cli.work import steps


def lists(
    orders: Orders,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the lists, one CSV file each.")],
    sheet: Sheet = None,
    mapped: Map = None,
    customers: CustomersFile = None,
    settings: SettingsFile = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    scheme: Scheme = None,
    returns: Returns = None,
    repeats: Repeats = None,
    clv_engine: ClvEngine = None,
    currency: CurrencyCode = None,
    force: Force = False,
) -> None:
    """Write whom to win back, to protect, to ask for a second order and more, as lists that mailing programs import."""
    from regulars.exports import export_lists  # noqa: PLC0415
    from regulars.job import Job  # noqa: PLC0415

    chosen = chosen_settings(
        settings,
        sheet=tuple(sheet) if sheet else None,
        map=pairs(mapped),
        since=day("--since", since),
        until=day("--until", until),
        as_of=day("--as-of", as_of),
        scheme=scheme,
        returns=returns,
        repeats=repeats,
        clv_engine=clv_engine,
        currency=currency.upper() if currency else None,
    )
    with steps() as progress:
        done = export_lists(Job(tuple(orders), out, chosen, customers, force=force), out, progress)
    for note in done.notes:
        typer.echo(f"note: {note}", err=True)
    for path in done.written:
        typer.echo(str(path))
