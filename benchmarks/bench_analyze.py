"""A year of orders (525,461 lines of Online Retail II) from workbook to workbook, beside reading the file and no more."""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measure import Cost, cost_of, cost_of_call, least_in_turn
from report import Claim, Report, options, publish

DATA = Path(__file__).parents[1] / "tests" / "data"
ORDERS = DATA / "online_retail_2009_2010.parquet"
SMALL = DATA / "online_retail_ii_part.xlsx"  # compiles the byte code before anything is measured
REGULARS = Path(sys.executable).with_name("regulars")
ALL, QUICK = 525_461, 100_000  # lines
TIMES_READING = 2
EXTRA_SECONDS = 3.0  # imports, models and the result's own workbook
MOST_MEGABYTES = 1_500


def make_workbook(path: str, lines: str) -> None:
    """Write the first lines as a workbook: invoices as text, dates as dates, numeric customers with blanks."""
    import pyarrow.parquet  # noqa: PLC0415
    import xlsxwriter  # noqa: PLC0415

    table = pyarrow.parquet.read_table(ORDERS).slice(0, int(lines))
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("Year 2009-2010")
    sheet.write_row(0, 0, table.column_names)
    columns = [column.to_pylist() for column in table.columns]
    for row, (invoice, product, description, quantity, date, price, customer, country) in enumerate(
        zip(*columns, strict=True), start=1
    ):
        sheet.write_string(row, 0, invoice)
        sheet.write_string(row, 1, product)
        if description is not None:
            sheet.write_string(row, 2, description)
        sheet.write_number(row, 3, quantity)
        sheet.write_datetime(row, 4, date, dated)
        sheet.write_number(row, 5, price)
        if customer is not None:
            sheet.write_number(row, 6, customer)
        sheet.write_string(row, 7, country)
    book.close()


def read_only(path: str) -> None:
    """Read the workbook into Arrow, as the fastest reader there is does by itself."""
    import fastexcel  # noqa: PLC0415

    fastexcel.read_excel(path).load_sheet(0).to_arrow()


def notebook_way(path: str) -> None:
    """Do what notebooks on this data do: pandas and openpyxl, RFM, lifetimes, scikit-learn. No workbook is written."""
    import warnings  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: PLC0415
    from lifetimes.utils import summary_data_from_transaction_data  # noqa: PLC0415
    from sklearn.cluster import KMeans  # noqa: PLC0415
    from sklearn.metrics import silhouette_score  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    warnings.simplefilter("ignore")
    lines = pd.read_excel(path, dtype={"Invoice": str, "StockCode": str}, engine="openpyxl")
    lines = lines.dropna(subset=["Customer ID"])
    lines = lines[~lines["Invoice"].str.startswith("C") & (lines["Quantity"] > 0) & (lines["Price"] > 0)]
    lines = lines.assign(Revenue=lines["Quantity"] * lines["Price"])
    end = lines["InvoiceDate"].max()
    rfm = lines.groupby("Customer ID").agg(
        recency=("InvoiceDate", lambda dates: (end - dates.max()).days),
        frequency=("Invoice", "nunique"),
        monetary=("Revenue", "sum"),
    )
    for column, labels in (("recency", range(5, 0, -1)), ("frequency", range(1, 6)), ("monetary", range(1, 6))):
        rfm[f"{column}_score"] = pd.qcut(rfm[column].rank(method="first"), 5, labels=list(labels)).astype(int)
    scaled = StandardScaler().fit_transform(np.log1p(rfm[["recency", "frequency", "monetary"]]))
    for k in range(2, 9):
        silhouette_score(scaled, KMeans(k, n_init=3, random_state=42).fit_predict(scaled), sample_size=3_000)
    rfm["cluster"] = KMeans(5, n_init=10, random_state=42).fit_predict(scaled)
    summary = summary_data_from_transaction_data(lines, "Customer ID", "InvoiceDate", "Revenue", freq="D")
    purchases = BetaGeoFitter()
    purchases.fit(summary["frequency"], summary["recency"], summary["T"])
    repeaters = summary[summary["frequency"] > 0]
    spend = GammaGammaFitter()
    spend.fit(repeaters["frequency"], repeaters["monetary_value"])
    spend.customer_lifetime_value(
        purchases, summary["frequency"], summary["recency"], summary["T"], summary["monetary_value"], time=12
    )


@dataclass(frozen=True)
class Way:
    """One way to go, and what it is called in the table and the figures."""

    key: str
    name: str
    cost: Cost


def workbook_of(lines: int) -> Path:
    """Return the workbook, made once: another source or another way of writing it gives another name."""
    recipe = ORDERS.read_bytes() + inspect.getsource(make_workbook).encode()
    folder = Path(tempfile.gettempdir()) / "regulars-benchmarks"
    folder.mkdir(exist_ok=True)
    path = folder / f"orders_{lines}_{hashlib.sha256(recipe).hexdigest()[:12]}.xlsx"
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}")
        cost_of_call(make_workbook, unfinished, lines)
        unfinished.replace(path)
    return path


def measured(path: Path, *, quick: bool) -> list[Way]:
    """Measure every way on the workbook, each in processes of its own."""
    times = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.xlsx"

        def analyze(orders: Path, *more: object) -> Cost:
            return cost_of([REGULARS, "analyze", orders, "--out", result, "--force", *more])

        cost_of_call(read_only, SMALL)
        analyze(SMALL)
        reading, analysis, with_facts = least_in_turn(
            [
                lambda: cost_of_call(read_only, path),
                lambda: analyze(path),
                lambda: analyze(path, "--json", result.with_suffix(".json")),
            ],
            times,
        )
    ways = [
        Way("fastexcel", "fastexcel: read the file, no more", reading),
        Way("analyze", "regulars analyze: workbook to workbook", analysis),
        Way("facts", "the same with --json: clusters too", with_facts),
    ]
    if not quick:
        cost_of_call(notebook_way, workbook_of(QUICK))  # the small file's orders are too few for lifetimes' optimiser
        ways.append(
            Way("notebook", "notebook: pandas, lifetimes, scikit-learn", cost_of_call(notebook_way, path)),
        )
    return ways


def report(*, quick: bool) -> Report:
    """Measure, and compare with what is claimed."""
    lines = QUICK if quick else ALL
    ways = measured(workbook_of(lines), quick=quick)
    reading, analysis = ways[0].cost, ways[1].cost
    allowed = TIMES_READING * reading.cpu + EXTRA_SECONDS
    rows = [
        (way.name, f"{way.cost.cpu:.2f}", f"{way.cost.cpu / reading.cpu:.1f}", f"{way.cost.wall:.2f}",
         f"{way.cost.peak_megabytes:,.0f}")
        for way in ways
    ]  # fmt: skip
    if quick:
        rows.append(("notebook: pandas, lifetimes, scikit-learn", "skipped with --quick", "", "", ""))
    figures = {"lines": float(lines), "analyze.cpu_allowed_seconds": allowed}
    for way in ways:
        figures[f"{way.key}.cpu_seconds"] = way.cost.cpu
        figures[f"{way.key}.wall_seconds"] = way.cost.wall
        figures[f"{way.key}.peak_megabytes"] = way.cost.peak_megabytes
    return Report(
        name="analyze",
        title=f"{lines:,} order lines in a workbook",
        columns=("way", "CPU s", "x reading", "wall s", "peak MB"),
        rows=rows,
        figures=figures,
        claims=(
            Claim(
                f"analyze takes {analysis.cpu:.2f} CPU s, at most {TIMES_READING} x reading + {EXTRA_SECONDS:g} s "
                f"= {allowed:.2f} s",
                analysis.cpu <= allowed,
            ),
            Claim(
                f"analyze takes {analysis.peak_megabytes:,.0f} MB, less than {MOST_MEGABYTES:,} MB",
                analysis.peak_megabytes < MOST_MEGABYTES,
            ),
        ),
        notes=("The notebook writes no workbook. Compare ratios within this table only: machines differ.",),
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
