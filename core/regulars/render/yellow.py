"""The yellow cells of a result, found again and read as their owner meant them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.base.errors import SettingsError, listing
from regulars.base.settings import Settings, settings_from
from regulars.impact.assumptions import BOUNDS, CHOICES, FLAGS, OwnerAssumptions
from regulars.story.sheets.record import BLANK, SETTINGS_ON_SHEET

Grid = list[tuple[Any, ...]]
Said = float | str | bool | None
_SAME = 1e-9  # Excel keeps 15 digits
# Assumptions that their cells show in per cent, with what they may be.
_SHARES = {
    key: BOUNDS[key]
    for key in ("margin", "low", "high", "reach", "success_rate", "uplift", "rise", "items", "volume", "recovered")
} | {"discount_rate": (0.0, 0.99)}
_WORDS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")  # three digits after it could be thousands
_LEAST_PERCENT = 2  # a 1.5 may be 1.5 % or 150 %


@dataclass(frozen=True)
class Yellow:
    """What the yellow cells say: changes since they were written, choices under the tick, and remarks."""

    changed: Mapping[str, Said]
    choices: Mapping[str, bool]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """A cell that was looked for: its key, what was written in it, and what stands there now."""

    key: str
    written: Any
    where: str
    found: bool
    now: Any = None


def yellow_cells(
    name: str, entries: Sequence[tuple[str, Mapping[str, Any]]], sheets: Sequence[Grid], settings: Settings
) -> Yellow:
    """Return what the cells of a workbook say that `entries` of its record name; `settings` are those it was made with."""
    changed: dict[str, Said] = {}
    stands: dict[str, Said] = {}
    lost, unusable, meant, empty = [], [], [], []
    places = list(_places(entries, sheets))
    for place in places:
        if not place.found:
            lost.append(place.where)
            continue
        try:
            now, remark = as_meant(place.key, place.now)
            if now is not None:
                _refuse_impossible(place.key, now)
        except SettingsError as problem:
            unusable.append(f"{place.where} ({problem.what})")
            continue
        stands[place.key] = now
        if _is_same(now, place.written) or _follows(place.key, now, stands.get("margin"), settings):
            continue
        changed[place.key] = now
        if now is None:
            empty.append(place.where)
        elif remark:
            meant.append(f"{place.where}: {remark}")
    notes = []
    if lost:
        notes.append(f"cells of '{name}' that were not found, so their assumptions stay: {listing(lost)}")
    if unusable:
        notes.append(f"cells of '{name}' that hold what cannot be, so they are not used: {listing(unusable)}")
    if empty:
        notes.append(
            f"cells of '{name}' that are empty, or hold a formula that no program has calculated, so nothing is kept of"
            f" them and the default stands: {listing(empty)}"
        )
    if meant:
        notes.append(f"cells of '{name}' that were read as meant: {listing(meant)}")
    return Yellow(changed, _choices(stands), tuple(notes))


def _choices(stands: Mapping[str, Said]) -> dict[str, bool]:
    """Return what stands under 'In the plan': with the tick set, each such cell is the owner's choice."""
    if stands.get("confirmed") is not True:
        return {}
    return {key: value for key, value in stands.items() if key.endswith(".in_plan") and isinstance(value, bool)}


def _follows(key: str, now: Said, margin: Said, settings: Settings) -> bool:
    """Tell whether an initiative's margin still is a formula that follows the margin for all."""
    if not key.endswith(".margin") or key in settings.assumptions:
        return False
    return now is None or _is_same(now, margin)


def as_meant(key: str, cell: Any) -> tuple[Said, str]:
    """Return what a cell says, and a remark where that is not what stands in it.

    Raises SettingsError where it could be read in two ways.

    >>> as_meant("margin", "30%"), as_meant("scenario", " Bold "), as_meant("confirmed", "Yes")
    ((0.3, "'30%' is 30%"), ('bold', ''), (True, ''))
    >>> as_meant("margin", 30), as_meant("win_back.contact_cost", 30)
    ((0.3, '30 is 30%'), (30, ''))
    """
    name = key.rpartition(".")[2]
    if isinstance(cell, str):
        cell = cell.replace("\u00a0", " ").strip() or None
    if cell is None or isinstance(cell, bool):
        return cell, ""
    if name in FLAGS:
        return _WORDS.get(str(cell).casefold(), cell), ""
    if name in CHOICES:
        return str(cell).casefold(), ""
    if isinstance(cell, str):
        return _number(key, cell)
    if name in _SHARES and isinstance(cell, int | float):
        low, high = _SHARES[name]
        if cell > high and cell >= _LEAST_PERCENT and cell == int(cell) and low <= cell / 100 <= high:
            return cell / 100, f"{cell:g} is {cell:g}%"
    return cell, ""


def _number(key: str, said: str) -> tuple[float, str]:
    """Return the number that a text says. Raises SettingsError for any other text."""
    is_share = key.rpartition(".")[2] in _SHARES
    plain = said.removesuffix("%").rstrip() if is_share else said
    if _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain):
        raise SettingsError(f"{key} = {said!r} is no number", remedy="write a number")
    value = float(plain)
    if plain != said and said.endswith("%"):
        return value / 100, f"'{said}' is {value:g}%"
    meant, remark = as_meant(key, value)
    return float(meant or 0.0), remark or f"the text '{said}' is {value:g}"


def _refuse_impossible(key: str, value: Any) -> None:
    """Raise SettingsError when an assumption or a setting cannot have a value."""
    if key in SETTINGS_ON_SHEET:
        settings_from({key: value}, "the workbook")
    else:
        OwnerAssumptions({key: value})


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isinstance(one, bool) == isinstance(other, bool) and math.isclose(one, other, rel_tol=_SAME)
    return bool(one == other)


def _places(entries: Sequence[tuple[str, Mapping[str, Any]]], sheets: Sequence[Grid]) -> Iterator[_Place]:
    single = {name: entry for name, entry in entries if "key" in entry}
    values = _beside(list(single), sheets)
    for label, entry in single.items():
        yield _Place(entry["key"], entry.get("written"), label, label in values, values.get(label))
    table: Mapping[str, Mapping[str, Any]] = {}
    columns: Mapping[str, str] = {}
    for number, (name, entry) in enumerate(entries):
        if "columns" in entry:
            columns = entry["columns"]
            after = (name for name, later in entries[number + 1 :] if "of" in later)
            table = _table(entry["first"], columns, list(after), sheets)
        elif "of" in entry:
            row = table.get(name)
            for column, title in columns.items():
                if column in entry:
                    written = None if entry[column] == BLANK else entry[column]
                    now = None if row is None else row[column]
                    yield _Place(f"{entry['of']}.{column}", written, f"{title}: {name}", row is not None, now)


def _beside(labels: Sequence[str], sheets: Sequence[Grid]) -> dict[str, Any]:
    """Return the cell right of each label, in the one block of a sheet where they stand one below the other.

    Other tables may use the same words, so only rows near the place that the others point to count. A label that was
    edited is known by its place between its neighbours.
    """
    best: dict[str, Any] = {}
    for grid in sheets:
        by_column: dict[int, list[tuple[int, str]]] = {}
        for number, row in enumerate(grid):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.strip() in labels:
                    by_column.setdefault(column, []).append((number, cell.strip()))
        for column, found in by_column.items():
            rows = _rows_of(labels, found)
            values = {label: _cell(grid[row], column + 1) for label, row in rows.items()}
            # The record names the labels too, and beside them what was written.
            is_record = any(isinstance(value, str) and value.startswith("{") for value in values.values())
            if len(values) > len(best) and not is_record:
                known = {row: label for label, row in rows.items()}
                taken = {row for row, _ in found} | known.keys()
                more = {label: row for label, row in _between(labels, rows) if row not in taken and row < len(grid)}
                best = values | {
                    label: _cell(grid[row], column + 1)
                    for label, row in more.items()
                    if isinstance(_cell(grid[row], column), str)
                }
    return best


def _rows_of(labels: Sequence[str], found: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Return the row of each label: of several, the one nearest to where most others say that the block begins."""
    place = {label: number for number, label in enumerate(labels)}
    start = Counter(row - place[label] for row, label in found).most_common(1)[0][0]
    rows: dict[str, int] = {}
    for row, label in sorted(found, key=lambda one: abs(one[0] - place[one[1]] - start)):
        if abs(row - place[label] - start) <= len(labels):
            rows.setdefault(label, row)
    return rows


def _between(labels: Sequence[str], rows: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the rows where labels that are not there must have stood, counted from the nearest one before or after."""
    known = [(number, rows[label]) for number, label in enumerate(labels) if label in rows]
    for number, label in enumerate(labels):
        if label not in rows and known:
            near, row = min(known, key=lambda one: abs(one[0] - number))
            yield label, row + number - near


def _cell(row: Sequence[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


def _table(
    first: str, columns: Mapping[str, str], names: Sequence[str], sheets: Sequence[Grid]
) -> dict[str, dict[str, Any]]:
    """Return the cells of a table by the name of its row and the key of the column.

    Where as many rows stand there as were written, one whose name was edited is known by its place.
    """
    for grid in sheets:
        for number, row in enumerate(grid):
            if first in row and all(title in row for title in columns.values()):
                start = row.index(first)
                at = {key: row.index(title) for key, title in columns.items()}
                below = list(_until_blank(grid[number + 1 :], start))
                held = {str(one[start]).strip(): one for one in below}
                for place, name in enumerate(names):
                    if name not in held and place < len(below) and str(below[place][start]).strip() not in names:
                        held[name] = below[place]
                return {name: {key: _cell(one, place) for key, place in at.items()} for name, one in held.items()}
    return {}


def _until_blank(rows: Sequence[tuple[Any, ...]], column: int) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if len(row) <= column or row[column] in {None, ""}:
            return
        yield row
