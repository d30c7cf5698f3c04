"""Sheets that are longer than their head: typed columns say exactly what the same cells say as text."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.settings import Settings
from regulars.orders import read_excel, scan, tags
from regulars.orders.clean import clean
from regulars.orders.raw import RawSource, Recognised
from regulars.orders.sources import read_sources

ROWS = 1_200
HEADERS = ["Invoice", "Customer ID", "InvoiceDate", "Quantity", "Price", "Description", "Note", "Hours", "Gift"]


def write_long(
    path: Path, change: Callable[[Any, dict[str, Any]], None] | None = None, top: int = 3, left: int = 1
) -> Path:
    """Write a sheet with what real ones have: C-invoices, blanks, errors, formulas, a title above and a blank row."""
    workbook = xlsxwriter.Workbook(path)
    formats = {
        "day": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "hours": workbook.add_format({"num_format": "[h]:mm"}),
    }
    sheet = workbook.add_worksheet("Orders")
    sheet.write_string(0, left, 'Orders of "my shop" & others <2010>')
    sheet.write_row(top, left, HEADERS)
    start = dt.datetime(2009, 12, 1, 7, 45, 6)  # noqa: DTZ001  wall-clock time
    for index in range(ROWS):
        row = top + 1 + index + (index > 700)
        back = index % 40 == 39
        if back:
            sheet.write_string(row, left, f"C{489000 + index}")
        else:
            sheet.write_number(row, left, 489000 + index // 3)
        if index % 11:
            sheet.write_number(row, left + 1, 17850 + index % 97)
        sheet.write_datetime(
            row, left + 2, start + dt.timedelta(hours=7 * index, milliseconds=137 * index), formats["day"]
        )
        sheet.write_number(row, left + 3, -2 if back else 1 + index % 5)
        if index % 400 == 7:
            sheet.write_formula(row, left + 4, "=1/0", None, "#DIV/0!")
        else:
            sheet.write_formula(row, left + 4, "=1+1", None, 0.1 + index % 13 * 1.15)
        sheet.write_string(row, left + 5, f"Candle № {index % 20} & co")
        if index % 300 == 5:
            sheet.write_string(row, left + 6, "  ")
        sheet.write_number(row, left + 7, 0.25 + index % 5, formats["hours"])
        sheet.write_boolean(row, left + 8, index % 2)
    if change:
        change(sheet, formats)
    workbook.close()
    return path


@contextmanager
def all_as_text() -> Iterator[None]:
    """Read every sheet as short ones are: all cells as text."""
    with pytest.MonkeyPatch.context() as patch:
        real = scan.scan_xlsx

        def without_start(*arguments: Any) -> scan.SheetScan:
            found = real(*arguments)
            found.start = b""
            return found

        patch.setattr(read_excel, "scan_xlsx", without_start)
        yield


def read(path: Path) -> Recognised:
    return read_sources([path], Settings())


def both_ways(path: Path) -> tuple[Recognised, Recognised]:
    with all_as_text():
        text = read(path)
    typed = read(path)
    assert pa.types.is_string(text.orders[0].raw.cells["c2"].type)
    return typed, text


def text_late(sheet: Any, _formats: dict[str, Any]) -> None:
    sheet.write_string(1_100, 4, "1.234")
    sheet.write_string(1_101, 5, "N/A")
    sheet.write_string(1_102, 3, "31.12.2010")
    sheet.write_boolean(1_103, 4, True)


def dates_among_numbers(sheet: Any, formats: dict[str, Any]) -> None:
    sheet.write_datetime(1_100, 4, dt.datetime(2010, 5, 1), formats["day"])  # noqa: DTZ001  wall-clock time
    sheet.write_number(1_101, 3, 40_148.5)


def cells_further_left_and_right(sheet: Any, _formats: dict[str, Any]) -> None:
    sheet.write_string(1_000, 0, "checked")
    sheet.write_number(1_150, 30, 5)


def nothing_more(_sheet: Any, _formats: dict[str, Any]) -> None:
    pass


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize("durations", [True, False])
@pytest.mark.parametrize("change", [nothing_more, text_late, dates_among_numbers, cells_further_left_and_right])
def test_typed_columns_and_text_give_the_same_source_and_the_same_orders(
    tmp_path: Path, change: Callable[[Any, dict[str, Any]], None], durations: bool, left: int
) -> None:
    def changed(sheet: Any, formats: dict[str, Any]) -> None:
        for row in range(4, 0 if durations else ROWS + 6):
            sheet.write_number(row, left + 7, row % 5)
        change(sheet, formats)

    typed, text = both_ways(write_long(tmp_path / "orders.xlsx", changed, left=left))
    (one,), (other,) = typed.orders, text.orders
    assert one.columns == other.columns
    for name in ("name", "header_row", "headers", "numeric", "dated", "error_cells"):
        assert getattr(one.raw, name) == getattr(other.raw, name), name
    assert one.raw.cells["row"].equals(other.raw.cells["row"])
    first, second = one.raw.written(), other.raw.written()
    for index in range(len(one.raw.headers)):
        ours, theirs = first[f"c{index}"].to_pylist(), second[f"c{index}"].to_pylist()
        if index in one.raw.numeric:  # the parser writes some numbers with more digits than they have
            assert [value is None for value in ours] == [value is None for value in theirs]
            filled = [float(value) for value in theirs if value is not None]
            assert [float(value) for value in ours if value is not None] == pytest.approx(filled, rel=1e-14)
        else:
            assert ours == theirs
    for settings in (Settings(), Settings(returns="drop", repeats="drop"), Settings(returns="keep")):
        made, expected = clean(typed, settings), clean(text, settings)
        assert made.lines.equals(expected.lines)
        assert made.set_aside.drop_columns(["price"]).equals(expected.set_aside.drop_columns(["price"]))
        assert (made.ledger, made.window, made.notices) == (expected.ledger, expected.window, expected.notices)


def raw_of(path: Path) -> RawSource:
    (source,) = read(path).orders
    return source.raw


def test_columns_of_numbers_and_dates_arrive_as_such_and_ids_stay_whole(tmp_path: Path) -> None:
    raw = raw_of(write_long(tmp_path / "orders.xlsx"))
    kinds = {header: str(raw.cells.schema.field(f"c{at}").type) for at, header in enumerate(raw.headers)}
    assert kinds["Customer ID"] == kinds["Quantity"] == "double"
    assert kinds["InvoiceDate"] == "timestamp[us]"
    assert kinds["Invoice"] == kinds["Description"] == kinds["Hours"] == "string"
    assert raw.numeric == {1, 3, 4}  # the parser gives a column with errors as text
    assert raw.text(1)[1].as_py() == "17851"
    assert raw.text(2)[0].as_py() == "2009-12-01 07:45:06"


def test_rows_of_a_long_sheet_keep_the_numbers_their_owner_sees(tmp_path: Path) -> None:
    raw = raw_of(write_long(tmp_path / "orders.xlsx"))
    assert raw.header_row == 4
    assert raw.cells["row"].to_pylist() == [*range(5, 706), *range(707, 5 + ROWS + 1)]


def test_error_cells_of_a_long_sheet_are_counted(tmp_path: Path) -> None:
    assert raw_of(write_long(tmp_path / "orders.xlsx")).error_cells == {4: 3}


@given(
    st.lists(
        st.lists(st.sampled_from(["", ' t="s"', ' s="1"', ' s="12" t="inlineStr"', ' t="e"']), min_size=4, max_size=4),
        min_size=1,
        max_size=12,
    ),
    st.integers(min_value=1, max_value=1_048_000),
)
def test_tags_are_all_met_exactly_when_each_is_known(rows: list[list[str]], first: int) -> None:
    known = {"A": [b"", b' t="s"'], "B": [b' s="1"'], "C": [b' s="12" t="inlineStr"', b' t="s"'], "AB": [b""]}
    cells = [
        (letter, first + index, tag)
        for index, row in enumerate(rows)
        for letter, tag in zip(("A", "B", "C", "AB"), row, strict=True)
        if letter != "AB" or tag == ' t="e"'
    ]
    chunk = "".join(f'<c r="{letter}{row}"{tag}><v>1</v></c>' for letter, row, tag in cells).encode()
    unmet = any(tag.encode() not in known[letter] for letter, _, tag in cells)
    assert tags.all_met(chunk, known, first + len(rows) - 1) is not unmet
