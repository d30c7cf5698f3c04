"""From files to clean orders in one call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from regulars.base.settings import Settings
from regulars.orders.clean import clean
from regulars.orders.model import Orders
from regulars.orders.sources import read_sources


def load_orders(
    paths: Sequence[Path],
    settings: Settings,
    customers: Path | None = None,
    left_out: Mapping[Path, Collection[str]] | None = None,
) -> Orders:
    """Read files of orders, and a table of customers where there is one, and clean them.

    `left_out` names sheets that are no orders whatever stands in them, by file; a sheet that the settings name is read.

    Raises InputError when a file cannot be read, a required column is missing, or no order line is left.
    """
    return clean(read_sources(paths, settings, customers, left_out), settings)
