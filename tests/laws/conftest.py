"""Shops drawn at random, as orders: what verdicts and movements are tried on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from regulars.base.units import TEN_THOUSANDTHS, Currency
from regulars.orders.model import LINES, SET_ASIDE, Ledger, Orders, Reason, Source, Window

START = dt.date(2024, 11, 1)
Whole = npt.NDArray[np.int64]


def _orders(
    who: Whole, day: Whole, money: npt.NDArray[np.float64], segment: npt.NDArray[Any] | None = None, days: int = 365
) -> Orders:
    count, amount = len(who), np.rint(money * TEN_THOUSANDTHS).astype(np.int64)
    dates = np.datetime64(START, "D") + day
    columns: dict[str, Any] = {field.name: pa.nulls(count, field.type) for field in LINES}
    columns |= {
        "source": pa.array(["made"] * count),
        "row": np.arange(2, count + 2),
        "customer": np.char.add("c", np.char.zfill(who.astype(str), 7)),
        "order": np.arange(count).astype(str),
        "ts": dates.astype("datetime64[us]"),
        "day": dates,
        "units": np.full(count, TEN_THOUSANDTHS),
        "amount": amount,
        "written_amount": amount,
    }
    if segment is not None:
        columns["segment"] = segment[who]
    table = pa.table({field.name: pa.array(columns[field.name]).cast(field.type) for field in LINES}, schema=LINES)
    nought = dict.fromkeys(Reason, 0)
    return Orders(
        table,
        SET_ASIDE.empty_table(),
        Ledger(count, count, nought, nought, int(amount.sum()), 0, 0, None, None),
        Window(START, START + dt.timedelta(days=days - 1)),
        Currency(),
        (Source("made", 1, count, {}, ()),),
        frozenset(),
    )


@pytest.fixture(scope="session")
def made_orders() -> Callable[..., Orders]:
    """Make orders from who (0, 1, …), day (from 0) and money of each, a segment for each customer, and the window's days."""
    return _orders


@pytest.fixture(scope="session")
def drawn_shop() -> Callable[..., Orders]:
    """Draw a shop: Poisson orders at each customer's own rate a year, money the same for all."""

    def draw(
        random: np.random.Generator, rate: npt.NDArray[np.float64], segment: Any = None, days: int = 365
    ) -> Orders:
        who = np.repeat(np.arange(len(rate)), random.poisson(rate * days / 365))
        money = np.exp(random.normal(3.5, 0.6, len(who)))
        return _orders(who, random.integers(0, days, len(who)), money, segment, days)

    return draw
