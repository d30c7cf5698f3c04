"""A cold click on 10,000 orders in a running LibreOffice, until the sheets stand, by steps; and the same run on the file.

Counted is the process that a click starts: the interpreter, imports, reading, computing, drawing up, and asking LibreOffice to copy.
LibreOffice's own work shows in the wall seconds only.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from measure import Cost, cost_of, cost_of_call, least
from report import Claim, Report, options, publish

ORDERS = Path(__file__).parents[1] / "tests" / "data" / "online_retail_2009_2010.parquet"
REGULARS = Path(sys.executable).with_name("regulars")
COUNT, QUICK = 10_000, 2_000  # orders
MOST_CLICK, MOST_HEADLESS = 6.0, 4.0  # CPU seconds
# The words that a step begins with in the status bar, and what it belongs to; before the first come start and imports.
STEPS = {
    "Reading": "read",
    "Summarising": "compute",
    "Writing": "render",
    "Opening": "copy",
}
PARTS = ("start and imports", "read", "compute", "render", "copy")


def make_workbook(path: str, orders: str) -> None:
    """Write the first orders of Online Retail II as a shop's list of orders: one row each, with the sum of its lines."""
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet  # noqa: PLC0415
    import xlsxwriter  # noqa: PLC0415

    lines = pyarrow.parquet.read_table(ORDERS)
    lines = lines.filter(pc.and_(pc.is_valid(lines["Customer ID"]), pc.greater(lines["Quantity"], 0)))
    lines = lines.append_column("Amount", pc.multiply(lines["Price"], lines["Quantity"].cast("float64")))
    sums = lines.group_by("Invoice").aggregate([("InvoiceDate", "min"), ("Customer ID", "min"), ("Amount", "sum")])
    kept = sums.sort_by([("InvoiceDate_min", "ascending"), ("Invoice", "ascending")]).slice(0, int(orders))
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, ["Order", "Order date", "Customer", "Amount"])
    names = ("Invoice", "InvoiceDate_min", "Customer ID_min", "Amount_sum")
    for row, values in enumerate(zip(*(kept[name].to_pylist() for name in names), strict=True), start=1):
        sheet.write_row(row, 0, values)
    book.close()


def open_workbook(port: str, path: str) -> None:
    """Open a workbook in the program, as its user did long before the click."""
    from regulars_addin.libreoffice import engine  # noqa: PLC0415

    app = engine.attach(int(port), headless=True)
    for book in list(app.impl.books):
        book.close()
    app.books.open(path)


def press(port: str) -> None:
    """Attach, press the first button, and print when each step began, in CPU and wall seconds since the interpreter started."""
    from regulars_addin.click import click, prepared  # noqa: PLC0415

    began: list[tuple[str, float, float]] = []
    start = time.perf_counter()
    with prepared():
        from regulars_addin.libreoffice import engine  # noqa: PLC0415
        from regulars_addin.libreoffice.app import App  # noqa: PLC0415

        shown = App.__dict__["status_bar"]

        def show(app: App, text: str | bool) -> None:
            began.append((str(text), time.process_time(), time.perf_counter() - start))
            shown.fset(app, text)

        App.status_bar = property(shown.fget, show)
        app = engine.attach(int(port), headless=True)
        if not click("analyze", app):
            sys.exit(str(app.impl.alerts))
    began.append(("end", time.process_time(), time.perf_counter() - start))
    print(json.dumps({"began": began, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}))


def by_part(began: list[tuple[str, float, float]]) -> dict[str, tuple[float, float]]:
    """Return the CPU and wall seconds of each part of a click."""
    taken = dict.fromkeys(PARTS, (0.0, 0.0))
    part, cpu, wall = PARTS[0], 0.0, 0.0
    for text, cpu_now, wall_now in began:
        before = taken[part]
        taken[part] = (before[0] + cpu_now - cpu, before[1] + wall_now - wall)
        cpu, wall = cpu_now, wall_now
        step = text.removeprefix("regulars: ")
        part = next((name for words, name in STEPS.items() if step.startswith(words)), part)
    return taken


def clicked(port: int, book: Path) -> Cost:
    """Open the workbook, which is not measured, and measure one click on it."""
    cost_of_call(open_workbook, port, book)
    return cost_of_call(press, port)


def report(*, quick: bool) -> Report:
    """Measure the click and the run on the file, and compare with what is claimed."""
    from regulars_addin.libreoffice import soffice  # noqa: PLC0415

    times, count = (1, QUICK) if quick else (5, COUNT)
    with tempfile.TemporaryDirectory() as name:
        book, result = Path(name) / "orders.xlsx", Path(name) / "result.xlsx"
        cost_of_call(make_workbook, book, count)
        run = [REGULARS, "analyze", book, "--out", result, "--force"]
        with soffice.running() as program:
            clicked(program.port, book)  # compiles the byte code
            runs = [clicked(program.port, book) for _ in range(times)]
        cost_of(run)
        headless = least(partial(cost_of, run), times)
    best = min(runs, key=lambda cost: cost.cpu)
    said = json.loads(best.output)
    parts = by_part(said["began"])
    heavy = [name for name in ("sklearn", "pptx", "matplotlib") if name in said["loaded"]]
    return Report(
        name="click",
        title=f"A click on {count:,} orders in LibreOffice, least of {times} runs",
        columns=("step", "CPU s", "wall s", "peak MB"),
        rows=(
            *((part, f"{cpu:.2f}", f"{wall:.2f}", "") for part, (cpu, wall) in parts.items()),
            _row("the click", best),
            _row("regulars analyze on the file", headless),
        ),
        figures={
            "click.cpu_seconds": best.cpu,
            "click.wall_seconds": best.wall,
            "headless.cpu_seconds": headless.cpu,
            **{f"click.{part.replace(' ', '_')}.cpu_seconds": cpu for part, (cpu, _) in parts.items()},
        },
        claims=(
            Claim(f"a cold click takes {best.cpu:.2f} CPU s of ours, less than {MOST_CLICK} s", best.cpu < MOST_CLICK),
            Claim(
                f"the run on the file takes {headless.cpu:.2f} CPU s, less than {MOST_HEADLESS} s",
                headless.cpu < MOST_HEADLESS,
            ),
            Claim(
                f"a click loads neither scikit-learn nor python-pptx{': ' * bool(heavy)}{', '.join(heavy)}", not heavy
            ),
        ),
        notes=("The wall seconds of reading and copying are mostly those of LibreOffice.",),
    )


def _row(what: str, cost: Cost) -> tuple[str, ...]:
    return what, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak_megabytes:.0f}"


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
