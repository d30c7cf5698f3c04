"""Columns of dates as text: day or month first, as the column shows."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def dates(sheet: Any, cleaned: Any, column: Any) -> Any:
    """Clean a column of dates; give the days and what was said of them."""

    def read(*texts: Any, **settings: Any) -> Any:
        orders = cleaned(sheet("customer date amount", *(("A", text, "1") for text in texts)), **settings)
        return [day.isoformat() for day in column(orders, "day")], [
            n for n in orders.notices if n.key == "ambiguous_dates"
        ]

    return read


def test_a_part_over_twelve_decides_for_the_whole_column(dates: Any) -> None:
    assert dates("03/04/2025", "13/04/2025") == (["2025-04-03", "2025-04-13"], [])
    assert dates("03/04/2025", "04/13/2025") == (["2025-03-04", "2025-04-13"], [])


def test_the_other_sheet_decides_where_one_proves_nothing(sheet: Any, cleaned: Any, column: Any) -> None:
    orders = cleaned(
        sheet("customer date amount", ("A", "03/04/2025", "1")),
        sheet("customer date amount", ("A", "04/13/2025", "1"), name="b"),
    )
    assert [day.isoformat() for day in column(orders, "day")] == ["2025-03-04", "2025-04-13"]


def test_undecided_dates_take_the_reading_in_which_rows_follow_each_other(dates: Any) -> None:
    read, (notice,) = dates("01/02/2025", "01/05/2025", "01/09/2025", "01/12/2025", "02/01/2025")
    assert read == ["2025-01-02", "2025-01-05", "2025-01-09", "2025-01-12", "2025-02-01"]
    assert notice.rows == 5
    assert "month first was chosen (set dayfirst = true" in notice.text


def test_undecided_dates_fit_between_the_real_dates(dates: Any) -> None:
    read, _ = dates("2025-03-01", "03/04/2025", "2025-03-06")
    assert read[1] == "2025-03-04"


def test_dates_that_nothing_decides_are_day_first(dates: Any) -> None:
    read, (notice,) = dates("03/04/2025")
    assert read == ["2025-04-03"]
    assert "dayfirst = false" in notice.text
    assert notice.first == "orders.xlsx row 2"


def test_the_setting_beats_the_column(dates: Any) -> None:
    assert dates("03/04/2025", "04/03/2025", dayfirst=False) == (["2025-03-04", "2025-04-03"], [])


def test_numbers_are_days_only_in_a_column_without_real_dates(
    sheet: Any, cleaned: Any, reasons: Any, dates: Any
) -> None:
    assert dates("40513", "40514.5")[0] == ["2010-12-01", "2010-12-02"]
    assert reasons(cleaned(sheet("customer date amount", ("A", "40513", "1"), ("A", "2010-12-02", "1")))) == {
        2: "bad_date"
    }


def test_dates_that_contradict_each_other_are_named_with_a_row_of_each(sheet: Any, cleaned: Any, column: Any) -> None:
    texts = ("13/01/2025", "14/01/2025", "01/20/2025", "03/02/2025")
    orders = cleaned(sheet("customer date amount", *(("A", text, "1") for text in texts)))
    assert [day.isoformat() for day in column(orders, "day")] == [
        "2025-01-13",
        "2025-01-14",
        "2025-01-20",
        "2025-02-03",
    ]
    (notice,) = [notice for notice in orders.notices if "dates" in notice.key]
    assert (notice.key, notice.rows, notice.first) == ("contradictory_dates", 4, "orders.xlsx row 2")
    assert (
        "2 can only be day first, such as '13/01/2025' in row 2, and 1 only month first, such as '01/20/2025' in row 4"
        in notice.text
    )
    assert "1 date that can be read both ways was read day first" in notice.text
