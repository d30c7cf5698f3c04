"""Complete lists as CSV files, where a sheet shows the first rows only."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from regulars.base.units import TEN_THOUSANDTHS

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the local code page
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program would run a text that begins so as a formula
NUMBER = r"^[+-][\d.,]+$"


def write_customers(customers: pd.DataFrame, path: Path) -> None:
    """Write every customer, under the headers of the Customers sheet."""
    _write(pa.Table.from_pandas(customers, preserve_index=False), path)


def write_contacts(contacts: pd.DataFrame, path: Path) -> None:
    """Write a customer list for import, in UTF-8 without a byte order mark.

    A mark would become part of the first header, which Shopify and Klaviyo want spelt just so.
    """
    _write(pa.Table.from_pandas(contacts, preserve_index=False), path, mark=b"")


def write_set_aside(rows: pa.Table, path: Path) -> None:
    """Write every row set aside, with its sheet, row number and reason; the amount in units of the currency."""
    place = rows.schema.get_field_index("amount")
    _write(rows.set_column(place, "amount", pc.divide(pc.cast(rows["amount"], pa.float64()), TEN_THOUSANDTHS)), path)


def _write(table: pa.Table, path: Path, mark: bytes = BYTE_ORDER_MARK) -> None:
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            table = table.set_column(place, field.name, _quoted(table[field.name].cast(pa.large_string())))
    with path.open("wb") as file:
        file.write(mark)
        csv.write_csv(table, file, csv.WriteOptions(quoting_style="needed"))


def _quoted(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the texts with an apostrophe before those that a spreadsheet program would take for a formula.

    >>> _quoted(pa.chunked_array([["=1+1", "Ann", "-12"]])).to_pylist()
    ["'=1+1", 'Ann', '-12']
    """
    begins = pc.utf8_slice_codeunits(texts, 0, 1)
    risky = pc.is_in(begins, value_set=pa.array(RISKY, begins.type))
    if not pc.any(risky).as_py():
        return texts
    risky = pc.and_not(risky, pc.match_substring_regex(texts, NUMBER))
    apostrophe, nothing = (pa.scalar(sign, texts.type) for sign in ("'", ""))
    return pc.if_else(risky, pc.binary_join_element_wise(apostrophe, texts, nothing), texts)
