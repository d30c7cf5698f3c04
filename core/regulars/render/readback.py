"""A result read back: what it was made from, and the assumptions that its owner changed since."""

from __future__ import annotations

import io
import tomllib
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from regulars.base.errors import InputError, RegularsError, SettingsError
from regulars.base.settings import Settings, settings_from
from regulars.hindsight import Promise
from regulars.orders.gate import UNREADABLE
from regulars.render.graft.host import Host
from regulars.render.graft.markup import MarkupError
from regulars.render.graft.package import Package
from regulars.render.graft.skeleton import skeleton
from regulars.render.yellow import Grid, yellow_cells
from regulars.story.sheets import QUALITY
from regulars.story.sheets.record import (
    COMPARED,
    FINGERPRINT,
    FORECAST,
    HEADS,
    ORDERS,
    SETTINGS,
    SETTINGS_ON_SHEET,
    VERSION,
)

IMPACT = "Financial impact"
_MOST_ROWS, _MOST_COLUMNS = 5_000, 60  # of a sheet that is looked through
_AGAIN = "make the result anew with regulars analyze"


@dataclass(frozen=True)
class EarlierResult:
    """What an earlier run was made from and said, and what its owner changed since.

    `changed` has the assumptions that differ from what the run wrote; None stands for a cell without a value. `choices`
    has what stands under 'In the plan' where the owner has set the tick: then each of those cells is a choice.
    """

    path: Path
    orders: tuple[str, ...]
    customers: str | None
    fingerprint: str
    promise: Promise  # its forecast
    before: Promise | None  # the forecast of the result before it, with which it was compared
    settings: Settings
    changed: Mapping[str, float | str | bool | None]
    added: tuple[str, ...]  # sheets beside those that the run wrote
    notes: tuple[str, ...]  # cells that could not be found or used, or were read as meant
    choices: Mapping[str, bool] = field(default_factory=dict)

    def kept(self, settings: Settings, *, margin_given: bool = False) -> Settings:
        """Return settings with the owner's assumptions in them.

        What was changed in the workbook beats the settings, and they beat what the earlier run had from a workbook or
        a file. A margin given anew with the run beats all.
        """
        said = {**self.settings.assumptions, **self.choices, **settings.assumptions, **self.changed}
        for key in SETTINGS_ON_SHEET:
            if key in said:
                value = said.pop(key)
                settings = settings.but(**{key: getattr(Settings(), key) if value is None else value})
        if self.changed.get("margin") is not None:
            if margin_given:
                said.pop("margin")
            else:
                settings = replace(settings, margin=None)
        return replace(settings, assumptions={key: value for key, value in said.items() if value is not None})


def read_result(path: Path) -> EarlierResult | None:
    """Read the record and the yellow cells of a workbook with our sheets; None when it has no record.

    Raises InputError when the workbook cannot be read, or its record was spoilt.
    """
    return result_in(path, *_cells(path))


def result_in(path: Path, names: Sequence[str], sheets: Sequence[Grid]) -> EarlierResult | None:
    """Return the result that the cells of some sheets hold; None when they hold no record.

    `names` are those of all sheets of the workbook, `sheets` the cells of those that hold record and assumptions.
    Raises InputError when the record was spoilt.
    """
    rows = next((found for grid in sheets for found in [_record(grid)] if found), None)
    return None if rows is None else _result(path, rows, names, sheets)


def _cells(path: Path) -> tuple[list[str], list[Grid]]:
    """Return the names of all sheets, and the cells of those that hold record and assumptions.

    Where none has the name that it had in the result, all are looked through.
    """
    import openpyxl  # noqa: PLC0415  heavy

    try:
        if not zipfile.is_zipfile(path):
            return [], []
        with Package(path) as package:
            host = Host(package)
            names = [sheet.name for sheet in host.sheets]
            ours = dict(host.ours) or {name: name for name in names}
            wanted = [ours[key] for key in (QUALITY, IMPACT) if key in ours]
            if len(wanted) < 2:
                wanted = list(ours.values())
            # A chart that fills a sheet of its own has no cells.
            charts = {link.target.casefold() for link in host.links if link.kind == "chartsheet"}
            full = {sheet.name for sheet in host.sheets if (sheet.part or "").casefold() in charts}
            wanted = [name for name in wanted if name not in full]
            small = skeleton(package, host, wanted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it names what it would lose on saving, and nothing is saved
            book = openpyxl.load_workbook(io.BytesIO(small), read_only=True, data_only=True, keep_links=False)
            return names, [_grid(book[name]) for name in wanted]
    except (MarkupError, ValueError, TypeError, AttributeError, IndexError, *UNREADABLE) as problem:
        if isinstance(problem, RegularsError):
            raise
        raise InputError(
            f"the assumptions in '{path.name}' cannot be read back ({problem})",
            remedy="open it in Excel or LibreOffice and save it again",
        ) from problem


def _grid(sheet: Any) -> Grid:
    sheet.reset_dimensions()  # what the file says of its extent may be wrong
    return list(sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True))


def _record(grid: Grid) -> list[tuple[str, str]] | None:
    """Return the rows of the record below its header, up to the first that is none."""
    for number, row in enumerate(grid):
        if HEADS[0] in row and HEADS[1] in row:
            name, content = row.index(HEADS[0]), row.index(HEADS[1])
            rows = []
            for below in grid[number + 1 :]:
                if len(below) <= max(name, content) or not str(below[content] or "").startswith("{"):
                    break
                rows.append((str(below[name]), str(below[content])))
            return rows
    return None


def _result(path: Path, rows: Sequence[tuple[str, str]], names: Sequence[str], sheets: Sequence[Grid]) -> EarlierResult:
    try:
        entries = [(name, tomllib.loads(f"entry = {content}")["entry"]) for name, content in rows]
        said = dict(reversed(entries))
        if entries[0][1]["version"] > VERSION:
            raise InputError(f"'{path.name}' was made by a later version of regulars", remedy="install that version")
        orders = said[ORDERS]
        settings = settings_from(said[SETTINGS], f"the record of '{path.name}'")
        found = yellow_cells(path.name, entries, sheets, settings)
        return EarlierResult(
            path=path,
            orders=tuple(orders["files"]),
            customers=orders.get("customers"),
            fingerprint=said[FINGERPRINT]["sha256"],
            promise=_promise(said[FORECAST]),
            before=_promise(said[COMPARED]) if COMPARED in said else None,
            settings=settings,
            changed=found.changed,
            added=tuple(name for name in names if name not in entries[0][1]["sheets"]),
            notes=found.notes,
            choices=found.choices,
        )
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError, SettingsError) as problem:
        raise InputError(
            f"the record of '{path.name}' (sheet '{QUALITY}') was changed and cannot be read back ({problem})",
            remedy=_AGAIN,
        ) from problem


def _promise(entry: Mapping[str, Any]) -> Promise:
    return Promise(entry["end"], entry["months"], entry.get("total"))
