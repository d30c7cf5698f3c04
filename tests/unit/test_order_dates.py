from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from regulars.orders import dates
from regulars.orders.dates import excel_serial

read_date: Any = dates.read_date  # the texts below are dates, so no reading is None

NEW_YEARS_EVE = dt.datetime(2010, 12, 31)  # noqa: DTZ001  wall-clock time


@pytest.mark.parametrize(
    "text",
    [
        "2010-12-31",
        "2010/12/31",
        "2010.12.31",
        "20101231",
        "31/12/2010",
        "12/31/2010",
        "31.12.2010",
        "31-12-10",
        "31 Dec 2010",
        "Dec 31, 2010",
        "31-Dec-10",
        "31st December 2010",
        "Friday, 31 December 2010",
        "31. Dezember 2010",
        "Fr, 31. Dez. 2010",
        "31 décembre 2010",
        "31 de diciembre de 2010",
        "31 dicembre 2010",
        "31 december 2010",
        "31 de dezembro de 2010",
        "  31   Dec  2010 ",
    ],
)
def test_a_day_is_read_however_it_is_written(text: Any) -> None:
    date = read_date(text)
    assert date is not None
    assert date.value(day_first=True) == date.value(day_first=False) == NEW_YEARS_EVE


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2010-12-31T07:45:10Z", dt.time(7, 45, 10)),
        ("2010-12-31T23:30:00-05:00", dt.time(23, 30)),
        ("31/12/2010 07:45", dt.time(7, 45)),
        ("12/31/2010 7:45 PM", dt.time(19, 45)),
        ("12/31/2010 12:05 a.m.", dt.time(0, 5)),
        ("31.12.2010, 19:45 Uhr", dt.time(19, 45)),
        ("31 Dec 2010 19:45:10.5", dt.time(19, 45, 10, 500_000)),
    ],
)
def test_the_time_of_day_stands_as_written(text: Any, time: Any) -> None:
    assert read_date(text).value(day_first=True) == dt.datetime.combine(NEW_YEARS_EVE.date(), time)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2025",
        "2025-13-01",
        "32/01/2025",
        "13/13/2025",
        "December 2010",
        "2010",
        "17",
        "soon",
        "31/12/2010 25:00",
        "1/1/1",
    ],
)
def test_an_impossible_date_is_no_date(text: Any) -> None:
    assert read_date(text) is None


def test_a_part_over_twelve_proves_which_comes_first() -> None:
    assert read_date("31/12/2010").proves_day_first is True
    assert read_date("12/31/2010").proves_day_first is False
    assert read_date("03/04/2010").proves_day_first is None


def test_only_different_days_are_ambiguous() -> None:
    assert read_date("03/04/2010").ambiguous
    assert not read_date("04/04/2010").ambiguous
    assert not read_date("3 Apr 2010").ambiguous


def test_dots_mean_day_first_unless_told_otherwise() -> None:
    date = read_date("3.4.2010")
    assert date.value(day_first=False) == dt.datetime(2010, 4, 3)  # noqa: DTZ001
    assert date.value(day_first=False, told=True) == dt.datetime(2010, 3, 4)  # noqa: DTZ001


def test_two_digit_years_turn_at_sixty_nine() -> None:
    assert [read_date(f"1 Jan {year}").day_first.year for year in ("68", "69", "25")] == [2068, 1969, 2025]


def test_excels_day_numbers_are_days_only_where_a_day_is_plausible() -> None:
    assert excel_serial("40513.322916667") == dt.datetime(2010, 12, 1, 7, 45)  # noqa: DTZ001
    assert excel_serial("17850") is None
    assert excel_serial("99999") is None
