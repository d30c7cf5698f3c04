"""All schemes, their verdicts and movement, from summarised customers: CPU seconds, memory, growth."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import MEGABYTE, cost_of_call
from report import Claim, Report, options, publish

if TYPE_CHECKING:
    from regulars.summary import Summary

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
MOST_SECONDS, MOST_MEGABYTES = 60.0, 3_000
DAYS, SEED = 730, 7
PARTS = ("schemes", "verdicts", "movement")
TABLES = ("customers", "days", "months")


def one_thread() -> None:
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def make_shop(folder: str, count: str) -> None:
    """Draw customers who come with rates of their own and leave in the end; write their tables as Parquet files."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    random, n = np.random.default_rng(SEED), int(count)
    first, rate = random.integers(0, DAYS, n), random.gamma(0.8, 6 / DAYS, n)
    stays = np.minimum(random.exponential(400, n), DAYS - 1 - first)
    repeats = random.poisson(rate * stays)
    who = np.repeat(np.arange(n), repeats + 1)
    begins = np.cumsum(repeats + 1) - repeats - 1
    day = first[who] + np.ceil(random.random(len(who)) * stays[who]).astype(np.int64)
    day[begins] = first
    day = day[np.argsort(who * DAYS + day, kind="stable")]
    kept = np.r_[True, (np.diff(who) != 0) | (np.diff(day) != 0)]
    who, day = who[kept], day[kept]
    money = np.round(np.exp(random.normal(3.5, 0.8, len(who))), 2)
    origin = np.datetime64("2024-01-01", "D")
    names = pd.Series(np.char.add("c", np.char.zfill(np.arange(n).astype(str), 8))).astype("str")
    dates = origin + day
    bought = np.bincount(who)
    begins = np.cumsum(bought) - bought
    last, revenue = day[begins + bought - 1], np.bincount(who, money)
    recent, before = day > DAYS - 1 - 365, day <= DAYS - 1 - 365
    columns: dict[str, Any] = {
        "customer": names,
        "first_day": dates[begins].astype("datetime64[us]"),
        "last_day": (origin + last).astype("datetime64[us]"),
        "orders": bought,
        "line_count": 2 * bought,
        "units": 3.0 * bought,
        "products": random.integers(1, 12, n),
        "revenue": revenue,
        "profit": np.nan,
        "revenue_with_profit": np.nan,
        "average_order": revenue / bought,
        "smallest_order": np.minimum.reduceat(money, begins),
        "largest_order": np.maximum.reduceat(money, begins),
        "frequency": bought - 1,
        "recency": last - first,
        "age": DAYS - 1 - first,
        "days_since": DAYS - 1 - last,
        "repeat_spend": np.where(bought > 1, (revenue - money[begins]) / np.maximum(bought - 1, 1), np.nan),
        "year_revenue": np.bincount(who, money * recent),
        "year_before_revenue": np.bincount(who, money * before),
        "year_orders": np.bincount(who, recent).astype(np.int64),
        "country": None,
        "channel": None,
        "segment": pd.Series(random.choice(["Casual", "Standard", "VIP"], n)).astype("str"),
    }
    month = dates.astype("datetime64[M]").astype(np.int64)
    new = np.flatnonzero(np.r_[True, (np.diff(who) != 0) | (np.diff(month) != 0)])
    tables = {
        "customers": pd.DataFrame(columns),
        "days": pd.DataFrame(
            {"customer": names.to_numpy()[who], "day": dates.astype("datetime64[us]"), "revenue": money}
        ),
        "months": pd.DataFrame(
            {
                "customer": names.to_numpy()[who[new]],
                "month": month[new],
                "orders": np.diff(np.r_[new, len(who)]),
                "revenue": np.add.reduceat(money, new),
            }
        ),
    }
    for name, table in tables.items():
        table.to_parquet(Path(folder) / f"{name}.parquet")


def read_shop(folder: str) -> Summary:
    import datetime as dt  # noqa: PLC0415

    import pandas as pd  # noqa: PLC0415

    from regulars.base.units import Currency  # noqa: PLC0415
    from regulars.orders.model import Window  # noqa: PLC0415
    from regulars.summary.model import Cohorts, Customers, Months, Products, Summary  # noqa: PLC0415

    customers, days, months = (pd.read_parquet(Path(folder) / f"{name}.parquet") for name in TABLES)
    window = Window(dt.date(2024, 1, 1), dt.date(2024, 1, 1) + dt.timedelta(days=DAYS - 1))
    months["month"] = pd.PeriodIndex.from_ordinals(months["month"].to_numpy(), freq="M")
    nothing = pd.DataFrame()
    return Summary(
        Customers(customers, window, Currency()),
        days,
        Months(months, window),
        Cohorts(nothing, window),
        Products(nothing),
    )


def segment(folder: str) -> None:
    """Compute schemes, verdicts and movement in this process; print the CPU seconds of each."""
    one_thread()
    import sklearn.cluster  # noqa: F401, PLC0415  imports are no work on customers
    import threadpoolctl  # noqa: F401, PLC0415

    from regulars.base.settings import Settings  # noqa: PLC0415
    from regulars.segments import segment_customers  # noqa: PLC0415
    from regulars.segments.judged import follow, follow_others, judge  # noqa: PLC0415
    from regulars.segments.past import Past  # noqa: PLC0415

    summary, settings = read_shop(folder), Settings()
    begin = time.process_time()
    found = segment_customers(summary.customers, settings)
    schemes = time.process_time()
    past = Past.of(summary)
    verdicts = judge(found, past, settings)
    judged = time.process_time()
    movements = follow(found, past, settings)
    follow_others(found, movements.scheme, past, settings)
    followed = time.process_time()
    if len(movements.steps) != 3 or any(verdict.reason for verdict in verdicts):
        sys.exit("a step or a verdict is missing")
    said = {verdict.scheme: verdict.result for verdict in verdicts}
    print(
        json.dumps(
            {"schemes": schemes - begin, "verdicts": judged - schemes, "movement": followed - judged, "said": said}
        )
    )


def report(*, quick: bool) -> Report:
    sizes = (SMALL, MIDDLE) if quick else (SMALL, MIDDLE, LARGE)
    figures: dict[str, float] = {}
    rows, claims, notes = [], [], []
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder:
            cost_of_call(make_shop, folder, count)
            cost = cost_of_call(segment, folder)
        spent = json.loads(cost.output)
        said = spent.pop("said")
        total = sum(spent.values())
        figures |= {f"{name}.{count}.cpu_seconds": spent[name] for name in PARTS}
        figures |= {f"all.{count}.cpu_seconds": total, f"all.{count}.peak_megabytes": cost.peak / MEGABYTE}
        rows.append(
            (
                f"{count:,} customers",
                *(f"{spent[name]:.2f}" for name in PARTS),
                f"{total:.2f}",
                f"{cost.peak_megabytes:,.0f}",
            )
        )
        notes = [f"Verdicts of the last: {', '.join(f'{scheme} {result}' for scheme, result in said.items())}."]
    most = sizes[-1]
    seconds, peak = figures[f"all.{most}.cpu_seconds"], figures[f"all.{most}.peak_megabytes"]
    growth, linear = seconds / figures[f"all.{SMALL}.cpu_seconds"], most / SMALL
    claims.append(
        Claim(f"from {SMALL:,} to {most:,} customers: {growth:.0f} times (linear: {linear:.0f})", growth <= linear)
    )
    claims.append(
        Claim(f"{most:,} customers: {seconds:.1f} CPU seconds (most {MOST_SECONDS:.0f})", seconds < MOST_SECONDS)
    )
    claims.append(Claim(f"{most:,} customers: {peak:,.0f} MB (most {MOST_MEGABYTES:,})", peak < MOST_MEGABYTES))
    return Report(
        "segments",
        "All schemes, verdicts and movement, CPU seconds",
        ("Shop of two years", "Schemes", "Verdicts", "Movement", "All", "Peak MB"),
        rows,
        figures,
        claims,
        notes,
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
