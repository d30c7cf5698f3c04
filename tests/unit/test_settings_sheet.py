"""The settings sheet: what it offers, what it says about a cell that cannot be meant, and what a run takes from it."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from dataclasses import fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from regulars.base.errors import SettingsError
from regulars.base.scheme_ids import CHOSEN
from regulars.base.settings import Settings, settings_from
from regulars.impact.assumptions import defaults
from regulars.orders.load import load_orders
from regulars.orders.raw import ORDER_FIELDS
from regulars_addin.settings_sheet import read, render, settings_file, settings_on
from regulars_workbooks.settings_rows import FILE, GROUPS, MAP, rows
from regulars_workbooks.settings_template import HEADS, KEY, SHEET, VALUE, settings_bytes

FILLED = Settings(
    sheet=("January", "Feb; March", 'the "last"'),
    map={"customer": "Client No", "date": "2024"},
    since=dt.date(2024, 1, 1),
    until=dt.date(2024, 12, 31),
    as_of=dt.date(2025, 1, 31),
    horizon_months=24,
    margin=0.355,
    scheme="shops/own.toml",
    sheets="full",
    returns="drop",
    repeats="drop",
    currency="EUR",
    dayfirst=False,
    paid=("shipped", "settled, late"),
    holdout_share=0.0,
    lapsed_days=90,
    playbook_discount=0.15,
    slides=("title", "summary"),
    analyst="A. Rivera",
)


def cells_of(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    return [list(row) for row in sheet.iter_rows(min_row=1, min_col=1, values_only=True)]


@cache
def _empty() -> bytes:
    return settings_bytes()


def empty() -> list[list[Any]]:
    return cells_of(_empty())


def as_windows_hands_over(cells: list[list[Any]]) -> list[list[Any]]:
    """Numbers as floats, dates as times in a zone."""

    def over(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=dt.UTC)
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return [[over(cell) for cell in line] for line in cells]


def with_cell(key: str, value: Any, cells: list[list[Any]] | None = None) -> list[list[Any]]:
    cells = empty() if cells is None else cells
    line = next(line for line in cells if key in line)
    line[2] = value
    return cells


def place(key: str, column: str = "C") -> str:
    at = next(at for at, line in enumerate(empty(), 1) if key in line)
    return f"{SHEET}!{column}{at}"


def test_what_is_written_is_read_back_from_the_file_and_as_windows_hands_it_over() -> None:
    cells = cells_of(settings_bytes(FILLED))
    assert settings_from(read(cells), "the sheet") == FILLED
    assert settings_from(read(as_windows_hands_over(cells)), "the sheet") == FILLED


def test_an_empty_sheet_says_nothing() -> None:
    cells = empty()
    assert read(cells) == {}
    assert read([["" if cell is None else cell for cell in line] for line in cells]) == {}
    assert settings_on(cells, None) == Settings()


def test_only_the_filled_cells_are_said() -> None:
    assert read(with_cell("margin", Decimal("0.4000"))) == {"margin": 0.4}
    assert read(with_cell("map.customer", 2024.0)) == {"map": {"customer": "2024"}}
    assert read(with_cell("map.order", "#ORDER")) == {"map": {"order": "#ORDER"}}
    assert read(with_cell("dayfirst", True)) == {"dayfirst": True}
    assert read(with_cell("currency", " gbp ")) == {"currency": "GBP"}
    assert read(with_cell("returns", "Drop")) == {"returns": "drop"}
    assert read(with_cell("margin", "35 %")) == {"margin": 0.35}


@pytest.mark.parametrize("row", [row for row in rows() if row.key != FILE], ids=lambda row: row.key)
def test_a_row_has_a_setting_and_is_explained(row: Any) -> None:
    name, _, field = row.key.partition(".")
    assert name in {one.name for one in fields(Settings)}
    assert not field or (name == MAP and field in ORDER_FIELDS)
    assert row.explained.endswith(".")
    assert len(row.explained) <= 160
    assert len(row.name) <= 32


def test_every_field_of_the_orders_can_be_named() -> None:
    assert {row.key.partition(".")[2] for row in rows() if row.key.startswith(f"{MAP}.")} == set(ORDER_FIELDS)


def validations(path: Path) -> dict[str, Any]:
    """The rule of each yellow cell by its key."""
    sheet = openpyxl.load_workbook(path)[SHEET]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    return {str(line[6].value): rules[line[2].coordinate] for line in sheet.iter_rows() if line[2].coordinate in rules}


def test_every_choice_that_a_setting_has_is_offered(tmp_path: Path) -> None:
    render(tmp_path / "settings.xlsx")
    rules = validations(tmp_path / "settings.xlsx")
    known = {row.key for row in rows()}
    chosen = {one.name: one.metadata["choices"] for one in fields(Settings) if one.metadata["choices"]}
    assert set(rules) == known
    assert set(chosen) - known == {"clv_engine"}, "an engine is nothing that an owner chooses"
    for name in set(chosen) & known:
        assert rules[name].formula1 == f'"{",".join(chosen[name])}"'
        assert rules[name].showErrorMessage
    assert rules["scheme"].formula1 == f'"{",".join(CHOSEN)}"'
    assert rules["dayfirst"].formula1 == '"yes,no"'
    assert '"EUR,' in rules["currency"].formula1
    assert not rules["currency"].showErrorMessage, "there are more currencies than a list can hold"
    for name in ("since", "until", "as_of"):
        assert rules[name].type == "date"


@pytest.mark.parametrize("name", ["margin", "horizon_months", "playbook_discount", "holdout_share", "lapsed_days"])
def test_a_number_has_the_bounds_of_its_setting(name: str, tmp_path: Path) -> None:
    render(tmp_path / "settings.xlsx")
    rule = validations(tmp_path / "settings.xlsx")[name]
    is_whole = rule.type == "whole"
    step = 1 if is_whole else 0.0001
    for bound, outwards in ((float(rule.formula1), -1), (float(rule.formula2), 1)):
        value = int(bound) if is_whole else bound
        assert read(with_cell(name, bound)) == {name: value}
        settings_from({name: value}, "the sheet")
        beyond = value + outwards * step
        with pytest.raises(SettingsError, match="cannot be meant"):
            read(with_cell(name, beyond))
        if name != "lapsed_days" or outwards < 0:  # a setting has no end there, but a cell has
            with pytest.raises(SettingsError):
                settings_from({name: beyond}, "the sheet")


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("returns", "nett", "(Returns): 'nett' cannot be meant. To do: choose one of net, drop, keep; the nearest is net"),
        ("scheme", "rfm12", "To do: choose one of rfm11, rfm9"),
        ("margin", 35.0, "'35' cannot be meant. To do: write a percentage above 0% and up to 100%, such as 10%"),
        ("margin", "a third", "'a third' cannot be meant"),
        ("margin", True, "'TRUE' cannot be meant"),
        ("margin", math.nan, "'nan' cannot be meant"),
        ("margin", math.inf, "'inf' cannot be meant"),
        ("margin", "x %", "'x %' cannot be meant"),
        ("margin", "#N/A", "the cell shows the error #N/A"),
        ("map.customer", "#DIV/0!", "the cell shows the error #DIV/0!"),
        ("horizon_months", 12.5, "'12.5' cannot be meant. To do: write a whole number from 1 to 60"),
        ("since", "last May", "'last May' cannot be meant. To do: write a date from 1990-01-01"),
        ("since", 45000.0, "'45000' cannot be meant. To do: write a date"),
        ("until", dt.datetime(1904, 1, 1, tzinfo=dt.UTC), "'1904-01-01' cannot be meant. To do: write a date"),
        ("currency", "EURO", "write the three letters of a currency, such as EUR; the nearest are EUR"),
        ("dayfirst", "perhaps", "To do: choose yes or no"),
        ("sheet", 'January; "Feb', "with ; between them and no loose quotes"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_meant_is_named_with_what_to_write(key: str, value: Any, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        read(with_cell(key, value))
    said = str(error.value)
    assert said.startswith(f"{place(key)} (")
    assert says in said
    assert said.endswith(("empty the cell.",))


def test_all_cells_that_cannot_be_meant_are_said_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        read(with_cell("currency", "Dollar", with_cell("margin", 35.0)))
    said = str(error.value)
    assert said.startswith("2 cells cannot be meant: ")
    assert f"{place('currency')} (Currency): 'Dollar'" in said
    assert f"{place('margin')} (Gross margin): '35'" in said
    assert "the nearest are USD, CAD, AUD" in said
    assert said.endswith("; or empty these cells.")


def test_days_in_the_wrong_order_are_named_with_both_cells() -> None:
    cells = with_cell(
        "until", dt.datetime(2024, 1, 1, tzinfo=dt.UTC), with_cell("since", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    )
    with pytest.raises(SettingsError, match="since 2025-01-01 is later than until 2024-01-01") as error:
        read(cells)
    assert f"{place('since')} and {place('until')}" in str(error.value)


def changed_key(key: str, to: str | None) -> list[list[Any]]:
    cells = cells_of(settings_bytes(Settings(margin=0.4)))
    line = next(line for line in cells if key in line)
    line[line.index(key)] = to
    return cells


def test_a_key_that_was_changed_is_said() -> None:
    with pytest.raises(
        SettingsError, match=r"'margn' is the key of no setting. To do: write the key margin into"
    ) as error:
        read(changed_key("margin", "margn"))
    assert place("margin", "G") in str(error.value)
    with pytest.raises(SettingsError, match=r"is filled, but .* does not say which setting it is") as error:
        read(changed_key("margin", None))
    assert place("margin") in str(error.value)
    with pytest.raises(SettingsError, match=r"the key 'until' stands in .* already") as error:
        read(changed_key("since", "until"))
    assert place("since", "G") in str(error.value)


def test_rows_and_columns_may_be_moved_added_and_deleted() -> None:
    cells = cells_of(settings_bytes(Settings(margin=0.4, returns="drop")))
    wider = [["", "note", *line] for line in cells]
    wider.insert(0, ["note"])
    wider.insert(6, [])
    shorter = [line for line in wider if "since" not in line]
    assert read(shorter) == {"margin": 0.4, "returns": "drop"}
    next(line for line in shorter if "margin" in line)[4] = 4.0
    with pytest.raises(SettingsError, match=rf"{SHEET}!E\d+ \(Gross margin\)"):
        read(shorter)


@pytest.mark.parametrize("lost", [VALUE, KEY])
def test_a_sheet_without_its_heads_is_refused(lost: str) -> None:
    cells = [[None if cell == lost else cell for cell in line] for line in empty()]
    with pytest.raises(SettingsError, match="press Settings for a new one"):
        read(cells)


def test_a_settings_file_is_read_and_the_sheet_beats_it(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('margin = 0.2\nseed = 7\nmap = { date = "Day" }\n', encoding="utf-8")
    cells = with_cell(FILE, "shop.toml", cells_of(settings_bytes(Settings(margin=0.4, map={"customer": "Who"}))))
    assert settings_file(cells) == "shop.toml"
    assert read(cells) == {"margin": 0.4, "map": {"customer": "Who"}}
    expected = Settings(margin=0.4, seed=7, map={"date": "Day", "customer": "Who"})
    assert settings_on(cells, tmp_path) == expected
    assert settings_on(with_cell(FILE, str(tmp_path / "shop.toml"), cells), None) == expected


def test_a_settings_file_that_cannot_be_found_is_said(tmp_path: Path) -> None:
    cells = with_cell(FILE, "shop.toml")
    with pytest.raises(SettingsError, match="there is no settings file"):
        settings_on(cells, tmp_path)
    with pytest.raises(SettingsError, match=r"this workbook lies in no folder.*save the workbook beside the file"):
        settings_on(cells, None)


def test_the_default_beside_a_cell_is_that_of_the_program() -> None:
    shown = {row.key: row.default for row in rows()}
    assert shown["margin"].endswith(f"{defaults()['margin']['value']:.0%}")
    assert (shown["horizon_months"], shown["holdout_share"], shown["returns"]) == ("12", "10%", "net")
    assert all(shown.values())


def test_a_sheet_stands_alone_and_is_the_same_each_time() -> None:
    content = settings_bytes(FILLED)
    assert content == settings_bytes(FILLED)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [SHEET]
    assert not book.defined_names
    assert not book[SHEET].defined_names
    assert book[SHEET].freeze_panes == "A5"
    assert not [cell for row in book[SHEET].iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "definedName" not in archive.read("xl/workbook.xml").decode()


def test_every_group_and_row_stands_on_the_sheet_in_order() -> None:
    cells = empty()
    assert tuple(cells[3][1:]) == HEADS
    expected = [title for group in GROUPS for title in (group.title, *(row.name for row in group.rows))]
    assert [line[1] for line in cells[4:]] == expected
    assert all(len(line) == len(HEADS) + 1 for line in cells)
    assert get_column_letter(cells[3].index(VALUE) + 1) == "C"


def test_a_workbook_with_the_sheet_is_read_as_one_without(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    orders = book.worksheets[0]
    orders.append(["Customer ID", "Order date", "Amount"])
    for at in range(12):
        orders.append([f"C{at % 5}", dt.date(2025, 1, 1 + at), 10 + at])
    book.save(tmp_path / "orders.xlsx")
    alone = load_orders([tmp_path / "orders.xlsx"], Settings())
    added = book.create_sheet(SHEET)
    for line in cells_of(settings_bytes(FILLED)):
        added.append(line)
    book.save(tmp_path / "orders.xlsx")
    assert load_orders([tmp_path / "orders.xlsx"], Settings()).lines.num_rows == alone.lines.num_rows == 12
