"""The lifetime models for programs: impossible histories and unreadable rows are refused, not answered."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from regulars.base.errors import RegularsError
from regulars.clv import fit, summarise

FITTED = fit([0, 1, 3, 0, 2], [0, 20, 28, 0, 9], [30, 30, 30, 25, 30])


@pytest.mark.parametrize(
    ("frequency", "recency", "age"), [(-1, 0, 30), (2, 31, 30), (2, -1, 30), (0, 5, 30), (1, 5, float("nan"))]
)
def test_what_is_no_purchase_history_gets_no_number(frequency: float, recency: float, age: float) -> None:
    for method in (FITTED.expected_orders, FITTED.chance_of_purchase):
        with pytest.raises(ValueError, match="1 of 1 customers"):
            method([frequency], [recency], [age], 10)
    with pytest.raises(ValueError, match="1 of 1 customers"):
        FITTED.alive([frequency], [recency], [age])


@pytest.mark.parametrize("t", [-5, float("nan")])
def test_time_ahead_is_not_negative(t: float) -> None:
    with pytest.raises(ValueError, match="no time ahead"):
        FITTED.chance_of_purchase([1], [5], [30], t)


@pytest.mark.parametrize(
    ("column", "value"), [("customer", None), ("day", "soon"), ("day", None), ("amount", None), ("amount", "much")]
)
def test_a_transaction_that_cannot_be_read_is_named_and_not_dropped(column: str, value: Any) -> None:
    rows = pd.DataFrame({"customer": ["a", "a"], "day": ["2025-01-01", "2025-01-11"], "amount": [5, 7]}, dtype=object)
    rows.loc[1, column] = value
    with pytest.raises(RegularsError) as refused:
        summarise(rows, amount="amount")
    assert f"1 of 2 transactions have nothing readable in '{column}' (first: number 1)" in str(refused.value)
