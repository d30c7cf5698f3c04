"""The settings sheet in the user's workbook: write it, and read what the next run is told.

The cells are read with `sheet.range((1, 1), sheet.used_range.last_cell).options(ndim=2, err_to_str=True).value`: from A1
on, so that the cells that a message names are those of the sheet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from regulars.base.errors import SettingsError, nearest
from regulars.base.settings import Settings, settings_from
from regulars.orders.grid import letters
from regulars_addin.convert import is_error
from regulars_workbooks.settings_kinds import NotUnderstoodError, as_text
from regulars_workbooks.settings_rows import FILE, Row, rows
from regulars_workbooks.settings_template import KEY, SHEET, VALUE, settings_bytes

_DAYS: Final = ("since", "until")
_OR_EMPTY: Final = ", or empty the cell"
_ANEW: Final = "or delete the sheet and press Settings for a new one"


def render(path: Path, settings: Settings | None = None) -> None:
    """Write a workbook with the settings sheet alone; yellow cells are filled where settings differ from the default.

    The sheet with the orders is left empty: filled in, it would beat the sheet that its owner goes to.
    """
    path.write_bytes(settings_bytes(settings and settings.but(sheet=())))


def read(cells: Sequence[Sequence[object]]) -> dict[str, Any]:
    """Return what the sheet says, as a settings file would: only keys whose cell is filled.

    `cells` are the rows of the sheet from A1 on. The name of a settings file is no setting: see `settings_file`.

    Raises SettingsError, which names the cell, for a value that cannot be meant and for a key that was changed.

    >>> read([["", "Setting", "Your value", "Key"], ["", "Gross margin", 0.4, "margin"], ["", "First day", None, "since"]])
    {'margin': 0.4}
    """
    found: dict[str, Any] = {}
    entries = {entry.row.key: entry for entry in _entries(cells) if entry.row.key != FILE}
    for key, entry in entries.items():
        name, _, field = key.partition(".")
        if field:
            found.setdefault(name, {})[field] = entry.value
        else:
            found[name] = entry.value
    settings_from(found, " and ".join(entries[day].place for day in _DAYS if day in entries) or f"'{SHEET}'")
    return found


def settings_file(cells: Sequence[Sequence[object]]) -> str | None:
    """Return the settings file that the sheet names, as its owner wrote it."""
    return next((entry.value for entry in _entries(cells) if entry.row.key == FILE), None)


def settings_on(cells: Sequence[Sequence[object]], folder: Path | None) -> Settings:
    """Return the settings of a run: what the sheet says beats its settings file, which beats the default.

    `folder` is the workbook's own, where a settings file without a folder is sought; None for a workbook that lies in none.

    Raises SettingsError as `read` does, and for a settings file that is missing or says something impossible.
    """
    said, file = read(cells), settings_file(cells)
    typed = settings_from(said, f"'{SHEET}'")
    if file is None:
        return typed
    from regulars.cli.settings import chosen_settings  # noqa: PLC0415  a sheet without a file does not need it

    path = Path(file).expanduser()
    if folder is None and not path.is_absolute():
        raise SettingsError(
            f"'{SHEET}' names the settings file '{file}' without its folder, and this workbook lies in no folder",
            remedy="save the workbook beside the file, or write the file's whole path",
        )
    return chosen_settings((folder or Path()) / path, **{name: getattr(typed, name) for name in said})


@dataclass(frozen=True)
class _Entry:
    """A filled yellow cell: its row, where it stands, and what it says."""

    row: Row
    place: str
    value: Any


def _entries(cells: Sequence[Sequence[object]]) -> list[_Entry]:
    head, value_column, key_column = _heads(cells)
    known = {row.key: row for row in rows()}
    first_of: dict[str, str] = {}
    entries: list[_Entry] = []
    problems: dict[str, SettingsError] = {}  # by cell
    for at, line in enumerate(cells[head + 1 :], start=head + 1):
        value, key = _content(line, value_column), _content(line, key_column)
        place, key_place = _place(at, value_column), _place(at, key_column)
        if key is None and value is None:
            continue
        if key is None:
            raise SettingsError(
                f"{place} is filled, but {key_place} does not say which setting it is",
                remedy=f"write its key into {key_place}, or empty {place}; {_ANEW}",
            )
        name = str(key).strip()
        if name not in known:
            meant = nearest(name, known)
            raise SettingsError(
                f"{key_place}: '{name}' is the key of no setting",
                remedy=f"write {f'the key {meant}' if meant else 'what stood there'} into {key_place}; {_ANEW}",
            )
        if name in first_of:
            raise SettingsError(
                f"{key_place}: the key '{name}' stands in {first_of[name]} already",
                remedy=f"delete one of the two rows; {_ANEW}",
            )
        first_of[name] = key_place
        if value is not None:
            try:
                entries.append(_Entry(known[name], place, _understood(known[name], place, value)))
            except SettingsError as problem:
                problems[place] = problem
    if problems:
        raise _all_in_one(problems)
    return entries


def _all_in_one(problems: Mapping[str, SettingsError]) -> SettingsError:
    """Return one error for all cells that cannot be meant, so that they are mended in one go."""
    if len(problems) == 1:
        return next(iter(problems.values()))
    return SettingsError(
        f"{len(problems)} cells cannot be meant: {'; '.join(problem.what for problem in problems.values())}",
        remedy="; ".join(
            f"{place.rpartition('!')[2]}: {problem.remedy.removesuffix(_OR_EMPTY)}"
            for place, problem in problems.items()
        )
        + "; or empty these cells",
    )


def _understood(row: Row, place: str, value: object) -> Any:
    if is_error(value):
        raise SettingsError(
            f"{place} ({row.name}): the cell shows the error {value}",
            remedy=f"write {row.kind.wanted}{_OR_EMPTY}",
        )
    try:
        return row.kind.read(value)
    except NotUnderstoodError as problem:
        raise SettingsError(
            f"{place} ({row.name}): '{_shown(value)}' cannot be meant", remedy=f"{problem}{_OR_EMPTY}"
        ) from None


def _heads(cells: Sequence[Sequence[object]]) -> tuple[int, int, int]:
    """Return the row of the heads, the column of the values and that of the keys, from 0."""
    for at, line in enumerate(cells):
        said = [cell.strip() if isinstance(cell, str) else None for cell in line]
        if VALUE in said and KEY in said:
            return at, said.index(VALUE), said.index(KEY)
    raise SettingsError(f"the sheet '{SHEET}' has no row with the heads '{VALUE}' and '{KEY}'", remedy=_ANEW)


def _content(line: Sequence[object], column: int) -> object | None:
    value = line[column] if column < len(line) else None
    return None if isinstance(value, str) and not value.strip() else value


def _shown(value: object) -> str:
    """Return a value as its cell shows it.

    >>> _shown(35.0), _shown(dt.datetime(2025, 1, 31)), _shown("net")
    ('35', '2025-01-31', 'net')
    """
    return value.strftime("%Y-%m-%d") if isinstance(value, dt.date) else as_text(value)


def _place(at: int, column: int) -> str:
    """Return a cell as Excel names it.

    >>> _place(6, 2)
    'Regulars settings!C7'
    """
    return f"{SHEET}!{letters(column)}{at + 1}"
