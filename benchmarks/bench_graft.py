"""What putting result sheets into a large workbook costs beyond reading that file."""

from __future__ import annotations

import random
import sys
import tempfile
import zipfile
import zlib
from functools import partial
from pathlib import Path

from measure import MEGABYTE, Cost, cost_of, cost_of_call, least
from report import Claim, Report, options, publish

REGULARS = Path(sys.executable).with_name("regulars")
MOST_CPU = 0.5  # seconds beyond reading
MOST_MEMORY = 150  # megabytes beyond the same process without a graft
_BYTES = 45 * MEGABYTE
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def write_host(path: str, size: str) -> None:
    """Write a workbook whose first sheet has so many bytes compressed: rows of numbers, no formulas."""
    import xlsxwriter  # noqa: PLC0415

    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Orders")
    book.add_worksheet("Notes").write_formula(0, 0, "=SUM(Orders!C:C)", None, 0)
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    dice = random.Random(1)  # noqa: S311  no secret
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            row, weighed = 0, 0
            while weighed < int(size) and row < 1_048_000:
                block = bytearray()
                for _ in range(4000):
                    row += 1
                    numbers = (dice.randrange(10**9) for _ in range(8))
                    cells = "".join(
                        f'<c r="{column}{row}"><v>{number}</v></c>'
                        for column, number in zip("ABCDEFGH", numbers, strict=True)
                    )
                    block += f'<row r="{row}">{cells}</row>'.encode()
                weighed += len(zlib.compress(block, 6))
                sheet.write(block)
            sheet.write(b"</sheetData></worksheet>")


def read(donor: str, host: str, target: str) -> None:
    """Load what the graft loads, read the host once and write it once: what no copy can go below."""
    import fastexcel  # noqa: F401, PLC0415
    import openpyxl  # noqa: F401, PLC0415

    import regulars.render.graft  # noqa: F401, PLC0415

    Path(donor).read_bytes()
    with Path(host).open("rb") as source, Path(target).open("wb") as out:
        while chunk := source.read(1 << 20):
            out.write(chunk)


def inflate(donor: str, host: str, target: str) -> None:
    """Do the same, and unpack every sheet once: what no search for formulas can go below."""
    read(donor, host, target)
    with zipfile.ZipFile(host) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                with archive.open(name) as part:
                    while part.read(1 << 20):
                        pass


def put(donor: str, host: str, target: str) -> None:
    """Put the sheets in."""
    from regulars.render.graft import graft  # noqa: PLC0415

    graft(Path(donor), Path(host), Path(target))


def report(*, quick: bool) -> Report:
    """Measure the first graft and one over our own sheets, and compare with what is claimed."""
    times = 2 if quick else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        donor, host, once, twice, copy = (
            folder / f"{stem}.xlsx" for stem in ("donor", "host", "once", "twice", "copy")
        )
        orders = Path(__file__).parent.parent / "tests" / "data" / "messy_orders.xlsx"
        cost_of([REGULARS, "analyze", orders, "--out", donor])
        cost_of_call(write_host, host, _BYTES // (5 if quick else 1))
        size = host.stat().st_size / MEGABYTE
        floor = least(partial(cost_of_call, read, donor, host, copy), times)
        first = least(partial(cost_of_call, put, donor, host, once), times)
        inflated = least(partial(cost_of_call, inflate, donor, once, copy), times)
        second = least(partial(cost_of_call, put, donor, once, twice), times)
    cpu = first.cpu - floor.cpu
    again = second.cpu - inflated.cpu
    memory = max(first.peak, second.peak) / MEGABYTE - floor.peak_megabytes
    return Report(
        name="graft",
        title=f"Sheets into a workbook of {size:.0f} MB, least of {times} runs",
        columns=("step", "CPU s", "wall s", "peak MB"),
        rows=(
            _row("loading the libraries, reading and writing the file", floor),
            _row("first graft", first),
            _row("the same, and unpacking the sheets", inflated),
            _row("graft over our own sheets", second),
        ),
        figures={
            "host.megabytes": size,
            "first.cpu_seconds": cpu,
            "again.cpu_seconds": again,
            "memory.megabytes": memory,
        },
        claims=(
            Claim(f"a first graft takes {cpu:.2f} CPU s beyond reading, less than {MOST_CPU} s", cpu < MOST_CPU),
            Claim(f"a second takes {again:.2f} CPU s beyond reading, less than {MOST_CPU} s", again < MOST_CPU),
            Claim(f"memory grows by {memory:.0f} MB, less than {MOST_MEMORY} MB", memory < MOST_MEMORY),
        ),
        notes=("A second graft unpacks the user's sheets: it looks for formulas that read ours.",),
    )


def _row(what: str, cost: Cost) -> tuple[str, ...]:
    return what, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak_megabytes:.0f}"


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
