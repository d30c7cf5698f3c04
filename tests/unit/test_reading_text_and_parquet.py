"""CSV, TSV, Parquet and live ranges become the same cells as a workbook."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.header import raw_from_rows
from regulars.orders.load import load_orders
from regulars.orders.raw import RawSource
from regulars.orders.sources import read_sources

LINES = [["customer", "date", "total"], ["Zoë", "2024-01-05", "9,50 €"], ["Anna", "2024-01-06", "1.234,00 €"]]


def read(path: Path) -> RawSource:
    (source,) = read_sources([path], Settings()).orders
    return source.raw


def rows_of(raw: RawSource) -> list[tuple[object, ...]]:
    return [tuple(line.values()) for line in raw.written().to_pylist()]


EXPECTED = [(2, "Zoë", "2024-01-05", "9,50 €"), (3, "Anna", "2024-01-06", "1.234,00 €")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes("\r\n".join(delimiter.join(line) for line in LINES).encode(encoding))
    assert rows_of(read(path)) == EXPECTED


def test_the_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("sep=;\n" + "\n".join(";".join(line) for line in LINES), encoding="utf-8")
    assert rows_of(read(path)) == EXPECTED


def test_rows_are_numbered_by_record_past_notes_blank_lines_and_breaks_inside_quotes(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        'Export of my shop\n\ncustomer,date,total,note\nA,2024-01-05,3,"two\nlines"\n\nB,2024-01-06\nC,2024-01-07,4,x,more\n',
        encoding="utf-8",
    )
    raw = read(path)
    assert raw.header_row == 3
    assert raw.headers == ("customer", "date", "total", "note", "Column E")
    assert rows_of(raw) == [
        (4, "A", "2024-01-05", "3", "two\nlines", None),
        (6, "B", "2024-01-06", None, None, None),
        (7, "C", "2024-01-07", "4", "x", "more"),
    ]
    assert (raw.numeric, raw.dated, raw.error_cells) == (frozenset(), frozenset(), None)


def test_cells_of_text_stay_as_written_and_blank_ones_are_null(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,total\n 0012 ,2024-01-05,   \n,2024-01-06,2\n", encoding="utf-8")
    assert rows_of(read(path)) == [(2, " 0012 ", "2024-01-05", None), (3, None, "2024-01-06", "2")]


HEAD = "customer,date,total,note\n"


def row(number: int, note: str = "x") -> str:
    return f"C{number},2024-01-{number % 28 + 1:02d},{number}.50,{note}\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + row(1) + row(2).replace("2024", '"2024') + "".join(row(number) for number in range(3, 9)),
        HEAD + row(1) + row(2).replace("2024", '"2024') + "".join(row(number, '"y"') for number in range(3, 9)),
        HEAD + row(1) + row(2, '"x') + row(3) + row(4) + row(5, 'plate 12"') + row(6) + row(7) + row(8),
        HEAD + row(1) + row(2, '"x') + row(3, '"one\nnote"') + "".join(row(number) for number in range(4, 9)),
        HEAD + "".join(row(number) for number in range(1, 8)) + row(8).replace("2024", '"2024'),
    ],
)
def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path: Path, text: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text, encoding="utf-8")
    orders = load_orders([path], Settings())
    assert orders.ledger.rows_read == 8
    unclosed = [notice for notice in orders.notices if notice.key == "unclosed_quotes"]
    if 'C8,"' not in text:  # in the last line there is nothing left to swallow: the row is set aside
        assert orders.ledger.rows_kept == 8
        assert [(notice.rows, notice.first) for notice in unclosed] == [(1, "orders.csv line 3")]


def test_a_quote_that_is_never_closed_in_a_long_file_costs_no_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('customer,date,total\n1,"2024-01-01,3\n' + "2,2024-01-02,4\n" * 90_000, encoding="utf-8")
    raw = read(path)
    assert raw.cells.num_rows == 90_001
    assert rows_of(raw)[0] == (2, "1", "2024-01-01", "3")


def test_a_line_that_has_too_many_cells_without_its_quote_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + row(1) + 'C2,2024-01-02,"3,50,x\n' + row(3) + row(4), encoding="utf-8")
    with pytest.raises(InputError, match=r"'orders.csv' has a quote in line 3 that is never closed.*quote in line 3"):
        read(path)


@pytest.mark.parametrize(
    "note", ['"two, b\nlines, c"', '"a ""quoted"" word\n\nand, more, commas, here"', '"sloppy, b\nsaid "hi" to"']
)
def test_notes_of_several_lines_stay_one_cell(tmp_path: Path, note: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + row(1) + row(2, note) + row(3), encoding="utf-8")
    raw = read(path)
    assert [line[1] for line in rows_of(raw)] == ["C1", "C2", "C3"]
    assert str(rows_of(raw)[1][4]).count("\n") == note.count("\n")
    assert raw.notices == ()


def test_typed_columns_of_parquet_are_written_as_a_workbook_has_them(tmp_path: Path) -> None:
    day = dt.date(2024, 1, 5)
    time = dt.datetime(2024, 1, 5, 7, 45, 59, 999_999)  # noqa: DTZ001  wall-clock time
    table = pa.table(
        {
            "customer": pa.array([13085.0, None]),
            "order date": pa.array([day, day]),
            "total": pa.array([Decimal("12.50"), Decimal("100.00")]),
            "price": pa.array([2.55, 1e-7]),
            "seen": pa.array([time, None], pa.timestamp("us", tz="Europe/Berlin")),
            "gift": pa.array([True, False]),
            "country": pa.array(["France", " "]).dictionary_encode(),
            "tags": pa.array([["a"], []]),
            "ratio": pa.array([float("nan"), 0.5]),
        }
    )
    pq.write_table(table, tmp_path / "orders.parquet")
    raw = read(tmp_path / "orders.parquet")
    assert raw.header_row == 0
    assert raw.headers == ("customer", "order date", "total", "price", "seen", "gift", "country", "ratio")
    assert rows_of(raw) == [
        (1, "13085", "2024-01-05 00:00:00", "12.5", "2.55", "2024-01-05 08:45:59", "true", "France", None),
        (2, None, "2024-01-05 00:00:00", "100", "1e-07", None, "false", None, "0.5"),
    ]
    assert (raw.numeric, raw.dated) == (frozenset({0, 2, 3, 7}), frozenset({1, 4}))


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.parquet").write_bytes(b"PAR1" + b"x" * 100)
    with pytest.raises(InputError, match=r"'orders.parquet' is damaged"):
        read(tmp_path / "orders.parquet")


def test_a_live_range_keeps_the_rows_of_its_sheet_and_the_types_of_its_cells() -> None:
    raw = raw_from_rows(
        "Sheet1",
        [
            [None, None, None, None],
            ["Client", "Date", "Total", "Code"],
            [17850.0, dt.datetime(2010, 12, 1, 7, 45), 2.55, "007"],  # noqa: DTZ001  wall-clock time
            [None, " ", None, None],
            [17851, dt.datetime(2010, 12, 2), -1, 8.0],  # noqa: DTZ001  wall-clock time
        ],
        first_row=3,
    )
    assert (raw.header_row, raw.headers) == (4, ("Client", "Date", "Total", "Code"))
    assert rows_of(raw) == [
        (5, "17850", "2010-12-01 07:45:00", "2.55", "007"),
        (7, "17851", "2010-12-02 00:00:00", "-1", "8"),
    ]
    assert (raw.numeric, raw.dated) == (frozenset({0, 2}), frozenset({1}))


def test_a_live_range_without_cells_is_refused() -> None:
    with pytest.raises(InputError, match=r"'Sheet1' has no filled cell"):
        raw_from_rows("Sheet1", [[None, " "]])
