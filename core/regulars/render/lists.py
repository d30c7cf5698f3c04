"""Complete lists as CSV files, where a sheet shows the first rows only."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa

from regulars.base.units import TEN_THOUSANDTHS

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program would run a text that begins so as a formula


def write_customers(customers: pd.DataFrame, path: Path) -> None:
    """Write every customer, under the headers of the Customers sheet."""
    _safe(customers).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_set_aside(rows: pa.Table, path: Path) -> None:
    """Write every row set aside, with its sheet, row number and reason."""
    frame = rows.to_pandas()
    frame["amount"] = frame["amount"] / TEN_THOUSANDTHS
    _safe(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with an apostrophe before texts that a spreadsheet program would take for a formula."""
    texts = [name for name in frame.columns if pd.api.types.is_string_dtype(frame[name]) or frame[name].dtype == object]
    return frame.assign(**{name: frame[name].map(_quoted) for name in texts})


def _quoted(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
