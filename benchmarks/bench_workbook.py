"""What the workbook costs once the analysis is done: what is told (story), the cells (write), and a graft."""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import bench_graft
from measure import Cost, cost_of_call, least_in_turn
from report import Claim, Report, options, publish

DAYS = 730
MOST_COLUMNS = 20


class Size(NamedTuple):
    """A workbook to write, and what it may cost."""

    key: str
    customers: int
    sheets: str
    most_cpu: float  # seconds, of story and cells
    most_memory: int | None  # megabytes, of the whole process


MANY = Size("short_100000", 100_000, "short", 30.0, 600)
FEW = Size("full_6000", 6_000, "full", 3.0, None)
QUICK = Size("full_2000", 2_000, "full", 3.0, None)


def make_orders(path: str, count: str) -> None:
    """Write two years of orders of so many customers: gamma rates, a random first day, 1 or 2 lines an order."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    customers = int(count)
    dice = np.random.default_rng(5)
    rate = dice.gamma(0.8, 3.75, customers)  # orders a year
    start = dice.integers(0, DAYS - 30, customers)
    who = np.repeat(np.arange(customers), 1 + dice.poisson(rate * (DAYS - start) / 365))
    day = start[who] + (dice.random(len(who)) * (DAYS - start[who])).astype(int)
    order = np.repeat(np.arange(len(who)), dice.integers(1, 3, len(who)))
    lines = len(order)
    table = {
        "Order ID": order + 1,
        "Order Date": np.datetime64("2023-01-01") + day[order],
        "Customer ID": [f"C{one:06}" for one in who[order]],
        "Product": [f"P{one:03}" for one in dice.zipf(1.6, lines) % 500],
        "Country": dice.choice(["France", "Spain", "Italy"], lines),
        "Quantity": dice.integers(1, 6, lines),
        "Price": np.round(dice.lognormal(2.5, 0.7, lines), 2),
    }
    pq.write_table(pa.table(table), path)


def analyse(orders: str, finished: str, sheets: str) -> None:
    """Keep a finished analysis with its facts, so that writing it can be measured alone."""
    from regulars.analysis import analyse as analysed  # noqa: PLC0415
    from regulars.base.settings import Settings  # noqa: PLC0415
    from regulars.findings import find_facts  # noqa: PLC0415
    from regulars.orders.load import load_orders  # noqa: PLC0415

    settings = Settings(sheets=sheets, currency="GBP")
    analysis = analysed(load_orders([Path(orders)], settings), settings)
    with Path(finished).open("wb") as kept:
        pickle.dump((analysis, find_facts(analysis)), kept, protocol=5)  # loaded without copies: no false peak


def hold(finished: str) -> None:
    """Load the finished analysis and the libraries that write it: what a writing process holds before it writes."""
    from regulars.render.workbook import write_workbook  # noqa: F401, PLC0415
    from regulars.story.sheets import workbook  # noqa: F401, PLC0415

    with Path(finished).open("rb") as source:
        pickle.load(source)  # noqa: S301  our own file


def write(finished: str, target: str) -> None:
    """Make the workbook of a finished analysis, and print what both halves took."""
    from regulars.render.workbook import write_workbook  # noqa: PLC0415
    from regulars.story.sheet_spec import Table  # noqa: PLC0415
    from regulars.story.sheets import workbook  # noqa: PLC0415

    with Path(finished).open("rb") as source:
        analysis, facts = pickle.load(source)  # noqa: S301  our own file
    start = time.process_time()
    spec = workbook(analysis, facts)
    told = time.process_time()
    write_workbook(spec, Path(target), facts.currency)
    written = time.process_time()
    tables = [block for sheet in spec.sheets for block in sheet.blocks if isinstance(block, Table)]
    longest = max(tables, key=lambda table: len(table.rows) if table.listing else 0)
    print(
        json.dumps(
            {
                "sheets": len(spec.sheets),
                "story": told - start,
                "cells": written - told,
                "rows": len(longest.rows),
                "columns": len(longest.columns),
                "bytes": Path(target).stat().st_size,
            }
        )
    )


class Written(NamedTuple):
    """What a workbook cost, beside a process that only holds its analysis."""

    size: Size
    cpu: float
    told: dict[str, float]
    cost: Cost
    floor: Cost
    analysis: Cost  # of reading and analysing, in a process of its own


def measured(size: Size, folder: Path, times: int) -> Written:
    """Analyse once, then write several times in processes of their own."""
    orders, finished, target = (folder / f"{size.key}{suffix}" for suffix in (".parquet", ".pickle", ".xlsx"))
    cost_of_call(make_orders, orders, size.customers)
    analysed = cost_of_call(analyse, orders, finished, size.sheets)
    outputs: list[dict[str, float]] = []

    def writing() -> Cost:
        cost = cost_of_call(write, finished, target)
        outputs.append(json.loads(cost.output))
        return cost

    floor, cost = least_in_turn([partial(cost_of_call, hold, finished), writing], times)
    best = min(outputs, key=lambda one: one["story"] + one["cells"])
    return Written(size, best["story"] + best["cells"], best, cost, floor, analysed)


def report(*, quick: bool) -> Report:
    """Measure the sizes and a graft, and compare with what is claimed."""
    times = 1 if quick else 3
    with tempfile.TemporaryDirectory() as name:
        written = [measured(size, Path(name), times) for size in ((QUICK,) if quick else (FEW, MANY))]
    graft = bench_graft.report(quick=quick)
    figures: dict[str, float] = {f"graft.{key}": value for key, value in graft.figures.items()}
    claims = []
    for one in written:
        size = one.size
        figures |= {
            f"{size.key}.cpu_seconds": one.cpu,
            f"{size.key}.story_cpu_seconds": one.told["story"],
            f"{size.key}.cells_cpu_seconds": one.told["cells"],
            f"{size.key}.peak_megabytes": one.cost.peak_megabytes,
            f"{size.key}.peak_megabytes_before": one.floor.peak_megabytes,
            f"{size.key}.analysis_peak_megabytes": one.analysis.peak_megabytes,
            f"{size.key}.file_megabytes": one.told["bytes"] / 1e6,
        }
        claims.append(
            Claim(
                f"{size.customers:,} customers, {size.sheets} sheets: {one.cpu:.2f} CPU s, less than {size.most_cpu:g} s",
                one.cpu < size.most_cpu,
            )
        )
        if size.most_memory is not None:
            columns, peak = int(one.told["columns"]), one.cost.peak_megabytes
            grown = peak - one.floor.peak_megabytes
            claims += [
                Claim(
                    f"{one.told['rows']:,.0f} customers listed in {columns} columns, at most {MOST_COLUMNS}",
                    one.told["rows"] == size.customers and columns <= MOST_COLUMNS,
                ),
                Claim(
                    f"memory grows by {grown:.0f} MB, less than {size.most_memory} MB",
                    grown < size.most_memory,
                ),
                Claim(
                    f"the whole process takes {peak:.0f} MB, the finished analysis included, less than"
                    f" {size.most_memory} MB",
                    peak < size.most_memory,
                ),
            ]
    return Report(
        name="workbook",
        title=f"Workbooks of finished analyses, least of {times}",
        columns=("workbook", "story CPU s", "cells CPU s", "MB before", "peak MB", "analysis peak MB", "file MB"),
        rows=[_row(one) for one in written],
        figures=figures,
        claims=(*claims, *graft.claims),
        notes=(
            "Story: facts and frames become sheets as data. Cells: these become a file. The analysis has a process of its own.",
            f"The graft is that of bench_graft.py, into a workbook of {graft.figures['host.megabytes']:.0f} MB.",
        ),
    )


def _row(one: Written) -> tuple[str, ...]:
    told = one.told
    return (
        f"{one.size.customers:,} customers, {told['sheets']:.0f} sheets",
        f"{told['story']:.2f}",
        f"{told['cells']:.2f}",
        f"{one.floor.peak_megabytes:,.0f}",
        f"{one.cost.peak_megabytes:,.0f}",
        f"{one.analysis.peak_megabytes:,.0f}",
        f"{told['bytes'] / 1e6:.1f}",
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
