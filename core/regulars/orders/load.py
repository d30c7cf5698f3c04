"""From files to clean orders in one call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regulars.base.settings import Settings
from regulars.orders.clean import clean
from regulars.orders.model import Orders
from regulars.orders.sources import read_sources


def load_orders(paths: Sequence[Path], settings: Settings, customers: Path | None = None) -> Orders:
    """Read files of orders, and a table of customers where there is one, and clean them.

    Raises InputError when a file cannot be read, a required column is missing, or no order line is left.
    """
    return clean(read_sources(paths, settings, customers), settings)
