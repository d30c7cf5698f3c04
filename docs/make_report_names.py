"""Write what an outline may name, from full runs, into core/regulars/story/report_names.toml: `python docs/make_report_names.py`."""  # noqa: INP001  a script

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.scheme_ids import EVERY
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.hindsight import Promise, look_back, settings_of_then
from regulars.orders.load import load_orders
from regulars.story.report import SHEETS
from regulars.story.sheet_spec import Chart, Table
from regulars.story.sheets.segments import ALL, BESIDE

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "core/regulars/story/report_names.toml"
DATA: Final = ROOT / "tests/data"
SAMPLE: Final = ROOT / "workbook_templates/regulars_workbooks/sample_orders.xlsx"
ANY: Final = "*"
# Lists of customers, and what only regulars reads, stand in no report.
LEFT_OUT: Final = ("Customer lists/list_members", "Method/facts", "Method/settings", "Data quality/record")
BY_MONTH: Final = re.compile(r"m?\d{4}-\d\d|age\d+")
BY_SEGMENT: Final = (
    "Clusters/cross", "Movement/matrix_customers", "Movement/matrix_revenue", "Movement/matrix_chance", "Trends/by_segment",
    "Products/units", "Products/stock",
)  # fmt: skip
RULES: Final = ("segment", "last_order_least", "last_order_most", "orders_least", "orders_most", "rule")
# In keys of these kinds, the parts at these places follow the data or repeat for each initiative.
PARTS: Final[Mapping[str, tuple[tuple[int, tuple[int, ...]], ...]]] = {
    "segments": ((4, (1, 2)), (3, (1,))),
    "groups": ((4, (1, 2)),),
    "churn": ((5, (1, 2, 3)),),
    "clusters": ((3, (2,)),),
    "clv": ((4, (2,)),),
    "impact": ((4, (1, 2)),),
    "playbook": ((3, (1,)),),
    "activation": ((3, (1,)),),
    "since": ((4, (2,)),),
    "profit": ((4, (2,)),),
    "tests": ((3, (1,)),),
    "months": ((3, (1,)),),
    "retention": ((3, (1,)),),
    "rfm": ((3, (1,)),),
}
WIDE: Final = 118


def pattern(key: str) -> str:
    """Return a fact's key with `*` for the parts that follow the data.

    >>> pattern("segments.rfm11.champions.revenue"), pattern("customers.count")
    ('segments.*.*.revenue', 'customers.count')
    """
    part = key.split(".")
    kind = part[0]
    if kind in ("cross", "verdict", "movement", "sensitivity") and len(part) > 2:
        part = [kind, *[ANY] * (len(part) - 2), part[-1]]
    for length, places in PARTS.get(kind, ()):
        if len(part) == length:
            part = [ANY if place in places else one for place, one in enumerate(part)]
    return ".".join(part)


def columns_of(place: str, table: Table) -> list[str]:
    """Return the keys of a table's columns; those that follow the data are one `*` at the end."""
    fixed = [
        column.key
        for number, column in enumerate(table.columns)
        if not BY_MONTH.fullmatch(column.key)
        and (place not in BY_SEGMENT or number == 0 or column.key in ("sum", "all"))
    ]
    return fixed if len(fixed) == len(table.columns) else [*fixed, ANY]


def names(runs: Iterable[tuple[Analysis, Facts]]) -> tuple[dict[str, list[str]], set[str], set[str]]:
    """Return the tables with their columns, the tables with charts, and the facts of some runs."""
    tables: dict[str, list[str]] = {}
    charts: set[str] = set()
    facts: set[str] = set()
    for analysis, found in runs:
        facts |= {pattern(key) for key in found}
        for sheet, made in SHEETS.items():
            if sheet == "Then and now" and analysis.hindsight is None:
                continue
            for block in made(analysis, found).blocks:
                place = f"{sheet}/{block.key}" if isinstance(block, Table) else ""
                if isinstance(block, Chart):
                    charts.add(f"{sheet}/{block.table}")
                if isinstance(block, Table) and place not in LEFT_OUT:
                    known = tables.setdefault(place, [])
                    known += [one for one in columns_of(place, block) if one not in known]
    for scheme in EVERY:
        sheet = "Segments" if scheme in BESIDE else "Clusters"
        tables.setdefault(f"{sheet}/{scheme}", ["segment", *ALL])
        if scheme not in BESIDE:
            tables.setdefault(f"{sheet}/{scheme}_rules", list(RULES))
    for field in ("country", "channel"):
        of = "Products/country"
        tables.setdefault(f"Products/{field}", tables.get(of, []))
    return tables, charts, facts


def with_signups(folder: Path) -> tuple[Analysis, Facts]:
    """Return a run whose customers table has sign-ups without an order: only such runs can tell activation."""
    orders, customers = folder / "orders.csv", folder / "customers.csv"
    lines = [f"c{n % 40},2024-{1 + n % 12:02}-{1 + n % 27:02},o{n},{10 + n % 90}.50" for n in range(400)]
    orders.write_text("\n".join(["Customer,Date,Order,Amount", *lines]), encoding="utf-8")
    signed = [f"c{n},2024-{1 + n % 12:02}-01,{'Trade' if n % 3 else 'Private'}" for n in range(60)]
    customers.write_text("\n".join(["Customer,Signup date,Segment", *signed]), encoding="utf-8")
    settings = Settings(sheets="full")
    analysis = analyse(load_orders([orders], settings, customers), settings)
    return analysis, find_facts(analysis)


def full_runs() -> list[tuple[Analysis, Facts]]:
    """Return runs that have between them every table and fact."""
    found = []
    for path, scheme in (
        (DATA / "superstore.parquet", "rfm11"), (DATA / "superstore.parquet", "lifecycle6"),
        (SAMPLE, "kmeans5"), (DATA / "cdnow_sample.csv", "rfm11"),
    ):  # fmt: skip
        settings = Settings(sheets="full", currency="USD", scheme=scheme)
        analysis = analyse(load_orders([path], settings), settings)
        if path.suffix == ".csv":
            promise = Promise(analysis.orders.window.end.replace(month=1, day=31), 12, None)
            then = settings_of_then(settings, promise)
            seen = look_back(load_orders([path], then), analysis.summary, then, promise)
            analysis = replace(analysis, hindsight=seen)
        found.append((analysis, find_facts(analysis)))
    with tempfile.TemporaryDirectory() as folder:
        found.append(with_signups(Path(folder)))
    return found


def page(runs: Sequence[tuple[Analysis, Facts]] | None = None) -> str:
    """Return the text of the file."""
    tables, charts, facts = names(full_runs() if runs is None else runs)
    parts = [
        "# What an outline of the written report may name. Written by docs/make_report_names.py from full runs.",
        "",
        "# Tables that a chart stands beside.",
        f"charts = {_list(sorted(charts))}",
        "",
        '# Facts; "*" stands for any part of a key.',
        f"facts = {_list(sorted(facts))}",
        "",
        '# Tables by SHEET/TABLE with the keys of their columns; "*" stands for columns that follow the data.',
        "[tables]",
        *(f'"{place}" = {_list(tables[place], len(place) + 5)}' for place in sorted(tables)),
    ]
    return "\n".join(parts) + "\n"


def _list(found: Sequence[str], before: int = 10) -> str:
    short = ", ".join(f'"{one}"' for one in found)
    if before + len(short) + 2 <= WIDE:
        return f"[{short}]"
    lines, line = [], "   "
    for one in found:
        if len(line) + len(one) + 4 > WIDE:
            lines.append(line)
            line = "   "
        line += f' "{one}",'
    return "[\n" + "\n".join([*lines, line]) + "\n]"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
