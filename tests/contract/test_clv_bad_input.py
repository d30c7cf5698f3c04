"""Shops that no lifetime model was made for, from the CSV file to the cells: a stated fallback or a reason, never NaN."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regulars import cli

HEAD = ("order", "customer", "date", "amount")
START = dt.date(2023, 1, 2)
LAST = 730  # day
NO_NUMBER = re.compile(r"(?<![\w.])[-−+]?(nan|inf|NaN|Inf|None|NaT)(?!\w)|^#(NULL|DIV/0|VALUE|REF|NAME|NUM|N/A)")
SAME = "Gamma-Gamma"
MOST_SENTENCE = 400  # characters of a reason: one line of the sheet, wrapped
Rows = list[tuple[str, dt.date, float]]


def plain(customers: int, *, amount: float | None = None, seed: int = 1) -> Rows:
    """Customers who come over two years, buy at a gamma rate, and leave after an order with a chance of their own."""
    rng = np.random.default_rng(seed)
    rows: Rows = []
    for one in range(customers):
        day, rate, leave = float(rng.integers(0, 700)), rng.gamma(0.6, 1 / 40), rng.beta(0.8, 2.4)
        while day <= LAST:
            spent = amount if amount is not None else round(float(rng.gamma(4, 8)), 2)
            rows.append((f"C{one:04}", START + dt.timedelta(days=int(day)), spent))
            if rng.random() < leave:
                break
            day += rng.exponential(1 / rate)
    return rows


def one_time_buyers() -> Rows:
    return [(f"C{one:04}", START + dt.timedelta(days=one % 700), 10.0 + one % 9) for one in range(300)]


def one_customer() -> Rows:
    return [("Ada", START + dt.timedelta(days=9 * place), 10.0 + place % 5) for place in range(40)]


def three_thousand_orders() -> Rows:
    start = dt.date(2015, 1, 1)
    daily = [("Daily", start + dt.timedelta(days=day), 5.0 + day % 7) for day in range(3000)]
    return daily + [(who, day - dt.timedelta(days=100), spent) for who, day, spent in plain(300)]


def last_order_on_the_last_day() -> Rows:
    """Every repeat customer ordered on the window's last day: recency equals T."""
    rows, last = plain(300), START + dt.timedelta(days=LAST)
    again = {who for who, *_ in rows if sum(who == other for other, *_ in rows) > 1}
    return rows + [(who, last, 20.0 + len(who)) for who in sorted(again)]


# What fits; the shop; whether a forecast is shown (None: either will do); and what the CLV sheet must say.
CASES = (
    pytest.param("own", one_time_buyers, False, "0 customers bought on a second day", id="all one-time buyers"),
    pytest.param("own", one_customer, False, "1 customer bought on a second day", id="one customer"),
    pytest.param("own", lambda: [("Ada", START, 5.0)], False, "0 customers bought on a second day", id="one order"),
    pytest.param("own", lambda: plain(400, amount=25.0), True, SAME, id="identical spends"),
    pytest.param("own", three_thousand_orders, True, "", id="3,000 orders"),
    pytest.param(
        "own", lambda: plain(300, amount=0.0), False, "no repeat customer spent anything", id="spends of zero"
    ),
    pytest.param("own", last_order_on_the_last_day, None, "", id="recency equal to T"),
    pytest.param("own", lambda: plain(20), None, "bought on a second day", id="20 customers"),
    pytest.param("own", lambda: plain(55), True, "weak prior", id="40 repeat customers"),
    pytest.param(
        "lifetimes", one_time_buyers, False, "0 customers bought on a second day", id="lifetimes, one-time buyers"
    ),
    pytest.param("lifetimes", lambda: plain(55), True, "weak prior", id="lifetimes, 40 repeat customers"),
)


@pytest.mark.parametrize(("engine", "shop", "shown", "words"), CASES)
def test_an_odd_shop_gets_a_workbook_with_a_forecast_or_a_reason(
    engine: str,
    shop: Callable[[], Rows],
    shown: bool | None,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    read_back: Callable[..., Any],
) -> None:
    path, result, told = (tmp_path / name for name in ("shop.csv", "result.xlsx", "facts.json"))
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [(number, who, day.isoformat(), spent) for number, (who, day, spent) in enumerate(shop())]
        csv.writer(file).writerows([HEAD, *rows])
    call = ["analyze", path, "--out", result, "--json", told, "--sheets", "full", "--clv-engine", engine]
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(word) for word in call])
    said = capsys.readouterr()
    assert leaving.value.code in (0, None), said.err
    assert "Traceback" not in said.err
    facts = json.loads(told.read_text(encoding="utf-8"))["facts"]
    book = read_back(result, values=True)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for cell in cells:
        assert cell.data_type != "e", (cell.parent.title, cell.coordinate)
        assert not isinstance(cell.value, float) or math.isfinite(cell.value)
        assert not isinstance(cell.value, str) or not NO_NUMBER.search(cell.value), cell.value
    text = [str(cell.value) for row in book["CLV"].iter_rows() for cell in row if cell.value is not None]
    reason, total = facts["clv.reason"]["value"], facts["clv.total"]["value"]
    assert shown is None or (reason is None) == shown, reason
    assert any(words in line for line in text), text[:6]
    headers = {cell.value for row in book["Customers"].iter_rows() for cell in row}
    if reason is None:
        assert total >= 0
        listed = _column(book["Customers"], "Expected revenue")
        assert len(listed) == facts["customers.count"]["value"]
        assert all(isinstance(value, int | float) for value in listed)
        assert sum(listed) == pytest.approx(total, abs=0.01 * len(listed))
    else:
        assert total is None
        assert "Expected revenue" not in headers
        assert any(reason in line for line in text)
        assert len(reason) <= MOST_SENTENCE
        assert "\n" not in reason


def _column(sheet: Any, header: str) -> list[Any]:
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == header)
    found = []
    for (cell,) in sheet.iter_rows(min_row=head.row + 1, min_col=head.column, max_col=head.column):
        if sheet.cell(cell.row, 2).value is None:
            break
        found.append(cell.value)
    return found
