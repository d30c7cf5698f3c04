"""Cleaning: from recognised cells to order lines that count, and a ledger of every row that does not."""

from __future__ import annotations

import datetime as dt

from regulars.base.settings import Settings
from regulars.orders.currencies import find_currency
from regulars.orders.formats import find_shown_currency
from regulars.orders.kinds import decide_kinds
from regulars.orders.largest import refuse_more_than_can_be_added
from regulars.orders.ledger import Sums, make_ledger, set_aside, sum_up
from regulars.orders.lines import kept_lines
from regulars.orders.model import Orders, Source, Window
from regulars.orders.notices import sheet_notices
from regulars.orders.people import read_people
from regulars.orders.queries import engine, statements
from regulars.orders.raw import Recognised, RecognisedSource
from regulars.orders.returns import net_returns
from regulars.orders.staging import stage
from regulars.orders.statuses import read_statuses
from regulars.orders.totals import find_totals
from regulars.orders.twins import find_twins

EVER, NEVER = dt.date(1, 1, 1), dt.date(9999, 12, 31)


def clean(recognised: Recognised, settings: Settings) -> Orders:
    """Clean the order lines of all sources.

    Raises InputError when two currencies are named, or when no order line is left.
    """
    sources = recognised.orders
    queries = statements("clean.sql")
    with engine() as connection:
        staged = stage(connection, sources, settings)
        table, about_people = read_people(connection, recognised.customers, settings)
        find_totals(connection, sources)
        currency, about_currency = find_currency(connection, settings.currency, staged.signs)
        currency, about_formats = find_shown_currency(sources, currency)
        about_amounts = decide_kinds(connection, sources)
        about_statuses = read_statuses(connection, sources, settings.paid)
        connection.execute(queries["valued"])
        find_twins(connection)
        connection.execute(queries["judged"], _rules(settings))
        refuse_more_than_can_be_added(connection)
        unmatched = net_returns(connection, settings.returns)
        connection.execute(queries["kept"])
        connection.execute(queries["aside"])
        sums = sum_up(connection)
        ledger = make_ledger(connection, sums, unmatched=unmatched, with_people=table is not None)
        window = _window(sums, settings)
        return Orders(
            lines=kept_lines(connection, sources, staged.texts, with_people=table is not None),
            set_aside=set_aside(connection, sources),
            ledger=ledger,
            window=window,
            currency=currency,
            sources=tuple(_source(source) for source in sources),
            fields=frozenset(
                field for source in (*sources, recognised.customers) if source for field in source.columns
            ),
            customer_table=table,
            passed_over=recognised.passed_over,
            notices=(
                *recognised.notices,
                *staged.notices,
                *about_currency,
                *about_formats,
                *about_amounts,
                *about_statuses,
                *sheet_notices(connection, sources, settings, staged.largest),
                *about_people,
            ),
        )


def _rules(settings: Settings) -> dict[str, object]:
    return {
        "returns": settings.returns,
        "repeats": settings.repeats,
        "since": settings.since or EVER,
        "until": min(settings.until or NEVER, settings.as_of or NEVER),
    }


def _window(sums: Sums, settings: Settings) -> Window:
    if sums.first is None or sums.last is None:
        raise AssertionError("the ledger refuses orders of which no line is left")
    return Window(settings.since or sums.first, settings.as_of or sums.last)


def _source(source: RecognisedSource) -> Source:
    used = set(source.columns.values())
    return Source(
        name=source.raw.name,
        header_row=source.raw.header_row,
        rows=source.raw.cells.num_rows,
        columns={field: source.header(field) for field in source.columns},
        ignored=tuple(header for index, header in enumerate(source.raw.headers) if index not in used),
    )
