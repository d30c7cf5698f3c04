"""Sheets of orders by hand, for every test of the rooms that clean them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from regulars.base.settings import Settings
from regulars.orders.clean import clean
from regulars.orders.raw import RawSource, Recognised, RecognisedSource


def _sheet(fields: Any, *lines: Any, name: Any = "orders.xlsx", **known: Any) -> Any:
    """A recognised sheet: its fields by name, one tuple of cells a line, header in row 1."""
    names = fields.split()
    cells = {"row": pa.array(range(2, len(lines) + 2), pa.int64())}
    for index in range(len(names)):
        cells[f"c{index}"] = pa.array([line[index] for line in lines], pa.string())
    raw = RawSource(name, 1, tuple(known.pop("headers", names)), pa.table(cells), **known)
    return RecognisedSource(raw, {field: index for index, field in enumerate(names) if field != "_"})


def _cleaned(*sources: Any, customers: Any = None, **settings: Any) -> Any:
    return clean(Recognised(sources, customers), Settings(**settings))


def _reasons(orders: Any) -> Any:
    return dict(zip(orders.set_aside["row"].to_pylist(), orders.set_aside["reason"].to_pylist(), strict=True))


def _column(orders: Any, name: Any) -> Any:
    return orders.lines[name].to_pylist()


def _money(orders: Any) -> Any:
    return sum(_column(orders, "amount")) / 10_000


@pytest.fixture
def sheet() -> Any:
    """Make a recognised sheet of orders."""
    return _sheet


@pytest.fixture
def cleaned() -> Any:
    """Clean recognised sheets with settings."""
    return _cleaned


@pytest.fixture
def reasons() -> Any:
    """Give the reason of each row set aside by its number."""
    return _reasons


@pytest.fixture
def column() -> Any:
    """Give a column of the kept lines."""
    return _column


@pytest.fixture
def money() -> Any:
    """Give the revenue of the kept lines."""
    return _money
