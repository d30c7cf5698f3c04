"""One conversion for the values of all programs, and how clicks begin and end."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.errors import InputError
from regulars.orders.grid import cell_text
from regulars_addin.buttons import BUTTONS
from regulars_addin.click import attached, window_of
from regulars_addin.convert import ERROR_TEXTS, Plain, error_text, is_error, to_plain, without_errors
from regulars_addin.handlers import HANDLERS
from regulars_addin.messages import MOST_LETTERS, in_clicks, shortened, told, told_with_notes
from regulars_addin.session import plain_failures

NOON = dt.datetime(2025, 3, 1, 12, 0)  # noqa: DTZ001  a sheet knows no zones


class ComTime(dt.datetime):
    """As pywintypes makes them."""


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("12.3400"), 12.34),
        (Decimal("NaN"), None),
        (17850.0, 17850.0),
        (17850, 17850.0),
        (np.int64(3), 3.0),
        (np.float64("nan"), None),
        (np.bool_(True), True),
        (float("inf"), None),
        ("", None),
        (None, None),
        ("0012", "0012"),
        (True, True),
        (0, 0.0),
        (ComTime(2025, 3, 1, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))), NOON),
        (NOON - dt.timedelta(microseconds=3), NOON),
        (dt.date(2025, 3, 1), NOON - dt.timedelta(hours=12)),
        (pd.Timestamp("2025-03-01 12:00"), NOON),
        (dt.time(7, 45), dt.time(7, 45)),
        (-2146826246, "#N/A"),
        (-2146826281, "#DIV/0!"),
        (-2146826243, "#SPILL!"),
        (-2146826238, "#CALC!"),
        (-2146826245, "#GETTING_DATA"),
        (-2146826241, "#BLOCKED!"),
        (-2146826239, "#FIELD!"),
        (-2146826150, "#ERROR!"),
    ],
)
def test_values_of_every_program_become_plain(value: Any, plain: Any) -> None:
    found = to_plain(value)
    assert found == plain
    assert type(found) is type(plain)


def test_what_appscript_says_of_nothing_is_nothing() -> None:
    class Keyword:
        def __str__(self) -> str:
            return "k.missing_value"

    assert to_plain("missing value") is None
    assert to_plain(Keyword()) is None


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_no_number_of_a_shop_is_taken_for_an_error(number: int) -> None:
    assert error_text(number) is None
    assert to_plain(number) == float(number)


@given(st.one_of(st.text(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()))
def test_plain_values_stay_as_they_are(value: Any) -> None:
    once = to_plain(value)
    assert to_plain(once) == once


def test_plain_values_read_as_a_file_reads_them() -> None:
    values = [Decimal("2.5500"), 17850.0, ComTime(2010, 12, 1, 7, 45, tzinfo=dt.UTC), True, "  "]
    assert [cell_text(to_plain(value)) for value in values] == ["2.55", "17850", "2010-12-01 07:45:00", "true", None]


def test_errors_are_counted_by_column_and_taken_out() -> None:
    rows: list[list[Plain]] = [["Day", "Total"], [NOON, "#N/A"], ["#CALC!", 3.0], ["#1 Mug", "#N/A"]]
    assert without_errors(rows) == ([["Day", "Total"], [NOON, None], [None, 3.0], ["#1 Mug", None]], {0: 1, 1: 2})
    assert all(map(is_error, ERROR_TEXTS))


def test_every_button_has_a_handler_and_every_handler_a_button() -> None:
    assert [button.id for button in BUTTONS] == list(HANDLERS)


def test_importing_the_add_in_loads_nothing_heavy() -> None:
    code = (
        "import sys, regulars_addin; "
        "heavy = {'numpy', 'pandas', 'pyarrow', 'xlwings', 'duckdb', 'sklearn', 'pptx', 'typer', 'scipy'}; "
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_handlers_load_neither_scikit_learn_nor_the_deck() -> None:
    code = (
        "import sys, regulars_addin.handlers; heavy = {'sklearn', 'pptx', 'lifetimes', 'matplotlib'}; "
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_window_is_read_from_what_the_macro_passes() -> None:
    assert window_of(["-c", "--wb=a=b.xlsx", "--from_xl=1", "--hwnd=98"]) == 98
    assert window_of(["-c", "--wb=x.xlsx", "--hwnd=Untitled"]) == 0


def test_without_a_program_a_click_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import xlwings  # noqa: PLC0415  only here

    monkeypatch.setattr(xlwings.engines, "active", None)
    with pytest.raises(InputError, match="no Excel is running"):
        attached([])


@pytest.mark.parametrize(
    ("option", "click"),
    [
        ('write --map date="Day"', "write the setting 'Order date' = \"Day\" (button Settings)"),
        (
            "name one of the sheets with --sheet, or leave it out",
            "name one of the sheets with the setting 'Sheet with the orders', or leave it out (button Settings)",
        ),
        (
            "check --since, --until and --as-of",
            "check the setting 'First day', the setting 'Last day' and the setting 'Look from this day' (button Settings)",
        ),
        (
            "if they are no copies, write --repeats keep",
            "if they are no copies, write the setting 'Identical rows' = keep (button Settings)",
        ),
        ("choose another place with --out, or replace it with --force", ""),
        ("save the workbook", "save the workbook"),
    ],
)
def test_messages_speak_of_buttons_instead_of_options(option: str, click: str) -> None:
    assert in_clicks(option) == click


def test_messages_fit_a_box_of_excel() -> None:
    long = told(InputError("word " * 400, remedy="do less"))
    assert len(long) <= MOST_LETTERS
    assert long.endswith(" …")
    assert shortened("short") == "short"
    assert told_with_notes("Done.", ["one thing", "one thing", "another"]) == (
        "Done.\n\nGood to know:\n• One thing\n• Another"
    )


class ComError(Exception):
    """As pywintypes raises them."""

    def __init__(self, hresult: int) -> None:
        super().__init__(hresult)
        self.hresult = hresult


@pytest.mark.parametrize(
    ("hresult", "said"),
    [
        (-2147418111, "Excel is busy: a cell is being edited"),
        (-2147023174, "Excel, or the workbook in it, was closed before the result was there"),
    ],
)
def test_a_busy_program_and_a_closed_one_are_told_from_defects(hresult: int, said: str) -> None:
    class Program:
        name = "Excel"

    with pytest.raises(Exception, match=said), plain_failures(Program()):  # type: ignore[arg-type]
        raise ComError(hresult)
    with pytest.raises(ComError), plain_failures(Program()):  # type: ignore[arg-type]
        raise ComError(-1)
