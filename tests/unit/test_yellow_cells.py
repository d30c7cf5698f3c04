"""Yellow cells: found where they stand, whatever was edited around them, and read as their owner meant them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from regulars.base.errors import SettingsError
from regulars.base.settings import Settings
from regulars.render.yellow import Yellow, as_meant, yellow_cells

ENTRIES: list[tuple[str, Mapping[str, Any]]] = [
    ("Form of this record", {"version": 1, "sheets": ["Financial impact"]}),
    ("Scenario", {"key": "scenario", "written": "base"}),
    ("I have checked these assumptions", {"key": "confirmed", "written": False}),
    ("Gross margin", {"key": "margin", "written": 0.4}),
    ("Discount rate a year", {"key": "discount_rate", "written": 0.1}),
    ("Initiatives", {"first": "Initiative", "columns": {"in_plan": "In the plan", "margin": "Gross margin"}}),
    ("Win back", {"of": "win_back", "in_plan": True, "margin": 0.4}),
    ("Wake up", {"of": "wake_up", "in_plan": False, "margin": 0.25}),
]
SHEET: list[list[Any]] = [
    [None, "Financial impact"],
    [None, "Assumption", "Value", "Default", "Where from"],
    [None, "Scenario", "base", "base", "default"],
    [None, "I have checked these assumptions", "no", "no", "default"],
    [None, "Gross margin", 0.4, 0.4, "assumption"],
    [None, "Discount rate a year", 0.1, 0.1, "default"],
    [None, None],
    [None, "Initiative", "In the plan", "Gross margin"],
    [None, "Win back", "yes", 0.4],
    [None, "Wake up", "no", 0.25],
    [None, None],
    *([[None, "Something else", 1]] * 9),
    [None, "Assumption", "Net profit, worse", "Net profit, better"],
    [None, "Gross margin", -117.0, 117.0],
]


def read(*edits: tuple[int, int, Any], said: Mapping[str, Any] | None = None) -> Yellow:
    """Return what the sheet says after cells (row, column) were given other contents."""
    sheet = [list(row) for row in SHEET]
    for row, column, value in edits:
        sheet[row][column] = value
    return yellow_cells("result.xlsx", ENTRIES, [[tuple(row) for row in sheet]], Settings(assumptions=said or {}))


def test_an_untouched_sheet_says_nothing() -> None:
    assert read() == Yellow({}, {}, ())


def test_with_the_tick_set_every_cell_of_the_plan_is_a_choice() -> None:
    found = read((3, 2, "yes"))
    assert found.changed == {"confirmed": True}
    assert found.choices == {"win_back.in_plan": True, "wake_up.in_plan": False}


def test_an_edited_label_keeps_its_value_and_no_other_table_gives_it() -> None:
    assert read((4, 1, "My margin"), (4, 2, 0.6)).changed == {"margin": 0.6}
    assert read((4, 1, "My margin")) == Yellow({}, {}, ())


def test_rows_put_between_and_labels_with_blanks_change_nothing() -> None:
    sheet = [tuple(row) for row in SHEET]
    moved = [*sheet[:4], (None, "a note of mine", 12), (None, " Gross margin ", 0.6), *sheet[5:]]
    assert yellow_cells("result.xlsx", ENTRIES, [moved], Settings()).changed == {"margin": 0.6}


def test_an_edited_name_of_an_initiative_keeps_its_cells() -> None:
    assert read((8, 1, "Call them"), (8, 2, "no")).changed == {"win_back.in_plan": False}


def test_a_margin_that_follows_the_one_for_all_is_no_choice_of_its_own() -> None:
    assert read((4, 2, 0.6), (8, 3, 0.6), (9, 3, 0.6)).changed == {"margin": 0.6}
    assert read((4, 2, 0.6), (8, 3, None), (9, 3, None)).changed == {"margin": 0.6}
    assert read((4, 2, 0.6), (8, 3, 0.7), (9, 3, 0.6)).changed == {"margin": 0.6, "win_back.margin": 0.7}
    pinned = read((4, 2, 0.6), (8, 3, 0.6), said={"win_back.margin": 0.4})
    assert pinned.changed == {"margin": 0.6, "win_back.margin": 0.6}


def test_a_cell_without_a_value_is_said_not_to_be_kept() -> None:
    found = read((4, 2, None))
    assert found.changed == {"margin": None}
    assert "nothing is kept of them and the default stands: 'Gross margin'" in found.notes[0]


def test_what_cannot_be_is_said_and_not_used() -> None:
    found = read((4, 2, "a third"), (2, 2, "wild"))
    assert not found.changed
    assert "'wild'" in found.notes[0]
    assert "'a third' is no number" in found.notes[0]


@pytest.mark.parametrize(
    ("key", "cell", "meant"),
    [
        ("margin", "30%", 0.3), ("margin", " 30 % ", 0.3), ("margin", 30, 0.3), ("margin", "30", 0.3),
        ("margin", "0.3", 0.3), ("margin", "0,3", 0.3), ("margin", 0.3, 0.3), ("margin", "", None),
        ("margin", "  ", None), ("scenario", " Bold ", "bold"), ("confirmed", "Yes", True), ("confirmed", "\u00a0no", False),
        ("win_back.fixed_cost", 30, 30), ("win_back.fixed_cost", "12.50", 12.5), ("high", 150, 1.5), ("high", 2, 2),
        ("discount_rate", 8, 0.08), ("win_back.start_month", 1.5, 1.5),
    ],
)  # fmt: skip
def test_what_is_unambiguous_is_read_as_meant(key: str, cell: Any, meant: Any) -> None:
    found = as_meant(key, cell)[0]
    assert found == (pytest.approx(meant) if isinstance(meant, float) else meant)


@pytest.mark.parametrize(
    ("key", "cell"), [("win_back.fixed_cost", "1,200"), ("win_back.fixed_cost", "30%"), ("margin", "x")]
)
def test_what_has_two_meanings_or_none_is_refused(key: str, cell: str) -> None:
    with pytest.raises(SettingsError, match="is no number"):
        as_meant(key, cell)


def test_a_margin_of_one_and_a_half_stays_what_it_is_and_is_refused() -> None:
    found = read((4, 2, 1.5))
    assert not found.changed
    assert "margin = 1.5 is out of range" in found.notes[0]


def test_what_was_read_as_meant_is_remarked() -> None:
    assert "Gross margin: '30%' is 30%" in read((4, 2, "30%")).notes[0]


def test_a_start_in_half_a_month_is_said_and_not_used() -> None:
    entries = [*ENTRIES[:4], ("Price test: starts in month", {"key": "price.start_month", "written": 1})]
    sheet = [*[tuple(row) for row in SHEET[:5]], (None, "Price test: starts in month", 1.5)]
    found = yellow_cells("result.xlsx", entries, [sheet], Settings())
    assert not found.changed
    assert "1.5 is no whole number of months" in found.notes[0]
