"""The record of a run, as a block of cells that every program keeps: settings, orders, and the cells the owner may edit.

Each row names something in words and says it in TOML. `render/readback.py` reads it: `regulars refresh` and
`regulars deck` start from there.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import pyarrow.compute as pc

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.impact.assumptions import FLAGS, known_keys
from regulars.orders.fingerprint import fingerprint
from regulars.story.sheet_spec import Assumptions, Formula, Input, SheetSpec, Table
from regulars.story.sheets.tables import pairs_table
from regulars.story.texts import text

HEADS = ("Record of this run", "What is recorded")  # the header by which the block is found again
VERSION = 1  # raised when the block changes its form
YES, NO = "yes", "no"
BLANK = ""
ORDERS, FINGERPRINT, FORECAST, SETTINGS = "Orders", "Fingerprint of the orders", "Forecast", "Settings"
EXTENT = "Extent of the orders"
COMPARED = "Compared with the forecast of"
# Cells whose assumption has another name, or stands in a group.
_OTHER_NAMES = {"plan": "in_plan", "success": "success_rate", "start": "start_month"}
_GROUPS = ("price", "dip")
SETTINGS_ON_SHEET = ("discount_rate",)  # cells that hold a setting


@dataclass(frozen=True)
class MadeFrom:
    """The files of a run, as the user named them."""

    orders: tuple[str, ...]
    customers: str | None = None


def record_table(analysis: Analysis, facts: Facts, made_from: MadeFrom, sheets: Sequence[SheetSpec]) -> Table:
    """Return the record as a table of names and TOML."""
    orders: dict[str, object] = {"files": list(made_from.orders)}
    if made_from.customers:
        orders["customers"] = made_from.customers
    forecast: dict[str, object] = {"end": analysis.orders.window.end, "months": analysis.settings.horizon_months}
    if facts.known("clv.total"):
        forecast["total"] = facts.number("clv.total")
    rows = [
        ("Form of this record", inline({"version": VERSION, "sheets": [sheet.name for sheet in sheets]})),
        (ORDERS, inline(orders)),
        (FINGERPRINT, inline({"sha256": fingerprint(analysis.orders)})),
        (FORECAST, inline(forecast)),
        (EXTENT, inline(_extent(analysis))),
        *_compared(analysis),
        (SETTINGS, inline(chosen(analysis.settings))),
        *(pair for sheet in sheets for pair in _editable(sheet)),
    ]
    table = pairs_table("record", text("record.title", facts), rows, HEADS, text("record.lead", facts))
    return replace(table, record=True)


def _extent(analysis: Analysis) -> dict[str, object]:
    """Return how far the orders go: orders that hold far less are not those of the same shop's whole history."""
    days = analysis.orders.lines["day"]
    ends = pc.min_max(days).as_py()
    return {"first": ends["min"], "last": ends["max"], "customers": len(analysis.summary.customers)}


def _compared(analysis: Analysis) -> Iterator[tuple[str, str]]:
    if analysis.hindsight is not None:
        promise = analysis.hindsight.promise
        yield COMPARED, inline({"end": promise.end, "months": promise.months, "total": promise.total})


def chosen(settings: Settings) -> dict[str, object]:
    """Return the settings that differ from the defaults."""
    plain = Settings()
    return {
        one.name: getattr(settings, one.name)
        for one in fields(settings)
        if getattr(settings, one.name) != getattr(plain, one.name)
    }


def _editable(sheet: SheetSpec) -> Iterator[tuple[str, str]]:
    """Yield where the cells stand that hold assumptions, by the words beside them, and what was written there."""
    for block in sheet.blocks:
        if isinstance(block, Assumptions):
            for cell in block.cells:
                key = assumption_key(cell.key)
                if key is not None:
                    yield cell.label, inline({"key": key, "written": meaning(key, cell.value)})
        elif isinstance(block, Table):
            yield from _editable_rows(block)


def _editable_rows(table: Table) -> Iterator[tuple[str, str]]:
    used: dict[str, str] = {}
    rows = []
    for row in table.rows:
        written: dict[str, object] = {}
        for column, cell in zip(table.columns, row.cells, strict=True):
            key = assumption_key(f"{row.key}.{column.key}") if isinstance(cell, Input) else None
            if isinstance(cell, Input) and key is not None:
                name = key.rpartition(".")[2]
                used[name] = column.title
                value = cell.value.value if isinstance(cell.value, Formula) else cell.value
                written[name] = BLANK if value is None else meaning(key, value)
        if written:
            rows.append((str(row.cells[0]), inline({"of": row.key} | written)))
    if rows:
        yield table.title or table.key, inline({"first": table.columns[0].title, "columns": used})
        yield from rows


def assumption_key(cell: str) -> str | None:
    """Return the key of the assumption (or setting) that a cell holds, None when it holds none.

    >>> assumption_key("win_back.plan"), assumption_key("price_start"), assumption_key("win_back.audience")
    ('win_back.in_plan', 'price.start_month', None)
    """
    if cell in SETTINGS_ON_SHEET:
        return cell
    for group in _GROUPS:
        if cell.startswith(f"{group}_"):
            cell = f"{group}.{cell.removeprefix(f'{group}_')}"
    place, dot, name = cell.rpartition(".")
    key = f"{place}{dot}{_OTHER_NAMES.get(name, name)}"
    return key if key in _known() else None


@cache
def _known() -> frozenset[str]:
    return frozenset(known_keys())


def meaning(key: str, cell: object) -> object:
    """Return what a cell says: yes and no are true and false where an assumption is one of the two."""
    if key.rpartition(".")[2] in FLAGS and isinstance(cell, str):
        return {YES: True, NO: False}.get(cell.strip().casefold(), cell)
    return cell


def inline(values: Mapping[str, object]) -> str:
    r"""Return a TOML table on one line.

    >>> inline({"margin": 0.35, "map": {"customer": 'Client "No"'}, "since": dt.date(2025, 1, 1), "sheet": ("A", "B")})
    '{ margin = 0.35, map = { customer = "Client \\"No\\"" }, since = 2025-01-01, sheet = ["A", "B"] }'
    """
    entries = ", ".join(f"{_key(key)} = {_value(value)}" for key, value in values.items() if value is not None)
    return f"{{ {entries} }}" if entries else "{ }"


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else _quoted(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float | dt.date):
        return str(value)
    if isinstance(value, Mapping):
        return inline(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    raise TypeError(f"a record cannot hold {value!r}")


def _quoted(text_: str) -> str:
    return json.dumps(text_, ensure_ascii=False).replace("\x7f", "\\u007f")
