"""Real files are read whole, and their columns are recognised without a word from their owner."""

from pathlib import Path

import pytest

from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.raw import RecognisedSource
from regulars.orders.sources import read_sources

DATA = Path(__file__).parents[1] / "data"
ONLINE_RETAIL = {
    "order": "Invoice",
    "product": "StockCode",
    "description": "Description",
    "quantity": "Quantity",
    "date": "InvoiceDate",
    "price": "Price",
    "customer": "Customer ID",
    "country": "Country",
}


def sources_of(name: str) -> tuple[RecognisedSource, ...]:
    recognised = read_sources([DATA / name], Settings())
    assert recognised.customers is None
    return recognised.orders


def mapping(source: RecognisedSource) -> dict[str, str]:
    return {field: source.header(field) for field in source.columns}


def test_both_sheets_of_online_retail_are_read() -> None:
    first, second = sources_of("online_retail_ii_part.xlsx")
    assert first.raw.name == "online_retail_ii_part.xlsx › Year 2009-2010"
    assert second.raw.name == "online_retail_ii_part.xlsx › Year 2010-2011"
    assert (first.raw.written().num_rows, second.raw.written().num_rows) == (14_269, 20_497)
    for source in (first, second):
        assert mapping(source) == ONLINE_RETAIL
        assert source.raw.numeric == {3, 5, 6}
        assert source.raw.dated == {4}
    assert first.raw.written()["row"][-1].as_py() == 14_270


def test_the_whole_first_year_of_online_retail_is_read_from_parquet() -> None:
    (source,) = sources_of("online_retail_2009_2010.parquet")
    assert source.raw.written().num_rows == 525_461
    assert mapping(source) == ONLINE_RETAIL
    assert source.raw.written().slice(0, 1).to_pylist() == [
        {
            "row": 1,
            "c0": "489434",
            "c1": "85048",
            "c2": "15CM CHRISTMAS GLASS BALL 20 LIGHTS",
            "c3": "12",
            "c4": "2009-12-01 07:45:00",
            "c5": "6.95",
            "c6": "13085",
            "c7": "United Kingdom",
        }
    ]


def test_superstore_has_the_amount_of_the_line_and_the_date_of_the_order() -> None:
    (source,) = sources_of("superstore.parquet")
    assert source.raw.written().num_rows == 9_994
    assert mapping(source) == {
        "customer": "Customer ID",
        "order": "Order ID",
        "date": "Order Date",
        "amount": "Sales",
        "quantity": "Quantity",
        "profit": "Profit",
        "discount": "Discount",
        "segment": "Segment",
        "category": "Category",
        "product": "Product ID",
        "description": "Product Name",
        "country": "Country",
    }


def test_cdnow_keeps_the_zeros_of_its_ids() -> None:
    (source,) = sources_of("cdnow_sample.csv")
    assert source.raw.written().num_rows == 6_919
    assert mapping(source) == {"customer": "customer_id", "date": "date", "quantity": "cds", "amount": "amount"}
    assert source.raw.written()["c0"][0].as_py() == "00004"


def test_the_header_of_a_sales_book_is_found_below_its_titles() -> None:
    (source,) = sources_of("messy_orders.xlsx")
    assert source.raw.name == "messy_orders.xlsx › Sales book"
    assert source.raw.header_row == 4
    assert source.raw.written().num_rows == 1_094 + 13 + 1  # lines, subtotals, grand total; 18 blank rows are no rows
    assert source.raw.written()["row"][-1].as_py() == 1_130
    assert mapping(source) == {
        "order": "Order #",
        "customer": "Client",
        "date": "Date of sale",
        "product": "Item",
        "quantity": "Qty",
        "price": "Unit price",
        "amount": "Total",
    }
    assert source.raw.error_cells == {1: 5, 2: 2, 3: 6, 5: 6, 6: 2}


def test_several_files_are_one_set() -> None:
    names = ["online_retail_ii_part.xlsx", "messy_orders.xlsx"]
    recognised = read_sources([DATA / name for name in names], Settings())
    assert [source.raw.written().num_rows for source in recognised.orders] == [14_269, 20_497, 1_108]


@pytest.mark.parametrize("name", ["segments_004.csv", "cdnow_customers_summary.csv"])
def test_tables_without_orders_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="has no column for"):
        read_sources([DATA / name], Settings())
