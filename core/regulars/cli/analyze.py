"""`regulars analyze`: orders to a workbook, and a deck if wanted."""

from __future__ import annotations

from dataclasses import replace

import typer

from regulars.cli.options import (
    Analyst,
    AsOf,
    Backup,
    ClvEngine,
    CurrencyCode,
    CustomersFile,
    Deck,
    Force,
    Horizon,
    Into,
    Json,
    Map,
    Margin,
    Orders,
    Out,
    OutlineName,
    Repeats,
    Report,
    Returns,
    Scheme,
    SettingsFile,
    Sheet,
    Sheets,
    Since,
    Slides,
    Template,
    Theme,
    Until,
)
from regulars.cli.reports import leading_scheme, with_reports
from regulars.cli.settings import chosen_settings, day, names, pairs
from regulars.cli.work import finish, job_for


def analyze(
    orders: Orders,
    sheet: Sheet = None,
    mapped: Map = None,
    customers: CustomersFile = None,
    settings: SettingsFile = None,
    out: Out = None,
    into: Into = None,
    backup: Backup = False,
    deck: Deck = None,
    template: Template = None,
    json: Json = None,
    report: Report = None,
    outline: OutlineName = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    horizon_months: Horizon = None,
    margin: Margin = None,
    scheme: Scheme = None,
    sheets: Sheets = None,
    slides: Slides = None,
    returns: Returns = None,
    repeats: Repeats = None,
    clv_engine: ClvEngine = None,
    currency: CurrencyCode = None,
    theme: Theme = None,
    analyst: Analyst = None,
    force: Force = False,
) -> None:
    """Turn orders into a workbook of segments, lifetime value and impact, and into a deck if wanted."""
    chosen = chosen_settings(
        settings,
        sheet=tuple(sheet) if sheet else None,
        map=pairs(mapped),
        since=day("--since", since),
        until=day("--until", until),
        as_of=day("--as-of", as_of),
        horizon_months=horizon_months,
        margin=margin,
        scheme=leading_scheme(scheme, settings, outline, written=bool(report)),
        sheets=sheets,
        slides=names(slides),
        returns=returns,
        repeats=repeats,
        clv_engine=clv_engine,
        currency=currency.upper() if currency else None,
        theme=theme,
        analyst=analyst,
    )
    if into is not None and out is not None:
        raise typer.BadParameter("--into says where the sheets go; leave --out away", param_hint="--out")
    if backup and into is None:
        raise typer.BadParameter("it keeps the workbook of --into, which is not given", param_hint="--backup")
    job = job_for(orders, chosen, customers, out, deck, template, json, force=force, into=into)
    job = replace(job, backup=backup, margin_given=margin is not None, settings_file=settings)
    finish(with_reports(job, report, outline))
