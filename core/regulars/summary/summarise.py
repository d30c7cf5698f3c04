"""Summarise order lines: run the SQL, then give the columns their units."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from regulars.base.units import TEN_THOUSANDTHS
from regulars.orders.model import Orders
from regulars.summary.engine import STEPS_KEPT, DuckDB, statements
from regulars.summary.model import CUSTOMER_COLUMNS, Cohorts, Customers, Months, Products, Summary


def summarise(orders: Orders) -> Summary:
    """Return customers, months and cohorts of the kept order lines, and their products to whoever asks."""
    with DuckDB() as engine:
        engine.source(orders.lines)
        for name, sql in statements(orders.window.end.isoformat()).items():
            engine.step(name, sql, keep=name in STEPS_KEPT)
        frames = {name: engine.frame(name) for name in ("customers", "days", "months", "cohorts")}
    return Summary(
        customers=Customers(_customers(frames["customers"]), orders.window, orders.currency),
        days=_days(frames["days"]),
        months=Months(_months(frames["months"]), orders.window),
        cohorts=Cohorts(_cohorts(frames["cohorts"]), orders.window),
        count_products=partial(_products, orders),
    )


def _products(orders: Orders) -> Products:
    with DuckDB() as engine:
        engine.source(orders.lines)
        engine.step("products", statements(orders.window.end.isoformat())["products"], keep=False)
        return Products(_money(engine.frame("products"), {"amount": "revenue", "units": "units"}))


def _days(frame: pd.DataFrame) -> pd.DataFrame:
    days = frame[["customer", "day", "amount"]].sort_values(["customer", "day"], ignore_index=True)
    return _money(days, {"amount": "revenue"})


def _money(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Turn ten-thousandths into units of the currency, under the name that readers know."""
    for old in names:
        frame[old] = frame[old] / TEN_THOUSANDTHS
    return frame.rename(columns=names)


def _customers(frame: pd.DataFrame) -> pd.DataFrame:
    repeat = (frame["amount"] - frame["first_amount"]).where(frame["frequency"] > 0)
    frame["repeat_spend"] = repeat / frame["frequency"].where(frame["frequency"] > 0) / TEN_THOUSANDTHS
    frame["average_order"] = frame["amount"] / frame["orders"] / TEN_THOUSANDTHS
    frame = _money(
        frame,
        {
            "amount": "revenue",
            "profit": "profit",
            "profit_amount": "revenue_with_profit",
            "units": "units",
            "smallest": "smallest_order",
            "largest": "largest_order",
            "year_amount": "year_revenue",
            "year_before_amount": "year_before_revenue",
        },
    )
    for name in ("profit", "revenue_with_profit"):
        frame[name] = frame[name].astype(float)
    counts = ["orders", "line_count", "products", "frequency", "recency", "age", "days_since", "year_orders"]
    return frame.astype(dict.fromkeys(counts, np.int64))[list(CUSTOMER_COLUMNS)]


def _periods(months: pd.Series) -> pd.PeriodIndex:
    # numpy counts months from January 1970, the SQL from year 0.
    since_1970 = (months - 1970 * 12).to_numpy(np.int64)
    return pd.DatetimeIndex(since_1970.astype("datetime64[M]")).to_period("M")


def _months(frame: pd.DataFrame) -> pd.DataFrame:
    frame["month"] = _periods(frame["month"])
    return _money(frame, {"amount": "revenue"})


def _cohorts(frame: pd.DataFrame) -> pd.DataFrame:
    frame["cohort"] = _periods(frame["cohort"])
    frame["age"] = frame["age"].astype(np.int64)
    return _money(frame, {"amount": "revenue"})
